//! USGS RDB: small documents and what is made of them, and real ones where they are at hand.

use super::samples::sample;
use super::{shown, shown_bytes};
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::Rdb, file)
}

#[test]
fn blocks_with_other_columns_and_zones() {
    insta::assert_snapshot!(read("ordinary.rdb"), @"
    09900001 level observed value
      2026-11-01T04:45:00Z 1.652 provisional
      2026-11-01T05:00:00Z 1.658 provisional
      2026-11-01T06:00:00Z 1.664 estimated
      2026-11-01T06:15:00Z missing
      2026-11-01T06:30:00Z missing
    09900001 discharge observed value
      2026-11-01T04:45:00Z 6.626 estimated
      2026-11-01T06:00:00Z missing
      2026-11-01T06:15:00Z 6.796 ice
    099000010001 level observed value
      2026-11-01T04:45:00Z 0.305 approved
    ");
}

#[test]
fn no_rows_and_no_sites_are_sound() {
    insta::assert_snapshot!(read("empty.rdb"), @"nothing");
    insta::assert_snapshot!(read("no_sites.rdb"), @"nothing");
    insta::assert_snapshot!(read("daily_temperature.rdb"), @"nothing");
}

#[test]
fn a_truncated_document_is_refused_or_loses_its_last_row() {
    insta::assert_snapshot!(read("truncated.rdb"), @"
    09900001 level observed value
      2026-11-01T04:45:00Z 1.652 provisional
      2026-11-01T05:00:00Z 1.658 provisional
      2026-11-01T06:00:00Z 1.664 estimated
    09900001 discharge observed value
      2026-11-01T04:45:00Z 6.626 estimated
      2026-11-01T06:00:00Z missing
    line 9: 5 fields, expected 8
    ");
    insta::assert_snapshot!(read("truncated_in_names.rdb"), @"not rdb: line 4, column 42: the document ends before its table begins");
    insta::assert_snapshot!(read("comments_only.rdb"), @"not rdb: line 4, column 1: the document ends before its table begins");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("wrong_root.rdb"), @"not rdb: line 1, column 1: `site_no,datetime,value`, expected a row of names that begins with `agency_cd`");
    insta::assert_snapshot!(read("sites.rdb"), @"not rdb: line 4, column 1: a table without a column `datetime`");
    insta::assert_snapshot!(read("no_formats.rdb"), @"not rdb: line 5, column 1: `USGS 09900001 2026-11-01 00:45 EST`, expected a row of formats such as `5s 15s 20d`");
    insta::assert_snapshot!(read("no_zone.rdb"), @"not rdb: line 4, column 1: a table without a column `tz_cd`");
}

#[test]
fn daily_values_are_refused() {
    insta::assert_snapshot!(read("daily.rdb"), @"not rdb: line 4, column 1: a column `7001_00060_00003`: daily means and extremes are not readings of an instant");
    insta::assert_snapshot!(read("daily_older.rdb"), @"not rdb: line 4, column 1: a column `dv_dt`: daily means and extremes are not readings of an instant");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.rdb"), @"
    09900001 level observed value
      2026-11-01T08:00:00Z 0.305 provisional
      2026-11-01T08:00:00Z 0.305 provisional
      2026-11-01T08:00:00Z 0.335 provisional
    ");
    insta::assert_snapshot!(read("out_of_order.rdb"), @"
    09900001 level observed value
      2026-11-01T10:00:00Z 0.366 provisional
      2026-11-01T08:00:00Z 0.305 provisional
    ");
}

#[test]
fn encodings_and_line_ends_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.rdb"), @"
    09900001 level observed value
      2026-11-01T08:00:00Z 0.305 provisional
    ");
    insta::assert_snapshot!(read("latin1.rdb"), @"
    09900001 level observed value
      2026-11-01T08:00:00Z 0.305 provisional
    ");
}

#[test]
fn letters_of_zones_are_offsets() {
    insta::assert_snapshot!(read("zones.rdb"), @"
    09900001 level observed value
      2026-11-01T12:00:00Z 0.305 provisional
      2026-11-01T16:00:00Z 0.305 provisional
      2026-11-01T17:00:00Z 0.305 provisional
      2026-11-01T19:00:00Z 0.305 provisional
      2026-11-01T19:00:00Z 0.305 provisional
      2026-11-01T21:00:00Z 0.305 provisional
      2026-11-01T22:00:00Z 0.305 provisional
      2026-11-01T02:00:00Z 0.305 provisional
    ");
}

#[test]
fn sensors_are_never_mixed() {
    insta::assert_snapshot!(read("sensors.rdb"), @"
    09900001 level observed value
      2026-11-01T08:00:00Z 3.048 provisional
      2026-11-01T08:15:00Z 3.078 provisional
    09900001/8002 level observed value
      2026-11-01T08:00:00Z 3.048 provisional
      2026-11-01T08:15:00Z 3.078 provisional
    09900001/8003 level observed value
      2026-11-01T08:00:00Z 6.096 provisional
    ");
}

#[test]
fn sentinels_and_codes_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.rdb"), @"
    09900001 level observed value
      2026-11-01T08:00:00Z missing
      2026-11-01T08:00:00Z missing
      2026-11-01T08:00:00Z missing
      2026-11-01T08:00:00Z missing
      2026-11-01T08:00:00Z missing
      2026-11-01T08:00:00Z missing
      2026-11-01T08:00:00Z missing
      2026-11-01T08:00:00Z 0 provisional
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_rows.rdb"), @"
    09900001 level observed value
      2026-11-01T09:00:00Z 0.375 provisional
    line 6: `high` is not a decimal number
    line 7: tz_cd `Noon`, expected letters such as EST
    line 8: `2026-11-01` `25:00` is not a date and a time such as 2026-04-18 07:05:00
    line 9: `2026-11-01` `` is not a date and a time such as 2026-04-18 07:05:00
    line 10: 4 fields, expected 6
    line 11: site_no ``, expected 1 to 100 characters
    line 12: 0001-01-01T05:00:00Z is not between the years 1900 and 2100
    line 13: `1e99` is beyond any river
    ");
}

#[test]
fn real_daily_values_are_refused() {
    let refusal = |file| sample(file).map(|bytes| shown_bytes(&Format::Rdb, &bytes)).unwrap_or_default();
    if refusal("usgs/RDB1Example.txt").is_empty() {
        return;
    }
    insta::assert_snapshot!(refusal("usgs/RDB1Example.txt"), @"not rdb: line 23, column 1: a column `01_00060_00003`: daily means and extremes are not readings of an instant");
    insta::assert_snapshot!(refusal("usgs/tstool_2gages.rdb"), @"not rdb: line 30, column 1: a column `18624_00060_00003`: daily means and extremes are not readings of an instant");
    insta::assert_snapshot!(refusal("usgs/tstool_G03451500.rdb"), @"not rdb: line 21, column 1: a column `dv_dt`: daily means and extremes are not readings of an instant");
}
