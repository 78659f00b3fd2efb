//! ECCC Datamart CSV: small documents and what is made of them.

use super::shown;
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::EcccCsv, file)
}

#[test]
fn levels_and_discharges_by_station() {
    insta::assert_snapshot!(read("ordinary.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:25:00Z 5.962 provisional
      2026-04-18T12:30:00Z 5.963 reviewed
    01ZZ001 discharge observed value
      2026-04-18T12:25:00Z 11.7 provisional
      2026-04-18T12:30:00Z 11.8 provisional
    01ZZ007 level observed value
      2026-04-18T04:00:00Z 0.847 checked
      2026-04-18T04:10:00Z missing
    01ZZ007 discharge observed value
      2026-04-18T04:05:00Z 2.86 approved
    ");
    insta::assert_snapshot!(read("half_hour_offset.csv"), @"
    02ZZ002 level observed value
      2026-07-19T12:00:00Z 1.416 provisional
    ");
}

#[test]
fn a_header_alone_is_sound() {
    insta::assert_snapshot!(read("header_only.csv"), @"nothing");
}

#[test]
fn a_cut_row_is_rejected_and_a_cut_header_refused() {
    insta::assert_snapshot!(read("truncated.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:25:00Z 5.962 provisional
    01ZZ001 discharge observed value
      2026-04-18T12:25:00Z 11.7 provisional
    line 3: 3 fields, expected 10
    ");
    insta::assert_snapshot!(read("truncated_in_header.csv"), @"not eccc-csv: line 1, column 70: column 7 is `D`, expected `Discharge (cms)`");
}

#[test]
fn columns_are_followed_wherever_they_stand() {
    insta::assert_snapshot!(read("other_order.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:25:00Z 5.962 ice
    01ZZ001 discharge observed value
      2026-04-18T12:25:00Z 11.7 provisional
    ");
}

#[test]
fn other_columns_are_refused() {
    insta::assert_snapshot!(read("wrong_header.csv"), @"not eccc-csv: line 1, column 10: column 3 is `Stage (m)`, expected `Water Level (m)`");
    insta::assert_snapshot!(read("feet.csv"), @"not eccc-csv: line 1, column 10: column 3 is `Water Level / Niveau d'eau (ft)`, expected `Water Level (m)`");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:25:00Z 5.962 provisional
      2026-04-18T12:25:00Z 5.962 provisional
      2026-04-18T12:25:00Z 5.97 provisional
    ");
    insta::assert_snapshot!(read("out_of_order.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:30:00Z 5.963 provisional
      2026-04-18T12:25:00Z 5.962 provisional
    01ZZ002 level observed value
      2026-04-18T12:30:00Z 1.5 provisional
    ");
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:25:00Z missing
      2026-04-18T12:30:00Z missing
      2026-04-18T12:35:00Z 0 provisional
    01ZZ001 discharge observed value
      2026-04-18T12:25:00Z missing
      2026-04-18T12:30:00Z missing
      2026-04-18T12:35:00Z -0.05 provisional
    ");
}

#[test]
fn line_ends_and_encodings_do_not_matter() {
    insta::assert_snapshot!(read("lf_no_bom.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:25:00Z 5.962 provisional
    ");
    insta::assert_snapshot!(read("latin1.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:25:00Z 5.962 provisional
    ");
}

#[test]
fn symbols_outrank_the_state_of_review() {
    insta::assert_snapshot!(read("symbols.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:25:00Z 5.962 ice
      2026-04-18T12:30:00Z 5.963 ice
      2026-04-18T12:35:00Z 5.964
    01ZZ001 discharge observed value
      2026-04-18T12:25:00Z 11.7 estimated
      2026-04-18T12:30:00Z 11.8 estimated
      2026-04-18T12:35:00Z 11.9
    ");
}

#[test]
fn the_header_of_a_second_file_is_a_bad_row() {
    insta::assert_snapshot!(read("two_files.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:25:00Z 5.962 provisional
    01ZZ002 level observed value
      2026-04-18T12:25:00Z 1.5 provisional
    line 3: `Date` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_rows.csv"), @r#"
    01ZZ001 level observed value
      2026-04-18T12:40:00.5Z 5.964 provisional
    line 2: `2026-04-18T08:25:00` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 3: `"01ZZ001` is not a station number such as 01AK003
    line 4: `5.9.6` is not a decimal number
    line 5: 0001-01-01T00:00:00Z is not between the years 1900 and 2100
    line 6: 3 fields, expected 10
    line 8: `<p>moved</p>` is not a station number such as 01AK003
    line 10: `2026-02-30T08:40:00-04:00` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    "#);
}

#[test]
fn a_bad_value_takes_nothing_from_the_other() {
    insta::assert_snapshot!(read("bad_values.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:25:00Z 5.962 provisional
      2026-04-18T12:35:00Z 5.963 provisional
    01ZZ001 discharge observed value
      2026-04-18T12:30:00Z 11.8 reviewed
      2026-04-18T12:35:00Z 11.9 provisional
    line 2: `1l.7` is not a decimal number
    line 3: `5.9.6` is not a decimal number
    line 5: `high` is not a decimal number
    line 5: `99999999` is beyond any river
    line 6: `fast` is not a decimal number
    line 7: `high` is not a decimal number
    ");
}

#[test]
fn quotes_around_a_field_are_dropped_and_stray_ones_harm_their_own_row() {
    insta::assert_snapshot!(read("quotes.csv"), @r#"
    01ZZ001 level observed value
      2026-04-18T12:25:00Z 5.962 ice
      2026-04-18T12:35:00Z 5.964 provisional
      2026-04-18T12:45:00Z 5.966 ice
      2026-04-18T12:50:00Z 5.967 provisional
    01ZZ001 discharge observed value
      2026-04-18T12:25:00Z 11.7 provisional
      2026-04-18T12:30:00Z 11.8 provisional
      2026-04-18T12:35:00Z 11.9 provisional
      2026-04-18T12:45:00Z 12.1
      2026-04-18T12:50:00Z 12.2 provisional
    line 3: `"5.963` is not a decimal number
    line 5: 11 fields, expected 10
    "#);
}

#[test]
fn blank_lines_are_passed_over_and_counted() {
    insta::assert_snapshot!(read("blank_lines.csv"), @"
    01ZZ001 level observed value
      2026-04-18T12:30:00Z 5.963 provisional
      2026-04-18T12:40:00Z 5.965 provisional
    line 4: 3 fields, expected 10
    line 8: 3 fields, expected 10
    line 12: 3 fields, expected 10
    ");
}
