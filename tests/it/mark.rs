//! A reader's own mark in the address: said, drawn, bounded, and nowhere else.

use crate::forecast_changes::{said, site};
use crate::support::html;
use crate::support::program::folder;

#[test]
fn the_page_speaks_of_the_mark() {
    let folder = folder();
    let site = site(folder.path());
    for (path, words) in [
        ("/en/station/bend?mark=5.6", "0.64 m below your mark. Forecast to reach your mark by today 15:00."),
        (
            "/en/station/bend?mark=6.1",
            "1.14 m below your mark. Forecast to reach your mark today between 15:00 and 21:00.",
        ),
        ("/en/station/bend?mark=6,4%20m", "1.44 m below your mark. Not forecast to reach your mark."),
        ("/en/station/bend?mark=4.96", "At your mark."),
        ("/en/station/bend?mark=4.5", "0.46 m above your mark."),
        (
            "/fr/station/bend?mark=6.1",
            "1,14 m sous votre repère. Votre repère serait atteint aujourd’hui entre 15 h et 21 h.",
        ),
        ("/en/station/ford?mark=6.6", "The upper end of the forecast’s range reaches your mark."),
        ("/en/station/ford?mark=6.0", "Forecast to reach your mark today 14:00 at the earliest, or not at all."),
    ] {
        assert!(said(&site, path).contains(words), "{words}: {}", said(&site, path));
    }
    assert!(!said(&site, "/en/station/bend?mark=4.5").contains("reach your mark"), "the water is above it");
    let page = html::read(&site.page("/en/station/bend?mark=5.60"));
    let texts: Vec<&str> = page.named("text").iter().map(|text| text.text.as_str()).collect();
    assert_eq!(texts.iter().filter(|text| **text == "My mark").count(), 2, "chart and scale: {texts:?}");
    assert!(page.named("desc").iter().any(|desc| desc.text.contains("5.60\u{a0}m My mark")), "the scale in words");
    let other = page.named("a").into_iter().find(|link| link.attribute("hreflang").is_some()).expect("a link");
    assert_eq!(other.attribute("href"), Some("/fr/station/bend?mark=5.6"));
}

#[test]
fn what_cannot_be_a_height_there_is_refused_and_the_form_stands_again() {
    let folder = folder();
    let site = site(folder.path());
    for (mark, shown) in [("64", "64"), ("-1", "-1"), ("high", "high"), ("%3Cb%3E", "<b>"), ("1e9", "1e9")] {
        let reply = site.get(&format!("/en/station/bend?mark={mark}"));
        assert_eq!((reply.status, reply.header("cache-control")), (400, Some("no-store")), "{mark}");
        let page = html::read(&reply.text());
        let text = page.only("main").text.replace('\u{a0}', " ");
        let words = format!("“{shown}” cannot be a height here. Give one from −0.50 m to 11.50 m.");
        assert!(text.contains(&words), "{text}");
        assert_eq!(page.only("input").attribute("value"), Some(shown));
    }
    for none in ["/en/station/bend", "/en/station/bend?mark=", "/en/station/bend?other=7"] {
        assert!(!site.page(none).contains("data-mark"), "{none}");
    }
    let form = html::read(&site.page("/fr/station/bend/mark"));
    assert_eq!(form.only("form").attribute("action"), Some("/fr/station/bend"));
    assert_eq!(form.only("input").attribute("name"), Some("mark"));
    assert_eq!(site.get("/fr/station/nowhere/mark").status, 404);
}

#[test]
fn marks_written_in_different_ways_are_one_answer_and_files_have_none() {
    let folder = folder();
    let site = site(folder.path());
    let tag = |path: &str| site.get(path).header("etag").expect("a tag").to_owned();
    let plain = tag("/en/station/bend");
    let marked = tag("/en/station/bend?mark=5.6");
    assert_ne!(plain, marked);
    for same in ["?mark=5.60", "?mark=5%2C6", "?mark=5.6+m", "?mark=5.604&name=x"] {
        assert_eq!(tag(&format!("/en/station/bend{same}")), marked, "{same}");
    }
    assert_eq!(tag("/en/station/bend"), plain, "nothing of it stays");
    for file in ["json", "csv", "txt", "svg"] {
        let path = format!("/en/station/bend.{file}");
        assert_eq!(tag(&format!("{path}?mark=5.6")), tag(&path), "{file}");
    }
}
