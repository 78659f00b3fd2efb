//! Looking back: any page as it was known at an instant, the same bytes whenever it is asked for.

use std::time::Duration;

use hydro::{FeedId, Timestamp};
use store::{Batch, Fetch, Outcome, Writer};

use crate::demo::{demonstration, demonstration_in};
use crate::support::html;
use crate::support::http::ask;
use crate::support::program::{Running, folder, riverwatch_in};
use crate::support::{LANGUAGES, until};

/// The addresses that can look back.
const PAGES: [&str; 9] = [
    "",
    "?sort=name",
    "board",
    "board?stations=fredericton,jemseg",
    "compare?stations=fredericton,jemseg",
    "report",
    "status",
    "station/fredericton",
    "station/clair/log",
];
const DATA: [&str; 5] =
    ["report.csv", "stations.json", "station/jemseg.json", "station/jemseg.csv", "station/fredericton.svg"];

/// What the demonstration's clock says.
fn clock(demo: &Running) -> String {
    demo.json("/healthz")["generated"].as_str().expect("an instant").to_owned()
}

/// An address with an instant added.
fn at(path: &str, instant: &str) -> String {
    format!("{path}{}at={instant}", if path.contains('?') { '&' } else { '?' })
}

/// An hour of the freshet passes in a second: what is known grows, and what was known does not.
#[test]
fn the_past_is_the_same_an_hour_later_and_after_a_restart() {
    let folder = folder();
    let demo = demonstration_in(folder.path(), "3600");
    let then = clock(&demo);
    std::thread::sleep(Duration::from_secs(1));
    let mut addresses = Vec::new();
    for language in LANGUAGES {
        addresses.extend(PAGES.iter().chain(&DATA).map(|page| at(&format!("/{language}/{page}"), &then)));
    }
    let all = |site: &Running| -> Vec<String> { addresses.iter().map(|address| site.page(address)).collect() };
    let (before, now) = (all(&demo), demo.page("/en/report"));
    until("the demonstration has new data", || (demo.page("/en/report") != now).then_some(()));
    std::thread::sleep(Duration::from_secs(3));
    let later = all(&demo);
    demo.kill();
    let again = all(&demonstration_in(folder.path(), "3600"));
    for (i, address) in addresses.iter().enumerate() {
        assert_eq!(before[i], later[i], "{address}: hours later");
        assert_eq!(before[i], again[i], "{address}: after a restart");
    }
}

#[test]
fn a_page_of_the_past_says_so_and_its_links_stay_there() {
    let (demo, _folder) = demonstration();
    let then = clock(&demo);
    for (language, word) in [("en", "As it was known on"), ("fr", "Tel que connu le")] {
        for page in PAGES {
            let address = at(&format!("/{language}/{page}"), &then);
            let document = html::read(&demo.page(&address));
            assert!(document.only("body").text.contains(word), "{address}");
            assert!(document.named("script").is_empty(), "{address}: what is past does not age");
            let links: Vec<&str> = document.named("a").iter().filter_map(|link| link.attribute("href")).collect();
            let here = format!("/{language}/{page}");
            assert!(links.contains(&here.as_str()), "{address} does not lead to {here}");
            for link in links.iter().filter(|link| link.starts_with('/') && **link != here) {
                let present = ["/about", "/accessibility", "/data", "/map"].iter().any(|end| link.ends_with(end));
                let stays = link.contains("at=") || present || link.contains("/river/");
                assert!(stays, "{address} leads to the present at {link}");
            }
            for form in document.named("form") {
                let named = |field: &&html::Element| field.attribute("name") == Some("at");
                assert_eq!(form.named("input").into_iter().filter(named).count(), 1, "{address}: {}", form.text);
            }
        }
    }
}

#[test]
fn before_anything_was_known_nothing_is() {
    let (demo, _folder) = demonstration();
    let all = demo.json("/en/stations.json?at=2020-01-01T00:00Z");
    assert_eq!(all["generated"], "2020-01-01T00:00:00Z");
    for station in all["stations"].as_array().expect("an array") {
        assert_eq!((&station["status"]["level"], &station["status"]["freshness"]), (&"unknown".into(), &"none".into()));
        assert!(station["outlook"]["peak"].is_null(), "{station}");
    }
}

/// A fetch of the shipped configuration's first feed that brought nothing, or failed.
fn attempt(at: &str, outcome: Outcome, message: Option<&str>) -> Batch<'static> {
    let begun = Fetch::begun(FeedId::new("nb-fews").expect("an id"), at.parse().expect("an instant"));
    let message = message.map(str::to_owned);
    Batch::empty(Fetch { took: Duration::from_millis(80), outcome, message, ..begun })
}

#[test]
fn a_page_of_the_past_says_which_feeds_failed_then_also_once_the_log_is_long() {
    let folder = folder();
    let mut writer = Writer::open(&folder.path().join("river.db")).expect("a database");
    let attempts = [
        ("2026-01-05T10:00:00Z", Outcome::Changed, None),
        ("2026-01-05T10:30:00Z", Outcome::Failed, Some("HTTP 503")),
        ("2026-01-05T11:00:00Z", Outcome::Failed, Some("HTTP 504")),
        ("2026-01-05T11:30:00Z", Outcome::Unchanged, None),
    ];
    for (at, outcome, message) in attempts {
        writer.apply(&attempt(at, outcome, message)).expect("written");
    }
    let serve = || Running::start(riverwatch_in(folder.path()).args(["serve", "--at", "2026-04-20T12:00:00Z"]));
    let told = |site: &Running, at: &str| {
        let page = html::read(&site.page(&format!("/en/status?at=2026-01-{at}:00Z")));
        let text = page.only("main").text.clone();
        let (_, text) = text.split_once("River Watch").expect("the feed");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let site = serve();
    for (at, said) in [
        ("04T10:00", ["Of this time no attempt is known", ""]),
        ("05T10:15", ["Working", "Last successtoday 06:00 AST (15 min ago)"]),
        ("05T11:10", ["Failing: HTTP 504", "Failed attempts since2"]),
        ("05T11:45", ["Working", "Last new datatoday 06:00 AST (1 h ago)"]),
        ("09T11:45", ["Not asked for more than a day", "Last success"]),
    ] {
        let text = told(&site, at);
        assert!(said.iter().all(|said| text.contains(said)), "{at}: {text}");
    }
    let before = told(&site, "05T11:10");
    drop(site);
    let now: Timestamp = "2026-04-20T11:00:00Z".parse().expect("an instant");
    writer.prune(0, None, now).expect("pruned");
    writer.apply(&attempt("2026-04-20T11:00:00Z", Outcome::Failed, Some("HTTP 500"))).expect("written");
    assert_eq!(told(&serve(), "05T11:10"), before, "what came later is not in it");
}

#[test]
fn what_is_settled_is_kept_for_long_and_what_is_not_is_asked_for_again() {
    let (demo, _folder) = demonstration();
    for (instant, kept) in [(clock(&demo).as_str(), "no-cache"), ("2020-01-01T00:00Z", "public, max-age=86400")] {
        let address = at("/fr/board", instant);
        let reply = demo.get(&address);
        assert_eq!((reply.status, reply.header("cache-control")), (200, Some(kept)), "{address}");
        let known = [("If-None-Match", reply.header("etag").expect("a tag"))];
        let again = ask(demo.address, "GET", &address, &known);
        assert_eq!((again.status, again.header("cache-control")), (304, Some(kept)), "{address}");
    }
}

#[test]
fn an_instant_that_is_none_or_still_ahead_is_refused() {
    let (demo, _folder) = demonstration();
    for instant in ["2126-01-01T00:00Z", "yesterday", "2022-02-30T00:00Z", "%00", "0"] {
        let reply = demo.get(&format!("/fr/report?at={instant}"));
        assert_eq!((reply.status, reply.header("cache-control")), (400, Some("no-store")), "{instant}");
        assert!(reply.text().contains("revenir en arrière"), "{instant}");
    }
    assert_eq!(demo.get("/fr/station/nowhere?at=2020-01-01T00:00Z").status, 404);
    let now = demo.page("/en/report?at=");
    assert!(!now.contains("As it was known"), "an empty field asks for now");
}

/// Nobody can keep the server busy with instants: everyone is answered, some to come back.
#[test]
fn many_instants_at_once_leave_the_present_served() {
    let (demo, _folder) = demonstration();
    std::thread::scope(|scope| {
        let askers: Vec<_> = (0..60)
            .map(|i| {
                let address = demo.address;
                let path = format!("/en/board?at=2021-01-01T00:{i:02}:00Z");
                scope.spawn(move || ask(address, "GET", &path, &[]).status)
            })
            .collect();
        assert_eq!(demo.get("/en/station/fredericton").status, 200);
        for asker in askers {
            let status = asker.join().expect("an answer");
            assert!(status == 200 || status == 503, "{status}");
        }
    });
}
