//! What makes the site one that can be installed and kept: the worker, its manifest and icons, and how it is switched off.

use crate::demo::demonstration;
use crate::support::program::{Running, folder, riverwatch_in};
use crate::support::{LANGUAGES, html};

fn site(offline: &str) -> (Running, tempfile::TempDir) {
    let folder = folder();
    (Running::start(riverwatch_in(folder.path()).env("RIVERWATCH_SITE__OFFLINE", offline).arg("serve")), folder)
}

fn manifests(page: &html::Element) -> Vec<String> {
    let links = page.named("link").into_iter().filter(|link| link.attribute("rel") == Some("manifest"));
    links.filter_map(|link| link.attribute("href")).map(str::to_owned).collect()
}

#[test]
fn a_live_site_has_a_manifest_and_a_worker_that_is_always_asked_for_anew() {
    let (site, _folder) = site("true");
    let worker = site.get("/sw.js");
    assert_eq!((worker.status, worker.header("cache-control")), (200, Some("no-cache")));
    assert_eq!(worker.header("content-type"), Some("text/javascript; charset=utf-8"));
    let policy = worker.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'; connect-src 'self'; "), "{policy}");
    assert!(worker.text().contains("addEventListener(\"fetch\""));
    for language in LANGUAGES {
        let manifest = format!("/{language}/manifest.webmanifest");
        for path in ["", "station/jemseg", "station/jemseg/mark", "station/jemseg/forecasts"] {
            let reply = site.get(&format!("/{language}/{path}"));
            assert_eq!(manifests(&html::read(&reply.text())), [manifest.as_str()], "{path}");
            let policy = reply.header("content-security-policy").expect("a policy");
            for allowed in ["script-src 'self'", "worker-src 'self'", "manifest-src 'self'", "img-src 'self' data:"] {
                assert!(policy.split("; ").any(|part| part == allowed), "{path}: {policy}");
            }
        }
        let reply = site.get(&manifest);
        assert_eq!(reply.header("content-type"), Some("application/manifest+json"));
        let facts = site.json(&manifest);
        assert_eq!(facts["lang"], format!("{language}-CA"));
        assert_eq!((&facts["start_url"], &facts["scope"]), (&format!("/{language}/").into(), &"/".into()));
        for icon in facts["icons"].as_array().expect("icons") {
            let reply = site.get(icon["src"].as_str().expect("an address"));
            assert_eq!((reply.status, reply.header("content-type")), (200, icon["type"].as_str()));
        }
    }
}

#[test]
fn a_site_that_wants_nothing_kept_and_a_demonstration_have_a_worker_that_deletes_and_goes() {
    let (forgetful, _folder) = site("false");
    let (demo, _other) = demonstration();
    for site in [forgetful, demo] {
        let worker = site.page("/sw.js");
        assert!(worker.contains("registration.unregister()") && worker.contains("caches.delete"));
        assert!(!worker.contains("\"fetch\""), "it answers nothing");
        for path in ["/en/", "/fr/station/jemseg"] {
            assert_eq!(manifests(&html::read(&site.page(path))), [""; 0], "{path}");
        }
    }
}

#[test]
fn the_list_alone_may_ask_where_its_reader_is() {
    let (site, _folder) = site("true");
    for (path, may) in [
        ("/en/", true),
        ("/fr/?q=saint", true),
        ("/", false),
        ("/en/about", false),
        ("/fr/station/jemseg", false),
        ("/fr/station/jemseg/mark", false),
        ("/en/stations.json", false),
    ] {
        let reply = site.get(path);
        let permitted = reply.header("permissions-policy").expect("a policy");
        assert_eq!(permitted.contains("geolocation=(self)"), may, "{path}: {permitted}");
        assert_eq!(permitted.contains("geolocation=()"), !may, "{path}: {permitted}");
    }
}

#[test]
fn every_row_says_where_its_station_is_for_the_telephone_to_compare() {
    let (site, _folder) = site("true");
    let stations = site.json("/en/stations.json");
    for (id, row) in html::rows(&html::read(&site.page("/en/"))) {
        let known = stations["stations"].as_array().expect("stations");
        let station = known.iter().find(|station| station["id"] == id.as_str()).expect("a station");
        let at = row.attribute("data-at").and_then(|at| at.split_once(',')).expect("a position");
        for (said, key) in [(at.0, "latitude"), (at.1, "longitude")] {
            let (said, known): (f64, f64) = (said.parse().expect("degrees"), station[key].as_f64().expect("degrees"));
            assert!((said - known).abs() <= 0.000_51, "{id} {key}: {said} for {known}");
        }
    }
}
