//! The whole site on one screen: addresses, and what is drawn for each from a snapshot.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, Response, Uri, header};
use axum::routing::{any, get};
use hydro::{Now, Station, Timestamp};
use store::{Reader as Database, StoreError};
use tokio::sync::Semaphore;

use crate::answer::Answer;
pub use crate::answer::Rendered;
use crate::events::{Events, events};
use crate::format::Reader;
use crate::held::Held;
use crate::lang::{Language, language};
use crate::metrics::Answers;
use crate::page::Style;
use crate::page::error::PageError;
use crate::past::{self, Past};
use crate::script::{BOARD, SCRIPT};
use crate::snapshot::{Snapshot, StationNow, newest_issues};
use crate::view::list::{Sort, Wish};
use crate::{
    Site, atom, board, data, embed, health, mark, notes, oembed, offline, open, openapi, page, picture, report, view,
};

/// Issues of a forecast that its page shows.
const ISSUES: usize = 8;
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
/// Answers waited for at once; whoever asks beyond that is asked to come back, so that those who wait are served soon.
const DRAWING: usize = 256;

/// The site over a database, at the time that `now` tells.
pub struct App {
    pub(crate) database: PathBuf,
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
        Ok(Self { database: database.to_owned(), held, drawing, compressing, answers, past, events })
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

    /// The answer at an address, drawn anew where it is not kept.
    fn answer(&self, key: &str, uri: &Uri) -> Arc<Answer> {
        // What stands in other sites' frames has the same addresses as the pages, below one of their own.
        let rest = match uri.path().strip_prefix(embed::PATH) {
            Some(path) => path.split_once('/').map_or("", |(_, rest)| rest),
            None => address(uri.path()).1,
        };
        let id = rest.strip_prefix("station/").map(|file| file.split(['.', '/']).next().unwrap_or(file));
        self.held.answer(key, id, |snapshot| render(snapshot, &self.database, uri))
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
    // What stands at a station's address depends on who asks; caches on the way are told so.
    let chosen = is_station(uri.path());
    let uri = if chosen { plain(uri, &headers) } else { uri };
    let (key, framed) = (key(&uri), uri.path().starts_with(embed::PATH));
    let mut response = match (past::asked(&uri), app.held.kept(&key)) {
        (Some(asked), _) => past::answer(app, &asked, uri, &headers).await,
        (None, Some(answer)) => {
            if answer.becomes_popular() {
                compress_well(app, &answer);
            }
            answer.response(&headers)
        }
        // Reading, drawing and compressing take milliseconds: not on the threads that answer from memory.
        (None, None) => drawn(Arc::clone(app), key, uri, headers).await,
    };
    if chosen {
        let varying = header::HeaderValue::from_static("accept-encoding, accept, user-agent");
        response.headers_mut().insert(header::VARY, varying);
    }
    if framed {
        embed::allow_framing(response.headers_mut(), &app.site());
    }
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
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

/// The address of a station's plain text instead of its page, for a program in a terminal that did not ask for a page.
/// Browsers ask for `text/html`, and what a page fetches says that it is a browser.
fn plain(uri: Uri, headers: &HeaderMap) -> Uri {
    let said =
        |name| headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    let agent = said(header::USER_AGENT).to_ascii_lowercase();
    let terminal = ["curl/", "wget/", "httpie/"].iter().any(|program| agent.starts_with(program));
    if !terminal || said(header::ACCEPT).to_ascii_lowercase().contains("text/html") {
        return uri;
    }
    format!("{}.txt", uri.path()).parse().unwrap_or(uri)
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

/// The language and the rest of a path such as `/fr/station/jemseg`.
pub(crate) fn address(path: &str) -> (Option<Language>, &str) {
    let (code, rest) = path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
    (language(code), rest)
}

/// What stands at an address. The database is asked only for what a snapshot does not hold.
pub(crate) fn render(snapshot: &Snapshot, database: &Path, uri: &Uri) -> Rendered {
    let site = &*snapshot.site;
    match uri.path() {
        "/" => return html(Style::Plain, page::choose::page(site)),
        "/livez" => return text("ok\n".to_owned()),
        "/readyz" => return text("ready\n".to_owned()),
        "/healthz" => return json(&health::health(snapshot)),
        "/openapi.json" => return json(&openapi::description(site)),
        "/robots.txt" => return text("User-agent: *\nAllow: /\n".to_owned()),
        embed::SCRIPT => return embed::script(),
        oembed::PATH => return oembed::answer(snapshot, uri),
        path if path.starts_with(embed::PATH) => return embed::answer(snapshot, uri),
        _ => {}
    }
    if let Some(asset) = asset(site, uri.path()) {
        return asset;
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
        "map" => html(Style::Map, page::map::page(&reader, snapshot, &in_order(&reader, snapshot))),
        "accessibility" => html(Style::Plain, page::accessibility::page(&reader, site)),
        "board" | "board/rows" | "compare" => match board::Wish::of(uri) {
            Some(wish) => overview(snapshot, &reader, rest, &wish, uri),
            None => failure(site, Some(texts), &PageError::BadRequest),
        },
        "report" => {
            let view = report::view(&reader, snapshot, &earlier(snapshot, database));
            html(Style::Sheet, page::report::page(&reader, site, &view))
        }
        "report.csv" => csv(report::csv(&reader, snapshot, &earlier(snapshot, database))),
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
        offline::MANIFEST => {
            Rendered { content_type: "application/manifest+json", ..json(&offline::manifest(site, texts)) }
        }
        "stations.csv" => csv(data::stations_csv(&reader, snapshot)),
        _ => match (rest.strip_prefix("station/"), rest.strip_prefix("river/")) {
            (Some(file), _) => station(snapshot, database, &reader, file, uri),
            (_, Some(slug)) => match page::map::river(&reader, snapshot, &in_order(&reader, snapshot), slug) {
                Some(page) => html(Style::Map, page),
                None => failure(site, Some(texts), &PageError::NotFound),
            },
            _ => failure(site, Some(texts), &PageError::NotFound),
        },
    }
}

/// What the list says of every station, in the order of the site.
fn in_order(reader: &Reader<'_>, snapshot: &Snapshot) -> Vec<view::list::Row> {
    view::list::view(reader, snapshot, &Wish { sort: Sort::River, ..Wish::default() }).rows
}

/// What pages bring along: the scripts, the worker, the icons.
fn asset(site: &Site, path: &str) -> Option<Rendered> {
    let asset = |body: &[u8], content_type, style| Rendered { status: 200, content_type, body: body.to_vec(), style };
    if let Some(script) = [&*SCRIPT, &*BOARD].into_iter().find(|script| script.path == path) {
        return Some(asset(script.body.as_bytes(), JAVASCRIPT, Style::None));
    }
    match path {
        offline::WORKER => Some(asset(offline::worker(site).as_bytes(), JAVASCRIPT, Style::Worker)),
        _ => offline::icon(path).map(|(bytes, kind)| asset(bytes, kind, Style::None)),
    }
}

/// What coordinators watch: the board, its rows alone, or a comparison.
fn overview(snapshot: &Snapshot, reader: &Reader<'_>, rest: &str, wish: &board::Wish, uri: &Uri) -> Rendered {
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    if rest == "compare" {
        return html(Style::Sheet, page::compare::page(reader, snapshot, wish, &query));
    }
    let view = board::view(reader, snapshot, wish);
    if rest == "board/rows" {
        return html(Style::None, page::board::rows(reader, &view).into_string());
    }
    let live = past::asked(uri).is_none();
    let ask = page::board::Ask { query: &query, live };
    let style = if live { Style::Board } else { Style::Sheet };
    html(style, page::board::page(reader, &snapshot.site, &view, &ask))
}

/// What was known so many hours before, for the report; none where that cannot be read.
fn earlier(snapshot: &Snapshot, database: &Path) -> [Option<Snapshot>; 3] {
    report::BACK.map(|hours| {
        let then = snapshot.now - hydro::SignedDuration::from_hours(hours);
        let read = Database::open(database).and_then(|database| past::read(&database, &snapshot.site, then));
        read.inspect_err(|error| tracing::error!(%error, "what changed cannot be told: the database does not answer"))
            .ok()
    })
}

/// A station's page, or one of its files.
fn station(snapshot: &Snapshot, database: &Path, reader: &Reader<'_>, file: &str, uri: &Uri) -> Rendered {
    let site = &*snapshot.site;
    let (id, ending) = file.split_once(['.', '/']).unwrap_or((file, ""));
    let Some((index, station, state)) = snapshot.find(id) else {
        let id = id.chars().take(60).collect();
        return failure(site, Some(reader.texts), &PageError::NoStation(id));
    };
    let reader = &Reader { zone: &station.zone, ..*reader };
    if let Some(second) = ending.strip_prefix("discharge").filter(|_| file.as_bytes().get(id.len()) == Some(&b'/')) {
        return match (station.discharge(), &state.discharge) {
            (Some(station), Some(state)) => discharge(snapshot, reader, (&station, state), second, uri),
            _ => failure(site, Some(reader.texts), &PageError::NotFound),
        };
    }
    match ending {
        "" if file == id => {
            let view = match mark::written(uri).map(|text| (mark::sound(&text, station, state), text)) {
                None => view::station::view(reader, snapshot, index),
                Some((Ok(mark), _)) => view::mark::marked(reader, snapshot, index, mark),
                Some((Err(_), text)) => {
                    let form = view::mark::form(reader, station, state, Some(&text));
                    return Rendered { status: 400, ..html(Style::Form, page::mark::page(reader, site, &form)) };
                }
            };
            html(Style::station(!view.alerts.is_empty()), page::station::page(reader, site, &view))
        }
        "share" if file.ends_with("/share") => {
            html(Style::Share, page::share::page(reader, site, &view::station::view(reader, snapshot, index)))
        }
        "mark" if file.ends_with("/mark") => {
            html(Style::Form, page::mark::page(reader, site, &view::mark::form(reader, station, state, None)))
        }
        "forecasts" if file.ends_with("/forecasts") => {
            html(Style::Station, forecasts(snapshot, database, reader, station, state))
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
        "embed" if file.ends_with("/embed") => html(Style::Snippets, embed::snippets(reader, snapshot, index)),
        _ if file.as_bytes().get(id.len()) == Some(&b'.') => {
            station_file(snapshot, reader, (station, state), ending, uri)
        }
        _ => failure(site, Some(reader.texts), &PageError::NotFound),
    }
}

/// The page of the last issues of a station's forecast. One more is read than is shown, for the last to be compared with.
fn forecasts(
    snapshot: &Snapshot,
    database: &Path,
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
) -> String {
    let known = Database::open(database)
        .and_then(|database| newest_issues(&database, station, snapshot.now, ISSUES + 1))
        .unwrap_or_else(|error| {
            tracing::error!(%error, "the database does not answer; the page shows the two issues that are held");
            state.forecast.iter().chain(&state.previous).cloned().collect()
        });
    page::forecasts::page(reader, &snapshot.site, &view::forecasts::view(reader, station, state, &known, ISSUES))
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
fn discharge(
    snapshot: &Snapshot,
    reader: &Reader<'_>,
    (station, state): (&Station, &StationNow),
    rest: &str,
    uri: &Uri,
) -> Rendered {
    if rest.is_empty() {
        let view = view::station::alone(reader, snapshot, station, state);
        return html(Style::Station, page::discharge::page(reader, &snapshot.site, &view));
    }
    station_file(snapshot, reader, (station, state), rest.strip_prefix('.').unwrap_or_default(), uri)
}

/// A station's facts as a file of the kind that its ending names.
fn station_file(
    snapshot: &Snapshot,
    reader: &Reader<'_>,
    (station, state): (&Station, &StationNow),
    ending: &str,
    uri: &Uri,
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
        "png" if width(uri).is_some() => chart(snapshot, reader, (station, state), uri, ending),
        "png" => {
            let body = picture::png(reader, snapshot, station, state);
            Rendered { status: 200, content_type: "image/png", body, style: Style::None }
        }
        "svg" => chart(snapshot, reader, (station, state), uri, ending),
        _ => failure(site, Some(reader.texts), &PageError::NotFound),
    }
}

/// A station's chart as a picture of a kind, as wide as its address asks.
fn chart(
    snapshot: &Snapshot,
    reader: &Reader<'_>,
    (station, state): (&Station, &StationNow),
    uri: &Uri,
    kind: &str,
) -> Rendered {
    let (site, invented) = (&*snapshot.site, snapshot.site.demonstration);
    let Ok(width) = width(uri).map_or(Ok(view::WIDTH), |width| width.parse()) else {
        return failure(site, Some(reader.texts), &PageError::BadRequest);
    };
    let (content_type, drawn) = if kind == "png" {
        ("image/png", view::chart_bitmap(reader, station, state, invented, width))
    } else {
        let svg = view::chart_standalone(reader, station, state, invented, width);
        ("image/svg+xml", svg.map(String::into_bytes))
    };
    match drawn {
        Some(body) => Rendered { status: 200, content_type, body, style: Style::Picture },
        None => failure(site, Some(reader.texts), &PageError::NotFound),
    }
}

/// The width that an address asks of a picture, as it is written.
fn width(uri: &Uri) -> Option<String> {
    let Query(mut asked) = Query::<HashMap<String, String>>::try_from_uri(uri).ok()?;
    asked.remove("width")
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

pub(crate) fn html(style: Style, body: String) -> Rendered {
    Rendered { status: 200, content_type: HTML, body: body.into_bytes(), style }
}

fn text(body: String) -> Rendered {
    Rendered { status: 200, content_type: "text/plain; charset=utf-8", body: body.into_bytes(), style: Style::None }
}

fn csv(body: String) -> Rendered {
    Rendered { status: 200, content_type: "text/csv; charset=utf-8", body: body.into_bytes(), style: Style::None }
}

pub(crate) fn json(value: &serde_json::Value) -> Rendered {
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
