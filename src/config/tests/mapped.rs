//! Real documents read by configuration alone. What is asserted was read from the files by other means, or by the reader
//! that knows their format by name.

mod json;

use std::path::Path;

use hydro::Point;
use ingest::formats::{Format, Item, Parsed, Series, parse};

use super::{MAIN, RIVER, checked};

/// A feed named `mapped`, whose format and place `form` says and whose layout stands in `layout`.
pub(super) fn main_with(form: &str, layout: &str) -> String {
    let head = "title = \"Mapped\"\naddress = \"https://mapped.example.org\"\nschedule = \"9 * * * *\"";
    format!("{MAIN}\n[feeds.mapped]\n{head}\nattribution = \"Source: Mapped\"\n{form}\n\n{layout}\n")
}

fn sample(path: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/feeds");
    if !folder.is_dir() {
        eprintln!("skipped: ../shared/feeds is absent");
        return None;
    }
    Some(std::fs::read(folder.join(path)).expect(path))
}

fn parsed(form: &str, layout: &str, path: &str) -> Option<Parsed> {
    let bytes = sample(path)?;
    let config = checked(&main_with(form, layout), RIVER).unwrap_or_else(|faults| panic!("{faults}"));
    let feed = config.feeds.iter().find(|feed| feed.id.as_str() == "mapped").expect("the feed");
    Some(feed.read(&feed.format, &bytes).expect(path))
}

fn series(parsed: &Parsed) -> Vec<&Series> {
    parsed.items.iter().map(|item| if let Item::Series(series) = item { series } else { panic!("{item:?}") }).collect()
}

/// What a document says, a line for each point.
fn read(form: &str, layout: &str, path: &str) -> Option<String> {
    let parsed = parsed(form, layout, path)?;
    let point = |series: &Series, point: &Point| {
        let value = point.value.map_or("missing".into(), |value| value.to_string());
        let quality = point.quality.map(|quality| format!(" {}", quality.name())).unwrap_or_default();
        let (parameter, kind, stat) = (series.parameter.name(), series.kind.name(), series.stat.name());
        format!("{} {parameter} {kind} {stat} {} {value}{quality}\n", series.location, point.valid)
    };
    let points = |series: &Series| series.points.iter().map(|each| point(series, each)).collect::<String>();
    let rejected: String = parsed.rejected.iter().map(|rejected| format!("{rejected}\n")).collect();
    Some(series(&parsed).into_iter().map(points).collect::<String>() + &rejected)
}

/// A table of observed values.
const TABLE: (&str, &str) = ("format = \"table\"", "[feeds.mapped.table]\n");

fn read_table(layout: &str, path: &str) -> Option<String> {
    read(TABLE.0, &(TABLE.1.to_owned() + layout), path)
}

#[test]
fn quebecs_table_has_commas_marks_and_local_time() {
    let layout = r#"
[feeds.mapped.table]
delimiter = "tab"
decimal = ","
time = ["Date", "Heure"]
time_format = "%Y-%m-%d %H:%M"
zone = "America/Toronto"
qualities = { "*" = "estimated" }
values = [
    { column = "Niveau", parameter = "level", unit = "m", kind = "observed" },
    { column = "Débit", parameter = "discharge", unit = "m3/s", kind = "observed" },
]
"#;
    let form = "format = \"table\"\nplace = \"023402\"";
    let Some(found) = read(form, layout, "canada_prov/qc_cehq_023402.tsv") else { return };
    insta::assert_snapshot!(found, @"
    023402 level observed value 2020-01-24T11:30:00Z 112.86
    023402 level observed value 2020-01-24T11:15:00Z 112.86
    023402 discharge observed value 2020-01-24T11:30:00Z 62.32 estimated
    023402 discharge observed value 2020-01-24T11:15:00Z 62.22 estimated
    ");
    let config = checked(&main_with(form, layout), RIVER).expect("sound");
    let bytes = sample("canada_prov/qc_cehq_062701.tsv").expect("a sample");
    let refusal = parse(&config.feeds[2].format, &bytes).expect_err("no level").to_string();
    assert_eq!(refusal, "not table: line 1, column 1: no column `Niveau` among `Date`, `Heure`, `Débit`");
}

#[test]
fn scotlands_table_of_stations() {
    // It has no reading; its means stand for one here, under the name of what they are.
    let layout = r#"
time = "END_DATE"
zone = "+00:00"
location = "LOCATION_CODE"
values = [{ column = "MEAN", parameter = "level", unit = { column = "UNITS" }, kind = "observed", stat = "mean" }]
"#;
    let Some(found) = read_table(layout, "misc/sepa_River_Levels_Web.csv") else { return };
    insta::assert_snapshot!(found, @"
    10048 level observed mean 2020-01-18T15:45:00Z 0.882
    115371 level observed mean 2020-01-18T09:30:00Z 0.597
    ");
}

#[test]
fn tables_of_the_water_survey_are_read_as_by_their_own_readers() {
    let download = r#"
skip = 9
time = "Date (AST)"
time_format = "%Y-%m-%d %H:%M:%S"
zone = "-04:00"
qualities = { PRELIMINARY = "provisional", REVIEWED = "reviewed" }
values = [{ column = "Value (m)", parameter = "level", unit = "m", kind = "observed", quality = "Approval Name", where = { column = "Parameter", equals = 46 } }]
"#;
    let service = r#"
time = "Date"
location = "ID"
qualities = { "Provisional/Provisoire" = "provisional" }
values = [{ column = "Value/Valeur", parameter = "level", unit = "m", kind = "observed", quality = 7, where = { column = 3, equals = "46" } }]
"#;
    let datamart = r#"
time = "Date"
location = "ID"
qualities = { 1 = "provisional", 2 = "reviewed", 3 = "checked", 4 = "approved" }
values = [
    { column = "Water Level / Niveau d'eau (m)", parameter = "level", unit = "m", kind = "observed", quality = 6 },
    { column = 7, parameter = "discharge", unit = "m3/s", kind = "observed", quality = 10 },
]
"#;
    for (form, layout, path, own, count) in [
        (
            "place = \"01AK003\"",
            download,
            "eccc/flood-2022-04/01AK003_level_2022-04-11_2022-04-18.csv",
            Format::WaterofficeCsv,
            2407,
        ),
        (
            "place = \"01AO012\"",
            download,
            "eccc/flood-2022-04/01AO012_level_2022-04-11_2022-04-18.csv",
            Format::WaterofficeCsv,
            2221,
        ),
        ("", service, "eccc/wateroffice_rt_105bb9.csv", Format::WaterofficeCsv, 576),
        ("", datamart, "eccc/gorge_NB_hourly_hydrometric.csv", Format::EcccCsv, 5),
        ("", datamart, "eccc/gorge_NL_hourly_hydrometric.csv", Format::EcccCsv, 8),
    ] {
        let layout = format!("{}{layout}", TABLE.1);
        let Some(mapped) = parsed(&format!("{}\n{form}", TABLE.0), &layout, path) else { return };
        let named = parse(&own, &sample(path).expect("a sample")).expect(path);
        // The reader by name leaves a discharge out that a station never measures.
        let values = |parsed: &Parsed| -> Vec<(String, &'static str, Point)> {
            let points = |series: &Series| {
                let (location, parameter) = (series.location.clone(), series.parameter.name());
                let there = series.points.clone().into_iter().filter(|point| point.value.is_some());
                there.map(move |point| (location.clone(), parameter, point)).collect::<Vec<_>>()
            };
            let mut values: Vec<_> = series(parsed).into_iter().flat_map(points).collect();
            values.sort_by(|one, other| (&one.0, one.1, one.2.valid).cmp(&(&other.0, other.1, other.2.valid)));
            values
        };
        let (mapped_values, named_values) = (values(&mapped), values(&named));
        assert_eq!((mapped_values.len(), mapped.rejected.len()), (count, 0), "{path}");
        assert!(mapped_values == named_values, "{path}");
    }
}
