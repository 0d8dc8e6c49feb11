/* Small comforts; every page works without them. */
(() => {
  "use strict";

  // Menus of the header close when one goes elsewhere, one at a time, and give the focus back on Escape.
  const menus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  });

  // On a narrow screen a side menu is a row that scrolls: where one is must be seen.
  for (const here of document.querySelectorAll(".side-menu [aria-current]")) {
    const row = here.closest("ul");
    const [place, frame] = [here.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollLeft += place.left - frame.left - (frame.width - place.width) / 2;
  }

  const ready = (root) => {
    // The copy button is hidden until it can work.
    if (navigator.clipboard) for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = button.parentElement.querySelector("[data-copy-source]");
    const label = button.querySelector("[data-copy-label]");
    await navigator.clipboard.writeText(source.textContent);
    const before = label.textContent;
    label.textContent = label.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 2000);
  });

  // A form that is being sent is not sent twice by an impatient hand.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 4000); // A download leaves the page as it was.
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // After a refused form, the summary of errors is where reading goes on.
  document.querySelector("[data-focus-first]")?.focus();
  ready(document);
  document.addEventListener("htmx:load", (event) => ready(event.target));
})();
