//! How a request is answered: out of memory, or drawn where nobody else has to wait for it.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri, header};
use axum::routing::{any, get};
use hydro::{Now, Timestamp};
use store::StoreError;
use tokio::sync::Semaphore;

use crate::answer::Answer;
use crate::events::{Events, events};
use crate::held::Held;
use crate::metrics::Answers;
use crate::page::error::PageError;
use crate::past::{self, Past};
use crate::pool::Pool;
use crate::render::{address, failure, render, width};
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
    /// A place for what is done while nobody waits.
    compressing: Semaphore,
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
        let (drawing, compressing) = (Semaphore::new(DRAWING), Semaphore::new(1));
        let (answers, past, events) = (Answers::default(), Past::default(), Events::default());
        let pool = Pool::new(database);
        Ok(Self { pool, held, drawing, compressing, answers, past, events })
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

    /// The response to a request whose answer is in memory.
    pub(crate) fn at_hand(self: &Arc<Self>, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response<Body>> {
        if method != Method::GET && method != Method::HEAD {
            return None;
        }
        let asked = Asked::of(method, uri, headers);
        self.kept(&asked, headers).map(|response| asked.finished(self, response))
    }

    /// The answer to a request, where it is in memory.
    fn kept(self: &Arc<Self>, asked: &Asked, headers: &HeaderMap) -> Option<Response<Body>> {
        let answer = asked.past.is_none().then(|| self.held.kept(&asked.key))??;
        if answer.becomes_popular() {
            compress_well(self, &answer);
        }
        Some(answer.response(headers))
    }

    fn counting(&self, response: Response<Body>) -> Response<Body> {
        self.answers.count(response.status());
        response
    }

    /// The answer at an address, drawn anew where it is not kept.
    fn answer(&self, key: &str, uri: &Uri) -> Arc<Answer> {
        // What stands in other sites' frames has the same addresses as the pages, below one of their own.
        let rest = match uri.path().strip_prefix(embed::PATH) {
            Some(path) => path.split_once('/').map_or("", |(_, rest)| rest),
            None => address(uri.path()).1,
        };
        let id = rest.strip_prefix("station/").map(|file| file.split(['.', '/']).next().unwrap_or(file));
        self.held.answer(key, id, |snapshot| render(snapshot, &self.pool, uri))
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
        let terminal = is_station(uri.path()).then(|| is_terminal(headers));
        let uri = if terminal == Some(true) && !wants_page(headers) { plain(uri) } else { uri.clone() };
        Self { head: method == Method::HEAD, key: key(&uri), past: past::asked(&uri), uri, terminal }
    }

    /// The response with what depends on the request.
    fn finished(&self, app: &App, mut response: Response<Body>) -> Response<Body> {
        if let Some(terminal) = self.terminal {
            // Caches on the way are told that it depends on who asks. A browser gets the page whatever it accepts: its
            // worker need not ask again for what it has.
            let varying = if terminal { "accept-encoding, accept, user-agent" } else { "accept-encoding, user-agent" };
            response.headers_mut().insert(header::VARY, header::HeaderValue::from_static(varying));
        }
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
    let response = match (app.kept(&asked, &headers), &asked.past) {
        (Some(response), _) => response,
        (None, Some(at)) => past::answer(&app, at, asked.uri.clone(), &headers).await,
        // Reading, drawing and compressing take milliseconds: not on the threads that answer from memory.
        (None, None) => drawn(Arc::clone(&app), asked.key.clone(), asked.uri.clone(), headers).await,
    };
    asked.finished(&app, response)
}

/// Compresses an answer well in the background, one at a time: where many are popular at once, those who ask come first.
fn compress_well(app: &Arc<App>, answer: &Arc<Answer>) {
    let (app, answer) = (Arc::clone(app), Arc::clone(answer));
    tokio::task::spawn_blocking(move || {
        if let Ok(_place) = app.compressing.try_acquire() {
            answer.compress_well();
        }
    });
}

/// Whether a path is that of a station's page.
fn is_station(path: &str) -> bool {
    let id = address(path).1.strip_prefix("station/");
    id.is_some_and(|id| !id.is_empty() && !id.contains(['.', '/']))
}

/// Whether a program in a terminal asks, which gets a station's plain text instead of its page.
fn is_terminal(headers: &HeaderMap) -> bool {
    let agent = headers.get(header::USER_AGENT).map(|agent| agent.as_bytes().to_ascii_lowercase()).unwrap_or_default();
    ["curl/", "wget/", "httpie/"].iter().any(|program| agent.starts_with(program.as_bytes()))
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

async fn drawn(app: Arc<App>, key: String, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let Ok(_place) = app.drawing.try_acquire() else {
        let busy = failure(&app.site(), address(uri.path()).0, &PageError::Busy);
        let mut response = Answer::new(busy).response(&headers);
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("5"));
        return response;
    };
    let working = Arc::clone(&app);
    let draw = move || {
        let answer = working.answer(&key, &uri);
        let mut response = answer.response(&headers);
        if tracing::enabled!(tracing::Level::DEBUG)
            && let Ok(timing) = header::HeaderValue::from_str(&answer.timing())
        {
            response.headers_mut().insert("server-timing", timing);
        }
        response
    };
    match tokio::task::spawn_blocking(draw).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "a page could not be made");
            Answer::new(failure(&app.site(), None, &PageError::Internal)).response(&HeaderMap::new())
        }
    }
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
