//! Settings of the environment.

use super::{MAIN, RIVER, checked_with};

#[test]
fn the_environment_replaces_any_single_setting() {
    let env = [
        ("RIVERWATCH_CONFIG", "elsewhere.toml"),
        ("RIVERWATCH_DATABASE__URL", "sqlite:/tmp/river.db"),
        ("RIVERWATCH_FEEDS__NORTH__ADDRESS", "http://127.0.0.1:9/x"),
        ("RIVERWATCH_FEEDS__NORTH__PRIVATE", "true"),
        ("RIVERWATCH_FETCH__AT_ONCE", "7"),
        ("RIVERWATCH_LOG", "debug"),
        ("RIVERWATCH_SERVER__LISTEN", "127.0.0.1:0"),
        ("RIVERWATCH_SITE__TITLE__FR", "Cours d'eau"),
    ];
    let config = checked_with(&env, MAIN, &[RIVER]).expect("sound");
    assert_eq!(config.database.to_str(), Some("/tmp/river.db"));
    assert_eq!(config.listening.listen.to_string(), "127.0.0.1:0");
    assert_eq!((config.feeds[0].address.as_str(), config.feeds[0].private), ("http://127.0.0.1:9/x", true));
    assert_eq!((config.fetching.at_once, config.site.title.in_language("fr")), (7, "Cours d'eau"));
}

#[test]
fn the_environment_is_checked_like_the_file() {
    let env = [
        ("RIVERWATCH_FEEDS__WEST__ADDRESS", "https://west.example.org"),
        ("RIVERWATCH_FETCH__AT_ONCE", "many"),
        ("RIVERWATCH_LISTEN", "127.0.0.1:0"),
        ("RIVERWATCH_SERVER", "127.0.0.1:0"),
        ("RIVERWATCH_SITE__TIMEZONE", ""),
    ];
    insta::assert_snapshot!(checked_with(&env, MAIN, &[RIVER]).expect_err("faults"), @r"
    environment variable RIVERWATCH_FEEDS__WEST__ADDRESS: unknown setting
    environment variable RIVERWATCH_FETCH__AT_ONCE: expected a whole number from 1 to 64, found `many`
    environment variable RIVERWATCH_LISTEN: unknown setting: expected RIVERWATCH_SERVER, RIVERWATCH_STATIONS
    environment variable RIVERWATCH_SERVER: expected a table [server], found `127.0.0.1:0`
    environment variable RIVERWATCH_SITE__TIMEZONE: the text is empty
    ");
}

#[test]
fn an_unknown_variable_is_a_fault_that_names_it() {
    let env = [("RIVERWATCH_SERVER__LITSEN", "127.0.0.1:0"), ("RIVER", "x")];
    insta::assert_snapshot!(checked_with(&env, MAIN, &[RIVER]).expect_err("faults"), @r"
    environment variable RIVERWATCH_SERVER__LITSEN: unknown setting: expected RIVERWATCH_SERVER__CONNECTIONS, RIVERWATCH_SERVER__FRAME_HOSTS, RIVERWATCH_SERVER__LISTEN, RIVERWATCH_SERVER__METRICS
    ");
}

#[test]
fn the_environment_can_mend_a_fault_of_the_file() {
    let main = MAIN.replace("America/Moncton", "America/Fredericton");
    assert!(checked_with(&[], &main, &[RIVER]).is_err());
    assert!(checked_with(&[("RIVERWATCH_SITE__TIMEZONE", "America/Moncton")], &main, &[RIVER]).is_ok());
}
