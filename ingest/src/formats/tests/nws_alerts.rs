//! Alerts of the US National Weather Service: small documents and what is made of them, and a real one.

use hydro::Action;

use super::samples::read as read_sample;
use super::shown;
use crate::formats::{Format, Item};

fn read(file: &str) -> String {
    shown(&Format::NwsAlerts, file)
}

#[test]
fn a_list_is_complete() {
    insta::assert_snapshot!(read("ordinary.json"), @r#"
    in force:
      update w-nws.webmaster@noaa.gov,urn:oid:2.49.0.1.840.0.a1.001.1,2026-04-20T11:12:00Z
        refers to w-nws.webmaster@noaa.gov,urn:oid:2.49.0.1.840.0.a0.001.1,2026-04-20T00:00:00Z
        en-US Flood Warning | Severe | NWS Caribou ME | Flood Warning issued April 20 at 7:12AM EDT by NWS Caribou ME
          2026-04-20T11:12:00Z to 2026-04-20T23:15:00Z 
          "* WHAT...Flooding is occurring.\n\n* WHERE...The river at the bridge."
          "Turn around."
          Aroostook, ME: rings [5], 0 circles, [("SAME", "023003"), ("UGC", "MEC003")]
      alert w-nws.webmaster@noaa.gov,urn:oid:2.49.0.1.840.0.a2.001.1,2026-04-20T11:12:00Z
        en-US Flood Watch | Moderate | NWS Caribou ME | Flood Warning issued April 20 at 7:12AM EDT by NWS Caribou ME
          2026-04-20T11:12:00Z to - http://www.weather.gov
          "* WHAT...Flooding is occurring.\n\n* WHERE...The river at the bridge."
          ""
          Aroostook, ME: rings [5, 4], 0 circles, [("SAME", "023003"), ("UGC", "MEC003")]
      cancel w-nws.webmaster@noaa.gov,urn:oid:2.49.0.1.840.0.a3.001.1,2026-04-20T11:12:00Z
        en-US Flood Warning | Severe | NWS Caribou ME | 
          2026-04-20T11:12:00Z to 2026-04-20T23:15:00Z ended 
          ""
          ""
          Aroostook, ME: rings [], 0 circles, [("SAME", "023003"), ("UGC", "MEC003")]
    "#);
    insta::assert_snapshot!(read("empty.json"), @"in force:");
}

#[test]
fn tests_and_the_like_in_a_list_say_nothing() {
    insta::assert_snapshot!(read("statuses.json"), @r#"
    in force:
      alert w-nws.webmaster@noaa.gov,a,2026-04-20T11:12:00Z
        en-US Flood Warning | Severe | NWS Caribou ME | Flood Warning issued April 20 at 7:12AM EDT by NWS Caribou ME
          2026-04-20T11:12:00Z to 2026-04-20T23:15:00Z 
          "* WHAT...Flooding is occurring.\n\n* WHERE...The river at the bridge."
          ""
          Aroostook, ME: rings [], 0 circles, [("SAME", "023003"), ("UGC", "MEC003")]
    "#);
}

#[test]
fn a_page_of_a_list_is_no_complete_list() {
    insta::assert_snapshot!(read("paged.json"), @r#"
    alert w-nws.webmaster@noaa.gov,a,2026-04-20T11:12:00Z
      en-US Flood Warning | Severe | NWS Caribou ME | Flood Warning issued April 20 at 7:12AM EDT by NWS Caribou ME
        2026-04-20T11:12:00Z to 2026-04-20T23:15:00Z 
        "* WHAT...Flooding is occurring.\n\n* WHERE...The river at the bridge."
        ""
        Aroostook, ME: rings [], 0 circles, [("SAME", "023003"), ("UGC", "MEC003")]
    "#);
}

#[test]
fn the_same_message_may_stand_twice() {
    insta::assert_snapshot!(read("duplicates.json"), @r#"
    in force:
      alert w-nws.webmaster@noaa.gov,a,2026-04-20T11:12:00Z
        en-US Flood Warning | Severe | NWS Caribou ME | Flood Warning issued April 20 at 7:12AM EDT by NWS Caribou ME
          2026-04-20T11:12:00Z to 2026-04-20T23:15:00Z 
          "* WHAT...Flooding is occurring.\n\n* WHERE...The river at the bridge."
          ""
          Aroostook, ME: rings [], 0 circles, [("SAME", "023003"), ("UGC", "MEC003")]
      alert w-nws.webmaster@noaa.gov,a,2026-04-20T11:12:00Z
        en-US Flood Warning | Severe | NWS Caribou ME | Flood Warning issued April 20 at 7:12AM EDT by NWS Caribou ME
          2026-04-20T11:12:00Z to 2026-04-20T23:15:00Z 
          "* WHAT...Flooding is occurring.\n\n* WHERE...The river at the bridge."
          ""
          Aroostook, ME: rings [], 0 circles, [("SAME", "023003"), ("UGC", "MEC003")]
    "#);
}

#[test]
fn faults_are_rejected_with_their_line_and_the_rest_is_kept() {
    insta::assert_snapshot!(read("bad_features.json"), @r#"
    in force:
      alert w-nws.webmaster@noaa.gov,good,2026-04-20T11:12:00Z
        en-US Flood Warning | Severe | NWS Caribou ME | Flood Warning issued April 20 at 7:12AM EDT by NWS Caribou ME
          2026-04-20T11:12:00Z to 2026-04-20T23:15:00Z 
          "* WHAT...Flooding is occurring.\n\n* WHERE...The river at the bridge."
          ""
          Aroostook, ME: rings [], 0 circles, [("SAME", "023003"), ("UGC", "MEC003")]
      alert w-nws.webmaster@noaa.gov,good2,2026-04-20T11:12:00Z
        en-US Flood Warning | Severe | NWS Caribou ME | Flood Warning issued April 20 at 7:12AM EDT by NWS Caribou ME
          2026-04-20T11:12:00Z to 2026-04-20T23:15:00Z 
          "* WHAT...Flooding is occurring.\n\n* WHERE...The river at the bridge."
          ""
          Aroostook, ME: rings [], 0 circles, [("SAME", "023003"), ("UGC", "MEC003")]
    line 11: feature 1: sent `soon` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 49: feature 2: expires 0001-01-01T00:00:00Z is not between the years 1900 and 2100
    line 87: feature 3: messageType `Warn`, expected Alert, Update or Cancel
    line 125: feature 4: no id, sender, sent or status
    line 163: feature 5: `wx:Zone`, expected wx:Alert
    line 201: feature 6: a geometry of type `Point`, expected Polygon or MultiPolygon
    line 245: feature 7: a polygon that is not a closed ring of longitudes and latitudes
    line 305: feature 8: `"none"`, expected an object
    line 306: feature 9: `[    1   ]`, expected an object
    line 309: feature 10: `[]`, expected an object
    line 312: feature 11: missing field `identifier`
    "#);
}

#[test]
fn encodings_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.json"), @r#"
    in force:
      alert w-nws.webmaster@noaa.gov,a,2026-04-20T11:12:00Z
        en-US Flood Warning | Severe | NWS Caribou ME | Flood Warning issued April 20 at 7:12AM EDT by NWS Caribou ME
          2026-04-20T11:12:00Z to 2026-04-20T23:15:00Z 
          "one\n\ntwo"
          ""
          Aroostook, ME: rings [], 0 circles, [("SAME", "023003"), ("UGC", "MEC003")]
    "#);
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("error.json"), @r#"not nws-alerts: line 1, column 1: an error of the service: The area "XX" is not known"#);
    insta::assert_snapshot!(read("wrong_type.json"), @"not nws-alerts: line 1, column 1: a JSON object of `FeatureCollection`, expected a FeatureCollection of alerts");
    insta::assert_snapshot!(read("wrong_root.json"), @r#"not nws-alerts: line 1, column 1: `[  {   "@context": [    "https://geojson`, expected a JSON object"#);
    insta::assert_snapshot!(read("duplicate_keys.json"), @"not nws-alerts: line 1, column 295: duplicate field `features`");
    insta::assert_snapshot!(read("truncated.json"), @"not nws-alerts: line 96, column 1: the document ends inside a JSON value");
    insta::assert_snapshot!(read("deep.json"), @"
    in force:
    line 1: feature 1: `[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[`, expected an object
    ");
}

#[test]
fn a_heat_warning_and_bad_air_in_arizona() {
    let Some(parsed) = read_sample(&Format::NwsAlerts, "nws/nws_alerts_api.json") else { return };
    let [Item::InForce(alerts)] = parsed.items.as_slice() else { panic!("{:?}", parsed.items) };
    assert_eq!((alerts.len(), parsed.rejected), (2, vec![]));
    let [heat, air] = [&alerts[0].notices[0], &alerts[1].notices[0]];
    let time = |time: Option<hydro::Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
    assert_eq!((heat.event.as_str(), heat.severity.as_str()), ("Excessive Heat Warning", "Severe"));
    assert_eq!((time(heat.onset), time(heat.expires)), ("2024-07-19T17:00:00Z".into(), "2024-07-19T10:00:00Z".into()));
    assert_eq!(time(heat.until()), "2024-07-21T03:00:00Z", "the message expires before the heat begins");
    assert_eq!((heat.areas[0].codes.len(), heat.areas[0].rings.len(), heat.ended), (10, 0, false));
    assert_eq!((alerts[0].action, alerts[0].references.len()), (Action::Update, 1));
    assert_eq!(
        (air.event.as_str(), time(air.ends), time(air.until())),
        ("Air Quality Alert", String::new(), "2024-07-20T04:00:00Z".into())
    );
    assert!(air.areas[0].codes.contains(&("UGC".into(), "AZC013".into())));
}
