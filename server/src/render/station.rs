//! A station's pages, and the same facts as files.

use std::collections::HashMap;

use axum::extract::Query;
use axum::http::Uri;
use hydro::{Forecast, Station};

use super::{csv, failure, html, json, news, text};
use crate::answer::Rendered;
use crate::format::Reader;
use crate::page::Style;
use crate::page::error::PageError;
use crate::pool::Pool;
use crate::snapshot::{Snapshot, StationNow, newest_issues};
use crate::{data, embed, mark, page, picture, view};

/// Issues of a forecast that its page shows.
const ISSUES: usize = 8;

/// A station's page, or one of its files.
pub(super) fn station(snapshot: &Snapshot, pool: &Pool, reader: &Reader<'_>, file: &str, uri: &Uri) -> Rendered {
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
            html(Style::Station, forecasts(snapshot, pool, reader, station, state))
        }
        "atom" if file.as_bytes().get(id.len()) == Some(&b'.') => news(reader, snapshot, pool, Some((station, state))),
        "log" if file.ends_with("/log") => {
            let ever = pool.read(|database| state.ever(database, station, snapshot.now));
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
fn forecasts(snapshot: &Snapshot, pool: &Pool, reader: &Reader<'_>, station: &Station, state: &StationNow) -> String {
    let known =
        pool.read(|database| newest_issues(database, station, snapshot.now, ISSUES + 1)).unwrap_or_else(|error| {
            tracing::error!(%error, "the database does not answer; the page shows the two issues that are held");
            state.forecast.iter().chain(&state.previous).map(|issue| Forecast::clone(issue)).collect()
        });
    page::forecasts::page(reader, &snapshot.site, &view::forecasts::view(reader, station, state, &known, ISSUES))
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
pub(crate) fn width(uri: &Uri) -> Option<String> {
    let Query(mut asked) = Query::<HashMap<String, String>>::try_from_uri(uri).ok()?;
    asked.remove("width")
}
