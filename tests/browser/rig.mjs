// What the browser tests stand on: the real binary with its demonstration, and a browser that notes what a page does.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import axe from "axe-core/axe.min.js";
import { chromium } from "playwright-core";

import { startValley } from "./valley.mjs";

export const SCHEMES = ["light", "dark"];
export const PHONE = { width: 360, height: 740 };

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const BINARY = process.env.BINARY ?? file("../../target/debug/riverwatch");
const CONFIG = file("../../config/riverwatch.toml");
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PATIENCE = 30_000;
export const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Starts `riverwatch demo` and waits until every feed has been fetched once; beside it `riverwatch serve` on the same
 * data, whose pages are those of a real site: without the notice of a demonstration, and with the script that ages them;
 * another one that wants nothing kept on telephones; and one of what the demonstration never has.
 */
export async function startSite() {
  const folder = await mkdtemp(join(tmpdir(), "riverwatch-browser-"));
  const database = join(folder, "demo.db");
  const running = [];
  const stop = async () => {
    await Promise.all(running.map(end));
    await rm(folder, { recursive: true, force: true });
  };
  const start = (options, settings) => {
    const program = spawn(BINARY, options, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...settings } });
    running.push(program);
    return listening(program);
  };
  try {
    const address = await start(["demo", "--port", "0", "--speed", "1", "--database", database], {});
    await fetched(address);
    const settings = {
      RIVERWATCH_DATABASE__URL: `sqlite:${database}`,
      RIVERWATCH_SERVER__LISTEN: "127.0.0.1:0",
      RIVERWATCH_SITE__ADDRESS: "https://river.example.org",
    };
    const serve = (more) => start(["serve", "--config", CONFIG], { ...settings, ...more });
    const [live, forgetful] = [await serve({}), await serve({ RIVERWATCH_SITE__OFFLINE: "false" })];
    return { address, live, forgetful, valley: await startValley(BINARY, folder, start), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts the program and waits until it says where it listens. */
export async function startProgram(options, settings) {
  const program = spawn(BINARY, options, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...settings } });
  return { address: await listening(program), stop: () => end(program) };
}

export function startBrowser() {
  return chromium.launch({
    executablePath: browserFile(),
    // The pages are the project's own; root and many containers cannot have the sandbox.
    chromiumSandbox: false,
    args: FLAGS,
  });
}

/** Runs `body` with a page of a fresh profile, which is closed afterwards. */
export async function withPage(browser, options, body) {
  const context = await browser.newContext({ viewport: PHONE, ...options });
  context.setDefaultTimeout(PATIENCE);
  try {
    return await body(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Goes to an address and tells its status, every request it caused, and what the console said. */
export async function visit(page, address) {
  const seen = { status: 0, requests: [], failed: [], console: [] };
  const note = (list, text) => (subject) => seen[list].push(text(subject));
  const listeners = {
    request: note("requests", (request) => request.url()),
    requestfailed: note("failed", (request) => request.url()),
    console: note("console", (message) => message.text()),
    pageerror: note("console", (error) => String(error)),
  };
  for (const [event, listener] of Object.entries(listeners)) page.on(event, listener);
  seen.status = (await page.goto(address, { waitUntil: "load" })).status();
  // One more round trip, so that what the load set off has been told.
  await page.title();
  for (const [event, listener] of Object.entries(listeners)) page.off(event, listener);
  seen.requests = seen.requests.filter((url) => !url.startsWith("data:"));
  return seen;
}

/** Waits until what is asked in the page is so. */
export async function until(page, asked, ...about) {
  const end = Date.now() + PATIENCE;
  while (!(await page.evaluate(asked, ...about))) {
    if (Date.now() > end) throw new Error(`not in time: ${asked}`);
    await pause(50);
  }
}

/** Unfolds everything that is folded. */
export const unfold = (page) =>
  page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));

/** Visits a page as a browser without scripts does; only then can axe be brought in, which is one. */
export async function visitWithout(page, address) {
  const session = await page.context().newCDPSession(page);
  const disabled = (value) => session.send("Emulation.setScriptExecutionDisabled", { value });
  await disabled(true);
  const seen = await visit(page, address);
  await disabled(false);
  await session.detach();
  return seen;
}

/** What axe finds against WCAG 2.2, levels A and AA: a line for each element. */
export async function violations(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
      rules: { "target-size": { enabled: true } },
    }),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}\n    ${node.html}\n    ${node.failureSummary}`),
  );
}

/** Debian's browser, or the one that CHROMIUM names. */
export function browserFile() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(":");
  const found = BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
  if (!found) throw new Error(`no browser: expected one of ${BROWSERS.join(", ")} in PATH, or CHROMIUM=FILE`);
  return found;
}

async function end(program) {
  const ended = program.exitCode ?? new Promise((resolve) => program.once("exit", resolve));
  program.kill("SIGTERM");
  await ended;
}

function listening(program) {
  return new Promise((resolve, reject) => {
    const said = [];
    program.stderr.on("data", (text) => said.push(text));
    program.once("error", reject);
    program.once("exit", (code) => reject(new Error(`${BINARY} ended with ${code}\n${said.join("")}`)));
    createInterface({ input: program.stdout }).on("line", (line) => {
      const address = /^listening on (http:\S+)$/.exec(line)?.[1];
      if (address) resolve(address);
    });
  });
}

async function fetched(address) {
  const until = Date.now() + PATIENCE;
  while (Date.now() < until) {
    const { feeds } = await (await fetch(`${address}/healthz`)).json();
    if (feeds.length > 0 && feeds.every((feed) => feed.state === "ok")) return;
    await pause(50);
  }
  throw new Error("the demonstration's feeds were not fetched in time");
}
