//! Every sentence, for every kind of measurement with every kind of forecast, in every language.

mod discharge;
mod pages;
mod past;
mod short;

use std::sync::Arc;

use hydro::{FeedId, Forecast, LocalText, Point, Position, Scheme, SignedDuration, StationId, Timestamp, Zone};

use super::*;
use crate::lang::languages;

const NOW: &str = "2022-04-18T21:10:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

pub(crate) fn station() -> Station {
    let heights = [("advisory", 4500), ("watch", 5500), ("warning", 6000), ("flood", 6500)];
    let heights = heights.map(|(name, milli)| (name, Value::from_milli(milli)));
    Station {
        id: StationId::new("quispamsis-saint-john").unwrap(),
        name: LocalText::same("Quispamsis-Saint John"),
        river: LocalText::same("Saint John River"),
        region: None,
        position: Position { latitude: 45.27, longitude: -66.09 },
        zone: Zone::named("America/Moncton").unwrap(),
        datum: None,
        thresholds: Some(Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).unwrap()),
        publisher: None,
        record: None,
        floods: vec![],
        impacts: vec![],
        sources: vec![],
        measured: true,
        no_forecast: None,
        cadence: SignedDuration::from_hours(1),
        operation: Operation::Active,
        tidal: false,
        limits: hydro::Limits::default(),
        episodes: hydro::EpisodeRule::default(),
        gauge: None,
        agency_page: None,
        alert_areas: vec![],
    }
}

/// Eight hourly readings that end `age` hours ago at `milli`, changing by `step` an hour.
fn observed(age: i64, milli: i64, step: i64) -> Vec<Point> {
    let at = |i: i64| now() - SignedDuration::from_hours(age + 7 - i);
    let value = |i: i64| Some(Value::from_milli(milli - step * (7 - i)));
    (0..8).map(|i| Point { valid: at(i), value: value(i), quality: None }).collect()
}

/// A forecast issued `age` hours ago with a value every 12 hours from now on.
fn forecast(age: i64, millis: &[i64]) -> Forecast {
    let at = |i: i64| now() + SignedDuration::from_hours(12 * i);
    let points = (0..).zip(millis).map(|(i, &milli)| (at(i), Value::from_milli(milli))).collect();
    let issued = now() - SignedDuration::from_hours(age);
    Forecast {
        issued,
        issue_inferred: false,
        received: issued,
        feed: FeedId::new("f").unwrap(),
        points,
        bounds: vec![],
    }
}

fn state(station: &Station, observed: Vec<Point>, forecast: Option<Forecast>) -> StationNow {
    StationNow::new(station, None, observed, [forecast.map(Arc::new), None], now())
}

/// Every kind of measurement with every kind of forecast.
fn combinations(station: &Station) -> Vec<(String, StationNow)> {
    let measured = [
        ("none", vec![]),
        ("offline", observed(30, 5000, 10)),
        ("stale", observed(12, 5000, 10)),
        ("late", observed(4, 5000, 10)),
        ("normal", observed(0, 3000, 0)),
        ("advisory", observed(0, 4600, 40)),
        ("watch", observed(0, 5954, -10)),
        ("flood", observed(0, 6700, 120)),
    ];
    let forecasts = [
        ("none", None),
        ("old", Some(forecast(30, &[5000, 5500, 5200]))),
        ("peak", Some(forecast(5, &[5000, 6000, 6800, 6700]))),
        ("rising", Some(forecast(5, &[5000, 6000, 6800, 6900]))),
        ("falling", Some(forecast(5, &[2990, 2500, 2000, 1900]))),
    ];
    let mut all = Vec::new();
    for (measured, points) in &measured {
        for (ahead, forecast) in &forecasts {
            all.push((format!("{measured}/{ahead}"), state(station, points.clone(), forecast.clone())));
        }
    }
    all
}

#[test]
fn every_sentence_is_short_and_whole() {
    let station = station();
    for texts in languages() {
        let reader = Reader { texts, zone: &station.zone, now: now() };
        for (name, state) in combinations(&station) {
            let said = short(&reader, &station, &state);
            assert!(said.chars().count() <= SHORT, "{name}: {said}");
            let all = [said, detail(&reader, &station, &state).join(" "), row(&reader, &station, &state)];
            for said in all {
                assert!(!said.contains(['{', '}']) && !said.contains("  ") && !said.is_empty(), "{name}: {said}");
            }
        }
    }
}

#[test]
fn what_is_not_current_has_no_status_word() {
    let station = station();
    for texts in languages() {
        let reader = Reader { texts, zone: &station.zone, now: now() };
        for (name, state) in combinations(&station).into_iter().filter(|(_, state)| state.forecast.is_none()) {
            let said = short(&reader, &station, &state);
            let known =
                ["normal", "advisory", "watch", "warning", "flood"].map(|word| format!("{}.", texts.status_word(word)));
            let named = known.iter().any(|word| said.contains(word.as_str()));
            assert_eq!(named, state.assessment.freshness.current(), "{name}: {said}");
        }
    }
}

#[test]
fn the_short_sentence() {
    let station = station();
    let mut said = String::new();
    for (name, state) in combinations(&station) {
        said += &format!("{name}\n");
        for texts in languages() {
            let reader = Reader { texts, zone: &station.zone, now: now() };
            said += &format!("  {}\n", short(&reader, &station, &state));
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn the_card_and_the_row() {
    let station = station();
    let mut said = String::new();
    for (name, state) in combinations(&station) {
        said += &format!("{name}\n");
        for texts in languages() {
            let reader = Reader { texts, zone: &station.zone, now: now() };
            let (detail, row) = (detail(&reader, &station, &state).join(" "), row(&reader, &station, &state));
            said += &format!("  {detail}\n  {row}\n");
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn places_without_a_gauge_a_forecast_or_thresholds_say_so() {
    let bare = Station { thresholds: None, ..station() };
    let cases = [
        (Station { measured: false, ..station() }, vec![], None),
        (Station { measured: false, ..station() }, vec![], Some(forecast(5, &[5000, 6000, 5500]))),
        (Station { no_forecast: Some(NoForecast::IceJams), ..station() }, observed(0, 4600, 40), None),
        (Station { no_forecast: Some(NoForecast::NotMade), ..station() }, observed(0, 4600, 40), None),
        (Station { operation: Operation::Suspended, ..station() }, observed(0, 4600, 40), None),
        (Station { operation: Operation::Closed, ..station() }, vec![], None),
        (bare.clone(), observed(0, 4600, 40), Some(forecast(5, &[5000, 6000, 5500]))),
        (bare, vec![], None),
    ];
    let mut said = String::new();
    for (station, observed, forecast) in cases {
        let state = state(&station, observed, forecast);
        for texts in languages() {
            let reader = Reader { texts, zone: &station.zone, now: now() };
            let (short, row) = (short(&reader, &station, &state), row(&reader, &station, &state));
            said += &format!("{short}\n  {row}\n");
        }
    }
    insta::assert_snapshot!(said);
}

/// A site without stations.
pub(crate) fn site() -> crate::Site {
    crate::Site {
        frame_hosts: Vec::new(),
        title: LocalText::same("River Watch"),
        address: None,
        operator: None,
        help: vec![],
        zone: Zone::UTC,
        live: true,
        offline: true,
        demonstration: false,
        ground: None,
        operators: vec![],
        stations: vec![],
        feeds: vec![],
    }
}

/// What is known where there is one station.
fn snapshot(station: &Station, state: StationNow, at: Timestamp) -> crate::Snapshot {
    let site = crate::Site { zone: station.zone.clone(), stations: vec![station.clone()], ..site() };
    crate::Snapshot::of(site, state, at)
}

/// A whole page of the station, as it would be sent.
fn page(station: &Station, state: StationNow, texts: crate::Language, at: Timestamp) -> String {
    let snapshot = snapshot(station, state, at);
    let reader = Reader { texts, zone: &station.zone, now: at };
    let view = crate::view::station::view(&reader, &snapshot, 0);
    crate::page::station::page(&reader, &snapshot.site, &view)
}

/// A page without the coordinates of its pictures.
fn without_paths(page: &str) -> String {
    let mut parts = page.split(" d=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    first + &parts.map(|part| part.split_once('"').map_or("", |(_, rest)| rest)).collect::<String>()
}

#[test]
fn coordinates_are_told_from_what_is_said() {
    assert_eq!(without_paths("<path d=\"m0 9h-999z\"/>\u{2212}999 m<path d=\"m1\"/>"), "<path/>\u{2212}999 m<path/>");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever the series and the hour: a page has a level, a trend and a coloured status only while the newest trusted
    /// measurement is current by the model, and never a number that is none.
    #[test]
    fn a_page_is_as_current_as_its_newest_measurement(
        millis in proptest::collection::vec(proptest::option::weighted(0.9, -2000_i64..9000), 0..30),
        hours in 0_i64..80,
        ahead in proptest::option::of(proptest::collection::vec(-2000_i64..9000, 0..8)),
    ) {
        let station = station();
        let at = now() + SignedDuration::from_hours(hours);
        let hour = |i: i64| now() - SignedDuration::from_hours(i);
        let measured = (0_i64..).zip(&millis).map(|(i, milli)| {
            Point { valid: hour(i), value: milli.map(Value::from_milli), quality: None }
        });
        let mut observed: Vec<Point> = measured.collect();
        observed.reverse();
        let forecast = ahead.map(|millis| forecast(2, &millis));
        let state = StationNow::new(&station, None, observed, [forecast.map(Arc::new), None], at);
        let current = state.assessment.freshness.current();
        let rank = state.assessment.status.rank();
        for texts in languages() {
            let page = page(&station, state.clone(), texts, at);
            proptest::prop_assert_eq!(page.contains("<p class=\"v\">"), current);
            proptest::prop_assert_eq!(page.contains("data-until="), current);
            let card = rank.map_or_else(|| "class=\"c cu\"".to_owned(), |rank| format!("class=\"c c{}\"", rank.get()));
            proptest::prop_assert!(page.contains(&card), "{}", card);
            let (_, body) = page.split_once("</style>").unwrap();
            for wrong in ["NaN", "inf ", "{", "}"] {
                proptest::prop_assert!(!body.contains(wrong), "{} in {}", wrong, body);
            }
            // A path may well go 999 tenths of a pixel to the left; what is said may not.
            let said = without_paths(body);
            for sentinel in ["-999", "\u{2212}999"] {
                proptest::prop_assert!(!said.contains(sentinel), "{} in {}", sentinel, said);
            }
        }
    }
}
