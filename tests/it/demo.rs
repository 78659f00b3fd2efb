//! `riverwatch demo`: from an empty database to every page of both languages, each saying that its numbers are invented.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use serde_json::Value as Json;

use crate::support::program::{Running, folder, riverwatch};
use crate::support::{LANGUAGES, until};

/// A demonstration over a database in a folder, once every feed has brought its data.
pub(crate) fn demonstration_in(folder: &Path, speed: &str) -> Running {
    let mut command = riverwatch();
    command.args(["demo", "--port", "0", "--speed", speed, "--database"]).arg(folder.join("demo.db"));
    let demo = Running::start(&mut command);
    until("every feed of the demonstration has brought data", || {
        let feeds = demo.json("/healthz")["feeds"].clone();
        feeds.as_array()?.iter().all(|feed| !feed["changed"].is_null()).then_some(())
    });
    demo
}

/// A demonstration at the pace of the clock on the wall, from an empty database.
pub(crate) fn demonstration() -> (Running, tempfile::TempDir) {
    let folder = folder();
    (demonstration_in(folder.path(), "1"), folder)
}

/// Every page of HTML in a language, by its address after the language.
pub(crate) fn pages(demo: &Running) -> Vec<String> {
    let stations = demo.stations();
    assert_eq!(stations.len(), 25);
    let stations = stations.into_iter().map(|id| format!("station/{id}"));
    let others = [
        "",
        "about",
        "accessibility",
        "data",
        "map",
        "river/saint-john-river",
        "station/fredericton/share",
        "station/fredericton/forecasts",
        "station/fredericton/mark",
        "status",
    ];
    others.into_iter().map(str::to_owned).chain(stations).collect()
}

/// Whether a text says in one of the languages, in words or as a key of data, that it is a demonstration.
fn says_so(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("demonstration") || text.contains("démonstration")
}

#[test]
fn every_page_and_its_data_say_that_they_are_a_demonstration() {
    let (demo, _folder) = demonstration();
    let stations = demo.stations();
    let files = stations.iter().flat_map(|id| ["json", "txt"].map(|ending| format!("station/{id}.{ending}")));
    let all = ["stations.json", "stations.geojson"].map(str::to_owned);
    let paths: Vec<String> = pages(&demo).into_iter().chain(files).chain(all).collect();
    assert!(says_so(&demo.page("/")));
    for language in LANGUAGES {
        for path in &paths {
            assert!(says_so(&demo.page(&format!("/{language}/{path}"))), "/{language}/{path} does not say so");
        }
    }
}

/// A picture or a table that is saved or sent on stands alone.
#[test]
fn pictures_and_tables_say_that_they_are_a_demonstration() {
    let (demo, _folder) = demonstration();
    let mut silent = BTreeSet::new();
    for language in LANGUAGES {
        for path in ["station/fredericton.svg", "station/fredericton.csv", "stations.csv"] {
            if !says_so(&demo.page(&format!("/{language}/{path}"))) {
                silent.insert(format!("/{language}/{path}"));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:?} show invented numbers and do not say so");
}

#[test]
fn every_picture_and_table_is_there() {
    let (demo, _folder) = demonstration();
    for language in LANGUAGES {
        for id in demo.stations() {
            let station = demo.json(&format!("/{language}/station/{id}.json"));
            let drawn = demo.get(&format!("/{language}/station/{id}.svg"));
            assert_eq!((drawn.status, drawn.header("content-type")), (200, Some("image/svg+xml")), "{id}");
            let rows = demo.page(&format!("/{language}/station/{id}.csv"));
            let points = |key: &str| station[key].as_array().map_or(0, Vec::len);
            let [observed, forecast] = ["observed", "forecast"]
                .map(|kind| rows.lines().filter(|row| row.split(',').nth(2) == Some(kind)).count());
            assert_eq!((observed, forecast), (points("observed"), points("forecast")), "{id}");
            assert_eq!(rows.lines().count(), 1 + observed + forecast, "{id}");
        }
        assert_eq!(demo.page(&format!("/{language}/stations.csv")).lines().count(), 26);
    }
    for path in ["/livez", "/readyz", "/healthz"] {
        assert_eq!(demo.get(path).status, 200, "{path}");
    }
}

#[test]
fn statuses_vary_and_both_kinds_are_there() {
    let (demo, _folder) = demonstration();
    let all = demo.json("/en/stations.json");
    let stations = all["stations"].as_array().expect("an array");
    let levels: BTreeSet<&str> = stations.iter().filter_map(|station| station["status"]["level"].as_str()).collect();
    assert!(levels.contains("unknown") && levels.contains("normal") && levels.len() >= 4, "{levels:?}");
    let stations = stations.iter().map(|station| &station["id"]).filter_map(Json::as_str);
    let stations: Vec<Json> = stations.map(|id| demo.json(&format!("/en/station/{id}.json"))).collect();
    let with =
        |key: &str| stations.iter().filter(|station| station[key].as_array().is_some_and(|s| !s.is_empty())).count();
    assert!(with("observed") >= 17 && with("forecast") >= 20, "{} and {}", with("observed"), with("forecast"));
    for station in &stations {
        let newest = station["observed"].as_array().and_then(|series| series.last());
        let known = station["status"]["level"] != "unknown";
        assert!(!known || newest.is_some(), "a status without a measurement: {}", station["id"]);
        assert!(station["status"]["valid"].as_str() <= station["generated"].as_str(), "{}", station["id"]);
    }
}

#[test]
fn the_geography_is_new_brunswicks() {
    let (demo, _folder) = demonstration();
    let all = demo.json("/fr/stations.geojson");
    let features = all["features"].as_array().expect("features");
    assert_eq!((all["type"].as_str(), features.len()), (Some("FeatureCollection"), 25));
    for feature in features {
        let at = &feature["geometry"]["coordinates"];
        let (east, north) = (at[0].as_f64().expect("degrees"), at[1].as_f64().expect("degrees"));
        assert!((-69.1..-63.7).contains(&east) && (44.5..48.1).contains(&north), "{feature}");
    }
    let table = demo.page("/fr/stations.csv");
    let (first, connors) = (&features[0]["properties"], table.lines().nth(1).expect("a row"));
    assert_eq!(first["region"], "Haute vallée du Saint-Jean");
    assert_eq!(demo.json("/en/stations.json")["stations"][24]["region"], "Lower Saint John valley");
    assert!(table.starts_with("id,name,river,region,latitude,"), "{table}");
    assert!(connors.starts_with("connors,Connors,Fleuve Saint-Jean,Haute vallée du Saint-Jean,47.20835,"), "{connors}");
}

#[test]
fn told_to_end_it_ends_well_and_soon() {
    let (demo, _folder) = demonstration();
    let idle = crate::support::http::connect(demo.address).expect("a connection");
    let (status, said) = demo.terminate(Duration::from_secs(8));
    assert_eq!(status.code(), Some(0), "{said}");
    drop(idle);
}

#[test]
fn a_speed_that_makes_no_sense_is_refused() {
    for speed in ["0", "-1", "NaN", "fast", "1e9"] {
        let output = crate::support::program::run(riverwatch().args(["demo", &format!("--speed={speed}")]));
        assert_eq!(output.code, Some(2), "{speed}: {output:?}");
        assert!(output.err.contains("is not a speed"), "{}", output.err);
    }
}
