//! WaterML 1.1: small documents and what is made of them, and real ones where they are at hand.

use hydro::{Kind, Parameter, Quality};

use super::samples::{one, read as read_sample, sample, summary};
use super::{shown, shown_bytes};
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::Waterml1, file)
}

#[test]
fn levels_and_discharges_through_the_night_of_two_hours() {
    insta::assert_snapshot!(read("ordinary.xml"), @"
    09900001 level observed value
      2026-11-01T04:45:00Z 1.652 provisional
      2026-11-01T05:00:00Z 1.658 provisional
      2026-11-01T05:45:00Z 1.664 estimated
      2026-11-01T06:00:00Z 1.67 provisional
      2026-11-01T06:45:00Z 1.673 approved
      2026-11-01T07:00:00Z missing
    09900001 discharge observed value
      2026-11-01T04:45:00Z 6.626 ice
      2026-11-01T05:00:00Z missing
    099000010001 level observed value
      2026-11-01T04:45:00Z 0.305 provisional
    ");
}

#[test]
fn the_same_reply_says_the_same_in_json() {
    let json = shown(&Format::NwisJson, "ordinary.json");
    assert_eq!(read("ordinary.xml"), json);
}

#[test]
fn no_time_series_is_sound() {
    insta::assert_snapshot!(read("empty.xml"), @"nothing");
}

#[test]
fn a_truncated_document_is_refused_where_it_ends() {
    insta::assert_snapshot!(read("truncated.xml"), @"not waterml1: line 20, column 76: the document ends inside <value>");
    insta::assert_snapshot!(read("truncated_in_tag.xml"), @"not waterml1: line 20, column 7: the document ends inside <values>, in a tag");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("wrong_root.xml"), @"not waterml1: line 2, column 1: root <sites>, expected <timeSeriesResponse>");
    insta::assert_snapshot!(read("older.xml"), @"not waterml1: line 2, column 1: a <timeSeriesResponse> that is not of http://www.cuahsi.org/waterML/1.1/");
    insta::assert_snapshot!(read("deep.xml"), @"not waterml1: line 4, column 190: elements more than 64 deep");
}

#[test]
fn daily_values_are_refused() {
    insta::assert_snapshot!(read("daily.xml"), @"not waterml1: line 34, column 5: statistic `00003` of `USGS:09900001:00060:00003`: daily means and extremes are not readings of an instant");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.xml"), @"
    09900001 level observed value
      2026-11-01T08:00:00Z 0.305 provisional
      2026-11-01T08:00:00Z 0.305 provisional
      2026-11-01T08:00:00Z 0.335 provisional
    ");
    insta::assert_snapshot!(read("out_of_order.xml"), @"
    09900001 level observed value
      2026-11-01T10:00:00Z 0.366 provisional
      2026-11-01T08:00:00Z 0.305 provisional
    ");
}

#[test]
fn encodings_and_line_ends_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.xml"), @"
    099000010001 level observed value
      2026-11-01T04:45:00Z 0.305 provisional
    ");
    insta::assert_snapshot!(read("latin1.xml"), @"
    099000010001 level observed value
      2026-11-01T04:45:00Z 0.305 provisional
    ");
}

#[test]
fn values_may_be_written_in_any_way_of_xml() {
    insta::assert_snapshot!(read("unusual.xml"), @"
    09900001 level observed value
      2026-11-01T08:00:00Z 0.305 provisional
      2026-11-01T08:15:00Z 0.335 estimated
      2026-11-01T08:30:00Z 0.366 provisional
      2026-11-01T08:45:00Z 0.396 ice
      2026-11-01T09:00:00.5Z 0.427 provisional
      2026-11-01T09:15:00Z 0.457
      2026-11-01T09:30:00Z missing
    ");
}

#[test]
fn sensors_are_never_mixed() {
    insta::assert_snapshot!(read("sensors.xml"), @"
    09900001 level observed value
      2026-11-01T08:00:00Z 3.048 provisional
    09900001/8002 level observed value
      2026-11-01T08:00:00Z 3.048 provisional
    09900001/8003 level observed value
      2026-11-01T08:00:00Z 6.096 provisional
    09900001/4 level observed value
      2026-11-01T08:00:00Z 9.144 provisional
    ");
}

#[test]
fn sentinels_and_codes_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.xml"), @"
    09900001 level observed value
      2026-11-01T08:00:00Z missing
      2026-11-01T08:15:00Z missing
      2026-11-01T08:30:00Z missing
      2026-11-01T09:00:00Z missing
      2026-11-01T09:15:00Z missing
      2026-11-01T09:30:00Z missing
      2026-11-01T10:00:00Z 0 provisional
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_rows.xml"), @r#"
    09900001 level observed value
      2026-11-01T09:00:00Z 0.375 provisional
    line 17: `high` is not a decimal number
    line 18: `2026-11-01T03:15:00.000` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 19: 0001-01-01T00:00:00Z is not between the years 1900 and 2100
    line 20: `1e99` is beyond any river
    line 21: a value without a dateTime
    line 22: <b> inside a value
    line 23: position 10: attribute value must be enclosed in `"` or `'`
    line 24: position 42: duplicated attribute, previous declaration at position 1
    "#);
    insta::assert_snapshot!(read("bad_series.xml"), @"
    099000010001 level observed value
      2026-11-01T04:45:00Z 0.305 provisional
    line 16: unit `furlongs` of a level, expected m, cm, mm or ft
    line 34: parameter `0006`, expected five digits such as 00065
    line 52: siteCode ``, expected 1 to 100 characters
    line 70: noDataValue `none` is not a decimal number
    ");
}

#[test]
fn two_days_of_a_real_site() {
    let Some(parsed) = read_sample(&Format::Waterml1, "usgs/WaterML1Example.xml") else { return };
    let series = one(&parsed, "01491000", Parameter::Discharge, Kind::Observed);
    let expected = "192: 2012-05-12T05:00:00Z 2.35; 2012-05-14T04:45:00Z 1.699; 2012-05-12T06:00:00Z 2.407";
    assert_eq!((summary(series).as_str(), parsed.items.len(), parsed.rejected.len()), (expected, 1, 0));
    assert!(series.points.iter().all(|point| point.quality == Some(Quality::Approved)));
}

#[test]
fn real_daily_values_are_refused() {
    let Some(bytes) = sample("usgs/tstool_wml11_03451500_daily.xml") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::Waterml1, &bytes), @"not waterml1: line 170, column 5: statistic `00001` of `USGS:03451500:00060:00001`: daily means and extremes are not readings of an instant");
}
