//! Documents whose form is described: each layout here reads the documents of one folder of `fixtures/feeds/mapped`.

mod json;
mod table;

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
fn what_is_no_document_says_nothing() {
    for (folder, format) in layouts() {
        for file in ["empty", "blank", "page.html", "fragment.html", "utf16.xml", "compressed.gz"] {
            assert!(parse(&format, &fixture(&format!("any/{file}"))).is_err(), "{file} as {folder}");
        }
        // To a table without a header a sentence is rows that cannot be read, which fails the fetch as well.
        let notice = parse(&format, &fixture("any/notice.txt"));
        assert!(notice.map_or(true, |parsed| parsed.items.is_empty() && !parsed.rejected.is_empty()), "{folder}");
    }
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
