//! Tables of every awkward kind.

use super::shown;

#[test]
fn a_long_table() {
    insta::assert_snapshot!(shown("long", "ordinary.txt"), @"
    Bridge; north level observed value
      2026-04-19T02:00:00Z 12.045 checked
      2026-04-19T03:00:00Z 12.06 checked
      2026-04-19T04:00:00Z missing
    Bridge; north discharge observed value
      2026-04-19T02:00:00Z 62.32 estimated
      2026-04-19T04:00:00Z missing
    Mill level observed value
      2026-04-19T02:00:00Z 0.985
      2026-04-19T03:00:00Z 0.99
    ");
}

#[test]
fn rows_of_a_long_table_that_cannot_be_read() {
    insta::assert_snapshot!(shown("long", "bad_rows.txt"), @r#"
    Mill level observed value
      2026-04-19T02:00:00Z 0.985 checked
      2026-04-20T09:00:00Z 0.63 checked
    Mill "old" level observed value
      2026-04-20T10:00:00Z 0.66 checked
    line 5: column `VALUE`: `0.99` has a point where decimals follow a comma
    line 6: column `VALUE`: `9 9,5` is not a decimal number
    line 7: column `VALUE`: unit `fathoms` of a level, expected m, cm, mm or ft
    line 8: column `VALUE`: unit `` of a level, expected m, cm, mm or ft
    line 9: column `STATION`: `` names no place
    line 10: `2026-04-18 25:00` is not a time of the form `%Y-%m-%d %H:%M`
    line 11: 2 cells, expected 7
    line 12: `00:00` is not a time of the form `%Y-%m-%d %H:%M`
    line 13: a quote that is not closed: `"Mill;2026-04-20;01:00;N;0,6;m;V`
    line 14: `02:00` is not a time of the form `%Y-%m-%d %H:%M`
    line 15: 8 cells, expected 7
    line 16: `x;2026-04-20;04:00;N;0,62;m;V` after a closing quote
    line 18: `2026-04-20` is not a time of the form `%Y-%m-%d %H:%M`
    line 19: 0001-01-01T05:17:32Z is not between the years 1900 and 2100
    line 22: column `VALUE`: `99999999999` is beyond any river
    "#);
}

#[test]
fn local_times_of_one_series_tell_which_hour_is_meant() {
    insta::assert_snapshot!(shown("long", "clocks.txt"), @"
    Mill level observed value
      2026-11-01T04:30:00Z 1 checked
      2026-11-01T05:00:00Z 1.1 checked
      2026-11-01T05:30:00Z 1.2 checked
      2026-11-01T06:00:00Z 1.3 checked
      2026-11-01T06:30:00Z 1.4 checked
      2026-11-01T07:00:00Z 1.5 checked
    Mill discharge observed value
      2026-11-01T04:30:00Z 10 checked
      2026-11-01T07:00:00Z 15 checked
    Bridge level observed value
      2026-03-08T06:30:00Z 2 checked
      2026-03-08T07:00:00Z 2.2 checked
    line 7: 2026-11-01T01:00:00: this hour comes twice, and it does not show which is meant
    line 14: 2026-03-08T02:30:00: clocks skip this hour
    ");
}

#[test]
fn a_table_without_names() {
    insta::assert_snapshot!(shown("plain", "ordinary.txt"), @"
     discharge observed value
      2026-04-18T00:00:00Z 12.04
      2026-04-18T00:15:00Z 12.05
      2026-04-18T00:30:00Z 12.06 estimated
      2026-04-18T00:15:00Z 12.05
     level observed value
      2026-04-18T00:00:00Z missing
      2026-04-18T00:15:00Z 1.713
      2026-04-18T00:30:00Z 1.719
      2026-04-18T00:15:00Z 1.713
    line 5: `1776472200.5` is not seconds since 1970
    line 6: 2 cells, expected 3
    line 7: `later` is not seconds since 1970
    ");
    insta::assert_snapshot!(shown("plain", "narrow.txt"), @"not table: line 1, column 1: no column 2 among 1: `12.04`");
}

#[test]
fn a_forecast_and_what_was_measured() {
    insta::assert_snapshot!(shown("forecast", "ordinary.csv"), @"
     level forecast value issued 2026-04-18T12:30:00Z
      2026-04-18T21:00:00Z 4.1
      2026-04-19T03:00:00Z 4.25
     level forecast lower issued 2026-04-18T12:30:00Z
      2026-04-18T21:00:00Z 3.9
      2026-04-19T03:00:00Z missing
     level forecast upper issued 2026-04-18T12:30:00Z
      2026-04-18T21:00:00Z 4.4
      2026-04-19T03:00:00Z 4.7
     level observed value
      2026-04-18T21:00:00Z 4.05
      2026-04-19T03:00:00Z missing
      2026-04-19T09:00:00Z missing
      2026-04-19T15:00:00Z missing
      2026-04-20T03:00:00Z missing
     level forecast value issued 2026-04-19T06:30:00Z
      2026-04-19T09:00:00Z 4.4
      2026-04-19T15:00:00Z 4.5
     level forecast lower issued 2026-04-19T06:30:00Z
      2026-04-19T09:00:00Z 4
      2026-04-19T15:00:00Z 4.05
     level forecast upper issued 2026-04-19T06:30:00Z
      2026-04-19T09:00:00Z 4.95
      2026-04-19T15:00:00Z 5.1
     level forecast value
      2026-04-20T03:00:00Z 4.65
     level forecast lower
      2026-04-20T03:00:00Z 4.1
     level forecast upper
      2026-04-20T03:00:00Z 5.3
    line 6: `2026-04-19` is not a time such as 2026-04-18 07:05:00
    line 7: `soon` is not a time such as 2026-04-18 07:05:00
    ");
}

#[test]
fn letters_and_line_ends_of_other_systems() {
    let said = "Rivière level observed value\n  2026-04-19T02:00:00Z 12.045 checked\n";
    assert_eq!((shown("long", "latin1_crlf.txt").as_str(), shown("long", "bom_crlf.txt").as_str()), (said, said));
}

#[test]
fn a_table_without_data_is_sound() {
    assert_eq!(shown("long", "header_only.txt"), "nothing");
    for (file, refusal) in [
        ("no_type.txt", "line 3, column 1: no column `TYPE` among `STATION`, `DATE`, `HOUR`, `VALUE`, `UNIT`, `QC`"),
        ("two_values.txt", "line 3, column 1: two columns `VALUE`, 5 and 6: the number must say which"),
        ("no_header.txt", "line 1, column 1: no header"),
        ("quote_in_header.txt", "line 3, column 1: a quote that is not closed: `\"DATE;HOUR`"),
    ] {
        assert_eq!(shown("long", file), format!("not table: {refusal}"));
    }
}
