//! The command line's other promises: exit codes and what is printed.

use crate::support::program::{Running, folder, riverwatch, riverwatch_in, run, succeed};
use crate::support::sample;

#[test]
fn health_tells_by_its_exit_code() {
    let folder = folder();
    let site = Running::start(riverwatch_in(folder.path()).arg("serve"));
    let mut ask = riverwatch();
    ask.arg("health").env("RIVERWATCH_SERVER__LISTEN", site.address.to_string());
    assert_eq!(run(&mut ask).code, Some(0));
    drop(site);
    let output = run(&mut ask);
    assert_eq!(output.code, Some(1), "{output:?}");
    assert_eq!(output.err.lines().count(), 1, "{output:?}");
}

#[test]
fn health_is_not_fooled_by_another_server() {
    let now = jiff::Timestamp::now();
    let other = crate::support::feeds::FeedServer::start(fixtures::Freshet::new(now, 1), now);
    let output = run(riverwatch().arg("health").env("RIVERWATCH_SERVER__LISTEN", other.address.to_string()));
    assert_eq!((output.code, output.err.contains("404")), (Some(1), true), "{output:?}");
}

#[test]
fn a_sound_configuration_is_an_empty_list_of_faults() {
    let output = succeed(riverwatch().args(["check", "--json"]));
    let faults: serde_json::Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!(faults, serde_json::json!([]));
}

#[test]
fn an_address_that_is_taken_is_told_in_a_line() {
    let folder = folder();
    let site = Running::start(riverwatch_in(folder.path()).arg("serve"));
    let mut second = riverwatch_in(folder.path());
    second.arg("serve").env("RIVERWATCH_SERVER__LISTEN", site.address.to_string());
    let output = run(&mut second);
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.err.contains(&format!("cannot listen on {}", site.address)), "{output:?}");
    assert!(output.out.is_empty(), "{output:?}");
}

#[test]
fn a_faulty_configuration_starts_nothing() {
    let folder = folder();
    for command in ["serve", "up", "health"] {
        let mut command_line = riverwatch_in(folder.path());
        command_line.args([command, "--config", "fixtures/config/faulty/riverwatch.toml"]);
        let output = run(&mut command_line);
        assert_eq!(output.code, Some(1), "{command}: {output:?}");
        assert!(output.err.contains("thresholds must rise"), "{command}: {}", output.err);
        assert!(!folder.path().join("river.db").exists(), "{command}");
    }
}

#[test]
fn what_cannot_be_imported_is_told() {
    let folder = folder();
    let page = "fixtures/feeds/any/page.html";
    let output = run(riverwatch_in(folder.path()).args(["import", "nb-fews", page]));
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.out.contains("failed") && output.out.contains("line 1, column 1"), "{output:?}");
    let output = run(riverwatch_in(folder.path()).args(["import", "nowhere", page]));
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.err.contains("no feed `nowhere`") && output.err.contains("nb-fews"), "{output:?}");
    let output = run(riverwatch_in(folder.path()).args(["import", "nb-fews", page, "--at", "yesterday"]));
    assert_eq!(output.code, Some(2), "{output:?}");
    assert!(output.err.contains("`yesterday` is not an instant"), "{output:?}");
}

#[test]
fn the_thresholds_in_use_are_those_that_the_province_published() {
    let Some(file) = sample("nb/alertlevels_2023-02-27.xml") else { return };
    let folder = folder();
    succeed(riverwatch_in(folder.path()).args(["import", "nb-levels", "--at", "2023-03-01T00:00Z"]).arg(file));
    let site = Running::start(riverwatch_in(folder.path()).args(["serve", "--at", "2023-03-01T01:00Z"]));
    assert!(site.page("/en/status").contains("The thresholds published in the feeds are those used here."));
}

#[test]
fn thresholds_that_the_province_changed_are_told() {
    let Some(file) = sample("nb/alertlevels_2023-02-27.xml") else { return };
    let folder = folder();
    let text = std::fs::read_to_string(file).expect("the sample");
    let changed = folder.path().join("changed.xml");
    let flood = "6.5";
    assert!(text.contains(flood));
    std::fs::write(&changed, text.replace(flood, "6.6")).expect("a file");
    succeed(riverwatch_in(folder.path()).args(["import", "nb-levels", "--at", "2023-03-01T00:00Z"]).arg(changed));
    let site = Running::start(riverwatch_in(folder.path()).args(["serve", "--at", "2023-03-01T01:00Z"]));
    let page = site.page("/en/status");
    assert!(page.contains("Fredericton: flood level is 6.50\u{a0}m here and 6.60\u{a0}m in the feed."), "{page}");
    let station = site.json("/en/station/fredericton.json");
    assert_eq!(station["thresholds"][3]["value"], 6.5, "a station's thresholds change by a person's hand alone");
}
