//! What can be wrong in the main file, word for word.

use super::{MAIN, RIVER, checked, faults};

#[test]
fn an_unknown_key() {
    insta::assert_snapshot!(faults("contact =", "contact = \"x\"\ntimeout ="), @r#"
    riverwatch.toml:7:1: unknown key `timeout`: expected contact, connect_timeout, total_timeout, at_once, keep_bodies
        7 | timeout = "https://river.example.org"
          | ^^^^^^^
    "#);
}

#[test]
fn an_unknown_section() {
    insta::assert_snapshot!(faults("[fetch]", "[sever]\nlisten = \"127.0.0.1:80\"\n\n[fetch]"), @r"
    riverwatch.toml:5:2: unknown key `sever`: expected site, stations, database, server, fetch, feeds, operators
        5 | [sever]
          |  ^^^^^
    ");
}

#[test]
fn a_wrong_type() {
    insta::assert_snapshot!(faults("\"North\"", "12"), @r"
    riverwatch.toml:9:9: expected a text in quotes, found integer
        9 | title = 12
          |         ^^
    ");
    insta::assert_snapshot!(faults("[fetch]", "[server]\nconnections = \"many\"\n\n[fetch]"), @r#"
    riverwatch.toml:6:15: expected a decimal number, found string
        6 | connections = "many"
          |               ^^^^^^
    "#);
    insta::assert_snapshot!(faults("[fetch]", "[[fetch]]"), @r"
    riverwatch.toml:5:1: expected a table [fetch], found array
        5 | [[fetch]]
          | ^^^^^^^^^
    ");
}

#[test]
fn where_metrics_are_told() {
    let server = |keys: &str| format!("[server]\n{keys}\n\n[fetch]");
    insta::assert_snapshot!(faults("[fetch]", &server("metrics = \"9101\"")), @r#"
    riverwatch.toml:6:11: `9101` is not an address to listen on: expected IP:PORT, such as 127.0.0.1:9101
        6 | metrics = "9101"
          |           ^^^^^^
    "#);
    let both = server("listen = \"127.0.0.1:90\"\nmetrics = \"127.0.0.1:90\"");
    insta::assert_snapshot!(faults("[fetch]", &both), @r#"
    riverwatch.toml:7:11: `127.0.0.1:90` is where the pages are: expected another port, for nobody but the operator
        7 | metrics = "127.0.0.1:90"
          |           ^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults("[fetch]", &server("metrics = \"127.0.0.1:8080\"")), @r#"
    riverwatch.toml:6:11: `127.0.0.1:8080` is where the pages are: expected another port, for nobody but the operator
        6 | metrics = "127.0.0.1:8080"
          |           ^^^^^^^^^^^^^^^^
    "#);
    for sound in ["metrics = \"[::1]:9101\"", "listen = \"127.0.0.1:0\"\nmetrics = \"127.0.0.1:0\""] {
        let config = checked(&MAIN.replace("[fetch]", &server(sound)), RIVER).expect("sound");
        assert!(config.listening.metrics.is_some(), "{sound}");
    }
}

#[test]
fn a_missing_key() {
    insta::assert_snapshot!(faults("format = \"pi-xml\"\n", ""), @r"
    riverwatch.toml:8:1: missing key `format` in `feeds.north`
        8 | [feeds.north]
          | ^^^^^^^^^^^^^
    ");
    insta::assert_snapshot!(checked("", RIVER).expect_err("faults"), @r#"
    riverwatch.toml: missing key `title` in `site`
    riverwatch.toml: missing key `timezone` in `site`
    riverwatch.toml: missing key `contact` in `fetch`
    stations/0.toml:17:8: no feed `north`: expected a table [feeds.north]
       17 | feed = "north"
          |        ^^^^^^^
    "#);
}

#[test]
fn a_syntax_fault() {
    insta::assert_snapshot!(faults("format = \"pi-xml\"", "format = pi-xml"), @r"
    riverwatch.toml:11:10: string values must be quoted, expected literal string
       11 | format = pi-xml
          |          ^^^^^^
    ");
}

#[test]
fn two_feeds_of_one_name() {
    insta::assert_snapshot!(faults("[feeds.south]", "[feeds.north]"), @r"
    riverwatch.toml:15:8: duplicate key
       15 | [feeds.north]
          |        ^^^^^
    ");
}

#[test]
fn a_feed_whose_name_is_no_id() {
    insta::assert_snapshot!(faults("[feeds.south]", "[feeds.South_1]"), @r"
    riverwatch.toml:15:8: `South_1` is not an id: use 1 to 64 lower-case letters a-z, digits and single hyphens, such as `durham-bridge`
       15 | [feeds.South_1]
          |        ^^^^^^^^
    ");
}

#[test]
fn an_unknown_format() {
    insta::assert_snapshot!(faults("pi-xml", "pi"), @r#"
    riverwatch.toml:11:10: unknown format `pi`: expected pi-xml, pi-json, nb-alertlevels, nb-alert, eccc-csv, geomet-json, wateroffice-csv, cehq-tsv, cehq-json, bc-clever, nwps-json, hml, ahps-xml, nwis-json, waterml1, waterml2, rdb, usgs-ogc, ea-csv, ea-json, kiwis-json, pegelonline-json, vigicrues-json, cap-xml, nws-alerts, table, json
       11 | format = "pi"
          |          ^^^^
    "#);
}

#[test]
fn a_schedule_that_is_none_or_never_fires() {
    insta::assert_snapshot!(faults("7,37 * * * *", "7,37 * * *"), @r#"
    riverwatch.toml:12:12: schedule `7,37 * * *`: 4 fields; expected crontab's five fields in UTC (minute hour day month weekday, such as `*/15 * * * *`), or six with seconds first
       12 | schedule = "7,37 * * *"
          |            ^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults("7,37 * * * *", "0 0 31 2 *"), @r#"
    riverwatch.toml:12:12: schedule `0 0 31 2 *`: never fires; expected crontab's five fields in UTC (minute hour day month weekday, such as `*/15 * * * *`), or six with seconds first
       12 | schedule = "0 0 31 2 *"
          |            ^^^^^^^^^^^^
    "#);
}

#[test]
fn an_address_that_cannot_be_fetched() {
    insta::assert_snapshot!(faults("https://north.example.org/levels.xml", "ftp://north.example.org"), @r#"
    riverwatch.toml:10:11: `ftp://north.example.org`: expected an address that begins with http: or https:
       10 | address = "ftp://north.example.org"
          |           ^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults("https://north.example.org/levels.xml", "north.example.org"), @r#"
    riverwatch.toml:10:11: `north.example.org` is not an address: relative URL without a base; expected an address that begins with http: or https:
       10 | address = "north.example.org"
          |           ^^^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_length_of_time_and_a_size_that_are_none() {
    let to = "[fetch]\ntotal_timeout = \"half a minute\"\nconnect_timeout = 5\nkeep_bodies = \"200 MiB\"\nat_once = 0";
    insta::assert_snapshot!(faults("[fetch]", to), @r#"
    riverwatch.toml:6:17: `half a minute` is not a length of time: expected a number and s, m, h or d, such as `30s`
        6 | total_timeout = "half a minute"
          |                 ^^^^^^^^^^^^^^^
    riverwatch.toml:7:19: expected a text in quotes, found integer
        7 | connect_timeout = 5
          |                   ^
    riverwatch.toml:8:15: `200 MiB` is not a size: expected a number and B, kB, MB or GB, such as `32MB`
        8 | keep_bodies = "200 MiB"
          |               ^^^^^^^^^
    riverwatch.toml:9:11: expected a whole number from 1 to 64, found `0`
        9 | at_once = 0
          |           ^
    "#);
}

#[test]
fn an_address_that_cannot_be_listened_on() {
    insta::assert_snapshot!(faults("[fetch]", "[server]\nlisten = \"localhost:80\"\n\n[fetch]"), @r#"
    riverwatch.toml:6:10: `localhost:80` is not an address to listen on: expected IP:PORT, such as 127.0.0.1:8080
        6 | listen = "localhost:80"
          |          ^^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_database_of_another_kind() {
    insta::assert_snapshot!(faults("[fetch]", "[database]\nurl = \"postgres://db\"\n\n[fetch]"), @r#"
    riverwatch.toml:6:7: `postgres://db` is not a database: expected sqlite: and a path, such as `sqlite:data/riverwatch.db`
        6 | url = "postgres://db"
          |       ^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_retention_shorter_than_what_pages_show() {
    insta::assert_snapshot!(faults("[fetch]", "[database]\nretention = \"30d\"\n\n[fetch]"), @r#"
    riverwatch.toml:6:13: `30d` is not a time to keep data: expected a number and d or y, from `31d` to `200y`, such as `5y`
        6 | retention = "30d"
          |             ^^^^^
    "#);
    let kept = checked(&MAIN.replace("[fetch]", "[database]\nretention = \"5y\"\n\n[fetch]"), RIVER).expect("sound");
    assert_eq!(kept.fetching.retention, Some(hydro::SignedDuration::from_hours(5 * 366 * 24)));
}

#[test]
fn a_zone_that_is_none() {
    insta::assert_snapshot!(faults("America/Moncton", "America/Fredericton"), @r#"
    riverwatch.toml:3:12: `America/Fredericton` is not a time zone of the IANA database, such as `America/Moncton`
        3 | timezone = "America/Fredericton"
          |            ^^^^^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_text_in_other_languages_than_the_title() {
    insta::assert_snapshot!(faults("\"North\"", "{ en = \"North\", rf = \"Nord\" }"), @r#"
    riverwatch.toml:9:9: expected a text in each language of the site's title, en, fr; found en, rf
        9 | title = { en = "North", rf = "Nord" }
          |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults("\"North\"", "\" \""), @r#"
    riverwatch.toml:9:9: the text is empty
        9 | title = " "
          |         ^^^
    "#);
}

#[test]
fn help_that_leads_nowhere() {
    let to = "[[site.help]]\ntext = \"Call\"\naddress = \"911\"\n\n[fetch]";
    insta::assert_snapshot!(faults("[fetch]", to), @r#"
    riverwatch.toml:7:11: `911` is not an address: relative URL without a base; expected an address that begins with https: or http: or tel:
        7 | address = "911"
          |           ^^^^^
    "#);
}

#[test]
fn a_faulty_main_file_does_not_hide_the_faults_of_stations() {
    let found = checked(&MAIN.replace("[site]", "[site"), &RIVER.replace("46.0", "460.0")).expect_err("faults");
    insta::assert_snapshot!(found, @r"
    riverwatch.toml:1:6: unclosed table, expected `]`
        1 | [site
          |      ^
    stations/0.toml:11:12: `460.0` is not in degrees: expected -90 to 90
       11 | latitude = 460.0
          |            ^^^^^
    ");
}
