//! What a well-behaved server may say.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use hydro::SignedDuration;
use store::{Outcome, Validators};

use crate::rig::{Rig, START, document, feed};
use crate::server::{Server, endless, reply};

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn an_etag_makes_the_next_request_conditional_also_after_a_restart() {
    let server = Server::start(|_, head| {
        if head.contains("if-none-match: \"v1\"\r\n") {
            reply("304 Not Modified", "ETag: \"v1\"\r\n", b"")
        } else {
            reply("200 OK", "ETag: \"v1\"\r\nLast-Modified: Mon, 20 Apr 2026 11:00:00 GMT\r\n", &document(6500))
        }
    })
    .await;
    let (mut rig, feed) = (Rig::new("etag"), feed("eccc-nb", server.url()));

    let first = rig.fetch(&feed).await;
    assert_eq!((first.fetch.outcome, first.fetch.http_status, first.applied.new), (Outcome::Changed, Some(200), 1));
    let second = rig.fetch(&feed).await;
    assert_eq!((second.fetch.outcome, second.fetch.http_status), (Outcome::Unchanged, Some(304)));
    rig.restart();
    let third = rig.fetch(&feed).await;
    assert_eq!((third.fetch.outcome, third.fetch.bytes), (Outcome::Unchanged, 0));

    let requests = server.requests();
    assert!(!requests[0].contains("\r\nif-"), "{}", requests[0]);
    let agent = format!("\r\nuser-agent: riverwatch/{} (+ops@example.org)\r\n", env!("CARGO_PKG_VERSION"));
    for request in &requests {
        assert!(request.contains(&agent), "{request}");
        assert!(request.contains("\r\naccept-encoding: gzip\r\n"), "{request}");
        assert!(!request.contains("cache-control") && !request.contains("if-modified-since"), "{request}");
    }
    assert_eq!(rig.observed(&feed).len(), 1);
}

#[tokio::test]
async fn a_last_modified_of_the_past_is_sent_and_one_of_the_future_is_not() {
    let server = Server::start(|number, _| {
        let day = if number == 0 { "20" } else { "21" };
        let weekday = if number == 0 { "Mon" } else { "Tue" };
        let header = format!("Last-Modified: {weekday}, {day} Apr 2026 11:00:00 GMT\r\n");
        reply("200 OK", &header, &document(6500 + u32::try_from(number).unwrap()))
    })
    .await;
    let (rig, feed) = (Rig::new("last-modified"), feed("eccc-nb", server.url()));
    for _ in 0..3 {
        assert_eq!(rig.fetch(&feed).await.fetch.outcome, Outcome::Changed);
    }
    let requests = server.requests();
    assert!(requests[1].contains("\r\nif-modified-since: mon, 20 apr 2026 11:00:00 gmt\r\n"), "{}", requests[1]);
    assert!(!requests[2].contains("if-modified-since"), "{}", requests[2]);
}

#[tokio::test]
async fn the_same_bytes_again_are_unchanged_whatever_the_headers() {
    let server = Server::start(|number, _| reply("200 OK", &format!("ETag: \"{number}\"\r\n"), &document(6500))).await;
    let (rig, feed) = (Rig::new("same"), feed("eccc-nb", server.url()));
    assert_eq!(rig.fetch(&feed).await.fetch.outcome, Outcome::Changed);
    let again = rig.fetch(&feed).await;
    assert_eq!((again.fetch.outcome, again.fetch.http_status), (Outcome::Unchanged, Some(200)));
    assert_eq!(again.fetch.bytes, document(6500).len() as u64);
    assert_eq!(rig.state(&feed).validators.etag.as_deref(), Some("\"1\""));
}

#[tokio::test]
async fn gzip_and_bodies_without_a_length_are_read() {
    let server = Server::start(|number, _| match number {
        0 => reply("200 OK", "Content-Encoding: gzip\r\n", &gzip(&document(6500))),
        1 => reply(
            "200 OK",
            "Content-Encoding: x-gzip\r\n",
            &[gzip(&document(6600)[..9]), gzip(&document(6600)[9..])].concat(),
        ),
        _ => endless("", vec![crate::server::Step::Send(document(6700))]),
    })
    .await;
    let (rig, feed) = (Rig::new("gzip"), feed("eccc-nb", server.url()));
    for level in [6500, 6600, 6700] {
        let done = rig.fetch(&feed).await;
        assert_eq!((done.fetch.outcome, done.fetch.bytes), (Outcome::Changed, document(level).len() as u64));
        assert_eq!(rig.observed(&feed)[0].value.unwrap().milli(), i64::from(level));
    }
}

#[tokio::test]
async fn a_document_without_data_is_empty_and_read_again() {
    let empty = || document(6500).split_inclusive(|&byte| byte == b'\n').next().unwrap().to_vec();
    let server = Server::start(move |number, _| match number {
        0 => reply("200 OK", "ETag: \"good\"\r\n", &document(6500)),
        _ => reply("200 OK", "ETag: \"empty\"\r\n", &empty()),
    })
    .await;
    let (rig, feed) = (Rig::new("empty"), feed("eccc-nb", server.url()));
    rig.fetch(&feed).await;
    for minute in 1..3 {
        let done = rig.fetch_at(&feed, START + SignedDuration::from_mins(minute)).await;
        assert_eq!(done.fetch.outcome, Outcome::Empty);
        assert_eq!(rig.observed(&feed).len(), 1);
    }
    let validators = Validators { etag: Some("\"good\"".to_owned()), last_modified: None };
    assert_eq!(rig.state(&feed).validators, validators, "of the document that was taken");
}
