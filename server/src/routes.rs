//! How a request is answered: out of memory, or drawn where nobody else has to wait for it.

use std::path::Path;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Weak};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri, header};
use axum::routing::{any, get};
use hydro::{Now, Timestamp};
use store::StoreError;
use tokio::sync::Semaphore;

use crate::answer::{Answer, Reply, values};
use crate::background::compressor;
use crate::direct::Plain;
use crate::events::{Events, events};
use crate::held::Held;
use crate::metrics::Answers;
use crate::page::error::PageError;
use crate::past::{self, Past};
use crate::pool::Pool;
use crate::render::{address, failure, render, scope, width};
use crate::snapshot::Snapshot;
use crate::{Site, embed, mark, notes, oembed, open};

/// Answers waited for at once; whoever asks beyond that is asked to come back, so that those who wait are served soon.
const DRAWING: usize = 256;

/// The site over a database, at the time that `now` tells.
pub struct App {
    pub(crate) pool: Pool,
    held: Held,
    /// Places for those who wait for an answer to be drawn. What is in memory needs none.
    drawing: Semaphore,
    /// Takes answers that many ask for, to be compressed well while nobody waits.
    popular: SyncSender<(Weak<Answer>, Instant)>,
    /// What has been answered, for [`metrics`](crate::metrics()).
    pub(crate) answers: Answers,
    /// What was looked back to.
    pub(crate) past: Past,
    /// The boards that hear of what is new.
    pub(crate) events: Events,
}

impl App {
    /// Opens the database for reading.
    ///
    /// # Errors
    /// [`StoreError`] where there is no database or it does not answer.
    pub fn new(database: &Path, site: Site, now: Now) -> Result<Self, StoreError> {
        let held = Held::open(database, site, now)?;
        let (drawing, popular) = (Semaphore::new(DRAWING), compressor());
        let (answers, past, events) = (Answers::default(), Past::default(), Events::default());
        let pool = Pool::new(database);
        Ok(Self { pool, held, drawing, popular, answers, past, events })
    }

    /// Shows another site from now on. A request is answered from the one or from the other.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer; the site stays as it was.
    pub fn show(&self, site: Site) -> Result<(), StoreError> {
        self.held.show(site)
    }

    /// The site as it is configured.
    pub(crate) fn site(&self) -> Arc<Site> {
        self.held.site()
    }

    pub(crate) fn time(&self) -> Timestamp {
        self.held.time()
    }

    /// The routes.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/board/events", get(events).fallback(counted))
            .merge(open::router())
            .merge(notes::router())
            .fallback(any(counted))
            .with_state(self)
    }

    /// What a page drawn now would show, and when that was read from the database.
    pub(crate) fn newest(&self) -> (Arc<Snapshot>, Timestamp) {
        self.held.newest()
    }

    /// The reply to a plain request for what was answered before, and what it varies with; drawn anew where it is out of
    /// date. None for what only the routes can answer.
    pub(crate) async fn direct(self: &Arc<Self>, plain: &Plain<'_>) -> Option<(Reply, &'static str)> {
        let terminal = is_station(plain.path).then(|| plain.values("user-agent").next().is_some_and(is_terminal));
        if terminal == Some(true) || plain.path.starts_with(embed::PATH) {
            return None;
        }
        let answer = match self.kept(plain.path) {
            Some(answer) => answer,
            // What it cost is told by the routes.
            None if !self.held.knows(plain.path) || tracing::enabled!(tracing::Level::DEBUG) => return None,
            None => {
                let (working, uri) = (Arc::clone(self), plain.path.parse().ok()?);
                let key = plain.path.to_owned();
                apart(self, move || working.answer(&key, &uri)).await.ok()?
            }
        };
        let coding = answer.coding(plain.values("accept-encoding"));
        let reply = answer.has(coding).then(|| answer.reply(coding, plain.values("if-none-match")))?;
        self.answers.count(reply.status);
        Some((reply, varying(terminal)))
    }

    /// The answer of a key, where it is in memory.
    fn kept(&self, key: &str) -> Option<Arc<Answer>> {
        let answer = self.held.kept(key)?;
        if answer.becomes_popular() {
            // Where too many wait already, it stays as it is.
            let _ = self.popular.try_send((Arc::downgrade(&answer), Instant::now()));
        }
        Some(answer)
    }

    fn counting(&self, response: Response<Body>) -> Response<Body> {
        self.answers.count(response.status());
        response
    }

    /// The answer at an address, drawn anew where it is not kept.
    fn answer(&self, key: &str, uri: &Uri) -> Arc<Answer> {
        self.held.answer(key, scope(uri.path()), |snapshot| render(snapshot, &self.pool, uri))
    }
}

/// A request, and what it asks for.
struct Asked {
    head: bool,
    /// The address that is answered: a station's page becomes its plain text for a program in a terminal.
    uri: Uri,
    key: String,
    /// The past instant that is asked for.
    past: Option<String>,
    /// Whether a program in a terminal asks for a station, whose address has two forms.
    terminal: Option<bool>,
}

impl Asked {
    fn of(method: &Method, uri: &Uri, headers: &HeaderMap) -> Self {
        let agent = || headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let terminal = is_station(uri.path()).then(|| agent().is_some_and(is_terminal));
        let uri = if terminal == Some(true) && !wants_page(headers) { plain(uri) } else { uri.clone() };
        Self { head: method == Method::HEAD, key: key(&uri), past: past::asked(&uri), uri, terminal }
    }

    /// The response with what depends on the request.
    fn finished(&self, app: &App, mut response: Response<Body>) -> Response<Body> {
        response.headers_mut().insert(header::VARY, header::HeaderValue::from_static(varying(self.terminal)));
        if self.uri.path().starts_with(embed::PATH) {
            embed::allow_framing(response.headers_mut(), &app.site());
        }
        if self.head {
            *response.body_mut() = Body::empty();
        }
        app.answers.count(response.status());
        response
    }
}

async fn counted(State(app): State<Arc<App>>, method: Method, uri: Uri, headers: HeaderMap) -> Response<Body> {
    if method == Method::OPTIONS && open::is_data(uri.path()) {
        return app.counting(open::preflight());
    }
    if method != Method::GET && method != Method::HEAD {
        let refused = failure(&app.site(), address(uri.path()).0, &PageError::Method);
        let mut response = Answer::new(refused).response(&headers);
        response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET, HEAD"));
        return app.counting(response);
    }
    let asked = Asked::of(&method, &uri, &headers);
    let kept = if asked.past.is_none() { app.kept(&asked.key) } else { None };
    let (wished, working) = (headers.clone(), Arc::clone(&app));
    let response = match (&asked.past, kept) {
        (Some(at), _) => Ok(past::answer(&app, at, asked.uri.clone(), &headers).await),
        (None, Some(answer)) if answer.has(answer.coding(values(&headers, &header::ACCEPT_ENCODING))) => {
            Ok(answer.response(&headers))
        }
        (None, Some(answer)) => apart(&app, move || answer.response(&wished)).await,
        (None, None) => {
            let (key, uri) = (asked.key.clone(), asked.uri.clone());
            apart(&app, move || timed(&working.answer(&key, &uri), &wished)).await
        }
    };
    asked.finished(&app, response.unwrap_or_else(|error| unmade(&app, &asked.uri, &error, &headers)))
}

/// The response of an answer that was drawn, with what it cost for who looks into that.
fn timed(answer: &Answer, headers: &HeaderMap) -> Response<Body> {
    let mut response = answer.response(headers);
    if tracing::enabled!(tracing::Level::DEBUG)
        && let Ok(timing) = header::HeaderValue::from_str(&answer.timing())
    {
        response.headers_mut().insert("server-timing", timing);
    }
    response
}

/// The response where none could be made.
fn unmade(app: &App, uri: &Uri, error: &PageError, headers: &HeaderMap) -> Response<Body> {
    let mut response = Answer::new(failure(&app.site(), address(uri.path()).0, error)).response(headers);
    if matches!(error, PageError::Busy) {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("5"));
    }
    response
}

/// Whether a path is that of a station's page.
fn is_station(path: &str) -> bool {
    let id = address(path).1.strip_prefix("station/");
    id.is_some_and(|id| !id.is_empty() && !id.contains(['.', '/']))
}

/// Whether a program in a terminal asks, which gets a station's plain text instead of its page.
fn is_terminal(agent: &str) -> bool {
    let begins = |program: &&str| agent.get(..program.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(program));
    ["curl/", "wget/", "httpie/"].iter().any(begins)
}

/// What caches on the way are told that an answer depends on. A browser gets a station's page whatever it accepts: its worker
/// need not ask again for what it has.
fn varying(terminal: Option<bool>) -> &'static str {
    match terminal {
        None => "accept-encoding",
        Some(false) => "accept-encoding, user-agent",
        Some(true) => "accept-encoding, accept, user-agent",
    }
}

/// Whether a page is asked for by name.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.into_iter().any(|accepted| accepted.to_ascii_lowercase().contains("text/html"))
}

/// The address of a station's plain text.
fn plain(page: &Uri) -> Uri {
    format!("{}.txt", page.path()).parse().unwrap_or_else(|_| page.clone())
}

/// Does what takes milliseconds, such as reading, drawing and compressing, apart from what answers from memory.
///
/// # Errors
/// [`PageError::Busy`] where too many wait already, [`PageError::Internal`] where it fails.
async fn apart<T: Send + 'static>(app: &App, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PageError> {
    let _place = app.drawing.try_acquire().map_err(|_| PageError::Busy)?;
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "a page could not be made");
        PageError::Internal
    })
}

/// What tells one answer from another: the path, what is asked of the list, of a board, of what other sites show, and of a
/// picture, and the reader's mark.
fn key(uri: &Uri) -> String {
    let path = uri.path();
    let whole = || uri.path_and_query().map_or(path, |whole| whole.as_str()).to_owned();
    match address(path) {
        (Some(_), "" | "board" | "board/rows" | "compare") => whole(),
        (Some(_), rest) if rest.rsplit_once('.').is_some_and(|(_, ending)| ending == "svg") => whole(),
        (Some(_), rest) if rest.rsplit_once('.').is_some_and(|(_, ending)| ending == "png") => {
            width(uri).map_or_else(|| path.to_owned(), |width| format!("{path}?width={width}"))
        }
        (Some(_), rest) => mark::key(uri, rest).unwrap_or_else(|| path.to_owned()),
        (None, _) if path == oembed::PATH || path.starts_with(embed::PATH) => whole(),
        (None, _) => path.to_owned(),
    }
}
