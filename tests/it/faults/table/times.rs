//! Faults of time: documents that stand still or go back, instants that cannot be, rows twice, out of order or left out.

use crate::faults::documents::{Form, Row, Scene, Series, csv, pi};
use crate::faults::fault::{Data, Fault, REFUSED, Seen, TAKEN};
use crate::faults::server::{ok, with};

/// The rows without four hours of them: longer than three of the station's cadences.
fn with_gap(mut rows: Vec<Row>) -> Vec<Row> {
    rows.drain(4..20);
    rows
}

fn forecast(scene: &Scene, peak: &str) -> Vec<Row> {
    vec![scene.row(-60, "5.050"), scene.row(-600, peak), scene.row(-1440, "5.200")]
}

/// How many lines the picture draws of what is measured.
fn lines(seen: &Seen) -> usize {
    let paths = seen.after.picture.split("<path class=\"ro\" d=\"").skip(1);
    paths.map(|path| path.split('"').next().unwrap_or_default().to_lowercase().matches('m').count()).sum()
}

pub(crate) const ROWS: &[Fault] = &[
    Fault {
        key: "F23a",
        name: "the same document for ever",
        then: |scene| ok(csv(&scene.rows())),
        outcome: "unchanged",
        data: Data::Kept,
        also: &[("is degraded once its data are stale", |seen| {
            seen.offline.health["state"] != "ok" && seen.offline.overall["status"] == "degraded"
        })],
        ..TAKEN
    },
    Fault {
        key: "F23b",
        name: "other bytes, nothing newer",
        then: |scene| ok(csv(&scene.rows()) + "\n"),
        data: Data::Kept,
        ..TAKEN
    },
    Fault { key: "F24", name: "time goes back", then: |scene| ok(csv(&scene.rows()[..12])), data: Data::Kept, ..TAKEN },
    Fault {
        key: "F25a",
        name: "a clock an hour ahead",
        then: |scene| ok(csv(&[scene.more(), vec![scene.row(-60, "6.600")]].concat())),
        says: "which is in the future; is its clock right?",
        also: &[("the row is counted", |seen| seen.log.fetch.rejected == 1)],
        ..TAKEN
    },
    Fault {
        key: "F25b",
        name: "the year 2099",
        then: |scene| {
            let far = Row { valid: "2099-04-20T12:00:00Z".to_owned(), ..scene.row(0, "6.600") };
            ok(csv(&[scene.more(), vec![far]].concat()))
        },
        says: "which is in the future",
        ..TAKEN
    },
    Fault {
        key: "F25c",
        name: "all of it in the future",
        then: |scene| ok(csv(&[scene.row(-60, "6.600"), scene.row(-75, "6.600")])),
        says: "which is in the future",
        ..REFUSED
    },
    Fault {
        key: "F25d",
        name: "a forecast issued in the future",
        form: Form::Pi,
        then: |scene| {
            let ahead = Series::forecast(scene.ago(-300), forecast(scene, "6.200"));
            ok(pi(&[Series::measured(scene.more()), ahead]))
        },
        also: &[("counts as issued when it came", |seen| {
            let issued = seen.after.station["outlook"]["issued"].as_str().unwrap_or_default().parse();
            issued.is_ok_and(|issued: jiff::Timestamp| issued == seen.log.fetch.at)
        })],
        ..TAKEN
    },
    Fault {
        key: "F26a",
        name: "a server's clock a day ahead of ours",
        then: |scene| {
            let date = (scene.ago(-1440)).strftime("%a, %d %b %Y %H:%M:%S GMT");
            with(&format!("Date: {date}\r\n"), csv(&scene.more()))
        },
        ..TAKEN
    },
    Fault {
        key: "F26b",
        name: "and another server's too",
        then: |scene| {
            let date = (scene.ago(-1440)).strftime("%a, %d %b %Y %H:%M:%S GMT");
            with(&format!("Date: {date}\r\n"), csv(&scene.more()))
        },
        also: &[("health names the clock", |seen| {
            let whole = seen.after.overall.as_object();
            whole.is_some_and(|whole| {
                whole.iter().any(|(key, said)| key != "feeds" && said.to_string().contains("clock"))
            })
        })],
        ..TAKEN
    },
    Fault {
        key: "F27",
        name: "rows twice, equal",
        then: |scene| ok(csv(&[scene.more(), scene.more()].concat())),
        also: &[("nothing is rejected", |seen| seen.log.fetch.rejected == 0)],
        ..TAKEN
    },
    Fault {
        key: "F28",
        name: "a row twice, different",
        then: |scene| ok(csv(&[scene.rows(), vec![scene.row(0, "5.900"), scene.row(0, "5.010")]].concat())),
        says: "two values for",
        ..TAKEN
    },
    Fault {
        key: "F29a",
        name: "rows out of order",
        then: |scene| ok(csv(&scene.more().into_iter().rev().collect::<Vec<_>>())),
        ..TAKEN
    },
    Fault {
        key: "F29b",
        name: "a gap of four hours",
        first: Some(|scene| ok(csv(&with_gap(scene.rows())))),
        then: |scene| ok(csv(&with_gap(scene.more()))),
        data: Data::Rows(|scene| with_gap(scene.more())),
        also: &[("no line crosses it", |seen| lines(seen) == 2)],
        ..TAKEN
    },
    Fault {
        key: "F31a",
        name: "a date without a year",
        then: |scene| {
            ok(csv(&[scene.more(), vec![Row { valid: "20 May 07:00".to_owned(), ..scene.row(0, "6.600") }]].concat()))
        },
        says: "is not a time with its offset",
        ..TAKEN
    },
    Fault {
        key: "F31b",
        name: "a month by its French name",
        then: |scene| {
            ok(csv(
                &[scene.more(), vec![Row { valid: "20 mai 2026 07:00".to_owned(), ..scene.row(0, "6.600") }]].concat()
            ))
        },
        says: "is not a time with its offset",
        ..TAKEN
    },
    Fault {
        key: "F46",
        name: "a forecast of thirty hours ago",
        form: Form::Pi,
        first: Some(|scene| {
            let old = Series::forecast(scene.ago(1800), forecast(scene, "6.200"));
            ok(pi(&[Series::measured(scene.rows()), old]))
        }),
        then: |scene| {
            let old = Series::forecast(scene.ago(1800), forecast(scene, "6.200"));
            ok(pi(&[Series::measured(scene.more()), old]))
        },
        also: &[
            ("is old", |seen| seen.after.station["outlook"]["state"] == "old"),
            ("says nothing of what is ahead", |seen| seen.after.station["outlook"]["peak"].is_null()),
            ("the page says so", |seen| seen.page_says(["is too old to use.", "est trop ancienne pour servir."])),
            ("and does not show it", |seen| {
                seen.after.pages.iter().all(|page| !page.contains("6.20") && !page.contains("6,20"))
            }),
        ],
        ..TAKEN
    },
    Fault {
        key: "F47",
        name: "forecast and measurement disagree",
        form: Form::Pi,
        then: |scene| {
            let apart = vec![scene.row(0, "3.100"), scene.row(-60, "3.200"), scene.row(-600, "3.400")];
            ok(pi(&[Series::measured(scene.more()), Series::forecast(scene.ago(60), apart)]))
        },
        also: &[
            ("the measurement stands", |seen| seen.after.station["status"]["value"] == 5.01),
            ("the page says that they disagree", |seen| seen.page_says(["disagree", "désaccord"])),
        ],
        ..TAKEN
    },
];
