//! The configuration through the real binary: what `riverwatch check` says and how it ends.

use std::process::Command;

/// Exit code, standard output and standard error of `riverwatch check`, run at the root of the repository with nothing
/// but `variables` in its environment.
fn check(arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_riverwatch"))
        .arg("check")
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

const FAULTY: &str = "fixtures/config/faulty/riverwatch.toml";

#[test]
fn the_shipped_configuration_is_sound() {
    let (code, out, err) = check(&[], &[]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
}

/// The list of formats in a fault, which is long and held by a test of its own.
fn list_of_formats(faults: &str) -> String {
    let (_, rest) = faults.split_once("unknown format `eccc`: expected ").expect("the fault");
    rest.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn every_fault_is_told_at_once() {
    let (code, out, err) = check(&["--config", FAULTY], &[]);
    assert_eq!(code, Some(1));
    let formats = list_of_formats(&err);
    insta::assert_snapshot!(format!("{out}{err}").replace(&formats, "FORMATS"), @r#"
    fixtures/config/faulty/riverwatch.toml:5:12: `America/Fredericton` is not a time zone of the IANA database, such as `America/Moncton`
        5 | timezone = "America/Fredericton"
          |            ^^^^^^^^^^^^^^^^^^^^^
    fixtures/config/faulty/riverwatch.toml:8:10: `127.0.0.1` is not an address to listen on: expected IP:PORT, such as 127.0.0.1:8080
        8 | listen = "127.0.0.1"
          |          ^^^^^^^^^^^
    fixtures/config/faulty/riverwatch.toml:12:17: `30 seconds` is not a length of time: expected a number and s, m, h or d, such as `30s`
       12 | total_timeout = "30 seconds"
          |                 ^^^^^^^^^^^^
    fixtures/config/faulty/riverwatch.toml:16:11: `file:///etc/passwd`: expected an address that begins with http: or https:
       16 | address = "file:///etc/passwd"
          |           ^^^^^^^^^^^^^^^^^^^^
    fixtures/config/faulty/riverwatch.toml:17:10: unknown format `eccc`: expected FORMATS
       17 | format = "eccc"
          |          ^^^^^^
    fixtures/config/faulty/riverwatch.toml:18:12: schedule `*/15 * * *`: 4 fields; expected crontab's five fields in UTC (minute hour day month weekday, such as `*/15 * * * *`), or six with seconds first
       18 | schedule = "*/15 * * *"
          |            ^^^^^^^^^^^^
    fixtures/config/faulty/riverwatch.toml:20:1: unknown key `max-size`: expected title, address, format, place, schedule, max_size, private, attribution, licence, forecaster
       20 | max-size = "2MB"
          | ^^^^^^^^
    fixtures/config/faulty/stations/river.toml:13:16: thresholds must rise: advisory 4.5 is not below watch 4.2
       13 | thresholds = { advisory = 4.5, watch = 4.2, warning = 6.0, flood = 6.5 }
          |                ^^^^^^^^^^^^^^
    fixtures/config/faulty/stations/river.toml:16:8: no feed `gages`: expected gauges
       16 | feed = "gages"
          |        ^^^^^^^
    fixtures/config/faulty/stations/river.toml:19:1: missing key `longitude` in `station`
       19 | [[station]]
          | ^^^^^^^^^^^
    fixtures/config/faulty/stations/river.toml:20:6: two stations have the id `bend`: the first is at fixtures/config/faulty/stations/river.toml:9:6
       20 | id = "bend"
          |      ^^^^^^
    fixtures/config/faulty/stations/river.toml:22:12: `461.0` is not in degrees: expected -90 to 90
       22 | latitude = 461.0
          |            ^^^^^
    fixtures/config/faulty/stations/river.toml:24:16: `action` is no threshold of new-brunswick: expected advisory, watch, warning, flood
       24 | thresholds = { action = 4.5 }
          |                ^^^^^^^^^^^^
    "#);
}

#[test]
fn faults_can_be_read_by_programs() {
    let (code, out, _) = check(&["--config", FAULTY, "--json"], &[]);
    assert_eq!(code, Some(1));
    let faults: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let faults = faults.as_array().expect("an array of faults");
    assert_eq!(faults.len(), 13);
    assert_eq!((&faults[0]["line"], &faults[0]["column"]), (&5.into(), &12.into()));
    assert_eq!(faults[0]["file"], FAULTY);
}

#[test]
fn a_misspelled_variable_is_a_fault() {
    let (code, out, err) = check(&[], &[("RIVERWATCH_SERVER__LITSEN", "127.0.0.1:0")]);
    assert_eq!(code, Some(1));
    assert!(
        format!("{out}{err}").contains("environment variable RIVERWATCH_SERVER__LITSEN: unknown setting"),
        "{out}{err}"
    );
}

#[test]
fn a_file_that_is_not_there_is_a_fault() {
    let (code, out, err) = check(&["--config", "no/such.toml"], &[]);
    assert_eq!(code, Some(1));
    assert!(format!("{out}{err}").contains("no/such.toml: cannot be read: No such file"), "{out}{err}");
}
