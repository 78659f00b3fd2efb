//! Québec's readings as text: small documents and what is made of them.

use super::samples::sample;
use super::{shown, shown_bytes};
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::CehqTsv, file)
}

#[test]
fn levels_and_discharges_newest_first() {
    insta::assert_snapshot!(read("ordinary.tsv"), @"
    level observed value
     2026-04-18T11:15:00Z 112.86
     2026-04-18T11:00:00Z 112.85
     2026-04-18T10:45:00Z 112.84
    discharge observed value
     2026-04-18T11:15:00Z 62.32 estimated
     2026-04-18T11:00:00Z 1470.5
     2026-04-18T10:45:00Z 62.1
    ");
    assert_eq!(read("utf8.tsv"), read("ordinary.tsv"));
}

#[test]
fn either_column_may_be_absent() {
    insta::assert_snapshot!(read("no_level.tsv"), @"
    discharge observed value
     2026-12-16T13:30:00Z 9.716 estimated
     2026-12-16T13:15:00Z 1234567 estimated
    ");
    insta::assert_snapshot!(read("no_discharge.tsv"), @"
    level observed value
     2026-12-16T13:30:00Z 9.716 estimated
     2026-12-16T13:15:00Z 9.7 estimated
    ");
}

#[test]
fn a_header_alone_is_sound() {
    insta::assert_snapshot!(read("header_only.tsv"), @"nothing");
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.tsv"), @"
    level observed value
     2026-04-18T11:15:00Z missing
     2026-04-18T11:00:00Z missing
     2026-04-18T10:45:00Z 0
    discharge observed value
     2026-04-18T11:15:00Z 62.32
     2026-04-18T11:00:00Z missing
     2026-04-18T10:45:00Z missing
    ");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.tsv"), @"
    level observed value
     2026-04-18T11:00:00Z 112.85
     2026-04-18T11:00:00Z 112.85
     2026-04-18T11:00:00Z 112.95
    discharge observed value
     2026-04-18T11:00:00Z 62
     2026-04-18T11:00:00Z 62
     2026-04-18T11:00:00Z 63
    ");
    insta::assert_snapshot!(read("out_of_order.tsv"), @"
    level observed value
     2026-04-18T11:00:00Z 112.85
     2026-04-18T12:00:00Z 112.86
     2026-04-18T10:00:00Z 112.84
    discharge observed value
     2026-04-18T11:00:00Z 62
     2026-04-18T12:00:00Z 63
     2026-04-18T10:00:00Z 61
    ");
}

#[test]
fn the_night_of_two_hours_is_told_by_its_order_or_refused() {
    insta::assert_snapshot!(read("november.tsv"), @"
    level observed value
     2026-11-01T07:00:00Z 3.5
     2026-11-01T06:30:00Z 3.4
     2026-11-01T06:00:00Z 3.3
     2026-11-01T05:30:00Z 3.2
     2026-11-01T05:00:00Z 3.1
     2026-11-01T04:30:00Z 3
    ");
    insta::assert_snapshot!(read("november_one_pass.tsv"), @"
     level observed value
      2026-11-01T07:00:00Z 3.5
      2026-11-01T04:30:00Z 3
    line 4: 2026-11-01T01:30:00: this hour comes twice, and it does not show which is meant
    line 5: 2026-11-01T01:00:00: this hour comes twice, and it does not show which is meant
    ");
}

#[test]
fn the_night_without_an_hour() {
    insta::assert_snapshot!(read("march.tsv"), @"
     level observed value
      2026-03-08T07:00:00Z 3.5
      2026-03-08T06:45:00Z 3.3
     discharge observed value
      2026-03-08T07:00:00Z 1
      2026-03-08T06:45:00Z 1
    line 4: 2026-03-08T02:30:00: clocks skip this hour
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_rows.tsv"), @"
     level observed value
      2026-04-18T09:00:00Z 112.5
     discharge observed value
      2026-04-18T11:15:00Z 62.32
      2026-04-18T10:15:00Z 62
      2026-04-18T09:00:00Z 60.5
    line 3: `112.86` is not a number with a decimal comma such as 62,32
    line 4: `2026-04-18` `7h00` is not a date and a time such as 2026-04-18 07:05
    line 5: 3 fields, expected 5
    line 6: `haut` is not a number with a decimal comma such as 62,32
    line 6: `1 47,5` is not a number with a decimal comma such as 62,32
    line 7: `E` beside a value, expected nothing or `*`
    line 8: 0001-01-01T05:17:32Z is not between the years 1900 and 2100
    line 9: `18/04/2026` `06:00` is not a date and a time such as 2026-04-18 07:05
    line 10: `1,2,3` is not a number with a decimal comma such as 62,32
    line 10: `1 2345` is not a number with a decimal comma such as 62,32
    line 11: `99999999999` is not a number with a decimal comma such as 62,32
    line 11: `1234 567` is not a number with a decimal comma such as 62,32
    line 12: `2026-04-18` `24:00` is not a date and a time such as 2026-04-18 07:05
    ");
    insta::assert_snapshot!(read("truncated.tsv"), @"
     level observed value
      2026-04-18T11:15:00Z 112.86
      2026-04-18T11:00:00Z 112.85
     discharge observed value
      2026-04-18T11:15:00Z 62.32 estimated
      2026-04-18T11:00:00Z 1470.5
    line 5: 2 fields, expected 5
    ");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("wrong_header.tsv"), @"not cehq-tsv: line 1, column 1: `Date Heure Pluie`, expected a header `Date, Heure, Niveau, Débit` parted by tabs");
    insta::assert_snapshot!(read("no_values.tsv"), @"not cehq-tsv: line 1, column 1: `Date Heure`, expected a header `Date, Heure, Niveau, Débit` parted by tabs");
    insta::assert_snapshot!(read("two_levels.tsv"), @"not cehq-tsv: line 1, column 1: two columns `Niveau`");
    insta::assert_snapshot!(read("commas.tsv"), @"not cehq-tsv: line 1, column 1: `Date,Heure,Niveau,Débit`, expected a header `Date, Heure, Niveau, Débit` parted by tabs");
}

#[test]
fn real_readings_of_the_winter_of_2020() {
    let Some(bytes) = sample("canada_prov/qc_cehq_023402.tsv") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::CehqTsv, &bytes), @"
    level observed value
     2020-01-24T11:30:00Z 112.86
     2020-01-24T11:15:00Z 112.86
    discharge observed value
     2020-01-24T11:30:00Z 62.32 estimated
     2020-01-24T11:15:00Z 62.22 estimated
    ");
    let Some(bytes) = sample("canada_prov/qc_cehq_062701.tsv") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::CehqTsv, &bytes), @"
    discharge observed value
     2020-03-16T12:30:00Z 9.716 estimated
     2020-03-16T12:15:00Z 9.792 estimated
    ");
}
