// What a first visit costs: the requests and the bytes of it, as they pass over the way to the site.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

import { keeping } from "./own.mjs";
import { visit, withPage } from "./rig.mjs";
import { wayTo } from "./way.mjs";

/** The most bytes of content, compressed, of a page and of it with all that a script brings. */
const MOST = { list: 8000, station: 6000, scripted: 10_000 };
/** The most bytes of an answer's head. */
const HEAD = 900;
/** What a server sends at once on a new connection, less the head (RFC 6928: ten segments). */
export const WINDOW = 14_000;

/** A first visit is the page and nothing else; with the script also that, and the worker that keeps pages. */
export async function firstVisits(browser, site, kinds) {
  for (const [kind, path] of kinds) {
    const alone = await firstVisit(browser, site, path, false);
    assert.deepEqual(alone.map(({ path }) => path), [path]);
    assert.ok(alone[0].content <= MOST[kind], `${path}: ${alone[0].content} bytes`);
    await sought(site + path);
    const all = await firstVisit(browser, site, path, true);
    const sent = all.filter(({ status }) => status === 200);
    assert.deepEqual(sent.map(({ path }) => path.replace(/^\/assets\/\w+/, "script")), [path, "script.js", "/sw.js"]);
    // The worker that keeps the page may ask whether it still is as it was; it is not sent again.
    const asked = all.filter(({ status }) => status !== 200);
    assert.deepEqual(asked.map(({ path, status, content }) => [path, status, content]), asked.map(() => [path, 304, 0]));
    assert.ok(asked.length <= 1, `${path} was asked for ${asked.length + 1} times`);
    const bytes = sent.reduce((sum, { content }) => sum + content, 0);
    assert.ok(bytes <= MOST.scripted, `${path} with the script: ${bytes} bytes`);
    for (const { path, head } of [...alone, ...all]) assert.ok(head <= HEAD, `the head of ${path}: ${head} bytes`);
  }
}

/** Which of the pages are more than the first ten segments hold. */
export async function heavy(origin, paths) {
  const sizes = await Promise.all(
    paths.map(async (path) => {
      const { headers } = await fetch(origin + path, { headers: { "accept-encoding": "br", accept: "text/html" } });
      assert.equal(headers.get("content-encoding"), "br", path);
      return [path, Number(headers.get("content-length"))];
    }),
  );
  return sizes.filter(([, size]) => !(size > 0 && size <= WINDOW)).map(([path, size]) => `${path}: ${size} bytes`);
}

function firstVisit(browser, site, path, javaScriptEnabled) {
  return withPage(browser, { javaScriptEnabled }, async (page) => {
    const way = await wayTo(site);
    try {
      await (javaScriptEnabled ? keeping : visit)(page, way.address + path);
      return way.answers;
    } finally {
      way.close();
    }
  });
}

/** Asks as often as many do on a bad night: the server then takes its time to compress the page. */
async function sought(address) {
  const until = Date.now() + 90_000;
  while (Date.now() < until) {
    const { headers } = await fetch(address, { headers: { "accept-encoding": "br", accept: "text/html" } });
    if (headers.get("etag")?.endsWith('-c"')) return;
    await pause(20);
  }
  throw new Error(`${address} was not compressed well in time`);
}
