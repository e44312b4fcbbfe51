// Keeps what a reader saw last, for when there is no network. The network comes first; what is kept is shown only where
// it does not answer, and a page that comes from here says so: aboveboard.js reads `data-kept`.
"use strict";
const ASSETS = `aboveboard ${registration.scope} assets ${own.version}`, PAGES = `aboveboard ${registration.scope} pages`;
const MOST = 50, PATIENCE = 4000, SINCE = "X-Aboveboard-Kept";
const within = path => new URL(path, registration.scope).href;
const BOARD = within(""), assets = own.assets.map(within);

addEventListener("install", event => {
  const get = address => fetch(address, { cache: "no-cache" });
  event.waitUntil((async () => {
    const cache = await caches.open(ASSETS);
    await Promise.all(assets.map(async one => cache.put(one, await get(one))));
    await keep(BOARD, await get(BOARD));
    await skipWaiting();
  })());
});

addEventListener("activate", event => event.waitUntil((async () => {
  const ours = `aboveboard ${registration.scope} `;
  for (const name of await caches.keys()) if (name.startsWith(ours) && name !== ASSETS && name !== PAGES) await caches.delete(name);
  await clients.claim();
})()));

addEventListener("fetch", event => {
  const { request } = event, address = request.url.replace(/[?#].*/, "");
  if (request.method !== "GET" || !address.startsWith(registration.scope)) return;
  if (request.mode === "navigate") event.respondWith(page(event, address));
  else if (assets.includes(address)) event.respondWith(asset(event, address));
  else if (address.endsWith("/")) event.respondWith(fetch(request).then(answer => noted(event, address, answer)));
});

async function page(event, address) {
  const kept = await (await caches.open(PAGES)).match(address);
  const asked = fetch(event.request).then(answer => noted(event, address, answer));
  if (!kept) return asked.catch(async () => address !== BOARD && await (await caches.open(PAGES)).match(BOARD)
    ? Response.redirect(BOARD) : Response.error());
  const answer = await inTime(event, asked);
  return answer && answer.status < 500 ? answer : said(kept);
}

async function asset(event, address) {
  const kept = await (await caches.open(ASSETS)).match(address);
  const asked = fetch(event.request);
  if (!kept) return asked;
  const answer = await inTime(event, asked);
  return answer?.ok ? answer : kept;
}

// What is asked for, or nothing after a while; then it may still arrive, for the next time.
function inTime(event, asked) {
  const safe = asked.catch(() => undefined);
  event.waitUntil(safe);
  return Promise.race([safe, new Promise(done => setTimeout(done, PATIENCE))]);
}

function noted(event, address, answer) {
  if (answer.ok && !answer.redirected && answer.headers.get("Content-Type")?.startsWith("text/html")) event.waitUntil(keep(address, answer.clone()));
  return answer;
}

// One more page, and no more than MOST: the longest not seen goes, and never the board.
async function keep(address, answer) {
  if (!answer.ok) return;
  const cache = await caches.open(PAGES), headers = new Headers(answer.headers);
  headers.set(SINCE, Date.now());
  headers.delete("Content-Encoding");
  await cache.delete(address);
  await cache.put(address, new Response(await answer.blob(), { headers }));
  const others = (await cache.keys()).filter(one => one.url !== BOARD);
  for (const one of others.slice(0, Math.max(0, others.length - MOST))) await cache.delete(one);
}

async function said(kept) {
  const since = Math.round(kept.headers.get(SINCE) / 1000);
  const html = (await kept.text()).replace(/<html\b/i, `<html data-kept="${since}"`);
  return new Response(html, { headers: kept.headers });
}
