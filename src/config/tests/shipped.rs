//! The configuration that comes with the program.

use std::fs;
use std::path::{Path, PathBuf};

use hydro::{NoForecast, Position, Rank, Station, Value};
use server::FeatureKind;

use super::super::{Config, load};

const STATIONS: [&str; 25] = [
    "connors",
    "saint-francois",
    "clair",
    "baker-brook",
    "st-hilaire",
    "edmundston",
    "iroquois",
    "saint-basile",
    "sainte-anne",
    "saint-leonard",
    "perth-andover",
    "simonds",
    "hartland",
    "woodstock",
    "fredericton",
    "durham-bridge",
    "maugerville",
    "jemseg",
    "sheffield-lakeville-corner",
    "grand-lake",
    "gagetown",
    "oak-point",
    "quispamsis-saint-john",
    "hampton",
    "apohaqui",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn shipped() -> Config {
    load(&root().join("config/riverwatch.toml"), &[]).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn it_has_the_stations_in_river_order_and_the_feeds() {
    let config = shipped();
    let ids: Vec<&str> = config.site.stations.iter().map(|station| station.id.as_str()).collect();
    assert_eq!(ids, STATIONS);
    let feeds: Vec<&str> = config.feeds.iter().map(|feed| feed.id.as_str()).collect();
    assert_eq!(feeds, ["nb-fews", "nb-levels", "eccc-nb"]);
    let places: Vec<usize> = config.feeds.iter().map(|feed| feed.places.len()).collect();
    assert_eq!(places, [25, 0, 3]);
    let notes: Vec<&str> = config.site.feeds.iter().map(|note| note.id.as_str()).collect();
    assert_eq!(notes, feeds);
}

#[test]
fn its_regions_follow_one_another_down_the_valley() {
    let regions = |code: &str| {
        let stations = shipped().site.stations;
        let names =
            stations.iter().map(|station| station.region.as_ref().expect("a region").in_language(code).to_owned());
        let mut counts: Vec<(String, usize)> = Vec::new();
        for name in names {
            match counts.last_mut() {
                Some((last, n)) if *last == name => *n += 1,
                _ => counts.push((name, 1)),
            }
        }
        counts
    };
    let expected = [("Upper", "Haute", 10), ("Middle", "Moyenne", 4), ("Lower", "Basse", 11)];
    let counted =
        |all: Vec<(String, usize)>| all.into_iter().map(|(name, n)| (name.split(' ').next().unwrap().to_owned(), n));
    assert!(counted(regions("en")).eq(expected.map(|(en, _, n)| (en.to_owned(), n))));
    assert!(counted(regions("fr")).eq(expected.map(|(_, fr, n)| (fr.to_owned(), n))));
}

#[test]
fn its_thresholds_follow_the_rule_of_the_province() {
    for station in shipped().site.stations {
        let thresholds = station.thresholds.expect("thresholds");
        let heights: Vec<i64> = thresholds.iter().map(|threshold| threshold.value.milli()).collect();
        let flood = heights[3];
        assert_eq!(heights, [flood - 2000, flood - 1000, flood - 500, flood], "{}", station.id);
    }
}

#[test]
fn the_national_gauge_comes_first_where_both_are_joined() {
    for station in shipped().site.stations {
        let feeds: Vec<&str> = station.sources.iter().map(|source| source.feed.as_str()).collect();
        let joined = ["fredericton", "gagetown", "oak-point"].contains(&station.id.as_str());
        assert_eq!(feeds, if joined { vec!["eccc-nb", "nb-fews"] } else { vec!["nb-fews"] }, "{}", station.id);
        let offsets = station.sources.iter().map(|source| source.datum_offset);
        assert!(offsets.into_iter().all(|offset| offset == Value::from_milli(0)), "{}", station.id);
    }
}

#[test]
fn every_text_by_language_has_both() {
    let config = shipped();
    for text in config.site.help.iter().flat_map(|help| [&help.text, &help.address]) {
        assert!(!text.in_language("en").is_empty() && !text.in_language("fr").is_empty());
    }
    for note in &config.site.feeds {
        assert_ne!(note.title.in_language("en"), note.title.in_language("fr"), "{}", note.id);
        assert_ne!(note.attribution.in_language("en"), note.attribution.in_language("fr"), "{}", note.id);
    }
}

/// What stands between a tag and its end in one `<station>` of the province's table.
fn fact<'a>(row: &'a str, tag: &str) -> &'a str {
    let (_, rest) = row.split_once(&format!("<{tag}>")).expect(tag);
    rest.split_once("</").expect(tag).0.trim()
}

#[test]
fn it_says_what_the_province_says() {
    let Ok(table) = fs::read_to_string(root().join("../shared/feeds/nb/alertlevels_2023-02-27.xml")) else {
        eprintln!("skipped: ../shared/feeds is absent");
        return;
    };
    let rows: Vec<&str> = table.split("<station>").skip(1).collect();
    let stations = shipped().site.stations;
    assert_eq!(rows.len(), stations.len());
    for (row, station) in rows.into_iter().zip(&stations) {
        same(row, station);
    }
}

fn same(row: &str, station: &Station) {
    let id = &station.id;
    let named = fact(row, "name").split(" (").next().unwrap();
    assert_eq!(station.name.in_language("en"), named, "{id}");
    let of_the_province = station.sources.iter().find(|source| source.feed.as_str() == "nb-fews").expect("a source");
    assert_eq!(of_the_province.location, fact(row, "stationID"), "{id}");

    let value = |tag: &str| fact(row, tag).parse::<Value>().expect(tag);
    let thresholds = station.thresholds.as_ref().expect("thresholds");
    for (rank, tag) in Rank::ALL.into_iter().skip(1).zip(["advisory", "watch", "warning", "Floodlvl"]) {
        assert_eq!(thresholds.height(rank), Some(value(tag)), "{id} {tag}");
    }
    let believable = value("max") >= value("Floodlvl");
    assert_eq!(station.record.as_ref().map(|record| record.value), believable.then(|| value("max")), "{id}");
    assert_eq!(believable, !["connors", "saint-basile"].contains(&id.as_str()), "{id}");

    let position = (station.position.latitude.to_string(), station.position.longitude.to_string());
    let degrees = |tag: &str| fact(row, tag).parse::<f64>().expect(tag).to_string();
    assert_eq!(position, (degrees("latitude"), degrees("longitude")), "{id}");
    assert_eq!(station.measured, fact(row, "Measured") == "YES", "{id}");
    let never = (fact(row, "Forecast") == "NO").then_some(NoForecast::IceJams);
    assert_eq!(station.no_forecast, never, "{id}");

    let page = |language: &str| station.agency_page.as_ref().map_or("NONE", |page| page.in_language(language));
    assert_eq!((page("en"), page("fr")), (fact(row, "WSC_URL_EN"), fact(row, "WSC_URL_FR")), "{id}");
    let number = fact(row, "WSC_URL_EN").split_once("stn=").map(|(_, number)| number);
    assert_eq!(station.gauge.as_deref(), number, "{id}");
}

#[test]
fn its_gauges_stand_where_the_national_list_says() {
    let Ok(list) = fs::read_to_string(root().join("../shared/feeds/eccc/hydrometric_StationList_2015.csv")) else {
        eprintln!("skipped: ../shared/feeds is absent");
        return;
    };
    let stations = shipped().site.stations;
    let gauged: Vec<_> = stations.iter().filter_map(|station| Some((station, station.gauge.as_deref()?))).collect();
    assert_eq!(gauged.len(), 11);
    for (station, gauge) in gauged {
        let row = list.lines().find(|line| line.starts_with(gauge)).expect(gauge);
        let numbers: Vec<f64> = row.split(',').filter_map(|cell| cell.parse().ok()).collect();
        let (north, east) = (numbers[0] - station.position.latitude, numbers[1] - station.position.longitude);
        // The province's coordinates differ from the national ones by a few hundred metres at the most.
        assert!(north.abs() < 0.01 && east.abs() < 0.01, "{gauge}: {north} {east}");
    }
}

#[test]
fn every_key_is_explained() {
    let main = fs::read_to_string(root().join("config/riverwatch.toml")).expect("the file");
    let mut explained = std::collections::BTreeSet::new();
    let mut above = "";
    for line in main.lines() {
        if let Some((key, _)) = line.trim_start_matches("# ").split_once(" = ") {
            let described = above.starts_with('#') || above.contains(&format!("`{key}`"));
            let known = explained.contains(key) || described || ["text", "address", "en", "fr"].contains(&key);
            assert!(known, "`{key}` has no comment above it: {line}");
            explained.insert(key);
        }
        above = line;
    }
    let rivers = fs::read_to_string(root().join("config/stations/saint-john-river.toml")).expect("the file");
    let (comments, stations) = rivers.split_once("[river]").expect("a head");
    for line in stations.split("[[station]]").skip(1).flat_map(str::lines).filter(|line| !line.starts_with('#')) {
        let Some((key, _)) = line.trim().split_once(" = ").filter(|(key, _)| !key.starts_with('{')) else { continue };
        let named = |comment: &str| comment.trim_start_matches('#').trim().split([' ', ',']).any(|word| word == key);
        assert!(comments.lines().any(named), "`{key}` is not in the comments at the head");
    }
}

/// Kilometres from a station to the nearest of some lines.
fn kilometres(station: &Station, lines: &[Vec<Position>]) -> f64 {
    let Position { latitude, longitude } = station.position;
    let across = 111.2 * latitude.to_radians().cos();
    let flat = |at: &Position| ((at.longitude - longitude) * across, (at.latitude - latitude) * 111.2);
    let away = |pair: &[Position]| {
        let ((x, y), (to_x, to_y)) = (flat(&pair[0]), flat(&pair[1]));
        let (dx, dy) = (to_x - x, to_y - y);
        let share = (-(x * dx + y * dy) / (dx * dx + dy * dy).max(1e-9)).clamp(0.0, 1.0);
        (x + share * dx).hypot(y + share * dy)
    };
    lines.iter().flat_map(|line| line.windows(2).map(away)).fold(f64::INFINITY, f64::min)
}

#[test]
fn its_stations_stand_beside_their_rivers_on_the_map() {
    let site = shipped().site;
    let ground = site.ground.expect("a ground");
    let mut found = 0;
    for station in &site.stations {
        let Some(course) = ground.course(station.river.in_language("en")) else { continue };
        let away = kilometres(station, course);
        // The last one is where the river is a bay.
        let coasts =
            ground.features.iter().filter(|feature| feature.kind.is_area()).flat_map(|land| land.parts.clone());
        let shore = kilometres(station, &coasts.collect::<Vec<_>>());
        assert!(away < 2.0 || shore < 1.0, "{}: {away:.1} km from its river, {shore:.1} km from a shore", station.id);
        found += 1;
    }
    assert_eq!(found, 19, "of 25 stations stand on the Saint John River");
    let lake = site.stations.iter().find(|station| station.id.as_str() == "grand-lake").expect("a station");
    let lakes = ground.features.iter().filter(|feature| feature.kind == FeatureKind::Lake);
    assert!(kilometres(lake, &lakes.flat_map(|lake| lake.parts.clone()).collect::<Vec<_>>()) < 1.0);
}
