//! News as Atom feeds: what happened is in them once, under a name that stays.

use std::collections::BTreeMap;

use fixtures::{ECCC_PATH, FEWS_PATH, Freshet};
use jiff::{SignedDuration, Timestamp};

use crate::support::LANGUAGES;
use crate::support::html::{Element, read_xml};
use crate::support::program::{Running, folder, riverwatch_in, succeed};

const START: &str = "2026-04-20T12:00:00Z";

fn hours(hours: i64) -> Timestamp {
    START.parse::<Timestamp>().expect("an instant") + SignedDuration::from_hours(hours)
}

/// A database to which a freshet came every six hours for four days.
fn freshet() -> tempfile::TempDir {
    let (folder, freshet) = (folder(), Freshet::new(hours(0), 7));
    for step in 0..=16 {
        let now = hours(6 * step);
        for (feed, path) in [("nb-fews", FEWS_PATH), ("eccc-nb", ECCC_PATH)] {
            let reply = freshet.reply(path, now);
            let file = folder.path().join(feed);
            std::fs::write(&file, reply.body).expect("a file");
            let at = now.to_string();
            if reply.status == 200 {
                succeed(riverwatch_in(folder.path()).args(["import", feed, "--at", &at]).arg(&file));
            }
        }
    }
    folder
}

/// Entries by their ids: when they were known, their titles and their texts.
fn entries(feed: &Element) -> BTreeMap<String, [String; 3]> {
    let told = feed.named("entry").into_iter().map(|entry| {
        let text = |name: &str| entry.only(name).text.trim().to_owned();
        (text("id"), [text("updated"), text("title"), text("content")])
    });
    told.collect()
}

/// The feed at an address, without the declaration before it.
fn feed_at(site: &Running, path: &str) -> Element {
    let document = site.page(path);
    let (declaration, root) = document.split_once('\n').expect("a declaration");
    assert_eq!(declaration, "<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    read_xml(root)
}

fn site(folder: &tempfile::TempDir, at: Timestamp) -> Running {
    Running::start(riverwatch_in(folder.path()).args(["serve", "--at", &at.to_string()]))
}

#[test]
fn what_is_told_once_is_told_under_the_same_name_later() {
    let folder = freshet();
    let (early, late) = (site(&folder, hours(30)), site(&folder, hours(96)));
    for language in LANGUAGES {
        for station in ["fredericton", "perth-andover", "clair"] {
            let path = format!("/{language}/station/{station}.atom");
            let (before, after) = (entries(&feed_at(&early, &path)), entries(&feed_at(&late, &path)));
            for (id, entry) in &before {
                assert_eq!(after.get(id), Some(entry), "{id}");
            }
            assert!(after.len() > before.len() || station == "clair", "{station}: {} {}", before.len(), after.len());
        }
    }
}

#[test]
fn a_flood_is_told_from_its_forecast_to_its_end() {
    let folder = freshet();
    let late = site(&folder, hours(96));
    let feed = feed_at(&late, "/en/station/fredericton.atom");
    assert_eq!(feed.attribute("xmlns"), Some("http://www.w3.org/2005/Atom"));
    assert_eq!(feed.attribute("xml:lang"), Some("en-CA"));
    let told = entries(&feed);
    let of = |part: &str| told.iter().filter(|(id, _)| id.contains(part)).map(|(_, entry)| entry).collect::<Vec<_>>();
    assert_eq!(of("/flood/reached/").len(), 1, "{told:#?}");
    assert!(of("/flood/reached/")[0][1].ends_with("Fredericton: flood level reached"), "{told:#?}");
    // The freshet passes the flood level after about forty hours; whoever follows the feed hears of it at the next fetch.
    let known: Timestamp = of("/flood/reached/")[0][0].parse().expect("an instant");
    assert!((hours(36)..=hours(54)).contains(&known), "{known}");
    assert!(!of("/flood/forecast/").is_empty(), "{told:#?}");
    let foretold: Timestamp = of("/flood/forecast/")[0][0].parse().expect("an instant");
    assert!(foretold < known, "{told:#?}");
    let station = late.json("/en/station/fredericton/episodes.json");
    for episode in station["episodes"].as_array().expect("episodes") {
        let began = episode["began"].as_str().expect("an instant");
        let id = format!("/{}/reached/{began}", episode["level"].as_str().expect("a word"));
        assert_eq!(of(&id).len(), usize::from(episode["or_earlier"] == false), "{id}");
        if let Some(ended) = episode["ended"].as_str() {
            assert_eq!(of(&format!("/left/{ended}")).len(), 1, "{ended}");
        }
    }
}

#[test]
fn the_feed_of_all_has_the_newest_of_each() {
    let folder = freshet();
    let late = site(&folder, hours(96));
    for language in LANGUAGES {
        let feed = feed_at(&late, &format!("/{language}/stations.atom"));
        let all = entries(&feed);
        assert_eq!(all.len(), 50, "no more than fifty");
        let oldest = all.values().map(|entry| entry[0].as_str()).min().expect("entries").to_owned();
        for station in late.stations() {
            let own = entries(&feed_at(&late, &format!("/{language}/station/{station}.atom")));
            for (id, entry) in own.iter().filter(|(_, entry)| entry[0] > oldest) {
                assert_eq!(all.get(id), Some(entry), "{id}");
            }
        }
        let known = all.values().map(|entry| entry[0].parse::<Timestamp>().expect("an instant"));
        assert!(known.into_iter().all(|known| known <= hours(96)), "nothing is told before it is known");
    }
}
