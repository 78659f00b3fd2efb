//! `/board/events`: tells the boards that something new is known, as server-sent events (HTML Living Standard, section 9.2).
//! An event carries no data of the river: a board that hears one asks for its rows as everyone asks for a page.
//!
//! A stream ends by itself after some minutes, and when the server stops; its listener comes back within seconds. Listeners
//! are few, and while there is none nothing is watched.

use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Response};
use hyper::body::Frame;
use store::Reader as Database;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::time::{Instant, interval, sleep_until};

use crate::answer::Answer;
use crate::page::Style;
use crate::page::error::PageError;
use crate::policy;
use crate::render::failure;
use crate::routes::App;
use crate::serve::Lasting;

/// Boards that listen at once; those beyond ask by the clock.
const LISTENERS: usize = 64;
/// How often a listener hears that the server is there.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a stream lasts: its place and its connection are not taken for ever by a listener that is only half there.
const LIFE: Duration = Duration::from_secs(600);
/// The connection is left this long to end by itself.
const MARGIN: Duration = Duration::from_secs(5);
/// How often the database is asked whether something is new, while anyone listens.
const LOOK: Duration = Duration::from_secs(1);
/// Before its first event a stream asks its listener to come back this soon once it has ended, in milliseconds.
const RETRY: &str = "retry: 2000\n";

/// Who listens, and what they are told.
#[derive(Debug)]
pub(crate) struct Events {
    places: Arc<Semaphore>,
    /// Counts what is new.
    changed: watch::Sender<u64>,
    /// Someone watches the database for the listeners.
    watched: Mutex<bool>,
}

impl Default for Events {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(LISTENERS)), changed: watch::Sender::new(0), watched: Mutex::new(false) }
    }
}

/// The stream of events, as a response.
pub(crate) async fn events(
    State(app): State<Arc<App>>,
    lasting: Option<Extension<Lasting>>,
    headers: HeaderMap,
) -> Response<Body> {
    let Ok(place) = Arc::clone(&app.events.places).try_acquire_owned() else {
        let mut busy = Answer::new(failure(&app.site(), None, &PageError::Busy)).response(&headers);
        busy.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
        app.answers.count(busy.status());
        return busy;
    };
    let heard = app.events.changed.subscribe();
    watch_database(&app);
    let (sender, receiver) = mpsc::channel(4);
    let end = Instant::now() + LIFE;
    let lasting = lasting.map(|Extension(lasting)| lasting);
    if let Some(lasting) = &lasting {
        lasting.until(end + MARGIN);
    }
    tokio::spawn(tell(heard, sender, end, lasting));
    let mut response = Response::new(Body::new(Stream { receiver, _place: place }));
    response.headers_mut().extend(policy::of(Style::None));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The connection was kept open for this stream alone, and ends with it.
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    // Proxies that gather a response before they pass it on (nginx) leave this one alone.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    app.answers.count(response.status());
    response
}

/// Tells one listener what happens until it goes, the server stops, or the stream has lived long enough.
async fn tell(
    mut heard: watch::Receiver<u64>,
    sender: mpsc::Sender<Bytes>,
    end: Instant,
    mut lasting: Option<Lasting>,
) {
    let end = sleep_until(end);
    tokio::pin!(end);
    let mut heartbeat = interval(HEARTBEAT);
    let mut opening = RETRY;
    loop {
        let event = tokio::select! {
            () = &mut end => return,
            () = sender.closed() => return,
            () = stopped(&mut lasting) => return,
            changed = heard.changed() => match changed {
                Ok(()) => format!("event: changed\ndata: {}\n\n", *heard.borrow_and_update()),
                Err(_) => return,
            },
            // The first comes at once, so that the listener knows that it is heard.
            _ = heartbeat.tick() => format!("{opening}event: alive\ndata: {}\n\n", *heard.borrow()),
        };
        opening = "";
        // A listener that does not read fast enough to take a few words has gone for all that we can tell.
        if sender.try_send(event.into()).is_err() {
            return;
        }
    }
}

async fn stopped(lasting: &mut Option<Lasting>) {
    match lasting {
        Some(lasting) => lasting.stopped().await,
        None => std::future::pending().await,
    }
}

/// Sees to it that somebody watches the database while anyone listens.
fn watch_database(app: &Arc<App>) {
    let mut watched = app.events.watched.lock().unwrap_or_else(PoisonError::into_inner);
    if !*watched {
        *watched = true;
        tokio::spawn(watching(Arc::clone(app)));
    }
}

async fn watching(app: Arc<App>) {
    let mut look = interval(LOOK);
    let mut watch = Watch { database: None, version: None };
    loop {
        look.tick().await;
        {
            let mut watched = app.events.watched.lock().unwrap_or_else(PoisonError::into_inner);
            if app.events.changed.receiver_count() == 0 {
                *watched = false;
                return;
            }
        }
        let path = app.pool.path().to_owned();
        let looked = tokio::task::spawn_blocking(move || {
            let new = watch.look(&path);
            (watch, new)
        });
        let Ok((again, new)) = looked.await else {
            *app.events.watched.lock().unwrap_or_else(PoisonError::into_inner) = false;
            return;
        };
        watch = again;
        if new {
            app.events.changed.send_modify(|count| *count += 1);
        }
    }
}

/// A connection of its own: what has changed is counted for each connection apart.
struct Watch {
    database: Option<Database>,
    version: Option<i64>,
}

impl Watch {
    /// Whether something was committed since the last look. A database that does not answer is opened anew.
    fn look(&mut self, path: &Path) -> bool {
        if self.database.is_none() {
            (self.database, self.version) = (Database::open(path).ok(), None);
        }
        let version = self.database.as_ref().and_then(|database| database.version().ok());
        if version.is_none() {
            self.database = None;
        }
        let new = self.version.is_some() && version.is_some() && version != self.version;
        self.version = version;
        new
    }
}

/// The events as the body of a response, with the listener's place, which is free again when the body is dropped.
struct Stream {
    receiver: mpsc::Receiver<Bytes>,
    _place: OwnedSemaphorePermit,
}

impl hyper::body::Body for Stream {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.receiver.poll_recv(context).map(|event| event.map(|event| Ok(Frame::data(event))))
    }
}
