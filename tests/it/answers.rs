//! HTTP as readers, caches and programs rely on it.

use crate::demo::demonstration;
use crate::support::http::ask;
use crate::support::program::{Running, folder, riverwatch_in};
use crate::support::{LANGUAGES, html};

/// A site that stands still, so that the same question has the same answer.
pub(crate) fn still() -> (Running, tempfile::TempDir) {
    let folder = folder();
    (Running::start(riverwatch_in(folder.path()).args(["serve", "--at", "2026-04-20T12:00Z"])), folder)
}

const PATHS: [&str; 9] = [
    "/",
    "/en/",
    "/fr/?q=saint",
    "/fr/station/jemseg",
    "/en/station/jemseg.json",
    "/en/station/jemseg.csv",
    "/en/stations.geojson",
    "/fr/about",
    "/fr/status",
];

/// What an answer cost is told where it was drawn, and only who runs the site for debugging hears of it.
#[test]
fn what_was_drawn_says_what_it_cost_when_asked_to() {
    let folder = folder();
    let mut serve = riverwatch_in(folder.path());
    let site = Running::start(serve.args(["serve", "--at", "2026-04-20T12:00Z"]).env("RIVERWATCH_LOG", "debug"));
    let reply = site.get("/en/station/jemseg");
    let told = reply.header("server-timing").expect("what it cost");
    let parts: Vec<&str> = told.split(", ").filter_map(|part| part.split_once(";dur=")).map(|(name, _)| name).collect();
    assert_eq!(parts, ["read", "draw", "compress"], "{told}");
    assert_eq!(site.get("/en/station/jemseg").header("server-timing"), None, "out of memory it costs nothing");
    assert_eq!(still().0.get("/en/station/jemseg").header("server-timing"), None);
}

#[test]
fn who_has_it_is_told_so_without_content() {
    let (site, _folder) = still();
    for path in PATHS {
        let mut tags = Vec::new();
        for coding in ["identity", "gzip", "br"] {
            let whole = ask(site.address, "GET", path, &[("Accept-Encoding", coding)]);
            let tag = whole.header("etag").expect("a tag").to_owned();
            // A station's address has plain text for programs in a terminal.
            let varies =
                if path.ends_with("station/jemseg") { "accept-encoding, user-agent" } else { "accept-encoding" };
            assert_eq!(whole.header("vary"), Some(varies), "{path}");
            for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
                let again =
                    ask(site.address, "GET", path, &[("Accept-Encoding", coding), ("If-None-Match", known.as_str())]);
                assert_eq!((again.status, again.body.len()), (304, 0), "{path} {coding} {known}");
                assert_eq!(again.header("etag"), Some(tag.as_str()), "{path}");
                assert_eq!(again.header("cache-control"), whole.header("cache-control"), "{path}");
            }
            let other = ask(site.address, "GET", path, &[("Accept-Encoding", coding), ("If-None-Match", "\"other\"")]);
            assert_eq!((other.status, &other.body), (200, &whole.body), "{path} {coding}");
            tags.push(tag);
        }
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), 3, "{path}: a tag names bytes, and these are three sorts of them");
    }
}

#[test]
fn head_is_get_without_content() {
    let (site, _folder) = still();
    for path in PATHS.into_iter().chain(["/livez", "/nowhere", "/fr/station/nowhere"]) {
        let (get, head) = (site.get(path), ask(site.address, "HEAD", path, &[]));
        let but_date = |headers: &[(String, String)]| -> Vec<(String, String)> {
            headers.iter().filter(|(name, _)| name != "date").cloned().collect()
        };
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        assert_eq!(but_date(&head.headers), but_date(&get.headers), "{path}");
        assert_eq!(head.header("content-length"), Some(get.body.len().to_string().as_str()), "{path}");
    }
}

#[test]
fn an_address_can_only_be_read() {
    let (site, _folder) = still();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        for (path, language) in [("/en/", "en-CA"), ("/fr/station/jemseg", "fr-CA")] {
            let reply = ask(site.address, method, path, &[("Content-Length", "0")]);
            assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, HEAD")), "{method} {path}");
            assert_eq!(html::read(&reply.text()).attribute("lang"), Some(language), "{method} {path}");
            assert_eq!(reply.header("cache-control"), Some("no-store"), "{method} {path}");
        }
    }
}

#[test]
fn what_is_not_there_is_told_in_the_language_of_the_address() {
    let (site, _folder) = still();
    for (path, words) in [
        ("/en/nowhere", vec!["Page not found"]),
        ("/fr/nowhere", vec!["Page introuvable"]),
        ("/en/station/nowhere", vec!["Page not found"]),
        ("/fr/station/nowhere.json", vec!["Page introuvable"]),
        ("/fr/station/", vec!["Page introuvable"]),
        ("/en/station/jemseg.exe", vec!["Page not found"]),
        ("/nowhere", vec!["Page not found", "Page introuvable"]),
        ("/de/", vec!["Page not found", "Page introuvable"]),
        ("/favicon.ico", vec!["Page not found", "Page introuvable"]),
    ] {
        let reply = site.get(path);
        assert_eq!(reply.status, 404, "{path}");
        let page = html::read(&reply.text());
        assert_eq!(page.only("h1").text, words.join(" · "), "{path}");
        let languages: Vec<&str> = page.named("section").iter().filter_map(|part| part.attribute("lang")).collect();
        assert_eq!(languages.len(), words.len(), "{path}");
        assert_eq!(page.attribute("lang"), languages.first().copied(), "{path}");
    }
}

#[test]
fn every_answer_says_what_it_is() {
    let (demo, _folder) = demonstration();
    for language in LANGUAGES {
        for (path, kind) in [
            ("", "text/html; charset=utf-8"),
            ("station/jemseg", "text/html; charset=utf-8"),
            ("station/jemseg.json", "application/json"),
            ("station/jemseg.csv", "text/csv; charset=utf-8"),
            ("station/jemseg.txt", "text/plain; charset=utf-8"),
            ("station/jemseg.svg", "image/svg+xml"),
            ("stations.json", "application/json"),
            ("stations.csv", "text/csv; charset=utf-8"),
            ("stations.geojson", "application/geo+json"),
        ] {
            let reply = demo.get(&format!("/{language}/{path}"));
            assert_eq!((reply.status, reply.header("content-type")), (200, Some(kind)), "{path}");
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
            let for_all = (!kind.starts_with("text/html")).then_some("*");
            assert_eq!(reply.header("access-control-allow-origin"), for_all, "{path}: data are for everyone's pages");
        }
    }
}

#[test]
fn the_sentence_is_the_same_everywhere() {
    let (demo, _folder) = demonstration();
    for language in LANGUAGES {
        for id in ["fredericton", "jemseg", "perth-andover", "connors", "gagetown"] {
            // Where a minute ends in between, the second round has it whole.
            let told = || {
                let path = format!("/{language}/station/{id}");
                let json = demo.json(&format!("{path}.json"))["sentence"].as_str().expect("a sentence").to_owned();
                let first = demo.page(&format!("{path}.txt")).lines().next().unwrap_or_default().to_owned();
                let page = html::read(&demo.page(&path));
                let described =
                    page.named("meta").into_iter().find(|meta| meta.attribute("name") == Some("description"));
                let described = described.and_then(|meta| meta.attribute("content")).unwrap_or_default().to_owned();
                let charted = page.named("desc").first().is_some_and(|desc| desc.text.starts_with(&json));
                (first == json && described == json && charted, json)
            };
            let (same, sentence) = told();
            assert!(same || told().0, "{language} {id}: {sentence}");
            assert!(sentence.chars().count() <= 160, "{sentence}");
        }
    }
}
