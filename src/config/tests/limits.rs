//! What readings are held against, and when episodes begin and end: defaults, what replaces them, what can be wrong.

use hydro::{EpisodeRule, Limits, Parameter, Point, SignedDuration, Station, Value, screen};

use super::super::load;
use super::{MAIN, RIVER, checked, faults};

fn milli(milli: i64) -> Value {
    Value::from_milli(milli)
}

/// The station of the sound files once one text is replaced.
fn station(from: &str, to: &str) -> Station {
    assert!(RIVER.contains(from));
    let config = checked(MAIN, &RIVER.replace(from, to)).unwrap_or_else(|faults| unreachable!("{faults}"));
    config.site.stations.into_iter().next().expect("a station")
}

#[test]
fn the_defaults_come_from_the_heights_that_are_named() {
    let plain = station("record = 8", "record = 8");
    let expected = Limits { lowest: Some(milli(-15_500)), highest: Some(milli(18_000)), ..Limits::default() };
    assert_eq!((plain.limits, plain.episodes), (expected, EpisodeRule::default()));
    let flooded = station("record = 8", "record = 8\nfloods = [{ value = 9.5, year = 1936 }]");
    assert_eq!(flooded.limits.highest, Some(milli(19_500)));
    let unnamed = station("record = 8\nthresholds = { advisory = 4.5, watch = 5.5, flood = 6.5 }", "");
    assert_eq!(unnamed.limits, Limits::default());
    assert_eq!(station("record = 8", "tidal = true").episodes, EpisodeRule::TIDAL);
}

#[test]
fn a_station_says_its_own_and_the_file_says_what_its_stations_share() {
    let shared = "name = \"River\"\ndeadband = 0.05\non_delay = \"10m\"\noff_delay = \"2h\"\nlimits = { fastest = 1.5, step = 0.5 }";
    let of_file = station("name = \"River\"", shared);
    let rule = EpisodeRule {
        deadband: milli(50),
        on_delay: SignedDuration::from_mins(10),
        off_delay: SignedDuration::from_hours(2),
    };
    let expected = Limits { fastest: milli(1500), step: milli(500), ..station("8", "8").limits };
    assert_eq!((of_file.limits, of_file.episodes), (expected, rule));

    let river = RIVER.replace("name = \"River\"", shared);
    let own = "record = 8\ntidal = true\non_delay = \"0s\"\nlimits = { highest = 8.5, lowest = 0, fastest = 6, \
               accept = [[\"2026-04-20T12:00Z\", \"2026-04-20T14:00-03:00\"]] }";
    let tidal = checked(MAIN, &river.replace("record = 8", own)).expect("sound").site.stations.remove(0);
    let accept = vec![("2026-04-20T12:00Z".parse().unwrap(), "2026-04-20T17:00Z".parse().unwrap())];
    let (lowest, highest) = (Some(milli(0)), Some(milli(8500)));
    let (parameter, fastest, step) = (Parameter::Level, milli(6000), milli(500));
    assert_eq!(tidal.limits, Limits { parameter, lowest, highest, fastest, step, accept });
    let rule = EpisodeRule { on_delay: SignedDuration::ZERO, off_delay: SignedDuration::from_hours(13), ..rule };
    assert_eq!(tidal.episodes, rule, "a tide asks for its own off-delay unless the station says another");
    let own = own.replace("tidal = true", "tidal = true\noff_delay = \"7h\"");
    let tidal = checked(MAIN, &river.replace("record = 8", &own)).expect("sound").site.stations.remove(0);
    assert_eq!(tidal.episodes.off_delay, SignedDuration::from_hours(7));
}

#[test]
fn bounds_that_known_heights_exceed() {
    insta::assert_snapshot!(faults("record = 8", "record = 8\nlimits = { lowest = 4.5, highest = 8 }"), @r"
    stations/0.toml:14:21: lowest 4.5 is not below the lowest threshold 4.5
       14 | limits = { lowest = 4.5, highest = 8 }
          |                     ^^^
    stations/0.toml:14:36: highest 8 is not above 8, the highest of thresholds, record and past floods: a flood like it would be doubted
       14 | limits = { lowest = 4.5, highest = 8 }
          |                                    ^
    ");
    let unnamed = "record = 8\nthresholds = { advisory = 4.5, watch = 5.5, flood = 6.5 }";
    insta::assert_snapshot!(faults(unnamed, "limits = { lowest = 2, highest = 1.5 }"), @r"
    stations/0.toml:13:21: lowest 2 is not below highest 1.5
       13 | limits = { lowest = 2, highest = 1.5 }
          |                     ^
    ");
}

#[test]
fn speeds_and_deadbands_that_no_gauge_bears() {
    let to = "record = 8\ndeadband = 2.5\nlimits = { fastest = 0.1, step = -1 }";
    insta::assert_snapshot!(faults("record = 8", to), @r"
    stations/0.toml:14:12: 2.5 m is out of range: expected 0 to 1 m
       14 | deadband = 2.5
          |            ^^^
    stations/0.toml:15:22: 0.1 m is out of range: expected 0.5 to 100 m
       15 | limits = { fastest = 0.1, step = -1 }
          |                      ^^^
    stations/0.toml:15:34: -1 m is out of range: expected 0.1 to 100 m
       15 | limits = { fastest = 0.1, step = -1 }
          |                                  ^^
    ");
    insta::assert_snapshot!(faults("name = \"River\"", "name = \"River\"\non_delay = \"soon\"\n[river.limits]\nhighest = 9"), @r#"
    stations/0.toml:3:12: `soon` is not a length of time: expected a number and s, m, h or d, such as `30s`
        3 | on_delay = "soon"
          |            ^^^^^^
    stations/0.toml:5:1: unknown key `highest`: expected fastest, step
        5 | highest = 9
          | ^^^^^^^
    "#);
}

#[test]
fn spans_that_are_none() {
    insta::assert_snapshot!(faults("record = 8", "limits = { accept = [\"2026-04-20T12:00Z\"] }"), @r#"
    stations/0.toml:13:22: expected an array in brackets, found string
       13 | limits = { accept = ["2026-04-20T12:00Z"] }
          |                      ^^^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults("record = 8", "limits = { accept = [[\"2026-04-20T12:00Z\"]] }"), @r#"
    stations/0.toml:13:22: expected two instants, from and to, found array
       13 | limits = { accept = [["2026-04-20T12:00Z"]] }
          |                      ^^^^^^^^^^^^^^^^^^^^^
    "#);
    let to = "limits = { accept = [[\"2026-04-20T12:00Z\", \"2026-04-20T11:00Z\"], [\"2026-04-20\", \"noon\"]] }";
    insta::assert_snapshot!(faults("record = 8", to), @r#"
    stations/0.toml:13:44: the span ends before it begins: 2026-04-20T11:00:00Z is before 2026-04-20T12:00:00Z
       13 | limits = { accept = [["2026-04-20T12:00Z", "2026-04-20T11:00Z"], ["2026-04-20", "noon"]] }
          |                                            ^^^^^^^^^^^^^^^^^^^
    stations/0.toml:13:67: `2026-04-20` is not an instant: expected such as 2022-04-18T21:10Z
       13 | limits = { accept = [["2026-04-20T12:00Z", "2026-04-20T11:00Z"], ["2026-04-20", "noon"]] }
          |                                                                   ^^^^^^^^^^^^
    stations/0.toml:13:81: `noon` is not an instant: expected such as 2022-04-18T21:10Z
       13 | limits = { accept = [["2026-04-20T12:00Z", "2026-04-20T11:00Z"], ["2026-04-20", "noon"]] }
          |                                                                                 ^^^^^^
    "#);
}

/// The freshet of the demonstration, with the jam that forms and breaks at Perth-Andover and the tides below.
#[test]
fn the_shipped_limits_doubt_nothing_of_a_freshet() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/riverwatch.toml");
    let stations = load(&path, &[]).expect("sound").site.stations;
    let start: hydro::Timestamp = "2026-04-20T12:00Z".parse().unwrap();
    for seed in 0..5 {
        let freshet = fixtures::Freshet::new(start, seed);
        for station in &stations {
            let source = station.sources.iter().find(|source| source.feed.as_str() == "nb-fews").expect("a source");
            // The national gauges report every five minutes, the others every hour. The first wave and the next one,
            // whose jam is up to a fifth higher.
            let step = if station.sources.len() > 1 { 5 } else { 60 };
            let times = (-5 * 24 * 60..40 * 24 * 60).step_by(step);
            let points: Vec<Point> = times
                .map(|minute| {
                    let valid = start + SignedDuration::from_mins(minute);
                    let level = freshet.level(&source.location, valid).expect("a level");
                    Point { valid, value: Some(milli(level)), quality: None }
                })
                .collect();
            let doubt = screen(&points, &station.limits).into_iter().find(|screened| screened.doubt.is_some());
            assert_eq!(doubt, None, "{} {seed}", station.id);
        }
    }
}
