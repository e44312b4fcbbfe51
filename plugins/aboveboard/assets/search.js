// Search: fetches the text of one month after the other, from the newest on, and shows what holds every word.
(() => {
  "use strict";
  const own = document.currentScript.dataset, say = JSON.parse(own.words), names = JSON.parse(own.names);
  const months = JSON.parse(own.months), ENOUGH = 20, AT_ONCE = 4, AROUND = 90;
  const form = document.querySelector(".ab-search"), field = form.querySelector("input"), list = document.querySelector(".ab-found");
  const status = document.querySelector(".ab-search-says"), more = document.querySelector(".ab-search-more");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);

  // Letters as they are compared: without accents, width and case, in any script. No words are told apart, as not every
  // script does: what is typed may stand anywhere.
  const bare = text => text.normalize("NFKD").replace(/[\p{M}\u0640]+/gu, "").toLowerCase().replace(/ß/g, "ss");
  const needles = () => bare(field.value).split(/\s+/u).filter(Boolean);
  const loaded = new Map();

  const load = ([month]) => {
    if (!loaded.has(month)) {
      loaded.set(month, fetch(own.shelf.replace("0000-00", month)).then(answer => answer.ok ? answer.json() : Promise.reject(answer)).then(known => {
        for (const one of known.notices) one.hay = bare([one[1], ...one[4].map(id => names[id] || ""), ...one[5].map(([, text]) => text)].join("\n"));
        return known;
      }));
      loaded.get(month).catch(() => loaded.delete(month));
    }
    return loaded.get(month);
  };

  // Where the words stand in a text as it was written.
  function places(text, words) {
    let flat = "";
    const at = [];
    let index = 0;
    for (const letter of text) {
      const alike = bare(letter);
      for (let n = 0; n < alike.length; n++) at.push(index);
      flat += alike;
      index += letter.length;
    }
    at.push(index);
    const found = [];
    for (const word of words) {
      for (let from = flat.indexOf(word); from >= 0; from = flat.indexOf(word, from + word.length)) found.push([at[from], at[from + word.length]]);
    }
    return found.sort((one, other) => one[0] - other[0]);
  }

  function marked(text, words, from = 0, to = text.length) {
    const out = document.createDocumentFragment();
    let at = from;
    for (const [start, end] of places(text, words)) {
      if (start < at || end > to) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      out.append(text.slice(at, start), mark);
      at = end;
    }
    out.append(text.slice(at, to));
    return out;
  }

  const tag = (name, className, ...inside) => {
    const made = Object.assign(document.createElement(name), { className });
    made.append(...inside);
    return made;
  };

  function shown([id, title, mark, day, touches, told], marks, words) {
    const link = tag("a", "", marked(title, words)), address = own.notice.replace("/0/", `/${id}/`);
    link.href = address;
    link.dir = "auto";
    const state = tag("span", "");
    state.innerHTML = marks[mark];
    const inside = tag("div", "", tag("h2", "ab-title", link));
    const item = tag("li", "ab-g", tag("div", "ab-rail ab-hit-head", state, tag("span", "ab-num ab-soft", day)), inside);
    const affected = touches.map(one => names[one] || one).join(say.comma);
    if (affected) inside.append(tag("p", "ab-note", marked(affected, words)));
    const best = told.map(([anchor, text]) => [anchor, text, words.filter(word => bare(text).includes(word)).length])
      .reduce((one, other) => other[2] > one[2] ? other : one, ["", "", 0]);
    if (best[2]) {
      const [anchor, text] = best, first = places(text, words)[0]?.[0] || 0;
      let from = Math.max(0, first - AROUND), to = Math.min(text.length, first + 2 * AROUND);
      if (from) from = Math.max(from, text.indexOf(" ", from) + 1 > first ? from : text.indexOf(" ", from) + 1);
      if (/[\uDC00-\uDFFF]/.test(text[from])) from++;
      const passage = tag("a", "ab-passage", from ? "… " : "", marked(text, words, from, to), to < text.length ? " …" : "");
      passage.href = anchor ? `${address}#${anchor}` : address;
      passage.dir = "auto";
      inside.append(passage);
    }
    return item;
  }

  let run = 0, next = 0, count = 0;

  async function search(on) {
    const mine = ++run, words = needles(), said = field.value.trim();
    if (!on) {
      next = count = 0;
      list.replaceChildren();
    }
    more.hidden = true;
    history.replaceState(null, "", said ? `?q=${encodeURIComponent(said)}` : location.pathname);
    if (!words.length) return void (status.textContent = "");
    const enough = count + ENOUGH;
    try {
      while (next < months.length && count < enough) {
        const some = months.slice(next, next + AT_ONCE);
        status.textContent = say.looking;
        for (const known of await Promise.all(some.map(load))) {
          if (mine !== run) return;
          const found = known.notices.filter(one => words.every(word => one.hay.includes(word)));
          count += found.length;
          list.append(...found.map(one => shown(one, known.marks, words)));
        }
        next += some.length;
      }
      const all = next >= months.length, back = months[next - 1]?.[1] || "";
      status.textContent = fill(count ? all ? say.all : say.some : all ? say.none : say.noneYet, { count: new Intl.NumberFormat(document.documentElement.lang || "en").format(count), month: back });
      more.hidden = all;
    } catch {
      if (mine === run) status.textContent = say.failed;
      more.hidden = false;
    }
  }

  let typing;
  form.hidden = false;
  document.querySelector(".ab-search-without").hidden = true;
  field.value = new URLSearchParams(location.search).get("q") || "";
  form.addEventListener("submit", event => { event.preventDefault(); search(); });
  field.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(search, 250); });
  more.addEventListener("click", () => search(true));
  if (field.value) search();
  else field.focus({ preventScroll: true });
})();
