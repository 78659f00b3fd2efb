//! PEGELONLINE: small documents and what is made of them, and real ones.

use super::samples::sample;
use super::{shown, shown_bytes};
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::PegelonlineJson, file)
}

#[test]
fn stations_have_their_current_measurements() {
    insta::assert_snapshot!(read("ordinary.json"), @"
    90001: BEISPIEL AN DER ÖDER, level 
      at 51.05 13.7; uuid=00000000-0000-4000-8000-000000090001, shortname=BEISPIEL, water=ÖDER, km=55.63, agency=STANDORT BEISPIEL, gaugeZero=102.5 m. ü. NHN
    90001 level observed value
      2026-04-18T07:00:00Z 2.33
    90001 discharge observed value
      2026-04-18T07:00:00Z 131.5
    90002: BEISPIEL AN DER ÖDER, level 
      at 51.05 13.7; uuid=00000000-0000-4000-8000-000000090002, shortname=BEISPIEL, water=ÖDER, km=55.63, agency=STANDORT BEISPIEL
    ");
}

#[test]
fn measurements_are_centimetres_of_a_place_not_named() {
    insta::assert_snapshot!(read("measurements.json"), @"
    level observed value
     2026-10-25T00:45:00Z 2.33
     2026-10-25T01:00:00Z 2.34
     2026-10-25T01:15:00Z 2.346
    ");
    insta::assert_snapshot!(read("current.json"), @"
    level observed value
     2026-04-18T07:00:00Z 2.33
    ");
}

#[test]
fn forecasts_are_told_apart_by_their_issue() {
    insta::assert_snapshot!(read("forecast.json"), @"
     level forecast value issued 2026-04-18T05:00:00Z
      2026-04-18T07:00:00Z 2.33
      2026-04-18T09:00:00Z 2.36
      2026-04-20T07:00:00Z 2.41 estimated
      2026-04-20T09:00:00Z missing
     level forecast value issued 2026-04-18T06:00:00Z
      2026-04-18T07:00:00Z 2.4
    line 7: `soon` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 8: `` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 9: a forecast without `initialized`
    ");
}

#[test]
fn bad_measurements_are_rejected_with_their_lines() {
    insta::assert_snapshot!(read("bad_rows.json"), @r#"
     level observed value
      2026-04-18T07:00:00Z 2.33
      2026-04-18T07:30:00Z 2.34
    line 3: `2026-04-18T09:15:00` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 4: `2e3e` is not a decimal number
    line 5: `[233]` is not a decimal number
    line 6: invalid type: integer `1776495600`, expected a string
    line 7: 0001-01-01T00:00:00Z is not between the years 1900 and 2100
    line 8: neither a measurement nor a station
    line 9: `"none"`, expected an object
    "#);
}

#[test]
fn bad_stations_are_rejected_with_their_lines() {
    insta::assert_snapshot!(read("bad_stations.json"), @r#"
    90001: BEISPIEL AN DER ÖDER, level 
      at 51.05 13.7; uuid=00000000-0000-4000-8000-000000090001, shortname=BEISPIEL, water=ÖDER, km=55.63, agency=STANDORT BEISPIEL, gaugeZero=102.5 m. ü. NHN
    90001 level forecast value issued 2026-04-18T05:00:00Z
      2026-04-18T07:00:00Z 2.4
    90001 discharge observed value
      2026-04-18T07:00:00Z 131.5
    line 2: a station without a number
    line 48: unit `ft. lb` of a level, expected m, cm, mm or ft
    line 64: `2026-04-18T09:00:00` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 80: a measurement of W with `initialized`, which forecasts have
    line 97: a measurement of WV without `initialized`, which forecasts have
    line 113: a series without a shortname
    line 116: `"W"`, expected an object
    line 152: `151` is not degrees
    line 166: a station without a name
    line 181: invalid type: map, expected a sequence
    "#);
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.json"), @"
    level observed value
     2026-04-18T07:00:00Z missing
     2026-04-18T07:15:00Z missing
     2026-04-18T07:30:00Z missing
     2026-04-18T07:45:00Z missing
     2026-04-18T08:00:00Z -0.12
    ");
}

#[test]
fn nothing_is_sound() {
    insta::assert_snapshot!(read("empty.json"), @"nothing");
}

#[test]
fn the_service_is_quoted() {
    insta::assert_snapshot!(read("error.json"), @"not pegelonline-json: line 1, column 1: an error of the service: Station BEISPIEL does not exist.");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("wrong_root.json"), @r#"not pegelonline-json: line 1, column 1: `{"stations": []}`, expected measurements or stations"#);
    insta::assert_snapshot!(read("wrong_elements.json"), @"not pegelonline-json: line 1, column 1: a JSON array of neither measurements nor stations");
    insta::assert_snapshot!(read("truncated.json"), @"not pegelonline-json: line 3, column 41: the document ends inside a JSON value");
}

#[test]
fn order_and_duplicates_are_kept() {
    insta::assert_snapshot!(read("out_of_order.json"), @"
    level observed value
     2026-04-18T07:15:00Z 2.34
     2026-04-18T07:00:00Z 2.33
     2026-04-18T07:15:00Z 2.35
    ");
}

#[test]
fn encodings_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.json"), @"
     level observed value
      2026-04-18T07:00:00Z 2.33
    line 3: `now` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    ");
    insta::assert_snapshot!(read("latin1.json"), @"
    90002: BEISPIEL AN DER ÖDER, level 
      at 51.05 13.7; uuid=00000000-0000-4000-8000-000000090002, shortname=BEISPIEL, water=ÖDER, km=55.63, agency=STANDORT BEISPIEL
    ");
}

#[test]
fn real_stations() {
    let Some(bytes) = sample("pegelonline/stations.json") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::PegelonlineJson, &bytes), @"
    501060: DRESDEN, level 
      at 51.054459765598125 13.738831783620384; uuid=70272185-xxxx-xxxx-xxxx-43bea330dcae, shortname=DRESDEN, water=ELBE, km=55.63, agency=STANDORT DRESDEN
    24300600: WÜRZBURG, level 
      at 49.79620901036012 9.925968763247354; uuid=915d76e1-xxxx-xxxx-xxxx-4d144cd771cc, shortname=WÜRZBURG, water=MAIN, km=251.97, agency=SCHWEINFURT
    ");
}

/// The 715 cm of a bridge's clearance are no level, and the zero of it is not the river's.
#[test]
fn a_real_bridge() {
    let Some(bytes) = sample("pegelonline/station_hanau_bridge.json") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::PegelonlineJson, &bytes), @"
    24700347: HANAU BRÜCKE DFH, level 
      nowhere; uuid=07374faf-xxxx-xxxx-xxxx-adc0e0784c4b, shortname=HANAU BRÜCKE DFH, water=MAIN, km=56.398, agency=ASCHAFFENBURG
    ");
}
