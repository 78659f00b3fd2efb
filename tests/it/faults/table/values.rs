//! Faults of the numbers: missing ones written as numbers, impossible ones, other units and zeros, and second thoughts.

use crate::faults::documents::{Form, Row, Scene, Series, csv, json, metres, pi, rewritten, table};
use crate::faults::fault::{Data, Fault, REFUSED, Seen, TAKEN};
use crate::faults::server::ok;

/// Every value raised by so many centimetres.
pub(super) fn raised(rows: &[Row], centimetres: i64) -> Vec<Row> {
    rewritten(rows, |_, value| metres(milli(value) + 10 * centimetres))
}

fn milli(value: &str) -> i64 {
    value.replace('.', "").parse().expect("a number with three decimals")
}

/// Every value times so many percent.
fn scaled(rows: &[Row], percent: i64) -> Vec<Row> {
    rewritten(rows, |_, value| metres(milli(value) * percent / 100))
}

/// The rows, and values missing at the last of them.
fn missing(scene: &Scene, sentinels: &[&str]) -> Vec<Row> {
    let rows = scene.more();
    let first = rows.len() - sentinels.len();
    rewritten(&rows, |i, value| i.checked_sub(first).map_or(value.to_owned(), |i| sentinels[i].to_owned()))
}

fn corrected(scene: &Scene) -> Vec<Row> {
    rewritten(&scene.rows(), |i, value| if i < 16 { value.to_owned() } else { metres(milli(value) - 200) })
}

/// It moved once, and then no more for 26 hours.
fn flat(scene: &Scene) -> Vec<Row> {
    (0..106).rev().map(|i| scene.row(10 + 15 * i, if i == 105 { "4.990" } else { "5.000" })).collect()
}

/// Whether the page tells of a reading that does not count.
fn doubts(seen: &Seen) -> bool {
    seen.page_says(["is in doubt and not counted", "est douteuse et non retenue"])
}

/// Whether the level is one that could be.
fn below(seen: &Seen, metres: f64) -> bool {
    seen.after.station["status"]["value"].as_f64().is_some_and(|value| value < metres)
}

fn no_number_is_shown(seen: &Seen) -> bool {
    // Word by word: a height of 4.99 in one cell and 9 o'clock in the next are no 999.
    let shown = |page: &String| {
        let (_, main) = page.split_once("<main").expect("what is shown");
        main.split('<').filter_map(|part| Some(part.split_once('>')?.1)).collect::<Vec<_>>().join(" ")
    };
    let pages: Vec<String> = seen.after.pages.iter().map(shown).collect();
    ["999", "777", "888", "NaN"].iter().all(|text| pages.iter().all(|page| !page.contains(text)))
}

pub(crate) const ROWS: &[Fault] = &[
    Fault {
        key: "F32a",
        name: "-999, -9999, NaN, N/A, ---, nothing",
        then: |scene| ok(csv(&missing(scene, &["-999", "-9999", "NaN", "N/A", "---", ""]))),
        // The newest of them is of an instant that had no value before.
        data: Data::Rows(|scene| missing(scene, &["-", "-", "-", "-", "-", ""])[..24].to_vec()),
        also: &[("none is shown", no_number_is_shown)],
        ..TAKEN
    },
    Fault {
        key: "F32b",
        name: "-888",
        then: |scene| ok(csv(&[scene.rows(), vec![scene.row(0, "-888")]].concat())),
        data: Data::Other,
        also: &[("none is shown", no_number_is_shown)],
        ..TAKEN
    },
    Fault {
        key: "F32c",
        name: "99999",
        then: |scene| ok(csv(&[scene.rows(), vec![scene.row(0, "99999")]].concat())),
        data: Data::Other,
        also: &[("none is shown", no_number_is_shown)],
        ..TAKEN
    },
    Fault {
        key: "F32d",
        name: "0.00 for every value",
        then: |scene| ok(csv(&rewritten(&scene.more(), |_, _| "0.00".to_owned()))),
        data: Data::Other,
        also: &[("the page says so", doubts)],
        says: "rewritten at once",
        ..TAKEN
    },
    Fault {
        key: "F32g",
        name: "0.00 from three hours ago on",
        then: |scene| ok(csv(&rewritten(&scene.more()[12..], |_, _| "0.00".to_owned()))),
        data: Data::Other,
        also: &[("the page says so", doubts)],
        says: "rewritten at once",
        ..TAKEN
    },
    Fault {
        key: "F32e",
        name: "a missing value of the document's own",
        form: Form::Pi,
        then: |scene| {
            let rows = [scene.rows(), vec![scene.row(0, "-777")]].concat();
            ok(pi(&[Series { missing: "-777.0", ..Series::measured(rows) }]))
        },
        data: Data::Kept,
        also: &[("none is shown", no_number_is_shown)],
        ..TAKEN
    },
    Fault {
        key: "F32f",
        name: "null",
        form: Form::Json,
        then: |scene| ok(json(&missing(scene, &["null", "null"]))),
        data: Data::Rows(|scene| missing(scene, &["-", "-"])[..24].to_vec()),
        ..TAKEN
    },
    Fault {
        key: "F33",
        name: "1,800 ft",
        then: |scene| ok(csv(&[scene.rows(), vec![scene.row(0, "548.640")]].concat())),
        data: Data::Other,
        also: &[("is not the level", |seen| below(seen, 5.1)), ("the page says so", doubts)],
        ..TAKEN
    },
    Fault {
        key: "F34",
        name: "the same value for 26 hours",
        first: Some(|scene| ok(csv(&flat(scene)))),
        then: |scene| ok(csv(&[flat(scene), vec![scene.row(0, "5.000")]].concat())),
        data: Data::Rows(|scene| [flat(scene), vec![scene.row(0, "5.000")]].concat()),
        also: &[("the page says so", |seen| {
            seen.page_says(["the gauge may be stuck.", "l’instrument est peut-être bloqué."])
        })],
        ..TAKEN
    },
    Fault {
        key: "F35",
        name: "ice",
        then: |scene| ok(csv(&scene.more().into_iter().map(|row| Row { symbol: "B", ..row }).collect::<Vec<_>>())),
        also: &[
            ("is in the data", |seen| seen.after.station["status"]["quality"] == "ice"),
            ("is on the page", |seen| seen.page_says(["Ice affects this level.", "La glace influence ce niveau."])),
        ],
        ..TAKEN
    },
    Fault {
        key: "F36a",
        name: "feet, and the header says so",
        then: |scene| ok(csv(&scaled(&scene.more(), 328)).replace("(m)", "(ft)")),
        says: "expected `Water Level (m)`",
        ..REFUSED
    },
    Fault {
        key: "F36b",
        name: "feet where feet are read",
        form: Form::Pi,
        then: |scene| {
            let rows = vec![scene.row(0, "16.437")];
            ok(pi(&[Series { units: "FT", ..Series::measured(rows) }]))
        },
        says: "1 of the usual 24 readings",
        health: "short",
        ..TAKEN
    },
    Fault {
        key: "F36c",
        name: "feet from three hours ago on, and nothing says so",
        then: |scene| ok(csv(&scaled(&scene.more()[12..], 328))),
        data: Data::Other,
        also: &[("are not the level", |seen| below(seen, 5.1)), ("the page says so", doubts)],
        says: "rewritten at once",
        ..TAKEN
    },
    Fault {
        key: "F36d",
        name: "centimetres from three hours ago on, and nothing says so",
        then: |scene| ok(csv(&scaled(&scene.more()[12..], 10_000))),
        data: Data::Other,
        also: &[("are not the level", |seen| below(seen, 5.1)), ("the page says so", doubts)],
        says: "rewritten at once",
        ..TAKEN
    },
    Fault {
        key: "F36f",
        name: "feet in all of the document, and nothing says so",
        then: |scene| ok(csv(&scaled(&scene.more(), 328))),
        data: Data::Other,
        also: &[("are not the level", |seen| below(seen, 5.1)), ("the page says so", doubts)],
        says: "rewritten at once",
        ..TAKEN
    },
    Fault {
        key: "F36e",
        name: "a unit nobody knows",
        form: Form::Pi,
        then: |scene| ok(pi(&[Series { units: "FATHOM", ..Series::measured(scene.more()) }])),
        says: "in units `FATHOM`, expected M, FT, CMS or CFS",
        ..REFUSED
    },
    Fault {
        key: "F37",
        name: "another zero",
        then: |scene| ok(csv(&[scene.rows(), raised(&[scene.row(0, "5.010")], 500)].concat())),
        data: Data::Other,
        also: &[("is not the level", |seen| below(seen, 5.1)), ("the page says so", doubts)],
        ..TAKEN
    },
    Fault {
        key: "F38a",
        name: "no thresholds",
        thresholds: false,
        then: |scene| ok(csv(&scene.more())),
        level: "unknown",
        also: &[
            ("the level is shown", |seen| seen.page_says(["<b>5.01</b>m", "<b>5,01</b>m"])),
            ("without a colour", |seen| seen.after.pages.iter().all(|page| page.contains("class=\"c cu\""))),
        ],
        ..TAKEN
    },
    Fault {
        key: "F38b",
        name: "the authority moves a threshold",
        form: Form::Table,
        then: |_| ok(table(["4", "5.5", "6", "6.25"])),
        data: Data::Other,
        also: &[("the feeds' page tells", |seen| {
            seen.after.feeds[0].contains("flood level is 6.50\u{a0}m here and 6.25\u{a0}m in the feed.")
        })],
        ..TAKEN
    },
    Fault {
        key: "F38c",
        name: "the authority's thresholds do not rise",
        form: Form::Table,
        then: |_| ok(table(["4", "3", "2", "1"])),
        data: Data::Other,
        says: "thresholds must rise: advisory 4 is not below watch 3",
        also: &[("the feeds' page tells", |seen| seen.after.feeds[0].contains("advisory 4 is not below watch 3"))],
        ..REFUSED
    },
    Fault {
        key: "F39",
        name: "two hours corrected",
        then: |scene| ok(csv(&corrected(scene))),
        data: Data::Rows(corrected),
        also: &[
            ("the revisions are counted", |seen| (seen.log.new, seen.log.revised) == (0, 8)),
            ("the page has a new tag", |seen| seen.before.etag != seen.after.etag && seen.after.etag.is_some()),
        ],
        ..TAKEN
    },
    Fault {
        key: "F40a",
        name: "a value taken back",
        then: |scene| {
            ok(csv(&rewritten(&scene.more(), |i, value| if i == 12 { String::new() } else { value.to_owned() })))
        },
        data: Data::Rows(|scene| {
            rewritten(&scene.more(), |i, value| if i == 12 { String::new() } else { value.to_owned() })
        }),
        ..TAKEN
    },
    Fault {
        key: "F40b",
        name: "a row left out",
        then: |scene| {
            let mut rows = scene.more();
            rows.remove(12);
            ok(csv(&rows))
        },
        data: Data::Rows(|scene| {
            rewritten(&scene.more(), |i, value| if i == 12 { String::new() } else { value.to_owned() })
        }),
        ..TAKEN
    },
];
