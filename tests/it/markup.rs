//! Every page is a sound document that can be read without seeing it.

use std::collections::BTreeSet;

use crate::demo::{demonstration, pages};
use crate::support::LANGUAGES;
use crate::support::html::{self, Element};
use crate::support::program::{Running, folder, riverwatch_in};

/// What holds for every page.
pub(crate) fn sound(page: &Element, path: &str) {
    assert_eq!(page.named("h1").len(), 1, "{path}: one <h1>");
    let (head, body) = (page.only("head"), page.only("body"));
    assert!(!head.only("title").text.trim().is_empty(), "{path}");
    assert!(head.named("meta").iter().any(|meta| meta.attribute("name") == Some("viewport")), "{path}");
    assert_eq!(body.named("main").len(), 1, "{path}");
    for picture in page.named("svg") {
        if picture.attribute("role") == Some("img") {
            let words = ["title", "desc"].map(|name| picture.children.iter().find(|child| child.name == name));
            let named = picture.attribute("aria-labelledby").unwrap_or_default();
            for word in words {
                let word = word.unwrap_or_else(|| unreachable!("{path}: a picture without <title> and <desc>"));
                assert!(!word.text.trim().is_empty(), "{path}");
                assert!(word.attribute("id").is_some_and(|id| named.split(' ').any(|part| part == id)), "{path}");
            }
        } else {
            assert_eq!(picture.attribute("aria-hidden"), Some("true"), "{path}: a picture without words says so");
        }
    }
    let ids: Vec<&str> = page.all().iter().filter_map(|element| element.attribute("id")).collect();
    let different: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), different.len(), "{path}: every id stands once: {ids:?}");
    for link in page.all().into_iter().filter(|element| element.name == "a" || element.name == "use") {
        let href = link.attribute("href").unwrap_or_default();
        assert!(!href.is_empty() && !href.starts_with("javascript:"), "{path}: {}", link.text);
        let target = href.strip_prefix('#');
        assert!(target.is_none_or(|id| different.contains(id)), "{path}: {href} leads nowhere");
        assert!(link.name == "use" || !link.text.trim().is_empty(), "{path}: a link without words to {href}");
    }
    for field in page.named("input") {
        let labelled = |label: &&Element| label.attribute("for") == field.attribute("id");
        assert!(page.named("label").iter().any(labelled), "{path}: a field without a label");
    }
    for table in page.named("table") {
        assert!(!table.named("th").is_empty(), "{path}: a table without headings");
    }
    levels(page, path);
}

/// Headings go down one step at a time.
fn levels(page: &Element, path: &str) {
    let levels = page.all().into_iter().filter_map(|element| match element.name.as_str() {
        "h1" => Some(1),
        "h2" => Some(2),
        "h3" => Some(3),
        _ => None,
    });
    let levels: Vec<u8> = levels.collect();
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{path}: {levels:?}");
}

fn other(language: &str) -> &'static str {
    if language == "en" { "fr" } else { "en" }
}

/// Every page of a site, in both languages, with links between them.
fn all_sound(site: &Running) {
    for language in LANGUAGES {
        for page in pages(site) {
            let path = format!("/{language}/{page}");
            let document = html::read(&site.page(&path));
            sound(&document, &path);
            assert_eq!(document.attribute("lang"), Some(format!("{language}-CA").as_str()), "{path}");
            let there = format!("/{}/{page}", other(language));
            let links = document.only("body").named("a");
            let across = links.iter().find(|link| link.attribute("href") == Some(there.as_str()));
            let across = across.unwrap_or_else(|| unreachable!("{path} does not lead to {there}"));
            assert_eq!(across.attribute("lang"), Some(format!("{}-CA", other(language)).as_str()), "{path}");
        }
    }
}

#[test]
fn every_page_of_a_demonstration_is_sound() {
    let (demo, _folder) = demonstration();
    all_sound(&demo);
}

#[test]
fn every_page_without_any_data_is_sound() {
    let folder = folder();
    all_sound(&Running::start(riverwatch_in(folder.path()).arg("serve")));
}

#[test]
fn the_first_page_and_errors_are_sound() {
    let (demo, _folder) = demonstration();
    let first = html::read(&demo.page("/"));
    for language in LANGUAGES {
        let door = first.named("a").into_iter().find(|link| link.attribute("href") == Some(&format!("/{language}/")));
        assert!(door.is_some(), "/{language}/");
        let error = html::read(&demo.get(&format!("/{language}/nowhere")).text());
        sound(&error, "an error");
    }
    let parts: Vec<&str> = first.named("section").iter().filter_map(|part| part.attribute("lang")).collect();
    assert_eq!(parts, ["en-CA", "fr-CA"]);
}

/// One page has one `<h1>`, in whatever languages it speaks.
#[test]
fn pages_in_both_languages_have_one_heading() {
    let (demo, _folder) = demonstration();
    for path in ["/", "/nowhere"] {
        sound(&html::read(&demo.get(path).text()), path);
    }
}

#[test]
fn every_link_within_the_site_leads_somewhere() {
    let (demo, _folder) = demonstration();
    let mut links = BTreeSet::new();
    for language in LANGUAGES {
        for page in pages(&demo) {
            let document = html::read(&demo.page(&format!("/{language}/{page}")));
            let hrefs = document.named("a").into_iter().filter_map(|link| link.attribute("href"));
            links.extend(hrefs.filter(|href| href.starts_with('/')).map(str::to_owned));
        }
    }
    assert!(links.len() > 100, "{}", links.len());
    for link in links {
        assert_eq!(demo.get(&link).status, 200, "{link}");
    }
}

#[test]
fn every_picture_standing_alone_is_sound() {
    let (demo, _folder) = demonstration();
    for id in demo.stations() {
        let picture = html::read_xml(&demo.page(&format!("/fr/station/{id}.svg")));
        assert_eq!((picture.name.as_str(), picture.attribute("role")), ("svg", Some("img")), "{id}");
        assert_eq!(picture.attribute("xmlns"), Some("http://www.w3.org/2000/svg"), "{id}");
        assert!(!picture.only("title").text.is_empty() && !picture.only("desc").text.is_empty(), "{id}");
    }
}
