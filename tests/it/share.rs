//! What leaves a station's page: its picture for shared links, small, in both languages, and never surer than the page.

use std::io::Cursor;

use crate::answers::still;
use crate::demo::demonstration;
use crate::support::html::Element;
use crate::support::http::ask;
use crate::support::program::{Running, folder};
use crate::support::{LANGUAGES, html};

/// Ground colours of the statuses, as `look.md` has them.
const COLOURS: [(&str, [u8; 3]); 6] = [
    ("unknown", [0xe6, 0xea, 0xed]),
    ("normal", [0xd7, 0xeb, 0xe4]),
    ("advisory", [0xff, 0xd8, 0x4d]),
    ("watch", [0xf2, 0x8e, 0x2b]),
    ("warning", [0xb3, 0x26, 0x1e]),
    ("flood", [0x4a, 0x0d, 0x3a]),
];

/// The pixels of a picture, red, green and blue, once it is seen to be a small PNG of the right kind.
fn pixels(site: &Running, path: &str) -> Vec<[u8; 3]> {
    let reply = site.get(path);
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/png")), "{path}");
    assert!(reply.body.len() < 40_000, "{path}: {} bytes", reply.body.len());
    let mut decoder = png::Decoder::new(Cursor::new(reply.body));
    let header = decoder.read_header_info().expect("a header");
    assert_eq!((header.width, header.height, header.color_type), (1200, 630, png::ColorType::Indexed), "{path}");
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().expect("a palette");
    let mut read = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut read).expect("every pixel");
    read.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}

/// The colour of the strip at the left edge, which repeats the status.
fn status(pixels: &[[u8; 3]]) -> &'static str {
    let strip = pixels[300 * 1200 + 5];
    COLOURS.iter().find(|(_, colour)| *colour == strip).map_or_else(|| unreachable!("{strip:?}"), |(name, _)| name)
}

#[test]
fn a_picture_says_the_status_of_its_station() {
    let (demo, _folder) = demonstration();
    for id in ["fredericton", "jemseg", "connors", "woodstock"] {
        let [english, french] = LANGUAGES.map(|language| pixels(&demo, &format!("/{language}/station/{id}.png")));
        let level = demo.json(&format!("/en/station/{id}.json"))["status"]["level"].clone();
        assert_eq!((level.as_str(), status(&english)), (Some(status(&french)), status(&french)), "{id}");
        assert!(english != french, "{id}: the same picture in two languages");
    }
}

#[test]
fn a_chart_is_a_bitmap_of_the_width_that_is_asked_for() {
    let (demo, _folder) = demonstration();
    for (asked, wide) in [("480", 480), ("9999", 1600), ("1", 320)] {
        let reply = demo.get(&format!("/fr/station/fredericton.png?width={asked}"));
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/png")), "{asked}");
        assert!(reply.header("cache-control").is_some_and(|cache| cache.contains("max-age=60")), "it stands elsewhere");
        let mut decoder = png::Decoder::new(Cursor::new(reply.body));
        assert_eq!(decoder.read_header_info().expect("a header").width, wide, "{asked}");
    }
    assert_eq!(demo.get("/en/station/fredericton.png?width=wide").status, 400);
    let (site, _folder) = still();
    assert_eq!(site.get("/en/station/fredericton.png?width=480").status, 404, "there is nothing to draw");
}

#[test]
fn without_data_a_picture_says_that_nothing_is_known() {
    let (site, _folder) = still();
    for language in LANGUAGES {
        let path = format!("/{language}/station/fredericton.png");
        assert_eq!(status(&pixels(&site, &path)), "unknown");
        let whole = ask(site.address, "GET", &path, &[("Accept-Encoding", "gzip, br")]);
        assert_eq!(whole.header("content-encoding"), None, "what is compressed is not compressed again");
        let tag = whole.header("etag").expect("a tag");
        let again = ask(site.address, "GET", &path, &[("If-None-Match", tag)]);
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
    assert_eq!(site.get("/en/station/nowhere.png").status, 404);
}

/// A site over a demonstration's data that knows its own address.
fn addressed(folder: &std::path::Path) -> Running {
    drop(crate::demo::demonstration_in(folder, "1"));
    let mut serve = crate::support::program::riverwatch_in(folder);
    serve.env("RIVERWATCH_DATABASE__URL", format!("sqlite:{}", folder.join("demo.db").display()));
    Running::start(serve.env("RIVERWATCH_SITE__ADDRESS", "https://river.example.org/").arg("serve"))
}

fn property(page: &Element, name: &str) -> Option<String> {
    let named = |meta: &&Element| meta.attribute("property").or(meta.attribute("name")) == Some(name);
    page.named("meta").into_iter().find(named)?.attribute("content").map(str::to_owned)
}

#[test]
fn a_shared_link_shows_the_level_before_it_is_opened() {
    let folder = folder();
    let site = addressed(folder.path());
    for (language, locale) in [("en", "en_CA"), ("fr", "fr_CA")] {
        let page = html::read(&site.page(&format!("/{language}/station/fredericton")));
        let sentence = site.json(&format!("/{language}/station/fredericton.json"))["sentence"].clone();
        assert_eq!(property(&page, "og:description").as_deref(), sentence.as_str());
        assert_eq!(property(&page, "og:locale").as_deref(), Some(locale));
        assert!(
            property(&page, "og:title").is_some_and(|title| title.contains("Fredericton") && title.contains("m, "))
        );
        let leads =
            |name| property(&page, name).and_then(|at| at.strip_prefix("https://river.example.org").map(str::to_owned));
        assert_eq!(leads("og:url"), Some(format!("/{language}/station/fredericton")));
        let picture = leads("og:image").expect("an absolute address");
        assert_eq!(site.get(&picture).header("content-type"), Some("image/png"), "{picture}");
        assert_eq!(property(&page, "twitter:card").as_deref(), Some("summary_large_image"));
    }
}

#[test]
fn without_an_address_of_its_own_a_site_promises_no_picture() {
    let (site, _folder) = still();
    let page = html::read(&site.page("/en/station/fredericton"));
    assert_eq!((property(&page, "og:image"), property(&page, "og:url")), (None, None));
    assert!(property(&page, "og:description").is_some_and(|said| said.contains("unknown")));
    let shared = html::read(&site.page("/en/station/fredericton/share"));
    assert!(!shared.named("path").iter().any(|path| path.attribute("fill") == Some("#000")), "a code leads nowhere");
}

#[test]
fn a_station_can_be_passed_on_and_printed() {
    let folder = folder();
    let site = addressed(folder.path());
    for language in LANGUAGES {
        for id in ["fredericton", "jemseg", "connors"] {
            let at = format!("/{language}/station/{id}");
            let page = html::read(&site.page(&at));
            assert!(page.named("a").iter().any(|link| link.attribute("href") == Some(&format!("{at}/share"))), "{at}");
            let reply = ask(site.address, "GET", &format!("{at}/share"), &[("Accept-Encoding", "gzip")]);
            assert!(reply.status == 200 && reply.body.len() <= 6000, "{at}: {} bytes", reply.body.len());
            let shared = html::read(&reply.text());
            crate::markup::sound(&shared, &at);
            let main = shared.only("main");
            assert!(main.text.contains(site.json(&format!("{at}.json"))["sentence"].as_str().expect("a sentence")));
            assert!(main.text.contains(&format!("https://river.example.org{at}")));
            let links: Vec<&str> = main.named("a").iter().filter_map(|link| link.attribute("href")).collect();
            let whole = format!("https%3A%2F%2Friver.example.org%2F{language}%2Fstation%2F{id}");
            for program in ["sms:?&body=", "mailto:?subject="] {
                assert!(links.iter().any(|link| link.starts_with(program) && link.ends_with(&whole)), "{links:?}");
            }
            let policy = reply.header("content-security-policy").unwrap_or_default();
            assert!(
                policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("http"),
                "{policy}"
            );
        }
    }
}
