//! The files of `ops/`: the unit, the container, the dashboard and the alert rules.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::{metrics, tool};
use crate::support::program::{folder, riverwatch, run, succeed};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn path(name: &str) -> PathBuf {
    root().join("ops").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_else(|error| unreachable!("{name}: {error}"))
}

/// The lines of a file that begin with a word, without it.
fn after(file: &str, word: &str) -> Vec<String> {
    file.lines().filter_map(|line| line.strip_prefix(word)).map(|rest| rest.trim().to_owned()).collect()
}

/// Checks that settings which a file gives are settings of ours, and sound with the configuration that is shipped.
fn settings_are_sound(settings: &[String]) {
    assert!(settings.iter().any(|setting| setting.starts_with("RIVERWATCH_DATABASE__URL=sqlite:/")), "{settings:?}");
    let mut check = riverwatch();
    check.arg("check");
    for setting in settings {
        let (name, value) = setting.split_once('=').expect("a name and a value");
        let shipped = "config/riverwatch.toml";
        if name == "RIVERWATCH_CONFIG" {
            assert_eq!(value, "/etc/riverwatch/riverwatch.toml");
        }
        check.env(name, if name == "RIVERWATCH_CONFIG" { shipped } else { value });
    }
    succeed(&mut check);
}

#[test]
fn the_unit_gives_sound_settings() {
    let unit = text("riverwatch.service");
    settings_are_sound(&after(&unit, "Environment="));
    let start = after(&unit, "ExecStart=");
    let (program, command) = start[0].split_once(' ').expect("a command");
    assert_eq!(program, "/usr/local/bin/riverwatch");
    assert_eq!(run(riverwatch().args([command, "--help"])).code, Some(0), "{command}");
    // What it says of metrics in a comment is a setting too.
    let metrics = unit.split("such as ").nth(1).and_then(|rest| rest.lines().next()).expect("an example");
    succeed(riverwatch().arg("check").envs(metrics.trim_end_matches('.').split_once('=')));
}

#[test]
fn the_unit_is_walled_in() {
    let Some(mut analyze) = tool("systemd-analyze", "the sandbox of ops/riverwatch.service") else { return };
    let output =
        analyze.args(["security", "--offline=true"]).arg(path("riverwatch.service")).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let overall = said.split("Overall exposure level for riverwatch.service: ").nth(1);
    let score: f64 =
        overall.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or_else(|| unreachable!("{said}"));
    assert!(score < 2.0, "{said}");
}

#[test]
fn systemd_understands_the_unit() {
    let Some(mut analyze) = tool("systemd-analyze", "the settings of ops/riverwatch.service") else { return };
    // The program need not be installed for its unit to be read.
    let (folder, unit) = (folder(), text("riverwatch.service").replace("/usr/local/bin/riverwatch", "/bin/true"));
    let file = folder.path().join("riverwatch.service");
    std::fs::write(&file, unit).expect("a file");
    let output = analyze.args(["verify", "--man=no"]).arg(&file).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("riverwatch.service:"), "{said}");
}

#[test]
fn the_container_gives_sound_settings() {
    let file = text("Containerfile");
    settings_are_sound(&after(&file, "ENV "));
    let health = after(&file, "HEALTHCHECK ").concat();
    assert!(health.ends_with(r#"CMD ["/usr/local/bin/riverwatch", "health"]"#), "{health}");
    assert_eq!(run(riverwatch().args(["health", "--help"])).code, Some(0));
    let user = after(&file, "USER ").concat();
    assert!(user.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)), "a number that is not root: {user}");
    assert_eq!(after(&file, "VOLUME "), ["/data"]);
}

#[test]
fn the_container_is_built_from_what_there_is() {
    let lines = after(&text("Containerfile"), "COPY ");
    let from_here: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !line.starts_with("--from")).collect();
    let copied: BTreeSet<&str> = from_here.iter().flat_map(|line| line.split(' ').rev().skip(1)).collect();
    for name in &copied {
        assert!(root().join(name).exists(), "{name}");
    }
    let manifest: toml::Table =
        std::fs::read_to_string(root().join("Cargo.toml")).expect("a manifest").parse().expect("TOML");
    let members = manifest["workspace"]["members"].as_array().expect("members");
    for member in members.iter().map(|member| member.as_str().expect("a name")).chain(["Cargo.toml", "Cargo.lock"]) {
        assert!(copied.contains(member), "{member}");
    }
}

/// Every word of a text that begins as our metrics do.
fn mentioned(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit() && c != '_');
    words.filter(|word| word.starts_with("riverwatch_")).collect()
}

#[test]
fn dashboard_and_rules_use_the_metrics_that_there_are() {
    let (dashboard, rules) = (text("grafana-dashboard.json"), text("alerts.yml"));
    let told = metrics::of_a_site_with_data();
    let told = told.names();
    for (file, text) in [("grafana-dashboard.json", &dashboard), ("alerts.yml", &rules)] {
        let unknown: Vec<_> = mentioned(text).difference(&told).copied().collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
    let unused: Vec<_> = told.iter().filter(|name| !mentioned(&dashboard).contains(*name)).collect();
    assert!(unused.is_empty(), "the dashboard shows no {unused:?}");
    assert!(mentioned(&rules).len() > 5);
}

#[test]
fn the_dashboard_is_sound() {
    let dashboard: Json = serde_json::from_str(&text("grafana-dashboard.json")).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let (mut ids, mut cells) = (BTreeSet::new(), BTreeSet::new());
    for panel in panels {
        assert!(ids.insert(panel["id"].as_u64()), "{}", panel["title"]);
        let at = |key: &str| panel["gridPos"][key].as_u64().expect("a number");
        for cell in (at("x")..at("x") + at("w")).flat_map(|x| (at("y")..at("y") + at("h")).map(move |y| (x, y))) {
            assert!(cell.0 < 24 && cells.insert(cell), "{} lies over another panel", panel["title"]);
        }
        let targets = panel["targets"].as_array().expect("targets");
        assert!(!targets.is_empty() && !panel["description"].as_str().unwrap_or_default().is_empty());
    }
}

#[test]
fn prometheus_understands_the_rules() {
    let Some(mut promtool) = tool("promtool", "ops/alerts.yml") else { return };
    let output = promtool.args(["check", "rules"]).arg(path("alerts.yml")).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
