//! Delft-FEWS PI time series: small documents and what is made of them.

use super::shown;
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::PiXml, file)
}

#[test]
fn levels_discharges_forecasts_and_the_next_issue() {
    insta::assert_snapshot!(read("ordinary.xml"), @"
    next issue 2026-04-20T04:00:00Z
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
    ");
}

#[test]
fn prefixes_members_and_cubic_feet() {
    insta::assert_snapshot!(read("ensemble.xml"), @"
    UPPR1 discharge forecast member 1949 issued 2026-04-18T12:00:00Z
      2026-04-18T18:00:00Z 28.317 estimated
      2026-04-19T03:30:00Z missing
      2026-04-19T06:00:00Z 33.98
    UPPR1 discharge forecast member 1950 issued 2026-04-18T12:00:00Z
      2026-04-18T18:00:00Z 28.317 estimated
      2026-04-19T03:30:00Z missing
      2026-04-19T06:00:00Z 25.499
    ");
}

#[test]
fn members_are_forecasts_also_without_a_date_of_one() {
    insta::assert_snapshot!(read("undated_ensemble.xml"), @"
    Reservoir discharge forecast member 0
      2026-04-18T07:00:00Z 1.5 good
      2026-04-18T08:00:00Z missing
    Reservoir discharge forecast member control
      2026-04-18T07:00:00Z 2.5 good
      2026-04-18T08:00:00Z missing
    line 29: QINE INSTANTANEOUS in units `acre-feet`, expected M, FT, CMS or CFS
    ");
}

#[test]
fn units_are_converted_and_weather_is_passed_over() {
    insta::assert_snapshot!(read("units.xml"), @"
    S0 level observed value
      2026-04-18T11:00:00Z 3.048 good
    S1 level observed value
      2026-04-18T11:00:00Z 1.234 good
    S2 level observed value
      2026-04-18T11:00:00Z 0.987 good
    S3 discharge observed value
      2026-04-18T11:00:00Z 42.475 good
    S4 discharge observed value
      2026-04-18T11:00:00Z 2.5 good
    S5 discharge observed value
      2026-04-18T11:00:00Z 2.832 good
    ");
}

#[test]
fn without_a_zone_dates_are_utc() {
    insta::assert_snapshot!(read("no_zone.xml"), @"
    Belle-Rive level observed value
      2026-04-18T07:00:00Z 5.954 good
      2026-04-18T08:00:00Z missing
      2026-04-18T09:00:00Z 6.01 corrected
    ");
}

#[test]
fn a_truncated_document_is_refused_where_it_ends() {
    insta::assert_snapshot!(read("truncated.xml"), @"not pi-xml: line 36, column 1: the document ends inside <series>");
    insta::assert_snapshot!(read("truncated_in_tag.xml"), @"not pi-xml: line 36, column 5: the document ends inside <series>, in a tag");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("wrong_root.xml"), @"not pi-xml: line 2, column 1: root <rss>, expected <TimeSeries>");
    insta::assert_snapshot!(read("two_roots.xml"), @"not pi-xml: line 21, column 1: a second root <TimeSeries>");
    insta::assert_snapshot!(read("dtd.xml"), @"not pi-xml: line 2, column 1: a DTD");
    insta::assert_snapshot!(read("deep.xml"), @"not pi-xml: line 4, column 190: elements more than 64 deep");
    insta::assert_snapshot!(read("bad_zone.xml"), @"not pi-xml: line 3, column 3: timeZone `Atlantic`, expected hours from UTC such as -4.0");
    insta::assert_snapshot!(read("late_zone.xml"), @"not pi-xml: line 19, column 3: <timeZone> after a <series> that needs it");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.xml"), @"
    Mill level observed value
      2026-04-18T11:00:00Z 1.5 good
      2026-04-18T11:00:00Z 1.5 good
      2026-04-18T11:00:00Z 1.6 good
    Mill level observed value
      2026-04-18T11:00:00Z 1.7 good
    ");
    insta::assert_snapshot!(read("out_of_order.xml"), @"
    Mill level observed value
      2026-04-18T13:00:00Z 1.7 good
      2026-04-18T11:00:00Z 1.5 good
      2026-04-18T12:00:00Z 1.6 good
    ");
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.xml"), @"
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
fn encodings_and_entities_are_resolved() {
    insta::assert_snapshot!(read("bom_crlf.xml"), @"
    Belle-Rive level observed value
      2026-04-18T11:00:00Z 5.954 good
      2026-04-18T12:00:00Z missing
      2026-04-18T13:00:00Z 6.01 corrected
    ");
    insta::assert_snapshot!(read("latin1.xml"), @"
    Saint-François level observed value
      2026-04-18T11:00:00Z 1.5 good
    ");
    insta::assert_snapshot!(read("entities.xml"), @"
    Saint-François & Clair level observed value
      2026-04-18T11:00:00Z 1.5 good
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_rows.xml"), @"
    Mill level observed value
      2026-04-18T16:00:00Z 1.625 good
    line 16: `2026-04-18` `25:00:00` is not a date and a time such as 2026-04-18 07:05:00
    line 17: `high` is not a number
    line 18: flag `12`, expected 0 to 9
    line 19: 0001-01-01T12:00:00Z is not between the years 1900 and 2100
    line 20: an event without date, time or value
    line 21: `1e99` is beyond any river
    line 22: `2026-04-18` `11:00:00+02:00` is not a date and a time such as 2026-04-18 07:05:00
    line 26: locationId ``, expected 1 to 100 characters
    line 40: time of issue: `yesterday` `08:15:00` is not a date and a time such as 2026-04-18 07:05:00
    line 56: missVal `none` is not a number
    line 70: a series without a header before its events
    line 86: NextFcst in 1.5, expected whole days from 0 to 366
    line 89: NextFcst without a creationDate to count from
    line 103: HG in units `fathoms`, expected M, FT, CMS or CFS
    ");
}
