//! Québec's stations as JSON: small documents and what is made of them.

use super::samples::sample;
use super::{shown, shown_bytes};
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::CehqJson, file)
}

#[test]
fn readings_and_a_forecast_with_its_quartiles() {
    insta::assert_snapshot!(read("ordinary.json"), @"
    059999 level observed value
      2026-04-18T09:00:00Z 48.486
      2026-04-18T09:15:00Z 48.482
    059999 discharge observed value
      2026-04-18T09:00:00Z 32.64
      2026-04-18T09:15:00Z 32.46 estimated
    059999 discharge forecast value
      2026-04-18T10:00:00Z 33.7
      2026-04-18T13:00:00Z 34
    059999 discharge forecast q25
      2026-04-18T10:00:00Z 31.97
      2026-04-18T13:00:00Z 32.25
    059999 discharge forecast q75
      2026-04-18T10:00:00Z 37.06
      2026-04-18T13:00:00Z 38.125
    ");
    assert_eq!(read("bom_crlf.json"), read("ordinary.json"));
    assert_eq!(read("latin1.json"), read("ordinary.json"));
}

#[test]
fn a_station_without_data_or_forecast_is_sound() {
    insta::assert_snapshot!(read("empty.json"), @"nothing");
    insta::assert_snapshot!(read("no_forecast.json"), @"
    059999 discharge observed value
      2026-04-18T09:00:00Z 32.64
    ");
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.json"), @"
    059999 discharge observed value
      2026-04-18T09:00:00Z missing
      2026-04-18T09:15:00Z missing
      2026-04-18T09:30:00Z missing
      2026-04-18T09:45:00Z 12.5
    059999 discharge forecast value
      2026-04-18T10:00:00Z missing
    059999 discharge forecast q25
      2026-04-18T10:00:00Z missing
    059999 discharge forecast q75
      2026-04-18T10:00:00Z 37.06
    ");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.json"), @"
    059999 discharge observed value
      2026-04-18T09:00:00Z 32.64
      2026-04-18T09:00:00Z 32.64
      2026-04-18T09:00:00Z 32.7
    ");
    insta::assert_snapshot!(read("out_of_order.json"), @"
    059999 discharge observed value
      2026-04-18T09:15:00Z 32.46
      2026-04-18T09:30:00Z 32.7
      2026-04-18T09:00:00Z 32.64
    ");
}

#[test]
fn the_night_of_two_hours_is_told_by_the_order_of_each_series() {
    insta::assert_snapshot!(read("november.json"), @"
    059999 level observed value
      2026-11-01T04:30:00Z 3
      2026-11-01T05:00:00Z 3.1
      2026-11-01T05:30:00Z 3.2
      2026-11-01T06:00:00Z 3.3
      2026-11-01T06:30:00Z 3.4
      2026-11-01T07:00:00Z 3.5
    059999 discharge observed value
      2026-11-01T04:30:00Z 13
      2026-11-01T05:00:00Z 13.1
      2026-11-01T05:30:00Z 13.2
      2026-11-01T06:00:00Z 13.3
      2026-11-01T06:30:00Z 13.4
      2026-11-01T07:00:00Z 13.5
    059999 discharge forecast value
      2026-11-01T04:00:00Z 1
      2026-11-01T08:00:00Z 3
    059999 discharge forecast q25
      2026-11-01T04:00:00Z 1
      2026-11-01T08:00:00Z 3
    059999 discharge forecast q75
      2026-11-01T04:00:00Z 1
      2026-11-01T08:00:00Z 3
    line 21: 2026-11-01T01:00:00: this hour comes twice, and it does not show which is meant
    ");
}

#[test]
fn the_night_without_an_hour() {
    insta::assert_snapshot!(read("march.json"), @"
    059999 level observed value
      2026-03-08T06:45:00Z 3
      2026-03-08T07:00:00Z 3.2
    line 5: 2026-03-08T02:00:00: clocks skip this hour
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_rows.json"), @r#"
    059999 level observed value
      2026-04-18T10:00:00Z 48.5
    059999 discharge forecast value
      2026-04-18T10:00:00Z 33.7
      2026-04-18T13:00:00Z 34
    059999 discharge forecast q25
      2026-04-18T13:00:00Z 32.25
    059999 discharge forecast q75
      2026-04-18T13:00:00Z 38.125
    line 4: `haut` is not a decimal number
    line 5: `2026-04-18` `5 h` is not a date and a time such as 2026-04-18 07:05
    line 6: a reading without `donnee`
    line 7: 0001-01-01T05:17:32Z is not between the years 1900 and 2100
    line 8: `["2026-04-18", 32.64, "05:00", "", "D"]`, expected an object
    line 9: `null`, expected an object
    line 10: `1e99` is beyond any river
    line 11: `[1]` is not a decimal number
    line 13: duplicate field `dateDonnee`
    line 18: `demain` `` is not a date and a time such as 2026-04-18 07:05
    line 19: `2026-04-18` `` is not a date and a time such as 2026-04-18 07:05
    line 20: a forecast without `q25MCS`
    line 20: q75MCS `true` is not a decimal number
    "#);
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("truncated.json"), @"not cehq-json: line 6, column 111: the document ends inside a JSON value");
    insta::assert_snapshot!(read("wrong_root.json"), @r#"not cehq-json: line 1, column 1: `[{   "dateRevisionDonnee": "2026-04-01 0`, expected a JSON object"#);
    insta::assert_snapshot!(read("no_station.json"), @r#"not cehq-json: line 1, column 1: `{   "dateRevisionDonnee": "2026-04-01 00`, expected an object with `noStation` and `diffusion`"#);
    insta::assert_snapshot!(read("nameless.json"), @"not cehq-json: line 1, column 1: noStation ``, expected 1 to 100 characters");
    insta::assert_snapshot!(read("error.json"), @r#"not cehq-json: line 1, column 1: `{"message": "Station introuvable"}`, expected an object with `noStation` and `diffusion`"#);
    insta::assert_snapshot!(read("duplicate_keys.json"), @"not cehq-json: line 2, column 12: duplicate field `diffusion`");
}

#[test]
fn the_real_gouffre_of_april_2024() {
    let Some(bytes) = sample("canada_prov/qc_cehq_depot_051305.json") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::CehqJson, &bytes), @"
    051305 level observed value
      2024-04-20T09:00:00Z 48.486
      2024-04-20T09:15:00Z 48.482
    051305 discharge observed value
      2024-04-20T09:00:00Z 32.64
      2024-04-20T09:15:00Z 32.46
    051305 discharge forecast value
      2024-04-19T07:00:00Z 33.7
    051305 discharge forecast q25
      2024-04-19T07:00:00Z 31.97
    051305 discharge forecast q75
      2024-04-19T07:00:00Z 37.06
    ");
}
