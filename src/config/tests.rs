//! The configuration is tested whole: files in, a configuration or the text of its faults out.

mod discharge;
mod environment;
mod faults_in_feeds;
mod faults_in_stations;
mod files;
mod ground;
mod limits;
mod mapped;
mod mapping;
mod shipped;

use super::{Config, Fault, Faults, Source, check};

const MAIN: &str = r#"[site]
title = { en = "Rivers", fr = "Rivières" }
timezone = "America/Moncton"

[fetch]
contact = "https://river.example.org"

[feeds.north]
title = "North"
address = "https://north.example.org/levels.xml"
format = "pi-xml"
schedule = "7,37 * * * *"
attribution = "Source: North"

[feeds.south]
title = "South"
address = "https://south.example.org/levels.csv"
format = "eccc-csv"
schedule = "*/15 * * * *"
attribution = "Source: South"
"#;

const RIVER: &str = r#"[river]
name = "River"

[thresholds]
scheme = "new-brunswick"
source = "The province"

[[station]]
id = "bend"
name = "Bend"
latitude = 46.0
longitude = -66.5
record = 8
thresholds = { advisory = 4.5, watch = 5.5, flood = 6.5 }

[[station.source]]
feed = "north"
location = "Bend 1"
"#;

/// Checks a main file and one file of stations, without an environment.
fn checked(main: &str, river: &str) -> Result<Config, Faults> {
    checked_with(&[], main, &[river])
}

fn checked_with(env: &[(&str, &str)], main: &str, rivers: &[&str]) -> Result<Config, Faults> {
    let source = |(i, text): (usize, &&str)| Source { file: format!("stations/{i}.toml"), text: (*text).to_owned() };
    let main = Source { file: "riverwatch.toml".to_owned(), text: main.to_owned() };
    let env: Vec<(String, String)> = env.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let nowhere = |file: &str| Err(format!("{file} cannot be read"));
    check(&main, &env, nowhere, |_| Ok(rivers.iter().enumerate().map(source).map(Ok::<_, Fault>).collect()))
}

/// The faults of a sound main file and a sound file of stations once one text in either is replaced.
fn faults(from: &str, to: &str) -> String {
    let files = [MAIN, RIVER];
    assert_eq!(files.map(|text| text.matches(from).count()).iter().sum::<usize>(), 1, "`{from}` stands once");
    let [main, river] = files.map(|text| text.replace(from, to));
    checked(&main, &river).expect_err("a fault").to_string()
}

#[test]
fn the_files_of_these_tests_are_sound() {
    let config = checked(MAIN, RIVER).expect("sound");
    assert_eq!(config.site.stations.len(), 1);
    let station = &config.site.stations[0];
    let facts = (station.zone.name(), station.record.as_ref().map(|record| record.value.milli()), station.measured);
    assert_eq!(facts, ("America/Moncton", Some(8000), true));
}

#[test]
fn what_is_left_out_has_its_default() {
    let config = checked(MAIN, RIVER).expect("sound");
    assert_eq!(config.database.to_str(), Some("data/riverwatch.db"));
    assert_eq!((config.listening.listen.to_string().as_str(), config.listening.connections), ("127.0.0.1:8080", 512));
    assert_eq!(config.listening.metrics, None);
    let fetching = &config.fetching;
    let times = (fetching.connect_timeout.as_secs(), fetching.total_timeout.as_secs());
    assert_eq!((times, fetching.at_once, fetching.keep_bodies), ((5, 30), 4, 200_000_000));
    assert_eq!(fetching.retention, None);
    assert_eq!((config.feeds[0].max_bytes, config.feeds[0].private), (32_000_000, false));
    assert_eq!(config.site.stations[0].cadence, hydro::SignedDuration::from_hours(1));
    assert!(config.site.help.is_empty() && config.site.address.is_none() && !config.site.demonstration);
}

#[test]
fn a_station_is_of_the_region_of_its_file_unless_it_says_another() {
    let region = |river: &str, station: &str| {
        let text = RIVER.replace("[river]", &format!("[river]\n{river}")).replace("id =", &format!("{station}\nid ="));
        let stations = checked(MAIN, &text).expect("sound").site.stations;
        let region = stations[0].region.as_ref();
        region.map(|region| ["en", "fr"].map(|code| region.in_language(code).to_owned()))
    };
    assert_eq!(region("", ""), None);
    let shared = r#"region = { en = "Upper", fr = "Haut" }"#;
    assert_eq!(region(shared, ""), Some(["Upper", "Haut"].map(str::to_owned)));
    assert_eq!(region(shared, r#"region = "Delta""#), Some(["Delta", "Delta"].map(str::to_owned)));
    insta::assert_snapshot!(faults("[river]", "[river]\nregion = { en = \"Upper\" }"), @r#"
    stations/0.toml:2:10: expected a text in each language of the site's title, en, fr; found en
        2 | region = { en = "Upper" }
          |          ^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults("[river]", "[river]\nregions = \"Upper\""), @r#"
    stations/0.toml:2:1: unknown key `regions`: expected timezone, name, region, datum, limits, deadband, on_delay, off_delay
        2 | regions = "Upper"
          | ^^^^^^^
    "#);
}

#[test]
fn a_feed_knows_whose_its_places_are() {
    let second = RIVER.replace("\"bend\"", "\"bend-too\"");
    let config = checked_with(&[], MAIN, &[RIVER, &second]).expect("sound");
    let place = ("Bend 1".to_owned(), hydro::Parameter::Level);
    let stations: Vec<&str> = config.feeds[0].places[&place].iter().map(hydro::StationId::as_str).collect();
    assert_eq!(stations, ["bend", "bend-too"]);
    assert!(config.feeds[1].places.is_empty());
}

#[test]
fn every_fault_of_every_file_is_reported_at_once() {
    let main =
        MAIN.replace("pi-xml", "pi-yaml").replace("https://river", "").replace("[fetch]", "[fetch]\nat_onse = 2");
    let first = RIVER.replace("46.0", "\"46\"").replace("\"north\"", "\"west\"");
    let faults = checked_with(&[("RIVERWATCH_SITE__TIMEZONE", "Atlantic")], &main, &[&first, "x = [1"]);
    insta::assert_snapshot!(faults.expect_err("faults"), @r#"
    riverwatch.toml:6:1: unknown key `at_onse`: expected contact, connect_timeout, total_timeout, at_once, keep_bodies
        6 | at_onse = 2
          | ^^^^^^^
    riverwatch.toml:12:10: unknown format `pi-yaml`: expected pi-xml, pi-json, nb-alertlevels, nb-alert, eccc-csv, geomet-json, wateroffice-csv, cehq-tsv, cehq-json, bc-clever, nwps-json, hml, ahps-xml, nwis-json, waterml1, waterml2, rdb, usgs-ogc, ea-csv, ea-json, kiwis-json, pegelonline-json, vigicrues-json, cap-xml, nws-alerts, table, json
       12 | format = "pi-yaml"
          |          ^^^^^^^^^
    stations/0.toml:11:12: expected a decimal number, found string
       11 | latitude = "46"
          |            ^^^^
    stations/0.toml:17:8: no feed `west`: expected north, south
       17 | feed = "west"
          |        ^^^^^^
    stations/1.toml:1:7: unclosed array, expected `]`
        1 | x = [1
          |       ^
    environment variable RIVERWATCH_SITE__TIMEZONE: `Atlantic` is not a time zone of the IANA database, such as `America/Moncton`
    "#);
}

#[test]
fn faults_are_data_too() {
    let main = MAIN.replace("eccc-csv", "csv");
    let faults = checked_with(&[("RIVERWATCH_PORT", "80")], &main, &[RIVER]).expect_err("faults");
    insta::assert_snapshot!(serde_json::to_string_pretty(&faults).expect("JSON"), @r#"
    [
      {
        "file": "riverwatch.toml",
        "line": 18,
        "column": 10,
        "source_line": "format = \"csv\"",
        "width": 5,
        "message": "unknown format `csv`: expected pi-xml, pi-json, nb-alertlevels, nb-alert, eccc-csv, geomet-json, wateroffice-csv, cehq-tsv, cehq-json, bc-clever, nwps-json, hml, ahps-xml, nwis-json, waterml1, waterml2, rdb, usgs-ogc, ea-csv, ea-json, kiwis-json, pegelonline-json, vigicrues-json, cap-xml, nws-alerts, table, json"
      },
      {
        "variable": "RIVERWATCH_PORT",
        "message": "unknown setting: expected RIVERWATCH_STATIONS"
      }
    ]
    "#);
}

proptest::proptest! {
    #[test]
    fn any_text_is_accepted_or_refused(
        cut in 0_usize..MAIN.len(),
        length in 0_usize..40,
        patch in "\\PC{0,12}|[\\[\\]{}=\"\n.0-9a-z-]{0,12}",
    ) {
        let patched = |text: &str| {
            let (before, after) = (text.chars().take(cut), text.chars().skip(cut + length));
            before.chain(patch.chars()).chain(after).collect::<String>()
        };
        for (main, river) in [(patched(MAIN), RIVER.to_owned()), (MAIN.to_owned(), patched(RIVER))] {
            if let Err(faults) = checked(&main, &river) {
                proptest::prop_assert!(!faults.to_string().is_empty());
            }
        }
    }
}
