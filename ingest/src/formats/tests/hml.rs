//! Bulletins of Hydrologic Markup Language: small documents and what is made of them.

use hydro::{Kind, Parameter};

use super::samples::{all_series, missing, one, read as sample, summary};
use super::shown;
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::Hml, file)
}

#[test]
fn documents_stand_back_to_back() {
    insta::assert_snapshot!(read("ordinary.txt"), @"
    BRVM1 level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
    BRVM1 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z missing
    BRVM1 level forecast value issued 2026-04-18T11:46:00Z
      2026-04-18T18:00:00Z 3.109
      2026-04-19T00:00:00Z 3.353
    BRVM1 discharge forecast value issued 2026-04-18T11:46:00Z
      2026-04-18T18:00:00Z 53.802
      2026-04-19T00:00:00Z 69.376
    DAMM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
    DAMM1 level observed value
      2026-04-18T11:45:00Z 1.295
    ");
    insta::assert_snapshot!(read("bulletin.txt"), @"
    BRVM1 level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
    BRVM1 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z missing
    DAMM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
    DAMM1 level observed value
      2026-04-18T11:45:00Z 1.295
    ");
    insta::assert_snapshot!(read("two_bulletins.txt"), @"
    BRVM1 level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
    BRVM1 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z missing
    DAMM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
    DAMM1 level observed value
      2026-04-18T11:45:00Z 1.295
    ");
    insta::assert_snapshot!(read("one_site.xml"), @"
    BRVM1 level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
    BRVM1 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z missing
    ");
}

#[test]
fn marks_of_a_site_are_thresholds() {
    insta::assert_snapshot!(read("marks.xml"), @"
    BRVM1: Belle Rive River, level action 3.048, minor 3.658, moderate 4.724, major 6.096, record 6.858
      nowhere; low=2 ft, zerodatum=531.8 ft
    BRVM1 level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
    BRVM1 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z missing
    ");
}

#[test]
fn a_broken_document_takes_nothing_from_the_others() {
    insta::assert_snapshot!(read("broken_site.txt"), @"
    BRVM1 level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
    BRVM1 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z missing
    DAMM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
    DAMM1 level observed value
      2026-04-18T11:45:00Z 1.295
    line 53: ill-formed document: expected `</primary>`, but `</primery>` was found
    ");
    insta::assert_snapshot!(read("unclosed_site.txt"), @"
    BRVM1 level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
    BRVM1 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z missing
    DAMM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
    DAMM1 level observed value
      2026-04-18T11:45:00Z 1.295
    line 33: the document ends inside <forecast>
    ");
    insta::assert_snapshot!(read("broken_declaration.txt"), @"
    BRVM1 level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
    BRVM1 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z missing
    BRVM2 level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
    BRVM2 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z missing
    line 33: root <xml>, expected <site>
    ");
    insta::assert_snapshot!(read("no_id.txt"), @"
    DAMM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
    DAMM1 level observed value
      2026-04-18T11:45:00Z 1.295
    line 5: a <site> of id ``, expected 1 to 100 characters
    ");
    insta::assert_snapshot!(read("dtd.txt"), @"
    DAMM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
    DAMM1 level observed value
      2026-04-18T11:45:00Z 1.295
    line 5: a DTD
    ");
    insta::assert_snapshot!(read("deep.txt"), @"
    DAMM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
    DAMM1 level observed value
      2026-04-18T11:45:00Z 1.295
    line 15: elements more than 64 deep
    ");
    insta::assert_snapshot!(read("truncated.txt"), @"
    BRVM1 level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
    BRVM1 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z missing
    line 44: the document ends inside <site>, in a tag
    ");
}

#[test]
fn a_bulletin_without_a_sound_document_is_refused() {
    insta::assert_snapshot!(read("truncated_alone.txt"), @"not hml: line 27, column 30: the document ends inside <valid>");
    insta::assert_snapshot!(read("truncated_on_first_line.txt"), @"not hml: line 1, column 13: the document ends inside a tag");
    insta::assert_snapshot!(read("heading_only.txt"), @"not hml: line 1, column 1: `119  SRUS51 KCAR 181205 HMLCAR`, expected a <site>");
    insta::assert_snapshot!(read("wrong_root.txt"), @"not hml: line 5, column 1: root <rss>, expected <site>");
    insta::assert_snapshot!(read("older_form.txt"), @"not hml: line 18, column 7: units on <primary>, which is the older hydrograph XML");
}

#[test]
fn a_forecast_without_values_is_told() {
    insta::assert_snapshot!(read("no_data.txt"), @"
    BRVM3 level forecast value issued 2026-04-18T11:46:00Z
    BRVM3 discharge forecast value issued 2026-04-18T11:46:00Z
    ");
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.txt"), @"
    BRVM1 level observed value
      2026-04-18T11:00:00Z missing
      2026-04-18T11:15:00Z missing
      2026-04-18T11:30:00Z 0
    BRVM1 discharge observed value
      2026-04-18T11:00:00Z missing
      2026-04-18T11:15:00Z missing
      2026-04-18T11:30:00Z missing
    ");
}

#[test]
fn names_and_units_tell_what_a_number_is() {
    insta::assert_snapshot!(read("units.txt"), @"
    S1 level observed value
      2026-04-18T11:30:00Z 2.5
    S1 discharge observed value
      2026-04-18T11:30:00Z 3.964
    S2 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z 42.475
    line 35: unit `fathoms` of a level, expected m, cm, mm or ft
    line 59: a number without a name, expected Stage, Flow or River Discharge
    line 78: `Gage Level` in `ft`, expected Stage, Flow or River Discharge
    ");
}

#[test]
fn times_are_in_their_zone() {
    insta::assert_snapshot!(read("zones.txt"), @"
    BRVM1 level observed value
      2026-04-18T11:45:00Z 2.896
    BRVM1 discharge observed value
      2026-04-18T11:45:00Z 42.475
    line 21: `2026-04-18T11:30:00-00:00` in a zone that is not UTC
    line 31: `2026-04-18T08:00:00` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 49: time of issue: `this morning` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_rows.txt"), @"
    BRVM1 level observed value
      2026-04-18T12:30:00Z 2.926
    BRVM1 discharge observed value
      2026-04-18T11:15:00Z 42.475
      2026-04-18T12:15:00Z 45.307
      2026-04-18T12:30:00Z 48.139
    line 21: `noon` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 26: `high` is not a decimal number
    line 31: a value without its time
    line 37: 2126-04-18T11:30:00Z is not between the years 1900 and 2100
    line 42: <valid> stands twice
    line 47: <primary> or <secondary> stands twice in one <datum>
    line 52: `1e99` is beyond any river
    ");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("out_of_order.txt"), @"
    BRVM1 level observed value
      2026-04-18T11:45:00Z 2.896
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
      2026-04-18T11:45:00Z 2.926
    BRVM1 discharge observed value
      2026-04-18T11:45:00Z missing
      2026-04-18T11:30:00Z missing
      2026-04-18T11:45:00Z missing
      2026-04-18T11:45:00Z missing
    ");
}

#[test]
fn encodings_do_not_matter() {
    insta::assert_snapshot!(read("latin1.xml"), @"
    FRSM1: Rivière Française & co., level action 3.048
      nowhere
    FRSM1 level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
    FRSM1 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z missing
    ");
    insta::assert_snapshot!(read("bom.xml"), @"
    BRVM1 level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
    BRVM1 discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z missing
    ");
}

#[test]
fn a_real_bulletin_of_37_sites() {
    let Some(parsed) = sample(&Format::Hml, "nws/pyiem_HMLARX.txt") else { return };
    let series = all_series(&parsed);
    assert_eq!((series.len(), parsed.items.len(), parsed.rejected.len(), missing(&parsed)), (74, 74, 0, 26));
    assert_eq!(series.iter().map(|series| series.points.len()).sum::<usize>(), 2 * 153);
    let places: std::collections::BTreeSet<_> = series.iter().map(|series| series.location.as_str()).collect();
    assert_eq!((places.len(), places.first(), places.last()), (37, Some(&"AGRI4"), Some(&"ZUMM5")));
    let summary = |place, parameter, kind| summary(one(&parsed, place, parameter, kind));
    assert_eq!(
        summary("EDRI4", Parameter::Level, Kind::Observed),
        "6: 2016-08-26T06:00:00Z 5.349; 2016-08-26T07:45:00Z 5.337; 2016-08-26T07:00:00Z 5.383"
    );
    assert_eq!(
        summary("AGRI4", Parameter::Discharge, Kind::Observed),
        "1: 2016-08-26T07:30:00Z missing; 2016-08-26T07:30:00Z missing; 2016-08-26T07:30:00Z missing"
    );
    assert_eq!(
        summary("GRBI4", Parameter::Level, Kind::Forecast),
        "28: 2016-08-26T12:00:00Z 6.645; 2016-09-02T06:00:00Z 2.286; 2016-08-27T00:00:00Z 8.382"
    );
    assert_eq!(
        summary("GRBI4", Parameter::Discharge, Kind::Forecast),
        "28: 2016-08-26T12:00:00Z 566.337; 2016-09-02T06:00:00Z 38.228; 2016-08-27T00:00:00Z 1070.377"
    );
    let forecasts: Vec<_> = series.iter().filter(|series| series.kind == Kind::Forecast).collect();
    assert!(forecasts.iter().all(|series| series.issued == "2016-08-26T07:46:00Z".parse().ok()));
    assert_eq!(forecasts.len(), 4);
}

#[test]
fn a_real_site_with_a_forecast() {
    let Some(parsed) = sample(&Format::Hml, "nws/hml_ARX_site_with_forecast.xml") else { return };
    assert_eq!((parsed.items.len(), parsed.rejected.len(), missing(&parsed)), (2, 0, 0));
    let level = one(&parsed, "EKDI4", Parameter::Level, Kind::Forecast);
    assert_eq!(
        summary(level),
        "28: 2016-08-26T12:00:00Z 7.407; 2016-09-02T06:00:00Z 2.073; 2016-08-26T18:00:00Z 8.077"
    );
    assert_eq!(level.issued, "2016-08-26T07:46:00Z".parse().ok());
    let discharge = one(&parsed, "EKDI4", Parameter::Discharge, Kind::Forecast);
    assert_eq!(
        summary(discharge),
        "28: 2016-08-26T12:00:00Z 843.842; 2016-09-02T06:00:00Z 29.733; 2016-08-26T18:00:00Z 1027.902"
    );
}
