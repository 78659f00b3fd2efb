//! `riverwatch explain`: every number it prints is the page's number, and the bytes' number.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::flood::{AT, file, imported};
use crate::support::program::{Running, folder, riverwatch_in, run, succeed};
use crate::support::sample;

fn explained(folder: &std::path::Path, station: &str, at: &str) -> String {
    succeed(riverwatch_in(folder).args(["explain", station, "--at", at]))
}

/// The text between two others.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| unreachable!("no `{before}` in\n{text}")).1;
    rest.split_once(after).unwrap_or_else(|| unreachable!("no `{after}` after `{before}` in\n{text}")).0
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| unreachable!("no number: {text}"))
}

/// What explain must say of the bytes: how many, and their hash.
fn of_bytes(bytes: &[u8]) -> String {
    let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{} bytes, SHA-256 {hash}", bytes.len())
}

/// Everything said of the level and the thresholds is what the data say.
fn agrees_with_the_data(said: &str, station: &Json) {
    let status = &station["status"];
    assert_eq!(Some(number(between(said, "\nlevel: ", " m, valid "))), status["value"].as_f64(), "{said}");
    assert_eq!(Some(between(said, " m, valid ", "\n")), status["valid"].as_str(), "{said}");
    assert_eq!(Some(between(said, "\n  freshness: ", ",")), status["freshness"].as_str(), "{said}");
    assert_eq!(Some(between(said, "\nstatus: ", ";")), status["level"].as_str(), "{said}");
    let thresholds = between(said, "  thresholds: ", " (");
    let steps: Vec<(&str, f64)> = thresholds
        .split(", ")
        .map(|step| (between(&format!("^{step}"), "^", " ").len(), step))
        .map(|(length, step)| (&step[..length], number(between(step, " ", " m"))))
        .collect();
    let published = station["thresholds"].as_array().expect("thresholds");
    let published: Vec<(&str, f64)> = published
        .iter()
        .map(|step| (step["level"].as_str().expect("a word"), step["value"].as_f64().expect("a height")))
        .collect();
    assert_eq!(steps, published, "{said}");
}

#[test]
fn the_numbers_are_those_of_the_page_and_of_the_bytes() {
    let (Some(folder), Some(file)) = (imported(&["01AK003"]), file("01AK003")) else { return };
    let said = explained(folder.path(), "fredericton", AT);
    let site = Running::start(riverwatch_in(folder.path()).args(["serve", "--at", AT]));
    let station = site.json("/en/station/fredericton.json");
    agrees_with_the_data(&said, &station);
    assert!(said.contains("place `01AK003` of feed eccc-nb, 0 m added"), "{said}");
    assert!(said.contains("first received 2022-04-18T21:10:00Z as 5.954 m"), "{said}");
    assert!(said.contains("watch; 5.954 m has reached 5.5 m"), "{said}");
    let place = "the wateroffice-csv parser reads 5.954 m in them, line 2417, from byte 126413 on";
    assert!(said.contains(place), "{said}");
    let bytes = std::fs::read(file).expect("the sample");
    assert!(said.contains(&of_bytes(&bytes)), "{said}");
    assert!(String::from_utf8_lossy(&bytes).contains("2022-04-18 17:05:00,46,5.954,"), "the bytes have it");
    assert!(said.contains("forecast: none is stored"), "{said}");
}

/// Three documents came at the same instant; each station is traced to its own.
#[test]
fn documents_of_one_instant_are_kept_apart() {
    let Some(folder) = imported(&["01AK003", "01AO012", "01AP003"]) else { return };
    for (id, gauge, level) in
        [("fredericton", "01AK003", "5.954"), ("gagetown", "01AO012", "4.156"), ("oak-point", "01AP003", "3.595")]
    {
        let Some(file) = file(gauge) else { return };
        let said = explained(folder.path(), id, AT);
        assert!(said.contains(&format!("the wateroffice-csv parser reads {level} m in them")), "{id}:\n{said}");
        assert!(said.contains(&of_bytes(&std::fs::read(file).expect("the sample"))), "{id}:\n{said}");
    }
}

#[test]
fn a_forecasts_peak_is_traced_too() {
    let Some(file) = sample("nb/StJohn_FEWSNB_export_2023-03-14.xml") else { return };
    let (folder, at) = (folder(), "2022-10-18T12:00Z");
    succeed(riverwatch_in(folder.path()).args(["import", "nb-fews", "--at", at]).arg(&file));
    let said = explained(folder.path(), "apohaqui", at);
    let site = Running::start(riverwatch_in(folder.path()).args(["serve", "--at", at]));
    let station = site.json("/en/station/apohaqui.json");
    agrees_with_the_data(&said, &station);
    assert!(said.contains("peak ahead: 8.86 m, valid 2022-10-20T04:00:00Z"), "{said}");
    // The document was made months later: the instant of its import is the only issue time that is not in the future.
    let issued = station["outlook"]["issued"].as_str().expect("an issue");
    let told = between(&said, "\nforecast: current, issue time not stated, received ", "\n");
    assert_eq!((told, issued), ("2022-10-18T12:00:00Z", "2022-10-18T12:00:00Z"), "{said}");
    assert_eq!(said.matches(&of_bytes(&std::fs::read(file).expect("the sample"))).count(), 2, "{said}");
    assert_eq!(said.matches("the pi-xml parser reads ").count(), 2, "{said}");
    assert!(said.contains("the pi-xml parser reads 8.86 m in them"), "{said}");
}

#[test]
fn where_nothing_is_known_it_says_so() {
    let folder = folder();
    // Makes the database.
    drop(Running::start(riverwatch_in(folder.path()).arg("serve")));
    let said = explained(folder.path(), "fredericton", AT);
    assert!(said.contains("level: no measurement is stored") && said.contains("status: unknown"), "{said}");
    let nowhere = run(riverwatch_in(folder.path()).args(["explain", "nowhere"]));
    assert_eq!((nowhere.code, nowhere.err.contains("no station `nowhere`")), (Some(1), true), "{nowhere:?}");
}
