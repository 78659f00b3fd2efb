//! The coordinators' board: what stands on it and in which order, its rows as an address of their own, and its events.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::demo::{demonstration, demonstration_in};
use crate::support::html::{self, Element};
use crate::support::http::{ask, connect};
use crate::support::program::{Running, folder};
use crate::support::{LANGUAGES, PATIENCE};
use crate::weight::base64_sha256;

/// The rows of a board, with the id of each.
fn rows(page: &Element) -> Vec<(String, &Element)> {
    let rows = page.only("table").named("tr").into_iter();
    rows.filter_map(|row| Some((row.attribute("data-id")?.to_owned(), row))).collect()
}

fn ids(demo: &Running, path: &str) -> Vec<String> {
    rows(&html::read(&demo.page(path))).into_iter().map(|(id, _)| id).collect()
}

fn stations(demo: &Running) -> Vec<Json> {
    demo.json("/en/stations.json")["stations"].as_array().expect("an array").clone()
}

fn cell<'a>(row: &'a Element, label: &str) -> &'a str {
    let found = row.named("td").into_iter().find(|cell| cell.attribute("data-l") == Some(label));
    found.unwrap_or_else(|| unreachable!("no cell {label}")).text.trim()
}

#[test]
fn every_station_has_a_row_that_says_what_its_data_say() {
    let (demo, _folder) = demonstration();
    let page = html::read(&demo.page("/en/board"));
    let (rows, stations) = (rows(&page), stations(&demo));
    assert_eq!(rows.len(), stations.len());
    for (id, row) in rows {
        let station = stations.iter().find(|station| station["id"] == id.as_str()).expect("a station");
        let (status, outlook) = (&station["status"], &station["outlook"]);
        let level = status["level"].as_str().expect("a word");
        assert_eq!(cell(row, "Status").to_lowercase(), level, "{id}");
        let current = matches!(status["freshness"].as_str(), Some("fresh" | "late"));
        assert_eq!(row.attribute("data-until").is_some(), current, "{id}");
        assert_eq!(current, cell(row, "Level").ends_with('m') && !cell(row, "Level").starts_with("last"), "{id}");
        assert_eq!(cell(row, "Trend").is_empty(), status["trend"].is_null(), "{id}");
        let crosses = outlook["crossings"].as_array().is_some_and(|crossings| !crossings.is_empty());
        assert_eq!(cell(row, "Next threshold").is_empty(), !crosses, "{id}");
        assert_eq!(cell(row, "Forecast peak").is_empty(), outlook["peak"].is_null(), "{id}");
        assert_eq!(cell(row, "Measured").is_empty(), status["valid"].is_null(), "{id}");
    }
}

#[test]
fn the_order_is_what_needs_attention() {
    let (demo, _folder) = demonstration();
    let (order, stations) = (ids(&demo, "/fr/board"), stations(&demo));
    let rank = |level: &Json| {
        ["normal", "advisory", "watch", "warning", "flood"].iter().position(|name| level == *name).unwrap_or(0)
    };
    let place = |id: &String| {
        let station = stations.iter().find(|station| station["id"] == id.as_str()).expect("a station");
        let (now, ahead) = (rank(&station["status"]["level"]), rank(&station["outlook"]["level"]));
        let crossing = station["outlook"]["crossings"][0]["valid"].as_str().unwrap_or("9").to_owned();
        match (now, ahead) {
            (1.., _) => (0, 4 - now, crossing),
            (0, 1..) => (1, usize::from(station["status"]["level"] == "unknown"), crossing),
            _ => (2, 0, String::new()),
        }
    };
    let groups: Vec<usize> = order.iter().map(|id| place(id).0).collect();
    assert!(groups.is_sorted() && groups.first() < groups.last(), "{groups:?}");
    let above: Vec<_> = order.iter().map(place).filter(|place| place.0 == 0).collect();
    assert!(above.len() > 3 && above.is_sorted(), "the worst first, then the sooner crossing: {above:?}");
}

#[test]
fn a_board_of_ones_own_is_an_address() {
    let (demo, _folder) = demonstration();
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    for asked in ["stations=jemseg,fredericton", "stations=jemseg&stations=fredericton,nowhere"] {
        assert_eq!(sorted(ids(&demo, &format!("/fr/board?{asked}"))), ["fredericton", "jemseg"], "{asked}");
    }
    assert_eq!(ids(&demo, "/en/board?river=Jemseg+River"), ["jemseg"]);
    assert_eq!(ids(&demo, "/fr/board?river=riviere+jemseg"), ["jemseg"]);
    assert_eq!(ids(&demo, "/en/board?region=middle+saint+john+valley").len(), 4);
    assert_eq!(
        ids(&demo, "/fr/board?region=Basse+vall%C3%A9e+du+Saint-Jean&river=lac+french"),
        ["sheffield-lakeville-corner"]
    );
    assert_eq!(ids(&demo, "/en/board?region=nowhere"), [""; 0]);
    let chosen = html::read(&demo.page("/fr/board?region=moyenne+vallee+du+saint-jean"));
    let chosen = chosen.named("option").into_iter().filter(|option| option.attribute("selected").is_some());
    assert_eq!(chosen.map(|option| option.text.trim()).collect::<Vec<_>>(), ["Moyenne vallée du Saint-Jean"]);
    let high = sorted(ids(&demo, "/en/board?threshold=watch"));
    let reaches = |station: &&Json| {
        let of = |part: &str| ["watch", "warning", "flood"].iter().any(|name| station[part]["level"] == *name);
        of("status") || of("outlook")
    };
    let all = stations(&demo);
    let expected = all.iter().filter(reaches).map(|station| station["id"].as_str().unwrap_or("").to_owned());
    assert_eq!(high, sorted(expected.collect()));
    assert!(!high.is_empty() && high.len() < 25);
    assert_eq!(ids(&demo, "/en/board?threshold=nothing"), [""; 0]);
    assert_eq!(demo.get("/en/board?%zz=%").status, 200);
    let page = html::read(&demo.page("/en/board?stations=jemseg,clair&threshold=watch"));
    let checked = page.named("input").into_iter().filter(|field| field.attribute("checked").is_some()).count();
    assert_eq!(checked, 2, "what is chosen is seen to be");
}

#[test]
fn the_rows_alone_are_those_of_the_page() {
    let (demo, _folder) = demonstration();
    for language in LANGUAGES {
        let page = demo.page(&format!("/{language}/board?threshold=advisory"));
        let reply = demo.get(&format!("/{language}/board/rows?threshold=advisory"));
        assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
        let inside = page.split_once("data-now=").map(|(_, rest)| rest).unwrap_or_default();
        // The two may have been drawn in different minutes.
        let ids = |text: &str| -> Vec<String> {
            text.split("data-id=\"").skip(1).filter_map(|part| part.split('"').next()).map(str::to_owned).collect()
        };
        assert_eq!(ids(inside), ids(&reply.text()));
        assert!(ids(inside).len() > 3);
    }
}

/// Each can be read without seeing it, in both languages, and is not heavy.
#[test]
fn the_pages_for_coordinators_are_sound() {
    let (demo, _folder) = demonstration();
    for page in
        ["board", "board?stations=jemseg&river=&threshold=watch", "compare", "compare?stations=clair,jemseg", "report"]
    {
        for (language, other) in [("en", "fr"), ("fr", "en")] {
            let path = format!("/{language}/{page}");
            let reply = ask(demo.address, "GET", &path, &[("Accept-Encoding", "br")]);
            assert!(reply.body.len() <= 8000, "{path}: {} bytes", reply.body.len());
            let document = html::read(&reply.text());
            crate::markup::sound(&document, &path);
            let there = format!("/{other}/{page}");
            let links = document.named("a");
            assert!(links.iter().any(|link| link.attribute("href") == Some(&there)), "{path} does not lead to {there}");
            for link in links.iter().filter_map(|link| link.attribute("href")).filter(|link| link.starts_with('/')) {
                assert_eq!(demo.get(link).status, 200, "{path}: {link}");
            }
        }
    }
}

/// Only the board may ask the site for more, and only the site.
#[test]
fn the_board_may_connect_to_its_own_site_alone() {
    let (demo, _folder) = demonstration();
    let policy = |path: &str| demo.get(path).header("content-security-policy").unwrap_or_default().to_owned();
    for language in LANGUAGES {
        let board = format!("/{language}/board");
        let page = html::read(&demo.page(&board));
        let style = base64_sha256(&page.only("style").text);
        assert!(policy(&board).contains(&format!("style-src 'sha256-{style}'")), "{}", policy(&board));
        assert!(policy(&board).contains("script-src 'self'; connect-src 'self';"), "{}", policy(&board));
        let script = page.only("script").attribute("src").expect("an address").to_owned();
        for coding in ["br", "gzip"] {
            let reply = ask(demo.address, "GET", &script, &[("Accept-Encoding", coding)]);
            assert!(reply.body.len() <= 4000, "{coding}: {} bytes", reply.body.len());
            assert!(reply.header("cache-control").is_some_and(|kept| kept.contains("immutable")));
            for never in ["cookie", "localStorage", "sendBeacon", "http:", "https:", "eval(", "innerHTML"] {
                assert!(!reply.text().contains(never), "{never}");
            }
        }
        for other in ["compare?stations=clair", "report", "about"] {
            let path = format!("/{language}/{other}");
            assert!(!policy(&path).contains("connect-src"), "{path}");
        }
    }
}

#[test]
fn a_comparison_has_a_lane_for_each_of_six_at_most() {
    let (demo, _folder) = demonstration();
    let asked = "fredericton,maugerville,jemseg,clair,oak-point,gagetown,grand-lake";
    for (ids, lanes) in [("fredericton", 1), ("fredericton,jemseg,nowhere", 2), (asked, 6)] {
        let page = html::read(&demo.page(&format!("/en/compare?stations={ids}")));
        let picture = page.only("figure").only("svg");
        let groups = picture.named("g").len();
        assert_eq!(groups + 1, lanes, "{ids}");
        assert_eq!(rows(&page).len(), lanes, "{ids}: a row for each lane");
        let words = &picture.only("desc").text;
        assert_eq!(words.contains("Jemseg"), ids.contains("jemseg"), "{words}");
        let labels: BTreeSet<&str> = picture.named("text").iter().map(|text| text.text.as_str()).collect();
        assert!(labels.contains("Advisory"), "its thresholds are named: {labels:?}");
    }
    let none = html::read(&demo.page("/fr/compare"));
    assert!(none.named("figure").is_empty() && none.only("main").text.contains("Choisissez"));
}

/// Reads the lines of a stream of events as they come.
struct Events(BufReader<std::net::TcpStream>);

impl Events {
    fn open(address: SocketAddr) -> Self {
        let mut stream = connect(address).expect("a connection");
        write!(stream, "GET /board/events HTTP/1.1\r\nHost: {address}\r\n\r\n").expect("sent");
        Self(BufReader::new(stream))
    }

    /// Lines up to the first that has a word; all of them where the stream ends before.
    fn until(&mut self, word: &str) -> String {
        let mut read = String::new();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let from = read.len();
            let n = self.0.read_line(&mut read).unwrap_or(0);
            if n == 0 || read[from..].contains(word) {
                return read;
            }
            assert!(Instant::now() < deadline, "no {word} in {read}");
        }
    }
}

#[test]
fn a_listener_hears_that_the_server_is_there_and_that_something_is_new() {
    let folder = folder();
    let demo = demonstration_in(folder.path(), "600");
    let mut events = Events::open(demo.address);
    let head = events.until("event: alive");
    for expected in ["HTTP/1.1 200 OK", "content-type: text/event-stream", "cache-control: no-store", "retry: 2000"] {
        assert!(head.contains(expected), "{expected}: {head}");
    }
    assert!(head.contains("nosniff") && head.contains("default-src 'none'"), "{head}");
    assert!(events.until("event: changed").contains("event: changed"), "ten minutes of the freshet pass in a second");
    let (status, said) = demo.terminate(Duration::from_secs(5));
    assert_eq!(status.code(), Some(0), "a listener does not keep the server from ending: {said}");
    assert!(!events.until("no such event").contains("no such event"), "the stream ends with the server");
    assert!(!said.contains("still under way"), "{said}");
}

#[test]
fn listeners_are_few_and_the_others_are_asked_to_come_back() {
    let (demo, _folder) = demonstration();
    let mut open: Vec<Events> = (0..64).map(|_| Events::open(demo.address)).collect();
    assert!(open.iter_mut().all(|events| events.until("event: alive").contains("200 OK")));
    let refused = demo.get("/board/events");
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("60")));
    assert_eq!(demo.get("/en/board").status, 200, "pages are served all the same");
    assert_eq!(ask(demo.address, "POST", "/board/events", &[]).status, 405);
    drop(open);
    crate::support::until("a place is free again", || {
        Events::open(demo.address).until("\r\n").contains("200 OK").then_some(())
    });
}
