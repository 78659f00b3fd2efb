//! Faults before there is a whole reply: names, connections, certificates, and bytes that do not come or do not end.

use std::time::Duration;

use crate::faults::documents::{Form, csv};
use crate::faults::fault::{Data, Fault, REFUSED, Reach, TAKEN};
use crate::faults::server::{Step, gzip, of_no_length, ok, redirect, status, with};

// A redirect from the open internet into a private network cannot be met here, where all servers are of this machine; the
// tests of `ingest::fetch::address` hold its rule.

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n";

pub(crate) const ROWS: &[Fault] = &[
    Fault {
        key: "F05a",
        name: "silence after the head",
        then: |_| vec![Step::Send(HEAD.to_vec()), Step::Wait(Duration::from_secs(15))],
        patience: "14s",
        says: "silence for 10 s",
        ..REFUSED
    },
    Fault { key: "F03", name: "connect blackhole", reach: Reach::Blackhole, says: "no answer in time", ..REFUSED },
    Fault {
        key: "F04",
        name: "a byte a second",
        then: |_| of_no_length("", vec![Step::Repeat(b"0".to_vec(), Duration::from_secs(1))]),
        says: "no whole reply from 127.0.0.1",
        ..REFUSED
    },
    Fault {
        key: "F05b",
        name: "silence before the head",
        then: |_| vec![Step::Wait(Duration::from_secs(15))],
        says: "no whole reply from 127.0.0.1",
        ..REFUSED
    },
    Fault {
        key: "F01",
        name: "unknown name",
        reach: Reach::At("http://no-such-host.invalid/"),
        says: "resolve no-such-host.invalid:80",
        ..REFUSED
    },
    Fault { key: "F02", name: "connection refused", reach: Reach::ClosedPort, says: "connection refused", ..REFUSED },
    Fault {
        key: "F06",
        name: "reset in mid-body",
        then: |scene| {
            let half = csv(&scene.more()).into_bytes()[..500].to_vec();
            vec![Step::Send([HEAD, &half].concat()), Step::Wait(Duration::from_millis(100)), Step::Reset]
        },
        says: "read from 127.0.0.1",
        also: &[("is tried once more", |seen| seen.asked == 3)],
        ..REFUSED
    },
    Fault {
        key: "F07a",
        name: "shorter than announced",
        then: |scene| {
            let body = csv(&scene.more());
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len() + 1000);
            vec![Step::Send((head + &body).into_bytes())]
        },
        says: "end of file before message length reached",
        ..REFUSED
    },
    Fault {
        key: "F07b",
        name: "gzip cut short",
        then: |scene| {
            let packed = gzip(csv(&scene.more()).as_bytes());
            with("Content-Encoding: gzip\r\n", &packed[..packed.len() - 9])
        },
        says: "gzip body: ",
        ..REFUSED
    },
    Fault {
        key: "F07c",
        name: "chunks without the last",
        then: |scene| {
            let body = csv(&scene.more());
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            vec![Step::Send(format!("{head}{:x}\r\n{body}\r\n", body.len()).into_bytes())]
        },
        says: "read from 127.0.0.1",
        ..REFUSED
    },
    Fault {
        key: "F15",
        name: "redirect to itself",
        then: |_| redirect("/f15"),
        says: "more than 5 redirects",
        ..REFUSED
    },
    Fault {
        key: "F16a",
        name: "public feed on this machine",
        then: |scene| ok(csv(&scene.more())),
        reach: Reach::SameAsPublic,
        says: "an address of a private network or of this machine",
        also: &[("is not asked", |seen| seen.asked == 1)],
        ..REFUSED
    },
    Fault {
        key: "F16b",
        name: "redirect to ftp",
        then: |_| redirect("ftp://example.org/feed.csv"),
        says: "to ftp; expected http or https",
        ..REFUSED
    },
    Fault {
        key: "F16c",
        name: "redirect from https to http",
        reach: Reach::Tls("redirect"),
        says: "to http at 127.0.0.1:9; expected https, as before",
        ..REFUSED
    },
    Fault {
        key: "F16d",
        name: "redirect to a file",
        then: |_| redirect("file:///etc/passwd"),
        says: "HTTP 302 Found",
        also: &[("its text is nowhere", |seen| seen.nowhere("root:"))],
        ..REFUSED
    },
    Fault { key: "F17a", name: "sound certificate", reach: Reach::Tls("sound"), ..TAKEN },
    Fault {
        key: "F17b",
        name: "expired certificate",
        reach: Reach::Tls("expired"),
        says: "invalid peer certificate: Expired",
        ..REFUSED
    },
    Fault {
        key: "F17c",
        name: "certificate of another host",
        reach: Reach::Tls("another-host"),
        says: "certificate not valid for name",
        ..REFUSED
    },
    Fault {
        key: "F17d",
        name: "self-signed certificate",
        reach: Reach::Tls("self-signed"),
        says: "invalid peer certificate",
        ..REFUSED
    },
    Fault {
        key: "F17e",
        name: "certificate of an unknown authority",
        reach: Reach::Tls("unknown-authority"),
        says: "invalid peer certificate",
        ..REFUSED
    },
    Fault {
        key: "F18",
        name: "gzip bomb, 1000:1",
        then: |_| with("Content-Encoding: gzip\r\n", gzip(&vec![b' '; 64 << 20]).repeat(16)),
        says: "larger than 2000000 bytes after decompression",
        ..REFUSED
    },
    Fault {
        key: "F19a",
        name: "gzip that is none",
        then: |scene| with("Content-Encoding: gzip\r\n", csv(&scene.more())),
        says: "gzip body: ",
        ..REFUSED
    },
    Fault {
        key: "F19b",
        name: "a coding not asked for",
        then: |scene| with("Content-Encoding: br\r\n", csv(&scene.more())),
        says: "Content-Encoding `br`; expected gzip or none",
        ..REFUSED
    },
    Fault {
        key: "F19c",
        name: "gzip within gzip",
        then: |scene| with("Content-Encoding: gzip\r\n", gzip(&gzip(csv(&scene.more()).as_bytes()))),
        says: "binary data, not text",
        ..REFUSED
    },
    Fault {
        key: "F19d",
        name: "sound gzip",
        then: |scene| with("Content-Encoding: gzip\r\n", gzip(csv(&scene.more()).as_bytes())),
        ..TAKEN
    },
    Fault {
        key: "F20a",
        name: "endless body",
        then: |_| of_no_length("", vec![Step::Repeat(vec![b'a'; 1 << 16], Duration::ZERO)]),
        says: "larger than 2000000 bytes as sent",
        ..REFUSED
    },
    Fault {
        key: "F20b",
        name: "99 GB announced",
        then: |_| vec![Step::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_vec())],
        says: "larger than 2000000 bytes as sent",
        ..REFUSED
    },
    Fault { key: "F00", name: "no fault", then: |scene| ok(csv(&scene.more())), ..TAKEN },
    Fault {
        key: "F00b",
        name: "no fault, levels of another gauge",
        form: Form::Csv,
        first: Some(|scene| ok(csv(&super::values::raised(&scene.rows(), 400)))),
        then: |scene| ok(csv(&super::values::raised(&scene.more(), 400))),
        data: Data::Rows(|scene| super::values::raised(&scene.more(), 400)),
        level: "flood",
        ..TAKEN
    },
    Fault {
        key: "F11c",
        name: "304 to a condition",
        first: Some(|scene| with("ETag: \"one\"\r\n", csv(&scene.rows()))),
        then: |_| status("304 Not Modified", "ETag: \"one\"\r\n", b""),
        outcome: "unchanged",
        data: Data::Kept,
        ..TAKEN
    },
];
