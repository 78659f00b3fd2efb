//! Faults of who and what: stations that go, come and change their names, columns that move, and names meant to hurt.

use crate::faults::documents::{Form, PLACE, Row, Series, at_place, csv, json, pi, rewritten};
use crate::faults::fault::{Data, Fault, REFUSED, Seen, TAKEN};
use crate::faults::server::ok;

const SECOND: &str = "01FA002";
const SIX: &[&str] = &[PLACE, SECOND, "01FA003", "01FA004", "01FA005", "01FA006"];

/// Rows of three hours ago and earlier.
fn old(rows: &[Row]) -> Vec<Row> {
    rows[..12].to_vec()
}

/// The columns of level and discharge the other way round, header and all.
fn exchanged(text: &str) -> String {
    let line = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        [&fields[..2], &fields[6..], &fields[2..6]].concat().join(",") + "\n"
    };
    text.lines().map(line).collect()
}

fn freshness(seen: &Seen, number: usize) -> &str {
    let station = number.checked_sub(1).map_or(&seen.after.station, |i| &seen.after.others[i]);
    station["status"]["freshness"].as_str().unwrap_or_default()
}

pub(crate) const ROWS: &[Fault] = &[
    Fault {
        key: "F41",
        name: "a station disappears",
        places: &[PLACE, SECOND],
        first: Some(|scene| ok(csv(&[old(&scene.rows()), at_place(SECOND, &old(&scene.rows()))].concat()))),
        then: |scene| ok(csv(&scene.more())),
        also: &[
            ("the other is fresh", |seen| freshness(seen, 0) == "fresh"),
            ("it alone is late", |seen| freshness(seen, 1) == "late"),
            ("and keeps what was known", |seen| seen.after.others[0]["observed"] == seen.before.others[0]["observed"]),
            ("until it is offline", |seen| seen.offline.others[0]["status"]["freshness"] == "offline"),
        ],
        ..TAKEN
    },
    Fault {
        key: "F42",
        name: "a station has another number",
        then: |scene| ok(csv(&at_place("01FA099", &scene.more()))),
        outcome: "empty",
        says: "no series of a place that a station names; have the places been renamed?",
        health: "ok",
        also: &[("is counted", |seen| seen.log.fetch.ignored == 1)],
        ..REFUSED
    },
    Fault {
        key: "F43",
        name: "a station nobody knows",
        then: |scene| ok(csv(&[scene.more(), at_place("01FA099", &scene.more())].concat())),
        also: &[("is counted", |seen| seen.log.fetch.ignored == 1)],
        ..TAKEN
    },
    Fault { key: "F44a", name: "columns in another order", then: |scene| ok(exchanged(&csv(&scene.more()))), ..TAKEN },
    Fault {
        key: "F44b",
        name: "a column of another name",
        then: |scene| ok(csv(&scene.more()).replace("Water Level / Niveau d'eau (m)", "Stage (m)")),
        says: "column 3 is `Stage (m)`, expected `Water Level (m)`",
        ..REFUSED
    },
    Fault { key: "F44c", name: "a column more", then: |scene| ok(csv(&scene.more()).replace('\n', ",x\n")), ..TAKEN },
    Fault {
        key: "F44d",
        name: "numbers as strings",
        form: Form::Json,
        then: |scene| ok(json(&rewritten(&scene.more(), |_, value| format!("\"{value}\"")))),
        ..TAKEN
    },
    Fault {
        key: "F44e",
        name: "numbers as arrays",
        form: Form::Json,
        then: |scene| ok(json(&rewritten(&scene.more(), |_, value| format!("[{value}]")))),
        says: "feature 1: ",
        ..REFUSED
    },
    Fault {
        key: "F44f",
        name: "a property of another name",
        form: Form::Json,
        then: |scene| ok(json(&scene.more()).replace("LEVEL", "STAGE").replace("DISCHARGE", "FLOW")),
        says: "no property LEVEL or DISCHARGE",
        ..REFUSED
    },
    Fault {
        key: "F45",
        name: "three of six stations unreadable",
        places: SIX,
        first: Some(|scene| {
            ok(csv(&SIX.iter().flat_map(|place| at_place(place, &old(&scene.rows()))).collect::<Vec<_>>()))
        }),
        then: |scene| {
            let good = SIX[..3].iter().flat_map(|place| at_place(place, &scene.more()));
            let bad = rewritten(&scene.more(), |_, _| "temporarily unavailable".to_owned());
            ok(csv(&good.chain(SIX[3..].iter().flat_map(|place| at_place(place, &bad))).collect::<Vec<_>>()))
        },
        says: "`temporarily unavailable` is not a decimal number",
        also: &[
            ("the rows are counted", |seen| seen.log.fetch.rejected == 75),
            ("three are fresh", |seen| (0..3).all(|i| freshness(seen, i) == "fresh")),
            ("three are late", |seen| (3..6).all(|i| freshness(seen, i) == "late")),
        ],
        ..TAKEN
    },
    Fault {
        key: "F48",
        name: "two feeds disagree",
        second_source: Some("F00b"),
        then: |scene| ok(csv(&scene.more())),
        also: &[
            ("the first in order speaks", |seen| seen.after.station["status"]["value"] == 5.01),
            ("and is named", |seen| seen.after.station["status"]["source"] == "f48"),
        ],
        ..TAKEN
    },
    Fault {
        key: "F49a",
        name: "a script for a column's name",
        then: |scene| ok(csv(&scene.more()).replacen(" ID,", "<script>alert(1)</script>,", 1)),
        says: "column 1 is `<script>alert(1)</script>`",
        also: &[("the feeds' page shows it as text", |seen| {
            seen.after
                .feeds
                .iter()
                .all(|page| page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert"))
        })],
        ..REFUSED
    },
    Fault {
        key: "F49b",
        name: "markup in a value",
        then: |scene| ok(csv(&[scene.more(), vec![scene.row(5, "<img src=x onerror=alert(1)>")]].concat())),
        says: "`<img src=x onerror=alert(1)>` is not a decimal number",
        also: &[("the feeds' page shows it as text", |seen| {
            seen.after.feeds.iter().all(|page| !page.contains("<img"))
        })],
        ..TAKEN
    },
    Fault {
        key: "F49c",
        name: "text from right to left",
        then: |scene| ok(csv(&scene.more()).replacen(" ID,", "\u{202e}ID\u{2066},", 1)),
        says: "column 1 is ",
        also: &[("the override is nowhere", |seen| seen.nowhere("\u{202e}") && seen.nowhere("\u{2066}"))],
        ..REFUSED
    },
    Fault {
        key: "F49d",
        name: "a name of 1 MB",
        form: Form::Pi,
        then: |scene| ok(pi(&[Series::measured(at_place(&"x".repeat(1_000_000), &scene.more()))])),
        says: "expected 1 to 100 characters",
        also: &[("what is told of it is short", |seen| {
            seen.log.fetch.message.as_ref().is_some_and(|message| message.len() <= 300)
        })],
        ..REFUSED
    },
    Fault {
        key: "F49e",
        name: "a link that is a script",
        form: Form::Table,
        then: |_| {
            let link = "<WSC_URL_EN>javascript:alert(1)</WSC_URL_EN></station>";
            ok(crate::faults::documents::table(["4", "5.5", "6", "6.5"]).replace("</station>", link))
        },
        data: Data::Other,
        also: &[("is nowhere", |seen| seen.nowhere("javascript:"))],
        ..TAKEN
    },
];
