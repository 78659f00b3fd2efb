//! Real documents of the agencies, kept outside the project. What is asserted was read from the files by other means.

use hydro::{Kind, Parameter, Point, Quality};

use super::{shown_bytes, workspace};
use crate::formats::{Format, Gauge, Item, Parsed, Series, parse};

pub(super) fn sample(path: &str) -> Option<Vec<u8>> {
    let folder = workspace().join("../shared/feeds");
    if !folder.is_dir() {
        eprintln!("skipped: ../shared/feeds is absent");
        return None;
    }
    Some(std::fs::read(folder.join(path)).expect(path))
}

pub(super) fn read(format: &Format, path: &str) -> Option<Parsed> {
    sample(path).map(|bytes| parse(format, &bytes).expect(path))
}

pub(super) fn all_series(parsed: &Parsed) -> Vec<&Series> {
    let mut found = Vec::new();
    for item in &parsed.items {
        if let Item::Series(series) = item {
            found.push(series);
        }
    }
    found
}

pub(super) fn one<'a>(parsed: &'a Parsed, location: &str, parameter: Parameter, kind: Kind) -> &'a Series {
    let sought = (location, parameter, kind);
    let is_sought = |series: &&Series| (series.location.as_str(), series.parameter, series.kind) == sought;
    all_series(parsed).into_iter().find(is_sought).expect(location)
}

pub(super) fn point(point: Option<&Point>) -> String {
    let point = point.expect("a point");
    format!("{} {}", point.valid, point.value.map_or("missing".into(), |value| value.to_string()))
}

/// How many points, the first, the last, and the highest (the first of equals).
pub(super) fn summary(series: &Series) -> String {
    let points = &series.points;
    let peak = points.iter().rev().max_by_key(|point| point.value);
    format!("{}: {}; {}; {}", points.len(), point(points.first()), point(points.last()), point(peak))
}

pub(super) fn missing(parsed: &Parsed) -> usize {
    all_series(parsed).iter().flat_map(|series| &series.points).filter(|point| point.value.is_none()).count()
}

#[test]
fn new_brunswick_forecasts_of_october_2022() {
    let Some(parsed) = read(&Format::PiXml, "nb/StJohn_FEWSNB_export_2023-03-14.xml") else { return };
    let series = all_series(&parsed);
    assert_eq!((series.len(), parsed.items.len(), parsed.rejected.len()), (53, 54, 0));
    assert_eq!(series.iter().filter(|series| series.points.is_empty()).count(), 14);
    assert_eq!((series.iter().map(|series| series.points.len()).sum::<usize>(), missing(&parsed)), (4197, 2331));
    let levels = series.iter().filter(|series| (series.kind, series.parameter) == (Kind::Observed, Parameter::Level));
    assert_eq!(levels.count(), 17);
    assert_eq!(parsed.items[0], Item::NextIssue("2023-03-16T04:00:00Z".parse().expect("an instant")));
    let woodstock = one(&parsed, "Woodstock", Parameter::Level, Kind::Observed);
    assert_eq!((point(woodstock.points.last()), woodstock.issued), ("2022-10-18T11:00:00Z 39.709".into(), None));
    let forecast = one(&parsed, "Kennebecasis", Parameter::Level, Kind::Forecast);
    let expected = "121: 2022-10-18T11:00:00Z 7.539; 2022-10-23T11:00:00Z 7.481; 2022-10-20T04:00:00Z 8.86";
    assert_eq!(summary(forecast), expected);
    assert_eq!(forecast.issued, "2023-03-13T21:18:59Z".parse().ok());
    let edmundston = one(&parsed, "Edmundston", Parameter::Level, Kind::Observed).points.last();
    assert_eq!(edmundston.map(|point| (point.value, point.quality)), Some((None, None)));
    assert!(one(&parsed, "Grand Falls", Parameter::Discharge, Kind::Forecast).points.is_empty());
    let plant = one(&parsed, "McKinley", Parameter::Discharge, Kind::Observed);
    assert_eq!(point(plant.points.last()), "2022-10-18T11:00:00Z 304.232");
    assert_eq!(plant.points[0].quality, Some(Quality::Good));
}

#[test]
fn new_brunswick_thresholds() {
    let gauges = |path| {
        let gauge = |item| if let Item::Gauge(gauge) = item { gauge } else { panic!("{item:?}") };
        let parsed = read(&Format::NbAlertlevels, path)?;
        assert_eq!(parsed.rejected, []);
        Some(parsed.items.into_iter().map(gauge).collect::<Vec<Gauge>>())
    };
    let heights = |gauge: &Gauge| {
        let height: Vec<_> = gauge.thresholds.iter().map(|(name, metres)| format!("{name} {metres}")).collect();
        height.join(" ")
    };
    let Some(new) = gauges("nb/alertlevels_2023-02-27.xml") else { return };
    assert_eq!((new.len(), new[1].name.as_str(), new[1].location.as_str()), (25, "Saint-François", "St_Francois"));
    assert_eq!(heights(&new[0]), "advisory 168.7 watch 169.7 warning 170.2 flood 170.7 record 164.7");
    assert_eq!(heights(&new[14]), "advisory 4.5 watch 5.5 warning 6 flood 6.5 record 8.6");
    assert_eq!((new[14].name.as_str(), new[14].position), ("Fredericton", Some((45.96619, -66.65161))));
    assert!(new[14].facts.contains(&("Measured".into(), "YES".into())));
    assert_eq!(new[14].facts[2].1, "https://wateroffice.ec.gc.ca/report/real_time_e.html?stn=01AK003");
    let Some(old) = gauges("nb/alertlevels_2017-12-09.xml") else { return };
    assert_eq!((old.len(), old[12].name.as_str(), old[12].location.as_str()), (19, "Fredericton", "12"));
    assert_eq!((heights(&old[12]), old[12].position), ("advisory 4.5 watch 5.5 warning 6 flood 6.5".into(), None));
}

#[test]
fn datamart_rows_of_two_provinces() {
    let Some(bytes) = sample("eccc/gorge_NB_hourly_hydrometric.csv") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::EcccCsv, &bytes), @"
    01AD003 level observed value
      2020-01-19T12:25:00Z 0.962 provisional
      2020-01-19T12:30:00Z 0.963 provisional
    01AD003 discharge observed value
      2020-01-19T12:25:00Z 11.7 provisional
      2020-01-19T12:30:00Z 11.8 provisional
    01AF007 level observed value
      2020-01-17T04:00:00Z 0.847 provisional
    ");
    let Some(bytes) = sample("eccc/gorge_NL_hourly_hydrometric.csv") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::EcccCsv, &bytes), @"
    02YA002 level observed value
      2020-01-19T12:00:00Z 1.416 provisional
      2020-01-19T12:05:00Z 1.416 provisional
    02YC001 level observed value
      2020-01-19T09:40:00Z 1.066 provisional
      2020-01-19T09:45:00Z 1.066 provisional
    02YC001 discharge observed value
      2020-01-19T09:40:00Z 16.6 provisional
      2020-01-19T09:45:00Z 16.6 provisional
    02YD002 level observed value
      2020-01-17T03:30:00Z 0.368 provisional
    02YD002 discharge observed value
      2020-01-17T03:30:00Z 2.86 provisional
    ");
}

#[test]
fn geomet_features() {
    let Some(bytes) = sample("eccc/geomet_hydrometric-realtime_fixture.json") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::GeometJson, &bytes), @"
    05BJ004 level observed value
      2026-03-07T07:00:00Z 0.669
      2026-03-07T08:00:00Z 0.71
    05BJ004 discharge observed value
      2026-03-07T08:00:00Z 12.5
    line 42: feature 3: no STATION_NUMBER or no DATETIME
    ");
}

#[test]
fn water_office_services() {
    let Some(parsed) = read(&Format::WaterofficeCsv, "eccc/wateroffice_rt_105bb9.csv") else { return };
    let series = one(&parsed, "08MF005", Parameter::Level, Kind::Observed);
    let expected = "576: 2025-10-21T00:00:00Z 3.55; 2025-10-22T23:55:00Z 3.555; 2025-10-22T21:20:00Z 3.561";
    assert_eq!((summary(series).as_str(), parsed.items.len(), parsed.rejected.len()), (expected, 1, 0));
    assert!(series.points.iter().all(|point| point.quality == Some(Quality::Provisional)));
    for header_only in ["eccc/wateroffice_rt_610297.csv", "eccc/wateroffice_dd_7dfc54.csv"] {
        assert_eq!(read(&Format::WaterofficeCsv, header_only), Some(Parsed::default()), "{header_only}");
    }
    let daily = sample("eccc/wateroffice_dd_43c7c4.csv").map(|bytes| shown_bytes(&Format::WaterofficeCsv, &bytes));
    let refusal = "not wateroffice-csv: line 2, column 1: a date without a time: daily means are not supported";
    assert_eq!(daily.as_deref(), Some(refusal));
}

#[test]
fn the_flood_of_april_2022() {
    for (station, expected) in [
        ("01AK003", "2407: 2022-04-11T04:00:00Z 3.857; 2022-04-18T21:05:00Z 5.954; 2022-04-18T07:30:00Z 6.154"),
        ("01AO012", "2221: 2022-04-11T04:00:00Z 2.727; 2022-04-18T21:00:00Z 4.156; 2022-04-18T20:45:00Z 4.158"),
        ("01AP003", "2213: 2022-04-11T04:00:00Z 2.239; 2022-04-18T20:20:00Z 3.595; 2022-04-18T19:00:00Z 3.632"),
    ] {
        let path = format!("eccc/flood-2022-04/{station}_level_2022-04-11_2022-04-18.csv");
        let Some(parsed) = read(&Format::WaterofficeCsv, &path) else { return };
        let series = one(&parsed, station, Parameter::Level, Kind::Observed);
        assert_eq!((summary(series).as_str(), parsed.items.len(), parsed.rejected.len()), (expected, 1, 0));
        let reviewed = series.points.iter().filter(|point| point.quality == Some(Quality::Reviewed)).count();
        assert_eq!(reviewed, if station == "01AK003" { 475 } else { 0 });
        if station == "01AK003" {
            let odd = series.points.iter().find(|point| point.valid.to_string() == "2022-04-18T20:56:04Z");
            assert_eq!(point(odd), "2022-04-18T20:56:04Z 5.951");
        }
    }
}

#[test]
fn other_agencies_pi_series() {
    let summaries = |path| {
        let parsed = read(&Format::PiXml, path)?;
        assert_eq!(parsed.rejected, []);
        let stat = |series: &Series| series.stat.name().to_owned();
        let line = |series: &&Series| {
            let summary = if series.points.is_empty() { "empty".into() } else { summary(series) };
            format!("{} {} {}: {summary}", series.location, series.kind.name(), stat(series))
        };
        Some((all_series(&parsed).iter().map(line).collect::<Vec<_>>(), missing(&parsed)))
    };
    let Some(found) = summaries("fews/tstool_DKKC2.QINE.traces.WY.xml") else { return };
    insta::assert_debug_snapshot!(found, @r#"
    (
        [
            "DKKC2 forecast member 1949: 1080: 2016-01-04T18:00:00Z 0.272; 2016-09-30T12:00:00Z 0.433; 2016-06-06T12:00:00Z 9.309",
            "DKKC2 forecast member 1950: 1080: 2016-01-04T18:00:00Z 0.272; 2016-09-30T12:00:00Z 0.232; 2016-06-05T12:00:00Z 2.188",
        ],
        0,
    )
    "#);
    insta::assert_debug_snapshot!(summaries("fews/rtctools_timeseries_import_ensemble.xml"), @r#"
    Some(
        (
            [
                "Reservoir forecast member 0: 10: 2013-05-19T22:00:00Z 0; 2013-05-20T07:00:00Z 5.418; 2013-05-20T02:00:00Z 5.418",
                "Reservoir forecast member 1: 10: 2013-05-19T22:00:00Z 0; 2013-05-20T07:00:00Z 5.418; 2013-05-20T02:00:00Z 5.418",
            ],
            2,
        ),
    )
    "#);
    insta::assert_debug_snapshot!(summaries("fews/rtctools_timeseries_import_neq.xml"), @r#"
    Some(
        (
            [
                "Reservoir observed value: 8: 2013-05-19T22:00:00Z 0; 2013-05-20T09:00:00Z 12345; 2013-05-20T09:00:00Z 12345",
            ],
            1,
        ),
    )
    "#);
    insta::assert_debug_snapshot!(summaries("fews/rtctools_timeseries_export.xml"), @r#"
    Some(
        (
            [
                "Reservoir observed value: empty",
            ],
            0,
        ),
    )
    "#);
    insta::assert_debug_snapshot!(summaries("fews/hdsr_kw322613_ddy_2.xml"), @r#"
    Some(
        (
            [
                "KW322613 observed value: 2: 2004-12-31T23:00:00Z -0.15; 2005-12-31T23:00:00Z 0.011; 2005-12-31T23:00:00Z 0.011",
            ],
            0,
        ),
    )
    "#);
    insta::assert_debug_snapshot!(summaries("fews/hdsr_ow433001_hg0_xml.xml"), @r#"
    Some(
        (
            [
                "OW433001 observed value: empty",
            ],
            0,
        ),
    )
    "#);
}

#[test]
fn every_other_sample_yields_nothing() {
    let folder = workspace().join("../shared/feeds");
    if !folder.is_dir() {
        return eprintln!("skipped: ../shared/feeds is absent");
    }
    let mut folders = vec![folder.clone()];
    let mut tried = 0;
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).expect("a file");
            let name = path.strip_prefix(&folder).expect("a path below").display().to_string();
            for format in Format::NAMED.into_iter().filter(|format| own_format(&name).as_ref() != Some(format)) {
                let items = parse(&format, &bytes).map(|parsed| parsed.items).unwrap_or_default();
                assert_eq!(items, [], "{name} as {}", format.name());
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "{tried}");
}

/// The format that a sample is of, by its folder and name; none for those that no format here is for.
fn own_format(name: &str) -> Option<Format> {
    let (folder, file) = name.split_once('/')?;
    let ends = |ending: &str| file.ends_with(ending);
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| file.starts_with(beginning));
    Some(match folder {
        "fews" if ends(".xml") => Format::PiXml,
        "fews" if ends(".json") => Format::PiJson,
        "nb" if begins(&["StJohn"]) => Format::PiXml,
        "nb" if begins(&["alertlevels"]) => Format::NbAlertlevels,
        "nb" => Format::NbAlert,
        "eccc" if ends("hourly_hydrometric.csv") => Format::EcccCsv,
        "eccc" if begins(&["geomet"]) => Format::GeometJson,
        "eccc" if begins(&["wateroffice_rt", "flood-2022-04"]) => Format::WaterofficeCsv,
        "canada_prov" if ends(".tsv") => Format::CehqTsv,
        "canada_prov" if begins(&["qc_cehq_depot"]) => Format::CehqJson,
        "nwps" if begins(&["gauge_", "stageflow_", "issue250", "aquascope"]) => Format::NwpsJson,
        "nws" if ends("alerts_api.json") => Format::NwsAlerts,
        "nws" => Format::Hml,
        "usgs" if begins(&["hf_"]) => Format::NwisJson,
        "usgs" if begins(&["ogcapi_"]) => Format::UsgsOgc,
        "usgs" if begins(&["RDB1"]) || ends(".rdb") => Format::Rdb,
        "usgs" if begins(&["WaterML1", "tstool_wml11"]) => Format::Waterml1,
        "usgs" if begins(&["WaterML2", "tstool_wml2"]) => Format::Waterml2,
        "uk_ea" if ends(".csv") => Format::EaCsv,
        "uk_ea" if begins(&["gorge_stations", "id"]) => Format::EaJson,
        "kiwis" => Format::KiwisJson,
        "pegelonline" => Format::PegelonlineJson,
        "vigicrues" => Format::VigicruesJson,
        "cap" if ends(".xml") => Format::CapXml,
        _ => return None,
    })
}
