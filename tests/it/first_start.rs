//! The first minutes: nothing is known and nothing is claimed; then the feeds are read at once, and on the next start only
//! asked whether they have changed.

use std::process::Command;
use std::time::Duration;

use fixtures::Freshet;
use jiff::Timestamp;
use serde_json::Value as Json;

use crate::support::feeds::{FeedServer, Request};
use crate::support::program::{Running, folder, riverwatch_in};
use crate::support::{LANGUAGES, html, until};

#[test]
fn without_data_every_station_is_unknown_and_none_is_normal() {
    let folder = folder();
    let site = Running::start(riverwatch_in(folder.path()).arg("serve"));
    for (language, none, waiting, silence) in [
        ("en", "No measurement has been received", "Not fetched yet", ["no measurement yet", "no gauge"]),
        ("fr", "Aucune mesure n’a été reçue", "Pas encore lue", ["aucune mesure encore", "pas d’instrument"]),
    ] {
        for station in site.json(&format!("/{language}/stations.json"))["stations"].as_array().expect("an array") {
            assert_eq!((&station["status"]["level"], &station["status"]["value"]), (&"unknown".into(), &Json::Null));
            assert_eq!(station["outlook"]["state"], "none");
        }
        let list = html::read(&site.page(&format!("/{language}/")));
        assert_eq!(html::rows(&list).len(), 25);
        for (id, row) in html::rows(&list) {
            assert!(silence.iter().any(|words| row.text.contains(words)), "{id}: {}", row.text);
        }
        assert!(!list.only("main").text.to_lowercase().contains("normal"));
        assert!(site.page(&format!("/{language}/station/fredericton")).contains(none));
        assert_eq!(site.get(&format!("/{language}/station/fredericton.svg")).status, 404);
        let feeds = site.page(&format!("/{language}/status"));
        assert_eq!(feeds.matches(waiting).count(), 3, "no feed has been asked");
    }
    assert_eq!(site.get("/readyz").status, 200);
    assert!(folder.path().join("river.db").is_file(), "the database is made where there is none");
}

/// `riverwatch up` with all three feeds at a server of this machine, asked every second.
fn up(folder: &std::path::Path, feeds: &FeedServer) -> Command {
    let mut command = riverwatch_in(folder);
    command.arg("up");
    for (feed, path) in
        [("NB_FEWS", fixtures::FEWS_PATH), ("NB_LEVELS", fixtures::ALERTLEVELS_PATH), ("ECCC_NB", fixtures::ECCC_PATH)]
    {
        let setting = |key: &str| format!("RIVERWATCH_FEEDS__{feed}__{key}");
        command.env(setting("ADDRESS"), format!("http://{}{path}", feeds.address));
        command.env(setting("PRIVATE"), "true").env(setting("SCHEDULE"), "* * * * * *");
    }
    command
}

/// The statuses, once something is known.
fn statuses(site: &Running) -> Option<Vec<Json>> {
    let all = site.json("/en/stations.json");
    let levels: Vec<Json> =
        all["stations"].as_array()?.iter().map(|station| station["status"]["level"].clone()).collect();
    (levels.iter().filter(|level| *level != "unknown").count() >= 10).then_some(levels)
}

/// The first request for each document from a request's number on.
fn first_of_each(requests: &[Request], from: usize) -> Option<Vec<Request>> {
    let paths = [fixtures::FEWS_PATH, fixtures::ALERTLEVELS_PATH, fixtures::ECCC_PATH];
    paths.iter().map(|path| requests.iter().skip(from).find(|request| request.path == *path).cloned()).collect()
}

#[test]
fn feeds_are_read_at_once_and_then_only_when_they_changed() {
    let (folder, now) = (folder(), Timestamp::now());
    let feeds = FeedServer::start(Freshet::new(now, 7), now);
    let site = Running::start(&mut up(folder.path(), &feeds));
    let known = until("the first fetches have come", || statuses(&site));
    let first = until("each feed is asked", || first_of_each(&feeds.requests(), 0));
    for request in first {
        assert_eq!((request.status, request.if_none_match.as_deref()), (200, None), "{}", request.path);
        let contact = request.user_agent.as_deref().unwrap_or_default();
        assert!(
            contact.contains("https://github.com/river-watch/riverwatch"),
            "an agency can see whom to ask: {contact}"
        );
    }
    until("all are in the store", || {
        let health = site.json("/healthz");
        health["feeds"].as_array()?.iter().all(|feed| feed["state"] == "ok").then_some(())
    });
    assert_eq!(site.terminate(Duration::from_secs(15)).0.code(), Some(0));

    let before = feeds.requests().len();
    let site = Running::start(&mut up(folder.path(), &feeds));
    assert_eq!(statuses(&site).as_ref(), Some(&known), "what was known is known from the first page on");
    let again = until("each feed is asked again", || first_of_each(&feeds.requests(), before));
    for request in again {
        assert_eq!((request.status, request.if_none_match.is_some()), (304, true), "{}", request.path);
    }
    for (language, words) in LANGUAGES.into_iter().zip(["nothing new", "rien de nouveau"]) {
        until("the state of the feeds says so", || {
            site.page(&format!("/{language}/status")).contains(words).then_some(())
        });
    }
    assert_eq!(site.json("/healthz")["status"], "ok");
}

#[test]
fn a_feed_that_fails_leaves_the_others_and_the_server_ready() {
    let (folder, now) = (folder(), Timestamp::now());
    let feeds = FeedServer::start(Freshet::new(now, 7), now);
    let mut command = up(folder.path(), &feeds);
    command.env("RIVERWATCH_FEEDS__NB_FEWS__ADDRESS", format!("http://{}/not/here.xml", feeds.address));
    let site = Running::start(&mut command);
    let health = until("one feed has failed and the others have not", || {
        let health = site.json("/healthz");
        let state = |id: &str| health["feeds"].as_array()?.iter().find(|feed| feed["id"] == id)?["state"].as_str();
        let states = (state("nb-fews"), state("nb-levels"), state("eccc-nb"));
        (states == (Some("failing"), Some("ok"), Some("ok"))).then_some(health.clone())
    });
    assert_eq!(health["status"], "degraded");
    assert_eq!(site.get("/readyz").status, 200, "a feed that fails does not make the server unready");
    assert_ne!(site.json("/en/station/fredericton.json")["status"]["level"], "unknown", "it has another source");
    assert!(site.page("/en/status").contains("404"), "the page says what is wrong");
}

#[test]
fn a_feed_of_a_private_network_is_not_asked_unless_it_is_called_private() {
    let (folder, now) = (folder(), Timestamp::now());
    let feeds = FeedServer::start(Freshet::new(now, 7), now);
    let mut command = up(folder.path(), &feeds);
    for feed in ["NB_FEWS", "NB_LEVELS", "ECCC_NB"] {
        command.env(format!("RIVERWATCH_FEEDS__{feed}__PRIVATE"), "false");
    }
    let site = Running::start(&mut command);
    until("every feed has been refused", || {
        let health = site.json("/healthz");
        health["feeds"].as_array()?.iter().all(|feed| feed["state"] == "failing").then_some(())
    });
    assert!(feeds.requests().is_empty(), "{:?}", feeds.requests());
}
