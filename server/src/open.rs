//! Open data by time range: measurements, every issue of a forecast, episodes and thresholds of one station, read from the
//! database for each request and not kept in memory.
//!
//! A page has at most [`PAGE`] values and leads to the next one; few are read at a time, so that the memory stays bounded
//! whoever asks for how much. Errors are problem documents (RFC 9457). What each address gives is told to programs by
//! `/openapi.json`, and to people by the page `/en/data`.

mod query;
mod rows;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, LINK, RETRY_AFTER,
};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri};
use axum::routing::any;
use serde_json::{Value as Json, json};
use store::StoreError;
use tokio::sync::Semaphore;

use crate::answer::{Answer, Rendered};
use crate::format::Reader;
use crate::lang::{Texts, fill, language, languages};
use crate::page::Style;
use crate::pool::Pool;
use crate::render::address;
use crate::routes::App;
use crate::snapshot::Snapshot;
pub(crate) use rows::note_json;

/// Values on one page of data at most.
pub(crate) const PAGE: usize = 10_000;
/// Requests that read the database for data at once; more wait.
static READING: Semaphore = Semaphore::const_new(4);
/// How long they wait.
const PATIENCE: Duration = Duration::from_secs(10);
/// What stands behind `/en/station/{id}/`.
pub(crate) const FILES: [&str; 5] =
    ["observations.json", "observations.csv", "forecasts.json", "episodes.json", "thresholds.json"];

/// The routes of data by time range.
pub(crate) fn router() -> Router<Arc<App>> {
    let route =
        |router: Router<Arc<App>>, file| router.route(&format!("/{{language}}/station/{{id}}/{file}"), any(counted));
    FILES.into_iter().fold(Router::new(), route)
}

/// Why there are no data.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The query cannot be understood: a sentence in the language of the address.
    Query(String),
    /// There is no such thing: a sentence.
    Missing(String),
    /// The address can only be read.
    Method,
    /// Too many ask at once.
    Busy,
    /// The database does not answer.
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Data, and where the next page of them is.
struct Page {
    content_type: &'static str,
    body: Vec<u8>,
    next: Option<String>,
}

async fn counted(State(app): State<Arc<App>>, method: Method, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let mut response = match method {
        Method::OPTIONS => preflight(),
        Method::GET | Method::HEAD => data(&app, &uri, &headers).await,
        _ => problem(texts(&uri), &Refused::Method, &headers),
    };
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    app.answers.count(response.status());
    response
}

/// What a browser asks before a script of another site may send headers of its own, such as `If-None-Match`.
pub(crate) fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    for (name, value) in [
        (ALLOW, "GET, HEAD, OPTIONS"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "Accept, If-None-Match"),
        (ACCESS_CONTROL_MAX_AGE, "86400"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether an address is one of data, which other sites may read.
pub(crate) fn is_data(path: &str) -> bool {
    let endings = ["json", "csv", "geojson", "atom", "txt", "svg"];
    path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

async fn data(app: &Arc<App>, uri: &Uri, headers: &HeaderMap) -> Response<Body> {
    let Ok(Ok(_place)) = tokio::time::timeout(PATIENCE, READING.acquire()).await else {
        return problem(texts(uri), &Refused::Busy, headers);
    };
    let (working, asked) = (Arc::clone(app), uri.clone());
    let read = tokio::task::spawn_blocking(move || {
        let snapshot = working.newest().0;
        page(&snapshot, &working.pool, &asked)
    });
    match read.await {
        Ok(Ok(page)) => sent(page, headers),
        Ok(Err(refused)) => problem(texts(uri), &refused, headers),
        Err(error) => {
            tracing::error!(%error, "data could not be made");
            problem(texts(uri), &Refused::Store(std::io::Error::other(error).into()), headers)
        }
    }
}

fn sent(page: Page, headers: &HeaderMap) -> Response<Body> {
    let Page { content_type, body, next } = page;
    let mut response = Answer::new(Rendered { status: 200, content_type, body, style: Style::None }).response(headers);
    let link = next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
    if let Some(link) = link {
        response.headers_mut().insert(LINK, link);
    }
    response.headers_mut().insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("ETag, Link"));
    response
}

/// The language of an address, or the first one.
fn texts(uri: &Uri) -> &'static Texts {
    let first = || languages().next().or_else(|| language("en"));
    address(uri.path()).0.or_else(first).expect("there is a language: a test reads them")
}

/// The data at an address.
fn page(snapshot: &Snapshot, pool: &Pool, uri: &Uri) -> Result<Page, Refused> {
    let texts = texts(uri);
    let missing = || Refused::Missing(texts.error.not_found_text.clone());
    let (Some(_), rest) = address(uri.path()) else { return Err(missing()) };
    let (id, file) = rest.strip_prefix("station/").and_then(|rest| rest.split_once('/')).ok_or_else(missing)?;
    let Some((_, station, state)) = snapshot.find(id) else {
        let id: String = id.chars().take(60).collect();
        return Err(Refused::Missing(fill(&texts.error.no_station, &[("id", &id)])));
    };
    let reader = Reader { texts, zone: &station.zone, now: snapshot.now };
    let place = rows::Place { reader: &reader, snapshot, station, state };
    let keys: &[&str] = match file {
        "episodes.json" | "thresholds.json" => &[],
        _ => &["from", "to", "cursor", "parameter", "source"],
    };
    let query = query::Query::read(texts, uri, keys)?;
    let document = match file {
        "observations.json" => pool.read(|database| place.observations(database, &query, file))?.json(&place),
        "observations.csv" => {
            let found = pool.read(|database| place.observations(database, &query, file))?;
            let (body, next) = (found.csv(&place).into_bytes(), found.next);
            return Ok(Page { content_type: "text/csv; charset=utf-8", body, next });
        }
        "forecasts.json" => pool.read(|database| place.forecasts(database, &query))?,
        "episodes.json" => pool.read(|database| place.episodes(database))?,
        "thresholds.json" => pool.read(|database| place.thresholds(database))?,
        _ => return Err(missing()),
    };
    let next = document["next"].as_str().map(str::to_owned);
    Ok(Page { content_type: "application/json", body: document.to_string().into_bytes(), next })
}

/// An error as a problem document, with the headers that go with it.
pub(crate) fn problem(texts: &Texts, refused: &Refused, headers: &HeaderMap) -> Response<Body> {
    let error = &texts.error;
    let (status, title, detail) = match refused {
        Refused::Query(detail) => (400, &error.bad_request, detail),
        Refused::Missing(detail) => (404, &error.not_found, detail),
        Refused::Method => (405, &error.method, &error.method_text),
        Refused::Busy => (503, &error.busy, &error.busy_text),
        Refused::Store(error_of_store) => {
            tracing::error!(error = %error_of_store, "the database does not answer");
            (500, &error.internal, &error.internal_text)
        }
    };
    let mut response = problem_document(status, title, detail, headers);
    match refused {
        Refused::Method => drop(response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"))),
        Refused::Busy => drop(response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"))),
        _ => {}
    }
    response
}

/// A problem document of RFC 9457.
pub(crate) fn problem_document(status: u16, title: &str, detail: &str, headers: &HeaderMap) -> Response<Body> {
    let body: Json = json!({ "type": "about:blank", "status": status, "title": title, "detail": detail });
    let body = body.to_string().into_bytes();
    Answer::new(Rendered { status, content_type: "application/problem+json", body, style: Style::None })
        .response(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_are_told_from_pages() {
        assert!(["/en/stations.geojson", "/fr/station/a/episodes.json", "/openapi.json"].into_iter().all(is_data));
        assert!(!["/", "/en/", "/en/station/jemseg", "/en/station/a.b/log"].into_iter().any(is_data));
    }

    #[test]
    fn a_problem_says_what_is_wrong_in_the_readers_language() {
        for texts in languages() {
            let refused = Refused::Query("?".to_owned());
            let response = problem(texts, &refused, &HeaderMap::new());
            assert_eq!(response.status(), 400);
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            assert_eq!(response.headers()["cache-control"], "no-store");
            assert_eq!(response.headers()["access-control-allow-origin"], "*");
        }
        let refused = problem(texts(&Uri::from_static("/fr/")), &Refused::Method, &HeaderMap::new());
        assert_eq!(
            (refused.status().as_u16(), &refused.headers()["allow"]),
            (405, &HeaderValue::from_static("GET, HEAD, OPTIONS"))
        );
    }
}
