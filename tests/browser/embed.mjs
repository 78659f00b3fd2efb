// What stands on other sites' pages, looked at from a site of another origin.

import assert from "node:assert/strict";
import { createServer } from "node:http";

import { visit, withPage } from "./rig.mjs";

const LANGUAGES = ["en", "fr"];
const DARK = "rgb(14, 20, 24)";

/** Frames, pictures and the script on a page of another origin: all there, in both languages, as high as they should be. */
export async function embeds(browser, home, station) {
  const name = async (language) => (await (await fetch(`${home}/${language}/${station}.json`)).json()).name;
  for (const language of LANGUAGES) {
    const address = `${home}/embed/${language}/${station}`;
    const asked = await fetch(`${home}/oembed?maxwidth=300&url=${encodeURIComponent(`${home}/${language}/${station}`)}`);
    const html = `<!DOCTYPE html><html lang="${language}"><title>x</title>
      <iframe id="plain" src="${address}" width="320" height="700"></iframe>
      <iframe id="strict" src="${address}?compact&amp;theme=dark" width="200" height="300" sandbox></iframe>
      <iframe id="fit" src="${address}?fit" width="360" height="100" style="border:0"></iframe>
      <iframe id="river" src="${home}/embed/${language}/river/saint-john-river" width="480" height="900"></iframe>
      <div id="oembed">${(await asked.json()).html}</div>
      <img src="${home}/${language}/${station}.svg?width=480" alt="">
      <script src="${home}/embed.js" async></script>`;
    await elsewhere(browser, html, async (page, seen) => {
      assert.deepEqual(seen.console, []);
      assert.deepEqual(seen.failed, []);
      const frame = (id) => page.frameLocator(`#${id}`);
      for (const id of ["plain", "strict", "fit"]) {
        assert.equal(await frame(id).locator("h1").innerText(), await name(language), id);
      }
      assert.equal(await page.frameLocator("#oembed iframe").locator("h1").innerText(), await name(language));
      assert.ok((await frame("river").locator("li").count()) > 10);
      const ground = frame("strict").locator("html");
      assert.equal(await ground.evaluate((root) => getComputedStyle(root).backgroundColor), DARK);
      const picture = page.locator("img");
      assert.equal(await picture.evaluate(async (image) => (await image.decode(), image.naturalWidth)), 480);
      await fits(page);
    });
  }
}

/** The script makes the frame as high as its content, and listens to nobody else. */
async function fits(page) {
  const height = () => page.locator("#fit").evaluate((frame) => frame.clientHeight);
  const content = () =>
    page.frameLocator("#fit").locator("html").evaluate((root) => Math.ceil(root.getBoundingClientRect().height));
  const until = Date.now() + 10_000;
  while ((await height()) !== (await content()) && Date.now() < until) await page.waitForTimeout(50);
  assert.equal(await height(), await content());
  assert.ok((await height()) > 300);
  await page.evaluate(() => window.postMessage({ riverwatch: 1, height: 4000 }, "*"));
  await page.waitForTimeout(100);
  assert.ok((await height()) < 4000, "a message of another origin was heard");
}

/** Time passes in a frame and in a picture: what was of the present is not to be seen any more, and words say why. */
export async function openTooLong(browser, home, station) {
  for (const language of LANGUAGES) {
    await withPage(browser, {}, async (page) => {
      await visit(page, `${home}/embed/${language}/${station}`);
      const [level, words] = [page.locator(".v b"), page.locator("p.old")];
      assert.deepEqual([await level.isVisible(), await words.isVisible()], [true, false]);
      await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
      assert.deepEqual([await level.isVisible(), await words.isVisible()], [false, true]);
      await visit(page, `${home}/${language}/${station}.svg`);
      const cover = (seconds) =>
        page.evaluate((seconds) => {
          document.documentElement.setCurrentTime(seconds);
          return getComputedStyle(document.querySelector("set").parentElement).visibility;
        }, seconds);
      assert.deepEqual([await cover(60), await cover(6 * 3600 + 1)], ["hidden", "visible"]);
    });
  }
}

/** Every one of the addresses refuses to be shown in a frame of another origin. */
export async function refused(browser, addresses) {
  for (const address of addresses) {
    await elsewhere(browser, `<iframe src="${address}"></iframe>`, async (page, seen) => {
      assert.match(seen.console.join("\n"), /frame-ancestors/, address);
      assert.equal(await page.frames()[1].locator("main").count(), 0, address);
    });
  }
}

/** Looks at a page of another origin. */
async function elsewhere(browser, html, look) {
  const server = createServer((request, reply) => {
    const found = request.url === "/";
    reply.writeHead(found ? 200 : 204, { "content-type": "text/html; charset=utf-8" }).end(found ? html : "");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await withPage(browser, {}, async (page) => {
      await look(page, await visit(page, `http://127.0.0.1:${server.address().port}/`));
    });
  } finally {
    server.close();
  }
}
