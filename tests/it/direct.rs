//! Plain requests for what is in memory are answered before the routes. Nobody must be able to tell, but by a clock.

use std::io::{Read, Write};
use std::time::Duration;

use crate::answers::still;
use crate::support::http::{Reply, ask, connect, exchange, parse};
use crate::support::program::Running;

const PATHS: [&str; 8] = [
    "/en/",
    "/fr/station/jemseg",
    "/en/station/jemseg.json",
    "/en/station/jemseg.png",
    "/fr/status",
    "/en/about",
    "/embed/en/station/jemseg",
    "/fr/station/nowhere",
];

/// What a reply says but for its time, in an order of names.
fn told(reply: Reply) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let mut headers: Vec<_> = reply.headers.into_iter().filter(|(name, _)| name != "date").collect();
    headers.sort();
    (reply.status, headers, reply.body)
}

#[test]
fn what_is_answered_directly_is_what_the_routes_answer() {
    let (site, _folder) = still();
    for path in PATHS {
        for coding in ["br", "gzip", "identity", "br;q=0, gzip", "deflate"] {
            for agent in ["Mozilla/5.0", "curl/8.5", "WGET/1"] {
                let tag = ask(site.address, "GET", path, &[("Accept-Encoding", coding), ("User-Agent", agent)]);
                let tag = tag.header("etag").expect("a tag").to_owned();
                for (method, known) in
                    [("GET", "\"other\""), ("HEAD", "\"other\""), ("GET", tag.as_str()), ("GET", "*")]
                {
                    let plain = [("accept-encoding", coding), ("USER-AGENT", agent), ("If-None-Match", known)];
                    // A length, even of nothing, makes a request one for the routes.
                    let routed = [plain.as_slice(), &[("Content-Length", "0")]].concat();
                    let [plain, routed] =
                        [&plain[..], &routed].map(|fields| told(ask(site.address, method, path, fields)));
                    assert_eq!(plain, routed, "{method} {path} {coding} {agent} {known}");
                }
            }
        }
    }
}

/// Sends requests in parts, and reads until the server ends the connection.
fn replies(site: &Running, parts: &[&[u8]]) -> String {
    let mut stream = connect(site.address).expect("a connection");
    for part in parts {
        stream.write_all(part).expect("bytes are sent");
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).expect("the last request ends the connection");
    String::from_utf8_lossy(&heard).into_owned()
}

#[test]
fn requests_on_one_connection_are_answered_in_their_order_however_they_arrive() {
    let (site, _folder) = still();
    for path in ["/en/about", "/fr/about"] {
        site.get(path);
    }
    let one = |method: &str, path: &str, fields: &str| {
        format!("{method} {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\n{fields}\r\n")
    };
    let asked = [
        one("HEAD", "/en/about", ""),
        one("HEAD", "/fr/about", "Connection: keep-alive\r\n"),
        // From here on the routes answer, those as well that could be answered directly.
        one("HEAD", "/fr/?q=saint", ""),
        one("HEAD", "/en/about", ""),
        one("POST", "/en/about", "Content-Length: 0\r\n"),
        one("HEAD", "/fr/nowhere", "Connection: close\r\n"),
    ]
    .concat();
    let whole = replies(&site, &[asked.as_bytes()]);
    let statuses = |text: &str| -> Vec<String> {
        text.split("HTTP/1.1 ").skip(1).map(|reply| reply.chars().take(3).collect()).collect()
    };
    assert_eq!(statuses(&whole), ["200", "200", "200", "200", "405", "404"]);
    for length in [1, 7, 100] {
        let parts: Vec<&[u8]> = asked.as_bytes().chunks(length).collect();
        assert_eq!(statuses(&replies(&site, &parts)), statuses(&whole), "{length} bytes at a time");
    }
}

#[test]
fn an_odd_head_is_left_to_the_routes() {
    let (site, _folder) = still();
    let path = "/en/about";
    site.get(path);
    let close = "Connection: close\r\n";
    for (fields, status) in [
        (format!("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n{close}"), None),
        (format!("Content-Length: x\r\n{close}"), Some(400)),
        (format!("{}{close}", "X: y\r\n".repeat(40)), Some(200)),
        (format!("Upgrade: websocket\r\nConnection: upgrade\r\n{close}"), Some(200)),
        (format!("X: {}\r\n{close}", "y".repeat(20_000)), Some(431)),
        (format!("X y\r\n{close}"), Some(400)),
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n{fields}\r\n");
        let reply = parse(&exchange(site.address, request.as_bytes()).unwrap_or_default());
        let found = reply.map(|reply| reply.status);
        assert!(status.is_none() || found == status, "{:?}: {found:?}", &fields[..fields.len().min(60)]);
    }
    let old = exchange(site.address, format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes()).expect("an answer");
    assert!(old.starts_with(b"HTTP/1.0 200 ") || old.starts_with(b"HTTP/1.1 200 "), "{:?}", old.get(..40));
}
