//! The lines of the map: what can be wrong with the file that `site.map` names.

use hydro::Position;
use server::{FeatureKind, Ground};

use super::super::{Source, check};
use super::{MAIN, RIVER};

const LINES: &str = r#"{"type":"FeatureCollection","credit":"Nobody","bbox":[-67,45,-66,47],
"features":[
{"type":"Feature","properties":{"kind":"land"},"geometry":{"type":"Polygon","coordinates":[
[[-67,45],[-66.5,45.5],[-66,47],[-67,45]]]}},
{"type":"Feature","properties":{"kind":"river","name":"River"},"geometry":{"type":"LineString","coordinates":[
[-66.9,46],[-66.5,46.25,12]]}}
]}
"#;

/// The ground that a text makes.
fn ground(lines: Result<&str, &str>) -> Result<Option<Ground>, String> {
    let main = MAIN.replace("timezone = ", "map = \"lines.geojson\"\ntimezone = ");
    let source = |file: &str, text: &str| Source { file: file.to_owned(), text: text.to_owned() };
    let read = |file: &str| lines.map(|lines| source(file, lines)).map_err(|error| format!("{file} {error}"));
    let river = source("stations/0.toml", RIVER);
    let config = check(&source("riverwatch.toml", &main), &[], read, |_| Ok(vec![Ok(river)]));
    config.map(|config| config.site.ground).map_err(|faults| faults.to_string())
}

fn faults(from: &str, to: &str) -> String {
    assert_eq!(LINES.matches(from).count(), 1, "`{from}` stands once");
    ground(Ok(&LINES.replace(from, to))).expect_err("a fault")
}

#[test]
fn lines_are_read() {
    let ground = ground(Ok(LINES)).expect("sound").expect("a ground");
    assert_eq!((ground.credit.as_str(), ground.features.len()), ("Nobody", 2));
    assert_eq!(ground.features[0].kind, FeatureKind::Land);
    let at = |latitude, longitude| Position { latitude, longitude };
    assert_eq!((ground.south_west, ground.north_east), (at(45.0, -67.0), at(47.0, -66.0)));
    assert_eq!(ground.course("River"), Some(&[vec![at(46.0, -66.9), at(46.25, -66.5)]][..]));
    assert_eq!(ground.course("Stream"), None);
}

#[test]
fn a_file_that_is_not_there() {
    insta::assert_snapshot!(ground(Err("cannot be read: no such file")).expect_err("a fault"), @r#"
    riverwatch.toml:3:7: lines.geojson cannot be read: no such file
        3 | map = "lines.geojson"
          |       ^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn what_is_no_geojson() {
    insta::assert_snapshot!(ground(Ok("<html>")).expect_err("a fault"), @r"
    lines.geojson:1:1: expected value
        1 | <html>
          | ^
    ");
    insta::assert_snapshot!(faults("\"FeatureCollection\"", "\"Topology\""), @r#"
    lines.geojson:1:18: unknown variant `Topology`, expected `FeatureCollection`
        1 | {"type":"Topology","credit":"Nobody","bbox":[-67,45,-66,47],
          |                  ^
    "#);
    insta::assert_snapshot!(faults(",[-67,45]]]}},", ",[-67,45]"), @r#"
    lines.geojson:5:1: expected `,` or `]`
        5 | {"type":"Feature","properties":{"kind":"river","name":"River"},"geometry":{"type":"LineString","coordinates":[
          | ^
    "#);
    insta::assert_snapshot!(faults("\"credit\":\"Nobody\",", ""), @r#"
    lines.geojson:1:1: missing field `credit`
        1 | {"type":"FeatureCollection","bbox":[-67,45,-66,47],
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn positions_that_are_none() {
    insta::assert_snapshot!(faults("[-66.5,45.5]", "[-66.5,145.5]"), @r"
    lines.geojson:4:11: no position: expected [longitude, latitude], -180 to 180 and -90 to 90 degrees
        4 | [[-67,45],[-66.5,145.5],[-66,47],[-67,45]]]}},
          |           ^^^^^^^^^^^^^
    ");
    insta::assert_snapshot!(faults("[-66.9,46]", "[-66.9]"), @r"
    lines.geojson:6:1: no position: expected [longitude, latitude], -180 to 180 and -90 to 90 degrees
        6 | [-66.9],[-66.5,46.25,12]]}}
          | ^^^^^^^
    ");
    insta::assert_snapshot!(faults("[-67,45,-66,47]", "[-66,45,-67,47]"), @r#"
    lines.geojson:1:54: no bbox: expected [west, south, east, north] in degrees
        1 | {"type":"FeatureCollection","credit":"Nobody","bbox":[-66,45,-67,47],
          |                                                      ^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn features_that_cannot_be_drawn() {
    insta::assert_snapshot!(faults("\"land\"", "\"road\""), @r#"
    lines.geojson:3:45: unknown variant `road`, expected one of `land`, `lake`, `river`, `border`
        3 | {"type":"Feature","properties":{"kind":"road"},"geometry":{"type":"Polygon","coordinates":[
          |                                             ^
    "#);
    insta::assert_snapshot!(faults("\"land\"", "\"border\""), @r#"
    lines.geojson:3:1: a line has no inside: expected LineString or MultiLineString
        3 | {"type":"Feature","properties":{"kind":"border"},"geometry":{"type":"Polygon","coordinates":[
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults("\"river\"", "\"lake\""), @r#"
    lines.geojson:5:1: an area has an inside: expected Polygon or MultiPolygon
        5 | {"type":"Feature","properties":{"kind":"lake","name":"River"},"geometry":{"type":"LineString","coordinates":[
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(",[-67,45]]]", ",[-67,46]]]"), @r#"
    lines.geojson:3:1: a ring is open: expected four positions or more, the last of them the first
        3 | {"type":"Feature","properties":{"kind":"land"},"geometry":{"type":"Polygon","coordinates":[
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(",[-66.5,46.25,12]", ""), @r#"
    lines.geojson:5:1: a line leads nowhere: expected two positions or more
        5 | {"type":"Feature","properties":{"kind":"river","name":"River"},"geometry":{"type":"LineString","coordinates":[
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn more_than_a_telephone_should_load() {
    let many = "[-66.5,46],[-66.4,46],".repeat(2500);
    insta::assert_snapshot!(faults("[-66.9,46]", &format!("{many}[-66.9,46]")), @r"
    lines.geojson: 5006 positions: expected at most 5000, as all may reach a telephone
    ");
}

#[test]
fn a_long_line_is_shown_in_part() {
    let long = "[-66.5,46],".repeat(100);
    insta::assert_snapshot!(faults("[-66.9,46]", &format!("{long}[-266.9,46],{long}[0,0]")), @r"
    lines.geojson:6:1101: no position: expected [longitude, latitude], -180 to 180 and -90 to 90 degrees
        6 | ,[-66.5,46],[-66.5,46],[-66.5,46],[-66.5,46],[-66.5,46],[-66.5,46],[-66.5,46],[-66.5,46],[-66.5,46],[-266.9,46],[-66.5,46],[-66.5,46],[-66.5,46],[-66.5,46],[-66.5,46],[-66.5,46],[-66.5,46],[-66.5,46],
          |                                                                                                     ^^^^^^^^^^^
    ");
}
