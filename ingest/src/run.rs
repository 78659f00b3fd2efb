//! The scheduler: one task for each feed, which waits, fetches, takes and applies, over and over. It is the rim that may
//! wait and read the clock. A feed that fails backs off alone; nothing that happens to one reaches another.

mod ingester;
mod turns;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hydro::{FeedId, Now, SignedDuration, StationId, Timestamp};
use store::{Applied, FeedState, Fetch, Outcome, StoreError, Writer};
use thiserror::Error;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::backoff;
use crate::feed::{Feed, Fetching};
use crate::fetch::FetchError;
use ingester::{Ingester, panic_text};

/// What time it is, and how fast it goes by.
#[derive(Clone)]
pub struct Clock {
    /// The time now.
    pub now: Now,
    /// How many seconds of `now` pass in a second of waiting: 1 in service, more in drills.
    pub speed: f64,
}

/// A fetch that is in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The row of the log.
    pub fetch: Fetch,
    /// What it changed.
    pub applied: Applied,
}

/// Why a fetch is not in the store.
#[derive(Debug, Error)]
pub enum RunError {
    /// The store refused it; nothing of it is written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store's writer panicked.
    #[error("panicked: {0}")]
    Panicked(String),
}

/// The shortest pause between two attempts of a feed, whatever its schedule and the speed of the clock.
const SHORTEST_NAP: Duration = Duration::from_millis(50);
/// The longest sleep at a time: a wall clock that is set anew is noticed within it.
const LONGEST_NAP: Duration = Duration::from_secs(60);

/// Fetches every feed by its schedule until `stop` turns true or its sender is gone.
///
/// A feed that is due when this begins is fetched at once. `on_changed` is told of the stations whose data a fetch
/// changed, off the async threads, after the store has them. Errors of the store are logged and the feed backs off.
///
/// # Errors
/// [`FetchError`] where no HTTP client can be made.
pub async fn run(
    feeds: Vec<Feed>,
    fetching: &Fetching,
    store: Arc<Mutex<Writer>>,
    clock: Clock,
    on_changed: impl Fn(&BTreeSet<StationId>) + Send + Sync + 'static,
    stop: watch::Receiver<bool>,
) -> Result<(), FetchError> {
    let ingester = Arc::new(Ingester::new(&feeds, fetching, store, Arc::clone(&clock.now), Arc::new(on_changed))?);
    let mut tasks = JoinSet::new();
    for feed in feeds {
        let offset = backoff::offset(&feed.id, &fetching.contact);
        tasks.spawn(tend(Arc::clone(&ingester), Arc::new(feed), offset, clock.clone(), stop.clone()));
    }
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            tracing::error!(reason = panic_text(error), "a feed's task ended");
        }
    }
    Ok(())
}

/// Fetches each of the feeds once, now, whatever its schedule; the results are in the order of the feeds.
///
/// # Errors
/// [`FetchError`] where no HTTP client can be made.
pub async fn once(
    feeds: Vec<Feed>,
    fetching: &Fetching,
    store: Arc<Mutex<Writer>>,
    now: Now,
) -> Result<Vec<(FeedId, Result<Done, RunError>)>, FetchError> {
    let ingester = Arc::new(Ingester::new(&feeds, fetching, store, now, Arc::new(|_: &BTreeSet<StationId>| {}))?);
    let start = |feed: Feed| {
        let (id, ingester) = (feed.id.clone(), Arc::clone(&ingester));
        (id, tokio::spawn(async move { ingester.attempt(&Arc::new(feed)).await }))
    };
    let started: Vec<_> = feeds.into_iter().map(start).collect();
    let mut results = Vec::with_capacity(started.len());
    for (id, task) in started {
        results.push((id, task.await.unwrap_or_else(|error| Err(RunError::Panicked(panic_text(error))))));
    }
    Ok(results)
}

/// When a feed is to be asked next; `None` for at once.
///
/// After failures it is asked again before its schedule says so, ever more slowly, and never more slowly than its
/// schedule, which is what its server expects anyway; unless the server has named a later time.
fn due(feed: &Feed, offset: SignedDuration, state: &FeedState, now: Timestamp) -> Option<Timestamp> {
    // An attempt in the future is one of before the clock was set back, and says nothing.
    let last = state.attempted.filter(|&last| last <= now)?;
    let later = |instant: Timestamp, wait| instant.checked_add(wait).unwrap_or(Timestamp::MAX);
    let scheduled = later(feed.schedule.next_after(later(last, -offset)), offset);
    let due = match state.failures {
        0 => scheduled,
        failures => scheduled.min(later(last, backoff::delay(failures, &feed.id))),
    };
    let asked = state.retry_at.map_or(due, |retry_at| retry_at.min(later(last, backoff::LONGEST)));
    Some(due.max(asked))
}

async fn tend(
    ingester: Arc<Ingester>,
    feed: Arc<Feed>,
    offset: SignedDuration,
    clock: Clock,
    mut stop: watch::Receiver<bool>,
) {
    let mut state = ingester.state(&feed).await;
    loop {
        let turn = async {
            sleep_until_due(&feed, offset, &state, &clock).await;
            ingester.ask(&feed).await
        };
        let asked = tokio::select! {
            biased;
            // An error means that nobody is left who could say stop.
            _ = stop.wait_for(|stop| *stop) => return,
            asked = turn => asked,
        };
        // Of its own times a task keeps its own account: the store may not have been able to.
        (state.attempted, state.retry_at) = (Some(asked.at), asked.fetched.retry_at);
        // Once there is an answer it is brought home: the store is quick, and a stop can wait for it.
        state.failures = match ingester.settle(&feed, asked).await {
            Ok(Done { fetch, .. }) if fetch.outcome != Outcome::Failed => 0,
            _ => state.failures.saturating_add(1),
        };
        tokio::time::sleep(SHORTEST_NAP).await;
    }
}

async fn sleep_until_due(feed: &Feed, offset: SignedDuration, state: &FeedState, clock: &Clock) {
    loop {
        let now = (clock.now)();
        let Some(due) = due(feed, offset, state, now).filter(|&due| due > now) else { return };
        tokio::time::sleep(nap(due.duration_since(now), clock.speed)).await;
    }
}

/// How long to sleep, of a wait by a clock of this speed; by one that stands still, no wait ever ends.
fn nap(wait: SignedDuration, speed: f64) -> Duration {
    let nap = Duration::try_from_secs_f64(wait.as_secs_f64() / speed).unwrap_or(LONGEST_NAP);
    nap.clamp(SHORTEST_NAP, LONGEST_NAP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Format;
    use crate::schedule::Schedule;

    fn feed(schedule: &str) -> Feed {
        Feed {
            id: FeedId::new("nb-fews").unwrap(),
            address: "https://example.org/".parse().unwrap(),
            format: Format::PiXml,
            place: None,
            schedule: Schedule::parse(schedule).unwrap(),
            max_bytes: 1,
            private: false,
            places: std::collections::BTreeMap::new(),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn state(attempted: &str, failures: u32) -> FeedState {
        FeedState { attempted: Some(at(attempted)), failures, ..FeedState::default() }
    }

    const OFFSET: SignedDuration = SignedDuration::from_secs(7);

    #[test]
    fn a_feed_is_due_by_its_schedule_and_offset() {
        let feed = feed("*/15 * * * *");
        let due = |state: &FeedState, now: &str| due(&feed, OFFSET, state, at(now)).map(|due| due.to_string());
        assert_eq!(due(&FeedState::default(), "2026-04-20T12:00:00Z"), None);
        for attempted in ["2026-04-20T12:00:07Z", "2026-04-20T12:09:00Z", "2026-04-20T12:15:06Z"] {
            let next = due(&state(attempted, 0), "2026-04-20T12:15:06Z");
            assert_eq!(next.as_deref(), Some("2026-04-20T12:15:07Z"), "{attempted}");
        }
        assert_eq!(due(&state("2026-04-21T12:00:00Z", 0), "2026-04-20T12:00:00Z"), None, "the clock was set back");
    }

    #[test]
    fn an_offset_wider_than_the_interval_keeps_the_interval() {
        let feed = feed("*/5 * * * * *");
        let next =
            due(&feed, SignedDuration::from_secs(12), &state("2026-04-20T12:00:02Z", 0), at("2026-04-20T12:00:03Z"));
        assert_eq!(next, Some(at("2026-04-20T12:00:07Z")));
    }

    #[test]
    fn failures_come_again_soon_and_never_later_than_the_schedule() {
        let feed = feed("*/15 * * * *");
        let last = "2026-04-20T12:00:07Z";
        let wait = |state: &FeedState| due(&feed, OFFSET, state, at(last)).unwrap().duration_since(at(last));
        for failures in 1..5 {
            assert_eq!(wait(&state(last, failures)), backoff::delay(failures, &feed.id), "{failures}");
        }
        assert_eq!(wait(&state(last, 9)), SignedDuration::from_mins(15));

        let asked = |retry_at: &str| wait(&FeedState { retry_at: Some(at(retry_at)), ..state(last, 1) });
        assert_eq!(asked("2026-04-20T12:00:08Z"), backoff::delay(1, &feed.id), "sooner than the backoff");
        assert_eq!(asked("2026-04-20T12:40:07Z"), SignedDuration::from_mins(40), "later than the schedule");
        assert_eq!(asked("2027-04-20T12:00:00Z"), SignedDuration::from_hours(1), "no server may ask for more");
    }

    #[test]
    fn naps_are_bounded_whatever_the_clock() {
        let nap = |seconds, speed| nap(SignedDuration::from_secs(seconds), speed).as_secs_f64();
        for (seconds, speed, expected) in
            [(10, 1.0, 10.0), (900, 1.0, 60.0), (10, 5.0, 2.0), (1, 3600.0, 0.05), (5, 0.0, 60.0), (5, f64::NAN, 60.0)]
        {
            assert!((nap(seconds, speed) - expected).abs() < 1e-9, "{seconds} at {speed}");
        }
    }
}
