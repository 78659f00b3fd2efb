//! What strangers send: odd paths, huge heads, markup, silence. The server answers or hangs up, stays sound and stays quick
//! for everybody else.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::html;
use crate::support::http::{ask, connect, exchange, parse};
use crate::support::program::{Running, folder, riverwatch_in};

fn site() -> (Running, tempfile::TempDir) {
    let folder = folder();
    (Running::start(riverwatch_in(folder.path()).arg("serve")), folder)
}

/// The status of the answer to bytes; `None` where the server hung up without one.
fn status(site: &Running, request: &[u8]) -> Option<u16> {
    let bytes = exchange(site.address, request).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    for secret in ["root:", "[workspace]", "SQLite format"] {
        assert!(!text.contains(secret), "{text}");
    }
    parse(&bytes).map(|reply| reply.status)
}

#[test]
fn no_path_leads_out() {
    let (site, _folder) = site();
    for path in [
        "/en/../../etc/passwd",
        "/../../../../etc/passwd",
        "/en/%2e%2e/%2e%2e/etc/passwd",
        "/en/station/..%2f..%2f..%2fetc%2fpasswd",
        "/en/station/../../../Cargo.toml",
        "/en/station/....//....//etc/passwd",
        "//etc/passwd",
        "/en//etc/passwd",
        "/en/station/%00",
        "/en/station/fredericton%00.json",
        "/en/station/fredericton.json/../../..",
        "/en/station/%ff%fe",
        "/en/station/.json",
        "/en/station/.",
        "/en/?q=%ff%00%zz",
        "/en/station/con.txt",
        "file:///etc/passwd",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let status = status(&site, request.as_bytes());
        assert!(status.is_some_and(|status| status < 500), "{path}: {status:?}");
        let may_be_found = path.contains("?q=");
        assert!(may_be_found || status != Some(200), "{path}");
    }
    assert_eq!(site.get("/livez").status, 200);
}

#[test]
fn bytes_that_are_no_request_are_refused() {
    let (site, _folder) = site();
    let long = "a".repeat(8 * 1024);
    let header = "b".repeat(64 * 1024);
    for request in [
        b"GET /en/\0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec(),
        b"GET /en/station/<script> HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec(),
        b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(20),
        b"\r\n\r\n\r\n\r\nnonsense\r\n\r\n".to_vec(),
        format!("GET /en/{long} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").into_bytes(),
        format!("GET /en/?q={long} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").into_bytes(),
        format!("GET /en/ HTTP/1.1\r\nHost: x\r\nX-Long: {header}\r\nConnection: close\r\n\r\n").into_bytes(),
        format!("GET /en/ HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: y\r\n".repeat(2000)).into_bytes(),
        b"POST /en/ HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\nabc".to_vec(),
        b"POST /en/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz\r\n".to_vec(),
    ] {
        let began = Instant::now();
        let status = status(&site, &request);
        assert!(status.is_none_or(|status| status < 500), "{:?}: {status:?}", request.get(..60));
        assert!(began.elapsed() < Duration::from_secs(8), "{:?}", request.get(..60));
    }
    assert_eq!(site.get("/livez").status, 200);
}

#[test]
fn markup_of_strangers_is_text() {
    let (site, _folder) = site();
    let (tag, quote) = ("%3Cscript%3Ealert(1)%3C/script%3E", "%22%20onfocus=%22alert(1)%22%20x=%22");
    for asked in [tag, quote, "%26lt;b%26gt;", "%27%3E%3Cimg%20src%3Dx%3E", "%3C/title%3E%3Cb%3E", "&q=%3Cb%3E"] {
        for language in ["en", "fr"] {
            let text = site.page(&format!("/{language}/?q={asked}"));
            assert!(!text.contains("<script>") && !text.contains("<img"), "{asked}");
            let page = html::read(&text);
            for element in page.all() {
                assert_eq!(element.attribute("onfocus"), None, "{asked}: <{}>", element.name);
            }
        }
    }
    let input = html::read(&site.page(&format!("/en/?q={tag}")));
    assert_eq!(
        input.only("input").attribute("value"),
        Some("<script>alert(1)</script>"),
        "it is shown as it was asked"
    );
    for id in [tag, "\"onload=\"x", "a&b", "'"] {
        let reply = site.get(&format!("/fr/station/{id}"));
        assert_eq!(reply.status, 404, "{id}");
        let page = html::read(&reply.text());
        assert!(
            page.named("script").is_empty()
                && page.only("h1").named("span").iter().all(|title| title.children.is_empty()),
            "{id}"
        );
    }
}

/// Waits until the server hangs up, and says how long that took; `None` where it has not after ten seconds.
fn hung_up(mut stream: TcpStream) -> Option<Duration> {
    let began = Instant::now();
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
    let mut heard = Vec::new();
    match stream.read_to_end(&mut heard) {
        Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => None,
        _ => Some(began.elapsed()),
    }
}

#[test]
fn silence_and_half_a_head_are_not_waited_for() {
    let (site, _folder) = site();
    let silent = connect(site.address).expect("a connection");
    let mut half = connect(site.address).expect("a connection");
    half.write_all(b"GET /en/ HTTP/1.1\r\nHost: x\r\nX-Sl").expect("bytes are sent");
    let mut idle = connect(site.address).expect("a connection");
    idle.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").expect("bytes are sent");
    let began = Instant::now();
    assert_eq!(site.get("/en/").status, 200);
    assert!(began.elapsed() < Duration::from_secs(2), "another is answered meanwhile: {:?}", began.elapsed());
    let waits = [("silent", silent), ("half a head", half), ("idle", idle)]
        .map(|(name, stream)| (name, std::thread::spawn(|| hung_up(stream))));
    for (name, wait) in waits {
        let took = wait.join().expect("no panic");
        assert!(took.is_some_and(|took| took < Duration::from_secs(7)), "{name}: {took:?}");
    }
}

#[test]
fn a_head_that_comes_by_drops_is_not_waited_for() {
    let (site, _folder) = site();
    let mut drops = connect(site.address).expect("a connection");
    let began = Instant::now();
    let mut open = drops.write_all(b"GET /en/ HTTP/1.1\r\n").is_ok();
    while open && began.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(200));
        open = drops.write_all(b"X: y\r\n").is_ok();
    }
    assert!(began.elapsed() < Duration::from_secs(8), "open for {:?}", began.elapsed());
}

#[test]
fn more_connections_than_places_wait_and_nothing_breaks() {
    let folder = folder();
    let mut serve = riverwatch_in(folder.path());
    let site = Running::start(serve.arg("serve").env("RIVERWATCH_SERVER__CONNECTIONS", "4"));
    let crowd: Vec<TcpStream> = (0..40).filter_map(|_| connect(site.address).ok()).collect();
    assert_eq!(crowd.len(), 40);
    drop(crowd.into_iter().skip(4).collect::<Vec<_>>());
    let reply = ask(site.address, "GET", "/en/", &[]);
    assert_eq!(reply.status, 200, "the places of the silent ones come free");
    assert_eq!(site.terminate(Duration::from_secs(15)).0.code(), Some(0));
}
