// A site of what the demonstration never has: an official alert, discharge beside a level and alone, operators and their notes.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const TOKEN = "a token that is known to this test alone";
const HOUR = 3600_000;

/** What is peculiar to this site; the first two are of the site whole. */
export const VALLEY = [
  ...["", "notes", "board", "report", "river/valley-river", "compare?stations=bend,dam"],
  ...["bend", "bend/discharge", "bend/log", "bend/share", "dam"].map((path) => `station/${path}`),
];

const feed = (id, format) => `
[feeds.${id}]
title = "Feed ${id}"
address = "https://${id}.example.org/"
format = "${format}"
schedule = "0 0 1 1 *"
attribution = "Source: ${id}"
`;

const CONFIG = `stations = "*.river"

[site]
title = { en = "Valley", fr = "Vallée" }
timezone = "America/Moncton"

[server]
listen = "127.0.0.1:0"

[fetch]
contact = "valley@example.org"
${feed("gauges", "eccc-csv")}${feed("alerts", "cap-xml")}
[[operators]]
name = "A. Operator, Emergency Measures"
token_sha256 = "${createHash("sha256").update(TOKEN).digest("hex")}"
`;

const RIVER = `[river]
name = { en = "Valley River", fr = "Rivière de la Vallée" }

[thresholds]
scheme = "new-brunswick"
source = { en = "The province", fr = "La province" }

[[station]]
id = "bend"
name = { en = "The Bend", fr = "Le Coude" }
latitude = 45.9
longitude = -66.5
thresholds = { advisory = 5.0, watch = 5.5, warning = 6.0, flood = 6.5 }
source = [
    { feed = "gauges", location = "01ZZ001" },
    { feed = "gauges", location = "01ZZ001", parameter = "discharge" },
]

[[station]]
id = "dam"
name = { en = "The Dam", fr = "Le Barrage" }
latitude = 46.0
longitude = -66.4
thresholds = { advisory = 1200, watch = 1755, warning = 2500 }
source = [{ feed = "gauges", location = "01ZZ007", parameter = "discharge" }]
`;

/** Four days of hourly rows that end now: a level and a discharge at one gauge, a discharge alone at the other. */
function gauges(now) {
  const head = " ID,Date,Water Level / Niveau d'eau (m),Grade,Symbol / Symbole,QA/QC,Discharge / Débit (cms),Grade,Symbol / Symbole,QA/QC\n";
  const rows = Array.from({ length: 97 }, (_, n) => {
    const at = new Date(now - (96 - n) * HOUR).toISOString();
    return `01ZZ001,${at},${(4.8 + n / 100).toFixed(3)},,,1,${900 + 4 * n},,,1\n01ZZ007,${at},,,,,${1000 + 6 * n},,,1\n`;
  });
  return head + rows.join("");
}

/** A warning in both languages for where the first station lies. */
function warning(now) {
  const time = (hours) => new Date(now + hours * HOUR).toISOString().replace(/[.]\d+Z$/, "-00:00");
  const info = (language, event, sender, headline, text, area) =>
    `<info><language>${language}</language><event>${event}</event><severity>Severe</severity><expires>${time(12)}</expires>
    <senderName>${sender}</senderName><headline>${headline}</headline><description>${text}</description>
    <instruction>${text}</instruction><web>https://alerts.example.org/1</web><area><areaDesc>${area}</areaDesc>
    <polygon>45.5,-66.9 46.2,-66.9 46.2,-65.9 45.5,-65.9 45.5,-66.9</polygon></area></info>`;
  return `<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>valley-1</identifier>
    <sender>office@alerts.example.org</sender><sent>${time(-1)}</sent><status>Actual</status><msgType>Alert</msgType>
    <scope>Public</scope>${info("en-CA", "flood warning", "River Centre", "flood warning in effect", "Levels rise.", "Lower valley")}
    ${info("fr-CA", "avertissement de crue", "Centre des rivières", "avertissement de crue en vigueur", "L’eau monte.", "Basse vallée")}</alert>`;
}

/** Makes the site in a folder and starts it with `start`, which takes options and settings; gives its address. */
export async function startValley(binary, folder, start) {
  const [home, now] = [join(folder, "valley"), Date.now()];
  await mkdir(home);
  const files = { "riverwatch.toml": CONFIG, "valley.river": RIVER, gauges: gauges(now), alerts: warning(now) };
  for (const [name, text] of Object.entries(files)) await writeFile(join(home, name), text);
  const config = join(home, "riverwatch.toml");
  const settings = { RIVERWATCH_CONFIG: config, RIVERWATCH_DATABASE__URL: `sqlite:${join(home, "valley.db")}` };
  for (const name of ["gauges", "alerts"]) {
    await promisify(execFile)(binary, ["import", name, join(home, name)], { env: { ...process.env, ...settings } });
  }
  const address = await start(["serve"], settings);
  const { episodes } = await (await fetch(`${address}/en/station/bend/episodes.json`)).json();
  const note = { station: "bend", began: episodes[0].began, text: "Pumps are on site", seen: true };
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  const reply = await fetch(`${address}/api/notes`, { method: "POST", headers, body: JSON.stringify(note) });
  assert.equal(reply.status, 201, await reply.text());
  return address;
}
