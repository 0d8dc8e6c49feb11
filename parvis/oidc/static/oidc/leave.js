// Goes on as soon as the applications' frames have loaded, and after some seconds whatever they do.
const onward = document.querySelector("[data-onward]");
let hasLeft = false;
const leave = () => {
  if (!hasLeft) location.replace(onward.querySelector("a").href);
  hasLeft = true;
};
if (onward) {
  addEventListener("load", leave);
  setTimeout(leave, Number(onward.dataset.onward) * 1000);
}
