//! The province's export of 14 March 2023 holds measurements of October 2022: it arrives, is sound, and tells nothing
//! about now. Nobody may read a status, a trend or an undated level out of it.

use std::process::Command;

use serde_json::Value as Json;

use crate::support::html::{self, Element};
use crate::support::program::{Running, folder, riverwatch_in, succeed};
use crate::support::{LANGUAGES, sample};

const EXPORT: &str = "nb/StJohn_FEWSNB_export_2023-03-14.xml";
/// Places where nothing is measured.
const FORECAST_ONLY: [&str; 8] =
    ["connors", "saint-francois", "baker-brook", "st-hilaire", "iroquois", "saint-basile", "sainte-anne", "hampton"];
/// Words of known statuses, in lower case.
const KNOWN: [[&str; 5]; 2] =
    [["normal", "advisory", "watch", "warning", "flood"], ["normal", "avis", "veille", "avertissement", "crue"]];
const DATES: [&str; 2] = ["18 October 2022", "18 octobre 2022"];

/// The site at an instant at which the export was just imported.
fn site(at: &str) -> Option<(Running, tempfile::TempDir)> {
    let (file, folder) = (sample(EXPORT)?, folder());
    let with_time = |command: &mut Command| succeed(command.args(["--at", at]));
    let said = with_time(riverwatch_in(folder.path()).args(["import", "nb-fews"]).arg(file));
    assert!(said.contains(": changed; 1789 new"), "{said}");
    Some((Running::start(riverwatch_in(folder.path()).args(["serve", "--at", at])), folder))
}

fn stations(site: &Running, language: &str) -> Vec<Json> {
    let all = site.json(&format!("/{language}/stations.json"));
    all["stations"].as_array().expect("an array").clone()
}

/// Whether a text has one of some words, as a word.
fn has_word(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    text.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
}

/// Whether a number such as `5.95` or `5,95` stands in a text.
fn has_level(text: &str) -> bool {
    let is_level = |window: &[char]| {
        window[0].is_ascii_digit() && matches!(window[1], '.' | ',') && window[2..].iter().all(char::is_ascii_digit)
    };
    text.chars().collect::<Vec<_>>().windows(4).any(is_level)
}

#[test]
fn nothing_is_known_in_the_data() {
    let Some((site, _folder)) = site("2023-03-14T12:00Z") else { return };
    for language in LANGUAGES {
        let stations = stations(&site, language);
        assert_eq!(stations.len(), 25);
        for station in &stations {
            let (status, outlook) = (&station["status"], &station["outlook"]);
            assert_eq!(status["level"], "unknown", "{station}");
            assert!(status["trend"].is_null() && status["since"].is_null(), "{station}");
            assert!(matches!(status["freshness"].as_str(), Some("offline" | "none")), "{station}");
            assert!(outlook["level"].is_null() && outlook["peak"].is_null(), "{station}");
            assert!(outlook["crossings"].as_array().is_some_and(Vec::is_empty), "{station}");
            assert_ne!(outlook["state"], "current", "{station}");
            let valid = status["valid"].as_str();
            assert!(valid.is_none_or(|valid| valid.starts_with("2022-10-18T")), "{station}");
            assert_eq!(valid.is_none(), status["value"].is_null(), "{station}");
        }
        let without: Vec<&str> = stations
            .iter()
            .filter(|station| station["status"]["value"].is_null())
            .filter_map(|station| station["id"].as_str())
            .collect();
        assert_eq!(without, FORECAST_ONLY);
    }
}

#[test]
fn no_page_shows_a_known_status() {
    let Some((site, _folder)) = site("2023-03-14T12:00Z") else { return };
    for (language, known) in LANGUAGES.iter().zip(KNOWN) {
        let list = html::read(&site.page(&format!("/{language}/")));
        assert_eq!(html::rows(&list).len(), 25);
        for (_, row) in html::rows(&list) {
            assert!(!has_word(&row.text, &known), "{}", row.text);
            assert!(!has_level(&row.text), "{}", row.text);
        }
        no_colour(&list);
        for id in site.stations() {
            let page = html::read(&site.page(&format!("/{language}/station/{id}")));
            no_colour(&page);
            let unknown: Vec<_> = page.all().into_iter().filter(|element| element.is_of("cu")).collect();
            assert!(!unknown.is_empty(), "{id}: nothing on it is marked as unknown");
            let described = page.named("meta").into_iter().find(|meta| meta.attribute("name") == Some("description"));
            let described = described.and_then(|meta| meta.attribute("content")).expect("a description");
            // The site's own name has a word that is also a status.
            let title = page.only("head").only("title").text.replace("River Watch", "");
            let texts = unknown.iter().map(|element| element.text.as_str());
            for text in texts.chain([title.as_str(), described]) {
                assert!(!has_word(text, &known), "{id}: {text}");
            }
        }
    }
}

#[test]
fn every_level_carries_its_date() {
    let Some((site, _folder)) = site("2023-03-14T12:00Z") else { return };
    for ((language, date), measured) in LANGUAGES.into_iter().zip(DATES).zip(["Measured", "Mesuré"]) {
        for id in site.stations().iter().filter(|id| !FORECAST_ONLY.contains(&id.as_str())) {
            let page = html::read(&site.page(&format!("/{language}/station/{id}")));
            let main = page.only("main");
            assert!(main.named("time").iter().all(|time| time.text.contains(date)), "{id}");
            assert!(!main.named("time").is_empty(), "{id}");
            for body in main.named("tbody") {
                assert!(body.only("th").text.contains("2022"), "{id}: {}", body.text);
            }
            for text in loose_texts(main) {
                assert!(!has_level(&text) || text.contains("2022"), "{id}: {text}");
            }
            let chart = html::read_xml(&site.page(&format!("/{language}/station/{id}.svg")));
            assert!(chart.only("desc").text.contains(date), "{id}: {}", chart.only("desc").text);
            let plain = site.page(&format!("/{language}/station/{id}.txt"));
            assert!(plain.lines().next().is_some_and(|sentence| sentence.contains(date)), "{plain}");
            let measured: Vec<&str> = plain.lines().filter(|line| line.starts_with(measured)).collect();
            assert!(matches!(measured[..], [line] if has_level(line) && line.contains(date)), "{plain}");
        }
    }
}

#[test]
fn on_its_own_day_the_export_tells_of_17_stations() {
    let Some((site, _folder)) = site("2022-10-18T12:00Z") else { return };
    let stations = stations(&site, "en");
    let level = |station: &Json| station["status"]["level"].as_str().expect("a word").to_owned();
    let (unknown, current): (Vec<&Json>, _) = stations.iter().partition(|station| level(station) == "unknown");
    let unknown: Vec<&str> = unknown.iter().filter_map(|station| station["id"].as_str()).collect();
    assert_eq!(unknown, FORECAST_ONLY);
    assert_eq!(current.len(), 17);
    for station in current {
        let (id, status) = (station["id"].as_str().expect("an id"), &station["status"]);
        assert!(matches!(status["freshness"].as_str(), Some("fresh" | "late")), "{station}");
        if id == "woodstock" {
            assert_eq!((level(station).as_str(), status["value"].as_f64()), ("advisory", Some(39.709)));
        } else {
            assert_eq!(level(station), "normal", "{station}");
        }
    }
    let apohaqui = site.json("/en/station/apohaqui.json");
    let peak = &apohaqui["outlook"]["peak"];
    assert_eq!(
        (peak["value"].as_f64(), peak["valid"].as_str()),
        (Some(8.86), Some("2022-10-20T04:00:00Z")),
        "{}",
        apohaqui["outlook"]
    );
}

/// Nothing on the page has the colour of a known status.
fn no_colour(page: &Element) {
    for element in page.all() {
        for class in ["c0", "c1", "c2", "c3", "c4"] {
            assert!(!element.is_of(class), "<{} class={class}>: {}", element.name, element.text);
        }
    }
}

/// The texts that stand outside tables (whose days are named), pictures (which say their span) and links.
fn loose_texts(element: &Element) -> Vec<String> {
    if matches!(element.name.as_str(), "table" | "figure" | "a") {
        return Vec::new();
    }
    let inner = element.children.iter().flat_map(loose_texts);
    std::iter::once(element.own.clone()).chain(inner).collect()
}
