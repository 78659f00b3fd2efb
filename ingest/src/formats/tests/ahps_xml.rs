//! The older hydrograph XML: small documents and what is made of them. No real one is at hand.

use super::shown;
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::AhpsXml, file)
}

#[test]
fn marks_rows_and_forecast() {
    insta::assert_snapshot!(read("ordinary.xml"), @"
    BRVM1: Belle Rive River at Mill Bridge, level action 3.048, minor 3.658, moderate 4.724, major 6.096, record 6.858
      nowhere; low=2 ft, bankfull=11.5 ft, zerodatum=531.8 ft
    BRVM1: Belle Rive River at Mill Bridge, discharge action 56.634, minor 99.109
      nowhere
    BRVM1 level observed value
      2026-04-18T11:45:00Z 2.896
      2026-04-18T11:30:00Z 2.865
    BRVM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
      2026-04-18T11:30:00Z missing
    BRVM1 level forecast value issued 2026-04-18T11:00:00Z
      2026-04-18T18:00:00Z 3.109
      2026-04-19T00:00:00Z 3.353
    BRVM1 discharge forecast value issued 2026-04-18T11:00:00Z
      2026-04-18T18:00:00Z 53.802
      2026-04-19T00:00:00Z 69.376
    ");
}

#[test]
fn each_number_states_what_it_is() {
    insta::assert_snapshot!(read("flow_primary.xml"), @"
    BRVM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
      2026-04-18T11:30:00Z 26.618
    BRVM1 level observed value
      2026-04-18T11:45:00Z 2.896
      2026-04-18T11:30:00Z 2.865
    ");
    insta::assert_snapshot!(read("bad_rows.xml"), @"
    BRVM1 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:15:00Z 36.812
      2026-04-18T11:00:00Z 33.98
      2026-04-18T10:45:00Z missing
      2026-04-18T10:15:00Z missing
    BRVM1 level observed value
      2026-04-18T10:30:00Z 2.835
      2026-04-18T10:15:00Z 2.804
    line 8: `noon` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 14: `high` is not a decimal number
    line 20: unit `fathoms` of a level, expected m, cm, mm or ft
    line 26: a number without a name, expected Stage, Flow or River Discharge
    line 38: primary and secondary are both a level
    line 44: a value without its time
    line 55: time of issue: `soon` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    ");
}

#[test]
fn a_forecast_without_values_is_told() {
    insta::assert_snapshot!(read("empty_forecast.xml"), @"
    BRVM1 level observed value
      2026-04-18T11:45:00Z 2.896
      2026-04-18T11:30:00Z 2.865
    BRVM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
      2026-04-18T11:30:00Z missing
    BRVM1 level forecast value issued 2026-04-18T11:00:00Z
    BRVM1 discharge forecast value issued 2026-04-18T11:00:00Z
    ");
    insta::assert_snapshot!(read("no_data.xml"), @"nothing");
}

#[test]
fn half_a_scheme_is_none() {
    insta::assert_snapshot!(read("bad_marks.xml"), @"
    BRVM1 level observed value
      2026-04-18T11:45:00Z 2.896
      2026-04-18T11:30:00Z 2.865
    BRVM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
      2026-04-18T11:30:00Z missing
    line 12: <moderate>: `high` is not a decimal number
    line 21: <flood>: stands twice
    ");
    insta::assert_snapshot!(read("bad_mark_unit.xml"), @"line 13: <major>: unit `` of a level, expected m, cm, mm or ft");
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.xml"), @"
    BRVM1 level observed value
      2026-04-18T11:45:00Z missing
      2026-04-18T11:30:00Z missing
    BRVM1 discharge observed value
      2026-04-18T11:45:00Z missing
      2026-04-18T11:30:00Z missing
    ");
}

#[test]
fn times_are_in_their_zone() {
    insta::assert_snapshot!(read("zones.xml"), @"
    BRVM1 level observed value
      2026-04-18T11:45:00Z 2.896
      2026-04-18T11:15:00Z 2.835
    BRVM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
      2026-04-18T11:15:00Z 36.812
    line 14: `2026-04-18T07:30:00-00:00` in a zone that is not UTC
    line 26: `2026-04-18T11:00:00` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    ");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.xml"), @"
    BRVM1 level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:30:00Z 2.926
    BRVM1 discharge observed value
      2026-04-18T11:30:00Z missing
      2026-04-18T11:45:00Z missing
      2026-04-18T11:30:00Z missing
      2026-04-18T11:30:00Z missing
    ");
}

#[test]
fn encodings_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.xml"), @"
    BRVM1 level observed value
      2026-04-18T11:45:00Z 2.896
      2026-04-18T11:30:00Z 2.865
    BRVM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
      2026-04-18T11:30:00Z missing
    ");
    insta::assert_snapshot!(read("latin1.xml"), @"
    BRVM1: Rivière Belle at Mill Bridge, level action 3.048, minor 3.658, moderate 4.724, major 6.096, record 6.858
      nowhere; low=2 ft, bankfull=11.5 ft
    BRVM1 level observed value
      2026-04-18T11:45:00Z 2.896
      2026-04-18T11:30:00Z 2.865
    BRVM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
      2026-04-18T11:30:00Z missing
    ");
}

#[test]
fn a_reply_without_a_site_is_refused_with_its_words() {
    insta::assert_snapshot!(read("no_site.xml"), @"not ahps-xml: line 1, column 1: no <site> but `There is no displayable data for the selected gage.`");
    insta::assert_snapshot!(read("no_site.txt"), @"not ahps-xml: line 1, column 1: no <site> but `Gauge not found.`");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("hml.xml"), @"not ahps-xml: line 12, column 3: units on <observed>, which is HML");
    insta::assert_snapshot!(read("wrong_root.xml"), @"not ahps-xml: line 2, column 1: root <sites>, expected <site>");
    insta::assert_snapshot!(read("no_id.xml"), @"not ahps-xml: line 2, column 1: a <site> of id ``, expected 1 to 100 characters");
    insta::assert_snapshot!(read("two_roots.xml"), @"not ahps-xml: line 59, column 1: a second root <site>");
    insta::assert_snapshot!(read("truncated.xml"), @"not ahps-xml: line 45, column 62: the document ends inside <datum>");
    insta::assert_snapshot!(read("dtd.xml"), @"not ahps-xml: line 2, column 1: a DTD");
    insta::assert_snapshot!(read("deep.xml"), @"not ahps-xml: line 7, column 190: elements more than 64 deep");
}
