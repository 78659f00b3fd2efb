//! Water Office CSV: small documents and what is made of them.

use super::shown;
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::WaterofficeCsv, file)
}

#[test]
fn the_web_service_writes_utc() {
    insta::assert_snapshot!(read("ordinary.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:00:00Z 5.95 provisional
      2026-04-18T12:05:00Z 5.947 reviewed
      2026-04-18T12:10:00Z missing
    01ZZ001 discharge observed value
      2026-04-18T12:00:00Z 812 estimated
    ");
}

#[test]
fn a_header_alone_is_sound() {
    insta::assert_snapshot!(read("header_only.csv"), @"nothing");
}

#[test]
fn daily_means_are_refused() {
    insta::assert_snapshot!(read("daily.csv"), @"not wateroffice-csv: line 2, column 1: a date without a time: daily means are not supported");
}

#[test]
fn the_download_writes_standard_time_in_summer_too() {
    insta::assert_snapshot!(read("download.csv"), @"
    01ZZ001 level observed value
      2026-07-18T04:00:00Z 3.857 reviewed
      2026-07-18T04:05:04Z 3.86 provisional
      2026-07-18T04:10:00Z 3.861 ice
    ");
    insta::assert_snapshot!(read("download_newfoundland.csv"), @"
    01ZZ001 level observed value
      2026-07-18T03:30:00Z 3.857 reviewed
      2026-07-18T03:35:04Z 3.86 provisional
      2026-07-18T03:40:00Z 3.861 ice
    ");
}

#[test]
fn a_download_of_doubtful_meaning_is_refused() {
    insta::assert_snapshot!(read("download_unknown_zone.csv"), @"not wateroffice-csv: line 10, column 1: `Date (ADT)`, expected a standard time such as `Date (AST)`");
    insta::assert_snapshot!(read("download_feet.csv"), @"not wateroffice-csv: line 10, column 23: values in `ft`, expected m or m³/s");
    insta::assert_snapshot!(read("download_no_station.csv"), @"not wateroffice-csv: line 10, column 1: a preamble that names no station");
}

#[test]
fn a_cut_row_is_rejected_and_a_cut_preamble_refused() {
    insta::assert_snapshot!(read("truncated.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:00:00Z 5.95 provisional
    line 3: 4 fields, expected 9
    ");
    insta::assert_snapshot!(read("truncated_in_preamble.csv"), @"not wateroffice-csv: line 1, column 1: `Real-time data - subject to revision`, and no header `ID,Date,…` or `Date (AST),…`");
}

#[test]
fn other_columns_are_refused() {
    insta::assert_snapshot!(read("wrong_header.csv"), @"not wateroffice-csv: line 1, column 1: a header without a column `Date…`: `ID,Name,Latitude`");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:00:00Z 5.95 provisional
      2026-04-18T12:00:00Z 5.951 provisional
    ");
    insta::assert_snapshot!(read("out_of_order.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:05:00Z 5.951 provisional
      2026-04-18T12:00:00Z 5.95 provisional
    ");
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:00:00Z missing
      2026-04-18T12:05:00Z missing
    ");
}

#[test]
fn encodings_do_not_matter() {
    insta::assert_snapshot!(read("latin1.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:00:00Z 5.95 ice
    ");
}

#[test]
fn the_header_of_a_second_file_is_a_bad_row() {
    insta::assert_snapshot!(read("two_files.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:00:00Z 5.95 provisional
      2026-04-18T12:05:00Z 5.951 provisional
    line 3: parameter `Parameter/Paramètre`, expected a number such as 46
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_rows.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:05:00Z 5.951 provisional
    line 2: `2026-04-18T12:00:00` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 3: `noon` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 4: 10 fields, expected 9
    line 5: `high` is not a decimal number
    line 6: parameter `level`, expected a number such as 46
    line 7: `?` is not a station number such as 01AK003
    line 8: 1066-10-14T12:00:00Z is not between the years 1900 and 2100
    ");
}

#[test]
fn quotes_around_a_field_are_dropped_and_stray_ones_harm_their_own_row() {
    insta::assert_snapshot!(read("quotes.csv"), @r#"
    01ZZ001 level observed value
      2026-04-18T12:00:00Z 5.95 provisional
      2026-04-18T12:15:00Z 5.953 provisional
    line 3: `"5.951` is not a decimal number
    line 5: 10 fields, expected 9
    "#);
}
