//! WaterML 2.0: small documents and what is made of them, and real ones where they are at hand.

use super::samples::sample;
use super::{shown, shown_bytes};
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::Waterml2, file)
}

#[test]
fn usgs_observations() {
    insta::assert_snapshot!(read("ordinary.xml"), @"
    09900001 level observed value
      2026-11-01T05:00:00Z 1.652 provisional
      2026-11-01T06:00:00Z 1.658 approved
      2026-11-01T06:15:00Z 1.664 estimated
      2026-11-01T06:30:00Z missing
    09900001 discharge observed value
      2026-11-01T05:00:00Z 6.626 provisional
    ");
}

#[test]
fn units_and_remarks_of_one_point_and_of_all() {
    insta::assert_snapshot!(read("general.xml"), @"
    Weir 7 level observed value
      2026-11-01T05:00:00Z 1.5 good
      2026-11-01T05:15:00Z 1.5 doubtful
      2026-11-01T05:30:00Z missing
      2026-11-01T05:45:00Z missing
      2026-11-01T06:00:00Z missing
      2026-11-01T06:15:00Z missing
    ");
}

#[test]
fn a_simulation_is_a_forecast() {
    insta::assert_snapshot!(read("forecast.xml"), @"
    Weir 7 discharge forecast value issued 2026-11-01T10:05:00Z
      2026-11-01T11:00:00Z 12.5
    ");
}

#[test]
fn properties_are_known_by_their_words_or_units() {
    insta::assert_snapshot!(read("properties.xml"), @"
    W3 level observed value
      2026-11-01T05:00:00Z 1
    W4 discharge observed value
      2026-11-01T05:00:00Z 1
    W6 level observed value
      2026-11-01T05:00:00Z 0.001
    W7 discharge observed value
      2026-11-01T05:00:00Z 0.001
    W8 level observed value
      2026-11-01T05:00:00Z 0.305
    ");
}

#[test]
fn places_are_known_by_what_names_them() {
    insta::assert_snapshot!(read("places.xml"), @"
    http://example.org/place/7 level observed value
      2026-11-01T05:00:00Z 1
    Weir level observed value
      2026-11-01T05:00:00Z 1
    MP.7 level observed value
      2026-11-01T05:00:00Z 1
     level observed value
      2026-11-01T05:00:00Z 1
    ");
}

#[test]
fn no_observations_is_sound() {
    insta::assert_snapshot!(read("empty.xml"), @"nothing");
}

#[test]
fn a_truncated_document_is_refused_where_it_ends() {
    insta::assert_snapshot!(read("truncated.xml"), @"not waterml2: line 18, column 106: the document ends inside <value>");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("wrong_root.xml"), @"not waterml2: line 2, column 1: root <MeasurementTimeseries>, expected <Collection>");
    insta::assert_snapshot!(read("wrong_namespace.xml"), @"not waterml2: line 2, column 1: a <Collection> that is not of http://www.opengis.net/waterml/2.0");
    insta::assert_snapshot!(read("deep.xml"), @"not waterml2: line 5, column 190: elements more than 64 deep");
}

#[test]
fn daily_values_are_refused() {
    insta::assert_snapshot!(read("daily.xml"), @"not waterml2: line 16, column 27: statistic `00003` of `obs.9`: daily means and extremes are not readings of an instant");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.xml"), @"
    W level observed value
      2026-11-01T05:00:00Z 1
      2026-11-01T05:00:00Z 1
      2026-11-01T05:00:00Z 2
    ");
    insta::assert_snapshot!(read("out_of_order.xml"), @"
    W level observed value
      2026-11-01T06:00:00Z 2
      2026-11-01T05:00:00Z 1
    ");
}

#[test]
fn encodings_and_line_ends_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.xml"), @"
    W level observed value
      2026-11-01T05:00:00Z 1
    ");
    insta::assert_snapshot!(read("latin1.xml"), @"
    Rivière level observed value
      2026-11-01T05:00:00Z 1
    ");
}

#[test]
fn sensors_are_never_mixed() {
    insta::assert_snapshot!(read("sensors.xml"), @"
    09900001 level observed value
      2026-11-01T05:00:00Z 3.048
    09900001/s.2 level observed value
      2026-11-01T05:00:00Z 3.048
    09900001/s.3 level observed value
      2026-11-01T05:00:00Z 6.096
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_rows.xml"), @"
    W level observed value
      2026-11-01T06:15:00Z 1.25
    line 13: `high` is not a decimal number
    line 14: `2026-11-01` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 15: 0001-01-01T00:00:00Z is not between the years 1900 and 2100
    line 16: `` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 17: unit `furlongs` of a level, expected m, cm, mm or ft
    line 19: interpolationType `AveragePrec`: not readings of an instant
    line 21: <b> inside a time or a value
    line 22: `1e99` is beyond any river
    ");
    insta::assert_snapshot!(read("bad_observations.xml"), @"
    W level observed value
      2026-11-01T05:00:00Z 1
    line 5: unit `furlongs` of a level, expected m, cm, mm or ft
    line 16: parameter `0006`, expected five digits such as 00065
    line 27: feature `WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW`, expected 1 to 100 characters
    line 38: interpolationType `AveragePrec`: not readings of an instant
    line 49: unit `` of a level, expected m, cm, mm or ft
    line 68: resultTime: `soon` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    ");
}

#[test]
fn real_daily_values_are_refused_or_passed_over() {
    let Some(bytes) = sample("usgs/WaterML2Example.xml") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::Waterml2, &bytes), @"not waterml2: line 12, column 5: statistic `00003` of `obs.USGS.01646500.00060.1.00003`: daily means and extremes are not readings of an instant");
    // Temperatures and conductances only.
    let Some(bytes) = sample("usgs/tstool_wml2_2gages_daily_collection.xml") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::Waterml2, &bytes), @"nothing");
}
