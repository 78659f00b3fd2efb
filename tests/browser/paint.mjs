// When something is to be seen of a page: on a slow line and a slow processor, and as Lighthouse tells.

import assert from "node:assert/strict";

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

import { FLAGS, browserFile, withPage } from "./rig.mjs";

/** 400 kbit/s with 400 ms between a request and its answer, and a processor four times slower than this one. */
const LINE = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const SLOWER = 4;
const AT_MOST = 1000;
/** Whatever else the machine does makes a page slower and never faster: what is seen a few times of many is the page's own. */
const [TIMES, RUNS] = [3, 12];
const TRIES = 5;
const SCORES = { accessibility: 1, "best-practices": 1, seo: 1, performance: 0.99 };

/** The first contentful paint of a first visit comes within a second; gives all times, in milliseconds. */
export async function soonPainted(browser, address) {
  const times = [];
  const soon = () => times.filter((time) => time < AT_MOST).length;
  while (soon() < TIMES && times.length < RUNS) times.push(Math.round(await firstPaint(browser, address)));
  assert.ok(soon() >= TIMES, `${address}: painted after ${times.join(", ")} ms`);
  return times;
}

function firstPaint(browser, address) {
  return withPage(browser, {}, async (page) => {
    // As for those who come later in the same minute: the server has drawn the page.
    await fetch(address, { headers: { "accept-encoding": "br", accept: "text/html" } });
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", LINE);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    await page.goto(address, { waitUntil: "commit" });
    return page.evaluate(
      () =>
        new Promise((resolve) => {
          const painted = (list) => list.getEntriesByName("first-contentful-paint").forEach((it) => resolve(it.startTime));
          new PerformanceObserver(painted).observe({ type: "paint", buffered: true });
        }),
    );
  });
}

/** What Lighthouse says of the addresses on its telephone: what falls short, with the audits that are to blame. */
export async function shortcomings(addresses) {
  const browser = await launch({ chromePath: browserFile(), chromeFlags: ["--headless=new", "--no-sandbox", ...FLAGS] });
  const told = [];
  try {
    for (const address of addresses) {
      let found = await audited(browser.port, address);
      for (let n = 1; n < TRIES && found.length > 0 && found.every((it) => it.startsWith("performance")); n += 1) {
        found = await audited(browser.port, address);
      }
      told.push(...found.map((it) => `${address}: ${it}`));
    }
  } finally {
    await browser.kill();
  }
  return told;
}

async function audited(port, address) {
  const options = { port, logLevel: "error", onlyCategories: Object.keys(SCORES), disableFullPageScreenshot: true };
  const { lhr } = await lighthouse(address, options);
  assert.equal(lhr.runtimeError, undefined, address);
  const poor = ({ auditRefs }) =>
    auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1);
  return Object.entries(SCORES)
    .filter(([category, least]) => !(lhr.categories[category].score >= least))
    .map(([category]) => {
      const blamed = poor(lhr.categories[category]).map(({ id }) => `${id} ${lhr.audits[id].displayValue ?? ""}`);
      return `${category} ${lhr.categories[category].score}: ${blamed.join(", ")}`;
    });
}
