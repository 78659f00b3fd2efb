//! British Columbia's forecasts: small documents and what is made of them. No real one is at hand.

use super::shown;
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::BcClever, file)
}

#[test]
fn discharges_with_their_bounds_hour_by_hour() {
    insta::assert_snapshot!(read("ordinary.csv"), @"
    08ZZ999 discharge forecast value issued 2026-05-18T15:30:00Z
      2026-05-19T05:00:00Z 120.5
      2026-05-19T06:00:00Z 121
      2026-05-19T07:00:00Z 122.5
      2026-05-19T08:00:00Z 123
    08ZZ999 discharge forecast lower issued 2026-05-18T15:30:00Z
      2026-05-19T05:00:00Z 100
      2026-05-19T06:00:00Z 100.5
      2026-05-19T07:00:00Z 101
      2026-05-19T08:00:00Z 101.5
    08ZZ999 discharge forecast upper issued 2026-05-18T15:30:00Z
      2026-05-19T05:00:00Z 140.25
      2026-05-19T06:00:00Z 141
      2026-05-19T07:00:00Z 143
      2026-05-19T08:00:00Z 144
    ");
    assert_eq!(read("lf_bom.csv"), read("ordinary.csv"));
    assert_eq!(read("latin1.csv"), read("ordinary.csv"));
}

#[test]
fn days_stand_at_noon() {
    insta::assert_snapshot!(read("daily.csv"), @"
     discharge forecast value issued 2026-11-15T07:00:00Z
      2026-11-15T19:00:00Z 50
      2026-11-16T19:00:00Z 55.5
     discharge forecast lower issued 2026-11-15T07:00:00Z
      2026-11-15T19:00:00Z 40
      2026-11-16T19:00:00Z 44
     discharge forecast upper issued 2026-11-15T07:00:00Z
      2026-11-15T19:00:00Z 60
      2026-11-16T19:00:00Z 66
    line 7: a row whose date is not told
    ");
}

#[test]
fn a_place_is_named_or_left_to_the_configuration() {
    assert_eq!(read("two_stations.csv"), read("ordinary.csv").replace("08ZZ999 ", " "));
    assert_eq!(read("without_preamble.csv"), read("two_stations.csv").replace(" issued 2026-05-18T15:30:00Z", ""));
}

#[test]
fn a_header_alone_is_sound() {
    insta::assert_snapshot!(read("header_only.csv"), @"nothing");
}

#[test]
fn the_24th_hour_ends_the_day_and_the_zone_has_no_summer() {
    insta::assert_snapshot!(read("hours_to_24.csv"), @"
    discharge forecast value
     2026-12-31T08:00:00Z 1
     2027-01-01T07:00:00Z 2
     2027-01-01T08:00:00Z 3
    discharge forecast lower
     2026-12-31T08:00:00Z 1
     2027-01-01T07:00:00Z 2
     2027-01-01T08:00:00Z 3
    discharge forecast upper
     2026-12-31T08:00:00Z 1
     2027-01-01T07:00:00Z 2
     2027-01-01T08:00:00Z 3
    ");
    insta::assert_snapshot!(read("november.csv"), @"
    discharge forecast value
     2026-11-01T07:00:00Z 1
     2026-11-01T08:00:00Z 2
     2026-11-01T09:00:00Z 3
     2026-11-01T10:00:00Z 4
    discharge forecast lower
     2026-11-01T07:00:00Z 1
     2026-11-01T08:00:00Z 2
     2026-11-01T09:00:00Z 3
     2026-11-01T10:00:00Z 4
    discharge forecast upper
     2026-11-01T07:00:00Z 1
     2026-11-01T08:00:00Z 2
     2026-11-01T09:00:00Z 3
     2026-11-01T10:00:00Z 4
    ");
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.csv"), @"
    discharge forecast value
     2026-05-18T07:00:00Z missing
     2026-05-18T08:00:00Z missing
    discharge forecast lower
     2026-05-18T07:00:00Z missing
     2026-05-18T08:00:00Z 0
    discharge forecast upper
     2026-05-18T07:00:00Z missing
     2026-05-18T08:00:00Z missing
    ");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.csv"), @"
    discharge forecast value
     2026-05-18T07:00:00Z 1
     2026-05-18T07:00:00Z 1
     2026-05-18T07:00:00Z 2
    discharge forecast lower
     2026-05-18T07:00:00Z 1
     2026-05-18T07:00:00Z 1
     2026-05-18T07:00:00Z 1
    discharge forecast upper
     2026-05-18T07:00:00Z 1
     2026-05-18T07:00:00Z 1
     2026-05-18T07:00:00Z 1
    ");
    insta::assert_snapshot!(read("out_of_order.csv"), @"
    discharge forecast value
     2026-05-19T07:00:00Z 2
     2026-05-18T12:00:00Z 1
     2026-05-18T13:00:00Z 1.5
    discharge forecast lower
     2026-05-19T07:00:00Z 2
     2026-05-18T12:00:00Z 1
     2026-05-18T13:00:00Z 1
    discharge forecast upper
     2026-05-19T07:00:00Z 2
     2026-05-18T12:00:00Z 1
     2026-05-18T13:00:00Z 1
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line_and_its_day_is_not_filled_down() {
    insta::assert_snapshot!(read("bad_rows.csv"), @"
     discharge forecast value
      2026-05-19T10:00:00Z 4
      2026-05-21T07:00:00Z 1
      2026-05-22T08:00:00Z 3
     discharge forecast lower
      2026-05-18T07:00:00Z 1
      2026-05-19T10:00:00Z 4
      2026-05-22T08:00:00Z 2
     discharge forecast upper
      2026-05-18T07:00:00Z 2
      2026-05-19T10:00:00Z 4
      2026-05-21T07:00:00Z 2
      2026-05-22T08:00:00Z 4
    line 2: a row whose date is not told
    line 3: `high` is not a decimal number
    line 4: 3 fields, expected 5
    line 5: a row whose date is not told
    line 7: hour 2 after hour 3, and no date
    line 8: a row whose date is not told
    line 9: `18/05/2026` is not a date such as 2026-05-18
    line 10: a row whose date is not told
    line 11: hour `25`, expected 0 to 24
    line 12: hour `-1`, expected 0 to 24
    line 13: hour `5.5`, expected 0 to 24
    line 14: 0001-01-01T07:00:00Z is not between the years 1900 and 2100
    line 15: `1e99` is beyond any river
    ");
    insta::assert_snapshot!(read("truncated.csv"), @"
    08ZZ999 discharge forecast value issued 2026-05-18T15:30:00Z
      2026-05-19T05:00:00Z 120.5
      2026-05-19T06:00:00Z 121
      2026-05-19T07:00:00Z 122.5
    08ZZ999 discharge forecast lower issued 2026-05-18T15:30:00Z
      2026-05-19T05:00:00Z 100
      2026-05-19T06:00:00Z 100.5
      2026-05-19T07:00:00Z 101
    08ZZ999 discharge forecast upper issued 2026-05-18T15:30:00Z
      2026-05-19T05:00:00Z 140.25
      2026-05-19T06:00:00Z 141
      2026-05-19T07:00:00Z 143
    line 10: 4 fields, expected 5
    ");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("other_header.csv"), @"not bc-clever: line 1, column 1: `Forecast by a model, without warranty`, and no header `DATE,HOUR,FORECAST_DISCHARGE,LOWER_BOUND,UPPER_BOUND`");
    insta::assert_snapshot!(read("no_header.csv"), @"not bc-clever: line 1, column 1: `The forecast is not in season.`, and no header `DATE,HOUR,FORECAST_DISCHARGE,LOWER_BOUND,UPPER_BOUND`");
}
