//! How the feeds and the machine do: judged once, told in words on the page of the feeds and for machines in `/healthz`.

use hydro::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use crate::snapshot::{FeedNow, Snapshot};

/// How a feed does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FeedHealth {
    /// Before its first fetch.
    Waiting,
    /// It brings what it should.
    Ok,
    /// Its server asked to be left alone for a while, and its data are of the last day.
    Deferred,
    /// Since the last success.
    Failing,
    /// Nobody has asked it for more than a day.
    Stalled,
    /// Its newest measurement is older than a day.
    Old,
    /// Its last document brought much less than those before.
    Short,
}

impl FeedHealth {
    /// Judges a feed at `now`.
    pub(crate) fn of(feed: &FeedNow, now: Timestamp) -> Self {
        let day_old =
            |at: Option<Timestamp>| at.is_some_and(|at| now.duration_since(at) > SignedDuration::from_hours(26));
        // 429 Too Many Requests is the server's word on us, and says nothing of its data.
        let too_many = feed.log.first().is_some_and(|logged| logged.fetch.http_status == Some(429));
        match (feed.state.attempted, feed.state.failures) {
            (None, _) => Self::Waiting,
            (attempted, _) if day_old(attempted) => Self::Stalled,
            (_, 0) if day_old(feed.newest) => Self::Old,
            (_, 0) if feed.state.short => Self::Short,
            (_, 0) => Self::Ok,
            _ if too_many && feed.newest.is_some() && !day_old(feed.newest) => Self::Deferred,
            _ => Self::Failing,
        }
    }

    /// Its word for machines.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ok => "ok",
            Self::Deferred => "deferred",
            Self::Failing => "failing",
            Self::Stalled => "stalled",
            Self::Old => "old",
            Self::Short => "short",
        }
    }
}

/// What is wrong with the machine rather than with a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// Our clock is behind the feeds' servers by so much; ahead of them where that is negative.
    Clock(SignedDuration),
    /// Few bytes are left beside the database.
    Disk(u64),
}

/// Clocks on the internet agree within seconds; ages told by one that is minutes off are wrong.
const FAR: SignedDuration = SignedDuration::from_mins(5);
/// With less space than this, in bytes, the log of the next transactions may no longer fit.
const SCARCE: u64 = 64 << 20;

/// What is wrong at the time of a snapshot.
pub(crate) fn problems(snapshot: &Snapshot) -> Vec<Problem> {
    let clock = clock(snapshot).map(Problem::Clock);
    let disk = snapshot.free_space.filter(|&free| free < SCARCE).map(Problem::Disk);
    clock.into_iter().chain(disk).collect()
}

/// By how much our clock is behind, where the servers of two feeds or more say so and no more of them say otherwise: one
/// server's clock may be wrong.
fn clock(snapshot: &Snapshot) -> Option<SignedDuration> {
    if snapshot.site.demonstration {
        return None;
    }
    let ahead = |feed: &FeedNow| feed.log.iter().find_map(|logged| logged.fetch.clock_ahead);
    let mut told: Vec<SignedDuration> = snapshot.feeds.iter().filter_map(ahead).collect();
    told.sort_unstable();
    let median = *told.get(told.len() / 2)?;
    let agree = told.iter().filter(|ahead| (**ahead - median).abs() <= FAR).count();
    (median.abs() > FAR && agree >= 2).then_some(median)
}

/// The health for machines: a feed that fails, stalls or brings only old data degrades it, and so does a problem of the
/// machine; none makes the server unready.
pub(crate) fn health(snapshot: &Snapshot) -> Json {
    let judged: Vec<FeedHealth> = snapshot.feeds.iter().map(|feed| FeedHealth::of(feed, snapshot.now)).collect();
    let problems: Vec<Json> = problems(snapshot)
        .into_iter()
        .map(|problem| match problem {
            Problem::Clock(behind) => json!({"kind": "clock", "behind_seconds": behind.as_secs()}),
            Problem::Disk(free) => json!({"kind": "disk", "free_bytes": free}),
        })
        .collect();
    let well = |state: &FeedHealth| matches!(state, FeedHealth::Ok | FeedHealth::Waiting | FeedHealth::Deferred);
    let status = if judged.iter().all(well) && problems.is_empty() { "ok" } else { "degraded" };
    let feed = |((note, feed), state): ((&crate::FeedNote, &FeedNow), FeedHealth)| {
        json!({
            "id": note.id.as_str(),
            "state": state.name(),
            "attempted": feed.state.attempted,
            "succeeded": feed.state.succeeded,
            "changed": feed.state.changed,
            "failures": feed.state.failures,
            "newest": feed.newest,
            "message": feed.state.message,
        })
    };
    let feeds: Vec<Json> = snapshot.site.feeds.iter().zip(snapshot.feeds.iter()).zip(judged).map(feed).collect();
    json!({
        "status": status,
        "generated": snapshot.now,
        "database": "sqlite",
        "problems": problems,
        "feeds": feeds,
    })
}
