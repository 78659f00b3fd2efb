// The board in a real browser: it follows the demonstration without a reload, says when the connection is lost, and goes on
// after the server has been started again. With BOARD_MINUTES=N it is watched for so long by the real clock.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { startProgram, withPage } from "./rig.mjs";

const WORDS = { en: { live: /^Connected/, lost: /^Connection lost since \d\d:\d\d/ }, fr: { live: /^Connecté/, lost: /^Connexion perdue depuis \d\d h \d\d/ } };

/** How long the server is away in a long watch, and how long the board may show nothing new while it is there. */
const AWAY = 60_000;
const STILL = 30_000;
/** A board that kept something of every update would soon hold much more than at first. */
const MOST_GROWTH = 1.5;

/** Follows a freshet of which ten minutes pass in a second. */
export async function followsAndSurvives(browser, language) {
  const folder = await mkdtemp(join(tmpdir(), "riverwatch-board-"));
  const start = demonstrations(folder);
  let site = await start("0");
  try {
    await withPage(browser, { viewport: { width: 1280, height: 900 } }, async (page) => {
      await page.clock.install();
      const loads = [];
      page.on("load", () => loads.push(page.url()));
      await page.goto(`${site.address}/${language}/board?threshold=advisory`);
      const said = async (words) => {
        await page.waitForFunction(
          ([source]) => new RegExp(source).test(document.getElementById("s").textContent),
          [words.source],
        );
      };
      await said(WORDS[language].live);
      const told = () => page.locator("table").getAttribute("data-now");
      const follows = async () => {
        const before = await told();
        await page.waitForFunction((before) => document.querySelector("table").dataset.now !== before, before);
      };

      // Rows are put in place, and whoever was on one is there still.
      const link = page.locator("th a").first();
      await link.focus();
      const focused = () => page.evaluate(() => document.activeElement.closest("tr")?.dataset.id);
      const here = await focused();
      await follows();
      assert.equal(await focused(), here);
      await page.keyboard.press("ArrowDown");
      assert.notEqual(await focused(), here, "the arrow goes to the next row");
      await page.keyboard.press("ArrowUp");
      assert.equal(await focused(), here);

      // Nothing sounds or blinks unasked.
      for (const button of ["#n", "#f"]) assert.equal(await page.locator(button).getAttribute("aria-pressed"), "false");
      await page.locator("#f").click();
      assert.equal(await page.locator("#f").getAttribute("aria-pressed"), "true");

      const port = new URL(site.address).port;
      await site.stop();
      await page.clock.runFor(60_000);
      await said(WORDS[language].lost);
      assert.ok(await page.evaluate(() => document.body.classList.contains("lost")));

      // What was measured does not stay current while nobody says so.
      await page.clock.fastForward(26 * 3600_000);
      await page.clock.runFor(60_000);
      assert.equal(await page.locator("[data-until]").count(), 0);
      const unknown = await page.locator(".v.cu").count();
      assert.equal(unknown, await page.locator("[data-id]").count());

      site = await start(port);
      await page.clock.runFor(60_000);
      await said(WORDS[language].live);
      await follows();
      assert.ok((await page.locator("[data-until]").count()) > 0, "the rows are those of the server again");
      assert.deepEqual(loads.length, 1, "without a reload");
    });
  } finally {
    await site.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Watches a board for minutes, of which the server is away for one in the middle; gives what was seen. */
export async function watched(browser, language, minutes) {
  const folder = await mkdtemp(join(tmpdir(), "riverwatch-board-"));
  const start = demonstrations(folder);
  let site = await start("0");
  try {
    return await withPage(browser, { viewport: { width: 1280, height: 900 } }, async (page) => {
      const seen = { loads: 0, errors: [] };
      page.on("load", () => (seen.loads += 1));
      page.on("pageerror", (error) => seen.errors.push(String(error)));
      await page.goto(`${site.address}/${language}/board`);
      await page.waitForFunction((words) => new RegExp(words).test(document.getElementById("s").textContent), WORDS[language].live.source);
      await page.evaluate(note);
      const half = (minutes * 60_000 - AWAY) / 2;
      const early = pause(half / 4).then(() => memory(page));
      await pause(half);
      await site.stop();
      await pause(AWAY);
      site = await start(new URL(site.address).port);
      await pause(half);
      return { ...seen, ...(await page.evaluate(() => window.noted())), early: await early, late: await memory(page) };
    });
  } finally {
    await site.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Holds what was seen to what a board promises. */
export function holds(seen, language) {
  const { loads, errors, updates, still, said, early, late } = seen;
  assert.deepEqual([loads, errors], [1, []], "it is never loaded anew");
  assert.ok(updates > 10, `${updates} updates`);
  // Without a server there is nothing new; what takes longest besides is finding it again.
  assert.ok(still < AWAY + STILL, `nothing new for ${still} ms`);
  const is = (text) => Object.keys(WORDS.en).find((kind) => WORDS[language][kind].test(text));
  assert.deepEqual(said.map(is), ["live", "lost", "live"]);
  assert.ok(late.heap < early.heap * MOST_GROWTH, `the heap grew from ${early.heap} to ${late.heap} bytes`);
  assert.ok(late.nodes < early.nodes * MOST_GROWTH, `from ${early.nodes} to ${late.nodes} nodes`);
}

const demonstrations = (folder) => (port) =>
  startProgram(["demo", "--port", port, "--speed", "600", "--database", join(folder, "demo.db")], {});

/** In the page: counts the updates, the longest time between two of them, and notes what is said of the connection. */
function note() {
  const now = () => document.querySelector("#b table").dataset.now;
  const status = document.getElementById("s");
  let [updates, still, last, told] = [0, 0, Date.now(), now()];
  const said = [status.textContent];
  new MutationObserver(() => {
    if (told === now()) return;
    [still, last, told] = [Math.max(still, Date.now() - last), Date.now(), now()];
    updates += 1;
  }).observe(document.getElementById("b"), { childList: true, subtree: true });
  new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true });
  window.noted = () => ({ updates, still: Math.max(still, Date.now() - last), said });
}

/** What a page holds once it has tidied up. */
async function memory(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { nodes } = await session.send("Memory.getDOMCounters");
  await session.detach();
  return { heap: usedSize, nodes };
}
