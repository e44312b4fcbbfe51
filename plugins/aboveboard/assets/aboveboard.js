// Aboveboard: keeps an open page right. It decides nothing and words nothing: what it shows was finished when the site
// was built, and it picks what holds now. Everything essential is on the page without it.
(() => {
  "use strict";
  const own = document.currentScript.dataset;
  const root = document.querySelector(".ab");
  if (!root) return;
  const say = JSON.parse(own.words), still = "still" in own;
  const spoken = document.documentElement.lang || "en", lang = spoken === "en" ? "en-GB" : spoken; // 2 Nov, as on the page
  const all = (what, within = root) => [...within.querySelectorAll(what)];
  const now = () => Date.now() / 1000;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
  const stored = (key, value) => {
    try { // a browser may refuse to keep anything
      if (value === undefined) return JSON.parse(localStorage.getItem(key));
      localStorage.setItem(key, JSON.stringify(value));
    } catch { return null; }
  };
  let built = +own.built || 0, reached = true, kept = +(document.documentElement.dataset.kept || 0);

  // --- One tree made like another: what is alike stays, and with it focus, selection and what a reader has opened.

  const key = node => node.nodeType === 1 ? node.dataset.part || node.dataset.component || node.dataset.of || node.id : "";
  const ours = node => node.nodeType === 1 && "ours" in node.dataset;

  function become(old, want) {
    if (want.nodeType !== 1) {
      if (old.data !== want.data) old.data = want.data;
      return;
    }
    for (const { name, value } of [...want.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    for (const { name } of [...old.attributes]) if (!want.hasAttribute(name) && name !== "open") old.removeAttribute(name);
    let here = old.firstChild;
    for (const child of [...want.childNodes]) {
      while (here && ours(here)) here = here.nextSibling;
      if (ours(child) && key(child)) continue;
      const alike = key(child)
        ? [...old.children].find(one => key(one) === key(child) && one.nodeName === child.nodeName)
        : here && !key(here) && here.nodeName === child.nodeName ? here : null;
      if (!alike) old.insertBefore(document.importNode(child, true), here);
      else {
        if (alike === here) here = here.nextSibling;
        else old.insertBefore(alike, here);
        become(alike, child);
      }
    }
    while (here) {
      const next = here.nextSibling;
      if (!ours(here)) here.remove();
      here = next;
    }
  }

  // --- What holds at this time: the page lists what is coming, finished.

  let coming = [], then = built;
  const read = () => {
    coming = still ? [] : JSON.parse(document.querySelector(".ab-coming")?.textContent || "[]");
    then = built;
  };

  function pick() {
    while (coming.length && coming[0].from <= now()) {
      const { from, parts } = coming.shift();
      then = from;
      for (const [name, html] of Object.entries(parts)) {
        const part = root.querySelector(`[data-part="${CSS.escape(name)}"]`);
        if (!part) continue;
        const want = part.cloneNode(false);
        want.innerHTML = html;
        become(part, want);
        for (const one of all("[data-since],[data-until]", part)) counted.delete(one);
        dress(part);
      }
      choose();
      announce();
    }
  }

  // The tab shows the state as well: the board's band has it as a class, and there is a picture of that name.
  function mark() {
    const icon = document.querySelector("link[data-icon]"), band = root.querySelector(".ab-head.ab-band");
    const state = icon && (isOld() ? "none" : band?.className.match(/\bab-(ok|degraded|partial|major|maint|none)\b/)?.[1]);
    const href = state && icon.getAttribute("href").replace(/icon-\w+\.svg/, `icon-${state}.svg`);
    if (href && href !== icon.getAttribute("href")) icon.setAttribute("href", href);
  }

  // --- Lengths of time that grow and shrink. Each stands in a sentence, as it was when that was written.

  const counted = new WeakMap();

  function length(seconds) {
    const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
    const { dh, d, hm, h, m, s } = say.lengths;
    if (days) return hours % 24 && days < 30 ? fill(dh, { d: days, h: hours % 24 }) : fill(d, { d: days });
    if (hours) return minutes % 60 ? fill(hm, { h: hours, m: minutes % 60 }) : fill(h, { h: hours });
    return minutes ? fill(m, { m: minutes }) : fill(s, { s: Math.max(0, Math.floor(seconds)) });
  }

  function count() {
    for (const one of all("[data-since],[data-until]")) {
      const { since, until } = one.dataset;
      const at = time => (since ? since.split(" ").map(from => time - from) : [until - time]).map(length);
      if (!counted.has(one)) {
        const which = at(then).findIndex(text => one.textContent.includes(text));
        counted.set(one, which < 0 ? null : [which, one.textContent.split(at(then)[which])]);
      }
      const known = counted.get(one), text = known?.[1].join(at(now())[known[0]]);
      if (known && one.textContent !== text) one.textContent = text;
    }
    for (const one of all("[data-ago]")) one.textContent = ago(one.dataset.ago);
  }

  const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });

  function ago(instant) {
    const minutes = Math.round((instant - now()) / 60);
    if (Math.abs(minutes) < 90) return relative.format(minutes, "minute");
    return Math.abs(minutes) < 2160 ? relative.format(Math.round(minutes / 60), "hour")
      : relative.format(Math.round(minutes / 1440), "day");
  }

  // --- The reader's own clock beside the site's, where it shows another time.

  const clock = (zone, more) => new Intl.DateTimeFormat(lang, {
    timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...more,
  });
  const day = { weekday: "short", day: "numeric", month: "short" };
  const mine = clock(), theirDay = clock(own.zone, day), myDay = clock(undefined, day);
  const date = (form, instant) => form.formatToParts(instant).find(one => one.type === "day").value;

  function dress(part) {
    for (const one of all("time[datetime*=T],[data-from]", part)) {
      const { from, to } = one.dataset, first = new Date(from ? from * 1000 : one.dateTime);
      if (isNaN(first) || theirDay.format(first) === myDay.format(first)) continue;
      const last = to ? new Date(to * 1000) : first;
      const form = date(theirDay, first) === date(myDay, first) && date(myDay, first) === date(myDay, last) ? mine : myDay;
      one.dataset.yours = fill(say.yours, { time: to ? form.formatRange(first, last) : form.format(first) });
      one.title = one.dataset.yours;
    }
  }

  // --- How old the page is, and what that is worth.

  const bar = Object.assign(document.createElement("div"), { className: "ab-warn", hidden: true });
  bar.dataset.ours = "";
  bar.setAttribute("role", "status");
  const words = Object.assign(document.createElement("div"), { className: "ab-in" });
  bar.append(words);
  const live = Object.assign(document.createElement("p"), { className: "ab-off" });
  live.dataset.ours = "";
  live.setAttribute("role", "status");

  const isOld = () => !still && built && own.maxAge && now() - built > own.maxAge;

  function age() {
    const time = still ? 0 : built, old = isOld(), doubt = !!(old && own.built);
    if (time) for (const one of all(".ab-age")) one.textContent = fill(one.dataset.say, { ago: ago(time) });
    const said = [
      (kept || !reached) && (time || kept) ? fill(say.offline, { ago: ago(time || kept) }) : "",
      doubt ? fill(say.stale, { ago: ago(time) }) : "",
    ].filter(Boolean).join(" ");
    if (words.textContent !== said) words.textContent = said;
    bar.hidden = !said;
    mark();
    root.classList.toggle("ab-doubt", doubt);
    for (const one of all(".ab-glyph + .ab-say > .ab-kick")) {
      if (!doubt) delete one.dataset.then;
      else {
        const shape = one.closest(".ab-in").querySelector(".ab-glyph use"); // hollow, as what is over
        one.dataset.then = say.then;
        shape.setAttribute("href", shape.getAttribute("href").replace("-i-", "-o-"));
      }
    }
  }

  // --- The ruler: its pen goes with the clock, and what is going on grows, as long as the page may say how things are.

  const theirs = clock(own.zone);
  let penned = then;

  function rule() {
    const day = root.querySelector(".ab-day");
    if (!day) return;
    const [start, end] = day.dataset.span.split(" ").map(Number), at = bar.hidden ? Math.max(then, Math.min(now(), end)) : then;
    const x = +(100 * (at - start) / (end - start)).toFixed(2), put = (one, name, value) => one.setAttribute(name, value);
    const pen = day.querySelector(".ab-pen").parentNode, text = pen.nextElementSibling, said = text.textContent;
    const old = [penned, then].map(time => theirs.format(time * 1000)).find(time => said.includes(time));
    if (!old) return; // it is written otherwise than this browser would
    penned = at;
    text.textContent = fill(bar.hidden ? text.dataset.now : text.dataset.at, { time: theirs.format(at * 1000) });
    for (const one of [pen, text]) put(one, "x", `${x}%`);
    const [was, ahead] = all("svg > path", day), ticks = (was.getAttribute("d") + ahead.getAttribute("d")).match(/M[^M]+/g) || [];
    put(was, "d", ticks.filter(tick => parseFloat(tick.slice(1)) <= x).join(""));
    put(ahead, "d", ticks.filter(tick => parseFloat(tick.slice(1)) > x).join(""));
    const [past, future] = all("line", day);
    put(past, "x2", `${x}%`);
    put(future, "x1", `${x}%`);
    for (const one of all("[data-on]", day)) put(one, "width", `${Math.max(.4, x - parseFloat(one.getAttribute("x")))}%`);
    const left = x / 100 * day.clientWidth + 13 + text.getComputedTextLength() > day.clientWidth + 10; // no room to its right
    put(text, "dx", left ? -13 : 13);
    put(text, "text-anchor", left ? "end" : "start");
    const began = text.nextElementSibling, its = began?.getBBox(), ink = text.getBBox();
    if (began?.getAttribute("y") === text.getAttribute("y")) put(began, "visibility", ink.x < its.x + its.width + 8 && its.x < ink.x + ink.width ? "hidden" : "visible");
  }

  let last;
  const news = () => ["h1", "[data-part=open] h3", "[data-part=open] .ab-now > li:first-child .ab-when span", ".ab-now > li:first-child .ab-when span"]
    .map(what => root.querySelector(what)?.textContent.trim() || "");

  function announce() {
    const told = news();
    if (last && told.join("\n") !== last.join("\n")) live.textContent = (told[0] === last[0] ? told.slice(1) : told.slice(0, 1)).filter(Boolean).join(". ");
    last = told;
  }

  // --- A page that is open learns what was written since: a small file says when the site was built, and if that was
  // --- later, the page itself is asked for once more.

  const EVERY = 60, SOON = 15, AT_MOST = 900;
  let wait = EVERY, failed = 0, looked = 0, timer;
  const get = address => fetch(address, { cache: "no-cache", signal: AbortSignal.timeout(15000) })
    .then(answer => answer.ok ? answer : Promise.reject(answer));

  async function look() {
    looked = now();
    try {
      const said = await (await get(own.built ? own.board : own.age)).json(), time = Date.parse(said.built) / 1000;
      reached = true;
      kept = failed = 0;
      wait = EVERY;
      if (!own.built) built = time;
      else if (time > built) await renew();
    } catch (problem) {
      wait = Math.min(SOON * 2 ** failed++, AT_MOST);
      if (!(problem instanceof Response)) reached = navigator.onLine && failed < 2; // one may fail on the way
    }
    age();
    again();
  }

  async function renew() {
    const text = await (await get(location.pathname + location.search)).text();
    const page = new DOMParser().parseFromString(text, "text/html"), script = page.querySelector("script[data-words]");
    const time = +script?.dataset.built;
    if (!(time > built)) return; // a copy on the way is older than the file that told of it
    built = time;
    const want = page.querySelector(".ab"), list = document.querySelector(".ab-coming"), next = page.querySelector(".ab-coming");
    become(root, want);
    if (list && next) list.replaceWith(document.importNode(next, true));
    else if (list) list.textContent = "[]";
    else if (next) root.after(document.importNode(next, true));
    document.title = page.title;
    for (const one of all("[data-since],[data-until]")) counted.delete(one);
    read();
    dress(root);
    choose();
    tick();
    announce();
  }

  function again() {
    clearTimeout(timer);
    if (own.built && !document.hidden) timer = setTimeout(look, wait * 1000 * (.8 + .4 * Math.random()));
  }

  let ticking;
  function tick() {
    clearTimeout(ticking);
    pick();
    count();
    age();
    rule();
    const next = coming.length ? coming[0].from - now() : 15;
    if (!document.hidden) ticking = setTimeout(tick, 1000 * Math.min(15, Math.max(.2, next)));
  }

  // --- A reader's own components: which they are stays in this browser.

  const place = root.querySelector(".ab-mine"), chooser = root.querySelector(".ab-choose");

  function choose() {
    if (!place || !chooser) return;
    const rows = all("[data-component]").filter(row => !place.contains(row));
    const known = rows.map(row => row.dataset.component), chosen = (stored(own.store) || []).filter(id => known.includes(id));
    const list = chooser.querySelector("ul");
    chooser.hidden = !rows.length;
    if (list.children.length !== rows.length) list.replaceChildren(...rows.map(row => {
      const item = document.createElement("li"), label = document.createElement("label"), box = document.createElement("input");
      box.type = "checkbox";
      box.value = row.dataset.component;
      label.append(box, row.querySelector(".ab-name").firstElementChild.cloneNode(true));
      item.append(label);
      return item;
    }));
    for (const box of all("input", list)) box.checked = chosen.includes(box.value);
    place.hidden = !chosen.length;
    const shown = place.querySelector("ul"), want = shown.cloneNode(false);
    want.append(...rows.filter(row => chosen.includes(row.dataset.component)).map(row => {
      const copy = row.cloneNode(true);
      copy.dataset.of = row.dataset.component;
      copy.removeAttribute("data-component");
      copy.querySelector("details").open = false;
      return copy;
    }));
    become(shown, want);
    const feed = place.querySelector(".ab-feed");
    if (feed) {
      const [one, ...others] = rows.filter(row => chosen.includes(row.dataset.component)).map(row => row.dataset);
      const said = !one ? "all" : !others.length && one.feed ? "feed" : one.group && others.every(other => other.group === one.group) ? "group" : "all";
      for (const line of feed.children) line.hidden = line.dataset.feed !== said;
      const link = feed.querySelector(`[data-feed=${said}] a`);
      if (said !== "all") link.href = one[said];
    }
  }

  chooser?.addEventListener("change", () => {
    stored(own.store, all("input:checked", chooser).map(box => box.value));
    choose();
  });

  // --- Links that filter a list: the page is fetched, and takes this one's place without a jump.

  async function swap(address, push) {
    try {
      const text = await (await get(address)).text(), page = new DOMParser().parseFromString(text, "text/html");
      const want = page.querySelector(".ab");
      if (!want) throw new Error();
      for (const icon of document.querySelectorAll("link[rel~=icon]")) icon.href = String(icon.href); // seen from elsewhere
      if (push) history.pushState(null, "", address);
      become(root, want);
      document.title = page.title;
      dress(root);
      age();
      live.textContent = document.title;
    } catch {
      location.assign(address);
    }
  }

  root.addEventListener("click", event => {
    const link = event.target.closest("[data-swap] a[href]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || link.hash) return;
    event.preventDefault();
    swap(link.href, true);
  });
  if (root.querySelector("[data-swap]")) addEventListener("popstate", () => swap(location.href, false));

  // --- Without a network: a worker keeps what was seen last, where the site wants that.

  const workers = isSecureContext && navigator.serviceWorker;
  if (workers) addEventListener("load", () => {
    if (own.worker) return void workers.register(own.worker).catch(() => {});
    const its = new URL(own.noWorker, location).href;
    workers.getRegistrations().then(all => all.forEach(one => [one.active, one.waiting].some(that => that?.scriptURL === its) && one.update()));
  });

  // --- On a telephone the row of pages is longer than the screen: the one that is open is brought into sight.

  const here = root.querySelector(".ab-nav [aria-current]"), row = here?.closest("ul");
  if (row) {
    const its = here.getBoundingClientRect(), room = row.getBoundingClientRect();
    row.scrollLeft += Math.max(0, its.right + 16 - room.right) + Math.min(0, its.left - 16 - room.left);
  }

  root.prepend(live, bar);
  read();
  dress(root);
  choose();
  announce();
  age();
  if (!still) {
    tick();
    if (own.built) again();
    else look();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      tick();
      if (own.built && now() - looked > wait) look();
    });
    addEventListener("online", look);
    addEventListener("offline", () => { reached = false; age(); });
  }
})();
