//! England's readings, stations and warnings in JSON: small documents and what is made of them, and real ones.

use hydro::Alert;

use super::samples::{read as read_sample, sample};
use super::{fixture, shown, shown_bytes};
use crate::formats::{Format, Gauge, Item, Parsed, parse};

fn read(file: &str) -> String {
    shown(&Format::EaJson, file)
}

#[test]
fn readings_are_gathered_by_measure() {
    insta::assert_snapshot!(read("ordinary.json"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z 0.921
      2026-04-18T07:15:00Z 0.934
    9001ZZ-level-downstage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z 0.426
    9001ZZ-flow-logged-i-15_min-m3_s discharge observed value
      2026-04-18T07:00:00Z 12.6
    ");
    insta::assert_snapshot!(read("one_reading.json"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z 0.921
    ");
}

#[test]
fn no_readings_are_no_news_of_warnings() {
    insta::assert_snapshot!(read("no_readings.json"), @"nothing");
}

#[test]
fn bad_readings_are_rejected_with_their_lines() {
    insta::assert_snapshot!(read("bad_readings.json"), @r#"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z 0.921
      2026-04-18T07:30:00Z 0.923
    line 17: `2026-04-18T07:15:00` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 23: `[     0.922,     0.934    ]` is not a decimal number
    line 32: unit `---` of a level, expected m, cm, mm or ft
    line 38: `true` is not a decimal number
    line 44: a reading without a value
    line 48: measure `12`, expected STATION-level-… or STATION-flow-…
    line 53: invalid type: integer `20260418`, expected a string
    line 58: neither a reading nor a station nor a warning
    line 61: `"text"`, expected an object
    "#);
}

#[test]
fn sentinels_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.json"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z missing
      2026-04-18T07:15:00Z missing
      2026-04-18T07:30:00Z 0.923
      2026-04-18T07:45:00Z missing
    ");
}

#[test]
fn order_and_duplicates_are_kept() {
    insta::assert_snapshot!(read("out_of_order.json"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:15:00Z 0.934
      2026-04-18T07:00:00Z 0.921
      2026-04-18T07:15:00Z 0.935
    ");
}

#[test]
fn a_station_is_a_gauge_for_each_measure_of_a_river() {
    insta::assert_snapshot!(read("stations.json"), @"
    9001ZZ-level-stage-i-15_min-mASD: Upper Example, level record 0.82
      at 51.874767 -1.740083; stationReference=9001ZZ, riverName=River Example, town=Exampleham, catchmentName=Example Hills, RLOIid=7041, status=http://environment.data.gov.uk/flood-monitoring/def/core/statusActive, typicalRangeLow=0.068, typicalRangeHigh=0.42, scaleMax=3
    9001ZZ-level-downstage-i-15_min-mASD: Upper Example, level 
      at 51.874767 -1.740083; stationReference=9001ZZ, riverName=River Example, town=Exampleham, catchmentName=Example Hills, RLOIid=7041, status=http://environment.data.gov.uk/flood-monitoring/def/core/statusActive
    9001ZZ-flow-logged-i-15_min-m3_s: Upper Example, discharge 
      at 51.874767 -1.740083; stationReference=9001ZZ, riverName=River Example, town=Exampleham, catchmentName=Example Hills, RLOIid=7041, status=http://environment.data.gov.uk/flood-monitoring/def/core/statusActive
    9001ZZ-level-stage-i-15_min-mAOD: Upper Example, level 
      at 51.874767 -1.740083; stationReference=9001ZZ, riverName=River Example, town=Exampleham, catchmentName=Example Hills, RLOIid=7041, status=http://environment.data.gov.uk/flood-monitoring/def/core/statusActive
    9003-level-stage-i-15_min-m: Lower Example, level 
      at 51.5 -1.5; stationReference=9003
    ");
}

#[test]
fn bad_stations_are_rejected_with_their_lines() {
    insta::assert_snapshot!(read("bad_stations.json"), @"
    9001ZZ-level-downstage-i-15_min-mASD: D, level 
      nowhere; stationReference=9001ZZ
    line 11: a station without a label
    line 21: lat `151.5` is not degrees
    line 36: measure `none`, expected STATION-level-… or STATION-flow-…
    line 42: unit `---` of a level, expected m, cm, mm or ft
    line 47: maxOnRecord `high` is not a decimal number
    line 68: measure ``, expected STATION-level-… or STATION-flow-…
    ");
}

#[test]
fn warnings_in_force_are_told_word_for_word() {
    insta::assert_snapshot!(read("floods.json"), @r#"
    in force:
      alert environment.data.gov.uk,900WAF001,2026-01-10T16:09:00Z
        en-GB Flood alert | Flood alert | Environment Agency | River Example at 900WAF001
          - to - 
          "Rivers are rising.\nMove what you value upstairs."
          ""
          River Example at 900WAF001: rings [], 0 circles, [("EA", "900WAF001")]
      alert environment.data.gov.uk,900FWF002,2026-07-10T15:09:00Z
        en-GB Severe flood warning | Severe flood warning | Environment Agency | River Example at 900FWF002
          - to - 
          "Rivers are rising.\nMove what you value upstairs."
          ""
          River Example at 900FWF002: rings [], 0 circles, [("EA", "900FWF002"), ("EA", "900FWFOLD")]
      alert environment.data.gov.uk,900FWF003,2026-01-10T17:00:00Z
        en-GB Warning no longer in force | Warning no longer in force | Environment Agency | River Example at 900FWF003
          - to - ended 
          ""
          ""
          River Example at 900FWF003: rings [], 0 circles, [("EA", "900FWF003")]
    "#);
    insta::assert_snapshot!(read("one_flood.json"), @r#"
    in force:
      alert environment.data.gov.uk,900WAF001,2026-01-10T16:09:00Z
        en-GB Flood alert | Flood alert | Environment Agency | River Example at 900WAF001
          - to - 
          "Rivers are rising.\nMove what you value upstairs."
          ""
          River Example at 900WAF001: rings [], 0 circles, [("EA", "900WAF001")]
    "#);
}

#[test]
fn no_warnings_are_news() {
    insta::assert_snapshot!(read("no_floods.json"), @"in force:");
    insta::assert_snapshot!(read("no_items.json"), @"in force:");
}

#[test]
fn a_list_that_may_not_be_whole_ends_nothing() {
    insta::assert_snapshot!(read("bad_floods.json"), @r#"
    alert environment.data.gov.uk,900WAF001,2026-01-10T16:09:00Z
      en-GB Flood alert | Flood alert | Environment Agency | River Example at 900WAF001
        - to - 
        "Rivers are rising.\nMove what you value upstairs."
        ""
        River Example at 900WAF001: rings [], 0 circles, [("EA", "900WAF001")]
    line 30: `10/01/2026 16:09` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 49: a warning without a time
    line 68: a warning without a floodAreaID
    line 87: invalid type: sequence, expected a string
    "#);
    insta::assert_snapshot!(read("floods_at_the_limit.json"), @r#"
    alert environment.data.gov.uk,900WAF001,2026-01-10T16:09:00Z
      en-GB Flood alert | Flood alert | Environment Agency | River Example at 900WAF001
        - to - 
        "Rivers are rising.\nMove what you value upstairs."
        ""
        River Example at 900WAF001: rings [], 0 circles, [("EA", "900WAF001")]
    "#);
}

#[test]
fn without_a_time_of_the_message_the_next_best_is_taken() {
    insta::assert_snapshot!(read("floods_times.json"), @r#"
    in force:
      alert environment.data.gov.uk,900WAF001,2026-01-10T08:00:00Z
        en-GB Flood alert | Flood alert | Environment Agency | River Example at 900WAF001
          - to - 
          "Rivers are rising.\nMove what you value upstairs."
          ""
          River Example at 900WAF001: rings [], 0 circles, [("EA", "900WAF001")]
      alert environment.data.gov.uk,900WAF002,2026-01-10T09:00:22Z
        en-GB Flood alert | Flood alert | Environment Agency | River Example at 900WAF002
          - to - 
          "Rivers are rising.\nMove what you value upstairs."
          ""
          River Example at 900WAF002: rings [], 0 circles, [("EA", "900WAF002")]
    "#);
}

#[test]
fn truncated_documents_are_refused() {
    insta::assert_snapshot!(read("truncated.json"), @"not ea-json: line 14, column 107: the document ends inside a JSON value");
}

#[test]
fn the_service_is_quoted() {
    insta::assert_snapshot!(read("error.json"), @"not ea-json: line 1, column 1: an error of the service: the service is being maintained");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("wrong_items.json"), @"not ea-json: line 1, column 1: items that are neither readings nor stations nor warnings");
    insta::assert_snapshot!(read("items_of_text.json"), @r#"not ea-json: line 1, column 1: items `"none"`, expected an array"#);
    insta::assert_snapshot!(read("wrong_root.json"), @r#"not ea-json: line 1, column 1: `[{"dateTime": "2026-04-18T07:00:00Z", "v`, expected a JSON object"#);
}

#[test]
fn line_ends_and_marks_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.json"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z 0.921
    line 17: `now` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    ");
}

#[test]
fn deep_nesting_and_duplicate_keys_harm_their_own_item() {
    insta::assert_snapshot!(read("deep.json"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z 0.921
    line 2: `[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[`, expected an object
    ");
    insta::assert_snapshot!(read("duplicate_keys.json"), @"
    9001ZZ-level-stage-i-15_min-mASD level observed value
      2026-04-18T07:00:00Z 0.921
    line 2: duplicate field `value`
    ");
}

/// In 2026 England put its clocks forward on 29 March at 01:00 and back on 25 October at 02:00.
#[test]
fn times_without_a_zone_are_the_clock_of_england() {
    let parsed = parse(&Format::EaJson, &fixture("ea-json/floods_clock.json")).expect("warnings");
    let sent: Vec<String> = in_force(&parsed).iter().map(|alert| alert.id.sent.to_string()).collect();
    insta::assert_snapshot!(sent.join("\n"), @"
    2026-03-29T00:59:59Z
    2026-03-29T01:30:00Z
    2026-03-29T01:00:00Z
    2026-10-24T23:59:59Z
    2026-10-25T00:30:00Z
    2026-10-25T02:00:00Z
    2026-07-01T12:00:00Z
    2026-07-01T11:00:00Z
    ");
}

#[test]
fn real_stations() {
    let Some(parsed) = read_sample(&Format::EaJson, "uk_ea/gorge_stations.json") else { return };
    let gauges: Vec<&Gauge> = parsed
        .items
        .iter()
        .map(|item| if let Item::Gauge(gauge) = item { gauge } else { panic!("{item:?}") })
        .collect();
    let named: Vec<String> = gauges.iter().map(|gauge| format!("{}: {}", gauge.location, gauge.name)).collect();
    insta::assert_snapshot!(named.join("\n"), @"
    4173TH-level-downstage-i-15_min-mASD: River Wandle at Ravensbury Mill
    4173TH-level-stage-i-15_min-mASD: River Wandle at Ravensbury Mill
    1029TH-level-downstage-i-15_min-mASD: Bourton Dickler
    1029TH-level-stage-i-15_min-mASD: Bourton Dickler
    F1906-flow-logged-i-15_min-m3_s: Netherside Hall
    F1906-level-stage-i-15_min-m: Netherside Hall
    1301TH-level-downstage-i-15_min-mASD: Kings Lock
    1301TH-level-stage-i-15_min-mASD: Kings Lock
    ");
    assert_eq!(gauges[0].position, Some((51.398_338, -0.183_625)));
    // A scale of which only the address is given says nothing.
    assert!(gauges.iter().all(|gauge| gauge.thresholds.is_empty()));
    assert_eq!(parsed.rejected.iter().map(|rejected| rejected.line).collect::<Vec<_>>(), [131, 147]);
}

#[test]
fn a_real_station_with_its_scale() {
    let Some(bytes) = sample("uk_ea/id7384963498_station_stageScale.json") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::EaJson, &bytes), @"
    1029TH-level-downstage-i-15_min-mASD: Bourton Dickler, level 
      at 51.874767 -1.740083; stationReference=1029TH, riverName=Dikler, town=Little Rissington, catchmentName=Cotswolds, RLOIid=7041, status=http://environment.data.gov.uk/flood-monitoring/def/core/statusActive
    1029TH-level-stage-i-15_min-mASD: Bourton Dickler, level record 0.82
      at 51.874767 -1.740083; stationReference=1029TH, riverName=Dikler, town=Little Rissington, catchmentName=Cotswolds, RLOIid=7041, status=http://environment.data.gov.uk/flood-monitoring/def/core/statusActive, typicalRangeLow=0.068, typicalRangeHigh=0.42, scaleMax=3
    ");
}

#[test]
fn a_real_warning() {
    let Some(bytes) = sample("uk_ea/id67128453948_floods.json") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::EaJson, &bytes), @r#"
    in force:
      alert environment.data.gov.uk,034WAF428,2026-08-27T15:09:00Z
        en-GB Flood alert | Flood alert | Environment Agency | Lower River Soar in Leicestershire
          - to - 
          "Rising river levels may lead to flooding."
          ""
          Lower River Soar in Leicestershire: rings [], 0 circles, [("EA", "034WAF428")]
    "#);
}

fn in_force(parsed: &Parsed) -> &[Alert] {
    match parsed.items.as_slice() {
        [Item::InForce(alerts)] => alerts,
        other => panic!("{other:?}"),
    }
}
