//! Documents whose form is described: each layout here reads the documents of one folder of `fixtures/feeds/mapped`.

use std::sync::Arc;

use hydro::{Kind, Parameter, Quality, Stat};

use super::{fixture, ordinary, shown_bytes, workspace};
use crate::formats::mapped::{
    Clock, Column, Condition, Delimiter, JsonLayout, Mapping, Numbers, Path, Quantity, Rows, TableLayout, TimeForm,
    Unit, UnitOf, zone,
};
use crate::formats::{Format, parse};

/// Every document of these layouts, for tests of damage.
pub(super) fn documents() -> Vec<(Format, Vec<u8>)> {
    let mut documents = Vec::new();
    for (folder, format) in layouts() {
        for file in std::fs::read_dir(workspace().join("fixtures/feeds/mapped").join(folder)).expect("a folder") {
            let name = file.expect("a file").file_name();
            documents.push((format.clone(), fixture(&format!("mapped/{folder}/{}", name.display()))));
        }
    }
    documents
}

pub(super) fn layouts() -> [(&'static str, Format); 6] {
    let table = |layout| Format::Table(Arc::new(layout));
    let json = |layout| Format::Json(Arc::new(layout));
    [
        ("long", table(long())),
        ("plain", table(plain())),
        ("forecast", table(forecast())),
        ("nested", json(nested())),
        ("keyed", json(keyed())),
        ("features", json(features())),
    ]
}

fn name(name: &str) -> Column {
    Column::Name(name.into())
}

fn path(text: &str) -> Path {
    Path::named(text).expect(text)
}

fn clock(form: &str, of: Option<&str>) -> Clock {
    Clock { form: TimeForm::named(form).expect(form), zone: of.map(|text| zone(text).expect(text)) }
}

/// A measured value, in metres or m³/s.
fn measured<F>(field: F, parameter: Parameter) -> Quantity<F> {
    let unit = UnitOf::Fixed(Unit::Ours);
    Quantity { field, parameter, unit, kind: Kind::Observed, stat: Stat::Value, quality: None, only: Vec::new() }
}

fn mapping<F>(time: Vec<F>, clock: Clock, location: Option<F>, values: Vec<Quantity<F>>) -> Mapping<F> {
    let (numbers, qualities) = (Numbers::default(), Vec::new());
    Mapping { time, issued: Vec::new(), clock, location, numbers, qualities, values }
}

fn layout(mapping: Mapping<Column>) -> TableLayout {
    let delimiter = Delimiter::Character(',');
    TableLayout { delimiter, skip: 0, header: true, comment: None, fill_down: Vec::new(), mapping }
}

/// A preamble, comments, decimal commas, dates filled down, and rows of levels, discharges and temperatures in turn.
fn long() -> TableLayout {
    let value = |parameter, word: &str| Quantity {
        unit: UnitOf::Field(name("UNIT")),
        quality: Some(name("QC")),
        only: vec![Condition { field: name("TYPE"), equals: vec![word.into()] }],
        ..measured(name("VALUE"), parameter)
    };
    let values = vec![value(Parameter::Level, "N"), value(Parameter::Discharge, "D")];
    let clock = clock("%Y-%m-%d %H:%M", Some("America/Toronto"));
    let mapping = Mapping {
        numbers: Numbers { comma: true, missing: vec!["-".into()] },
        qualities: vec![("V".into(), Quality::Checked), ("E".into(), Quality::Estimated)],
        ..mapping(vec![name("DATE"), name("HOUR")], clock, Some(name("STATION")), values)
    };
    let (delimiter, comment, fill_down) = (Delimiter::Character(';'), Some("#".into()), vec![name("DATE")]);
    TableLayout { delimiter, skip: 2, comment, fill_down, ..layout(mapping) }
}

/// Columns by number between blanks, seconds since 1970, and a mark behind a number.
fn plain() -> TableLayout {
    let centimetres = UnitOf::Fixed(Unit::of(Parameter::Level, "cm").expect("a unit"));
    let values = vec![
        measured(Column::Number(2), Parameter::Discharge),
        Quantity { unit: centimetres, ..measured(Column::Number(3), Parameter::Level) },
    ];
    let mapping = Mapping {
        numbers: Numbers { comma: false, missing: vec!["M".into()] },
        qualities: vec![("*".into(), Quality::Estimated)],
        ..mapping(vec![Column::Number(1)], clock("unix", None), None, values)
    };
    TableLayout { delimiter: Delimiter::Blanks, header: false, ..layout(mapping) }
}

/// A forecast with bounds and its issue, beside a measurement.
fn forecast() -> TableLayout {
    let value =
        |column: &str, stat| Quantity { kind: Kind::Forecast, stat, ..measured(name(column), Parameter::Level) };
    let values = vec![
        value("middle", Stat::Value),
        value("lower", Stat::Named("lower".into())),
        value("upper", Stat::Named("upper".into())),
        measured(name("measured"), Parameter::Level),
    ];
    let mapping = mapping(vec![name("when")], clock("rfc3339", Some("-03:00")), None, values);
    layout(Mapping { issued: vec![name("said")], ..mapping })
}

/// Pairs of time and value within stations.
fn nested() -> JsonLayout {
    let unit = UnitOf::Field(path("^unit"));
    let values = vec![Quantity { unit, ..measured(path("[1]"), Parameter::Level) }];
    let mapping = mapping(vec![path("[0]")], clock("unix_ms", None), Some(path("^id")), values);
    JsonLayout { rows: Rows::named("data.stations[].readings[]").expect("rows"), mapping }
}

/// Times that are keys of their values, and stations that are keys of theirs.
fn keyed() -> JsonLayout {
    let only = vec![Condition { field: path("^'name.long'"), equals: vec!["Outflow".into()] }];
    let values = vec![Quantity { only, ..measured(path("$value"), Parameter::Discharge) }];
    let clock = clock("%Y/%m/%d %H:%M:%SZ", Some("Z"));
    let mapping = mapping(vec![path("$key")], clock, Some(path("^$key")), values);
    JsonLayout { rows: Rows::named("[0].sites{}.levels{}").expect("rows"), mapping }
}

/// Rows that are a part of each element.
fn features() -> JsonLayout {
    let quality = Some(path("grade"));
    let values = vec![
        measured(path("level"), Parameter::Level),
        Quantity { quality, ..measured(path("flow"), Parameter::Discharge) },
    ];
    let qualities = vec![("E".into(), Quality::Estimated)];
    let mapping = mapping(vec![path("at")], clock("rfc3339", None), Some(path("^id")), values);
    JsonLayout { rows: Rows::named("features[].properties").expect("rows"), mapping: Mapping { qualities, ..mapping } }
}

fn shown(folder: &str, file: &str) -> String {
    let (_, format) = layouts().into_iter().find(|(name, _)| *name == folder).expect(folder);
    shown_bytes(&format, &fixture(&format!("mapped/{folder}/{file}")))
}

#[test]
fn a_long_table() {
    insta::assert_snapshot!(shown("long", "ordinary.txt"), @"
    Bridge; north level observed value
      2026-04-19T02:00:00Z 12.045 checked
      2026-04-19T03:00:00Z 12.06 checked
      2026-04-19T04:00:00Z missing
    Bridge; north discharge observed value
      2026-04-19T02:00:00Z 62.32 estimated
      2026-04-19T04:00:00Z missing
    Mill level observed value
      2026-04-19T02:00:00Z 0.985
      2026-04-19T03:00:00Z 0.99
    ");
}

#[test]
fn rows_of_a_long_table_that_cannot_be_read() {
    insta::assert_snapshot!(shown("long", "bad_rows.txt"), @r#"
    Mill level observed value
      2026-04-19T02:00:00Z 0.985 checked
      2026-04-20T09:00:00Z 0.63 checked
    Mill "old" level observed value
      2026-04-20T10:00:00Z 0.66 checked
    line 5: column `VALUE`: `0.99` has a point where decimals follow a comma
    line 6: column `VALUE`: `9 9,5` is not a decimal number
    line 7: column `VALUE`: unit `fathoms` of a level, expected m, cm, mm or ft
    line 8: column `VALUE`: unit `` of a level, expected m, cm, mm or ft
    line 9: column `STATION`: `` names no place
    line 10: `2026-04-18 25:00` is not a time of the form `%Y-%m-%d %H:%M`
    line 11: 2 cells, expected 7
    line 12: `00:00` is not a time of the form `%Y-%m-%d %H:%M`
    line 13: a quote that is not closed: `"Mill;2026-04-20;01:00;N;0,6;m;V`
    line 14: `02:00` is not a time of the form `%Y-%m-%d %H:%M`
    line 15: 8 cells, expected 7
    line 16: `x;2026-04-20;04:00;N;0,62;m;V` after a closing quote
    line 18: `2026-04-20` is not a time of the form `%Y-%m-%d %H:%M`
    line 19: 0001-01-01T05:17:32Z is not between the years 1900 and 2100
    line 22: column `VALUE`: `99999999999` is beyond any river
    "#);
}

#[test]
fn local_times_of_one_series_tell_which_hour_is_meant() {
    insta::assert_snapshot!(shown("long", "clocks.txt"), @"
    Mill level observed value
      2026-11-01T04:30:00Z 1 checked
      2026-11-01T05:00:00Z 1.1 checked
      2026-11-01T05:30:00Z 1.2 checked
      2026-11-01T06:00:00Z 1.3 checked
      2026-11-01T06:30:00Z 1.4 checked
      2026-11-01T07:00:00Z 1.5 checked
    Mill discharge observed value
      2026-11-01T04:30:00Z 10 checked
      2026-11-01T07:00:00Z 15 checked
    Bridge level observed value
      2026-03-08T06:30:00Z 2 checked
      2026-03-08T07:00:00Z 2.2 checked
    line 7: 2026-11-01T01:00:00: this hour comes twice, and it does not show which is meant
    line 14: 2026-03-08T02:30:00: clocks skip this hour
    ");
}

#[test]
fn a_table_without_names() {
    insta::assert_snapshot!(shown("plain", "ordinary.txt"), @"
     discharge observed value
      2026-04-18T00:00:00Z 12.04
      2026-04-18T00:15:00Z 12.05
      2026-04-18T00:30:00Z 12.06 estimated
      2026-04-18T00:15:00Z 12.05
     level observed value
      2026-04-18T00:00:00Z missing
      2026-04-18T00:15:00Z 1.713
      2026-04-18T00:30:00Z 1.719
      2026-04-18T00:15:00Z 1.713
    line 5: `1776472200.5` is not seconds since 1970
    line 6: 2 cells, expected 3
    line 7: `later` is not seconds since 1970
    ");
    insta::assert_snapshot!(shown("plain", "narrow.txt"), @"not table: line 1, column 1: no column 2 among 1: `12.04`");
}

#[test]
fn a_forecast_and_what_was_measured() {
    insta::assert_snapshot!(shown("forecast", "ordinary.csv"), @"
     level forecast value issued 2026-04-18T12:30:00Z
      2026-04-18T21:00:00Z 4.1
      2026-04-19T03:00:00Z 4.25
     level forecast lower issued 2026-04-18T12:30:00Z
      2026-04-18T21:00:00Z 3.9
      2026-04-19T03:00:00Z missing
     level forecast upper issued 2026-04-18T12:30:00Z
      2026-04-18T21:00:00Z 4.4
      2026-04-19T03:00:00Z 4.7
     level observed value
      2026-04-18T21:00:00Z 4.05
      2026-04-19T03:00:00Z missing
      2026-04-19T09:00:00Z missing
      2026-04-19T15:00:00Z missing
      2026-04-20T03:00:00Z missing
     level forecast value issued 2026-04-19T06:30:00Z
      2026-04-19T09:00:00Z 4.4
      2026-04-19T15:00:00Z 4.5
     level forecast lower issued 2026-04-19T06:30:00Z
      2026-04-19T09:00:00Z 4
      2026-04-19T15:00:00Z 4.05
     level forecast upper issued 2026-04-19T06:30:00Z
      2026-04-19T09:00:00Z 4.95
      2026-04-19T15:00:00Z 5.1
     level forecast value
      2026-04-20T03:00:00Z 4.65
     level forecast lower
      2026-04-20T03:00:00Z 4.1
     level forecast upper
      2026-04-20T03:00:00Z 5.3
    line 6: `2026-04-19` is not a time such as 2026-04-18 07:05:00
    line 7: `soon` is not a time such as 2026-04-18 07:05:00
    ");
}

#[test]
fn letters_and_line_ends_of_other_systems() {
    let said = "Rivière level observed value\n  2026-04-19T02:00:00Z 12.045 checked\n";
    assert_eq!((shown("long", "latin1_crlf.txt").as_str(), shown("long", "bom_crlf.txt").as_str()), (said, said));
}

#[test]
fn a_table_without_data_is_sound() {
    assert_eq!(shown("long", "header_only.txt"), "nothing");
    for (file, refusal) in [
        ("no_type.txt", "line 3, column 1: no column `TYPE` among `STATION`, `DATE`, `HOUR`, `VALUE`, `UNIT`, `QC`"),
        ("two_values.txt", "line 3, column 1: two columns `VALUE`, 5 and 6: the number must say which"),
        ("no_header.txt", "line 1, column 1: no header"),
        ("quote_in_header.txt", "line 3, column 1: a quote that is not closed: `\"DATE;HOUR`"),
    ] {
        assert_eq!(shown("long", file), format!("not table: {refusal}"));
    }
}

#[test]
fn readings_within_stations() {
    insta::assert_snapshot!(shown("nested", "ordinary.json"), @"
    12 level observed value
      2026-04-18T00:00:00Z 1.652
      2026-04-18T00:15:00Z missing
      2026-04-18T00:30:00Z 1.676
    deep level observed value
      2026-04-18T00:00:00Z missing
      2026-04-18T00:15:00Z 7.15
    ");
    insta::assert_snapshot!(shown("nested", "bad_rows.json"), @r#"
    a level observed value
      2026-04-18T00:00:00Z 1.5
      2026-04-18T00:30:00Z 1.6
    g level observed value
      2026-04-18T00:15:00Z missing
    h level observed value
      2026-04-18T00:15:00Z 2.5
      2026-04-18T00:00:00Z 2.4
      2026-04-18T00:15:00Z 2.5
    line 2: `7`, expected an array with element [0]
    line 2: `x` is not milliseconds since 1970
    line 2: no [1]
    line 2: no time in [0]
    line 3: [1]: `true` is not a decimal number
    line 3: `[1]`, expected a text or a number
    line 3: `{"v": 1}`, expected a text or a number
    line 4: 0001-01-01T00:00:00Z is not between the years 1900 and 2100
    line 5: no `readings` in `{"id": "b", "unit": "m"}`
    line 6: `3`, expected an array
    line 7: [1]: unit `miles` of a level, expected m, cm, mm or ft
    line 8: no ^id
    line 9: ^id: `` names no place
    line 10: `{"no": 1}`, expected a text or a number
    line 11: two keys `id`
    line 12: [1]: no unit in ^unit
    line 13: `"station"`, expected an object with `readings`
    "#);
}

#[test]
fn json_without_rows_is_sound_and_json_of_another_form_is_not() {
    assert_eq!((shown("nested", "empty.json").as_str(), shown("nested", "null.json").as_str()), ("nothing", "nothing"));
    insta::assert_snapshot!(shown("nested", "error.json"), @r#"not json: line 1, column 1: no `data` in `{"error": {"code": 503, "message": "maintenance until noon"}}`"#);
    insta::assert_snapshot!(shown("nested", "other_key.json"), @r#"not json: line 1, column 10: no `stations` in `{"gauges": [{"id": 1}]}`"#);
    insta::assert_snapshot!(shown("nested", "other_shape.json"), @r#"not json: line 1, column 23: `{"id": 1}`, expected an array"#);
    insta::assert_snapshot!(shown("nested", "twice.json"), @"not json: line 1, column 1: two keys `data`");
    insta::assert_snapshot!(shown("nested", "array.json"), @r#"not json: line 1, column 1: `[{"stations": []}]`, expected a JSON object"#);
    insta::assert_snapshot!(shown("nested", "truncated.json"), @"not json: line 3, column 46: the document ends inside a JSON value");
}

#[test]
fn times_and_stations_that_are_keys() {
    insta::assert_snapshot!(shown("keyed", "ordinary.json"), @"
    3-15 discharge observed value
      2026-04-18T00:00:00Z 6.48
      2026-04-18T01:00:00Z 6.93
    3-18 discharge observed value
      2026-04-18T01:00:00Z missing
    line 6: `later` is not a time of the form `%Y/%m/%d %H:%M:%SZ`
    line 7: no ^'name.long'
    ");
}

#[test]
fn rows_within_elements() {
    insta::assert_snapshot!(shown("features", "ordinary.json"), @r#"
    f1 level observed value
      2026-04-18T07:00:00Z 1.048
      2026-04-18T08:00:00Z 1.05
    f1 discharge observed value
      2026-04-18T07:00:00Z 12.5 estimated
      2026-04-18T09:00:00Z 12.6
    f2 level observed value
      2026-04-18T07:00:00Z missing
    f2 discharge observed value
      2026-04-18T07:00:00Z missing
    line 5: no level, flow
    line 6: no time in at
    line 8: no `properties` in `{"id": "f3"}`
    "#);
}

#[test]
fn a_document_of_another_form_is_refused() {
    for (folder, format) in layouts() {
        for other in Format::NAMED {
            let items = parse(&format, &ordinary(&other)).map(|parsed| parsed.items).unwrap_or_default();
            assert_eq!(items, [], "{} as {folder}", other.name());
        }
        for (other, _) in layouts().into_iter().filter(|(other, _)| *other != folder) {
            let items = parse(&format, &ordinary_of(other)).map(|parsed| parsed.items).unwrap_or_default();
            assert_eq!(items, [], "{other} as {folder}");
        }
    }
}

fn ordinary_of(folder: &str) -> Vec<u8> {
    let ending = match folder {
        "long" | "plain" => "txt",
        "forecast" => "csv",
        _ => "json",
    };
    fixture(&format!("mapped/{folder}/ordinary.{ending}"))
}
