//! What stands at each address of the site, drawn from a snapshot. The database is asked only for what that does not hold.

mod station;

use axum::extract::Query;
use axum::http::Uri;
use hydro::Station;

use crate::answer::Rendered;
use crate::format::Reader;
use crate::held::Scope;
use crate::lang::{Language, language};
use crate::page::Style;
use crate::page::error::PageError;
use crate::pool::Pool;
use crate::script::{BOARD, SCRIPT, STATION};
use crate::snapshot::{Snapshot, StationNow};
use crate::view::list::{Sort, Wish};
use crate::{Site, atom, board, data, embed, health, notes, oembed, offline, openapi, page, past, report, view};
use station::station;
pub(crate) use station::width;

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// The language and the rest of a path such as `/fr/station/jemseg`.
pub(crate) fn address(path: &str) -> (Option<Language>, &str) {
    let (code, rest) = path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
    (language(code), rest)
}

/// What the answer at a path speaks of: for one that says nothing of the stations none of them is read.
pub(crate) fn scope(path: &str) -> Scope<&str> {
    // What stands in other sites' frames has the same addresses as the pages, below one of their own.
    match address(path.strip_prefix(embed::PATH).unwrap_or(path)) {
        (Some(_), "about" | "accessibility" | "data" | offline::MANIFEST) => Scope::Site,
        (Some(_), rest) => match rest.strip_prefix("station/") {
            Some(file) => Scope::Station(file.split(['.', '/']).next().unwrap_or(file)),
            None => Scope::Stations,
        },
        (None, _) if path == "/healthz" || path == oembed::PATH => Scope::Stations,
        (None, _) => Scope::Site,
    }
}

/// What stands at an address.
pub(crate) fn render(snapshot: &Snapshot, pool: &Pool, uri: &Uri) -> Rendered {
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
            Some(wish) => overview(snapshot, pool, &reader, (rest, &wish), uri),
            None => failure(site, Some(texts), &PageError::BadRequest),
        },
        "report" => {
            let view = report::view(&reader, snapshot, &report::earlier(snapshot, pool));
            html(Style::Sheet, page::report::page(&reader, site, &view))
        }
        "report.csv" => csv(report::csv(&reader, snapshot, &report::earlier(snapshot, pool))),
        "stations.atom" => news(&reader, snapshot, pool, None),
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
            (Some(file), _) => station(snapshot, pool, &reader, file, uri),
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
    if let Some(script) = [&*SCRIPT, &*STATION, &*BOARD].into_iter().find(|script| script.path == path) {
        return Some(asset(script.body.as_bytes(), JAVASCRIPT, Style::None));
    }
    match path {
        offline::WORKER => Some(asset(offline::worker(site).as_bytes(), JAVASCRIPT, Style::Worker)),
        _ => offline::icon(path).map(|(bytes, kind)| asset(bytes, kind, Style::None)),
    }
}

/// What coordinators watch: the board, its rows alone, or a comparison.
fn overview(
    snapshot: &Snapshot,
    pool: &Pool,
    reader: &Reader<'_>,
    (rest, wish): (&str, &board::Wish),
    uri: &Uri,
) -> Rendered {
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    if rest == "compare" {
        let (shown, more) = compared(snapshot, pool, wish);
        return html(Style::Sheet, page::compare::page(reader, snapshot, &shown, more, &query));
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

/// The stations to be compared, with their measurements one by one, and whether more were wished for.
fn compared<'a>(snapshot: &'a Snapshot, pool: &Pool, wish: &board::Wish) -> (Vec<(&'a Station, StationNow)>, bool) {
    let found: Vec<_> = wish.only.iter().filter_map(|id| snapshot.find(id)).collect();
    let whole = |&(_, station, state): &(usize, &'a Station, &StationNow)| {
        let read = pool.read(|database| StationNow::read(database, station, snapshot.now));
        let whole = read.unwrap_or_else(|error| {
            tracing::error!(%error, "the database does not answer; a comparison lacks what was measured");
            state.clone()
        });
        (station, whole)
    };
    (found.iter().take(page::compare::LANES).map(whole).collect(), found.len() > page::compare::LANES)
}

/// The news of a station, or of all, as a feed.
fn news(reader: &Reader<'_>, snapshot: &Snapshot, pool: &Pool, of: Option<(&Station, &StationNow)>) -> Rendered {
    let told = pool.read(|database| match of {
        Some(of) => atom::of_station(reader, snapshot, database, of),
        None => atom::of_all(reader, snapshot, database),
    });
    match told {
        Ok(feed) => Rendered { status: 200, content_type: atom::TYPE, body: feed.into_bytes(), style: Style::None },
        Err(error) => {
            tracing::error!(%error, "the database does not answer; there are no news");
            failure(&snapshot.site, Some(reader.texts), &PageError::Internal)
        }
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
