// The pictures: every kind of page for whoever reviews the look, and the two that the README shows.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { PHONE, SCHEMES, unfold, visit, withPage } from "./rig.mjs";

const NAMES = {
  list: "",
  filtered: "?status=advisory",
  station: "station/fredericton",
  silent: "station/jemseg",
  ungauged: "station/connors",
  jam: "station/woodstock",
  about: "about",
  status: "status",
  missing: "station/no-such-place",
};
const WIDE = { width: 1280, height: 900 };
/** Between the two halves of a README picture, in pixels. */
const GAP = 24;

/** Writes pictures into a folder: NAME-LANGUAGE-SCHEME-WIDTH.png of whole pages, `list.png` and `station.png`. */
export async function pictures(browser, address, folder) {
  await mkdir(folder, { recursive: true });
  const shoot = (name, language, colorScheme, viewport) =>
    withPage(browser, { colorScheme, viewport }, async (page) => {
      await visit(page, `${address}/${language}/${NAMES[name]}`);
      await unfold(page);
      const path = join(folder, `${name}-${language}-${colorScheme}-${viewport.width}.png`);
      await page.screenshot({ path, fullPage: true });
    });
  for (const name of Object.keys(NAMES)) {
    for (const language of ["en", "fr"]) {
      for (const scheme of SCHEMES) await shoot(name, language, scheme, PHONE);
      await shoot(name, language, "light", WIDE);
    }
  }
  await pair(browser, `${address}/en/`, join(folder, "list.png"));
  await pair(browser, `${address}/en/${NAMES.station}`, join(folder, "station.png"));
}

/** The first screen of a page, in light and in dark side by side: two telephones in one small file. */
async function pair(browser, address, file) {
  const screens = [];
  for (const colorScheme of SCHEMES) {
    const screen = await withPage(browser, { colorScheme }, async (page) => {
      await visit(page, address);
      return page.screenshot();
    });
    screens.push(`<img src="data:image/png;base64,${screen.toString("base64")}">`);
  }
  await withPage(browser, { viewport: { width: 2 * PHONE.width + GAP, height: PHONE.height } }, async (page) => {
    await page.setContent(`<body style="margin:0;display:flex;gap:${GAP}px">${screens.join("")}`, { waitUntil: "load" });
    await page.screenshot({ path: file, omitBackground: true });
  });
}
