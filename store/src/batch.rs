//! What a fetch brings to the store, and what applying it changed.

use std::collections::BTreeSet;
use std::time::Duration;

use hydro::{Alert, FeedId, Kind, Parameter, Point, SignedDuration, Stat, Timestamp, Value};

/// How a fetch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A document came that differs from the last one.
    Changed,
    /// The server said *not modified*, or the same bytes came again.
    Unchanged,
    /// A sound document without any data: neither an error nor a success.
    Empty,
    /// Nothing usable came; what is stored stays.
    Failed,
}

impl Outcome {
    /// Its word in data.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Empty => "empty",
            Self::Failed => "failed",
        }
    }

    /// The outcome of a word.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Changed, Self::Unchanged, Self::Empty, Self::Failed].into_iter().find(|outcome| outcome.name() == name)
    }
}

/// SHA-256 of a body as received, after content decoding.
pub type BodyHash = [u8; 32];

/// What lets the next request be conditional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, as sent.
    pub etag: Option<String>,
    /// `Last-Modified`, as sent.
    pub last_modified: Option<String>,
}

/// One attempt to fetch a feed: a row of the log that `/status` shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// The feed.
    pub feed: FeedId,
    /// When the attempt began; everything new in it counts as received then.
    pub at: Timestamp,
    /// How long it took until its rows were ready.
    pub took: Duration,
    /// How it ended.
    pub outcome: Outcome,
    /// The status of the last HTTP reply, if there was one.
    pub http_status: Option<u16>,
    /// The decoded size of the body.
    pub bytes: u64,
    /// The hash of the body, if there was one.
    pub hash: Option<BodyHash>,
    /// By how much the server's clock was ahead of ours, where the reply had a date.
    pub clock_ahead: Option<SignedDuration>,
    /// Points of places that stations name.
    pub points: u32,
    /// Rows that could not be read or believed.
    pub rejected: u32,
    /// Series of places that no station names.
    pub ignored: u32,
    /// What went wrong, or the first rejection: one line, for operators.
    pub message: Option<String>,
}

impl Fetch {
    /// An attempt of which nothing is known yet but its beginning.
    pub fn begun(feed: FeedId, at: Timestamp) -> Self {
        Self {
            feed,
            at,
            took: Duration::ZERO,
            outcome: Outcome::Failed,
            http_status: None,
            bytes: 0,
            hash: None,
            clock_ahead: None,
            points: 0,
            rejected: 0,
            ignored: 0,
            message: None,
        }
    }
}

/// A feed's time series of one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesKey {
    /// The feed's own id of the place.
    pub location: String,
    /// What is measured.
    pub parameter: Parameter,
    /// Measured or forecast.
    pub kind: Kind,
    /// Value, bound or member.
    pub stat: Stat,
}

/// Points for one series. Observations are upserted by valid time; a forecast is kept whole, as one issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesBatch {
    /// Which series.
    pub key: SeriesKey,
    /// When the forecaster spoke; `None` for observations and where the feed does not say.
    pub issued: Option<Timestamp>,
    /// In any order, as the feed states them: its own datum, metres or m³/s. Where a valid time comes twice, the last holds.
    pub points: Vec<Point>,
}

/// A place's thresholds as the feed publishes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GaugeThresholds {
    /// The feed's own id of the place.
    pub location: String,
    /// What they are heights of.
    pub parameter: Parameter,
    /// The authority's names, in lower case, and heights.
    pub heights: Vec<(String, Value)>,
}

/// A threshold as a feed last published it, and as it did before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedThreshold {
    /// The feed's own id of the place.
    pub location: String,
    /// What it is a height of.
    pub parameter: Parameter,
    /// The authority's name of it, in lower case.
    pub name: String,
    /// Its height in the feed's own datum; `None` where it is published no more.
    pub value: Option<Value>,
    /// When that first came.
    pub received: Timestamp,
    /// What was published before, if anything was.
    pub before: Option<Value>,
}

/// Official alerts as a document brings them.
#[derive(Debug, Clone, PartialEq)]
pub enum Alerts {
    /// Messages, each for itself: what they replace or end they name.
    Messages(Vec<Alert>),
    /// Some of all that are in force: the others could not be read, and nothing is over because of that.
    Partial(Vec<Alert>),
    /// All that are in force: what the feed listed before and does not list any more is over.
    Complete(Vec<Alert>),
}

/// A fetch and everything it brought: applied whole, or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch<'a> {
    /// The row of the log.
    pub fetch: Fetch,
    /// Saved bytes read later: one older than the last attempt moves nothing of the feed's state back.
    pub replayed: bool,
    /// The bytes to keep for tracing and replay, if they changed.
    pub body: Option<&'a [u8]>,
    /// Sent with the next request. `None` keeps what is stored; `Some` of nothing forgets it.
    pub validators: Option<Validators>,
    /// Not before this instant shall the feed be asked again (`Retry-After`).
    pub retry_at: Option<Timestamp>,
    /// The time series.
    pub series: Vec<SeriesBatch>,
    /// The thresholds.
    pub gauges: Vec<GaugeThresholds>,
    /// The official alerts; `None` of a document that is not about them.
    pub alerts: Option<Alerts>,
    /// When the forecaster means to issue next; `None` keeps what is stored.
    pub next_issue: Option<Timestamp>,
}

impl Batch<'_> {
    /// A batch that brings nothing but its row in the log.
    pub fn empty(fetch: Fetch) -> Self {
        Self {
            fetch,
            replayed: false,
            body: None,
            validators: None,
            retry_at: None,
            series: vec![],
            gauges: vec![],
            alerts: None,
            next_issue: None,
        }
    }
}

/// What a batch changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// The places, by the feed's own id, whose stored data changed.
    pub changed: BTreeSet<String>,
    /// Points not known before, forecasts' points included, and alerts.
    pub new: u32,
    /// Observations whose value or remark changed; what they were is kept. Alerts that were ended.
    pub revised: u32,
    /// Observations that the document would have rewritten all at once, and that stay as they were.
    pub held: u32,
    /// Thresholds that a feed publishes otherwise than before: what it publishes now, and what it did.
    pub thresholds: Vec<PublishedThreshold>,
    /// Thresholds that would have moved further than an authority moves one; they stay as they were.
    pub absurd: Vec<PublishedThreshold>,
    /// Observations that the document leaves out, though it covers their time: taken back.
    pub withdrawn: u32,
    /// Observations valid before this are as they were; `None` where all are.
    pub since: Option<Timestamp>,
}

/// What is remembered of a feed between fetches and across restarts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedState {
    /// For a conditional request.
    pub validators: Validators,
    /// Of the last body that was parsed.
    pub hash: Option<BodyHash>,
    /// When the last attempt began.
    pub attempted: Option<Timestamp>,
    /// When an attempt last ended other than failed.
    pub succeeded: Option<Timestamp>,
    /// When an attempt last brought different bytes.
    pub changed: Option<Timestamp>,
    /// Failed attempts since the last success.
    pub failures: u32,
    /// The last document brought less than half of what those before it did: it may have been cut off.
    pub short: bool,
    /// Not before this instant shall it be asked again.
    pub retry_at: Option<Timestamp>,
    /// What the last attempt had to say.
    pub message: Option<String>,
    /// When the forecaster means to issue next.
    pub next_issue: Option<Timestamp>,
}
