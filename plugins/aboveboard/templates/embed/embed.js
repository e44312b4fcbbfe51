// Shows in somebody else's page how things stand here. It asks this host for one file, sets no cookie, writes nothing into
// the page but one element of its own, and when anything fails it shows nothing and says nothing.
(() => {
  "use strict";
  const said = SAID;
  const script = document.currentScript;
  if (!script) return;
  const options = { show: "trouble", as: "banner", component: "", target: "", ...script.dataset };
  const board = new URL(said.board, script.src).href;
  const chosen = options.component.split(/[\s,]+/).filter(Boolean).flatMap((id) => said.groups[id] ?? [id]);
  const fine = ["operational", "unknown"];
  const worse = Object.keys(said.words);
  const web = (url) => (/^https?:/.test(url) ? url : said.url);
  let box, line, shown;

  // What holds now: pages are built in advance, and say what will hold later.
  const standing = (data) => data.coming.filter((one) => Date.parse(one.from) <= Date.now()).pop() ?? data;

  const read = (data) => {
    const now = standing(data);
    if (!chosen.length) {
      const { mood, status, sentence } = now.headline;
      return {
        trouble: !["well", "unknown"].includes(mood), status, sentence,
        url: mood === "well" ? data.url : (data.open[0]?.url ?? data.url),
        rows: Object.entries(now.components).filter(([, one]) => !fine.includes(one)),
      };
    }
    const rows = Object.entries(now.components).filter(([id]) => chosen.includes(id));
    if (!rows.length) throw new Error("nothing of that name");
    const status = rows.map(([, one]) => one).sort((a, b) => worse.indexOf(b) - worse.indexOf(a))[0];
    const notice = data.open.find((one) => chosen.some((id) => id in one.components));
    const bad = rows.filter(([, one]) => !fine.includes(one));
    const named = (bad.length ? bad : rows).map(([id, one]) => `${said.names[id]}: ${said.words[one][1]}`);
    return { trouble: bad.length > 0, status, sentence: named.join(" · "), url: notice?.url ?? data.url, rows };
  };

  const make = (name, text, attributes = {}) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const shape = (state) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("fill-rule", "evenodd");
    path.setAttribute("d", said.shapes[state]);
    svg.append(path);
    return svg;
  };
  const plate = (status) => {
    const [state, word] = said.words[status];
    const element = make("span", "", { class: `plate ${state}` });
    element.append(shape(state), word);
    return element;
  };

  // One element with a closed shadow: neither does the page's style reach in, nor does ours reach out.
  const place = () => {
    box = make("div", "", { "data-aboveboard": options.as });
    const root = box.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(said.style);
    root.adoptedStyleSheets = [sheet];
    const region = make("section", "", { "aria-label": said.label, class: options.as, lang: said.lang, dir: said.dir });
    // What is put into a status is read out when the reader pauses; nothing takes the focus.
    line = make("div", "", { role: "status" });
    region.append(line);
    if (options.as === "banner") {
      const close = make("button", "\u00d7", { type: "button", "aria-label": said.hide });
      close.addEventListener("click", () => {
        try { sessionStorage.setItem(board, shown); } catch { /* it is hidden until the next page, then */ }
        box.remove();
      });
      region.append(close);
    }
    root.append(region);
    const target = options.target && document.querySelector(options.target);
    if (target) target.append(box);
    else if (options.as === "banner") document.body.prepend(box);
    else if (script.isConnected && document.body.contains(script)) script.after(box);
    else document.body.append(box);
  };

  const show = (data) => {
    const { trouble, status, sentence, url, rows } = read(data);
    const what = JSON.stringify([status, sentence, data.open.map((one) => one.newest.id)]);
    let hidden = null;
    try { hidden = sessionStorage.getItem(board); } catch { /* there is no storage here */ }
    if ((!trouble && options.show !== "always") || (options.as === "banner" && hidden === what)) return box?.remove();
    if (what === shown && box?.isConnected) return undefined;
    if (!box?.isConnected) place();
    shown = what;
    const [state] = said.words[status];
    line.parentNode.className = `${options.as} ${options.as === "banner" ? state : ""}`;
    const link = make("a", said.more, { href: web(url) });
    if (options.as === "banner") {
      line.replaceChildren(shape(state), make("strong", said.words[status][1]), make("span", sentence), link);
    } else {
      const list = make("ul");
      for (const [id, one] of rows) {
        const item = make("li");
        item.append(make("span", said.names[id] ?? id), plate(one));
        list.append(item);
      }
      const head = make("p", "", { class: "head" });
      if (chosen.length) head.append(make("strong", said.name));
      else head.append(plate(status), make("strong", sentence));
      line.replaceChildren(head, list, link);
    }
    return undefined;
  };

  const look = async () => {
    try {
      const answer = await fetch(board, { credentials: "omit", cache: "no-cache", signal: AbortSignal.timeout(10000) });
      if (!answer.ok) throw new Error(answer.status);
      show(await answer.json());
    } catch {
      box?.remove();
    }
  };
  const start = () => {
    look();
    setInterval(() => document.hidden || look(), 120000);
  };
  try {
    if (document.body) start();
    else addEventListener("DOMContentLoaded", start, { once: true });
  } catch { /* the page that we are in goes on without us */ }
})();
