// River Watch in a real browser: what every page must hold, in both languages, in light and in dark. The binary is the
// real one and so is its way of the data; only the numbers are invented. With SCREENSHOTS=FOLDER pictures are kept.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { embeds, openTooLong, refused } from "./embed.mjs";
import { charts } from "./chart.mjs";
import { own } from "./own.mjs";
import { EMBEDS, EVERY, FIRST, GAUGED, ICE_JAMS, LANGUAGES, OF_VALLEY, PAGES, STATIONS, UNKNOWN, everywhere } from "./pages.mjs";
import { shortcomings, soonPainted } from "./paint.mjs";
import { followsAndSurvives, holds, watched } from "./board.mjs";
import { pictures } from "./pictures.mjs";
import { PHONE, startBrowser, startSite, unfold, violations, visit, visitWithout, withPage } from "./rig.mjs";
import { firstVisits, heavy } from "./weight.mjs";

const UNKNOWN_WORD = { en: "Unknown", fr: "Inconnu" };
const MINUTES = Number(process.env.BOARD_MINUTES ?? 0);
const WIDTHS = [320, 360, 768, 1280];

let site;
let browser;

before(async () => {
  site = await startSite();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

test("the demonstration has a station of each kind", async () => {
  const facts = async (path) => (await fetch(`${site.address}/en/${path}.json`)).json();
  assert.notEqual((await facts(GAUGED)).status.level, "unknown");
  for (const path of UNKNOWN) assert.equal((await facts(path)).status.level, "unknown", path);
  assert.equal((await facts(ICE_JAMS)).outlook.state, "none");
});

test("axe finds nothing", async () => {
  const found = await onEvery(everywhere(site), {}, async (page) => {
    const folded = await violations(page);
    await unfold(page);
    return [...new Set([...folded, ...(await violations(page))])];
  });
  assert.deepEqual(found, []);
});

// Everything is to be seen, and the colours are the same in every language.
for (const [name, options, go, pages] of [
  ["in the dark", { colorScheme: "dark" }, visit, (address) => !address.includes("/fr/")],
  ["without scripts", {}, visitWithout, () => true],
]) {
  test(`axe finds nothing ${name}`, async () => {
    const found = await onEvery(everywhere(site).filter(pages), { ...options, go }, async (page) => {
      await unfold(page);
      return violations(page);
    });
    assert.deepEqual(found, []);
  });
}

test("every kind of page that a page leads to is looked at", async () => {
  const kind = (address) => {
    const { pathname } = new URL(address);
    return pathname.replace(/^(\/embed)?\/(en|fr)\//, "$1/").replace(/(station|river)\/[^/]+/, "$1/ID");
  };
  const looked = new Set(everywhere(site).map(kind));
  const missed = new Set();
  for (const address of everywhere(site)) {
    const html = await (await fetch(address, { headers: { accept: "text/html" } })).text();
    const links = [...html.matchAll(/ href="([^"]*)"/g)].map(([, link]) => new URL(link.replaceAll("&amp;", "&"), address).href);
    const own = links.filter((link) => link.startsWith(new URL(address).origin));
    // Whatever is not a page has an ending or is for programs.
    const pages = own.map(kind).filter((path) => !/[.]\w+$|^\/(oembed|healthz)$/.test(path));
    pages.filter((path) => !looked.has(path)).forEach((path) => missed.add(path));
  }
  assert.deepEqual([...missed], []);
});

test("a page is one request and at most a script, and the console has nothing to say", async () => {
  for (const origin of [site.address, site.live]) {
    const found = await onEvery(PAGES.map((path) => origin + path), {}, async (_, address, seen) => {
      const missing = address.includes("no-such-p") && !address.includes("?");
      // The browser itself remarks on the status of a page that is not found.
      const said = seen.console.filter((line) => !(missing && line.includes("status of 404")));
      const faults = [...said, ...seen.failed.map((url) => `failed: ${url}`)];
      if (seen.status !== (missing ? 404 : 200)) faults.push(`status ${seen.status}`);
      // Where the worker takes over while a page loads, Chromium asks it for the script that it has already asked for; that is
      // no more on the way, which `firstVisits` counts.
      const [first, ...others] = seen.requests;
      const script = new RegExp(`^${origin}/assets/[0-9a-f]+[.]js$`);
      if (first !== address || new Set(others).size > 1 || !others.every((url) => script.test(url))) {
        faults.push(`requests: ${seen.requests.join(" ")}`);
      }
      return faults;
    });
    assert.deepEqual(found, []);
  }
});

test("a first visit is the page, and with the script two requests more", () => firstVisits(browser, site.live, FIRST));

test("every page fits into what comes with the first answer", async () => {
  const found = [...(await heavy(site.live, EVERY)), ...(await heavy(site.valley, OF_VALLEY))];
  assert.deepEqual(found, []);
});

test("on a slow line and a slow telephone something is to be seen within a second", async (t) => {
  for (const [, path] of FIRST) {
    const times = await soonPainted(browser, site.live + path);
    t.diagnostic(`${path}: painted after ${times.join(", ")} ms`);
  }
});

test("Lighthouse finds the list and a station as good as can be", async () => {
  assert.deepEqual(await shortcomings(FIRST.map(([, path]) => site.live + path)), []);
});

for (const language of LANGUAGES) {
  test(`a page that was kept grows old, ${language}`, async () => {
    await kept(`${site.live}/${language}/${GAUGED}`, async (page, later) => {
      const tag = page.locator(".c .w");
      assert.ok(!(await tag.innerText()).includes(UNKNOWN_WORD[language]));
      await later();
      assert.ok((await tag.innerText()).includes(UNKNOWN_WORD[language]));
      assert.equal(await page.locator(".c .v").count(), 0, "no level of now");
    });
    await kept(`${site.live}/${language}/`, async (page, later) => {
      const row = page.locator(`a[href$="/${GAUGED}"]`);
      const level = await row.locator("i b").innerText();
      assert.match(level, /\d/);
      await later();
      assert.ok(!(await row.innerText()).includes(level));
    });
  });
}

test(`everything stays within its place at ${WIDTHS.join(", ")} px`, async () => {
  const found = await onEvery(everywhere(site), {}, async (page) => {
    const faults = [];
    for (const unfolding of [() => {}, unfold]) {
      await unfolding(page);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: PHONE.height });
        faults.push(...(await page.evaluate(beyondTheSides)).map((fault) => `${width} px: ${fault}`));
      }
    }
    return [...new Set(faults)];
  });
  assert.deepEqual(found, []);
});

test("a frame is readable at 200 px", async () => {
  const found = await onEvery(EMBEDS.map((path) => site.live + path), { viewport: { width: 200, height: 400 } }, (page) => page.evaluate(beyondTheSides));
  assert.deepEqual(found, []);
});

test("another site shows stations, a river and charts in both languages", () => embeds(browser, site.address, GAUGED));

test("what stands open too long covers itself", () => openTooLong(browser, site.address, GAUGED));

test("text of twice the size stays within its place", async () => {
  const found = await onEvery(everywhere(site).filter((address) => !address.includes("/embed")), {}, async (page) => {
    await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    await unfold(page);
    return page.evaluate(beyondTheSides);
  });
  assert.deepEqual(found, []);
});

for (const language of LANGUAGES) {
  test(`the first screen has the answer and the top of the chart, ${language}`, async () => {
    await withPage(browser, {}, async (page) => {
      const facts = await (await fetch(`${site.address}/${language}/${GAUGED}.json`)).json();
      await visit(page, `${site.address}/${language}/${GAUGED}`);
      for (const part of ["h1", ".c .w", ".c .v b", ".c .v span", ".c > p:last-child"]) {
        const place = await page.locator(part).first().boundingBox();
        assert.ok(place && place.y + place.height <= PHONE.height, `${part} ends at ${place?.y + place?.height}`);
      }
      const chart = await page.locator("main figure svg").first().boundingBox();
      assert.ok(chart && chart.y + 100 <= PHONE.height, `the chart begins at ${chart?.y}`);
      assert.equal(await page.locator("h1").innerText(), facts.name);
    });
  });
}

test("nothing needs a script", async () => {
  const content = (path, javaScriptEnabled) =>
    withPage(browser, { javaScriptEnabled }, async (page) => {
      await visit(page, path);
      // What the script adds is for those who have it.
      await page.locator("body").evaluate((body) => body.querySelectorAll(".x").forEach((added) => added.remove()));
      return page.locator("body").innerText();
    });
  for (const path of ["/en/", `/fr/${GAUGED}`, "/en/status", "/"].map((path) => site.live + path)) {
    // A page is drawn anew each minute, so two of them may differ once.
    const same = async () => (await content(path, true)) === (await content(path, false));
    assert.ok((await same()) || (await same()), path);
  }
});

test("the keyboard reaches the way past the header first", async () => {
  for (const path of ["/en/", `/fr/${GAUGED}`, "/en/about"]) {
    await withPage(browser, {}, async (page) => {
      await visit(page, site.address + path);
      await page.keyboard.press("Tab");
      const link = page.locator(":focus");
      assert.equal(await link.getAttribute("href"), "#m", path);
      const { x, y, width } = await link.boundingBox();
      assert.ok(x >= 0 && y >= 0 && x + width <= PHONE.width, `${path}: the link is not to be seen`);
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      assert.ok(await page.evaluate(() => document.activeElement.closest("main") !== null), path);
    });
  }
});

test("a station is at most two sheets of paper", async () => {
  for (const path of LANGUAGES.flatMap((language) => STATIONS.map((station) => `/${language}/${station}`))) {
    await withPage(browser, {}, async (page) => {
      await visit(page, site.address + path);
      const sheets = (await page.pdf({ format: "Letter" })).toString("latin1").match(/\/Type\s*\/Page\b/g);
      assert.ok(sheets && sheets.length <= 2, `${path}: ${sheets?.length} sheets`);
    });
  }
});

for (const language of LANGUAGES) {
  test(`a board follows without a reload and survives a restart, ${language}`, () =>
    followsAndSurvives(browser, language));
}

test("a board is watched for so long", { skip: !MINUTES && "BOARD_MINUTES gives no time" }, async (t) => {
  const seen = await watched(browser, "en", MINUTES);
  t.diagnostic(JSON.stringify(seen));
  holds(seen, "en");
});

test("a station to pin up is one sheet of paper", async () => {
  const shared = LANGUAGES.flatMap((language) => STATIONS.map((station) => `/${language}/${station}/share`));
  for (const path of shared) {
    for (const format of ["Letter", "A4"]) {
      await withPage(browser, {}, async (page) => {
        await visit(page, site.live + path);
        const sheets = (await page.pdf({ format })).toString("latin1").match(/\/Type\s*\/Page\b/g);
        assert.equal(sheets?.length, 1, `${path}: ${format}`);
      });
    }
  }
});

test("no other site can frame a page", () =>
  refused(browser, ["/", ...LANGUAGES.flatMap((language) => ["", GAUGED, `${GAUGED}/embed`, "about"].map((path) => `/${language}/${path}`))].map(
    (path) => site.address + path,
  )));
own(() => ({ site, browser }));
charts(() => ({ site, browser }));

test("pictures are kept where asked for", { skip: !process.env.SCREENSHOTS && "SCREENSHOTS names no folder" }, () =>
  pictures(browser, site.address, process.env.SCREENSHOTS),
);

/** Looks at a page now, and `later`: as a telephone that kept it for a day and an hour. */
async function kept(address, look) {
  await withPage(browser, {}, async (page) => {
    await page.clock.install();
    await visit(page, address);
    await look(page, () => page.clock.fastForward("25:00:00"));
  });
}

/** Visits pages one after the other and gathers what `look` finds, each finding with its page. */
async function onEvery(addresses, { go = visit, ...options }, look) {
  return withPage(browser, options, async (page) => {
    const found = [];
    for (const address of addresses) {
      const seen = await go(page, address);
      found.push(...(await look(page, address, seen)).map((finding) => `${address}: ${finding}`));
    }
    return found;
  });
}

/** In the page: what makes it wider than the screen, and text that runs out of its place and over its neighbour. */
function beyondTheSides() {
  const name = (it) => `${it.tagName.toLowerCase()}.${it.getAttribute("class") ?? ""} "${it.textContent.slice(0, 40)}"`;
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = [...document.querySelectorAll("body *")].filter((it) => it.getBoundingClientRect().right > clientWidth);
  const faults = scrollWidth > clientWidth ? [`${scrollWidth} px: ${wide.slice(0, 3).map(name).join(", ")}`] : [];
  // Inline elements have no width of their own; the button of a row reaches into the margin of the page, as it should.
  const meant = (it) => it.matches(".y") || it.querySelector(":scope > button.x");
  const spills = (it) => it.clientWidth > 0 && it.scrollWidth > it.clientWidth + 1 && !meant(it);
  const texts = [...document.querySelectorAll("h1,h2,p,li,dt,dd,th,td,summary,caption,figcaption")];
  return [...faults, ...texts.filter(spills).map((it) => `text runs over: ${name(it)}`)];
}
