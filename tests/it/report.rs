//! The hand-over report, against the stations' own data.

use serde_json::Value as Json;

use crate::demo::{demonstration, demonstration_in};
use crate::support::html::{self, Element};
use crate::support::program::{Running, folder};
use crate::support::{LANGUAGES, until};

fn stations(demo: &Running) -> Vec<Json> {
    demo.json("/en/stations.json")["stations"].as_array().expect("an array").clone()
}

/// The names in a table of the report by its caption, in its order.
fn names(page: &Element, caption: &str) -> Vec<String> {
    let tables = page.named("table").into_iter();
    let mut tables = tables.filter(|table| table.only("caption").text == caption);
    let table = tables.next().map(|table| table.named("th")).unwrap_or_default().into_iter();
    table.filter(|head| head.attribute("scope") == Some("row")).map(|head| head.text.clone()).collect()
}

fn named<'a>(stations: impl IntoIterator<Item = &'a Json>) -> Vec<String> {
    let mut names: Vec<String> =
        stations.into_iter().map(|station| station["name"].as_str().expect("a name").to_owned()).collect();
    names.sort();
    names
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

#[test]
fn it_tells_who_is_above_what_is_forecast_and_who_is_silent() {
    let (demo, _folder) = demonstration();
    let (page, stations) = (html::read(&demo.page("/en/report")), stations(&demo));
    let level = |station: &Json| station["status"]["level"].as_str().unwrap_or_default().to_owned();
    let above = stations.iter().filter(|station| !["unknown", "normal"].contains(&level(station).as_str()));
    assert_eq!(sorted(names(&page, "Above a threshold")), named(above));
    let ahead = stations.iter().filter(|station| !station["outlook"]["peak"].is_null());
    assert_eq!(sorted(names(&page, "What is forecast")), named(ahead));
    let unknown = stations
        .iter()
        .filter(|station| !["fresh", "late"].iter().any(|fresh| station["status"]["freshness"] == *fresh));
    assert_eq!(sorted(names(&page, "What is known")).len(), 1, "the demonstration's silent gauge");
    assert!(named(unknown).contains(&names(&page, "What is known")[0]));
    let words = &page.only("main").text;
    assert!(words.contains("As of ") && words.contains("stations are above a threshold"), "{words}");
}

#[test]
fn the_spreadsheet_has_every_station_and_the_same_facts() {
    let (demo, _folder) = demonstration();
    for language in LANGUAGES {
        let sheet = demo.page(&format!("/{language}/report.csv"));
        let mut lines = sheet.lines();
        let head: Vec<&str> = lines.next().expect("a head").split(',').collect();
        let column =
            |name: &str| head.iter().position(|known| *known == name).unwrap_or_else(|| unreachable!("{name}"));
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
        assert_eq!(rows.len(), 25);
        for (row, station) in rows.iter().zip(stations(&demo)) {
            assert_eq!(row.len(), head.len(), "{row:?}");
            assert_eq!(row[column("id")], station["id"].as_str().expect("an id"));
            assert_eq!(row[column("status")], station["status"]["level"].as_str().expect("a word"), "{row:?}");
            let value = station["status"]["value"].as_f64();
            assert_eq!(row[column("value")].parse().ok(), value, "{row:?}");
            assert_eq!(row[column("peak_value")].parse().ok(), station["outlook"]["peak"]["value"].as_f64(), "{row:?}");
            assert_eq!(row[column("next_valid")], station["outlook"]["crossings"][0]["valid"].as_str().unwrap_or(""));
            assert_eq!(row[column("demonstration")], "true");
        }
    }
}

/// Six hours pass in six seconds: then the report tells of what was known six hours ago.
#[test]
fn what_has_changed_is_told_against_what_was_known_then() {
    let folder = folder();
    let demo = demonstration_in(folder.path(), "3600");
    let changed = |hours: u32| {
        let sheet = demo.page("/en/report.csv");
        let mut lines = sheet.lines();
        let head: Vec<&str> = lines.next()?.split(',').collect();
        let column = |name: &str| head.iter().position(|known| *known == name);
        let row: Vec<String> =
            lines.find(|line| line.contains(",fredericton,"))?.split(',').map(str::to_owned).collect();
        let (as_of, status) = (row[0].clone(), row[column(&format!("status_{hours}h"))?].clone());
        let (now, moved) = (
            row[column("value")?].parse::<f64>().ok()?,
            row[column(&format!("change_{hours}h"))?].parse::<f64>().ok()?,
        );
        Some((as_of, status, now, moved))
    };
    let (_, first, ..) = changed(24).expect("a row");
    assert_eq!(first, "unknown", "a day ago nothing was known");
    let (as_of, status, now, moved) =
        until("six hours have passed", || changed(6).filter(|(_, status, ..)| status != "unknown"));
    let then = as_of.parse::<jiff::Timestamp>().expect("an instant") - jiff::SignedDuration::from_hours(6);
    let was = demo.json(&format!("/en/station/fredericton.json?at={then}"));
    assert_eq!(was["status"]["level"], status.as_str());
    let level = was["status"]["value"].as_f64().expect("a level");
    assert!((now - moved - level).abs() < 0.3, "{now} less {moved} is about the {level} of then");
}
