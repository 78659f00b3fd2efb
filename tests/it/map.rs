//! The map and the rivers: every station once, where it is, with a link, and in river order.

use crate::answers::still;
use crate::demo::demonstration;
use crate::markup::sound;
use crate::support::html::{self, Element};
use crate::support::program::Running;
use crate::support::{LANGUAGES, http};

/// The ids of the stations that a page leads to, in its order.
fn stations(page: &Element) -> Vec<String> {
    let links = page.only("main").named("a").into_iter().filter_map(|link| link.attribute("href"));
    links.filter_map(|href| href.split_once("/station/")).map(|(_, id)| id.to_owned()).collect()
}

/// A map, sound and small.
pub(crate) fn page(site: &Running, path: &str) -> Element {
    let reply = http::ask(site.address, "GET", path, &[("Accept-Encoding", "gzip")]);
    assert!(reply.status == 200 && reply.body.len() <= 9000, "{path}: {} {} bytes", reply.status, reply.body.len());
    let page = html::read(&reply.text());
    sound(&page, path);
    let policy = reply.header("content-security-policy").unwrap_or_default();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    page
}

#[test]
fn the_map_has_every_station_and_says_its_status() {
    let (demo, _folder) = demonstration();
    for language in LANGUAGES {
        let map = page(&demo, &format!("/{language}/map"));
        let (mut found, mut known) = (stations(&map), demo.stations());
        found.sort();
        known.sort();
        assert_eq!(found, known, "each once");
        let data = demo.json(&format!("/{language}/stations.json"));
        let sheet = map.only("main").named("svg").into_iter().find(|svg| svg.attribute("role") == Some("group"));
        let labels = sheet.expect("a map").named("a");
        assert!(labels.len() >= 20, "{} of 25 stations have a label", labels.len());
        for label in labels {
            let id = label.attribute("href").and_then(|href| href.rsplit('/').next()).expect("an id");
            let station = data["stations"].as_array().expect("an array").iter().find(|one| one["id"] == id);
            let station = station.expect("a station");
            let name = station["name"].as_str().expect("a name");
            assert!(label.only("title").text.starts_with(name) && label.only("text").text == name, "{id}");
            let unknown = label.only("use").attribute("href") == Some("#gu");
            assert_eq!(unknown, station["status"]["level"] == "unknown", "{id}");
            assert_eq!(label.attribute("data-until").is_none(), unknown, "{id}: it grows old");
        }
        let list = html::read(&demo.page(&format!("/{language}/")));
        let there = format!("/{language}/map");
        assert!(list.named("a").iter().any(|link| link.attribute("href") == Some(&there)), "the list leads to the map");
    }
}

#[test]
fn coast_and_river_are_drawn_under_the_stations() {
    let (demo, _folder) = demonstration();
    for language in LANGUAGES {
        let map = page(&demo, &format!("/{language}/map"));
        let ground = map.all().into_iter().find(|one| one.name == "svg" && one.is_of("mw")).expect("a ground");
        assert_eq!(ground.attribute("aria-hidden"), Some("true"), "it has no words");
        for class in ["ms", "mt", "mk", "mr", "mo"] {
            let path = ground.named("path").into_iter().find(|path| path.is_of(class));
            assert!(path.is_some_and(|path| path.attribute("d").is_some_and(|d| d.len() > 10)), "{class}");
        }
        let joined = map.named("path").into_iter().filter(|path| path.is_of("mj")).count();
        assert_eq!(joined, 1, "Hampton and Apohaqui: no course of the Kennebecasis is known");
        for page in ["map", "about"] {
            assert!(
                demo.page(&format!("/{language}/{page}")).contains("Natural Earth"),
                "{page}: whose lines they are"
            );
        }
    }
}

#[test]
fn north_is_up() {
    let (demo, _folder) = demonstration();
    let map = page(&demo, "/en/map");
    let number = |dot: &Element, name: &str| dot.attribute(name).and_then(|at| at.parse().ok()).unwrap_or(f64::NAN);
    let circles = map.named("circle");
    let dots: Vec<(f64, f64)> = circles.iter().map(|dot| (number(dot, "cx"), number(dot, "cy"))).collect();
    let data = demo.json("/en/stations.json");
    let positions: Vec<(f64, f64)> = data["stations"]
        .as_array()
        .expect("an array")
        .iter()
        .map(|one| (one["longitude"].as_f64().expect("degrees"), one["latitude"].as_f64().expect("degrees")))
        .collect();
    assert_eq!(dots.len(), positions.len());
    for (one, here) in dots.iter().zip(&positions) {
        for (other, there) in dots.iter().zip(&positions) {
            assert!(here.0 <= there.0 + 0.02 || one.0 >= other.0, "east is right");
            assert!(here.1 <= there.1 + 0.02 || one.1 <= other.1, "north is up");
        }
    }
}

#[test]
fn a_river_runs_from_source_to_mouth() {
    let (demo, _folder) = demonstration();
    for language in LANGUAGES {
        let map = page(&demo, &format!("/{language}/map"));
        let links = map.only("main").named("a").into_iter().filter_map(|link| link.attribute("href"));
        let rivers: Vec<String> = links.filter(|href| href.contains("/river/")).map(str::to_owned).collect();
        assert_eq!(rivers[0], format!("/{language}/river/saint-john-river"));
        let along: Vec<String> = rivers.iter().flat_map(|river| stations(&page(&demo, river))).collect();
        let (mut sorted, mut known) = (along.clone(), demo.stations());
        let main = stations(&page(&demo, &rivers[0]));
        let order: Vec<&String> = known.iter().filter(|id| main.contains(id)).collect();
        assert!(main.len() > 15 && main.iter().collect::<Vec<_>>() == order, "{main:?}");
        sorted.sort();
        known.sort();
        assert_eq!(sorted, known, "every station is on one river");
    }
    for nowhere in ["/en/river/", "/fr/river/styx", "/en/river/saint-john-river/x", "/en/river"] {
        assert_eq!(demo.get(nowhere).status, 404, "{nowhere}");
    }
}

#[test]
fn without_data_nothing_on_the_map_is_normal() {
    let (site, _folder) = still();
    for path in ["/en/map", "/fr/map", "/fr/river/saint-john-river"] {
        let map = page(&site, path);
        let glyphs = map.only("main").named("use");
        assert!(!glyphs.is_empty() && glyphs.iter().all(|glyph| glyph.attribute("href") == Some("#gu")), "{path}");
    }
}
