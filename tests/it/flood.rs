//! A real flood: five-minute levels of three gauges from 11 to 18 April 2022, as they were downloaded that evening.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value as Json, json};

use crate::support::html;
use crate::support::program::{Running, folder, riverwatch_in, succeed};
use crate::support::{LANGUAGES, sample};

/// When the files were downloaded.
pub(crate) const AT: &str = "2022-04-18T21:10Z";
const GAUGES: [(&str, &str); 3] = [("fredericton", "01AK003"), ("gagetown", "01AO012"), ("oak-point", "01AP003")];

/// The file of a gauge.
pub(crate) fn file(gauge: &str) -> Option<PathBuf> {
    sample(&format!("eccc/flood-2022-04/{gauge}_level_2022-04-11_2022-04-18.csv"))
}

/// A folder whose database has the files of some gauges, imported together.
pub(crate) fn imported(gauges: &[&str]) -> Option<tempfile::TempDir> {
    let files = gauges.iter().map(|gauge| file(gauge)).collect::<Option<Vec<_>>>()?;
    let folder = folder();
    let mut import = riverwatch_in(folder.path());
    import.args(["import", "eccc-nb", "--format", "wateroffice-csv", "--at", AT]).args(files);
    let said = succeed(&mut import);
    assert_eq!(said.lines().filter(|line| line.contains(": changed; ")).count(), gauges.len(), "{said}");
    Some(folder)
}

fn serve(folder: &Path, at: &str) -> Command {
    let mut serve = riverwatch_in(folder);
    serve.args(["serve", "--at", at]);
    serve
}

fn site() -> Option<(Running, tempfile::TempDir)> {
    let folder = imported(&GAUGES.map(|(_, gauge)| gauge))?;
    Some((Running::start(&mut serve(folder.path(), AT)), folder))
}

/// The series of a station as instants and values.
fn observed(site: &Running, id: &str) -> Vec<(String, f64)> {
    let station = site.json(&format!("/en/station/{id}.json"));
    let series = station["observed"].as_array().expect("a series");
    let point = |point: &Json| Some((point[0].as_str()?.to_owned(), point[1].as_f64()?));
    series.iter().map(|at| point(at).expect("an instant and a value")).collect()
}

#[test]
fn each_station_has_the_status_that_its_newest_level_has_reached() {
    let Some((site, _folder)) = site() else { return };
    for (id, value, level, valid) in [
        ("fredericton", 5.954, "watch", "2022-04-18T21:05:00Z"),
        ("gagetown", 4.156, "flood", "2022-04-18T21:00:00Z"),
        ("oak-point", 3.595, "advisory", "2022-04-18T20:20:00Z"),
    ] {
        let station = site.json(&format!("/fr/station/{id}.json"));
        let status = &station["status"];
        let facts = (status["value"].as_f64(), status["level"].as_str(), status["valid"].as_str());
        assert_eq!(facts, (Some(value), Some(level), Some(valid)), "{id}");
        assert_eq!((&status["source"], &status["freshness"]), (&json!("eccc-nb"), &json!("fresh")), "{id}");
    }
    let known = site.json("/en/stations.json")["stations"]
        .as_array()
        .map(|stations| stations.iter().filter(|station| station["status"]["level"] != "unknown").count());
    assert_eq!(known, Some(GAUGES.len()), "nothing is known of the other stations");
}

#[test]
fn fredericton_was_above_its_warning_level_from_the_night_on() {
    let Some((site, _folder)) = site() else { return };
    let observed = observed(&site, "fredericton");
    let first = observed.iter().find(|(_, value)| *value >= 6.0).map(|(valid, _)| valid.as_str());
    assert_eq!(first, Some("2022-04-18T01:05:00Z"));
    let highest = observed.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    let peak = observed.iter().find(|(_, value)| *value >= highest).map(|(valid, value)| (valid.as_str(), *value));
    assert_eq!(peak, Some(("2022-04-18T07:30:00Z", 6.154)));
}

#[test]
fn the_data_are_the_files_rows_four_hours_on() {
    let Some((site, _folder)) = site() else { return };
    for (id, gauge) in GAUGES {
        let Some(file) = file(gauge) else { return };
        let text = std::fs::read_to_string(file).expect("the sample");
        let rows: Vec<(String, f64)> = text.lines().filter_map(row).collect();
        assert!(rows.len() > 2000, "{gauge}: {}", rows.len());
        assert_eq!(observed(&site, id), rows, "{id}");
        let csv = site.page(&format!("/en/station/{id}.csv"));
        let (head, table) = csv.split_once("\r\n").expect("a first line");
        assert_eq!(head, "valid,local,kind,issued,value,unit,quality");
        let cells = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let told: Vec<(String, f64)> = cells.map(|row| (row[0].to_owned(), row[4].parse().expect("a level"))).collect();
        assert_eq!(told, rows, "{id}");
    }
}

/// A row of the download: a time of the clock four hours behind UTC, parameter 46, metres.
fn row(line: &str) -> Option<(String, f64)> {
    let mut cells = line.split(',');
    let civil: jiff::civil::DateTime = cells.next()?.parse().ok()?;
    let valid = civil.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(-4))).ok()?.timestamp();
    (cells.next()? == "46").then_some((valid.to_string(), cells.next()?.parse().ok()?))
}

#[test]
fn before_the_download_nothing_of_it_was_known() {
    let Some((site, folder)) = site() else { return };
    drop(site);
    let before = Running::start(&mut serve(folder.path(), "2022-04-18T21:09:59Z"));
    for station in before.json("/en/stations.json")["stations"].as_array().expect("an array") {
        assert_eq!((&station["status"]["level"], &station["status"]["value"]), (&json!("unknown"), &Json::Null));
    }
    assert_eq!(before.get("/en/station/fredericton.svg").status, 404, "there is nothing to draw");
}

#[test]
fn a_level_grows_old_hour_by_hour() {
    let Some((site, folder)) = site() else { return };
    drop(site);
    for (at, level, freshness) in [
        ("2022-04-18T21:10Z", "watch", "fresh"),
        ("2022-04-19T03:00Z", "watch", "late"),
        ("2022-04-19T03:06Z", "unknown", "stale"),
        ("2022-04-21T03:06Z", "unknown", "offline"),
    ] {
        let site = Running::start(&mut serve(folder.path(), at));
        let status = site.json("/en/station/fredericton.json")["status"].clone();
        assert_eq!((&status["level"], &status["freshness"]), (&json!(level), &json!(freshness)), "{at}");
        assert_eq!(status["trend"].is_null(), level == "unknown", "{at}");
        let page = html::read(&site.page("/en/station/fredericton"));
        assert_eq!(page.only("main").all().iter().any(|element| element.is_of("c2")), level == "watch", "{at}");
    }
}

#[test]
fn importing_twice_changes_nothing() {
    let Some((site, folder)) = site() else { return };
    let before = observed(&site, "fredericton");
    drop(site);
    let Some(file) = file("01AK003") else { return };
    let mut again = riverwatch_in(folder.path());
    again.args(["import", "eccc-nb", "--format", "wateroffice-csv", "--at", "2022-04-18T21:20Z"]).arg(file);
    let said = succeed(&mut again);
    assert!(said.contains("0 new, 0 revised, 0 rejected"), "{said}");
    let after = Running::start(&mut serve(folder.path(), "2022-04-18T21:30Z"));
    assert_eq!(observed(&after, "fredericton"), before);
}

/// The pictures, byte for byte. `UPDATE_GOLDEN=1` writes them anew, to be looked at before they are kept.
#[test]
fn the_charts_are_as_they_were_seen_to_be_good() {
    let Some((site, _folder)) = site() else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden");
    for (id, _) in GAUGES {
        for language in LANGUAGES {
            let (name, chart) = (format!("{id}.{language}.svg"), site.page(&format!("/{language}/station/{id}.svg")));
            let file = folder.join(&name);
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                std::fs::write(&file, &chart).expect("the folder can be written");
            }
            let golden = std::fs::read_to_string(&file).unwrap_or_default();
            assert!(chart == golden, "{name} is another picture: see it, then run with UPDATE_GOLDEN=1 to keep it");
        }
    }
}

#[test]
fn the_log_keeps_what_is_long_past() {
    let Some(folder) = imported(&["01AO012"]) else { return };
    let header = "ID,Date,Water Level / Niveau d'eau (m),Grade,Symbol / Symbole,QA/QC,\
                  Discharge / Débit (cms),Grade,Symbol / Symbole,QA/QC";
    let rows: String = (0..6).map(|i| format!("01AO012,2023-06-20T0{i}:00:00-04:00,1.20{i},,,1,,,,\r\n")).collect();
    let later = folder.path().join("later.csv");
    std::fs::write(&later, format!("{header}\r\n{rows}")).expect("a file");
    succeed(riverwatch_in(folder.path()).args(["import", "eccc-nb", "--at", "2023-06-20T09:30Z"]).arg(&later));
    let site = Running::start(&mut serve(folder.path(), "2023-06-20T09:30Z"));
    assert_eq!(site.json("/en/station/gagetown.json")["status"]["level"], "normal");
    for (language, april) in LANGUAGES.into_iter().zip(["April 2022", "avril 2022"]) {
        let page = html::read(&site.page(&format!("/{language}/station/gagetown/log"))).text;
        assert!(page.contains(april) && page.contains("2022"), "{language}: {page}");
    }
}
