//! Delft-FEWS PI time series as JSON: small documents and what is made of them.

use super::samples::{all_series, read as read_sample};
use super::shown;
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::PiJson, file)
}

#[test]
fn levels_discharges_forecasts_and_the_next_issue() {
    insta::assert_snapshot!(read("ordinary.json"), @"
    Belle-Rive level observed value
      2026-04-18T11:00:00Z 5.954 good
      2026-04-18T12:00:00Z missing
      2026-04-18T13:00:00Z 6.01 corrected
    Belle-Rive level forecast value issued 2026-04-18T12:15:00Z
      2026-04-18T14:00:00Z 6.1 good
      2026-04-18T15:00:00Z 6.35 doubtful
    Grand Bend discharge forecast value issued 2025-05-09T12:21:29Z
    Dam discharge observed value
      2026-04-18T11:00:00Z 304.232 good
    next issue 2026-04-20T04:00:00Z
    ");
}

#[test]
fn members_of_an_ensemble_are_forecasts() {
    insta::assert_snapshot!(read("ensemble.json"), @"
    UPPR1 discharge forecast member 1949 issued 2026-04-18T12:00:00Z
      2026-04-18T18:00:00Z 28.317 estimated
      2026-04-19T00:00:00Z missing
    UPPR1 discharge forecast member 1950 issued 2026-04-18T12:00:00Z
      2026-04-18T18:00:00Z 25.499 estimated
    UPPR1 discharge forecast member control
      2026-04-18T18:00:00Z 25.499 estimated
    ");
}

#[test]
fn zones_are_hours_and_utc_where_none_is_told() {
    insta::assert_snapshot!(read("no_zone.json"), @"
    Mill level observed value
      2026-04-18T07:00:00Z 5.954 good
    ");
    insta::assert_snapshot!(read("bad_zone.json"), @"not pi-json: line 3, column 16: timeZone `Atlantic`, expected hours from UTC such as -4.0");
}

#[test]
fn numbers_may_be_numbers() {
    insta::assert_snapshot!(read("numbers.json"), @"
    Mill level observed value
      2026-04-18T10:30:00Z 1.5 good
      2026-04-18T11:30:00Z missing
      2026-04-18T12:30:00Z missing
    ");
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.json"), @"
    Mill level observed value
      2026-04-18T11:00:00Z missing
      2026-04-18T12:00:00Z missing
      2026-04-18T13:00:00Z missing
      2026-04-18T14:00:00Z missing
      2026-04-18T15:00:00Z 0 good
    Weir level observed value
      2026-04-18T11:00:00Z missing
      2026-04-18T12:00:00Z missing
    ");
}

#[test]
fn no_series_is_sound() {
    insta::assert_snapshot!(read("no_series.json"), @"nothing");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.json"), @"
    Mill level observed value
      2026-04-18T11:00:00Z 1.5 good
      2026-04-18T11:00:00Z 1.5 good
      2026-04-18T11:00:00Z 1.6 good
    Mill level observed value
      2026-04-18T11:00:00Z 1.7 good
    ");
    insta::assert_snapshot!(read("out_of_order.json"), @"
    Mill level observed value
      2026-04-18T13:00:00Z 1.7 good
      2026-04-18T11:00:00Z 1.5 good
      2026-04-18T12:00:00Z 1.6 good
    ");
}

#[test]
fn encodings_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.json"), @"
    Belle-Rive level observed value
      2026-04-18T11:00:00Z 5.954 good
      2026-04-18T12:00:00Z missing
      2026-04-18T13:00:00Z 6.01 corrected
    ");
    insta::assert_snapshot!(read("latin1.json"), @"
    Saint-François level observed value
      2026-04-18T11:00:00Z 5.954 good
    ");
    assert_eq!(read("escapes.json"), read("latin1.json"));
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("truncated.json"), @"not pi-json: line 11, column 203: the document ends inside a JSON value");
    insta::assert_snapshot!(read("wrong_root.json"), @r#"not pi-json: line 1, column 1: `[     {"header": {"type": "instantaneous`, expected a JSON object"#);
    insta::assert_snapshot!(read("two_roots.json"), @"not pi-json: line 11, column 1: trailing characters");
    insta::assert_snapshot!(read("other.json"), @"not pi-json: line 1, column 1: a JSON object without `timeSeries`");
    insta::assert_snapshot!(read("not_an_array.json"), @"not pi-json: line 1, column 53: invalid type: map, expected a sequence");
    insta::assert_snapshot!(read("duplicate_keys.json"), @"not pi-json: line 2, column 13: duplicate field `timeSeries`");
    insta::assert_snapshot!(read("error.txt"), @"not pi-json: line 1, column 1: `Failed to get time series: parameterId H`, expected a JSON object");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_rows.json"), @r#"
    Mill level observed value
      2026-04-18T16:00:00Z 1.625 good
    line 7: `2026-04-18` `25:00:00` is not a date and a time such as 2026-04-18 07:05:00
    line 8: `high` is not a number
    line 9: flag `12`, expected 0 to 9
    line 10: 0001-01-01T12:00:00Z is not between the years 1900 and 2100
    line 11: an event without date, time or value
    line 12: `1e99` is beyond any river
    line 13: `[1.5]` is not a number
    line 14: `["2026-04-18", "08:00:00", "1.5", "0"]`, expected an object
    line 15: `null`, expected an object
    line 16: invalid type: integer `20260418`, expected a string
    line 17: duplicate field `date`
    line 20: locationId ``, expected 1 to 100 characters
    line 26: time of issue: `yesterday` `08:15:00` is not a date and a time such as 2026-04-18 07:05:00
    line 32: missVal `none` is not a number
    line 38: a series without a header
    line 41: H.G.0 in units `fathoms`, expected M, FT, CMS or CFS
    line 47: `"none"`, expected an object
    line 53: `7`, expected an object
    line 54: forecastDate: `"2026-04-18"`, expected an object
    line 60: NextFcst without a creationDate to count from
    line 66: invalid type: map, expected a sequence
    "#);
    insta::assert_snapshot!(read("deep.json"), @"line 2: `[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[`, expected an object");
}

#[test]
fn a_real_reply_without_events() {
    let Some(parsed) = read_sample(&Format::PiJson, "fews/hdsr_ow433001_hg0.json") else { return };
    let series = all_series(&parsed);
    assert_eq!((series.len(), parsed.items.len(), parsed.rejected.len()), (1, 1, 0));
    assert_eq!((series[0].location.as_str(), series[0].points.len()), ("OW433001", 0));
    assert_eq!(Some(parsed), read_sample(&Format::PiXml, "fews/hdsr_ow433001_hg0_xml.xml"));
}
