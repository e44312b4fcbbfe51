// Keeps a page right that stands in a frame of somebody else's page, as aboveboard.js does with pages of our own: it picks
// what holds now of what the page brought along, and asks once a minute whether the site was built since.
(() => {
  "use strict";
  const own = document.currentScript.dataset, EVERY = 60, SOON = 15, AT_MOST = 900;
  let built = +own.built, wait = EVERY, failed = 0, looked = Date.now(), coming = [], timer;
  const now = () => Date.now() / 1000;
  const get = address => fetch(address, { cache: "no-cache", signal: AbortSignal.timeout(15000) })
    .then(answer => answer.ok ? answer : Promise.reject(answer));
  const read = page => { coming = JSON.parse(page.querySelector(".coming")?.textContent || "[]"); };
  const page = html => new DOMParser().parseFromString(html, "text/html");

  // What is alike stays, so that nothing is read out twice and the focus keeps its place.
  function show(want) {
    for (const part of want.querySelectorAll("[data-part]")) {
      const old = document.querySelector(`[data-part=${part.dataset.part}]`);
      if (old.innerHTML !== part.innerHTML) old.replaceChildren(...part.childNodes);
    }
  }

  function pick() {
    while (coming.length && coming[0].from <= now()) show(page(coming.shift().html));
  }

  async function look() {
    looked = Date.now();
    try {
      const said = await (await get(own.board)).json();
      if (Date.parse(said.built) / 1000 > built) {
        const want = page(await (await get(location.href)).text());
        const time = +want.querySelector("script[data-built]").dataset.built;
        if (time > built) { // else it is a copy on the way, older than the file that told of it
          built = time;
          read(want);
          show(want);
        }
      }
      failed = 0;
      wait = EVERY;
    } catch {
      wait = Math.min(SOON * 2 ** failed++, AT_MOST);
    }
    tick();
  }

  function tick() {
    clearTimeout(timer);
    pick();
    if (document.hidden) return;
    const due = looked / 1000 + wait * (.8 + .4 * Math.random()), next = Math.min(due, coming[0]?.from ?? due);
    timer = setTimeout(() => now() < due ? tick() : look(), 1000 * Math.max(.2, next - now()));
  }

  read(document);
  tick();
  document.addEventListener("visibilitychange", tick);
})();
