//! Vigicrues: small documents and what is made of them, and real ones.

use super::samples::sample;
use super::{shown, shown_bytes};
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::VigicruesJson, file)
}

#[test]
fn observations_come_in_three_forms() {
    insta::assert_snapshot!(read("ordinary.json"), @"
    Z900000001 level observed value
      2026-04-18T07:00:00Z 0.6
      2026-04-18T08:00:00Z 0.62
      2026-04-18T09:00:00Z 0.49
    ");
    insta::assert_snapshot!(read("iso.json"), @"
    Z900000001 discharge observed value
      2026-04-18T07:00:00Z 11.8
      2026-04-18T08:00:00Z 12
    ");
    insta::assert_snapshot!(read("objects.json"), @"
    Z900000001 level observed value
      2026-04-18T07:00:00Z 0.6
      2026-04-18T08:00:00Z 0.62
    line 10: no ResObsHydro
    line 11: missing field `DtObsHydro`
    ");
}

#[test]
fn forecasts_have_bounds() {
    insta::assert_snapshot!(read("forecast.json"), @"
    Z900000001 level forecast value issued 2026-04-18T06:26:26Z
      2026-04-18T21:00:00Z 0.43
      2026-04-18T22:00:00Z 0.45
    Z900000001 level forecast min issued 2026-04-18T06:26:26Z
      2026-04-18T21:00:00Z 0.42
      2026-04-18T22:00:00Z 0.41
    Z900000001 level forecast max issued 2026-04-18T06:26:26Z
      2026-04-18T21:00:00Z 0.44
      2026-04-18T22:00:00Z 0.6
    ");
    insta::assert_snapshot!(read("forecast_milliseconds.json"), @"
    Z900000002 discharge forecast value issued 2026-04-18T06:00:00Z
      2026-04-18T07:00:00Z 43
    Z900000002 discharge forecast min issued 2026-04-18T06:00:00Z
      2026-04-18T07:00:00Z 42
    Z900000002 discharge forecast max issued 2026-04-18T06:00:00Z
      2026-04-18T07:00:00Z 44
    ");
    insta::assert_snapshot!(read("forecast_of_bounds.json"), @"
    Z900000001 level forecast value
      2026-04-18T22:00:00Z missing
    Z900000001 level forecast min
      2026-04-18T21:00:00Z 0.42
      2026-04-18T22:00:00Z 0.42
    Z900000001 level forecast max
      2026-04-18T21:00:00Z 0.44
      2026-04-18T22:00:00Z 0.44
    ");
}

#[test]
fn a_forecast_without_values_is_news() {
    insta::assert_snapshot!(read("forecast_without_values.json"), @"Z900000001 level forecast value issued 2026-04-18T06:26:26Z");
}

#[test]
fn bad_rows_are_rejected_with_their_lines() {
    insta::assert_snapshot!(read("bad_rows.json"), @r#"
    Z900000001 level observed value
      2026-04-18T07:00:00Z 0.6
      2026-04-18T07:30:00Z 0.61
    line 9: `1776495600` is not a time in milliseconds since 1970
    line 10: `2026-04-18T09:15:00` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 11: `0,6` is not a decimal number
    line 12: invalid length 1, expected a tuple of size 2
    line 13: trailing characters
    line 14: `1776495600000000` is not a time in milliseconds since 1970
    line 15: `99999999999999999999` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 16: `"none"`, expected an object
    line 17: missing field `DtObsHydro`
    line 18: `true` is not a decimal number
    "#);
    insta::assert_snapshot!(read("bad_forecast.json"), @r#"
    Z900000001 level forecast value issued 2026-04-18T06:26:26Z
      2026-04-18T21:00:00Z 0.43
      2026-04-18T22:00:00Z 0.45
    Z900000001 level forecast min issued 2026-04-18T06:26:26Z
      2026-04-18T22:00:00Z missing
    Z900000001 level forecast max issued 2026-04-18T06:26:26Z
      2026-04-18T22:00:00Z 0.6
    line 8: `2026-04-18T23:00:00` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 9: `0,42` is not a decimal number
    line 9: `[1]` is not a decimal number
    line 10: no ResMoyPrev, ResMinPrev or ResMaxPrev
    line 11: `"none"`, expected an object
    "#);
}

#[test]
fn a_forecast_of_no_known_issue_is_refused() {
    insta::assert_snapshot!(read("bad_issue.json"), @"not vigicrues-json: line 1, column 1: DtProdSimul `yesterday` is not a time with its offset such as 2026-04-18T07:05:00-04:00");
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.json"), @"
    Z900000001 level observed value
      2026-04-18T07:00:00Z missing
      2026-04-18T07:15:00Z missing
      2026-04-18T07:30:00Z missing
      2026-04-18T07:45:00Z -0.05
    ");
}

#[test]
fn nothing_is_sound() {
    insta::assert_snapshot!(read("empty.json"), @"nothing");
    insta::assert_snapshot!(read("nothing_now.json"), @"nothing");
}

#[test]
fn the_service_is_quoted() {
    insta::assert_snapshot!(read("error.json"), @"not vigicrues-json: line 1, column 1: an error of the service: Cette station n'existe pas");
    insta::assert_snapshot!(read("other_message.json"), @"not vigicrues-json: line 1, column 1: an error of the service: Service indisponible");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("other_quantity.json"), @"not vigicrues-json: line 1, column 1: GrdSerie `T`, expected H or Q");
    insta::assert_snapshot!(read("wrong_root.json"), @"not vigicrues-json: line 1, column 1: a JSON object without `Serie` and `Simul`");
    insta::assert_snapshot!(read("wrong_serie.json"), @"not vigicrues-json: line 1, column 1: `[ [1776495600000, 0.6]]`, expected an object");
    insta::assert_snapshot!(read("truncated.json"), @"not vigicrues-json: line 9, column 19: the document ends inside a JSON value");
}

#[test]
fn order_and_duplicates_are_kept() {
    insta::assert_snapshot!(read("out_of_order.json"), @"
    Z900000001 level observed value
      2026-04-18T08:00:00Z 0.62
      2026-04-18T07:00:00Z 0.6
      2026-04-18T08:00:00Z 0.63
    ");
}

#[test]
fn encodings_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.json"), @"
    Z900000001 level observed value
      2026-04-18T07:00:00Z 0.6
    line 9: `now` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    ");
    insta::assert_snapshot!(read("latin1.json"), @"
    Z900000001 level observed value
      2026-04-18T07:00:00Z 0.6
    ");
}

#[test]
fn real_replies() {
    let told = |path| sample(path).map(|bytes| shown_bytes(&Format::VigicruesJson, &bytes));
    let Some(observations) = told("vigicrues/id70360852168_observations_simple.json") else { return };
    insta::assert_snapshot!(observations, @"
    B720000001 level observed value
      2026-07-18T23:00:00Z 0.6
      2026-07-19T00:00:00Z 0.62
      2026-09-23T19:30:00Z 0.49
    ");
    let forecast = told("vigicrues/id70360852168_prevision_v1.1_excerpt.json").expect("a forecast");
    insta::assert_snapshot!(forecast, @"
    K490003010 level forecast value issued 2026-09-23T06:26:26Z
      2026-09-23T21:00:00Z 0.43
    K490003010 level forecast min issued 2026-09-23T06:26:26Z
      2026-09-23T21:00:00Z 0.42
    K490003010 level forecast max issued 2026-09-23T06:26:26Z
      2026-09-23T21:00:00Z 0.44
    ");
    let error = told("vigicrues/id70360852168_error_http200.json").expect("an error");
    insta::assert_snapshot!(error, @"not vigicrues-json: line 1, column 1: an error of the service: Cette station n'est pas une station de prévisions");
    assert_eq!(told("vigicrues/id70360852168_nocontent_http200.json").as_deref(), Some("nothing"));
}
