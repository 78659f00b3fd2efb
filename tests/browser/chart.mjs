// The chart, value by value: by keys, by a click and by touch, in the words of the table below it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SCHEMES, violations, visit, withPage } from "./rig.mjs";

const STATION = "station/fredericton";
const SLIDER = "main figure input[type=range]";
const SPOKEN = {
  en: /^(?:[A-Z][a-z]+|\d+ [A-Z][a-z]+) \d\d:\d\d, −?\d+\.\d\d\sm, (measured|forecast)$/,
  fr: /^(?:[A-Z][a-z’]+|Le \d+ [a-zé]+) \d+\sh(?:\s\d\d)?, −?\d+,\d\d\sm, (mesuré|prévu)$/,
};

/** The tests; `running` gives the site and the browser once they run. */
export function charts(running) {
  const station = (language, options, body) =>
    withPage(running().browser, options, async (page) => {
      await visit(page, `${running().site.live}/${language}/${STATION}`);
      await body(page, page.locator(SLIDER));
    });

  for (const language of ["en", "fr"]) {
    test(`keys go through the values of the chart, ${language}`, () =>
      station(language, {}, async (page, slider) => {
        const asked = [];
        page.on("request", (request) => asked.push(request.url()));
        await slider.focus();
        const values = await numbers(page);
        const newest = values.findLastIndex((value) => !value.ahead);
        const told = async () => {
          const { words, shown } = await said(page);
          assert.match(words, SPOKEN[language]);
          assert.equal(shown, words, "what is seen and what is heard");
          return { words, at: Number(await slider.inputValue()), ...(await marker(page)) };
        };
        const first = await told();
        assert.ok(first.words.includes(values[newest].level) && first.words.includes(values[newest].clock));
        await page.keyboard.press("ArrowRight");
        const next = await told();
        assert.ok(next.words.includes(values[newest + 1].level) && next.words.includes(values[newest + 1].clock));
        assert.ok(next.x > first.x, "the marker moves with time");
        await page.keyboard.press("ArrowLeft");
        assert.deepEqual(await told(), first);
        await page.keyboard.press("End");
        const last = await told();
        assert.ok(last.words.includes(values.at(-1).level) && last.words.includes(values.at(-1).clock));
        await page.keyboard.press("PageDown");
        assert.ok((await told()).at < last.at - 1, "a larger step");
        await page.keyboard.press("Home");
        assert.equal((await told()).at, 0);
        await page.keyboard.press("PageUp");
        assert.ok((await told()).at > 1);
        await page.keyboard.press("Escape");
        assert.deepEqual(await said(page), { words: (await said(page)).words, shown: "" });
        assert.equal((await marker(page)).x, undefined, "nothing is left on the chart");
        assert.ok(!(await slider.evaluate((it) => it === document.activeElement)));
        assert.deepEqual(asked, []);
      }));

    test(`a click and a finger show the value there, ${language}`, () =>
      station(language, { hasTouch: true }, async (page, slider) => {
        const chart = page.locator("main figure svg").first();
        const { x, y, width, height } = await chart.boundingBox();
        const at = async (across, touch) => {
          await page[touch ? "touchscreen" : "mouse"][touch ? "tap" : "click"](x + across, y + height / 2);
          const { words, shown } = await said(page);
          assert.equal(shown, words);
          assert.match(words, SPOKEN[language]);
          return { at: Number(await slider.inputValue()), across: (await marker(page)).x, words };
        };
        const [early, late] = [await at(width * 0.3, false), await at(width * 0.6, false)];
        assert.ok(late.at > early.at);
        assert.ok(Math.abs(late.across - width * 0.6) < width / 20, `the marker is at ${late.across} of ${width}`);
        assert.deepEqual(await at(early.across, true), early, "a finger finds the same");
      }));
  }

  test("every value stands on its line", () =>
    station("en", {}, async (page, slider) => {
      await slider.focus();
      await page.keyboard.press("Home");
      const values = await numbers(page);
      const places = [];
      for (const [i] of values.entries()) {
        if (i > 0) await page.keyboard.press("ArrowRight");
        places.push(await marker(page));
      }
      assert.ok(places.every(({ x }, i) => i === 0 || x > places[i - 1].x), "in time order");
      // A level's height on the chart is a straight line of its number: what two values say, all others keep to a pixel.
      const number = ({ level }) => Number(level);
      const [low, high] = [0, 1].map((end) => values.map(number).reduce((best, it, i, all) => ((end ? it > all[best] : it < all[best]) ? i : best), 0));
      const slope = (places[high].y - places[low].y) / (number(values[high]) - number(values[low]));
      values.forEach((value, i) => {
        const expected = places[low].y + (number(value) - number(values[low])) * slope;
        assert.ok(Math.abs(places[i].y - expected) < 1.5, `${value.clock} ${value.level}: ${places[i].y}, not ${expected}`);
      });
    }));

  test("without the script the chart is a picture, and with it one more stop of the tabulator", async () => {
    await station("en", { javaScriptEnabled: false }, async (page, slider) => assert.equal(await slider.count(), 0));
    await station("en", {}, async (page, slider) => {
      assert.equal(await slider.getAttribute("aria-labelledby"), "c-t");
      await page.locator("button.x, .c a").last().focus();
      await page.keyboard.press("Tab");
      assert.ok(await slider.evaluate((it) => it === document.activeElement));
      assert.match(await page.locator("main figure").first().evaluate((it) => getComputedStyle(it).outlineStyle), /solid/);
    });
  });

  for (const options of [...SCHEMES.map((colorScheme) => ({ colorScheme })), { forcedColors: "active" }, { viewport: { width: 320, height: 640 } }]) {
    test(`what the script adds to the chart is accessible and in its place, ${JSON.stringify(options)}`, () =>
      station("fr", options, async (page, slider) => {
        await slider.focus();
        await page.keyboard.press("End");
        assert.deepEqual(await violations(page), []);
        const words = await page.locator("main figure > b").boundingBox();
        const { width } = page.viewportSize();
        assert.ok(words.x >= 0 && words.x + words.width <= width && words.height < 48, JSON.stringify(words));
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
      }));
  }
}

/** What is heard, and what is seen above the chart. */
const said = (page) =>
  page.evaluate(() => ({
    words: document.querySelector("main figure input").getAttribute("aria-valuetext"),
    shown: document.querySelector("main figure > b").textContent,
  }));

/** Where the marker's ring is, in pixels of the chart. */
const marker = (page) =>
  page.evaluate(() => {
    const svg = document.querySelector("main figure svg");
    const place = /M(\S+) (\S+)m/.exec(svg.lastElementChild.getAttribute("d"));
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return place ? { x: place[1] * scale, y: place[2] * scale } : {};
  });

/** The numbers of the table that lie within the chart. */
const numbers = (page) =>
  page.evaluate(() => {
    const rows = [...document.querySelectorAll("table tbody tr:has(td)")].map((row) => ({
      clock: row.cells[0].textContent,
      level: row.cells[1].textContent,
      ahead: row.parentNode.matches(".p"),
    }));
    return rows.slice(-1 - document.querySelector("main figure input").max);
  });
