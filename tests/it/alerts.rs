//! Official alerts from their feeds' bytes to the pages: shown in their senders' words on the stations that they cover,
//! replaced, ended and expired when they should be, and never taken for what a gauge says.

use std::io::{Read, Write};
use std::net::TcpListener;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use crate::support::html::{self, Element};
use crate::support::program::{Output, Running, folder, riverwatch_in, run, succeed};
use crate::support::{LANGUAGES, until};

const HEADLINE: [&str; 2] = ["flood warning in effect", "avertissement de crue en vigueur"];

/// A configuration of two stations, of which one lies in the valley that the messages speak of, and the other in a zone.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        Self::with_feeds_at("http://127.0.0.1:1")
    }

    fn with_feeds_at(server: &str) -> Self {
        let folder = folder();
        let feed = |id: &str, format: &str| {
            format!(
                "\n[feeds.{id}]\ntitle = \"Feed {id}\"\naddress = \"{server}/{id}\"\nformat = \"{format}\"\n\
                 schedule = \"* * * * *\"\nprivate = true\nattribution = \"Credit {id}\"\n"
            )
        };
        let main = "[site]\ntitle = { en = \"Rivers\", fr = \"Rivières\" }\ntimezone = \"America/Moncton\"\n\n\
                    [fetch]\ncontact = \"alerts@example.org\"\n";
        let feeds = [("gauges", "eccc-csv"), ("cap", "cap-xml"), ("nws", "nws-alerts")];
        let feeds: String = feeds.iter().map(|(id, format)| feed(id, format)).collect();
        let station = |id: &str, latitude: &str, more: &str| {
            format!(
                "\n[[station]]\nid = \"{id}\"\nname = \"The {id}\"\nlatitude = {latitude}\nlongitude = -66.5\n{more}\n\
                 [[station.source]]\nfeed = \"gauges\"\nlocation = \"{id}\"\n"
            )
        };
        let stations = "[river]\nname = { en = \"River\", fr = \"Rivière\" }\n".to_owned()
            + &station("valley", "45.9", "")
            + &station("border", "47.3", "alert_areas = [\"MEZ001\"]");
        std::fs::create_dir(folder.path().join("stations")).expect("a folder");
        std::fs::write(folder.path().join("riverwatch.toml"), main.to_owned() + &feeds).expect("a file");
        std::fs::write(folder.path().join("stations/all.toml"), stations).expect("a file");
        Self { folder }
    }

    fn riverwatch(&self) -> std::process::Command {
        let mut command = riverwatch_in(self.folder.path());
        command.env("RIVERWATCH_CONFIG", self.folder.path().join("riverwatch.toml"));
        command
    }

    /// A document as if it had been fetched at an instant.
    fn import(&self, feed: &str, document: &str, at: &str) -> Output {
        let file = self.folder.path().join("document");
        std::fs::write(&file, document).expect("a file");
        run(self.riverwatch().args(["import", feed, "--at", at]).arg(file))
    }

    /// The same, where it brings something or is sound without.
    fn take(&self, feed: &str, document: &str, at: &str) {
        let output = self.import(feed, document, at);
        assert!(output.code == Some(0) && output.out.contains(": changed; "), "{output:?}");
    }

    fn serve(&self, at: &str) -> Running {
        Running::start(self.riverwatch().args(["serve", "--at", at]))
    }

    /// The boxes of a station's page at an instant.
    fn boxes(&self, at: &str, language: &str, station: &str) -> Vec<String> {
        let page = html::read(&self.serve(at).page(&format!("/{language}/station/{station}")));
        boxes(&page).iter().map(|alert| alert.text.clone()).collect()
    }
}

/// The official alerts of a page.
fn boxes(page: &Element) -> Vec<&Element> {
    page.only("main").named("section").into_iter().filter(|section| section.is_of("al")).collect()
}

/// A message of 20 April 2026 in both languages for the valley.
struct Message<'a> {
    number: u32,
    status: &'a str,
    kind: &'a str,
    sent: &'a str,
    expires: &'a str,
    references: &'a str,
}

const ALERT: Message<'static> = Message {
    number: 1,
    status: "Actual",
    kind: "Alert",
    sent: "2026-04-20T09:00:00-03:00",
    expires: "2026-04-21T09:00:00-03:00",
    references: "",
};

impl Message<'_> {
    fn document(&self) -> String {
        let Self { number, status, kind, sent, expires, references } = self;
        let info = |language: &str, event: &str, sender: &str, headline: &str, text: &str, area: &str| {
            format!(
                "<info><language>{language}</language><event>{event}</event><severity>Severe</severity>\
                 <expires>{expires}</expires><senderName>{sender}</senderName><headline>{headline}</headline>\
                 <description>{text}</description><instruction>No. {number}</instruction><web>https://river.example/{number}</web>\
                 <area><areaDesc>{area}</areaDesc><polygon>45.5,-66.9 46.2,-66.9 46.2,-65.9 45.5,-65.9 45.5,-66.9</polygon></area></info>"
            )
        };
        let text = "Levels &lt;rise&gt;.\n\n  * Stay &amp; watch.";
        let english = info("en-CA", "flood warning", "River Centre", HEADLINE[0], text, "Lower valley");
        let french =
            info("fr-CA", "avertissement de crue", "Centre des rivières", HEADLINE[1], "L’eau monte.", "Basse vallée");
        format!(
            "<?xml version=\"1.0\"?>\n<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>m{number}</identifier>\
             <sender>office@river.example</sender><sent>{sent}</sent><status>{status}</status><msgType>{kind}</msgType>\
             <scope>Public</scope><references>{references}</references>{english}{french}</alert>"
        )
    }
}

/// A list of the US National Weather Service: all in force, each a number and an end.
fn list(alerts: &[(u32, &str)]) -> String {
    let feature = |(number, ends): &(u32, &str)| {
        format!(
            r#"{{"geometry":null,"properties":{{"@type":"wx:Alert","id":"n{number}","sender":"w-nws.webmaster@noaa.gov",
            "sent":"2026-04-20T08:00:00-04:00","status":"Actual","messageType":"Alert","event":"Flood Watch","severity":"Moderate",
            "senderName":"NWS Caribou ME","headline":"Flood Watch {number} issued by NWS Caribou ME","description":"* WHAT...Flooding.",
            "expires":"2026-04-20T14:00:00-04:00","ends":"{ends}","areaDesc":"Aroostook","geocode":{{"UGC":["MEZ001"]}},"references":[]}}}}"#
        )
    };
    let features: Vec<String> = alerts.iter().map(feature).collect();
    format!(
        r#"{{"@context":[],"type":"FeatureCollection","features":[{}],"title":"Current watches","updated":"2026-04-20T12:00:00Z"}}"#,
        features.join(",")
    )
}

#[test]
fn an_alert_is_shown_word_for_word_in_both_languages() {
    let site = Site::new();
    site.take("cap", &ALERT.document(), "2026-04-20T12:05Z");
    let running = site.serve("2026-04-20T12:30Z");
    for (language, headline) in LANGUAGES.into_iter().zip(HEADLINE) {
        let page = html::read(&running.page(&format!("/{language}/station/valley")));
        let alerts = boxes(&page);
        assert_eq!(alerts.len(), 1, "{language}");
        let text = &alerts[0].text;
        assert!(text.contains(headline) && !HEADLINE.iter().any(|other| other != &headline && text.contains(other)));
        assert_eq!(alerts[0].attribute("data-expires"), Some("2026-04-21T12:00:00Z"));
        assert!(
            alerts[0].named("p").iter().all(|said| said.attribute("lang").is_none()),
            "{language}: its own language"
        );
        let [english, french] = [
            [
                "Official alert from River Centre",
                "For: Lower valley.",
                "Sent 20 April 2026 09:00 ADT.",
                "Expires 21 April 2026 09:00 ADT.",
            ],
            [
                "Alerte officielle de Centre des rivières",
                "Pour\u{a0}: Basse vallée.",
                "Émise le 20 avril 2026 à 9\u{a0}h HAA.",
                "Expire le 21 avril 2026 à 9\u{a0}h HAA.",
            ],
        ];
        for said in if language == "en" { english } else { french } {
            assert!(text.contains(said), "{language}: `{said}` in {text}");
        }
        let link = alerts[0].only("a");
        assert_eq!(link.attribute("href"), Some("https://river.example/1"));
        let card = page.only("main").all().into_iter().find(|element| element.is_of("c")).expect("the card");
        assert!(card.is_of("cu") && !card.text.contains(headline), "the gauge's own status is another thing");
        let order: Vec<bool> =
            page.only("main").all().iter().filter(|e| e.is_of("al") || e.is_of("c")).map(|e| e.is_of("al")).collect();
        assert_eq!(order, [true, false], "the alert comes first");
        assert_eq!(boxes(&html::read(&running.page(&format!("/{language}/station/border")))).len(), 0, "not there");
    }
    let page = running.page("/en/station/valley");
    assert!(page.contains("Levels &lt;rise&gt;.\n\n  * Stay &amp; watch."), "escaped, with its line breaks");
}

#[test]
fn pages_without_an_alert_carry_nothing_for_alerts() {
    let site = Site::new();
    site.take("cap", &ALERT.document(), "2026-04-20T12:05Z");
    let running = site.serve("2026-04-20T12:30Z");
    assert!(running.page("/en/station/valley").contains(".al{"));
    let before = site.serve("2026-04-20T12:00Z");
    for page in
        ["/en/station/border", "/fr/about"].map(|path| running.page(path)).into_iter().chain([before.page("/en/")])
    {
        assert!(!page.contains(".al{") && !page.contains("class=\"al\"") && !page.contains("fficial alert"), "{page}");
    }
    for (path, running) in [("/en/station/valley", &running), ("/en/", &running), ("/en/", &before)] {
        let reply = running.get(path);
        let policy = reply.header("content-security-policy").expect("a policy").to_owned();
        let hash = crate::weight::base64_sha256(&html::read(&reply.text()).only("style").text);
        assert!(policy.contains(&format!("'sha256-{hash}'")), "{path}: {policy}");
    }
}

#[test]
fn an_update_replaces_and_a_cancellation_ends() {
    let site = Site::new();
    site.take("cap", &ALERT.document(), "2026-04-20T12:05Z");
    let first = "office@river.example,m1,2026-04-20T12:00:00-00:00";
    let update = Message { number: 2, kind: "Update", sent: "2026-04-20T14:00:00Z", references: first, ..ALERT };
    site.take("cap", &update.document(), "2026-04-20T14:05Z");
    let both = format!("{first} office@river.example,m2,2026-04-20T14:00:00+00:00");
    let cancel = Message { number: 3, kind: "Cancel", sent: "2026-04-20T18:00:00Z", references: &both, ..ALERT };
    site.take("cap", &cancel.document(), "2026-04-20T18:05Z");
    // The server hands out an old file again.
    site.take("cap", &ALERT.document(), "2026-04-20T19:00Z");
    let numbers = |at: &str| -> Vec<String> {
        let boxes = site.boxes(at, "en", "valley");
        let number = |text: &String| text.split("No. ").nth(1).map(|rest| rest[..1].to_owned());
        boxes.iter().filter_map(number).collect()
    };
    assert_eq!(numbers("2026-04-20T12:00Z"), [""; 0], "it had not come");
    assert_eq!(numbers("2026-04-20T13:00Z"), ["1"]);
    assert_eq!(numbers("2026-04-20T15:00Z"), ["2"]);
    for over in ["2026-04-20T18:30Z", "2026-04-20T19:30Z", "2026-05-20T19:30Z"] {
        assert_eq!(numbers(over), [""; 0], "{over}");
    }
}

#[test]
fn tests_and_exercises_are_never_shown() {
    let site = Site::new();
    for status in ["Test", "Exercise", "Draft", "System"] {
        site.take("cap", &Message { status, ..ALERT }.document(), "2026-04-20T12:05Z");
    }
    let running = site.serve("2026-04-20T12:30Z");
    for path in [
        "/en/",
        "/fr/",
        "/en/station/valley",
        "/fr/station/valley",
        "/en/station/valley.json",
        "/en/station/valley.txt",
    ] {
        let text = running.page(path);
        assert!(!HEADLINE.iter().any(|headline| text.contains(headline)), "{path}");
    }
    let feeds = running.json("/healthz")["feeds"].clone();
    let cap = feeds.as_array().expect("an array").iter().find(|feed| feed["id"] == "cap").expect("the feed").clone();
    assert_eq!((&cap["state"], &cap["failures"]), (&Json::from("ok"), &Json::from(0)), "and no fault either");
}

#[test]
fn a_list_without_the_alert_ends_it() {
    let site = Site::new();
    site.take("nws", &list(&[(1, "2026-04-22T08:00:00-04:00"), (2, "2026-04-22T08:00:00-04:00")]), "2026-04-20T12:05Z");
    site.take("nws", &list(&[(2, "2026-04-22T08:00:00-04:00")]), "2026-04-20T13:05Z");
    let broken = site.import("nws", "<html><body>Service unavailable</body></html>", "2026-04-20T14:05Z");
    assert_eq!(broken.code, Some(1), "{broken:?}");
    site.take("nws", &list(&[]), "2026-04-20T16:05Z");
    let count = |at| site.boxes(at, "en", "border").len();
    assert_eq!([count("2026-04-20T12:30Z"), count("2026-04-20T13:30Z")], [2, 1]);
    assert_eq!(count("2026-04-20T14:30Z"), 1, "a list that cannot be read ends nothing");
    assert_eq!([count("2026-04-20T16:30Z"), count("2026-04-20T17:30Z")], [0, 0]);
    let feeds = site.serve("2026-04-20T16:30Z").json("/healthz")["feeds"].clone();
    assert_eq!(feeds[2]["state"], "ok", "no alert is good news: {feeds}");
}

#[test]
fn an_alert_expires_by_the_clock() {
    let site = Site::new();
    site.take("cap", &ALERT.document(), "2026-04-20T12:05Z");
    site.take("nws", &list(&[(1, "2026-04-21T22:00:00-04:00")]), "2026-04-20T12:05Z");
    assert_eq!(site.boxes("2026-04-21T11:59:59Z", "fr", "valley").len(), 1);
    assert_eq!(site.boxes("2026-04-21T12:00Z", "fr", "valley").len(), 0);
    let late = site.boxes("2026-04-21T12:00Z", "en", "border");
    assert!(late[0].contains("Expires 21 April 2026 23:00 ADT."), "the danger's end, not the message's: {}", late[0]);
    assert!(late[0].contains("Its source was last read 20 April 2026 09:05 ADT."), "{}", late[0]);
    assert_eq!(site.boxes("2026-04-22T02:00Z", "en", "border").len(), 0);
}

#[test]
fn a_feed_that_is_not_read_any_more_has_no_alerts() {
    let site = Site::new();
    site.take("cap", &ALERT.document(), "2026-04-20T12:05Z");
    assert_eq!(site.boxes("2026-04-20T12:30Z", "en", "valley").len(), 1);
    let file = site.folder.path().join("riverwatch.toml");
    let text = std::fs::read_to_string(&file).expect("the configuration");
    std::fs::write(&file, text.replace("[feeds.cap]", "[feeds.other]")).expect("a file");
    assert_eq!(site.boxes("2026-04-20T12:30Z", "en", "valley").len(), 0, "nobody would hear that it was cancelled");
}

#[test]
fn a_text_in_another_language_says_which() {
    let site = Site::new();
    site.take("nws", &list(&[(1, "2026-04-21T22:00:00-04:00")]), "2026-04-20T12:05Z");
    let running = site.serve("2026-04-20T12:30Z");
    for (language, tag) in [("en", None), ("fr", Some("en-US"))] {
        let page = html::read(&running.page(&format!("/{language}/station/border")));
        let said = boxes(&page)[0].named("p").into_iter().find(|said| said.text.contains("Flood Watch 1"));
        assert_eq!(said.expect("the headline").attribute("lang"), tag, "{language}");
    }
}

#[test]
fn the_list_marks_and_names_the_stations_that_are_covered() {
    let site = Site::new();
    site.take("cap", &ALERT.document(), "2026-04-20T12:05Z");
    let running = site.serve("2026-04-20T12:30Z");
    for (language, mark) in [("en", "Official alert"), ("fr", "Alerte officielle")] {
        let page = html::read(&running.page(&format!("/{language}/")));
        let alerts = boxes(&page);
        assert_eq!(alerts.len(), 1);
        let links: Vec<_> = alerts[0].named("a").into_iter().filter_map(|link| link.attribute("href")).collect();
        assert_eq!(links, [format!("/{language}/station/valley")]);
        for (id, row) in html::rows(&page) {
            assert_eq!(row.text.contains(mark), id == "valley", "{language} {id}: {}", row.text);
        }
    }
    let found = html::read(&running.page("/en/?q=border"));
    assert_eq!((boxes(&found).len(), html::rows(&found).len()), (1, 1), "whatever one looks for");
}

#[test]
fn the_data_have_the_alerts_too() {
    let site = Site::new();
    site.take("cap", &ALERT.document(), "2026-04-20T12:05Z");
    let running = site.serve("2026-04-20T12:30Z");
    let alert = running.json("/fr/station/valley.json")["alerts"][0].clone();
    for (key, said) in [
        ("sender", "office@river.example"),
        ("senderName", "Centre des rivières"),
        ("identifier", "m1"),
        ("sent", "2026-04-20T12:00:00Z"),
        ("expires", "2026-04-21T12:00:00Z"),
        ("language", "fr-CA"),
        ("headline", HEADLINE[1]),
        ("description", "L’eau monte."),
        ("source", "cap"),
    ] {
        assert_eq!(alert[key], said, "{key}");
    }
    let all = running.json("/en/stations.json")["stations"].clone();
    assert_eq!(
        (all[0]["alerts"][0]["headline"].as_str(), all[1]["alerts"].as_array().map(Vec::len)),
        (Some(HEADLINE[0]), Some(0))
    );
    assert!(all[0]["alerts"][0]["description"].is_null(), "in the list without its whole text");
    let text = running.page("/en/station/valley.txt");
    assert!(
        text.contains("Official alert from River Centre: flood warning in effect. For: Lower valley. Sent "),
        "{text}"
    );
    assert!(text.contains("Levels <rise>.\n\n  * Stay & watch."), "{text}");
    assert!(!text.lines().next().expect("a line").contains("warning"), "the first line is the gauge's: {text}");
    let said = succeed(site.riverwatch().args(["explain", "valley", "--at", "2026-04-20T12:30Z"]));
    assert!(said.contains("official alert: flood warning\n  message m1 of office@river.example"), "{said}");
    assert!(said.contains("from feed cap, first received 2026-04-20T12:05:00Z"), "{said}");
}

/// Fetched by the running program from a server, which then has nothing more to say.
#[test]
fn a_fetched_alert_comes_and_goes() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let server = format!("http://{}", listener.local_addr().expect("an address"));
    let ends = (Timestamp::now() + SignedDuration::from_hours(30)).to_string();
    let documents = std::sync::Arc::new(std::sync::Mutex::new(list(&[(7, &ends)])));
    let current = std::sync::Arc::clone(&documents);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut request = [0; 2048];
            let asked = stream.read(&mut request).unwrap_or(0);
            let nws = request[..asked].starts_with(b"GET /nws ");
            let (status, body) =
                if nws { (200, current.lock().expect("no panic").clone()) } else { (404, String::new()) };
            let _ = write!(
                stream,
                "HTTP/1.1 {status} Yes\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
        }
    });
    let site = Site::with_feeds_at(&server);
    let fetch = || succeed(site.riverwatch().args(["ingest", "--once", "--feed", "nws"]));
    fetch();
    let running = Running::start(site.riverwatch().arg("serve"));
    let shown = || boxes(&html::read(&running.page("/en/station/border"))).len();
    assert_eq!(shown(), 1);
    *documents.lock().expect("no panic") = list(&[]);
    fetch();
    until("the page is drawn anew without the alert", || (shown() == 0).then_some(()));
    let status = running.page("/fr/status");
    assert!(status.contains("Feed nws"), "{status}");
}
