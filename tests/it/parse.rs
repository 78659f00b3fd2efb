//! `riverwatch parse`: what comes out for real documents, and how it ends for what is no document of the format.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value as Json, json};

use crate::support::program::{Output, folder, riverwatch, run};
use crate::support::sample;

/// The keys of a point, neither more nor fewer.
const KEYS: [&str; 9] = ["issued", "kind", "location", "parameter", "quality", "stat", "unit", "valid", "value"];
const FORMATS: [&str; 5] = ["pi-xml", "nb-alertlevels", "eccc-csv", "geomet-json", "wateroffice-csv"];

fn parse(format: &str, file: &Path) -> Output {
    run(riverwatch().args(["parse", format]).arg(file))
}

fn lines(output: &Output) -> Vec<Json> {
    output.out.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// Location, parameter, instant and value of each line, which must be a good one.
fn points(name: &str) -> Option<Vec<Json>> {
    let output = parse("eccc-csv", &sample(name)?);
    assert_eq!((output.code, output.err.as_str()), (Some(0), ""));
    let point = |line: &Json| {
        let keys: BTreeSet<&str> = line.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, BTreeSet::from(KEYS), "{line}");
        let unit = if line["parameter"] == "level" { "m" } else { "m3/s" };
        assert_eq!((&line["kind"], &line["stat"], &line["unit"]), (&json!("observed"), &json!("value"), &json!(unit)));
        assert_eq!(line["issued"], Json::Null);
        json!([line["location"], line["parameter"], line["valid"], line["value"]])
    };
    Some(lines(&output).iter().map(point).collect())
}

#[test]
fn instants_of_new_brunswick_are_in_utc() {
    let Some(points) = points("eccc/gorge_NB_hourly_hydrometric.csv") else { return };
    let expected = json!([
        ["01AD003", "level", "2020-01-19T12:25:00Z", 0.962],
        ["01AD003", "level", "2020-01-19T12:30:00Z", 0.963],
        ["01AD003", "discharge", "2020-01-19T12:25:00Z", 11.7],
        ["01AD003", "discharge", "2020-01-19T12:30:00Z", 11.8],
        ["01AF007", "level", "2020-01-17T04:00:00Z", 0.847],
    ]);
    assert_eq!(Json::from(points), expected);
}

#[test]
fn instants_of_newfoundland_have_its_half_hour() {
    let Some(points) = points("eccc/gorge_NL_hourly_hydrometric.csv") else { return };
    let expected = json!([
        ["02YA002", "level", "2020-01-19T12:00:00Z", 1.416],
        ["02YA002", "level", "2020-01-19T12:05:00Z", 1.416],
        ["02YC001", "level", "2020-01-19T09:40:00Z", 1.066],
        ["02YC001", "level", "2020-01-19T09:45:00Z", 1.066],
        ["02YC001", "discharge", "2020-01-19T09:40:00Z", 16.6],
        ["02YC001", "discharge", "2020-01-19T09:45:00Z", 16.6],
        ["02YD002", "level", "2020-01-17T03:30:00Z", 0.368],
        ["02YD002", "discharge", "2020-01-17T03:30:00Z", 2.86],
    ]);
    assert_eq!(Json::from(points), expected);
}

#[test]
fn the_provinces_export_has_both_kinds_and_no_sentinel() {
    let Some(file) = sample("nb/StJohn_FEWSNB_export_2023-03-14.xml") else { return };
    let output = parse("pi-xml", &file);
    assert_eq!(output.code, Some(0), "{}", output.err);
    let lines = lines(&output);
    let of = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).count();
    // The document has one event more, which says when the next forecast comes, and is no level.
    assert_eq!(of("observed") + of("forecast"), 4197);
    assert!(output.err.contains("next issue expected: 2023-03-16T04:00:00Z"), "{}", output.err);
    assert!(of("observed") > 0 && of("forecast") > 0);
    let missing = lines.iter().filter(|line| line["value"].is_null()).count();
    assert_eq!(missing, 2331, "every -999 of the document, and nothing else");
    for line in &lines {
        assert!(line["value"].as_f64().is_none_or(|value| value > -100.0), "{line}");
        assert!(line["valid"].as_str().is_some_and(|valid| valid.ends_with('Z')), "{line}");
        assert_eq!(line.as_object().map(serde_json::Map::len), Some(KEYS.len()), "{line}");
        assert_eq!(line["issued"].is_null(), line["kind"] == "observed", "{line}");
    }
}

#[test]
fn the_thresholds_of_25_places_are_read() {
    let Some(file) = sample("nb/alertlevels_2023-02-27.xml") else { return };
    let output = parse("nb-alertlevels", &file);
    assert_eq!(output.code, Some(0), "{}", output.err);
    let lines = lines(&output);
    assert_eq!(lines.len(), 25);
    let fredericton = lines.iter().find(|line| line["location"] == "Fredericton").expect("Fredericton");
    let thresholds = &fredericton["thresholds"];
    let read = ["advisory", "watch", "warning", "flood"].map(|name| thresholds[name].as_f64());
    assert_eq!(read, [4.5, 5.5, 6.0, 6.5].map(Some), "{fredericton}");
}

#[test]
fn a_reply_without_data_is_no_fault() {
    for name in ["eccc/wateroffice_rt_610297.csv", "eccc/wateroffice_dd_7dfc54.csv"] {
        let Some(file) = sample(name) else { return };
        let output = parse("wateroffice-csv", &file);
        assert_eq!((output.code, output.out.as_str()), (Some(0), ""), "{name}");
        assert!(output.err.contains("no data"), "{name}: {}", output.err);
    }
}

#[test]
fn a_page_instead_of_a_document_is_told_in_one_line() {
    for format in FORMATS {
        let output = parse(format, Path::new("fixtures/feeds/any/page.html"));
        assert_eq!((output.code, output.out.as_str()), (Some(2), ""), "{format}: {}", output.err);
        assert_eq!(output.err.lines().count(), 1, "{format}: {}", output.err);
        assert!(output.err.contains("line 1, column 1"), "{format}: {}", output.err);
    }
}

#[test]
fn what_is_cut_off_is_told_with_its_place() {
    for (format, file) in
        [("pi-xml", "truncated.xml"), ("nb-alertlevels", "truncated.xml"), ("geomet-json", "truncated.json")]
    {
        let output = parse(format, &Path::new("fixtures/feeds").join(format).join(file));
        assert_eq!(output.code, Some(2), "{format}: {}", output.err);
        assert_eq!(output.err.lines().count(), 1, "{format}: {}", output.err);
        assert!(output.err.contains(": line ") || output.err.contains(" line "), "{format}: {}", output.err);
    }
    let empty = parse("pi-xml", Path::new("fixtures/feeds/any/empty"));
    assert_eq!((empty.code, empty.err.lines().count()), (Some(2), 1), "{}", empty.err);
}

#[test]
fn a_wrong_format_lists_all() {
    let output = parse("pi-yaml", Path::new("fixtures/feeds/any/page.html"));
    assert!(output.code.is_some_and(|code| code != 0), "{output:?}");
    assert!(output.err.contains("`pi-yaml`"), "{}", output.err);
    assert!(FORMATS.iter().all(|format| output.err.contains(format)), "{}", output.err);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = parse("pi-xml", Path::new("no/such.xml"));
    assert!(output.code.is_some_and(|code| code != 0), "{output:?}");
    assert!(output.err.contains("no/such.xml"), "{}", output.err);
}

#[test]
fn a_feed_is_a_name_too_and_its_layout_and_place_hold() {
    let folder = folder();
    let config = folder.path().join("riverwatch.toml");
    let shipped = std::fs::read_to_string("config/riverwatch.toml").expect("the shipped file");
    let shipped = shipped.replace("\nmap =", "\n# map =");
    let stations = std::fs::canonicalize("config/stations").expect("the shipped stations");
    let feed = r#"
[feeds.spread]
title = "Spread"
address = "https://spread.example.org"
format = "table"
place = "Bend"
schedule = "9 * * * *"
attribution = "Source: Spread"
table = { delimiter = ";", decimal = ",", time = 1, header = false, values = [
    { column = 2, parameter = "level", unit = "cm", kind = "forecast", stat = "upper" },
] }
"#;
    let stations = format!("stations = \"{}/*.toml\"", stations.display());
    let text = shipped.replace("stations = \"stations/*.toml\"", &stations) + feed;
    std::fs::write(&config, text).expect("a file");
    let document = folder.path().join("document.txt");
    std::fs::write(&document, "2026-04-18T07:05:00-03:00;412,5\n2026-04-18T08:05:00-03:00;high\n").expect("a file");
    let with =
        |config: &Path, name: &str| run(riverwatch().arg("--config").arg(config).args(["parse", name]).arg(&document));

    let read = with(&config, "spread");
    assert_eq!(read.code, Some(0), "{}", read.err);
    let expected = json!({
        "location": "Bend", "parameter": "level", "kind": "forecast", "valid": "2026-04-18T10:05:00Z", "issued": null,
        "value": 4.125, "unit": "m", "quality": null, "stat": "upper",
    });
    assert_eq!(lines(&read), [expected]);
    assert!(read.err.contains("line 2: column 2: `high` is not a decimal number"), "{}", read.err);

    let unknown = with(&config, "spreads");
    assert_eq!(unknown.code, Some(1));
    assert!(["eccc-nb, spread)", "pi-xml, "].iter().all(|name| unknown.err.contains(name)), "{}", unknown.err);

    let nowhere = folder.path().join("nowhere.toml");
    assert_eq!(with(&nowhere, "pi-xml").code, Some(2), "a format needs no configuration");
    let neither = with(&nowhere, "spread");
    assert!(neither.code == Some(1) && neither.err.contains("nowhere.toml"), "{}", neither.err);
}
