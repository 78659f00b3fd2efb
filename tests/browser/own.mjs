// What a reader keeps on the telephone: own stations, a mark, where one is, and pages for when there is no connection.

import assert from "node:assert/strict";
import { test } from "node:test";

import { until, visit, withPage } from "./rig.mjs";
import { wayTo } from "./way.mjs";

const FAVOURITE = "jemseg";
const MARKED = "station/fredericton";
const SAVED = "#saved";

/** The tests; `running` gives the site and the browser once they run. */
export function own(running) {
  const phone = (options, body) => withPage(running().browser, options, body);

  for (const language of ["en", "fr"]) {
    test(`own stations stand first and can be sent, ${language}`, () =>
      phone({}, async (page) => {
        const list = `${running().site.live}/${language}/`;
        await visit(page, list);
        const others = await stations(page);
        assert.notEqual(others[0], FAVOURITE);
        assert.ok(!(await page.locator("a.x").isVisible()), "there is nothing to send yet");
        await star(page, FAVOURITE).click();
        const first = [FAVOURITE, ...others.filter((id) => id !== FAVOURITE)];
        assert.deepEqual(await stations(page), first);
        await visit(page, list);
        assert.deepEqual(await stations(page), first, "it was kept");
        await page.locator("a.x").click();
        await page.waitForURL(`${list}?s=${FAVOURITE}`);
        assert.deepEqual(await stations(page), [FAVOURITE]);
        await visit(page, `${list}station/${FAVOURITE}`);
        const button = page.locator("button.x");
        assert.equal(await button.getAttribute("aria-pressed"), "true");
        await button.click();
        assert.equal(await button.getAttribute("aria-pressed"), "false");
        await visit(page, list);
        assert.deepEqual(await stations(page), others);
      }));
  }

  test("what is near stands first, and nobody is told where that is", async () => {
    const [longitude, latitude] = await position(running().site.live, FAVOURITE);
    const options = { geolocation: { latitude, longitude }, permissions: ["geolocation"] };
    await phone(options, async (page) => {
      await visit(page, `${running().site.live}/en/`);
      await page.waitForLoadState("networkidle");
      const asked = [];
      page.context().on("request", (request) => asked.push(request.url()));
      await page.locator("button.x", { hasText: "Near me" }).click();
      await page.locator("small.x").first().waitFor();
      assert.equal((await stations(page))[0], FAVOURITE);
      const far = await page.locator("small.x").allInnerTexts();
      const kilometres = far.map((text) => Number(/^\s*(\d+)\skm$/.exec(text)[1]));
      assert.equal(kilometres[0], 0);
      assert.deepEqual(kilometres, kilometres.toSorted((a, b) => a - b));
      assert.deepEqual(asked, []);
    });
    await phone({ permissions: [] }, async (page) => {
      await visit(page, `${running().site.live}/fr/`);
      await page.locator("button.x", { hasText: "Près de moi" }).click();
      await page.getByText("Votre position n’est pas connue.").waitFor();
    });
  });

  test("a mark is kept with its name until it is forgotten", () =>
    phone({}, async (page) => {
      const home = `${running().site.live}/en/`;
      await visit(page, `${home}${MARKED}/mark`);
      await page.locator("input.x").fill("Basement");
      await page.locator("[name=mark]").fill("700");
      await page.getByRole("button", { name: "Show it" }).click();
      await page.getByRole("alert").waitFor();
      assert.deepEqual(await kept(page, "marks"), {}, "what cannot be is not kept");
      await page.locator("input.x").fill("Basement");
      await page.locator("[name=mark]").fill("9,20");
      await page.getByRole("button", { name: "Show it" }).click();
      const said = page.locator("[data-mark]");
      // The page is there before its script has given the mark its name.
      await said.filter({ hasText: "Basement" }).waitFor();
      assert.match(await said.innerText(), /^Basement: \d+\.\d\d\sm below your mark\. /);
      assert.match(page.url(), /\?mark=9%2C20$/, "the name is not in the address");
      assert.equal(await page.locator(".h svg text", { hasText: "My mark" }).count(), 1);
      await visit(page, home);
      await page.locator(`a[href*="${MARKED}"]`).click();
      await said.waitFor();
      assert.match(page.url(), /\?mark=9\.2$/);
      await visit(page, `${home}${MARKED}`);
      assert.equal(await page.locator("a.x").getAttribute("href"), `/en/${MARKED}?mark=9.2`);
      await visit(page, `${home}${MARKED}?mark=8`);
      assert.doesNotMatch(await said.innerText(), /Basement/, "somebody else's mark, in a link that was sent");
      assert.deepEqual(await kept(page, "marks"), { fredericton: ["9.2", "Basement"] });
      await visit(page, `${home}${MARKED}/mark`);
      assert.equal(await page.locator("[name=mark]").inputValue(), "9.2");
      await page.getByRole("button", { name: "Forget my mark" }).click();
      await page.waitForURL(`${home}${MARKED}`);
      assert.deepEqual(await kept(page, "marks"), {});
      assert.equal(await page.locator("a.x").count(), 0);
    }));

  test("without a connection a page is shown as it was saved, and says so", () =>
    connected(async (page, way) => {
      await keeping(page, `${way.address}/fr/${MARKED}`);
      await visit(page, `${way.address}/fr/`);
      await star(page, FAVOURITE).click();
      const other = `/fr/station/${FAVOURITE}`;
      await until(page, async (path) => (await caches.match(path)) !== undefined, other);
      assert.equal(await page.locator(SAVED).count(), 0, "from the network");
      for (const mode of ["down", "silent", "failing"]) {
        way.become(mode);
        for (const path of [`/fr/${MARKED}`, "/fr/", other]) {
          await page.goto(way.address + path);
          assert.match(await page.locator(SAVED).innerText(), /^Pas de lien .* gardée .* à \d/, `${mode} ${path}`);
          assert.ok(await page.locator("h1").isVisible());
          assert.ok(await page.locator("button.x").first().isVisible(), `${mode} ${path}: the script is there`);
        }
      }
      way.become("down");
      await page.clock.install();
      await page.goto(`${way.address}/fr/${MARKED}`);
      await page.clock.fastForward("25:00:00");
      assert.match(await page.locator(".c .w").innerText(), /Inconnu/, "what was saved grows old");
      assert.match(await page.locator("main > p").first().innerText(), /^Mise à jour/, "when its today was stands first");
      await page.goto(`${way.address}/fr/station/gagetown`);
      assert.match(await page.locator("h1").innerText(), /n’a pas été gardée/);
      const there = await page.locator("li a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
      assert.deepEqual(there.toSorted(), ["/fr/", `/fr/${MARKED}`, other].toSorted());
      way.become("open");
      await page.goto(`${way.address}/fr/${MARKED}`);
      assert.equal(await page.locator(SAVED).count(), 0);
    }));

  test("thirty pages are kept, own stations the longest", () =>
    connected(async (page, way) => {
      await keeping(page, `${way.address}/en/`);
      await star(page, FAVOURITE).click();
      const own = `/en/station/${FAVOURITE}`;
      await until(page, async (path) => (await caches.match(path)) !== undefined, own);
      for (let n = 0; n < 33; n += 1) await page.goto(`${way.address}/en/?q=${n}`);
      // What is too much goes once the newest has been saved, which no page waits for.
      const last = `${way.address}/en/?q=32`;
      const settled = async (last) => {
        const kept = (await (await caches.open("pages")).keys()).map(({ url }) => url);
        return kept.includes(last) && kept.length <= 30;
      };
      await until(page, settled, last);
      const there = await page.evaluate(async () => (await (await caches.open("pages")).keys()).map(({ url }) => url));
      assert.equal(there.length, 30);
      assert.ok(there.includes(way.address + own));
      assert.ok(there.includes(last) && !there.includes(`${way.address}/en/?q=1`));
    }));

  test("what was kept goes when the site wants nothing kept", () =>
    connected(async (page, way) => {
      await keeping(page, `${way.address}/en/`);
      assert.ok((await page.evaluate(() => caches.keys())).length > 0);
      way.to = running().site.forgetful;
      await page.goto(`${way.address}/en/`);
      await until(page, async () => (await caches.keys()).length === 0);
      await until(page, async () => (await navigator.serviceWorker.getRegistrations()).length === 0);
      assert.deepEqual(await page.evaluate(() => caches.keys()), []);
      way.become("down");
      // One that the browser's own cache does not have.
      await assert.rejects(page.goto(`${way.address}/en/?q=new`), /ERR_/);
    }));

  test("the manifest makes each language a site of its own to install", () =>
    connected(async (page, way) => {
      for (const [language, name] of [["en", "River Watch"], ["fr", "Suivi des rivières"]]) {
        await page.goto(`${way.address}/${language}/${MARKED}`);
        const session = await page.context().newCDPSession(page);
        const { url, data, errors } = await session.send("Page.getAppManifest");
        assert.deepEqual([url, errors], [`${way.address}/${language}/manifest.webmanifest`, []]);
        const { name: called, start_url, icons } = JSON.parse(data);
        assert.deepEqual([called, start_url], [name, `/${language}/`]);
        for (const { src } of icons) assert.equal((await fetch(way.address + src)).status, 200, src);
        const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
        // The browser of the tests forgets everything, which is why nothing can be installed in it.
        const faults = installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito");
        assert.deepEqual(faults, []);
      }
    }));

  /** A page that comes by a way to the site which can be cut. */
  async function connected(body) {
    const way = await wayTo(running().site.live);
    try {
      await phone({}, (page) => body(page, way));
    } finally {
      way.close();
    }
  }
}

/** Visits a page and waits until it is kept. */
export async function keeping(page, address) {
  await visit(page, address);
  await until(page, async () => (await caches.match(location.href)) !== undefined);
}

const star = (page, id) => page.locator(`li:has(a[href*="/station/${id}"]) button.x`);

/** What the page keeps on the telephone under a name. */
const kept = (page, key) => page.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? "{}"), key);

/** The ids of the list's rows from above. */
function stations(page) {
  return page.locator(".l a").evaluateAll((links) => links.map((link) => link.pathname.split("/").pop()));
}

async function position(address, id) {
  const { features } = await (await fetch(`${address}/en/stations.geojson`)).json();
  return features.find((feature) => feature.id === id).geometry.coordinates;
}
