//! What operators watch, for Prometheus and its like: the facts of the pages and of the store in the text format of
//! `OpenMetrics` 1.0. Instants are given, not ages; what is not known has no sample, and is never 0.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::routing::get;
use hydro::{FeedId, Freshness, Timestamp};
use store::{Outcome, Reader, StoreError};

use crate::routes::App;
use crate::snapshot::{FeedNow, Snapshot};

const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const OUTCOMES: [Outcome; 4] = [Outcome::Changed, Outcome::Unchanged, Outcome::Empty, Outcome::Failed];
const STATES: [Freshness; 5] =
    [Freshness::Fresh, Freshness::Late, Freshness::Stale, Freshness::Offline, Freshness::None];
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// The one address `/metrics`, for a listener apart from the pages'. Opens the database a second time, so that counting
/// holds up no page; attempts to fetch are counted from now on.
///
/// # Errors
/// [`StoreError`] where there is no database or it does not answer.
pub fn metrics(app: Arc<App>, database: &Path) -> Result<Router, StoreError> {
    let database = Reader::open(database)?;
    let counted = database.log_end()?;
    let tally = Tally { database, counted, fetches: BTreeMap::new(), rejected: BTreeMap::new() };
    Ok(Router::new().route("/metrics", get(answer)).with_state(Arc::new(Watch { app, tally: Mutex::new(tally) })))
}

/// Answers given by the pages' listener, by the class of their status.
#[derive(Debug, Default)]
pub(crate) struct Answers([AtomicU64; 4]);

impl Answers {
    /// Counts an answer.
    pub(crate) fn count(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).checked_sub(2);
        if let Some(counter) = class.and_then(|class| self.0.get(class)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }
}

struct Watch {
    app: Arc<App>,
    tally: Mutex<Tally>,
}

/// Attempts since the start. The log itself is pruned: its counts can fall, which a counter must not.
struct Tally {
    database: Reader,
    /// The newest attempt that is counted.
    counted: i64,
    fetches: BTreeMap<(FeedId, &'static str), u64>,
    rejected: BTreeMap<FeedId, u64>,
}

impl Tally {
    /// Counts what the log has got since the last time.
    fn catch_up(&mut self) -> Result<(), StoreError> {
        let end = self.database.log_end()?;
        for new in self.database.attempts(self.counted, end)? {
            *self.rejected.entry(new.feed.clone()).or_default() += new.rejected;
            *self.fetches.entry((new.feed, new.outcome.name())).or_default() += new.count;
        }
        self.counted = self.counted.max(end);
        Ok(())
    }
}

async fn answer(State(watch): State<Arc<Watch>>) -> Response<Body> {
    match tokio::task::spawn_blocking(move || watch.exposition()).await {
        Ok(text) => {
            let mut response = Response::new(Body::from(text));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
            response
        }
        Err(error) => {
            tracing::error!(%error, "the metrics could not be made");
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
    }
}

impl Watch {
    fn exposition(&self) -> String {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = tally.catch_up() {
            tracing::error!(%error, "attempts to fetch are not counted");
        }
        let (snapshot, read) = self.app.newest();
        let mut text = String::new();
        feeds(&mut text, &snapshot);
        fetches(&mut text, &snapshot, &tally);
        stations(&mut text, &snapshot);
        program(&mut text, &self.app.answers, read);
        database(&mut text, &tally.database);
        text.push_str("# EOF\n");
        text
    }
}

fn feeds(text: &mut String, snapshot: &Snapshot) {
    let instants = |of: fn(&FeedNow) -> Option<Timestamp>| {
        let pairs = snapshot.site.feeds.iter().zip(snapshot.feeds.iter());
        pairs.filter_map(move |(note, feed)| Some(([("feed", note.id.as_str())], of(feed)?.as_second())))
    };
    let help = "When an attempt to fetch the feed last ended other than failed; absent before the first.";
    let name = "feed_last_success_timestamp_seconds";
    family(text, name, Kind::Gauge, help, instants(|feed| feed.state.succeeded));
    let help = "When the newest measurement of any station from the feed was valid; absent while there is none.";
    let name = "feed_newest_observation_timestamp_seconds";
    family(text, name, Kind::Gauge, help, instants(|feed| feed.newest));
}

fn fetches(text: &mut String, snapshot: &Snapshot, tally: &Tally) {
    let ids = || snapshot.site.feeds.iter().map(|note| &note.id);
    let of_feed = |id: &'_ FeedId| OUTCOMES.map(|outcome| (id.clone(), outcome.name()));
    let keys: Vec<_> = ids().flat_map(of_feed).collect();
    let attempts = keys.iter().map(|key| {
        let labels = [("feed", key.0.as_str()), ("outcome", key.1)];
        (labels, tally.fetches.get(key).copied().unwrap_or(0))
    });
    let help = "Attempts to fetch the feed, by how they ended, since this server started.";
    family(text, "feed_fetch", Kind::Counter, help, attempts);
    let rejected = ids().map(|id| ([("feed", id.as_str())], tally.rejected.get(id).copied().unwrap_or(0)));
    let help = "Rows of the feed that could not be read or believed, since this server started.";
    family(text, "rows_rejected", Kind::Counter, help, rejected);
}

fn stations(text: &mut String, snapshot: &Snapshot) {
    let states = snapshot.all().flat_map(|(station, state)| {
        let labels = |one: Freshness| [("station", station.id.as_str()), ("state", one.name())];
        STATES.map(|one| (labels(one), u8::from(one == state.assessment.freshness)))
    });
    let help = "1 for the age class of the station's newest trusted measurement, 0 for the others.";
    family(text, "station_state", Kind::Gauge, help, states);
    let levels = snapshot.all().filter_map(|(station, state)| {
        Some(([("station", station.id.as_str())], state.assessment.status.rank()?.get()))
    });
    let help =
        "Thresholds that the station's current measurement reaches: 0, which is normal, to 4; absent while unknown.";
    family(text, "threshold_level", Kind::Gauge, help, levels);
}

fn program(text: &mut String, answers: &Answers, read: Timestamp) {
    let classes = CLASSES.iter().zip(&answers.0);
    let classes = classes.map(|(class, count)| ([("class", *class)], count.load(Ordering::Relaxed)));
    let help = "Answers to requests for pages and data, by the class of their status, since this server started.";
    family(text, "http_requests", Kind::Counter, help, classes);
    let help = "When the data that the pages show were last read from the database.";
    family(text, "snapshot_timestamp_seconds", Kind::Gauge, help, [([], read.as_second())]);
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    family(text, "build", Kind::Info, "The program.", [(version, 1)]);
}

fn database(text: &mut String, database: &Reader) {
    let sizes = database.sizes().map_err(|error| tracing::error!(%error, "the database's size is unknown")).ok();
    let help = "The size of the database's file; absent where it cannot be seen.";
    family(text, "db_bytes", Kind::Gauge, help, sizes.map(|sizes| ([], sizes.database)));
    let help = "The size of the database's write-ahead log.";
    family(text, "db_wal_bytes", Kind::Gauge, help, sizes.map(|sizes| ([], sizes.wal)));
}

/// A kind of metric, with what its samples' names end in.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Gauge,
    Counter,
    Info,
}

/// Writes a family of metrics: what it is, then a sample for each set of labels.
fn family<'a, const N: usize, V: Display>(
    text: &mut String,
    name: &str,
    kind: Kind,
    help: &str,
    samples: impl IntoIterator<Item = ([(&'a str, &'a str); N], V)>,
) {
    let (kind, ending) = match kind {
        Kind::Gauge => ("gauge", ""),
        Kind::Counter => ("counter", "_total"),
        Kind::Info => ("info", "_info"),
    };
    text.push_str(&format!("# TYPE riverwatch_{name} {kind}\n"));
    if let Some(unit) = ["seconds", "bytes"].into_iter().find(|unit| name.ends_with(&format!("_{unit}"))) {
        text.push_str(&format!("# UNIT riverwatch_{name} {unit}\n"));
    }
    text.push_str(&format!("# HELP riverwatch_{name} {}\n", escaped(help)));
    for (labels, value) in samples {
        let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}=\"{}\"", escaped(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        text.push_str(&format!("riverwatch_{name}{ending}{labels} {value}\n"));
    }
}

/// A text within a line of the format.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_says_what_it_is_before_its_samples() {
        let mut text = String::new();
        let samples = [([("name", "a\\b\"c\nd"), ("class", "2xx")], 7), ([("name", "é"), ("class", "")], 0)];
        family(&mut text, "wait_seconds", Kind::Counter, "How long.", samples);
        insta::assert_snapshot!(text, @r#"
        # TYPE riverwatch_wait_seconds counter
        # UNIT riverwatch_wait_seconds seconds
        # HELP riverwatch_wait_seconds How long.
        riverwatch_wait_seconds_total{name="a\\b\"c\nd",class="2xx"} 7
        riverwatch_wait_seconds_total{name="é",class=""} 0
        "#);
    }

    #[test]
    fn an_unknown_value_has_no_sample() {
        let mut text = String::new();
        family(&mut text, "depth", Kind::Gauge, "Deep.", None::<([(&str, &str); 0], u8)>);
        assert_eq!(text, "# TYPE riverwatch_depth gauge\n# HELP riverwatch_depth Deep.\n");
    }

    #[test]
    fn answers_are_counted_by_class() {
        let answers = Answers::default();
        for status in [200, 200, 204, 304, 404, 503, 100, 999] {
            answers.count(StatusCode::from_u16(status).unwrap());
        }
        assert_eq!(answers.0.map(AtomicU64::into_inner), [3, 1, 1, 1]);
    }
}
