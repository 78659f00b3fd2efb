// Nothing is kept any more: takes the place of the worker that did, deletes what it kept, and goes.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => {
  const gone = async () => {
    for (const name of await caches.keys()) await caches.delete(name);
    await registration.unregister();
  };
  event.waitUntil(gone());
});
