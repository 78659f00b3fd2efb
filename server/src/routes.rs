//! The whole site on one screen: addresses, and what is drawn for each from a snapshot.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, Response, Uri, header};
use axum::routing::any;
use hydro::{Now, Station, Timestamp};
use store::{Reader as Database, StoreError};
use tokio::sync::Semaphore;

use crate::answer::Answer;
pub use crate::answer::Rendered;
use crate::format::Reader;
use crate::lang::{Language, language};
use crate::metrics::Answers;
use crate::page::Style;
use crate::page::error::PageError;
use crate::script::SCRIPT;
use crate::snapshot::{Snapshot, StationNow};
use crate::view::list::{Sort, Wish};
use crate::{Site, atom, data, health, notes, open, openapi, page, view};

const HTML: &str = "text/html; charset=utf-8";
/// Bytes of answers kept at once, uncompressed: a reader who makes up addresses cannot fill the memory.
const KEPT: usize = 64 << 20;
/// Answers waited for at once; whoever asks beyond that is asked to come back, so that those who wait are served soon.
const DRAWING: usize = 256;

/// The site over a database, at the time that `now` tells.
pub struct App {
    pub(crate) database: PathBuf,
    now: Now,
    held: Mutex<Held>,
    /// Places for those who wait for an answer to be drawn. What is in memory needs none.
    drawing: Semaphore,
    /// What has been answered, for [`metrics`](crate::metrics()).
    pub(crate) answers: Answers,
}

/// What is held in memory: a snapshot, and the answers drawn from it.
struct Held {
    /// As it is configured; the snapshot's has the thresholds that are in force.
    site: Arc<Site>,
    database: Database,
    version: i64,
    snapshot: Arc<Snapshot>,
    /// When the snapshot's data were read.
    read: Timestamp,
    answers: HashMap<String, Arc<Answer>>,
    kept: usize,
}

impl App {
    /// Opens the database for reading and takes a first snapshot.
    ///
    /// # Errors
    /// [`StoreError`] where there is no database or it does not answer.
    pub fn new(database: &Path, site: Site, now: Now) -> Result<Self, StoreError> {
        let (site, path) = (Arc::new(site), database.to_owned());
        let database = Database::open(database)?;
        let version = database.version()?;
        let snapshot = Arc::new(Snapshot::read(&database, Arc::clone(&site), whole_second(now()))?);
        let read = snapshot.now;
        let held = Held { site, database, version, snapshot, read, answers: HashMap::new(), kept: 0 };
        Ok(Self {
            database: path,
            now,
            held: Mutex::new(held),
            drawing: Semaphore::new(DRAWING),
            answers: Answers::default(),
        })
    }

    /// Shows another site from now on. A request is answered from the one or from the other.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer; the site stays as it was.
    pub fn show(&self, site: Site) -> Result<(), StoreError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let version = held.database.version()?;
        let site = Arc::new(site);
        let snapshot = Snapshot::read(&held.database, Arc::clone(&site), self.time())?;
        held.site = site;
        held.take(snapshot, version);
        Ok(())
    }

    fn site(&self) -> Arc<Site> {
        Arc::clone(&self.held.lock().unwrap_or_else(PoisonError::into_inner).snapshot.site)
    }

    pub(crate) fn time(&self) -> Timestamp {
        whole_second((self.now)())
    }

    /// The routes.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new().merge(open::router()).merge(notes::router()).fallback(any(counted)).with_state(self)
    }

    /// What a page drawn now would show, and when that was read from the database.
    pub(crate) fn newest(&self) -> (Arc<Snapshot>, Timestamp) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.renew(self.time());
        (Arc::clone(&held.snapshot), held.read)
    }

    /// The answer at an address, if it was drawn before and nothing has happened since.
    fn kept(&self, key: &str) -> Option<Arc<Answer>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let current = held.is_current(self.time());
        held.answers.get(key).filter(|_| current).map(Arc::clone)
    }

    /// The answer at an address, drawn anew where it is not kept.
    fn answer(&self, key: &str, uri: &Uri) -> Arc<Answer> {
        let snapshot = {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.renew(self.time());
            if let Some(answer) = held.answers.get(key) {
                return Arc::clone(answer);
            }
            Arc::clone(&held.snapshot)
        };
        let rendered = render(&snapshot, &self.database, uri);
        let (found, size) = (rendered.status == 200, rendered.body.len());
        let answer = Arc::new(Answer::new(rendered));
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if found && held.kept + size <= KEPT && Arc::ptr_eq(&held.snapshot, &snapshot) {
            held.kept += size;
            held.answers.insert(key.to_owned(), Arc::clone(&answer));
        }
        answer
    }
}

impl Held {
    /// Nothing was committed since the snapshot, and the minute is the same: a page's words age by the minute.
    fn is_current(&self, now: Timestamp) -> bool {
        let minute = |at: Timestamp| at.as_second().div_euclid(60);
        // A database that does not answer says nothing new; it is asked again each minute.
        let unchanged = self.database.version().map_or(true, |version| version == self.version);
        unchanged && minute(now) == minute(self.snapshot.now)
    }

    /// Takes a new snapshot where the present one is not current. When the database does not answer, the data held stay and
    /// grow older.
    fn renew(&mut self, now: Timestamp) {
        if self.is_current(now) {
            return;
        }
        let site = Arc::clone(&self.site);
        let version = self.database.version();
        match version.and_then(|version| Ok((version, Snapshot::read(&self.database, site, now)?))) {
            Ok((version, snapshot)) => self.take(snapshot, version),
            Err(error) => {
                tracing::error!(%error, "the database does not answer; what is held stays and grows older");
                self.draw_from(self.snapshot.aged(now));
            }
        }
    }

    /// Takes a snapshot that was just read.
    fn take(&mut self, snapshot: Snapshot, version: i64) {
        (self.version, self.read) = (version, snapshot.now);
        self.draw_from(snapshot);
    }

    fn draw_from(&mut self, snapshot: Snapshot) {
        self.snapshot = Arc::new(snapshot);
        self.answers.clear();
        self.kept = 0;
    }
}

async fn counted(State(app): State<Arc<App>>, method: Method, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let response = handle(&app, method, uri, headers).await;
    app.answers.count(response.status());
    response
}

async fn handle(app: &Arc<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response<Body> {
    if method == Method::OPTIONS && open::is_data(uri.path()) {
        return open::preflight();
    }
    if method != Method::GET && method != Method::HEAD {
        let refused = failure(&app.site(), address(uri.path()).0, &PageError::Method);
        let mut response = Answer::new(refused).response(&headers);
        response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let key = key(&uri).to_owned();
    let mut response = match app.kept(&key) {
        Some(answer) => answer.response(&headers),
        // Reading, drawing and compressing take milliseconds: not on the threads that answer from memory.
        None => drawn(Arc::clone(app), key, uri, headers).await,
    };
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

async fn drawn(app: Arc<App>, key: String, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let Ok(_place) = app.drawing.try_acquire() else {
        let busy = failure(&app.site(), address(uri.path()).0, &PageError::Busy);
        let mut response = Answer::new(busy).response(&headers);
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("5"));
        return response;
    };
    let working = Arc::clone(&app);
    match tokio::task::spawn_blocking(move || working.answer(&key, &uri).response(&headers)).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "a page could not be made");
            Answer::new(failure(&app.site(), None, &PageError::Internal)).response(&HeaderMap::new())
        }
    }
}

/// What tells one answer from another: the path, and for the list what is asked of it.
fn key(uri: &Uri) -> &str {
    match address(uri.path()) {
        (Some(_), "") => uri.path_and_query().map_or("/", |whole| whole.as_str()),
        _ => uri.path(),
    }
}

/// Nothing here is told finer than by the second.
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// The language and the rest of a path such as `/fr/station/jemseg`.
pub(crate) fn address(path: &str) -> (Option<Language>, &str) {
    let (code, rest) = path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
    (language(code), rest)
}

/// What stands at an address. The database is asked only for what a snapshot does not hold.
fn render(snapshot: &Snapshot, database: &Path, uri: &Uri) -> Rendered {
    let site = &*snapshot.site;
    match uri.path() {
        "/" => return html(Style::Plain, page::choose::page(site)),
        "/livez" => return text("ok\n".to_owned()),
        "/readyz" => return text("ready\n".to_owned()),
        "/healthz" => return json(&health::health(snapshot)),
        "/openapi.json" => return json(&openapi::description(site)),
        "/robots.txt" => return text("User-agent: *\nAllow: /\n".to_owned()),
        _ => {}
    }
    if uri.path() == SCRIPT.path {
        let body = SCRIPT.body.clone().into_bytes();
        return Rendered { status: 200, content_type: "text/javascript; charset=utf-8", body, style: Style::None };
    }
    let (Some(texts), rest) = address(uri.path()) else { return failure(site, None, &PageError::NotFound) };
    let reader = Reader { texts, zone: &site.zone, now: snapshot.now };
    match rest {
        "" => match wish(uri) {
            Some(wish) => html(
                Style::list(!snapshot.alerts.is_empty()),
                page::list::page(&reader, site, &wish, uri.query(), &view::list::view(&reader, snapshot, &wish)),
            ),
            None => failure(site, Some(texts), &PageError::BadRequest),
        },
        "stations.atom" => news(&reader, snapshot, database, None),
        "about" => html(Style::Plain, page::about::page(&reader, site)),
        "data" => html(Style::Plain, page::data::page(&reader, site)),
        "notes" if notes::can_be_written(site) => {
            html(Style::Notes, page::notes::page(&reader, snapshot, &page::notes::Form::default()))
        }
        "status" => html(Style::Plain, page::feeds::page(&reader, snapshot)),
        "stations.json" => json(&data::stations_json(&reader, snapshot)),
        "stations.geojson" => {
            Rendered { content_type: "application/geo+json", ..json(&data::stations_geojson(&reader, snapshot)) }
        }
        "stations.csv" => csv(data::stations_csv(&reader, snapshot)),
        _ => match rest.strip_prefix("station/") {
            Some(file) => station(snapshot, database, &reader, file),
            None => failure(site, Some(texts), &PageError::NotFound),
        },
    }
}

/// A station's page, or one of its files.
fn station(snapshot: &Snapshot, database: &Path, reader: &Reader<'_>, file: &str) -> Rendered {
    let site = &*snapshot.site;
    let (id, ending) = file.split_once(['.', '/']).unwrap_or((file, ""));
    let Some((index, station, state)) = snapshot.find(id) else {
        let id = id.chars().take(60).collect();
        return failure(site, Some(reader.texts), &PageError::NoStation(id));
    };
    let reader = &Reader { zone: &station.zone, ..*reader };
    if let Some(second) = ending.strip_prefix("discharge").filter(|_| file.as_bytes().get(id.len()) == Some(&b'/')) {
        return match (station.discharge(), &state.discharge) {
            (Some(station), Some(state)) => discharge(snapshot, reader, &station, state, second),
            _ => failure(site, Some(reader.texts), &PageError::NotFound),
        };
    }
    match ending {
        "" if file == id => {
            let view = view::station::view(reader, snapshot, index);
            html(Style::station(!view.alerts.is_empty()), page::station::page(reader, site, &view))
        }
        "atom" if file.as_bytes().get(id.len()) == Some(&b'.') => {
            news(reader, snapshot, database, Some((station, state)))
        }
        "log" if file.ends_with("/log") => {
            let ever = Database::open(database).and_then(|database| state.ever(&database, station, snapshot.now));
            let ever = ever.unwrap_or_else(|error| {
                tracing::error!(%error, "the database does not answer; the log shows the last thirty days");
                state.assessment.clone()
            });
            html(Style::Plain, page::log::page(reader, site, &view::log::view(reader, station, &ever, &snapshot.notes)))
        }
        _ if file.as_bytes().get(id.len()) == Some(&b'.') => station_file(snapshot, reader, station, state, ending),
        _ => failure(site, Some(reader.texts), &PageError::NotFound),
    }
}

/// The news of a station, or of all, as a feed.
fn news(reader: &Reader<'_>, snapshot: &Snapshot, database: &Path, of: Option<(&Station, &StationNow)>) -> Rendered {
    let told = Database::open(database).and_then(|database| match of {
        Some(of) => atom::of_station(reader, snapshot, &database, of),
        None => atom::of_all(reader, snapshot, &database),
    });
    match told {
        Ok(feed) => Rendered { status: 200, content_type: atom::TYPE, body: feed.into_bytes(), style: Style::None },
        Err(error) => {
            tracing::error!(%error, "the database does not answer; there are no news");
            failure(&snapshot.site, Some(reader.texts), &PageError::Internal)
        }
    }
}

/// The page of the discharge that a station of level has too, or one of its files; `rest` is the address after that page's.
fn discharge(snapshot: &Snapshot, reader: &Reader<'_>, station: &Station, state: &StationNow, rest: &str) -> Rendered {
    if rest.is_empty() {
        let view = view::station::alone(reader, snapshot, station, state);
        return html(Style::Station, page::discharge::page(reader, &snapshot.site, &view));
    }
    station_file(snapshot, reader, station, state, rest.strip_prefix('.').unwrap_or_default())
}

/// A station's facts as a file of the kind that its ending names.
fn station_file(
    snapshot: &Snapshot,
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
    ending: &str,
) -> Rendered {
    let site = &*snapshot.site;
    match ending {
        "json" => json(&data::station_json(reader, snapshot, station, state)),
        "csv" => csv(data::station_csv(reader, station, state, site.demonstration)),
        "geojson" => Rendered {
            content_type: "application/geo+json",
            ..json(&data::station_geojson(reader, snapshot, station, state))
        },
        "txt" => text(data::station_text(reader, snapshot, station, state)),
        "svg" => match view::chart_standalone(reader, station, state, site.demonstration) {
            Some(svg) => {
                Rendered { status: 200, content_type: "image/svg+xml", body: svg.into_bytes(), style: Style::Picture }
            }
            None => failure(site, Some(reader.texts), &PageError::NotFound),
        },
        _ => failure(site, Some(reader.texts), &PageError::NotFound),
    }
}

/// What the address of the list asks for; `None` where it cannot be understood.
fn wish(uri: &Uri) -> Option<Wish> {
    let Query(asked) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let mut wish = Wish::default();
    for (key, value) in asked {
        match key.as_str() {
            "q" => wish.find = value.chars().take(100).collect(),
            "s" => wish.only = value.split(',').filter(|id| !id.is_empty()).take(100).map(str::to_owned).collect(),
            "status" => wish.status = Some(value).filter(|value| !value.is_empty()),
            "sort" => wish.sort = Sort::ALL.into_iter().find(|sort| sort.name() == value).unwrap_or_default(),
            _ => {}
        }
    }
    Some(wish)
}

fn html(style: Style, body: String) -> Rendered {
    Rendered { status: 200, content_type: HTML, body: body.into_bytes(), style }
}

fn text(body: String) -> Rendered {
    Rendered { status: 200, content_type: "text/plain; charset=utf-8", body: body.into_bytes(), style: Style::None }
}

fn csv(body: String) -> Rendered {
    Rendered { status: 200, content_type: "text/csv; charset=utf-8", body: body.into_bytes(), style: Style::None }
}

fn json(value: &serde_json::Value) -> Rendered {
    Rendered { status: 200, content_type: "application/json", body: value.to_string().into_bytes(), style: Style::None }
}

pub(crate) fn failure(site: &Site, texts: Option<Language>, error: &PageError) -> Rendered {
    Rendered {
        status: error.status(),
        content_type: HTML,
        body: page::error::page(site, texts, error).into_bytes(),
        style: Style::Plain,
    }
}
