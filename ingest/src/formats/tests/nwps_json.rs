//! US National Water Prediction Service: small documents and what is made of them.

use hydro::{Kind, Parameter};

use super::samples::{all_series, missing, one, read as sample, sample as bytes, summary};
use super::{shown, shown_bytes};
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::NwpsJson, file)
}

#[test]
fn a_gauge_has_its_flood_categories() {
    insta::assert_snapshot!(read("ordinary.json"), @"
    BRVM1: Belle Rive River at Mill Bridge, level action 3.048, minor 3.658, moderate 4.724, major 6.096, record 6.858
      at 47.25 -68.5; usgsId=01099999, county=Aroostook, state.abbreviation=ME, rfc.abbreviation=NERFC, wfo.abbreviation=CAR, timeZone=EST5EDT, pedts.observed=HGIRG, pedts.forecast=HGIFF, status.observed.floodCategory=no_flooding, status.forecast.floodCategory=fcst_not_current, inService.enabled=true
    ");
    insta::assert_snapshot!(read("gauge_flow_only.json"), @"
    BRVM1: Belle Rive River, discharge action 28.317, minor 70.792, major 283.168
      nowhere
    ");
    insta::assert_snapshot!(read("gauge_both.json"), @"
    BRVM1: Belle Rive River, level minor 3.658, moderate 4.572
      nowhere
    BRVM1: Belle Rive River, discharge moderate 469.663
      nowhere
    ");
    insta::assert_snapshot!(read("gauge_undefined.json"), @"
    BRVM1: Belle Rive River, level 
      nowhere
    ");
    insta::assert_snapshot!(read("gauge_no_flood.json"), @"
    BRVM1: BRVM1, level 
      nowhere; usgsId=01099999, inService.enabled=false, inService.message=Gauge awaiting repair
    ");
}

#[test]
fn half_a_scheme_is_none() {
    insta::assert_snapshot!(read("gauge_bad_values.json"), @r#"
    BRVM1: Belle Rive River, discharge action 2.832, minor 5.663
      nowhere
    line 2: latitude `147.25` is not degrees
    line 3: longitude `"west"` is not degrees
    line 4: flood: action: `high` is not a decimal number
    line 4: flood: crests: `7`, expected an object
    "#);
    insta::assert_snapshot!(read("gauge_bad_unit.json"), @"line 2: flood: minor: unit `fathoms` of a level, expected m, cm, mm or ft");
    insta::assert_snapshot!(read("gauge_bad_shapes.json"), @r#"line 2: flood: `[["ft"]]`, expected an object"#);
    insta::assert_snapshot!(read("gauge_duplicate_key.json"), @"line 2: flood: categories: duplicate field `minor`");
}

#[test]
fn stages_and_flows_of_both_kinds() {
    insta::assert_snapshot!(read("stageflow.json"), @"
     level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
     discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z 42.475
     level forecast value issued 2026-04-18T11:00:00Z
      2026-04-18T18:00:00Z 3.109
      2026-04-19T00:00:00Z 3.353
      2026-04-19T06:00:00Z 3.292
     discharge forecast value issued 2026-04-18T11:00:00Z
      2026-04-18T18:00:00Z 53.802
      2026-04-19T00:00:00Z 69.376
      2026-04-19T06:00:00Z 65.129
    ");
    insta::assert_snapshot!(read("flow_primary.json"), @"
     discharge observed value
      2026-04-18T11:30:00Z 26.618
      2026-04-18T11:45:00Z 26.901
     level observed value
      2026-04-18T11:30:00Z 0.427
      2026-04-18T11:45:00Z 0.457
    ");
    insta::assert_snapshot!(read("other_columns.json"), @"nothing");
}

#[test]
fn one_kind_alone_is_told_by_its_code() {
    insta::assert_snapshot!(read("observed_alone.json"), @"
     level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
     discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z 42.475
    ");
    insta::assert_snapshot!(read("forecast_alone.json"), @"
     level forecast value issued 2026-04-18T11:00:00Z
      2026-04-18T18:00:00Z 3.109
      2026-04-19T00:00:00Z 3.353
      2026-04-19T06:00:00Z 3.292
     discharge forecast value issued 2026-04-18T11:00:00Z
      2026-04-18T18:00:00Z 53.802
      2026-04-19T00:00:00Z 69.376
      2026-04-19T06:00:00Z 65.129
    ");
    insta::assert_snapshot!(read("neither_alone.json"), @"not nwps-json: line 1, column 1: pedts ``, expected one of observations or of a forecast, HGIRG or HGIFF");
}

#[test]
fn a_forecast_without_values_is_told() {
    insta::assert_snapshot!(read("no_forecast.json"), @"
     level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
     discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z 42.475
     level forecast value
     discharge forecast value
    ");
    insta::assert_snapshot!(read("no_forecast_row.json"), @"
     level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
     discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z 42.475
     level forecast value
     discharge forecast value
    ");
    insta::assert_snapshot!(read("null_forecast.json"), @"
     level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
     discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z 42.475
    ");
}

#[test]
fn no_data_is_sound() {
    insta::assert_snapshot!(read("no_data.json"), @"nothing");
    insta::assert_snapshot!(read("empty_block.json"), @"nothing");
}

#[test]
fn what_a_forecast_does_not_name_is_as_observed() {
    insta::assert_snapshot!(read("forecast_without_names.json"), @"
     level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
     discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z 42.475
     level forecast value issued 2026-04-18T11:00:00Z
      2026-04-18T18:00:00Z 3.109
      2026-04-19T00:00:00Z 3.353
     discharge forecast value issued 2026-04-18T11:00:00Z
      2026-04-18T18:00:00Z 53.802
      2026-04-19T00:00:00Z 69.376
    ");
    insta::assert_snapshot!(read("forecast_of_something_else.json"), @"
     level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
     discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z 42.475
    line 10: forecast primary: a number without a name, expected Stage, Flow or River Discharge
    line 10: forecast secondary: a number without a name, expected Stage, Flow or River Discharge
    ");
    insta::assert_snapshot!(read("forecast_in_another_unit.json"), @"
     level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
     discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z 42.475
     discharge forecast value issued 2026-04-18T11:00:00Z
      2026-04-18T18:00:00Z 53.802
      2026-04-19T00:00:00Z 69.376
    line 10: forecast primary: unit `kcfs` of a level, expected m, cm, mm or ft
    ");
    insta::assert_snapshot!(read("nobody_names.json"), @"
    line 6: forecast primary: a number without a name, expected Stage, Flow or River Discharge
    line 6: forecast secondary: a number without a name, expected Stage, Flow or River Discharge
    ");
}

#[test]
fn columns_that_nobody_knows_are_told_once() {
    insta::assert_snapshot!(read("unknown_columns.json"), @"
    line 5: observed primary: `Gage Level` in `ft`, expected Stage, Flow or River Discharge
    line 6: observed secondary: unit `acre-ft` of a discharge, expected m3/s, l/s, cfs or kcfs
    ");
    insta::assert_snapshot!(read("two_stages.json"), @"
     level observed value
      2026-04-18T11:30:00Z 0.732
      2026-04-18T11:45:00Z 0.762
    line 5: observed row: primary and secondary are both a level
    ");
}

#[test]
fn the_time_of_issue_is_stated_or_generated() {
    insta::assert_snapshot!(read("generated.json"), @"
     level forecast value issued 2026-04-18T11:10:00Z
      2026-04-18T18:00:00Z 3.109
      2026-04-19T00:00:00Z 3.353
     discharge forecast value issued 2026-04-18T11:10:00Z
      2026-04-18T18:00:00Z 53.802
      2026-04-19T00:00:00Z 69.376
    ");
    insta::assert_snapshot!(read("bad_issue.json"), @"
     level observed value
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.896
     discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z 42.475
    line 8: time of issue: `yesterday` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    ");
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.json"), @"
     level observed value
      2026-04-18T11:00:00Z missing
      2026-04-18T11:15:00Z missing
      2026-04-18T11:30:00Z missing
      2026-04-18T11:45:00Z 0
     discharge observed value
      2026-04-18T11:00:00Z missing
      2026-04-18T11:15:00Z missing
      2026-04-18T11:30:00Z missing
      2026-04-18T11:45:00Z missing
    ");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.json"), @"
     level observed value
      2026-04-18T11:45:00Z 2.896
      2026-04-18T11:45:00Z 2.896
      2026-04-18T11:30:00Z 2.865
      2026-04-18T11:45:00Z 2.926
     discharge observed value
      2026-04-18T11:45:00Z missing
      2026-04-18T11:45:00Z missing
      2026-04-18T11:30:00Z missing
      2026-04-18T11:45:00Z missing
    ");
    insta::assert_snapshot!(read("stageflow_reversed.json"), @"
     level observed value
      2026-04-18T11:45:00Z 2.896
     discharge observed value
      2026-04-18T11:30:00Z 39.644
      2026-04-18T11:45:00Z 42.475
     level forecast value issued 2026-04-18T11:00:00Z
      2026-04-19T00:00:00Z 3.353
      2026-04-19T06:00:00Z 3.292
     discharge forecast value issued 2026-04-18T11:00:00Z
      2026-04-18T18:00:00Z 53.802
      2026-04-19T00:00:00Z 69.376
      2026-04-19T06:00:00Z 65.129
    line 5: forecast primary: `deep` is not a decimal number
    line 12: observed primary: `low` is not a decimal number
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_rows.json"), @r#"
     discharge observed value
      2026-04-18T11:15:00Z 42.475
      2026-04-18T11:45:00Z 45.307
    line 4: observed row: `noon` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 5: observed primary: `high` is not a decimal number
    line 6: observed primary: `[9.4]` is not a decimal number
    line 6: observed secondary: `true` is not a decimal number
    line 7: observed row: a value without its time
    line 8: observed row: 2126-04-18T11:30:00Z is not between the years 1900 and 2100
    line 9: observed row: `2026-04-18T11:30:00` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 10: observed row: `17`, expected an object
    line 11: observed row: `[["2026-04-18T11:30:00Z", 9.4]]`, expected an object
    line 12: observed row: a value without its time
    line 13: observed primary: `1e99` is beyond any river
    line 14: observed row: invalid type: integer `20260418`, expected a string
    "#);
    insta::assert_snapshot!(read("bad_data.json"), @r#"
    line 2: observed data: invalid type: integer `5`, expected a sequence
    line 4: forecast: `"none"`, expected an object
    "#);
    insta::assert_snapshot!(read("deep_rows.json"), @"line 3: observed row: `[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[`, expected an object");
}

#[test]
fn encodings_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.json"), @"
    BRVM1: Belle Rive River at Mill Bridge, level action 3.048, minor 3.658, moderate 4.724, major 6.096, record 6.858
      at 47.25 -68.5; usgsId=01099999, county=Aroostook, state.abbreviation=ME, rfc.abbreviation=NERFC, wfo.abbreviation=CAR, timeZone=EST5EDT, pedts.observed=HGIRG, pedts.forecast=HGIFF, status.observed.floodCategory=no_flooding, status.forecast.floodCategory=fcst_not_current, inService.enabled=true
    ");
    insta::assert_snapshot!(read("latin1.json"), @"
    BRVM1: Rivière Belle River at Mill Bridge, level action 3.048, minor 3.658, moderate 4.724, major 6.096, record 6.858
      at 47.25 -68.5; usgsId=01099999, county=Aroostook, state.abbreviation=ME, rfc.abbreviation=NERFC, wfo.abbreviation=CAR, timeZone=EST5EDT, pedts.observed=HGIRG, pedts.forecast=HGIFF, status.observed.floodCategory=no_flooding, status.forecast.floodCategory=fcst_not_current, inService.enabled=true
    ");
}

#[test]
fn truncated_documents_are_refused_where_they_end() {
    insta::assert_snapshot!(read("gauge_truncated.json"), @"not nwps-json: line 23, column 26: the document ends inside a JSON value");
    insta::assert_snapshot!(read("stageflow_truncated.json"), @"not nwps-json: line 13, column 22: the document ends inside a JSON value");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("error.json"), @"not nwps-json: line 1, column 1: an error of the service: gauge NOLI9 not found");
    insta::assert_snapshot!(read("wrong_root.json"), @r#"not nwps-json: line 1, column 1: `[{   "lid": "BRVM1",   "usgsId": "010999`, expected a JSON object"#);
    insta::assert_snapshot!(read("wrong_shape.json"), @"not nwps-json: line 1, column 1: a JSON object without lid, observed, forecast or data");
    insta::assert_snapshot!(read("two_roots.json"), @"not nwps-json: line 2, column 1: trailing characters");
    insta::assert_snapshot!(read("gauge_bad_lid.json"), @"not nwps-json: line 1, column 1: lid ``, expected 1 to 100 characters");
    insta::assert_snapshot!(read("bad_blocks.json"), @"not nwps-json: line 1, column 14: observed: `[1]`, expected an object");
    insta::assert_snapshot!(read("deep.json"), @"not nwps-json: line 2, column 128: recursion limit exceeded");
}

#[test]
fn real_gauges() {
    let Some(gauge) = bytes("nwps/gauge_ACRT2_trimmed.json") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::NwpsJson, &gauge), @"
    ACRT2: Colorado River (TX) at Austin, level action 7.62, minor 10.058, moderate 11.582, major 12.802, record 15.545
      at 30.244 -97.694; usgsId=08158000, reachId=5781703, county=Travis, state.abbreviation=TX, rfc.abbreviation=WGRFC, wfo.abbreviation=EWX, timeZone=CST6CDT, status.observed.floodCategory=no_flooding, status.forecast.floodCategory=no_flooding, forecastReliability=Forecasts are issued routinely year-round., inService.enabled=true
    ");
    let gauge = bytes("nwps/issue250_gauge_FIHM1_excerpt.json").expect("beside the other");
    insta::assert_snapshot!(shown_bytes(&Format::NwpsJson, &gauge), @"
    FIHM1: Fish River at Fort Kent, level moderate 3.658, major 3.962
      at 47.2375 -68.58277778; usgsId=01013500, reachId=724696, county=Aroostook, state.abbreviation=ME, rfc.abbreviation=NERFC, timeZone=EST5EDT, datum.elevation=531.8, pedts.observed=HGIRG, pedts.forecast=HGIFF, status.observed.floodCategory=no_flooding, status.forecast.floodCategory=fcst_not_current
    FIHM1: Fish River at Fort Kent, discharge moderate 469.663
      at 47.2375 -68.58277778; usgsId=01013500, reachId=724696, county=Aroostook, state.abbreviation=ME, rfc.abbreviation=NERFC, timeZone=EST5EDT, datum.elevation=531.8, pedts.observed=HGIRG, pedts.forecast=HGIFF, status.observed.floodCategory=no_flooding, status.forecast.floodCategory=fcst_not_current
    ");
}

#[test]
fn real_stages_and_flows() {
    let Some(parsed) = sample(&Format::NwpsJson, "nwps/stageflow_ACRT2_trimmed.json") else { return };
    assert_eq!((parsed.items.len(), parsed.rejected.len(), missing(&parsed)), (4, 0, 2));
    let summary = |parameter, kind| summary(one(&parsed, "", parameter, kind));
    assert_eq!(
        summary(Parameter::Level, Kind::Observed),
        "5: 2026-09-25T20:00:00Z 3.84; 2026-09-25T21:00:00Z missing; 2026-09-25T23:50:00Z 3.975"
    );
    assert_eq!(
        summary(Parameter::Discharge, Kind::Observed),
        "5: 2026-09-25T20:00:00Z 5.663; 2026-09-25T21:00:00Z missing; 2026-09-25T23:50:00Z 6.626"
    );
    assert_eq!(
        summary(Parameter::Level, Kind::Forecast),
        "3: 2026-09-28T00:00:00Z 4.267; 2026-09-30T13:00:00Z 4.602; 2026-09-29T09:00:00Z 5.09"
    );
    assert_eq!(
        summary(Parameter::Discharge, Kind::Forecast),
        "3: 2026-09-28T00:00:00Z 14.158; 2026-09-30T13:00:00Z 28.317; 2026-09-29T09:00:00Z 52.953"
    );
    let issued: Vec<_> = all_series(&parsed).iter().map(|series| series.issued).collect();
    let forecast = "2026-09-25T13:30:00Z".parse().ok();
    assert_eq!(issued, [None, None, forecast, forecast]);
    let row = bytes("nwps/aquascope_stageflow_observed_1row.json").expect("beside the other");
    insta::assert_snapshot!(shown_bytes(&Format::NwpsJson, &row), @"
     level observed value
      2026-06-28T14:45:00Z 1.533
     discharge observed value
      2026-06-28T14:45:00Z 583.327
    ");
}
