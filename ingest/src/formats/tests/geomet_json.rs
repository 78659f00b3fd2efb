//! ECCC `GeoMet` features: small documents and what is made of them.

use super::shown;
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::GeometJson, file)
}

#[test]
fn features_are_gathered_by_station() {
    insta::assert_snapshot!(read("ordinary.json"), @"
    01ZZ001 level observed value
      2026-04-18T12:30:00Z 5.963
      2026-04-18T12:25:00Z 5.962
    01ZZ001 discharge observed value
      2026-04-18T12:30:00Z 11.8
    01ZZ007 level observed value
      2026-04-18T12:30:00Z 0.847
    ");
    insta::assert_snapshot!(read("without_z.json"), @"
    01ZZ001 level observed value
      2026-04-18T12:30:00Z 5.963
    01ZZ001 discharge observed value
      2026-04-18T12:30:00Z 11.8
    ");
}

#[test]
fn no_features_is_sound() {
    insta::assert_snapshot!(read("no_features.json"), @"nothing");
}

#[test]
fn an_error_of_the_service_is_told() {
    insta::assert_snapshot!(read("error.json"), @"not geomet-json: line 1, column 1: an error of the service: unknown query parameter");
}

#[test]
fn a_feature_without_a_station_is_rejected() {
    insta::assert_snapshot!(read("null_feature.json"), @"
    01ZZ001 level observed value
      2026-04-18T12:30:00Z missing
    line 16: feature 2: no STATION_NUMBER or no DATETIME
    ");
}

#[test]
fn symbols_in_either_language_are_remarks() {
    insta::assert_snapshot!(read("symbols.json"), @"
    01ZZ001 level observed value
      2026-04-18T12:30:00Z 5.963 ice
      2026-04-18T12:35:00Z 5.963 estimated
    01ZZ001 discharge observed value
      2026-04-18T12:30:00Z 11.8
      2026-04-18T12:35:00Z 11.8
    ");
}

#[test]
fn a_truncated_document_is_refused_where_it_ends() {
    insta::assert_snapshot!(read("truncated.json"), @"not geomet-json: line 23, column 37: the document ends inside a JSON value");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("wrong_root.json"), @r#"not geomet-json: line 1, column 1: `[     {       "type": "Feature",       "`, expected a JSON object"#);
    insta::assert_snapshot!(read("wrong_type.json"), @"not geomet-json: line 1, column 1: a JSON object of `Topology`, expected a FeatureCollection");
    insta::assert_snapshot!(read("two_roots.json"), @"not geomet-json: line 19, column 1: trailing characters");
}

#[test]
fn duplicates_are_kept() {
    insta::assert_snapshot!(read("duplicates.json"), @"
    01ZZ001 level observed value
      2026-04-18T12:30:00Z 5.963
      2026-04-18T12:30:00Z 5.97
    ");
}

#[test]
fn sentinels_and_numbers_as_text() {
    insta::assert_snapshot!(read("sentinels.json"), @"
    01ZZ001 level observed value
      2026-04-18T12:30:00Z missing
      2026-04-18T12:35:00Z 5.963
      2026-04-18T12:40:00Z 5.964
    01ZZ001 discharge observed value
      2026-04-18T12:30:00Z missing
      2026-04-18T12:35:00Z missing
    ");
}

#[test]
fn encodings_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.json"), @"
    01ZZ001 level observed value
      2026-04-18T12:30:00Z 5.963
    ");
    insta::assert_snapshot!(read("latin1.json"), @"
    01ZZ001 level observed value
      2026-04-18T12:30:00Z 5.963
    ");
}

#[test]
fn deep_nesting_is_harmless() {
    insta::assert_snapshot!(read("deep.json"), @"line 4: feature 1: `[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[`, expected an object");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_features.json"), @r#"
    01ZZ001 level observed value
      2026-04-18T12:30:00Z 5.963
    line 4: feature 1: `18 April` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 16: feature 2: `[5.963]` is not a decimal number
    line 28: feature 3: `true` is not a decimal number
    line 40: feature 4: `01ZZ 01` is not a station number such as 01AK003
    line 52: feature 5: no property LEVEL or DISCHARGE
    line 64: feature 6: `"none"`, expected an object
    line 65: feature 7: 2126-04-18T12:30:00Z is not between the years 1900 and 2100
    "#);
}

#[test]
fn a_bad_value_takes_nothing_from_the_other() {
    insta::assert_snapshot!(read("bad_values.json"), @"
    01ZZ001 level observed value
      2026-04-18T12:30:00Z 5.963
    01ZZ001 discharge observed value
      2026-04-18T12:35:00Z 11.9
    line 4: feature 1: `1l.8` is not a decimal number
    line 13: feature 2: `[5.964]` is not a decimal number
    line 22: feature 3: `true` is not a decimal number
    line 22: feature 3: `1e12` is beyond any river
    ");
}
