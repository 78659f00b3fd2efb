//! England's readings in CSV: small documents and what is made of them, and real ones.

use super::samples::sample;
use super::{shown, shown_bytes};
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::EaCsv, file)
}

#[test]
fn rows_are_gathered_by_measure() {
    insta::assert_snapshot!(read("ordinary.csv"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z 0.921
      2026-04-18T07:15:00Z 0.934
    9001ZZ-level-downstage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z 0.426
    9001ZZ-flow-logged-i-15_min-m3_s discharge observed value
      2026-04-18T07:00:00Z 12.6
    9002-level-tidal_level-i-15_min-mAOD level observed value
      2026-04-18T07:00:00Z -1.204
    ");
}

#[test]
fn a_header_alone_is_sound() {
    insta::assert_snapshot!(read("header_only.csv"), @"nothing");
}

#[test]
fn what_is_no_river_is_passed_over() {
    insta::assert_snapshot!(read("others.csv"), @"nothing");
}

#[test]
fn bad_rows_are_rejected_with_their_lines() {
    insta::assert_snapshot!(read("bad_rows.csv"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z 0.921
      2026-04-18T08:00:00Z 0.925
    line 3: `2026-04-18T07:15:00` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 4: 0001-01-01T00:00:00Z is not between the years 1900 and 2100
    line 5: `0.92l` is not a decimal number
    line 6: unit `---` of a level, expected m, cm, mm or ft
    line 7: unit `mBDAT` of a level, which is counted downwards
    line 8: measure `9001ZZ-salinity-i-15_min-psu`, expected STATION-level-… or STATION-flow-…
    line 9: measure `9001ZZ-level-stage`, expected STATION-level-… or STATION-flow-…
    line 10: measure `9001ZZ-level-stage-i-15_min-mASD`, expected STATION-level-… or STATION-flow-…
    line 11: 1 fields, expected 3
    ");
    insta::assert_snapshot!(read("truncated.csv"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z 0.921
    line 3: 2 fields, expected 3
    ");
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.csv"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z missing
      2026-04-18T07:15:00Z missing
      2026-04-18T07:30:00Z missing
      2026-04-18T07:45:00Z 0.925
    ");
}

#[test]
fn a_cell_of_two_values_is_taken_for_neither() {
    insta::assert_snapshot!(read("archive.csv"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z 0.921
    line 3: `0.922|0.934` is not a decimal number
    line 4: 8 fields, expected 7
    ");
}

#[test]
fn stations_may_have_hyphens_and_qualifiers_may_be_empty() {
    insta::assert_snapshot!(read("spaces_and_hyphens.csv"), @"
    067027_TG_127-level-stage-i-15_min-m level observed value
      2026-04-18T07:00:00Z 3.25
    90-01-level-stage-i-15_min-m level observed value
      2026-04-18T07:00:00Z 3.5
    9004-flow--Mean-15_min-m3_s discharge observed value
      2026-04-18T07:00:00Z 4.125
    9004-flow--Mean-15_min-l_s discharge observed value
      2026-04-18T07:00:00Z 4.125
    ");
}

#[test]
fn order_and_duplicates_are_kept() {
    insta::assert_snapshot!(read("out_of_order.csv"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:15:00Z 0.934
      2026-04-18T07:00:00Z 0.921
      2026-04-18T07:15:00Z 0.935
    ");
}

#[test]
fn line_ends_and_marks_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.csv"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z 0.921
    line 3: `2026-04-18` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    ");
}

#[test]
fn another_header_is_refused() {
    insta::assert_snapshot!(read("wrong_header.csv"), @"not ea-csv: line 1, column 1: `dateTime,station,value`, expected a header with `dateTime`, `measure` and `value`");
}

#[test]
fn a_real_reply() {
    let Some(bytes) = sample("uk_ea/gorge_readings.csv") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::EaCsv, &bytes), @"
    2432TH-level-stage-i-15_min-mASD level observed value
      2020-05-02T18:15:00Z 0.921
    2432TH-level-downstage-i-15_min-mASD level observed value
      2020-05-02T18:15:00Z 0.926
    E1660-level-downstage-i-15_min-mASD level observed value
      2020-05-30T04:30:00Z 0.266
    E1660-level-stage-i-15_min-mASD level observed value
      2020-05-30T04:30:00Z 0.166
    E1660-flow-stage-i-15_min-m3_s discharge observed value
      2020-05-30T04:30:00Z 0.261
    ");
}
