//! The list as its readers ask for it: found, kept, filtered, sorted.

use serde_json::Value as Json;

use crate::demo::demonstration;
use crate::support::html;
use crate::support::program::Running;

/// The ids of the stations in the list at an address, in its order.
fn listed(demo: &Running, path: &str) -> Vec<String> {
    html::rows(&html::read(&demo.page(path))).into_iter().map(|(id, _)| id).collect()
}

fn stations(demo: &Running, language: &str) -> Vec<Json> {
    demo.json(&format!("/{language}/stations.json"))["stations"].as_array().expect("an array").clone()
}

fn id(station: &Json) -> String {
    station["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_name_is_found_without_its_accents_and_capitals() {
    let (demo, _folder) = demonstration();
    for (asked, found) in [
        ("leonard", vec!["saint-leonard"]),
        ("L%C3%89ONARD", vec!["saint-leonard"]),
        ("l%C3%A9o", vec!["saint-leonard"]),
        ("francois", vec!["saint-francois"]),
        ("FRAN%C3%87OIS", vec!["saint-francois"]),
        ("perth+andover", vec!["perth-andover"]),
        ("++Jemseg++", vec!["jemseg"]),
        ("01ak003", vec!["fredericton"]),
        ("nashwaak", vec!["durham-bridge"]),
        ("moyenne+vall", vec!["perth-andover", "simonds", "hartland", "woodstock"]),
        ("lea", vec![]),
        ("zzz", vec![]),
    ] {
        for language in ["en", "fr"] {
            assert_eq!(listed(&demo, &format!("/{language}/?sort=river&q={asked}")), found, "{language} {asked}");
        }
    }
    let saints = listed(&demo, "/fr/?q=SAINT&sort=river");
    for station in ["saint-francois", "saint-basile", "sainte-anne", "saint-leonard", "quispamsis-saint-john"] {
        assert!(saints.iter().any(|id| id == station), "{station} in {saints:?}");
    }
    let nothing = html::read(&demo.page("/fr/?q=lea"));
    assert!(nothing.only("main").text.contains("«\u{a0}lea\u{a0}»"), "it says what was asked");
    assert_eq!(nothing.only("input").attribute("value"), Some("lea"));
}

/// Some keyboards send an accent as a mark of its own after its letter (Unicode, form NFD).
#[test]
fn a_name_is_found_with_its_accent_as_a_mark_of_its_own() {
    let (demo, _folder) = demonstration();
    assert_eq!(listed(&demo, "/fr/?q=Le%CC%81onard"), ["saint-leonard"]);
}

#[test]
fn a_list_of_ones_own_has_these_stations_alone() {
    let (demo, _folder) = demonstration();
    assert_eq!(listed(&demo, "/en/?s=jemseg,fredericton&sort=river"), ["fredericton", "jemseg"]);
    assert_eq!(listed(&demo, "/fr/?s=jemseg,nowhere"), ["jemseg"]);
    assert_eq!(listed(&demo, "/fr/?s=nowhere"), [""; 0]);
    assert_eq!(listed(&demo, "/en/?s=").len(), 25);
}

#[test]
fn a_status_picks_its_stations() {
    let (demo, _folder) = demonstration();
    let stations = stations(&demo, "en");
    let mut total = 0;
    for level in ["unknown", "normal", "advisory", "watch", "warning", "flood"] {
        let of_level = stations.iter().filter(|station| station["status"]["level"] == level);
        let mut expected: Vec<String> = of_level.map(id).collect();
        let mut found = listed(&demo, &format!("/fr/?status={level}"));
        total += found.len();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{level}");
    }
    assert_eq!(total, 25);
    assert!(listed(&demo, "/en/?status=green").is_empty());
}

#[test]
fn the_order_is_what_was_asked_for() {
    let (demo, _folder) = demonstration();
    let in_order = stations(&demo, "fr");
    assert_eq!(listed(&demo, "/fr/?sort=river"), in_order.iter().map(id).collect::<Vec<_>>());

    let mut named: Vec<(String, String)> = in_order.iter().map(|station| (name(station), id(station))).collect();
    named.sort();
    let named: Vec<String> = named.into_iter().map(|(_, id)| id).collect();
    assert_eq!(listed(&demo, "/fr/?sort=name"), named);

    let rank = |station: &Json, of: &str| {
        let words = ["unknown", "normal", "advisory", "watch", "warning", "flood"];
        words.iter().position(|word| station[of]["level"] == *word).unwrap_or(0)
    };
    let listed_by_default = listed(&demo, "/fr/");
    let worst = |id: &String| {
        let station = in_order.iter().find(|station| station["id"] == id.as_str()).expect("a station");
        let ahead = Some(rank(station, "outlook")).filter(|rank| *rank > 1).unwrap_or(0);
        rank(station, "status").max(ahead)
    };
    let ranks: Vec<usize> = listed_by_default.iter().map(worst).collect();
    assert!(ranks.is_sorted_by(|before, after| before >= after), "worst first: {ranks:?}");
    assert!(ranks.first() > ranks.last());
    assert_eq!(listed(&demo, "/fr/?sort=status"), listed_by_default);
    assert_eq!(listed(&demo, "/fr/?sort=sideways"), listed_by_default);
}

/// A name as it is sorted: small letters without accents, and no marks.
fn name(station: &Json) -> String {
    let name = station["name"].as_str().expect("a name").to_lowercase();
    let plain = name.replace(['é', 'è'], "e").replace('ç', "c").replace(['-', '.'], " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
