//! `KiWIS` time series: small documents and what is made of them, and real ones.

use super::samples::sample;
use super::{shown, shown_bytes};
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::KiwisJson, file)
}

#[test]
fn series_are_read_by_name_and_unit() {
    insta::assert_snapshot!(read("ordinary.json"), @"
    90011 level observed value
      2026-04-18T07:00:00Z 1.214
      2026-04-18T07:15:00Z 1.22
    90011 discharge observed value
      2026-04-18T07:00:00Z 11.8
    90013 level observed value
      2026-04-18T07:00:00Z 4.33
    ");
}

#[test]
fn columns_stand_where_the_document_says() {
    insta::assert_snapshot!(read("columns.json"), @"
    90011 level observed value
      2026-04-18T07:00:00Z 1.214
      2026-04-18T07:15:00Z missing
    90013 level observed value
      2026-04-18T07:15:00Z 1.215
    line 13: columns `Timestamp, Absolute Value`, expected `Timestamp` and `Value` among them
    line 31: 2 cells, expected 3
    line 35: columns `7`, expected `Timestamp` and `Value` among them
    ");
}

#[test]
fn series_of_one_station_never_mix() {
    insta::assert_snapshot!(read("same_station.json"), @"
    90011/1 level observed value
      2026-04-18T07:00:00Z 1.214
    90011/2 level observed value
      2026-04-18T07:00:00Z 1.214
    90011/Day.Max level observed value
      2026-04-18T07:00:00Z 1.214
    90011 discharge observed value
      2026-04-18T07:00:00Z 1.214
    4 level observed value
      2026-04-18T07:00:00Z 1.214
    4 level observed value
      2026-04-18T07:15:00Z 1.22
    90012 level observed value
      2026-04-18T07:00:00Z 1.214
    90012 level forecast value
      2026-04-18T07:00:00Z 1.214
    line 37: one of several series of `90011`, without a ts_id to tell which
    ");
}

#[test]
fn the_order_of_series_does_not_matter() {
    insta::assert_snapshot!(read("same_station_other_way_round.json"), @"
    90011/2 level observed value
      2026-04-18T07:00:00Z 1.214
    90011/1 level observed value
      2026-04-18T07:00:00Z 1.214
    ");
}

#[test]
fn without_metadata_the_unit_is_missed() {
    insta::assert_snapshot!(read("without_metadata.json"), @"
    52849011 level observed value
      2026-04-18T07:00:00Z 1.214
     discharge observed value
      2026-04-18T07:00:00Z 1.214
    line 2: neither a parameter nor a unit that tells it: the request must say metadata=true
    line 19: neither a parameter nor a unit that tells it: the request must say metadata=true
    ");
}

#[test]
fn parameters_have_names_of_many_languages() {
    insta::assert_snapshot!(read("parameters.json"), @"
    90020 level observed value
      2026-04-18T07:00:00Z 0.012
    90021 discharge observed value
      2026-04-18T07:00:00Z 1.214
    90022 discharge observed value
      2026-04-18T07:00:00Z 0.001
    90026 discharge observed value
      2026-04-18T07:00:00Z 1.214
    90031 level observed value
      2026-04-18T07:00:00Z 1.214
    line 82: unit `mmHg` of a level, expected m, cm, mm or ft
    line 92: unit `m/s` of a discharge, expected m3/s, l/s, cfs or kcfs
    line 123: no ts_unitsymbol, which the request must ask for with metadata=true
    ");
}

#[test]
fn bad_rows_are_rejected_with_their_lines() {
    insta::assert_snapshot!(read("bad_rows.json"), @r#"
    90011 level observed value
      2026-04-18T07:00:00Z 1.214
      2026-04-18T07:30:00Z 1.216
    line 10: `2026-04-18 07:15` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 11: `1776495600` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 12: `1.2l5` is not a decimal number
    line 13: `[      1.2     ]` is not a decimal number
    line 19: 0001-01-01T00:00:00Z is not between the years 1900 and 2100
    line 20: invalid type: map, expected a sequence
    line 26: `"none"`, expected an object
    line 27: neither a parameter nor a unit that tells it: the request must say metadata=true
    "#);
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.json"), @"
    90011 level observed value
      2026-04-18T07:00:00Z missing
      2026-04-18T07:15:00Z missing
      2026-04-18T07:30:00Z missing
      2026-04-18T07:45:00Z 1.25
      2026-04-18T08:00:00Z missing
    ");
}

#[test]
fn nothing_is_sound() {
    insta::assert_snapshot!(read("empty.json"), @"nothing");
    insta::assert_snapshot!(read("no_rows.json"), @"nothing");
}

#[test]
fn the_service_is_quoted() {
    insta::assert_snapshot!(read("error.json"), @"not kiwis-json: line 1, column 1: an error of the service: DatasourceError: No time series was found for ts_id 1");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("wrong_root.json"), @r#"not kiwis-json: line 1, column 1: `{"data": []}`, expected a JSON array of time series"#);
    insta::assert_snapshot!(read("wrong_elements.json"), @"not kiwis-json: line 1, column 1: a JSON array without any time series that has `columns` and `data`");
    insta::assert_snapshot!(read("truncated.json"), @"not kiwis-json: line 10, column 35: the document ends inside a JSON value");
}

#[test]
fn order_and_duplicates_are_kept() {
    insta::assert_snapshot!(read("out_of_order.json"), @"
    90011 level observed value
      2026-04-18T07:15:00Z 1.22
      2026-04-18T07:00:00Z 1.214
      2026-04-18T07:15:00Z 1.23
    ");
}

#[test]
fn encodings_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.json"), @"
    90011 level observed value
      2026-04-18T07:00:00Z 1.214
      2026-04-18T07:15:00Z 1.22
    line 11: `now` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    ");
    insta::assert_snapshot!(read("latin1.json"), @"
    90011 discharge observed value
      2026-04-18T07:00:00Z 1.214
    ");
}

#[test]
fn a_real_reply() {
    let Some(bytes) = sample("kiwis/sepa_kiwis_measurements.json") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::KiwisJson, &bytes), @"
    116011 level observed value
      2025-07-05T11:45:00Z 1.214
    10048 level observed value
      2025-07-05T17:45:00Z 0.433
    ");
}
