//! What is made for other sites' pages: frames and who may have them, pictures of any width, oEmbed, and the pieces of HTML
//! to copy.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::demo::{demonstration, pages};
use crate::support::html::{self, Element};
use crate::support::http::{Reply, ask};
use crate::support::program::{Running, folder, riverwatch_in, run};
use crate::support::{LANGUAGES, until};

const ADDRESS: &str = "https://river.example.org";

/// A site that knows its own address, without data.
fn addressed(settings: &[(&str, &str)]) -> (Running, tempfile::TempDir) {
    let folder = folder();
    let mut command = riverwatch_in(folder.path());
    command.args(["serve", "--at", "2026-04-20T12:00Z"]).env("RIVERWATCH_SITE__ADDRESS", ADDRESS);
    command.envs(settings.iter().copied());
    (Running::start(&mut command), folder)
}

fn ancestors(reply: &Reply) -> String {
    let policy = reply.header("content-security-policy").expect("a policy");
    let named = policy.split(';').find_map(|directive| directive.trim().strip_prefix("frame-ancestors "));
    named.unwrap_or_else(|| unreachable!("{policy}")).to_owned()
}

fn links(page: &Element) -> BTreeSet<&str> {
    page.named("a").into_iter().filter_map(|link| link.attribute("href")).collect()
}

#[test]
fn a_frame_has_the_station_and_nothing_around_it() {
    let (demo, _folder) = demonstration();
    for language in LANGUAGES {
        for id in demo.stations() {
            for asked in ["", "?compact", "?theme=dark", "?compact&theme=light"] {
                let path = format!("/embed/{language}/station/{id}{asked}");
                let reply = demo.get(&path);
                let page = html::read(&reply.text());
                assert_eq!(page.attribute("lang"), Some(format!("{language}-CA").as_str()), "{path}");
                let around = ["header", "footer", "nav", "script", "form", "iframe", "img"];
                assert!(around.iter().all(|name| page.named(name).is_empty()), "{path}");
                let own = demo.json(&format!("/{language}/station/{id}.json"));
                assert_eq!(page.only("h1").text, own["name"].as_str().unwrap_or_default(), "{path}");
                // A link in a frame opens outside of it, since no other page may be framed.
                let own = format!("/{language}/station/{id}");
                assert!(links(&page).contains(own.as_str()), "{path}");
                assert!(page.named("a").iter().all(|link| link.attribute("target") == Some("_blank")), "{path}");
                let drawn = page.named("figure").len();
                assert_eq!(drawn, usize::from(!asked.contains("compact")), "{path}");
                assert_eq!(ancestors(&reply), "'self' *", "{path}");
                assert_eq!(reply.header("cross-origin-resource-policy"), Some("cross-origin"), "{path}");
                assert_eq!((reply.header("x-frame-options"), reply.header("set-cookie")), (None, None), "{path}");
            }
        }
    }
}

/// Nothing in a frame counts time: the date stands there, and no word such as *5 min ago*.
#[test]
fn a_frame_and_a_picture_say_of_which_day_they_speak() {
    let (demo, _folder) = demonstration();
    for (language, words) in [("en", ["Measured ", "Updated "]), ("fr", ["Mesuré le ", "Mise à jour\u{a0}: le "])] {
        let facts = demo.json(&format!("/{language}/station/fredericton.json"));
        let year = &facts["status"]["valid"].as_str().expect("a measurement")[..4];
        for asked in ["", "?compact"] {
            let page = html::read(&demo.page(&format!("/embed/{language}/station/fredericton{asked}")));
            let said: Vec<&str> =
                page.named("p").into_iter().chain(page.named("span")).map(|part| part.text.as_str()).collect();
            for word in words {
                let dated = said.iter().any(|text| text.starts_with(word) && text.contains(year));
                assert!(dated, "{language}{asked}: `{word}…{year}` in {said:?}");
            }
        }
        let picture = html::read_xml(&demo.page(&format!("/{language}/station/fredericton.svg?width=320")));
        let said: Vec<&str> = picture.named("text").into_iter().map(|text| text.text.as_str()).collect();
        assert!(said.iter().any(|text| text.starts_with(words[0])), "{said:?}");
        assert!(said.iter().any(|text| text.contains(year)), "{said:?}");
    }
}

#[test]
fn what_is_old_says_so() {
    let (demo, _folder) = demonstration();
    let facts = demo.json("/en/station/jemseg.json");
    assert_eq!(facts["status"]["level"], "unknown", "nothing current is known of this gauge");
    for (language, old) in [("en", "Old: last measured "), ("fr", "Ancien\u{a0}: dernière mesure ")] {
        let page = html::read(&demo.page(&format!("/embed/{language}/station/jemseg?compact")));
        assert!(page.only("main").text.contains(old), "{}", page.text);
        assert!(page.only("main").named("b").is_empty(), "no number of now: {}", page.text);
        let picture = html::read_xml(&demo.page(&format!("/{language}/station/jemseg.svg")));
        assert!(picture.named("text").iter().any(|text| text.text.contains(old)), "{}", picture.text);
    }
}

/// Left open, a frame and a picture are covered in time, without a script.
#[test]
fn what_stays_open_is_covered() {
    let (demo, _folder) = demonstration();
    let page = html::read(&demo.page("/embed/en/station/fredericton"));
    let covers: Vec<_> = page.all().into_iter().filter(|part| part.is_of("old")).collect();
    assert_eq!(covers.len(), 1);
    assert!(covers[0].text.contains("too long"), "{}", covers[0].text);
    let picture = html::read_xml(&demo.page("/en/station/fredericton.svg"));
    let seconds = picture.only("set").attribute("begin").and_then(|begin| begin.strip_suffix('s')?.parse::<i64>().ok());
    // A measurement is the present one for six hours.
    assert!(seconds.is_some_and(|seconds| (600..=6 * 3600).contains(&seconds)), "{seconds:?}");
}

#[test]
fn a_river_has_all_its_stations_from_source_to_mouth() {
    let (demo, _folder) = demonstration();
    let all = demo.json("/en/stations.json");
    for (slug, river) in [("saint-john-river", "Saint John River"), ("kennebecasis-river", "Kennebecasis River")] {
        let of_it = all["stations"].as_array().expect("an array").iter().filter(|station| station["river"] == river);
        let ids: Vec<&str> = of_it.filter_map(|station| station["id"].as_str()).collect();
        for language in LANGUAGES {
            for asked in ["", "?compact&theme=dark"] {
                let page = html::read(&demo.page(&format!("/embed/{language}/river/{slug}{asked}")));
                let rows = html::rows(&page);
                assert_eq!(rows.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ids, "{slug}");
            }
        }
    }
    for nowhere in ["river/nowhere", "river/", "river/Saint-John-River", "station/nowhere", "about", ""] {
        let reply = demo.get(&format!("/embed/fr/{nowhere}"));
        assert_eq!((reply.status, html::read(&reply.text()).attribute("lang")), (404, Some("fr-CA")), "{nowhere}");
    }
    assert_eq!(demo.get("/embed/de/station/jemseg").status, 404);
}

#[test]
fn no_other_page_may_be_framed() {
    let (demo, _folder) = demonstration();
    for language in LANGUAGES {
        let more = ["station/jemseg/log", "station/jemseg/embed", "nowhere", "stations.json", "station/jemseg.svg"];
        for page in pages(&demo).iter().map(String::as_str).chain(more) {
            assert_eq!(ancestors(&demo.get(&format!("/{language}/{page}"))), "'none'", "{page}");
        }
    }
    for path in ["/", "/oembed", "/embed.js", "/embed", "/embedded/en/station/jemseg"] {
        assert_eq!(ancestors(&demo.get(path)), "'none'", "{path}");
    }
}

#[test]
fn the_sites_that_may_frame_are_configured() {
    let name = "RIVERWATCH_SERVER__FRAME_HOSTS";
    for (hosts, allowed) in
        [("https://gnb.ca https://*.gnb.ca:8443/", "'self' https://gnb.ca https://*.gnb.ca:8443"), ("*", "'self' *")]
    {
        let (site, _folder) = addressed(&[(name, hosts)]);
        assert_eq!(ancestors(&site.get("/embed/en/station/jemseg")), allowed);
        assert_eq!(ancestors(&site.get("/en/station/jemseg")), "'none'");
    }
    for wrong in
        ["gnb.ca", "https://gnb.ca/page", "ftp://gnb.ca", "https://a;script-src", "'self'", "https://*", "https://a*.b"]
    {
        let folder = folder();
        let refused = run(riverwatch_in(folder.path()).arg("check").env(name, wrong));
        assert_eq!(refused.code, Some(1), "{wrong}");
        let said = format!("{}{}", refused.out, refused.err);
        assert!(said.contains("is not a site") && said.contains(name), "{wrong}: {said}");
    }
}

#[test]
fn a_picture_is_as_wide_as_asked_within_bounds() {
    let (demo, _folder) = demonstration();
    let width = |query: &str| {
        let picture = html::read_xml(&demo.page(&format!("/fr/station/fredericton.svg{query}")));
        picture.attribute("width").and_then(|width| width.parse::<u32>().ok()).expect("a width")
    };
    assert_eq!(["", "?width=320", "?width=900", "?width=1", "?width=99999"].map(width), [640, 320, 900, 320, 1600]);
    for wrong in ["?width=", "?width=wide", "?width=-5", "?width=1e3"] {
        assert_eq!(demo.get(&format!("/fr/station/fredericton.svg{wrong}")).status, 400, "{wrong}");
    }
    let reply = demo.get("/en/station/fredericton.svg?width=500");
    assert_eq!(reply.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert!(reply.header("cache-control").is_some_and(|kept| kept.starts_with("public, max-age=60")));
    let tag = reply.header("etag").expect("a tag").to_owned();
    // Where a minute ends in between, the picture is another one.
    until("the same picture is not sent twice", || {
        let path = "/en/station/fredericton.svg?width=500";
        let tag = demo.get(path).header("etag").unwrap_or(&tag).to_owned();
        (ask(demo.address, "GET", path, &[("If-None-Match", &tag)]).status == 304).then_some(())
    });
}

#[test]
fn the_script_is_small_and_for_every_site() {
    let (site, _folder) = addressed(&[]);
    let reply = site.get("/embed.js");
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/javascript; charset=utf-8")));
    assert!(reply.body.len() <= 1000, "{} bytes", reply.body.len());
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert_eq!(reply.header("cross-origin-resource-policy"), Some("cross-origin"));
    // Its address stays, so its content must not be kept for a year.
    assert!(reply.header("cache-control").is_some_and(|kept| !kept.contains("immutable")));
    let fitted = html::read(&site.page("/embed/en/station/jemseg?fit"));
    assert_eq!(fitted.only("script").attribute("src"), Some("/embed.js"));
}

fn oembed(site: &Running, query: &str) -> Json {
    serde_json::from_str(&site.page(&format!("/oembed?{query}"))).expect("JSON")
}

#[test]
fn oembed_gives_a_frame_of_the_size_asked_for() {
    let (site, _folder) = addressed(&[]);
    for language in LANGUAGES {
        for path in ["station/jemseg", "station/jemseg/embed", "station/jemseg?from=x"] {
            let facts = oembed(&site, &format!("url={ADDRESS}/{language}/{path}&maxwidth=300"));
            assert_eq!((facts["type"].as_str(), facts["version"].as_str()), (Some("rich"), Some("1.0")));
            assert_eq!(facts["width"], 300);
            let frame = html::read_xml(facts["html"].as_str().expect("HTML"));
            let from = format!("{ADDRESS}/embed/{language}/station/jemseg");
            assert_eq!((frame.name.as_str(), frame.attribute("src")), ("iframe", Some(from.as_str())));
            assert_eq!(frame.attribute("height"), Some(facts["height"].to_string().as_str()));
            assert!(frame.attribute("title").is_some_and(|title| title.contains("Jemseg")));
        }
    }
    let small = oembed(&site, &format!("url={ADDRESS}/en/station/jemseg&maxwidth=900&maxheight=300"));
    assert!(small["height"].as_u64() <= Some(300) && small["width"].as_u64() <= Some(900), "{small}");
    assert!(small["html"].as_str().is_some_and(|html| html.contains("jemseg?compact\"")), "{small}");
    let river = oembed(&site, &format!("url={ADDRESS}/embed/fr/river/saint-john-river"));
    assert_eq!(river["title"], "Fleuve Saint-Jean\u{a0}: niveau d’eau et prévision");
}

#[test]
fn oembed_says_the_same_as_xml() {
    let (site, _folder) = addressed(&[]);
    let asked = format!("url={ADDRESS}/fr/station/jemseg&maxwidth=320");
    let json = oembed(&site, &format!("{asked}&format=json"));
    let reply = site.get(&format!("/oembed?{asked}&format=xml"));
    assert_eq!(reply.header("content-type"), Some("text/xml; charset=utf-8"));
    let text = reply.text();
    let (declaration, document) = text.split_once('\n').expect("a declaration");
    assert_eq!(declaration, r#"<?xml version="1.0" encoding="utf-8" standalone="yes"?>"#);
    let document = html::read_xml(document.trim_end());
    let told: Vec<(&str, String)> =
        document.children.iter().map(|child| (child.name.as_str(), child.text.clone())).collect();
    let facts = json.as_object().expect("an object");
    let known = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let known: Vec<(&str, String)> = facts.iter().map(|(key, value)| (key.as_str(), known(value))).collect();
    assert_eq!((document.name.as_str(), told), ("oembed", known));
}

#[test]
fn oembed_refuses_as_its_specification_says() {
    let (site, _folder) = addressed(&[]);
    let jemseg = format!("url={ADDRESS}/en/station/jemseg");
    for (query, status) in [
        (String::new(), 400),
        (format!("{jemseg}&maxwidth=wide"), 400),
        (format!("{jemseg}&maxheight=-1"), 400),
        (format!("{jemseg}&format=yaml"), 501),
        (format!("{jemseg}&maxwidth=100"), 404),
        (format!("url={ADDRESS}/en/station/nowhere"), 404),
        (format!("url={ADDRESS}/en/river/saint-john-river"), 404),
        (format!("url={ADDRESS}/de/station/jemseg"), 404),
        ("url=https://evil.example/en/station/jemseg".to_owned(), 404),
        (format!("url={ADDRESS}.evil.example/en/station/jemseg"), 404),
        ("url=jemseg".to_owned(), 404),
    ] {
        assert_eq!(site.get(&format!("/oembed?{query}")).status, status, "{query}");
    }
}

#[test]
fn the_pieces_to_copy_are_those_that_work() {
    let (site, _folder) = addressed(&[]);
    for language in LANGUAGES {
        let path = format!("/{language}/station/fredericton/embed");
        let page = html::read(&site.page(&path));
        let pieces: Vec<&str> = page.named("pre").into_iter().map(|piece| piece.text.as_str()).collect();
        for other in LANGUAGES {
            let of_it = pieces.iter().filter(|piece| piece.contains(&format!("/{other}/")));
            assert_eq!(of_it.count(), pieces.len() / LANGUAGES.len(), "{path}: as many in each language");
        }
        for piece in &pieces {
            let source = piece.split("src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a source");
            let own = source.strip_prefix(ADDRESS).unwrap_or_else(|| unreachable!("{source} is no whole address"));
            assert_eq!(site.get(own).status, if own.contains(".svg") { 404 } else { 200 }, "{own}: there are no data");
        }
        for preview in page.named("iframe") {
            let source = preview.attribute("src").expect("a source");
            assert!(source.starts_with(&format!("/embed/{language}/")) && preview.attribute("title").is_some());
            assert_eq!(ancestors(&site.get(source)), "'self' *");
        }
        let found: Vec<_> =
            page.only("head").named("link").into_iter().filter(|link| link.attribute("type").is_some()).collect();
        assert_eq!(found.len(), 2, "JSON and XML");
        for link in found {
            let asked = link.attribute("href").and_then(|href| href.strip_prefix(ADDRESS)).expect("a whole address");
            assert_eq!(site.get(asked).status, 200, "{asked}");
        }
    }
}
