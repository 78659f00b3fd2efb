//! Faults of the document as text: markup meant to hurt, encodings, and the marks and line ends of other systems.

use std::time::Duration;

use crate::faults::documents::{Form, Row, Scene, Series, at_place, csv, pi};
use crate::faults::fault::{Data, Fault, REFUSED, Seen, TAKEN};
use crate::faults::server::ok;

const FRENCH: &str = "Saint-François";

/// The good document with something put before the root.
fn after_declaration(scene: &Scene, what: &str) -> String {
    pi(&[Series::measured(scene.more())]).replacen("?>\n", &format!("?>\n{what}\n"), 1)
}

fn french(rows: &[Row]) -> String {
    pi(&[Series::measured(at_place(FRENCH, rows))])
}

/// One byte a character, as an old export writes.
fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect()
}

fn quick(seen: &Seen) -> bool {
    seen.log.fetch.took < Duration::from_secs(2)
}

pub(crate) const ROWS: &[Fault] = &[
    Fault {
        key: "F21a",
        name: "a billion laughs",
        form: Form::Pi,
        then: |scene| {
            let level = |i| format!("<!ENTITY l{} \"{}\">", i + 1, format!("&l{i};").repeat(10));
            let levels: String = (0..9).map(level).collect();
            let bomb = format!("<!DOCTYPE TimeSeries [<!ENTITY l0 \"ha\">{levels}]>");
            ok(after_declaration(scene, &bomb).replace(">M<", ">&l9;<"))
        },
        says: "a DTD",
        also: &[("is quick", quick)],
        ..REFUSED
    },
    Fault {
        key: "F21b",
        name: "external entity",
        form: Form::Pi,
        then: |scene| {
            let entity = "<!DOCTYPE TimeSeries [<!ENTITY file SYSTEM \"file:///etc/passwd\">]>";
            ok(after_declaration(scene, entity).replace(">M<", ">&file;<"))
        },
        says: "a DTD",
        also: &[("its text is nowhere", |seen| seen.nowhere("root:"))],
        ..REFUSED
    },
    Fault {
        key: "F21c",
        name: "entity without a DTD",
        form: Form::Pi,
        then: |scene| ok(pi(&[Series::measured(scene.more())]).replace(">M<", ">&metre;<")),
        says: "the unknown reference &metre;",
        ..REFUSED
    },
    Fault {
        key: "F21d",
        name: "200,000 elements deep",
        form: Form::Pi,
        then: |scene| {
            let deep = "<a>".repeat(200_000) + &"</a>".repeat(200_000);
            ok(pi(&[Series::measured(scene.more())]).replace("</TimeSeries>", &(deep + "</TimeSeries>")))
        },
        says: "elements more than 64 deep",
        also: &[("is quick", quick)],
        ..REFUSED
    },
    Fault {
        key: "F21e",
        name: "80,000 attributes",
        form: Form::Pi,
        then: |scene| {
            let many: String = (0..80_000).map(|i| format!(" a{i}=\"1\"")).collect();
            ok(pi(&[Series::measured(scene.more())]).replacen("<event", &format!("<event{many}"), 1))
        },
        also: &[("is quick", quick)],
        ..TAKEN
    },
    Fault {
        key: "F22a",
        name: "Latin-1, declared",
        form: Form::Pi,
        places: &[FRENCH],
        first: Some(|scene| ok(french(&scene.rows()))),
        then: |scene| ok(latin_1(&french(&scene.more()).replace("UTF-8", "ISO-8859-1"))),
        ..TAKEN
    },
    Fault {
        key: "F22b",
        name: "Latin-1 that says UTF-8",
        form: Form::Pi,
        places: &[FRENCH],
        first: Some(|scene| ok(french(&scene.rows()))),
        then: |scene| ok(latin_1(&french(&scene.more()))),
        ..TAKEN
    },
    Fault {
        key: "F22c",
        name: "byte order mark and CRLF",
        then: |scene| ok(format!("\u{feff}{}", csv(&scene.more()).replace('\n', "\r\n"))),
        ..TAKEN
    },
    Fault {
        key: "F22d",
        name: "NUL among the series",
        form: Form::Pi,
        then: |scene| ok(pi(&[Series::measured(scene.more())]).replace("</series>", "\0</series>")),
        says: "a NUL character",
        ..REFUSED
    },
    Fault {
        key: "F22e",
        name: "NUL in a row",
        then: |scene| ok(csv(&[scene.more(), vec![scene.row(5, "5.01\0")]].concat())),
        says: "is not a decimal number",
        also: &[("the row is counted", |seen| seen.log.fetch.rejected == 1)],
        ..TAKEN
    },
    Fault {
        key: "F22f",
        name: "UTF-16",
        then: |scene| ok(csv(&scene.more()).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
        says: "binary data, not text",
        ..REFUSED
    },
    Fault {
        key: "F22g",
        name: "bytes that are no UTF-8",
        then: |scene| ok([csv(&scene.more()).as_bytes(), b"\xff\xfe\xc3,\xe2\x28\xa1,\n"].concat()),
        says: "fields, expected 10",
        data: Data::Rows(Scene::more),
        ..TAKEN
    },
];
