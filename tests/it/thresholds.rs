//! Thresholds that a feed publishes: compared with the configured ones, announced where they change, refused where they
//! cannot be, and in force where the configuration says so.

use std::path::{Path, PathBuf};

use crate::support::program::{Running, folder, riverwatch_in, run, succeed};
use crate::support::{LANGUAGES, edit, html, shipped};

/// The province's table with one place in it.
fn table(heights: [&str; 4]) -> String {
    let [advisory, watch, warning, flood] = heights;
    format!(
        "<area><station><name>Fredericton</name><stationID>Fredericton</stationID><advisory>{advisory}</advisory>\
         <watch>{watch}</watch><warning>{warning}</warning><Floodlvl>{flood}</Floodlvl></station></area>"
    )
}

/// Imports a table as of an instant, and says what the command said.
fn import(folder: &Path, config: &Path, heights: [&str; 4], at: &str) -> String {
    let file = folder.join("levels.xml");
    std::fs::write(&file, table(heights)).expect("a file");
    succeed(riverwatch_in(folder).arg("--config").arg(config).args(["import", "nb-levels", "--at", at]).arg(file))
}

/// The shipped configuration; `ruling` has the feed's thresholds rule.
fn configuration(folder: &Path, ruling: bool) -> PathBuf {
    let main = shipped(folder);
    if ruling {
        edit(&folder.join("stations/saint-john-river.toml"), |text| {
            text.replace("scheme = \"new-brunswick\"\n", "scheme = \"new-brunswick\"\nfeed = \"nb-levels\"\n")
        });
    }
    main
}

fn serve(folder: &Path, config: &Path, at: &str) -> Running {
    Running::start(riverwatch_in(folder).arg("--config").arg(config).args(["serve", "--at", at]))
}

fn flood(site: &Running) -> f64 {
    let station = site.json("/en/station/fredericton.json");
    let thresholds = station["thresholds"].as_array().expect("thresholds");
    let flood = thresholds.iter().find(|threshold| threshold["level"] == "flood").expect("a flood level");
    flood["value"].as_f64().expect("a number")
}

const OURS: [&str; 4] = ["4.5", "5.5", "6.0", "6.5"];
const LOWERED: [&str; 4] = ["4.5", "5.5", "5.9", "6.2"];

#[test]
fn a_change_is_announced_and_the_configured_thresholds_hold() {
    let folder = folder();
    let config = configuration(folder.path(), false);
    import(folder.path(), &config, OURS, "2026-04-01T12:00Z");
    import(folder.path(), &config, LOWERED, "2026-04-20T12:00Z");
    let site = serve(folder.path(), &config, "2026-04-21T12:00Z");
    assert!((flood(&site) - 6.5).abs() < 1e-9);
    for (language, words) in LANGUAGES.into_iter().zip([
        ["changed from 6.50\u{a0}m to 6.20\u{a0}m", "yesterday", "6.50\u{a0}m here and 6.20\u{a0}m in the feed"],
        ["passé de 6,50\u{a0}m à 6,20\u{a0}m", "hier", "6,50\u{a0}m ici et à 6,20\u{a0}m dans la source"],
    ]) {
        let page = html::read(&site.page(&format!("/{language}/status"))).text;
        assert!(words.iter().all(|words| page.contains(words)), "{language}: {page}");
    }
}

#[test]
fn a_feed_that_rules_sets_the_thresholds_with_its_date_and_its_source() {
    let folder = folder();
    let config = configuration(folder.path(), true);
    import(folder.path(), &config, LOWERED, "2026-04-20T12:00Z");
    let site = serve(folder.path(), &config, "2026-04-21T12:00Z");
    assert!((flood(&site) - 6.2).abs() < 1e-9);
    assert!(html::read(&site.page("/en/station/fredericton")).text.contains("20 April"), "when it was read");
    assert!(site.page("/en/status").contains("are those used here"));
    let before = serve(folder.path(), &config, "2026-04-19T12:00Z");
    assert!((flood(&before) - 6.5).abs() < 1e-9, "the configured ones stand in where the feed has none");
}

#[test]
fn inverted_ones_are_refused_with_the_reason() {
    let folder = folder();
    let config = configuration(folder.path(), true);
    import(folder.path(), &config, LOWERED, "2026-04-20T12:00Z");
    let file = folder.path().join("levels.xml");
    std::fs::write(&file, table(["4.5", "5.5", "7.0", "6.2"])).expect("a file");
    let mut import = riverwatch_in(folder.path());
    let refused =
        run(import.arg("--config").arg(&config).args(["import", "nb-levels", "--at", "2026-04-20T13:00Z"]).arg(file));
    assert_eq!(refused.code, Some(1));
    assert!(refused.out.contains("thresholds must rise: warning 7 is not below flood 6.2"), "{}", refused.out);
    assert!((flood(&serve(folder.path(), &config, "2026-04-20T14:00Z")) - 6.2).abs() < 1e-9);
}

#[test]
fn a_feed_that_does_not_exist_cannot_rule() {
    let folder = folder();
    let config = configuration(folder.path(), true);
    let stations = folder.path().join("stations/saint-john-river.toml");
    let text = std::fs::read_to_string(&stations).expect("the copy");
    std::fs::write(&stations, text.replace("feed = \"nb-levels\"\n", "feed = \"nb-level\"\n")).expect("a copy");
    let checked = run(riverwatch_in(folder.path()).arg("--config").arg(config).arg("check"));
    assert_eq!(checked.code, Some(1));
    assert!(checked.err.contains("no feed `nb-level`: expected nb-fews, nb-levels, eccc-nb"), "{}", checked.err);
}
