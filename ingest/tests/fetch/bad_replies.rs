//! What servers say on bad days: nothing of it reaches the store but the row that tells of it.

use std::time::{Duration, Instant};

use hydro::SignedDuration;
use reqwest::Url;
use store::{Outcome, Validators};
use tokio::net::TcpListener;

use crate::good_replies::gzip;
use crate::rig::{Rig, START, document, feed};
use crate::server::{Server, Step, endless, reply};

/// What is logged of a fetch that fails, without the port.
async fn failure(name: &str, steps: Vec<Step>) -> String {
    let server = Server::start(move |_, _| steps.clone()).await;
    failure_at(name, server.url()).await
}

async fn failure_at(name: &str, address: Url) -> String {
    let port = format!(":{}", address.port().unwrap());
    let (rig, feed) = (Rig::new(name), feed("eccc-nb", address));
    let done = rig.fetch(&feed).await;
    assert_eq!(done.fetch.outcome, Outcome::Failed);
    assert_eq!(rig.observed(&feed), []);
    let state = rig.state(&feed);
    assert_eq!((state.failures, state.hash, &state.message), (1, None, &done.fetch.message));
    assert_eq!(state.validators, Validators::default());
    done.fetch.message.unwrap().replace(&port, ":PORT")
}

#[tokio::test]
async fn a_gzip_bomb_is_given_up_in_little_memory() {
    let one = gzip(&vec![b' '; 32 << 20]);
    let members = one.repeat(32);
    let before = peak_memory();
    let message = failure("bomb", reply("200 OK", "Content-Encoding: gzip\r\n", &members)).await;
    assert!(message.starts_with("body larger than 1 MiB "), "{message}");
    let message = failure("bomb-small", reply("200 OK", "Content-Encoding: gzip\r\n", &one)).await;
    assert_eq!(message, "body larger than 1 MiB after decompression");
    if let (Some(before), Some(after)) = (before, peak_memory()) {
        assert!(after - before < 64 << 10, "{before} kB, then {after} kB");
    }
}

/// The most memory that this process has taken, in kilobytes, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

#[tokio::test]
async fn an_endless_body_is_given_up_at_its_limit() {
    let steps = endless("", vec![Step::Repeat(vec![b'a'; 1 << 16], Duration::ZERO)]);
    assert_eq!(failure("endless", steps).await, "body larger than 1 MiB as sent");
    let announced = vec![Step::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_vec())];
    assert_eq!(failure("announced", announced).await, "body larger than 1 MiB as sent");
}

#[tokio::test]
async fn a_truncated_body_is_an_error() {
    let mut steps = b"HTTP/1.1 200 OK\r\nETag: \"cut\"\r\nContent-Length: 1000\r\n\r\n".to_vec();
    steps.extend(document(6500));
    let message = failure("truncated", vec![Step::Send(steps)]).await;
    assert_eq!(message, "read from 127.0.0.1:PORT: end of file before message length reached");

    let packed = gzip(&document(6500));
    let cut = reply("200 OK", "Content-Encoding: gzip\r\n", &packed[..packed.len() - 9]);
    let message = failure("truncated-gzip", cut).await;
    assert!(message.starts_with("gzip body: "), "{message}");
}

#[tokio::test]
async fn what_is_not_the_document_is_named() {
    let html = b"<!DOCTYPE html><html><body>Request Rejected</body></html>";
    let message = failure("html", reply("200 OK", "ETag: \"waf\"\r\n", html)).await;
    assert!(message.starts_with("not eccc-csv: line 1, column 1: "), "{message}");
    let message = failure("nothing", reply("200 OK", "", b"")).await;
    assert!(message.starts_with("not eccc-csv: line 1, column 1: "), "{message}");
    assert_eq!(
        failure("brotli", reply("200 OK", "Content-Encoding: br\r\n", b"x")).await,
        "Content-Encoding `br`; expected gzip or none"
    );
    let gone = failure("gone", reply("404 Not Found", "", b"")).await;
    assert_eq!(gone, "HTTP 404 Not Found; has the feed moved?");
    for status in ["500 Internal Server Error", "204 No Content", "206 Partial Content"] {
        assert_eq!(failure("status", reply(status, "", b"")).await, format!("HTTP {status}"));
    }
    let message = failure("noise", vec![Step::Send(b"SSH-2.0-OpenSSH\r\n".to_vec())]).await;
    assert!(message.starts_with("read from 127.0.0.1:PORT: "), "{message}");
}

#[tokio::test]
async fn not_modified_without_anything_stored_forgets_what_was_remembered() {
    let server = Server::start(|_, _| reply("304 Not Modified", "ETag: \"v1\"\r\n", b"")).await;
    let (rig, feed) = (Rig::new("not-asked"), feed("eccc-nb", server.url()));
    let done = rig.fetch(&feed).await;
    assert_eq!(
        (done.fetch.outcome, done.fetch.message.as_deref()),
        (Outcome::Failed, Some("HTTP 304 Not Modified to a request without a condition; expected the document"))
    );
    assert_eq!(rig.state(&feed).validators, Validators::default());
}

#[tokio::test]
async fn retry_after_is_remembered_and_bounded() {
    for (header, seconds) in [("120", 120), ("Mon, 20 Apr 2026 12:10:00 GMT", 600), ("999999", 3600)] {
        let server = Server::start(move |number, _| {
            let status = if number == 0 { "503 Service Unavailable" } else { "429 Too Many Requests" };
            reply(status, &format!("Retry-After: {header}\r\n"), b"")
        })
        .await;
        let (rig, feed) = (Rig::new("retry-after"), feed("eccc-nb", server.url()));
        for status in ["503 Service Unavailable", "429 Too Many Requests"] {
            let done = rig.fetch(&feed).await;
            assert_eq!(done.fetch.message.unwrap(), format!("HTTP {status}"));
            assert_eq!(rig.state(&feed).retry_at, Some(START + SignedDuration::from_secs(seconds)));
        }
    }
}

#[tokio::test]
async fn redirects_are_followed_a_few_times() {
    let server = Server::start(|number, _| match number {
        0 => reply("302 Found", "Location: /elsewhere\r\n", b""),
        _ => reply("200 OK", "", &document(6500)),
    })
    .await;
    let (rig, feed) = (Rig::new("redirect"), feed("eccc-nb", server.url()));
    assert_eq!(rig.fetch(&feed).await.fetch.outcome, Outcome::Changed);
    assert!(server.requests()[1].starts_with("get /elsewhere "));

    let around = reply("302 Found", "Location: /feed.csv\r\n", b"");
    assert_eq!(failure("redirects", around).await, "redirect from 127.0.0.1:PORT: more than 5 redirects");
    let other = reply("301 Moved Permanently", "Location: ftp://example.org/feed.csv\r\n", b"");
    assert_eq!(failure("redirect-ftp", other).await, "redirect from 127.0.0.1:PORT: to ftp; expected http or https");
    let file = reply("301 Moved Permanently", "Location: file:///etc/passwd\r\n", b"");
    assert_eq!(failure("redirect-file", file).await, "HTTP 301 Moved Permanently");
}

#[tokio::test]
async fn a_public_feed_does_not_reach_this_machine() {
    let server = Server::start(|_, _| reply("200 OK", "", &document(6500))).await;
    let rig = Rig::new("private");
    let port = server.url().port().unwrap();
    for host in ["127.0.0.1", "localhost", "[::1]", "0x7f.1"] {
        let mut feed = feed("eccc-nb", format!("http://{host}:{port}/feed.csv").parse().unwrap());
        feed.private = false;
        let done = rig.fetch(&feed).await;
        let message = done.fetch.message.unwrap();
        assert_eq!((done.fetch.outcome, done.fetch.http_status), (Outcome::Failed, None));
        assert!(message.contains("set `private = true`"), "{host}: {message}");
    }
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_drip_runs_into_the_total_timeout() {
    let began = Instant::now();
    let drip = vec![Step::Repeat(b"0".to_vec(), Duration::from_millis(100))];
    let message = failure("drip", endless("", drip)).await;
    assert_eq!(message, "no whole reply from 127.0.0.1:PORT within 2 s");
    let silence = failure("silence", vec![Step::Wait(Duration::from_secs(30))]).await;
    assert_eq!(silence, message);
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_closed_port_a_server_without_tls_and_an_unknown_name_are_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let message = failure_at("refused", format!("http://{address}/").parse().unwrap()).await;
    assert_eq!(message, "connect to 127.0.0.1:PORT: connection refused");
    let server = Server::start(|_, _| vec![]).await;
    let message = failure_at("no-tls", server.url().as_str().replace("http:", "https:").parse().unwrap()).await;
    assert!(message.starts_with("connect to 127.0.0.1:PORT: "), "{message}");
    let message = failure_at("unknown", "http://no-such-host.invalid:1234/".parse().unwrap()).await;
    assert!(message.starts_with("resolve no-such-host.invalid:PORT: "), "{message}");
}

#[tokio::test]
async fn failures_leave_what_is_stored() {
    let server = Server::start(|number, _| match number {
        0 => reply("200 OK", "ETag: \"v1\"\r\n", &document(6500)),
        1 => reply("500 Internal Server Error", "", b""),
        2 => reply("200 OK", "ETag: \"waf\"\r\n", b"<html>sorry</html>"),
        3 => reply("200 OK", "Content-Encoding: gzip\r\n", b"no gzip"),
        _ => reply("304 Not Modified", "", b""),
    })
    .await;
    let (rig, feed) = (Rig::new("failures"), feed("eccc-nb", server.url()));
    rig.fetch(&feed).await;
    let stored = rig.observed(&feed);
    assert_eq!(stored.len(), 1);
    for failures in 1..=3 {
        assert_eq!(rig.fetch(&feed).await.fetch.outcome, Outcome::Failed);
        assert_eq!(rig.state(&feed).failures, failures);
        assert_eq!(rig.observed(&feed), stored);
    }
    assert_eq!(rig.fetch(&feed).await.fetch.outcome, Outcome::Unchanged);
    assert_eq!(rig.state(&feed).failures, 0);
    assert!(server.requests()[1..].iter().all(|request| request.contains("\r\nif-none-match: \"v1\"\r\n")));
}
