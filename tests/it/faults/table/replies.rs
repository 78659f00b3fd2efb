//! Faults of a whole reply: its status, or something else in the place of the document.

use crate::faults::documents::{CSV_HEAD, Form, Series, csv, json, pi};
use crate::faults::fault::{Data, Fault, REFUSED, TAKEN};
use crate::faults::server::{Step, of_no_length, ok, status, with};

/// Shown to those who ask too much by the walls in front of many agencies' servers.
pub(crate) const HTML: &str = "<!DOCTYPE html><html><head><title>Request Rejected</title></head><body>The requested URL was \
                               rejected. Please consult with your administrator.</body></html>";

pub(crate) const ROWS: &[Fault] = &[
    Fault {
        key: "F08a",
        name: "XML cut after a series",
        form: Form::Pi,
        then: |scene| {
            let whole = pi(&[Series::measured(scene.more())]);
            let cut = whole.strip_suffix("</TimeSeries>\n").expect("the root's end").to_owned();
            of_no_length("", vec![Step::Send(cut.into_bytes())])
        },
        says: "the document ends inside <TimeSeries>",
        ..REFUSED
    },
    Fault {
        key: "F08b",
        name: "JSON cut after a feature",
        form: Form::Json,
        then: |scene| {
            let whole = json(&scene.more());
            of_no_length("", vec![Step::Send(whole.strip_suffix("]}").expect("the ends").as_bytes().to_vec())])
        },
        says: "the document ends inside a JSON value",
        ..REFUSED
    },
    Fault {
        key: "F08c",
        name: "CSV cut after a row",
        then: |scene| of_no_length("", vec![Step::Send(csv(&scene.rows()[..6]).into_bytes())]),
        says: "6 of the usual 24 readings: is the document whole?",
        data: Data::Kept,
        health: "short",
        ..TAKEN
    },
    Fault {
        key: "F08d",
        name: "CSV cut in a row",
        then: |scene| {
            let whole = csv(&scene.more());
            of_no_length("", vec![Step::Send(whole.as_bytes()[..whole.len() - 12].to_vec())])
        },
        says: "fields, expected 10",
        data: Data::Kept,
        ..TAKEN
    },
    Fault {
        key: "F09a",
        name: "HTML with 200",
        then: |_| with("Content-Type: text/html\r\n", HTML),
        says: "not eccc-csv: line 1, column 1: an HTML page",
        also: &[("its text is nowhere", |seen| seen.nowhere("Please consult"))],
        ..REFUSED
    },
    Fault {
        key: "F09b",
        name: "HTML with 200 for XML",
        form: Form::Pi,
        then: |_| ok(HTML),
        says: "not pi-xml: line 1, column 1: an HTML page",
        ..REFUSED
    },
    Fault {
        key: "F09c",
        name: "plain text with 200",
        then: |_| ok("Service temporarily unavailable\n"),
        says: "not eccc-csv: line 1, column 1: column 1 is `Service temporarily unavailable`",
        ..REFUSED
    },
    Fault {
        key: "F09d",
        name: "an error of the service with 200",
        form: Form::Json,
        then: |_| {
            ok(r#"{"code":"NoApplicableCode","type":"NoApplicableCode","description":"query error (check logs)"}"#)
        },
        says: "an error of the service: query error (check logs)",
        ..REFUSED
    },
    Fault { key: "F10a", name: "no bytes, twice", then: |_| ok(""), times: 2, says: "no bytes", ..REFUSED },
    Fault {
        key: "F10b",
        name: "a header alone, once",
        then: |_| ok(CSV_HEAD),
        outcome: "empty",
        says: "no data in the document",
        health: "ok",
        ..REFUSED
    },
    Fault {
        key: "F10c",
        name: "a header alone, twice",
        then: |_| ok(CSV_HEAD),
        times: 2,
        outcome: "empty",
        says: "no data in the document",
        ..REFUSED
    },
    Fault {
        key: "F10d",
        name: "no features, twice",
        form: Form::Json,
        then: |_| ok(json(&[])),
        times: 2,
        outcome: "empty",
        says: "no data in the document",
        ..REFUSED
    },
    Fault {
        key: "F11a",
        name: "304 without a condition",
        then: |_| status("304 Not Modified", "", b""),
        says: "HTTP 304 Not Modified to a request without a condition",
        ..REFUSED
    },
    Fault {
        key: "F11b",
        name: "204",
        then: |_| status("204 No Content", "", b""),
        says: "HTTP 204 No Content",
        ..REFUSED
    },
    Fault {
        key: "F12a",
        name: "404",
        then: |_| status("404 Not Found", "", b""),
        says: "HTTP 404 Not Found",
        ..REFUSED
    },
    Fault {
        key: "F12b",
        name: "410",
        then: |_| status("410 Gone", "", HTML.as_bytes()),
        says: "HTTP 410 Gone",
        also: &[("asks whether it has moved", |seen| {
            seen.log.fetch.message.as_deref().is_some_and(|message| message.contains("moved"))
        })],
        ..REFUSED
    },
    Fault {
        key: "F13",
        name: "429 with Retry-After",
        then: |_| status("429 Too Many Requests", "Retry-After: 120\r\n", b"slow down"),
        says: "HTTP 429 Too Many Requests",
        health: "deferred",
        also: &[("is left alone for so long", |seen| {
            let wait = seen.state.retry_at.map(|at| at.duration_since(seen.log.fetch.at).as_secs());
            wait.is_some_and(|wait| (119..=120).contains(&wait))
        })],
        ..REFUSED
    },
    Fault {
        key: "F14a",
        name: "500",
        then: |_| status("500 Internal Server Error", "", HTML.as_bytes()),
        says: "HTTP 500 Internal Server Error",
        ..REFUSED
    },
    Fault {
        key: "F14b",
        name: "502",
        then: |_| status("502 Bad Gateway", "", b""),
        says: "HTTP 502 Bad Gateway",
        ..REFUSED
    },
    Fault {
        key: "F14c",
        name: "503, three times",
        then: |_| status("503 Service Unavailable", "Retry-After: 30\r\n", HTML.as_bytes()),
        times: 3,
        says: "HTTP 503 Service Unavailable",
        also: &[
            ("all are counted", |seen| seen.state.failures == 3 && seen.after.health["failures"] == 3),
            ("keeps a later time asked for", |seen| seen.state.retry_at.is_some()),
        ],
        ..REFUSED
    },
];
