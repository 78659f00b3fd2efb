//! The metrics of the real binary say what its data say, and nothing that is not known.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU8, Ordering};

use fixtures::Freshet;
use jiff::Timestamp;
use serde_json::Value as Json;

use super::openmetrics::{self, Exposition};
use crate::support::feeds::FeedServer;
use crate::support::http::{Reply, ask};
use crate::support::program::{Running, folder, riverwatch_in};
use crate::support::until;

const FEEDS: [&str; 3] = ["nb-fews", "nb-levels", "eccc-nb"];
const OUTCOMES: [&str; 4] = ["changed", "unchanged", "empty", "failed"];
const STATES: [&str; 5] = ["fresh", "late", "stale", "offline", "none"];
const LEVELS: [&str; 5] = ["normal", "advisory", "watch", "warning", "flood"];

/// A port that is free now, where Linux allows it at an address of this machine where nobody else takes any.
fn free() -> SocketAddr {
    static ASKED: AtomicU8 = AtomicU8::new(1);
    let [.., high, low] = std::process::id().to_be_bytes();
    let own = [127, high | 1, low, ASKED.fetch_add(1, Ordering::Relaxed)];
    let ip = if cfg!(target_os = "linux") { own } else { [127, 0, 0, 1] };
    TcpListener::bind(SocketAddr::from((ip, 0))).and_then(|listener| listener.local_addr()).expect("a free port")
}

/// A site that tells its metrics, and where.
fn watched(command: &mut Command) -> (Running, SocketAddr) {
    let metrics = free();
    let site = Running::start(command.env("RIVERWATCH_SERVER__METRICS", metrics.to_string()));
    (site, metrics)
}

/// What it tells at the moment.
fn told(metrics: SocketAddr) -> Exposition {
    let reply = ask(metrics, "GET", "/metrics", &[]);
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    openmetrics::read(&reply.text()).unwrap_or_else(|error| unreachable!("{error}"))
}

/// A site with a freshet from two feeds and one feed that fails.
fn up(folder: &Path, feeds: &FeedServer) -> Command {
    let mut command = riverwatch_in(folder);
    command.arg("up");
    for (feed, path) in
        [("NB_FEWS", fixtures::FEWS_PATH), ("NB_LEVELS", "/not/here.xml"), ("ECCC_NB", fixtures::ECCC_PATH)]
    {
        command.env(format!("RIVERWATCH_FEEDS__{feed}__ADDRESS"), format!("http://{}{path}", feeds.address));
        command.env(format!("RIVERWATCH_FEEDS__{feed}__PRIVATE"), "true");
    }
    command
}

/// Waits until every feed has been asked once.
fn asked(site: &Running) {
    until("every feed has been asked", || {
        let health = site.json("/healthz");
        health["feeds"].as_array()?.iter().all(|feed| feed["state"] != "waiting").then_some(())
    });
}

/// What the log of attempts itself says: how many ended how, and rejected rows by feed.
fn log(folder: &Path) -> (BTreeMap<(String, String), i64>, BTreeMap<String, i64>) {
    let database = rusqlite::Connection::open(folder.join("river.db")).expect("a database");
    let mut select = database
        .prepare("SELECT name, outcome, rows_rejected FROM fetch JOIN feed ON feed.id = fetch.feed")
        .expect("the log");
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("rows");
    let (mut ended, mut rejected) = (BTreeMap::new(), BTreeMap::new());
    for row in rows {
        let (feed, outcome, rows): (String, String, i64) = row.expect("a row");
        *rejected.entry(feed.clone()).or_default() += rows;
        *ended.entry((feed, outcome)).or_default() += 1;
    }
    (ended, rejected)
}

/// The facts that metrics are made of, as the pages' listener and the database tell them.
#[derive(Debug, PartialEq)]
struct Facts {
    feeds: Json,
    stations: Json,
    log: (BTreeMap<(String, String), i64>, BTreeMap<String, i64>),
    /// Of the database and of its write-ahead log.
    bytes: [u64; 2],
}

fn facts(site: &Running, folder: &Path) -> Facts {
    let (mut health, mut all) = (site.json("/healthz"), site.json("/en/stations.json"));
    let bytes = |name: &str| std::fs::metadata(folder.join(name)).expect("a file").len();
    Facts {
        feeds: health["feeds"].take(),
        stations: all["stations"].take(),
        log: log(folder),
        bytes: [bytes("river.db"), bytes("river.db-wal")],
    }
}

/// Metrics and facts of one moment: the facts before and after are the same.
fn of_one_moment(site: &Running, metrics: SocketAddr, folder: &Path) -> (Exposition, Facts) {
    until("nothing changes while it is asked", || {
        let (before, told, after) = (facts(site, folder), told(metrics), facts(site, folder));
        (before == after).then_some((told, after))
    })
}

fn seconds(instant: &Json) -> Option<i64> {
    instant.as_str().map(|instant| instant.parse::<Timestamp>().expect("an instant").as_second())
}

/// The metrics of a site where every family has a sample.
pub(super) fn of_a_site_with_data() -> Exposition {
    let (folder, now) = (folder(), Timestamp::now());
    let feeds = FeedServer::start(Freshet::new(now, 7), now);
    let (site, metrics) = watched(&mut up(folder.path(), &feeds));
    asked(&site);
    told(metrics)
}

fn agree(told: &Exposition, expected: &Facts) {
    for feed in expected.feeds.as_array().expect("feeds") {
        let id = feed["id"].as_str().expect("an id");
        let labels = [("feed", id)];
        let instant = |name: &str| told.get(&format!("riverwatch_feed_{name}_timestamp_seconds"), &labels);
        assert_eq!(instant("last_success"), seconds(&feed["succeeded"]), "{feed}");
        assert_eq!(instant("newest_observation"), seconds(&feed["newest"]), "{feed}");
        let rejected = expected.log.1.get(id).copied().unwrap_or(0);
        assert_eq!(told.get("riverwatch_rows_rejected_total", &labels), Some(rejected), "{id}");
        for outcome in OUTCOMES {
            let ended = expected.log.0.get(&(id.to_owned(), outcome.to_owned())).copied().unwrap_or(0);
            let told = told.get("riverwatch_feed_fetch_total", &[("feed", id), ("outcome", outcome)]);
            assert_eq!(told, Some(ended), "{id} {outcome}");
        }
    }
    let stations = expected.stations.as_array().expect("stations");
    for station in stations {
        let (id, status) = (station["id"].as_str().expect("an id"), &station["status"]);
        for state in STATES {
            let told = told.get("riverwatch_station_state", &[("station", id), ("state", state)]);
            assert_eq!(told, Some(i64::from(status["freshness"] == state)), "{id} {state}");
        }
        let rank = LEVELS.iter().position(|level| status["level"] == *level);
        let rank = rank.map(|rank| i64::try_from(rank).expect("a small number"));
        assert_eq!(told.get("riverwatch_threshold_level", &[("station", id)]), rank, "{status}");
    }
    for (name, bytes) in ["riverwatch_db_bytes", "riverwatch_db_wal_bytes"].into_iter().zip(expected.bytes) {
        assert_eq!(told.get(name, &[]).map(i64::unsigned_abs), Some(bytes), "{name}");
    }
    let count = |name: &str, label: &str| told.by(name, label).len();
    assert_eq!(count("riverwatch_station_state", "station"), stations.len() * STATES.len());
    assert_eq!(count("riverwatch_feed_fetch_total", "feed"), FEEDS.len() * OUTCOMES.len());
}

#[test]
fn metrics_say_what_the_data_say() {
    let (folder, now) = (folder(), Timestamp::now());
    let feeds = FeedServer::start(Freshet::new(now, 7), now);
    let (site, metrics) = watched(&mut up(folder.path(), &feeds));
    asked(&site);
    let before = Timestamp::now().as_second();
    let (told, facts) = of_one_moment(&site, metrics, folder.path());
    agree(&told, &facts);

    let known = told.by("riverwatch_threshold_level", "station").len();
    assert!((10..25).contains(&known), "some are known and some are not: {known}");
    assert_eq!(told.by("riverwatch_feed_last_success_timestamp_seconds", "feed").len(), 2, "one has never succeeded");
    let failed = told.get("riverwatch_feed_fetch_total", &[("feed", "nb-levels"), ("outcome", "failed")]);
    assert!(failed.is_some_and(|failed| failed > 0), "{failed:?}");
    let read = told.get("riverwatch_snapshot_timestamp_seconds", &[]).expect("an instant");
    assert!((before - 60..=Timestamp::now().as_second()).contains(&read), "{read}");
    assert_eq!(told.get("riverwatch_build_info", &[("version", env!("CARGO_PKG_VERSION"))]), Some(1));
}

#[test]
fn what_is_not_known_is_not_told() {
    let folder = folder();
    let (_site, metrics) = watched(riverwatch_in(folder.path()).arg("serve"));
    let told = told(metrics);
    for name in ["threshold_level", "feed_last_success_timestamp_seconds", "feed_newest_observation_timestamp_seconds"]
    {
        let name = format!("riverwatch_{name}");
        assert!(told.families.contains(&name), "{name} is explained all the same");
        assert!(!told.names().contains(name.as_str()), "{name}");
    }
    let states = told.samples.iter().filter(|((name, _), value)| name == "riverwatch_station_state" && **value == 1);
    let states: Vec<&str> = states.map(|((_, labels), _)| labels["state"].as_str()).collect();
    assert_eq!(states, ["none"; 25]);
    let attempts = told.by("riverwatch_feed_fetch_total", "feed");
    assert!(attempts.len() == 12 && attempts.iter().all(|(_, attempts)| *attempts == 0), "counters begin at 0");
}

/// A log that is pruned would make a counter fall, and a counter that falls is read as one that began anew.
#[test]
fn counters_begin_anew_with_the_program() {
    let (folder, now) = (folder(), Timestamp::now());
    let feeds = FeedServer::start(Freshet::new(now, 7), now);
    let (site, _) = watched(&mut up(folder.path(), &feeds));
    asked(&site);
    site.kill();
    assert!(!log(folder.path()).0.is_empty());
    let (_site, metrics) = watched(riverwatch_in(folder.path()).arg("serve"));
    let told = told(metrics);
    assert!(told.by("riverwatch_feed_fetch_total", "feed").iter().all(|(_, attempts)| *attempts == 0));
    assert_eq!(told.by("riverwatch_feed_last_success_timestamp_seconds", "feed").len(), 2, "instants stay");

    let fetched = || told_of(metrics, "nb-fews");
    let import = |name: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, "<html></html>").expect("a file");
        let mut command = riverwatch_in(folder.path());
        crate::support::program::run(command.args(["import", "nb-fews"]).arg(file));
    };
    for count in 1..=2 {
        import("page.xml");
        assert_eq!(fetched(), Some(count), "what another process writes is counted once");
        assert_eq!(fetched(), Some(count));
    }
}

fn told_of(metrics: SocketAddr, feed: &str) -> Option<i64> {
    told(metrics).get("riverwatch_feed_fetch_total", &[("feed", feed), ("outcome", "failed")])
}

#[test]
fn every_answer_is_counted_by_its_class() {
    let folder = folder();
    let (site, metrics) = watched(riverwatch_in(folder.path()).arg("serve"));
    let classes = || {
        let told = told(metrics);
        let count = |class: &str| told.get("riverwatch_http_requests_total", &[("class", class)]).expect("a counter");
        ["2xx", "3xx", "4xx", "5xx"].map(count)
    };
    assert_eq!(classes(), [0; 4], "asking for metrics is no reading of pages");
    let tag = |reply: &Reply| reply.header("etag").expect("a tag").to_owned();
    let about = tag(&site.get("/en/about"));
    ask(site.address, "HEAD", "/fr/", &[]);
    assert_eq!(ask(site.address, "GET", "/en/about", &[("If-None-Match", &about)]).status, 304);
    for (method, path) in [("GET", "/en/station/atlantis"), ("POST", "/en/"), ("GET", "/metrics")] {
        ask(site.address, method, path, &[]);
    }
    assert_eq!(classes(), [2, 1, 3, 0]);
}

#[test]
fn metrics_have_one_address_on_a_listener_of_their_own() {
    let folder = folder();
    let (site, metrics) = watched(riverwatch_in(folder.path()).arg("serve"));
    assert_eq!(site.get("/metrics").status, 404, "not for the readers of pages");
    for path in ["/", "/en/", "/healthz", "/metrics/"] {
        assert_eq!(ask(metrics, "GET", path, &[]).status, 404, "{path}");
    }
    assert_eq!(ask(metrics, "POST", "/metrics", &[]).status, 405);
}

#[test]
fn without_its_database_it_says_what_it_still_knows() {
    let (folder, now) = (folder(), Timestamp::now());
    let feeds = FeedServer::start(Freshet::new(now, 7), now);
    let (site, metrics) = watched(&mut up(folder.path(), &feeds));
    asked(&site);
    let before = told(metrics);
    std::fs::remove_file(folder.path().join("river.db")).expect("removed");
    let after = told(metrics);
    assert_eq!((after.get("riverwatch_db_bytes", &[]), after.get("riverwatch_db_wal_bytes", &[])), (None, None));
    let levels = |told: &Exposition| told.by("riverwatch_threshold_level", "station").len();
    assert_eq!(levels(&after), levels(&before));
}
