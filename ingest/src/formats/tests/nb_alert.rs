//! New Brunswick's older forecast: small documents and what is made of them.

use hydro::{Kind, Parameter};

use super::samples::{missing, one, read as read_sample, sample};
use super::{shown, shown_bytes};
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::NbAlert, file)
}

#[test]
fn levels_of_days_ahead_stand_at_noon() {
    insta::assert_snapshot!(read("ordinary.xml"), @"
    16 level forecast value issued 2026-04-18T03:00:00Z
      2026-04-19T15:00:00Z 6.1
      2026-04-20T15:00:00Z 6.35
      2026-04-21T15:00:00Z 6.5
      2026-04-22T15:00:00Z 6.45
      2026-04-23T15:00:00Z missing
    1 level forecast value issued 2026-04-18T03:00:00Z
      2026-04-19T15:00:00Z missing
      2026-04-20T15:00:00Z missing
      2026-04-21T15:00:00Z missing
      2026-04-22T15:00:00Z missing
      2026-04-23T15:00:00Z missing
    ");
}

#[test]
fn a_day_takes_its_year_from_the_day_of_issue() {
    insta::assert_snapshot!(read("new_year.xml"), @"
    16 level forecast value issued 2026-12-30T04:00:00Z
      2026-12-31T16:00:00Z 6.1
      2027-01-01T16:00:00Z 6.35
      2027-01-02T16:00:00Z 6.4
    ");
    insta::assert_snapshot!(read("leap_day.xml"), @"
    16 level forecast value issued 2028-02-28T04:00:00Z
      2028-02-29T16:00:00Z 6.1
      2028-03-01T16:00:00Z 6.35
    ");
    insta::assert_snapshot!(read("next_day.xml"), @"
    16 level forecast value issued 2026-04-18T03:00:00Z
      2026-04-20T15:00:00Z 6.1
      2026-04-21T15:00:00Z 6.35
    ");
}

#[test]
fn noon_is_noon_when_clocks_have_changed() {
    insta::assert_snapshot!(read("november.xml"), @"
    16 level forecast value issued 2026-10-31T03:00:00Z
      2026-11-01T16:00:00Z 6.1
      2026-11-02T16:00:00Z 6.35
    ");
    insta::assert_snapshot!(read("march.xml"), @"
    16 level forecast value issued 2026-03-07T04:00:00Z
      2026-03-08T15:00:00Z 6.1
      2026-03-09T15:00:00Z 6.35
    ");
}

#[test]
fn without_a_year_nothing_can_be_known() {
    insta::assert_snapshot!(read("without_year.xml"), @"not nb-alert: line 3, column 5: days without a year, and no <date_issued> to tell it");
    insta::assert_snapshot!(read("bad_issued.xml"), @"not nb-alert: line 3, column 5: date_issued `18 April 2026` is not a date such as 2026-04-18");
    insta::assert_snapshot!(read("year_one.xml"), @"not nb-alert: line 3, column 5: 0001-01-01T04:19:08Z is not between the years 1900 and 2100");
}

#[test]
fn a_day_that_cannot_be_understood_takes_its_column_with_it() {
    insta::assert_snapshot!(read("stale_days.xml"), @"
    line 7: <dates_24> is day 4 of month 4, not so many hours after 2026-04-18
    line 8: <dates_24> is day 4 of month 4, not so many hours after 2026-04-18
    line 9: <dates_48> is day 5 of month 4, not so many hours after 2026-04-18
    line 10: <dates_48> is day 5 of month 4, not so many hours after 2026-04-18
    ");
    insta::assert_snapshot!(read("two_days.xml"), @"
    16 level forecast value issued 2026-04-18T03:00:00Z
      2026-04-19T15:00:00Z 6.1
    line 10: <dates_48> names two days
    ");
    insta::assert_snapshot!(read("bad_dates.xml"), @"
    line 7: `19th of April` is not a day such as 19 May or 19 mai
    line 9: <dates_48> is day 31 of month 4, not so many hours after 2026-04-18
    line 10: <dates_48> is day 31 of month 4, not so many hours after 2026-04-18
    line 11: <dates_12>, expected hours from 24 to 240
    line 12: <dates_>, expected hours from 24 to 240
    ");
}

#[test]
fn no_stations_is_sound() {
    insta::assert_snapshot!(read("no_stations.xml"), @"nothing");
}

#[test]
fn duplicates_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.xml"), @"
    16 level forecast value issued 2026-04-18T03:00:00Z
      2026-04-19T15:00:00Z 6.1
      2026-04-20T15:00:00Z 6.35
    16 level forecast value issued 2026-04-18T03:00:00Z
      2026-04-19T15:00:00Z 6.1
      2026-04-20T15:00:00Z 6.4
    ");
}

#[test]
fn encodings_do_not_matter() {
    assert_eq!(read("bom_crlf.xml"), read("ordinary.xml"));
    insta::assert_snapshot!(read("latin1.xml"), @"
    2 level forecast value issued 2026-07-31T03:00:00Z
      2026-08-01T15:00:00Z 1.6
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_rows.xml"), @"
    16 level forecast value issued 2026-04-18T03:00:00Z
      2026-04-19T15:00:00Z 6.1
    3 level forecast value issued 2026-04-18T03:00:00Z
      2026-04-19T15:00:00Z missing
    4 level forecast value issued 2026-04-18T03:00:00Z
      2026-04-19T15:00:00Z 2
      2026-04-20T15:00:00Z 3
    5 level forecast value issued 2026-04-18T03:00:00Z
      2026-04-19T15:00:00Z 2
    line 17: `high` is not a decimal number
    line 19: a station with <stationID> ``, expected 1 to 100 characters
    line 31: `1e99` is beyond any river
    line 39: <forecast_72> without its day among the <dates>
    line 46: <forecast_24> stands twice in one station
    line 51: <stationID> stands twice in one station
    line 51: a station with <stationID> ``, expected 1 to 100 characters
    line 56: a station with <stationID> ``, expected 1 to 100 characters
    ");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("truncated.xml"), @"not nb-alert: line 36, column 7: the document ends inside <station>, in a tag");
    insta::assert_snapshot!(read("no_dates.xml"), @"not nb-alert: line 3, column 5: a <station> before the <dates>");
    insta::assert_snapshot!(read("nothing.xml"), @"not nb-alert: line 1, column 1: a <forecast> without <dates>");
    insta::assert_snapshot!(read("wrong_root.xml"), @"not nb-alert: line 2, column 1: root <area>, expected <forecast>");
    insta::assert_snapshot!(read("two_roots.xml"), @"not nb-alert: line 39, column 3: a second root <forecast>");
    insta::assert_snapshot!(read("deep.xml"), @"not nb-alert: line 3, column 190: elements more than 64 deep");
    insta::assert_snapshot!(read("dtd.xml"), @"not nb-alert: line 2, column 1: a DTD");
}

#[test]
fn real_placeholders_of_2018_and_a_file_of_no_year() {
    let Some(parsed) = read_sample(&Format::NbAlert, "nb/alert_2018-05-18_5day-format_2019.xml") else { return };
    assert_eq!((parsed.items.len(), parsed.rejected.len(), missing(&parsed)), (23, 0, 22 * 5 + 1));
    let connors = one(&parsed, "0", Parameter::Level, Kind::Forecast);
    // Issued on 18 May 2018, when New Brunswick's clocks were three hours behind UTC.
    assert_eq!(connors.issued, "2018-05-18T03:00:00Z".parse().ok());
    let points: Vec<String> = connors.points.iter().map(|point| super::samples::point(Some(point))).collect();
    insta::assert_debug_snapshot!(points, @r#"
    [
        "2018-05-19T15:00:00Z 170",
        "2018-05-20T15:00:00Z 170",
        "2018-05-21T15:00:00Z 170",
        "2018-05-22T15:00:00Z 170",
        "2018-05-23T15:00:00Z missing",
    ]
    "#);
    let Some(bytes) = sample("nb/alert_2017-12-09_48h-format.xml") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::NbAlert, &bytes), @"not nb-alert: line 3, column 5: days without a year, and no <date_issued> to tell it");
}
