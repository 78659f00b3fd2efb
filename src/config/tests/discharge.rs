//! A station whose sources are all of discharge: its numbers are cubic metres a second.

use hydro::{EpisodeRule, Limits, Parameter, Station, Value};

use super::{MAIN, RIVER, checked, faults};

const LEVEL: &str = "location = \"Bend 1\"";
const DISCHARGE: &str = "location = \"Bend 1\"\nparameter = \"discharge\"";
const NUMBERS: &str = "record = 8\nthresholds = { advisory = 4.5, watch = 5.5, flood = 6.5 }";

fn milli(milli: i64) -> Value {
    Value::from_milli(milli)
}

fn station(numbers: &str, sources: &str) -> Station {
    let river = RIVER.replace(NUMBERS, numbers).replace(LEVEL, sources);
    checked(MAIN, &river).unwrap_or_else(|faults| unreachable!("{faults}")).site.stations.remove(0)
}

#[test]
fn a_station_of_discharge_alone_has_its_numbers_in_cubic_metres_a_second() {
    let numbers = "record = 11_100\nthresholds = { advisory = 4500, flood = 6500 }\nimpacts = [{ value = 7000, text = \"The road\" }]";
    let river = station(numbers, DISCHARGE);
    assert_eq!(river.parameter(), Parameter::Discharge);
    assert_eq!(river.record.map(|record| record.value), Some(milli(11_100_000)));
    let (lowest, highest) = (Some(milli(0)), Some(milli(111_000_000)));
    let fastest = milli(11_100_000);
    assert_eq!(river.limits, Limits { lowest, highest, fastest, ..Limits::of(Parameter::Discharge) });
    assert_eq!(river.episodes, EpisodeRule { deadband: milli(90_000), ..EpisodeRule::default() });
    let tidal = station("tidal = true", DISCHARGE);
    assert_eq!(tidal.limits, Limits::of(Parameter::Discharge), "the tide turns a river about");
    assert_eq!(tidal.episodes.deadband, milli(0));
}

#[test]
fn what_a_file_shares_in_metres_is_not_for_discharges() {
    let river = RIVER.replace(
        "name = \"River\"",
        "name = \"River\"\ndeadband = 0.05\non_delay = \"10m\"\nlimits = { fastest = 1.5, step = 0.5 }",
    );
    let station = checked(MAIN, &river.replace(LEVEL, DISCHARGE)).expect("sound").site.stations.remove(0);
    assert_eq!((station.limits.fastest, station.limits.step), (milli(8000), Limits::of(Parameter::Discharge).step));
    assert_eq!((station.episodes.deadband, station.episodes.on_delay.as_mins()), (milli(90), 10));
    let own = "limits = { fastest = 2000, step = 900 }\ndeadband = 20\nthresholds = { advisory = 450 }";
    let station = super::checked(MAIN, &river.replace(LEVEL, DISCHARGE).replace(NUMBERS, own)).expect("sound");
    let station = &station.site.stations[0];
    assert_eq!(
        (station.limits.fastest, station.limits.step, station.episodes.deadband),
        (milli(2_000_000), milli(900_000), milli(20_000))
    );
}

#[test]
fn level_leads_where_there_is_one() {
    let both = station(
        NUMBERS,
        "location = \"Bend 1\"\nparameter = \"discharge\"\n\n[[station.source]]\nfeed = \"north\"\nlocation = \"Bend 1\"",
    );
    assert_eq!((both.parameter(), both.limits.highest), (Parameter::Level, Some(milli(18_000))));
}

#[test]
fn faults_name_the_unit() {
    let wrong = |to: &str| {
        let river = RIVER.replace(NUMBERS, to).replace(LEVEL, DISCHARGE);
        checked(MAIN, &river).expect_err("faulty").to_string()
    };
    insta::assert_snapshot!(wrong("record = 600_000\nthresholds = { advisory = 450 }\ndeadband = -1"), @r"
    stations/0.toml:13:10: 600000 m3/s is no discharge of a river: expected -500000 to 500000 m3/s
       13 | record = 600_000
          |          ^^^^^^^
    stations/0.toml:15:12: -1 m3/s is out of range: expected 0 to 500000 m3/s
       15 | deadband = -1
          |            ^^
    ");
    insta::assert_snapshot!(wrong("record = 400\nthresholds = { advisory = 450 }\nlimits = { highest = 420, lowest = 500 }"), @r"
    stations/0.toml:13:10: record 400 is below advisory 450 m3/s: either is wrong, or no flood is on file; leave the record out until it is known
       13 | record = 400
          |          ^^^
    stations/0.toml:15:22: highest 420 is not above 450 m3/s, the highest of thresholds, record and past floods: a flood like it would be doubted
       15 | limits = { highest = 420, lowest = 500 }
          |                      ^^^
    stations/0.toml:15:36: lowest 500 is not below the lowest threshold 450 m3/s
       15 | limits = { highest = 420, lowest = 500 }
          |                                    ^^^
    ");
    insta::assert_snapshot!(faults(LEVEL, "location = \"Bend 1\"\nparameter = \"discharge\"\ndatum_offset = 1.5"), @r"
    stations/0.toml:20:16: a discharge is above no datum: `datum_offset` is for levels
       20 | datum_offset = 1.5
          |                ^^^
    ");
}
