//! What can be wrong in a file of stations, word for word.

use super::{MAIN, RIVER, checked_with, faults};

#[test]
fn an_unknown_key() {
    insta::assert_snapshot!(faults("record = 8", "rekord = 8"), @r"
    stations/0.toml:13:1: unknown key `rekord`: expected id, name, river, region, latitude, longitude, timezone, operation, source, datum, thresholds, record, floods, impacts, measured, no_forecast, cadence, tidal, limits, deadband, on_delay, off_delay, gauge, agency_page, alert_areas
       13 | rekord = 8
          | ^^^^^^
    ");
}

#[test]
fn a_wrong_type() {
    insta::assert_snapshot!(faults("latitude = 46.0", "latitude = \"46.0\""), @r#"
    stations/0.toml:11:12: expected a decimal number, found string
       11 | latitude = "46.0"
          |            ^^^^^^
    "#);
    insta::assert_snapshot!(faults("record = 8", "record = 0x8"), @r"
    stations/0.toml:13:10: expected a decimal number, found integer
       13 | record = 0x8
          |          ^^^
    ");
    insta::assert_snapshot!(faults("record = 8", "measured = \"no\""), @r#"
    stations/0.toml:13:12: expected true or false, found string
       13 | measured = "no"
          |            ^^^^
    "#);
    insta::assert_snapshot!(faults("[[station.source]]", "[station.source]"), @r"
    stations/0.toml:16:1: expected an array of tables [[station.source]], found table
       16 | [station.source]
          | ^^^^^^^^^^^^^^^^
    ");
    insta::assert_snapshot!(faults("source = \"The province\"", "source = \"P\"\ndate = \"2023-02-27\""), @r#"
    stations/0.toml:7:8: expected a date without quotes, such as 2023-02-27, found string
        7 | date = "2023-02-27"
          |        ^^^^^^^^^^^^
    "#);
}

#[test]
fn a_missing_key() {
    insta::assert_snapshot!(faults("longitude = -66.5\n", ""), @r"
    stations/0.toml:8:1: missing key `longitude` in `station`
        8 | [[station]]
          | ^^^^^^^^^^^
    ");
    insta::assert_snapshot!(faults("[river]\nname = \"River\"\n", ""), @r"
    stations/0.toml:6:1: missing key `river` in `station`
        6 | [[station]]
          | ^^^^^^^^^^^
    ");
}

#[test]
fn an_active_station_without_data() {
    let sources = "[[station.source]]\nfeed = \"north\"\nlocation = \"Bend 1\"\n";
    insta::assert_snapshot!(faults(sources, ""), @r"
    stations/0.toml:8:1: missing [[station.source]]: data are expected of an active station
        8 | [[station]]
          | ^^^^^^^^^^^
    ");
    assert!(checked_with(&[], MAIN, &[&RIVER.replace(sources, "operation = \"closed\"\n")]).is_ok());
}

#[test]
fn a_faulty_head_is_not_blamed_on_its_stations() {
    insta::assert_snapshot!(faults("name = \"River\"", "name = 1\ndatum = 2\ntimezone = 3"), @r"
    stations/0.toml:2:8: expected a text in quotes, found integer
        2 | name = 1
          |        ^
    stations/0.toml:3:9: expected a text in quotes, found integer
        3 | datum = 2
          |         ^
    stations/0.toml:4:12: expected a text in quotes, found integer
        4 | timezone = 3
          |            ^
    ");
}

#[test]
fn thresholds_that_do_not_rise() {
    insta::assert_snapshot!(faults("watch = 5.5", "watch = 6.5"), @r"
    stations/0.toml:14:32: thresholds must rise: watch 6.5 is not below flood 6.5
       14 | thresholds = { advisory = 4.5, watch = 6.5, flood = 6.5 }
          |                                ^^^^^^^^^^^
    ");
    insta::assert_snapshot!(faults("thresholds = { advisory = 4.5, watch = 5.5, flood = 6.5 }", "[station.thresholds]\nwatch = 4.2\nwarning = 4.0\n#"), @r"
    stations/0.toml:15:1: thresholds must rise: watch 4.2 is not below warning 4
       15 | watch = 4.2
          | ^^^^^^^^^^^
    ");
}

#[test]
fn a_threshold_of_another_scheme() {
    insta::assert_snapshot!(faults("watch = 5.5", "minor = 5.5"), @r"
    stations/0.toml:14:32: `minor` is no threshold of new-brunswick: expected advisory, watch, warning, flood
       14 | thresholds = { advisory = 4.5, minor = 5.5, flood = 6.5 }
          |                                ^^^^^^^^^^^
    ");
    insta::assert_snapshot!(faults("new-brunswick", "quebec"), @r#"
    stations/0.toml:5:10: unknown scheme `quebec`: expected new-brunswick, nws
        5 | scheme = "quebec"
          |          ^^^^^^^^
    "#);
}

#[test]
fn thresholds_that_nobody_named() {
    insta::assert_snapshot!(faults("[thresholds]\nscheme = \"new-brunswick\"\nsource = \"The province\"\n", ""), @r"
    stations/0.toml:11:14: thresholds of nobody: expected a table [thresholds] with `scheme` and `source` in this file
       11 | thresholds = { advisory = 4.5, watch = 5.5, flood = 6.5 }
          |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    ");
    insta::assert_snapshot!(faults("{ advisory = 4.5, watch = 5.5, flood = 6.5 }", "{}"), @r"
    stations/0.toml:14:14: no threshold: expected advisory, watch, warning, flood
       14 | thresholds = {}
          |              ^^
    ");
}

#[test]
fn a_record_below_the_flood_level() {
    insta::assert_snapshot!(faults("record = 8", "record = 6.4"), @r"
    stations/0.toml:13:10: record 6.4 is below flood 6.5: either is wrong, or no flood is on file; leave the record out until it is known
       13 | record = 6.4
          |          ^^^
    ");
    insta::assert_snapshot!(faults("record = 8", "record = { value = 6.4, year = 73 }"), @r"
    stations/0.toml:13:10: record 6.4 is below flood 6.5: either is wrong, or no flood is on file; leave the record out until it is known
       13 | record = { value = 6.4, year = 73 }
          |          ^^^^^^^^^^^^^^^^^^^^^^^^^^
    stations/0.toml:13:32: expected a year of four digits, found `73`
       13 | record = { value = 6.4, year = 73 }
          |                                ^^
    ");
}

#[test]
fn a_height_that_no_river_has() {
    insta::assert_snapshot!(faults("record = 8", "record = 160_000"), @r"
    stations/0.toml:13:10: 160000 m is no height of a river: expected -500 to 9000 m
       13 | record = 160_000
          |          ^^^^^^^
    ");
    insta::assert_snapshot!(faults("record = 8", "record = nan"), @r"
    stations/0.toml:13:10: `nan` is not a decimal number
       13 | record = nan
          |          ^^^
    ");
}

#[test]
fn a_place_that_is_not_on_earth() {
    insta::assert_snapshot!(faults("latitude = 46.0\nlongitude = -66.5", "latitude = 466\nlongitude = -180.5"), @r"
    stations/0.toml:11:12: `466` is not in degrees: expected -90 to 90
       11 | latitude = 466
          |            ^^^
    stations/0.toml:12:13: `-180.5` is not in degrees: expected -180 to 180
       12 | longitude = -180.5
          |             ^^^^^^
    ");
}

#[test]
fn an_id_that_cannot_stand_in_an_address() {
    insta::assert_snapshot!(faults("\"bend\"", "\"The Bend\""), @r#"
    stations/0.toml:9:6: `The Bend` is not an id: use 1 to 64 lower-case letters a-z, digits and single hyphens, such as `durham-bridge`
        9 | id = "The Bend"
          |      ^^^^^^^^^^
    "#);
}

#[test]
fn two_stations_of_one_id() {
    insta::assert_snapshot!(checked_with(&[], MAIN, &[RIVER, RIVER]).expect_err("a fault"), @r#"
    stations/1.toml:9:6: two stations have the id `bend`: the first is at stations/0.toml:9:6
        9 | id = "bend"
          |      ^^^^^^
    "#);
}

#[test]
fn a_zone_that_is_none() {
    insta::assert_snapshot!(faults("name = \"River\"", "name = \"River\"\ntimezone = \"AST\""), @r#"
    stations/0.toml:3:12: `AST` is not a time zone of the IANA database, such as `America/Moncton`
        3 | timezone = "AST"
          |            ^^^^^
    "#);
}

#[test]
fn an_unknown_feed() {
    insta::assert_snapshot!(faults("\"north\"", "\"nort\""), @r#"
    stations/0.toml:17:8: no feed `nort`: expected north, south
       17 | feed = "nort"
          |        ^^^^^^
    "#);
}

#[test]
fn an_unknown_word() {
    let to = "record = 8\nno_forecast = \"ice\"\noperation = \"open\"\ncadence = \"hourly\"";
    insta::assert_snapshot!(faults("record = 8", to), @r#"
    stations/0.toml:14:15: unknown no_forecast `ice`: expected ice-jams, not-made
       14 | no_forecast = "ice"
          |               ^^^^^
    stations/0.toml:15:13: unknown operation `open`: expected active, suspended, closed
       15 | operation = "open"
          |             ^^^^^^
    stations/0.toml:16:11: `hourly` is not a length of time: expected a number and s, m, h or d, such as `30s`
       16 | cadence = "hourly"
          |           ^^^^^^^^
    "#);
}

#[test]
fn levels_of_two_feeds_without_the_difference_of_their_datums() {
    let second = "\"Bend 1\"\n\n[[station.source]]\nfeed = \"south\"\nlocation = \"01XX001\"\n";
    insta::assert_snapshot!(faults("\"Bend 1\"", second), @r#"
    stations/0.toml:21:8: levels of `south` beside those of `north` need `datum_offset`: two agencies' heights may be above different datums; say what is to be added, in metres, 0.0 if nothing
       21 | feed = "south"
          |        ^^^^^^^
    "#);
    for joined in [format!("{second}datum_offset = -0.489"), format!("{second}parameter = \"discharge\"")] {
        let river = RIVER.replace("\"Bend 1\"", &joined);
        assert!(checked_with(&[], MAIN, &[&river]).is_ok(), "{joined}");
    }
}

#[test]
fn no_station() {
    insta::assert_snapshot!(checked_with(&[], MAIN, &[]).expect_err("a fault"), @r"
    riverwatch.toml: no station in any file of `stations/*.toml`: expected at least one [[station]]
    ");
    let main = format!("stations = \"rivers/*.toml\"\n{MAIN}");
    insta::assert_snapshot!(checked_with(&[], &main, &["[river]\nname = \"Dry\""]).expect_err("a fault"), @r#"
    riverwatch.toml:1:12: no station in any file of `rivers/*.toml`: expected at least one [[station]]
        1 | stations = "rivers/*.toml"
          |            ^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_syntax_fault_stops_its_file_alone() {
    let faulty = RIVER.replace("\"bend\"", "\"Bend\"");
    insta::assert_snapshot!(checked_with(&[], MAIN, &["a = 1\na = 2\n", &faulty]).expect_err("faults"), @r#"
    stations/0.toml:2:1: duplicate key
        2 | a = 2
          | ^
    stations/1.toml:9:6: `Bend` is not an id: use 1 to 64 lower-case letters a-z, digits and single hyphens, such as `durham-bridge`
        9 | id = "Bend"
          |      ^^^^^^
    "#);
}

#[test]
fn codes_of_areas_for_alerts() {
    let codes = |text: &str| {
        let river = RIVER.replace("record = 8", &format!("alert_areas = {text}"));
        checked_with(&[], MAIN, &[&river]).map(|config| config.site.stations[0].alert_areas.clone())
    };
    let known = ["MEZ001", "034WAF428"].map(str::to_owned).to_vec();
    assert_eq!(codes("[\"MEZ001\", \"034WAF428\"]").ok(), Some(known));
    assert_eq!(codes("[]").ok(), Some(vec![]));
    insta::assert_snapshot!(faults("record = 8", "alert_areas = \"MEZ001\""), @r#"
    stations/0.toml:13:15: expected an array in brackets, found string
       13 | alert_areas = "MEZ001"
          |               ^^^^^^^^
    "#);
    insta::assert_snapshot!(faults("record = 8", "alert_areas = [\"MEZ001 MEZ002\", 7]"), @r#"
    stations/0.toml:13:16: `MEZ001 MEZ002` is not the code of an area, such as MEZ001
       13 | alert_areas = ["MEZ001 MEZ002", 7]
          |                ^^^^^^^^^^^^^^^
    stations/0.toml:13:33: expected a text in quotes, found integer
       13 | alert_areas = ["MEZ001 MEZ002", 7]
          |                                 ^
    "#);
}
