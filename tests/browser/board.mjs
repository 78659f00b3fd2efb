// The board in a real browser: it follows the demonstration without a reload, says when the connection is lost, and goes on
// after the server has been started again.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startProgram, withPage } from "./rig.mjs";

const WORDS = { en: { live: /^Connected/, lost: /^Connection lost since \d\d:\d\d/ }, fr: { live: /^Connecté/, lost: /^Connexion perdue depuis \d\d h \d\d/ } };

/** Follows a freshet of which ten minutes pass in a second. */
export async function followsAndSurvives(browser, language) {
  const folder = await mkdtemp(join(tmpdir(), "riverwatch-board-"));
  const start = (port) =>
    startProgram(["demo", "--port", port, "--speed", "600", "--database", join(folder, "demo.db")], {});
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
