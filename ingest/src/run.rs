//! The scheduler: one task for each feed, which waits, fetches, takes and applies, over and over. It is the rim that may
//! wait and read the clock. A feed that fails backs off alone; nothing that happens to one reaches another.

mod ingester;
#[cfg(test)]
mod tests;
mod turns;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hydro::{FeedId, Now, SignedDuration, StationId, Timestamp};
use store::{Applied, FeedState, Fetch, Outcome, StoreError, Writer};
use thiserror::Error;
use tokio::sync::{oneshot, watch};
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

/// What is fetched, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The feeds, each with an id of its own.
    pub feeds: Vec<Feed>,
    /// What their fetches share.
    pub fetching: Fetching,
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
/// A feed that is due when this begins is fetched at once. When another plan comes it holds from then on: a fetch that is
/// under way is brought home first, and no feed is asked twice at the same time. A plan that cannot be followed is logged,
/// and the one before goes on. `on_changed` is told of the stations whose data a fetch changed, off the async threads,
/// after the store has them. Errors of the store are logged and the feed backs off.
///
/// # Errors
/// [`FetchError`] where no HTTP client can be made for the first plan.
pub async fn run(
    mut plans: watch::Receiver<Plan>,
    store: Arc<Mutex<Writer>>,
    clock: Clock,
    on_changed: impl Fn(&BTreeSet<StationId>) + Send + Sync + 'static,
    stop: watch::Receiver<bool>,
) -> Result<(), FetchError> {
    let mut stopped = stop.clone();
    let plan = plans.borrow_and_update().clone();
    let mut ingester = Arc::new(Ingester::new(&plan, store, Arc::clone(&clock.now), Arc::new(on_changed))?);
    let (mut tasks, mut ends) = (JoinSet::new(), HashMap::new());
    let mut retire = begin(&mut tasks, &mut ends, &ingester, plan, &clock, &stop);
    loop {
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stop| *stop) => break,
            Some(ended) = tasks.join_next() => told(ended),
            Ok(()) = plans.changed() => {
                let plan = plans.borrow_and_update().clone();
                match ingester.renewed(&plan) {
                    Ok(renewed) => {
                        ingester = Arc::new(renewed);
                        let _ = retire.send(true);
                        retire = begin(&mut tasks, &mut ends, &ingester, plan, &clock, &stop);
                    }
                    Err(error) => tracing::error!(%error, "feeds are fetched as before: the new plan cannot be followed"),
                }
            }
        }
    }
    while let Some(ended) = tasks.join_next().await {
        told(ended);
    }
    Ok(())
}

/// When the last task of a feed has ended: its other half is dropped then, however it ends.
type End = oneshot::Receiver<()>;

/// Starts a task for each feed, which waits for the task that the feed had before. What is returned retires them.
fn begin(
    tasks: &mut JoinSet<()>,
    ends: &mut HashMap<FeedId, End>,
    ingester: &Arc<Ingester>,
    plan: Plan,
    clock: &Clock,
    stop: &watch::Receiver<bool>,
) -> watch::Sender<bool> {
    let (retire, retired) = watch::channel(false);
    for feed in plan.feeds {
        let offset = backoff::offset(&feed.id, &plan.fetching.contact);
        let (ended, end) = oneshot::channel();
        let before = ends.insert(feed.id.clone(), end);
        let tended = tend(Arc::clone(ingester), Arc::new(feed), offset, clock.clone(), stop.clone(), retired.clone());
        tasks.spawn(async move {
            let _ended: oneshot::Sender<()> = ended;
            if let Some(before) = before {
                let _ = before.await;
            }
            tended.await;
        });
    }
    retire
}

fn told(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(reason = panic_text(error), "a feed's task ended");
    }
}

/// Fetches each of the feeds once, now, whatever its schedule; the results are in the order of the feeds.
///
/// # Errors
/// [`FetchError`] where no HTTP client can be made.
pub async fn once(
    plan: Plan,
    store: Arc<Mutex<Writer>>,
    now: Now,
) -> Result<Vec<(FeedId, Result<Done, RunError>)>, FetchError> {
    let ingester = Arc::new(Ingester::new(&plan, store, now, Arc::new(|_: &BTreeSet<StationId>| {}))?);
    let start = |feed: Feed| {
        let (id, feed, ingester) = (feed.id.clone(), Arc::new(feed), Arc::clone(&ingester));
        let attempt = async move {
            ingester.asks_anew(&feed).await;
            ingester.attempt(&feed).await
        };
        (id, tokio::spawn(attempt))
    };
    let started: Vec<_> = plan.feeds.into_iter().map(start).collect();
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

/// Asks one feed again and again: until `stop`, at once; until it is `retired`, when what is under way is done.
async fn tend(
    ingester: Arc<Ingester>,
    feed: Arc<Feed>,
    offset: SignedDuration,
    clock: Clock,
    mut stop: watch::Receiver<bool>,
    mut retired: watch::Receiver<bool>,
) {
    let anew = ingester.asks_anew(&feed).await;
    let mut state = ingester.state(&feed).await;
    if anew && state.retry_at.is_none_or(|retry_at| retry_at <= (clock.now)()) {
        // A station that was just added need not wait for the schedule.
        state.attempted = None;
    }
    loop {
        tokio::select! {
            biased;
            // An error means that nobody is left who could say it.
            _ = stop.wait_for(|stop| *stop) => return,
            _ = retired.wait_for(|retired| *retired) => return,
            () = sleep_until_due(&feed, offset, &state, &clock) => {}
        }
        let asked = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return,
            asked = ingester.ask(&feed) => asked,
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
