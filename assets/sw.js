// Keeps the pages that were visited and those of one's own stations, for when there is no connection. The network always
// comes first; what is shown instead says when it was saved.
const PAGES = "pages", FILES = "files", MOST = 30, BYTES = 5e6, PATIENCE = 3000, LONGEST = 30000, FRESH = 600000;

const textsOf = (url) => TEXTS[url.pathname.split("/")[1]];

/** A file of the site that never changes under its name. Where it cannot be had, the newest of its kind serves. */
const file = async (path) => {
  const cache = await caches.open(FILES), known = await cache.match(path);
  if (known) return known;
  const scripts = async () => (await cache.keys()).filter(({ url }) => url.endsWith(".js"));
  try {
    const response = await fetch(path);
    if (response.ok) await cache.put(path, response.clone());
    for (const old of (await scripts()).slice(0, -6)) await cache.delete(old);
    return response;
  } catch {
    const last = (await scripts()).pop();
    return last ? cache.match(last) : Response.error();
  }
};

/** The addresses of one's own stations. */
const own = async () => (await (await caches.match("/own", { cacheName: FILES }))?.json()) ?? [];

/** Deletes what is too much: one's own stations stay the longest, then what was saved last. */
const trim = async (cache) => {
  const first = await own(), chosen = ({ url }) => first.includes(url.slice(location.origin.length));
  const newest = (await cache.keys()).reverse();
  let count = 0, bytes = 0;
  for (const request of [...newest.filter(chosen), ...newest.filter((request) => !chosen(request))]) {
    bytes += +(await cache.match(request)).headers.get("x-size");
    count += 1;
    if (count > MOST || bytes > BYTES) await cache.delete(request);
  }
};

const save = async (url, text, sent) => {
  const headers = new Headers(sent);
  ["content-encoding", "content-length"].forEach((name) => headers.delete(name));
  headers.set("x-saved", Date.now());
  headers.set("x-size", text.length);
  const script = /<script src="([^"]+)"/.exec(text);
  // A page without the script that lets it grow old would be taken for new.
  if (script) await file(script[1]);
  const cache = await caches.open(PAGES);
  await cache.delete(url.href);
  await cache.put(url.href, new Response(text, { headers }));
  await trim(cache);
};

// The page as it is now, once all of it is there, and its saving, which nobody waits for to read it. Caches on the way are
// asked whether they still hold the newest.
const newest = async (url, request = url.href, cache = "no-cache") => {
  // What never ends would stand in the way of later requests.
  const signal = AbortSignal.timeout?.(LONGEST);
  const response = await fetch(new Request(request, { cache, signal }));
  const kind = response.headers.get("content-type") ?? "";
  const text = await response.clone().text();
  const page = response.status === 200 && kind.startsWith("text/html");
  return { response, saving: page ? save(url, text, response.headers) : undefined };
};

const nothing = () => {};

/** The page as it was saved, which says so. */
const saved = async (url) => {
  const cache = await caches.open(PAGES);
  const page = (await cache.match(url.href)) ?? (await cache.match(url.origin + url.pathname));
  if (!page) return;
  const { locale, saved } = textsOf(url);
  const style = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const when = new Intl.DateTimeFormat(locale, style).format(+page.headers.get("x-saved"));
  const note = `<aside class="demo" id="saved" role="status">${saved.replace("{when}", when)}</aside>`;
  return new Response((await page.text()).replace("<main", note + "<main"), { headers: page.headers });
};

/** Says that a page was not kept, and which were. */
const missing = async (url) => {
  const { locale, not_kept, kept_pages, none_kept } = textsOf(url), cache = await caches.open(PAGES);
  const items = [];
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (textsOf({ pathname }) !== textsOf(url)) continue;
    const heading = /<h1[^>]*>([^<]*)/.exec(await (await cache.match(request)).text());
    items.push(`<li><a href="${pathname}${search.replaceAll("&", "&amp;")}">${heading[1]}</a></li>`);
  }
  const list = items.length ? `<p>${kept_pages}</p><ul>${items.join("")}</ul>` : `<p>${none_kept}</p>`;
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">';
  const page = `<!DOCTYPE html><html lang="${locale}"><head>${head}<title>${not_kept}</title></head><body><main><h1>${not_kept}</h1>${list}</main></body></html>`;
  const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": "default-src 'none'" };
  return new Response(page, { status: 503, headers });
};

const answer = async (url, fresh) => {
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
  try {
    const { response } = await Promise.race([fresh, late]);
    if (response.status < 500) return response;
  } catch {
    // Too late or not at all.
  }
  return (await saved(url)) ?? fresh.then(({ response }) => response, () => missing(url));
};

/** Keeps what a page asks for: itself, which may have come before this worker did, and one's own stations. */
const told = async ({ page, stations }) => {
  await (await caches.open(FILES)).put("/own", new Response(JSON.stringify(stations)));
  const cache = await caches.open(PAGES);
  for (const path of new Set([page, ...stations].slice(0, MOST))) {
    const url = new URL(path, location.origin), known = await cache.match(url.href);
    if (known && Date.now() - known.headers.get("x-saved") < FRESH) continue;
    // The page that asks has only just come: where the browser still has it, the site is not asked once more.
    await newest(url, url.href, path === page ? "default" : "no-cache").then(({ saving }) => saving).catch(nothing);
  }
};

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => event.waitUntil(told(event.data)));
addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && textsOf(url)) {
    url.hash = "";
    const fresh = newest(url, request);
    event.waitUntil(fresh.then(({ saving }) => saving).catch(nothing));
    event.respondWith(answer(url, fresh));
  } else if (/^\/assets\/\w+\.js$/.test(url.pathname)) {
    event.respondWith(file(url.pathname));
  }
});
