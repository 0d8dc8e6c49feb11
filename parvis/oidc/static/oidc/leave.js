// Goes on as soon as the applications' frames have loaded; without this, the page's own delay does.
addEventListener("load", () => {
  const onward = document.querySelector("[data-onward] a");
  if (onward) location.replace(onward.href);
});
