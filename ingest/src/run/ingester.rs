//! One attempt at one feed: wait for a turn, ask, take, apply, tell. What blocks or may panic runs apart.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hydro::{Now, SignedDuration, StationId, Timestamp, Value};
use store::{Batch, FeedState, Fetch, Outcome, PublishedThreshold, StoreError, Writer};
use tokio::task::JoinError;
use tokio::time::Instant;

use super::turns::Turns;
use super::{Done, Plan, RunError};
use crate::feed::{Feed, Fetching};
use crate::fetch::{Client, FetchError, Fetched, fetch};
use crate::take::{one_line, take, taken_batch};

/// Is told which stations' data changed.
pub(super) type OnChanged = Arc<dyn Fn(&BTreeSet<StationId>) + Send + Sync>;

/// What all feeds' tasks share.
pub(super) struct Ingester {
    client: Client,
    turns: Turns,
    store: Arc<Mutex<Writer>>,
    keep_bodies: u64,
    retention: Option<SignedDuration>,
    now: Now,
    on_changed: OnChanged,
}

/// A reply that is not yet in the store.
pub(super) struct Asked {
    state: FeedState,
    pub(super) at: Timestamp,
    began: Instant,
    pub(super) fetched: Fetched,
}

impl Ingester {
    pub(super) fn new(
        plan: &Plan,
        store: Arc<Mutex<Writer>>,
        now: Now,
        on_changed: OnChanged,
    ) -> Result<Self, FetchError> {
        let Plan { feeds, fetching } = plan;
        let (client, turns) = (Client::new(fetching)?, Turns::new(feeds, fetching.at_once));
        let Fetching { keep_bodies, retention, .. } = *fetching;
        Ok(Self { client, turns, store, keep_bodies, retention, now, on_changed })
    }

    /// The same with another plan. What the one before has under way at a server still counts there.
    pub(super) fn renewed(&self, plan: &Plan) -> Result<Self, FetchError> {
        let turns = self.turns.renewed(&plan.feeds, plan.fetching.at_once);
        let (store, now, on_changed) = (Arc::clone(&self.store), Arc::clone(&self.now), Arc::clone(&self.on_changed));
        Ok(Self { turns, ..Self::new(plan, store, now, on_changed)? })
    }

    pub(super) async fn attempt(&self, feed: &Arc<Feed>) -> Result<Done, RunError> {
        let asked = self.ask(feed).await;
        self.settle(feed, asked).await
    }

    /// Whether other things are to be taken of the feed than before, so that the whole document is asked for: a station was
    /// added, a parser mended, an address moved. Its server would say that it has not changed.
    pub(super) async fn asks_anew(&self, feed: &Arc<Feed>) -> bool {
        let (store, ours) = (Arc::clone(&self.store), Arc::clone(feed));
        match apart(move || ask_anew_where_changed(&lock(&store), &ours)).await {
            Ok(Ok(anew)) => return anew,
            Ok(Err(error)) => {
                tracing::error!(feed = %feed.id, %error, "the store does not tell what was taken of the feed");
            }
            Err(error) => tracing::error!(feed = %feed.id, error, "the store panicked"),
        }
        false
    }

    /// What is remembered of the feed, or nothing where the store does not answer.
    pub(super) async fn state(&self, feed: &Arc<Feed>) -> FeedState {
        let (store, id) = (Arc::clone(&self.store), feed.id.clone());
        match apart(move || lock(&store).feed_state(&id)).await {
            Ok(Ok(state)) => return state,
            Ok(Err(error)) => tracing::error!(feed = %feed.id, %error, "the store does not tell a feed's state"),
            Err(error) => tracing::error!(feed = %feed.id, error, "the store panicked"),
        }
        FeedState::default()
    }

    /// Waits for its turn and fetches. The state is read anew, because an import may have come in between.
    pub(super) async fn ask(&self, feed: &Arc<Feed>) -> Asked {
        let _turn = self.turns.take(feed).await;
        let state = self.state(feed).await;
        let (at, began) = ((self.now)(), Instant::now());
        let mut fetched = fetch(&self.client, feed, &state, at).await;
        if fetched.broke_off() {
            fetched = fetch(&self.client, feed, &state, at).await;
        }
        Asked { state, at, began, fetched }
    }

    /// Reads what came and applies it, off the async threads, and tells everybody.
    pub(super) async fn settle(&self, feed: &Arc<Feed>, asked: Asked) -> Result<Done, RunError> {
        let (at, began, http_status) = (asked.at, asked.began, asked.fetched.http_status);
        let (ours, store) = (Arc::clone(feed), Arc::clone(&self.store));
        let done = match apart(move || keep(&store, batch(&ours, &asked), began)).await {
            Ok(done) => done.map_err(RunError::from),
            Err(panic) => {
                let message = Some(one_line(&format!("panicked: {panic}")));
                let batch = Batch::empty(Fetch { http_status, message, ..Fetch::begun(feed.id.clone(), at) });
                let store = Arc::clone(&self.store);
                let kept = apart(move || keep(&store, batch, began)).await;
                kept.map_err(RunError::Panicked).and_then(|done| done.map_err(RunError::from))
            }
        };
        match &done {
            Ok(done) => {
                report(done);
                self.after(feed, done).await;
            }
            Err(error) => tracing::error!(feed = %feed.id, %error, "a fetch could not be stored"),
        }
        done
    }

    /// What follows a fetch that is in the store. Nothing here undoes it.
    async fn after(&self, feed: &Feed, done: &Done) {
        if done.fetch.outcome != Outcome::Changed {
            return;
        }
        let of_changed = |((location, _), stations): (&(String, _), &BTreeSet<StationId>)| {
            done.applied.changed.contains(location).then(|| stations.clone())
        };
        let stations: BTreeSet<StationId> = feed.places.iter().filter_map(of_changed).flatten().collect();
        let (store, tell, at) = (Arc::clone(&self.store), Arc::clone(&self.on_changed), done.fetch.at);
        let (keep_bodies, retention) = (self.keep_bodies, self.retention);
        let told = apart(move || {
            if !stations.is_empty() {
                tell(&stations);
            }
            lock(&store).prune(keep_bodies, retention, at)
        });
        match told.await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::error!(feed = %feed.id, %error, "what is old could not be pruned"),
            Err(error) => tracing::error!(feed = %feed.id, error, "panicked after a change"),
        }
    }
}

/// The batch of a reply.
fn batch<'a>(feed: &Feed, asked: &'a Asked) -> Batch<'a> {
    let Asked { state, at, fetched, .. } = asked;
    let Fetched { validators, date, retry_at, http_status, body } = fetched;
    let bare = |outcome, message| Batch::empty(Fetch { outcome, message, ..Fetch::begun(feed.id.clone(), *at) });
    let mut batch = match body {
        Ok(None) => bare(Outcome::Unchanged, None),
        Ok(Some(body)) if state.hash == Some(body.hash) => {
            let mut batch = bare(Outcome::Unchanged, None);
            (batch.fetch.bytes, batch.fetch.hash) = (body.bytes.len() as u64, state.hash);
            batch
        }
        Ok(Some(body)) => taken_batch(feed, take(feed, &feed.format, &body.bytes, *at), body, *at),
        Err(error) => bare(Outcome::Failed, Some(one_line(&error.to_string()))),
    };
    // The validators of a document that was not taken would make the server call it unchanged next time.
    let refused = matches!(batch.fetch.outcome, Outcome::Empty | Outcome::Failed) && body.is_ok();
    batch.validators = if refused { None } else { validators.clone() };
    batch.retry_at = *retry_at;
    batch.fetch.http_status = *http_status;
    // A reply takes seconds; clocks that matter are wrong by minutes.
    batch.fetch.clock_ahead = date.map(|date| date.duration_since(*at));
    batch
}

fn keep(store: &Mutex<Writer>, mut batch: Batch<'_>, began: Instant) -> Result<Done, StoreError> {
    batch.fetch.took = began.elapsed();
    let applied = lock(store).apply(&batch)?;
    Ok(Done { fetch: batch.fetch, applied })
}

/// A panic while the lock was held has rolled its transaction back: the writer is sound.
fn lock(store: &Mutex<Writer>) -> MutexGuard<'_, Writer> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs what blocks or may panic apart from the scheduler; the error is the panic's text.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
    tokio::task::spawn_blocking(work).await.map_err(panic_text)
}

pub(super) fn panic_text(error: JoinError) -> String {
    let Ok(payload) = error.try_into_panic() else { return "cancelled".to_owned() };
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a word").to_owned()
}

fn report(Done { fetch, applied }: &Done) {
    macro_rules! line {
        ($level:expr) => {
            tracing::event!(
                $level,
                feed = %fetch.feed,
                outcome = fetch.outcome.name(),
                rows.new = applied.new,
                rows.revised = applied.revised,
                rows.rejected = fetch.rejected,
                rows.ignored = fetch.ignored,
                bytes = fetch.bytes,
                duration_ms = u64::try_from(fetch.took.as_millis()).unwrap_or(u64::MAX),
                reason = fetch.message.as_deref(),
                "fetched"
            )
        };
    }
    for PublishedThreshold { location, parameter, name, value, before, .. } in &applied.thresholds {
        let said = |value: &Option<Value>| value.map_or_else(|| "none".to_owned(), |value| value.to_string());
        tracing::warn!(
            feed = %fetch.feed,
            place = location,
            threshold = name,
            from = said(before),
            to = said(value),
            unit = parameter.unit(),
            "a published threshold changed"
        );
    }
    match fetch.outcome {
        Outcome::Changed | Outcome::Unchanged => line!(tracing::Level::INFO),
        Outcome::Empty | Outcome::Failed => line!(tracing::Level::WARN),
    }
}

/// Forgets what lets the next request be conditional where other things are taken of the feed than were; tells whether.
fn ask_anew_where_changed(store: &Writer, feed: &Feed) -> Result<bool, StoreError> {
    let key = format!("taken of {}", feed.id);
    let Feed { address, format, place, places, .. } = feed;
    let taken = format!("{} {address} {format:?} {place:?} {places:?}", env!("CARGO_PKG_VERSION"));
    let changed = store.note(&key)?.as_ref() != Some(&taken);
    if changed {
        store.forget_validators(&feed.id)?;
        store.set_note(&key, &taken)?;
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_told_and_goes_no_further() {
        assert_eq!(apart(|| 1 + 1).await, Ok(2));
        let empty: Vec<u8> = Vec::new();
        assert_eq!(apart(move || empty[7]).await.unwrap_err(), "index out of bounds: the len is 0 but the index is 7");
        assert_eq!(apart(|| std::panic::panic_any(7)).await, Err::<(), _>("without a word".to_owned()));
    }

    #[tokio::test]
    async fn a_writer_whose_holder_panicked_still_writes() {
        let path = std::env::temp_dir().join(format!("riverwatch-poisoned-{}.db", std::process::id()));
        let store = Arc::new(Mutex::new(Writer::open(&path).unwrap()));
        let held = Arc::clone(&store);
        let poison = apart(move || {
            let _writer = lock(&held);
            std::panic::panic_any("while writing")
        });
        assert_eq!(poison.await, Err::<(), _>("while writing".to_owned()));
        assert!(store.is_poisoned());
        let feed = hydro::FeedId::new("nb-fews").unwrap();
        assert_eq!(lock(&store).feed_state(&feed).unwrap(), FeedState::default());
        drop(store);
        std::fs::remove_file(path).unwrap();
    }
}
