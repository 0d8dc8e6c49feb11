/* The menu of applications of a Parvis, for pages of other sites. No dependency, no inline style, no cookie.
 *
 *   <button type="button" id="apps">Applications</button>
 *   <script src="https://parvis.example/launcher.js" data-button="#apps" defer></script>
 *
 * data-button     selector of the button that opens the menu; without it, a button is put where the script is
 * data-language   fr or en; without it, the language of the page
 * data-siret      14 digits of an organisation, whose applications come first
 * data-personal   ask for the person's own menu: answered only to applications that the operator trusts, and only when
 *                 the browser sends the cookie, which it does between addresses of one site (see the documentation)
 */
(() => {
  "use strict";
  const script = document.currentScript;
  const settings = script.dataset;
  const home = new URL(script.src).origin;
  const language = (settings.language || document.documentElement.lang || "fr").toLowerCase().startsWith("en") ? "en" : "fr";
  const words = {
    fr: { open: "Applications", title: "Applications", close: "Fermer", wait: "Chargement…", empty: "Aucune application à afficher.",
      failed: "La liste des applications ne répond pas. Réessayez plus tard.", all: "Voir toutes les applications",
      newWindow: " (nouvelle fenêtre)", maturity: { alpha: "alpha", beta: "bêta", deprecated: "bientôt retirée" } },
    en: { open: "Applications", title: "Applications", close: "Close", wait: "Loading…", empty: "No application to show.",
      failed: "The list of applications does not answer. Try again later.", all: "See all applications",
      newWindow: " (new window)", maturity: { alpha: "alpha", beta: "beta", deprecated: "being withdrawn" } },
  }[language];
  const rules = `
    :host { all: initial; }
    dialog { background: #fff; border: 1px solid #ddd6ca; border-radius: 12px; box-shadow: 0 12px 32px rgb(28 38 46 / 18%);
      box-sizing: border-box; color: #1c262e; font: 400 16px/1.4 system-ui, sans-serif; inset: auto; margin: 0;
      max-height: calc(100vh - 24px); max-width: calc(100vw - 16px); overflow: auto; padding: 16px; position: fixed; width: 352px; }
    dialog::backdrop { background: transparent; }
    header { align-items: center; display: flex; justify-content: space-between; }
    h2 { font-size: 18px; font-weight: 650; margin: 0; }
    button { background: none; border: 0; border-radius: 8px; color: inherit; cursor: pointer; font: inherit; min-height: 44px; min-width: 44px; padding: 0 8px; }
    ul { display: grid; gap: 4px; grid-template-columns: repeat(3, minmax(0, 1fr)); list-style: none; margin: 8px 0; padding: 0; }
    li a { align-items: center; border-radius: 8px; color: inherit; display: flex; flex-direction: column; font-size: 14px; font-weight: 550;
      gap: 6px; height: 100%; box-sizing: border-box; overflow-wrap: anywhere; padding: 10px 4px; text-align: center; text-decoration: none; }
    li a:hover, button:hover { background: #e2efee; color: #083a3f; }
    :focus-visible { outline: 3px solid #0b5a61; outline-offset: 1px; }
    img { border-radius: 10px; height: 40px; object-fit: contain; width: 40px; }
    small { color: #57534b; font-size: 12px; font-weight: 400; }
    p { margin: 8px 0 0; } p a { color: #0b5a61; display: inline-block; font-weight: 550; padding: 10px 4px; }
    @media (prefers-color-scheme: dark) {
      dialog { background: #1d2428; border-color: #3a444a; color: #ece8e1; }
      li a:hover, button:hover { background: #17383b; color: #d5eeec; }
      small { color: #b9b4ab; } p a { color: #7fc9c6; } :focus-visible { outline-color: #7fc9c6; }
    }`;

  const element = (name, content = "", attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = content;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  // Only addresses that a link may hold: never javascript: or data:.
  const safe = (value) => {
    const url = new URL(value, home);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : home;
  };

  const host = element("div");
  const shadow = host.attachShadow({ mode: "open" });
  // A constructed sheet needs no 'unsafe-inline' in the style-src of the page that shows us.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  shadow.adoptedStyleSheets = [sheet];
  const dialog = element("dialog", "", { "aria-labelledby": "title", lang: language });
  const header = element("header");
  const closer = element("button", "✕", { type: "button", "aria-label": words.close });
  header.append(element("h2", words.title, { id: "title" }), closer);
  const list = element("ul", "", { role: "list" });
  const note = element("p", words.wait, { role: "status" });
  const all = element("p");
  all.append(element("a", words.all, { href: `${home}/apps/` }));
  dialog.append(header, note, list, all);
  shadow.append(dialog);

  const line = (service) => {
    const item = element("li");
    const link = element("a", "", { href: safe(service.url), target: "_blank", rel: "noopener" });
    if (service.logo) link.append(element("img", "", { src: safe(service.logo), alt: "", width: "40", height: "40", loading: "lazy" }));
    link.append(element("span", service.name));
    const maturity = words.maturity[service.maturity];
    if (maturity) link.append(element("small", maturity));
    link.setAttribute("aria-label", service.name + (maturity ? ` (${maturity})` : "") + words.newWindow);
    item.append(link);
    return item;
  };

  const read = async () => {
    const query = new URLSearchParams({ lang: language });
    if (settings.siret) query.set("siret", settings.siret);
    if ("personal" in settings) {
      try {
        const own = await fetch(`${home}/api/launcher/mine.json?${query}`, { credentials: "include" });
        if (own.ok) return await own.json();
      } catch { /* Not an application that may ask: the public list is for everyone. */ }
    }
    const answer = await fetch(`${home}/api/launcher/services.json?${query}`, { credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  let loaded = false;
  const load = async () => {
    if (loaded) return;
    loaded = true;
    try {
      const { services } = await read();
      list.replaceChildren(...services.map(line));
      note.textContent = services.length ? "" : words.empty;
    } catch {
      loaded = false;
      note.textContent = words.failed;
    }
  };

  const attach = () => {
    let button = settings.button ? document.querySelector(settings.button) : null;
    if (!button) {
      button = element("button", words.open, { type: "button" });
      script.after(button);
    }
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("aria-expanded", "false");
    document.body.append(host);

    const place = () => {
      const box = button.getBoundingClientRect();
      const left = Math.min(box.right - dialog.offsetWidth, innerWidth - dialog.offsetWidth - 8);
      dialog.style.left = `${Math.max(8, left)}px`;
      dialog.style.top = `${Math.max(8, Math.min(box.bottom + 8, innerHeight - dialog.offsetHeight - 8))}px`;
    };
    button.addEventListener("click", async () => {
      // A modal dialog keeps the focus inside, closes with Escape, and gives the focus back: the browser does it.
      dialog.showModal();
      button.setAttribute("aria-expanded", "true");
      place();
      await load();
      place();
    });
    closer.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => {
      button.setAttribute("aria-expanded", "false");
      button.focus();
    });
    addEventListener("resize", () => { if (dialog.open) place(); });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", attach);
  else attach();
})();
