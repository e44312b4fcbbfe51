// There is no worker on this site any more: one that a browser still has takes itself away, with all that it kept.
addEventListener("install", () => skipWaiting());
addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith(`aboveboard ${registration.scope} `)) await caches.delete(name);
  await registration.unregister();
})()));
