//! The whole site on one screen: addresses, and what is drawn for each from a snapshot.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, Response, Uri, header};
use axum::routing::any;
use hydro::{Now, Timestamp};
use store::{Reader as Database, StoreError};

use crate::answer::Answer;
pub use crate::answer::Rendered;
use crate::format::Reader;
use crate::lang::{Language, language};
use crate::page::Style;
use crate::page::error::PageError;
use crate::snapshot::Snapshot;
use crate::view::list::{Sort, Wish};
use crate::{Site, data, page, view};

const HTML: &str = "text/html; charset=utf-8";
/// Answers kept at once; a reader who makes up addresses cannot fill the memory.
const KEPT: usize = 4096;

/// The site over a database, at the time that `now` tells.
pub struct App {
    site: Arc<Site>,
    now: Now,
    held: Mutex<Held>,
}

/// What is held in memory: a snapshot, and the answers drawn from it.
struct Held {
    database: Database,
    version: i64,
    snapshot: Arc<Snapshot>,
    answers: HashMap<String, Arc<Answer>>,
}

impl App {
    /// Opens the database for reading and takes a first snapshot.
    ///
    /// # Errors
    /// [`StoreError`] where there is no database or it does not answer.
    pub fn new(database: &Path, site: Site, now: Now) -> Result<Self, StoreError> {
        let site = Arc::new(site);
        let database = Database::open(database)?;
        let version = database.version()?;
        let snapshot = Arc::new(Snapshot::read(&database, Arc::clone(&site), now())?);
        Ok(Self { site, now, held: Mutex::new(Held { database, version, snapshot, answers: HashMap::new() }) })
    }

    /// The routes.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new().fallback(any(handle)).with_state(self)
    }

    /// The newest snapshot: taken anew when something was committed, and each minute, as ages grow. When the database does
    /// not answer, the last one stays: pages age, and are still there.
    fn snapshot(&self, held: &mut Held) -> Arc<Snapshot> {
        let now = (self.now)();
        let minute = |at: Timestamp| at.as_second().div_euclid(60);
        let version = held.database.version().unwrap_or(held.version);
        if version != held.version || minute(now) != minute(held.snapshot.now) {
            match Snapshot::read(&held.database, Arc::clone(&self.site), now) {
                Ok(snapshot) => {
                    held.version = version;
                    held.snapshot = Arc::new(snapshot);
                    held.answers.clear();
                }
                Err(error) => tracing::error!(%error, "the database does not answer; the last pages stay"),
            }
        }
        Arc::clone(&held.snapshot)
    }

    /// The answer at an address, from memory where it was drawn before.
    fn answer(&self, uri: &Uri) -> Arc<Answer> {
        let key = uri.path_and_query().map_or("/", |whole| whole.as_str());
        let snapshot = {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            let snapshot = self.snapshot(&mut held);
            if let Some(answer) = held.answers.get(key) {
                return Arc::clone(answer);
            }
            snapshot
        };
        let answer = Arc::new(Answer::new(render(&snapshot, uri)));
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.answers.len() < KEPT && Arc::ptr_eq(&held.snapshot, &snapshot) {
            held.answers.insert(key.to_owned(), Arc::clone(&answer));
        }
        answer
    }
}

async fn handle(State(app): State<Arc<App>>, method: Method, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let mut response = if method == Method::GET || method == Method::HEAD {
        let working = Arc::clone(&app);
        // Drawing and compressing take a millisecond of a core: not on the threads that answer from memory.
        match tokio::task::spawn_blocking(move || working.answer(&uri).response(&headers)).await {
            Ok(response) => response,
            Err(error) => {
                tracing::error!(%error, "a page could not be made");
                Answer::new(failure(&app.site, None, &PageError::Internal)).response(&HeaderMap::new())
            }
        }
    } else {
        let mut refused = Answer::new(failure(&app.site, address(uri.path()).0, &PageError::Method)).response(&headers);
        refused.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET, HEAD"));
        refused
    };
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// The language and the rest of a path such as `/fr/station/jemseg`.
fn address(path: &str) -> (Option<Language>, &str) {
    let (code, rest) = path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
    (language(code), rest)
}

/// What stands at an address.
fn render(snapshot: &Snapshot, uri: &Uri) -> Rendered {
    let site = &*snapshot.site;
    match uri.path() {
        "/" => return html(Style::Plain, page::choose::page(site)),
        "/livez" => return text("ok\n".to_owned()),
        "/readyz" => return text("ready\n".to_owned()),
        "/healthz" => return json(&data::health(snapshot)),
        "/robots.txt" => return text("User-agent: *\nAllow: /\n".to_owned()),
        _ => {}
    }
    let (Some(texts), rest) = address(uri.path()) else { return failure(site, None, &PageError::NotFound) };
    let reader = Reader { texts, zone: &site.zone, now: snapshot.now };
    match rest {
        "" => match wish(uri) {
            Some(wish) => {
                html(Style::List, page::list::page(&reader, site, &wish, &view::list::view(&reader, snapshot, &wish)))
            }
            None => failure(site, Some(texts), &PageError::BadRequest),
        },
        "about" => html(Style::Plain, page::about::page(&reader, site)),
        "status" => html(Style::Plain, page::feeds::page(&reader, snapshot)),
        "stations.json" => json(&data::stations_json(&reader, snapshot)),
        "stations.geojson" => {
            Rendered { content_type: "application/geo+json", ..json(&data::stations_geojson(&reader, snapshot)) }
        }
        "stations.csv" => csv(data::stations_csv(&reader, snapshot)),
        _ => match rest.strip_prefix("station/") {
            Some(file) => station(snapshot, &reader, file),
            None => failure(site, Some(texts), &PageError::NotFound),
        },
    }
}

/// A station's page, or one of its files.
fn station(snapshot: &Snapshot, reader: &Reader<'_>, file: &str) -> Rendered {
    let site = &*snapshot.site;
    let (id, ending) = file.split_once('.').unwrap_or((file, ""));
    let Some((index, station, state)) = snapshot.find(id) else {
        let id = id.chars().take(60).collect();
        return failure(site, Some(reader.texts), &PageError::NoStation(id));
    };
    let reader = &Reader { zone: &station.zone, ..*reader };
    match ending {
        "" if !file.ends_with('.') => {
            html(Style::Station, page::station::page(reader, site, &view::station::view(reader, snapshot, index)))
        }
        "json" => json(&data::station_json(reader, snapshot, station, state)),
        "csv" => csv(data::station_csv(reader, state)),
        "txt" => text(data::station_text(reader, snapshot, station, state)),
        "svg" => match view::chart_standalone(reader, station, state) {
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

fn failure(site: &Site, texts: Option<Language>, error: &PageError) -> Rendered {
    Rendered {
        status: error.status(),
        content_type: HTML,
        body: page::error::page(site, texts, error).into_bytes(),
        style: Style::Plain,
    }
}
