//! Looking back: any page as it was known at an instant, `?at=2022-04-18T21:10Z`. What is shown was stored by then; what came
//! later is not in it, and nothing in it depends on when it is asked for, so that one address has the same bytes for ever.
//!
//! Reading an instant anew costs milliseconds of the machine: two are read at once, some wait, and whoever asks beyond that is
//! asked to come back. The machine's own state, which is remembered only as it is now, is no part of it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::Query;
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Uri};
use hydro::{SignedDuration, Timestamp, Zone};
use jiff::civil::DateTime;
use maud::html;
use store::{Reader as Database, StoreError};
use tokio::sync::Semaphore;

use crate::Site;
use crate::answer::{Answer, Rendered};
use crate::format::Reader;
use crate::lang::fill;
use crate::page::error::PageError;
use crate::pool::Pool;
use crate::render::{address, failure, render};
use crate::routes::App;
use crate::snapshot::Snapshot;

/// Instants read at once.
const READING: usize = 2;
/// Readers who may wait for that.
const WAITING: usize = 32;
/// Instants kept in memory, the last ones asked for.
const KEPT: usize = 8;
/// What a fetch brings is stored under the instant at which it began. After this time every fetch that began by then has
/// ended, and what was known then changes no more.
const SETTLED: SignedDuration = SignedDuration::from_mins(15);

/// The instants that were looked back to.
#[derive(Debug)]
pub(crate) struct Past {
    waiting: Semaphore,
    reading: Semaphore,
    /// The newest first.
    kept: Mutex<VecDeque<Kept>>,
}

/// An instant that was read: for which site, and for one station or for the pages of all.
#[derive(Debug)]
struct Kept {
    site: Arc<Site>,
    one: Option<usize>,
    snapshot: Arc<Snapshot>,
}

impl Default for Past {
    fn default() -> Self {
        let (waiting, reading) = (Semaphore::new(WAITING), Semaphore::new(READING));
        Self { waiting, reading, kept: Mutex::default() }
    }
}

impl Past {
    /// The site as it was known at `at`: out of memory, or read and then kept where nothing can be added to it any more.
    fn snapshot(
        &self,
        pool: &Pool,
        (site, one): (&Arc<Site>, Option<usize>),
        at: Timestamp,
        settled: bool,
    ) -> Result<Arc<Snapshot>, StoreError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = |kept: &Kept| Arc::ptr_eq(&kept.site, site) && kept.one == one && kept.snapshot.now == at;
        let known = kept.iter().position(wanted);
        if let Some(found) = known.and_then(|place| kept.remove(place)) {
            let snapshot = Arc::clone(&found.snapshot);
            kept.push_front(found);
            return Ok(snapshot);
        }
        drop(kept);
        let snapshot = Arc::new(pool.read(|database| read(database, site, one, at))?);
        if settled {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push_front(Kept { site: Arc::clone(site), one, snapshot: Arc::clone(&snapshot) });
            kept.truncate(KEPT);
        }
        Ok(snapshot)
    }
}

/// What the pages of one station or of all need, as it was known at `at`, without what is told only as it is now.
fn read(database: &Database, site: &Site, one: Option<usize>, at: Timestamp) -> Result<Snapshot, StoreError> {
    let site = Site { live: false, ..site.clone() };
    Snapshot::read_for(database, Arc::new(site), one, at)
}

/// The instant that an address names, as it stands there; none where it names none or cannot look back.
pub(crate) fn asked(uri: &Uri) -> Option<String> {
    let (Some(_), rest) = address(uri.path()) else { return None };
    if !looks_back(rest) {
        return None;
    }
    let Query(asked) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    asked.into_iter().find(|(key, value)| key == "at" && !value.is_empty()).map(|(_, value)| value)
}

/// Whether the page at an address after its language is told also for a past instant.
fn looks_back(rest: &str) -> bool {
    matches!(rest, "" | "board" | "compare" | "report" | "report.csv" | "status") || rest.starts_with("station")
}

/// An instant such as `2022-04-18T21:10Z`, or a local time such as `2022-04-18T18:10`, as a field for times sends it.
fn instant(text: &str, zone: &Zone) -> Option<Timestamp> {
    // An unescaped `+` of an offset reaches us as a space.
    let text = text.trim().replace(' ', "+");
    let local = || text.parse::<DateTime>().ok()?.to_zoned(zone.rules().clone()).ok().map(|zoned| zoned.timestamp());
    let at: Timestamp = text.parse().ok().or_else(local)?;
    Timestamp::from_second(at.as_second()).ok()
}

/// The answer at an address that names an instant.
pub(crate) async fn answer(app: &Arc<App>, asked: &str, uri: Uri, headers: &HeaderMap) -> Response<Body> {
    let (site, now) = (app.site(), app.time());
    let texts = address(uri.path()).0;
    let refused = |error: &PageError| Answer::new(failure(&site, texts, error)).response(headers);
    let Some(at) = instant(asked, &site.zone).filter(|at| *at <= now) else { return refused(&PageError::NotYet) };
    let busy = || {
        let mut response = refused(&PageError::Busy);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
        response
    };
    let Ok(_waits) = app.past.waiting.try_acquire() else { return busy() };
    let Ok(_reads) = app.past.reading.acquire().await else { return busy() };
    let settled = now.duration_since(at) > SETTLED;
    let (working, of) = (Arc::clone(app), Arc::clone(&site));
    let drawn = tokio::task::spawn_blocking(move || drawn(&working, &of, at, settled, &uri)).await;
    let answer = match drawn {
        Ok(Ok(rendered)) => Answer::new(rendered),
        Ok(Err(error)) => {
            tracing::error!(%error, "the database does not answer; nothing past can be shown");
            return refused(&PageError::NoData);
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be made");
            return refused(&PageError::Internal);
        }
    };
    let mut response = answer.response(headers);
    if matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED) {
        // The bytes change with the program and the configuration alone.
        let cache = if settled { "public, max-age=86400" } else { "no-cache" };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    }
    response
}

fn drawn(app: &App, site: &Arc<Site>, at: Timestamp, settled: bool, uri: &Uri) -> Result<Rendered, StoreError> {
    let id = address(uri.path()).1.strip_prefix("station/").map(|file| file.split(['.', '/']).next().unwrap_or(file));
    let one = id.and_then(|id| site.stations.iter().position(|station| station.id.as_str() == id));
    let snapshot = app.past.snapshot(&app.pool, (site, one), at, settled)?;
    let mut rendered = render(&snapshot, &app.pool, uri);
    if let (true, Ok(page)) = (rendered.is_page(), std::str::from_utf8(&rendered.body)) {
        rendered.body = dressed(page, &snapshot, uri).into_bytes();
    }
    Ok(rendered)
}

/// A page with links that stay at its instant, and the banner that says of when it is.
fn dressed(page: &str, snapshot: &Snapshot, uri: &Uri) -> String {
    let Some(texts) = address(uri.path()).0 else { return page.to_owned() };
    let (site, at) = (&*snapshot.site, snapshot.now);
    let reader = Reader { texts, zone: &site.zone, now: at };
    let said = fill(&texts.past.banner, &[("when", &reader.dated(at))]);
    let banner = html! {
        aside aria-label=(texts.past.label) {
            header.demo { span { (said) } a.n href=(without_at(uri)) { "\u{2003}" u { (texts.past.now) } } }
        }
    };
    staying(page, at).replacen("</header>", &format!("</header>{}", banner.into_string()), 1)
}

/// The same address as it is now.
fn without_at(uri: &Uri) -> String {
    let other = |part: &&str| !part.is_empty() && !part.starts_with("at=");
    let kept: Vec<&str> = uri.query().unwrap_or_default().split('&').filter(other).collect();
    if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), kept.join("&")) }
}

/// A page whose links and forms stay at an instant, where they lead to what can look back. Attributes stand in double quotes,
/// which a text never has bare.
fn staying(page: &str, at: Timestamp) -> String {
    let stays = |value: &str| {
        let path = value.split_once('?').map_or(value, |(path, _)| path);
        matches!(address(path), (Some(_), rest) if value.starts_with('/') && looks_back(rest))
    };
    let linked = rewritten(page, " href=\"", |value, after| {
        let named = value.contains("?at=") || value.contains("&amp;at=");
        let joint = if value.contains('?') { "&amp;" } else { "?" };
        let more = if stays(value) && !named { format!("{joint}at={at}") } else { String::new() };
        format!("{value}{more}\"{after}")
    });
    rewritten(&linked, " action=\"", |value, after| match after.split_once('>') {
        // A form that asks for an instant itself has that one alone.
        Some((tag, content)) if stays(value) && !form(content).contains(r#"name="at""#) => {
            format!("{value}\"{tag}><input type=\"hidden\" name=\"at\" value=\"{at}\">{content}")
        }
        _ => format!("{value}\"{after}"),
    })
}

/// What stands in a form, up to its end.
fn form(content: &str) -> &str {
    content.split("</form>").next().unwrap_or_default()
}

/// A page with every attribute of a name, and what follows its closing quote, written anew.
fn rewritten(page: &str, attribute: &str, write: impl Fn(&str, &str) -> String) -> String {
    let mut parts = page.split(attribute);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (value, after) = part.split_once('"').unwrap_or((part, ""));
        out.push_str(attribute);
        out.push_str(&write(value, after));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_as_people_and_fields_write_it() {
        let moncton = Zone::named("America/Moncton").expect("a known zone");
        let read = |text: &str| instant(text, &moncton).map(|at| at.to_string());
        let expected = Some("2022-04-18T21:10:00Z".to_owned());
        for text in ["2022-04-18T21:10Z", "2022-04-18T21:10:00.7Z", "2022-04-18T18:10-03:00", "2022-04-18T18:10"] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read("2022-04-18T23:10 02:00"), expected, "a plus sign that came as a space");
        for text in ["yesterday", "2022-04-31T00:00Z", "", "1650316200"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn links_and_forms_stay_at_their_instant() {
        let at: Timestamp = "2022-04-18T21:10:00Z".parse().expect("an instant");
        for (before, after) in [
            (r#"<a href="/en/">"#, r#"<a href="/en/?at=2022-04-18T21:10:00Z">"#),
            (r#"<a href="/fr/?sort=name">"#, r#"<a href="/fr/?sort=name&amp;at=2022-04-18T21:10:00Z">"#),
            (r#"<a href="/fr/?at=2022-04-18T18:10">"#, r#"<a href="/fr/?at=2022-04-18T18:10">"#),
            (r#"<a href="/en/about">"#, r#"<a href="/en/about">"#),
            (r#"<a href="https://example.org/en/">"#, r#"<a href="https://example.org/en/">"#),
            (r##"<a href="#m">"##, r##"<a href="#m">"##),
            (
                r#"<form role="search" action="/en/"><input>"#,
                r#"<form role="search" action="/en/"><input type="hidden" name="at" value="2022-04-18T21:10:00Z"><input>"#,
            ),
            (
                r#"<form action="/en/report"><input name="at"></form>"#,
                r#"<form action="/en/report"><input name="at"></form>"#,
            ),
        ] {
            assert_eq!(staying(before, at), after);
        }
    }

    #[test]
    fn only_what_can_look_back_is_asked_to() {
        let asked = |uri: &str| super::asked(&uri.parse().expect("an address"));
        assert_eq!(asked("/en/?at=x").as_deref(), Some("x"));
        assert_eq!(asked("/fr/station/jemseg.csv?q=1&at=x%3Ay").as_deref(), Some("x:y"));
        for uri in ["/en/?at=", "/en/", "/livez?at=x", "/en/about?at=x", "/healthz?at=x", "/board/events?at=x"] {
            assert_eq!(asked(uri), None, "{uri}");
        }
        let now = |uri: &str| without_at(&uri.parse().expect("an address"));
        assert_eq!(now("/en/?sort=name&at=x&q=a"), "/en/?sort=name&q=a");
        assert_eq!(now("/fr/report?at=x"), "/fr/report");
    }
}
