//! What a page costs: its size, what it loads, what it may load.

use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::answers::still;
use crate::demo::{demonstration, demonstration_in, pages};
use crate::support::html::Element;
use crate::support::http::{Reply, ask};
use crate::support::program::{Running, folder, riverwatch_in};
use crate::support::{LANGUAGES, html};

/// Ways to compress that every browser has one of.
const CODINGS: [&str; 2] = ["br", "gzip"];
/// The most bytes of a station's page by the way of compressing.
const STATION: [(&str, usize); 2] = [("br", 6000), ("gzip", 6400)];

fn compressed(demo: &Running, path: &str, coding: &str) -> Reply {
    let reply = ask(demo.address, "GET", path, &[("Accept-Encoding", coding)]);
    assert_eq!((reply.status, reply.header("content-encoding")), (200, Some(coding)), "{path}");
    assert_eq!(reply.header("content-length"), Some(reply.body.len().to_string().as_str()), "{path}");
    reply
}

#[test]
fn every_page_is_small() {
    let (demo, _folder) = demonstration();
    let mut heavy = Vec::new();
    for language in LANGUAGES {
        for page in pages(&demo) {
            let path = format!("/{language}/{page}");
            for (coding, most) in STATION {
                let most = match page.as_str() {
                    "" => 8000,
                    // A coast and the course of a river.
                    "map" => 9000,
                    _ => most,
                };
                let size = compressed(&demo, &path, coding).body.len();
                if size > most {
                    heavy.push(format!("{path} {coding}: {size} bytes, at most {most}"));
                }
            }
        }
    }
    assert!(heavy.is_empty(), "{heavy:#?}");
}

/// Forecasts come and go, thresholds are crossed, gauges fall silent: an hour passes in each second.
#[test]
fn the_heaviest_pages_stay_small_and_sound_while_time_passes() {
    let folder = folder();
    let demo = demonstration_in(folder.path(), "3600");
    let deadline = Instant::now() + Duration::from_secs(8);
    while Instant::now() < deadline {
        for id in ["fredericton", "oak-point", "gagetown", "perth-andover"] {
            let path = format!("/fr/station/{id}");
            html::read(&demo.page(&path));
            let mark = if id == "perth-andover" { "?mark=76.4" } else { "?mark=6.4" };
            for rest in ["", mark, "/forecasts", "/mark"] {
                for (coding, most) in STATION {
                    let size = compressed(&demo, &format!("{path}{rest}"), coding).body.len();
                    assert!(size <= most, "{path}{rest} {coding}: {size} bytes");
                }
            }
        }
        std::thread::sleep(Duration::from_millis(250));
    }
}

#[test]
fn compressed_and_plain_are_the_same() {
    let (site, _folder) = still();
    for path in ["/en/stations.csv", "/fr/about", "/fr/station/saint-leonard", "/en/stations.geojson"] {
        let plain = site.get(path);
        assert_eq!(plain.header("content-encoding"), None, "{path}: nobody asked for it");
        for coding in CODINGS {
            let packed = compressed(&site, path, coding);
            assert_eq!(packed.content(), plain.body, "{path} {coding}");
            assert!(packed.body.len() < plain.body.len(), "{path} {coding}");
        }
    }
}

#[test]
fn nothing_is_loaded_and_nothing_may_be() {
    let (demo, _folder) = demonstration();
    let mut paths = vec!["/".to_owned(), "/fr/nowhere".to_owned()];
    for language in LANGUAGES {
        paths.extend(pages(&demo).iter().map(|page| format!("/{language}/{page}")));
    }
    for path in paths {
        let reply = demo.get(&path);
        assert_eq!(reply.header("set-cookie"), None, "{path}");
        let text = reply.text();
        for loaded in ["<script>", "<img", "url(", "@import", "stylesheet", "<iframe", "<object", " style="] {
            assert!(!text.contains(loaded), "{path}: {loaded}");
        }
        let page = html::read(&text);
        for link in page.named("link") {
            let (rel, href) = (link.attribute("rel").unwrap_or_default(), link.attribute("href").unwrap_or_default());
            assert!(rel == "alternate" || href.starts_with("data:"), "{path}: {rel} {href}");
        }
        for element in page.all().into_iter().filter(|element| element.name != "a" && element.name != "link") {
            let loaded = element.attribute("href").filter(|href| !href.starts_with('#'));
            assert_eq!(loaded, None, "{path}: <{}>", element.name);
        }
        own_script(&demo, &page, &path);
        assert_eq!(
            allowed_style(&reply, &path),
            format!("'sha256-{}'", base64_sha256(&page.only("style").text)),
            "{path}"
        );
    }
}

/// A page needs no script. Where it offers one, that is the site's own, small, deferred, and kept for as long as it is
/// the same; it tells nobody anything.
fn own_script(site: &Running, page: &Element, path: &str) {
    let scripts = page.named("script");
    assert!(scripts.len() <= 1, "{path}: {} scripts", scripts.len());
    for script in scripts {
        assert!(script.text.is_empty() && script.attribute("defer").is_some(), "{path}");
        let from = script.attribute("src").unwrap_or_default();
        assert!(from.starts_with('/') && !from.starts_with("//"), "{path}: {from}");
        for coding in CODINGS {
            let reply = compressed(site, from, coding);
            assert!(reply.body.len() <= 3000, "{from} {coding}: {} bytes", reply.body.len());
            let kept = reply.header("cache-control").unwrap_or_default();
            assert!(kept.contains("max-age=31536000") && kept.contains("immutable"), "{from}: {kept}");
            for asks in ["cookie", "fetch(", "XMLHttpRequest", "sendBeacon", "http:", "https:", "eval("] {
                assert!(!reply.text().contains(asks), "{from}: {asks}");
            }
        }
    }
}

#[test]
fn the_script_of_a_live_site_is_its_own() {
    let folder = folder();
    let site = Running::start(riverwatch_in(folder.path()).arg("serve"));
    for path in ["/", "/en/", "/fr/station/fredericton", "/fr/about", "/en/status", "/fr/nowhere"] {
        let reply = site.get(path);
        let page = html::read(&reply.text());
        own_script(&site, &page, path);
        let policy = reply.header("content-security-policy").unwrap_or_default();
        let allowed = policy.contains("script-src 'self'");
        assert!(allowed || page.named("script").is_empty(), "{path}: its script is not allowed: {policy}");
    }
}

#[test]
fn a_picture_may_load_its_own_style_alone() {
    let (demo, _folder) = demonstration();
    let reply = demo.get("/en/station/fredericton.svg");
    let picture = html::read_xml(&reply.text());
    let hash = base64_sha256(&picture.only("style").text);
    assert_eq!(allowed_style(&reply, "the picture"), format!("'sha256-{hash}'"));
}

/// What the policy of a response allows as style, once the rest of it is seen to be strict.
fn allowed_style(reply: &Reply, path: &str) -> String {
    let policy = reply.header("content-security-policy").expect("a policy");
    let directives: Vec<&str> = policy.split(';').map(str::trim).collect();
    for strict in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(directives.contains(&strict), "{path}: {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
    let mut scripts = directives.iter().filter_map(|directive| directive.strip_prefix("script-src "));
    assert!(scripts.all(|from| from == "'self'"), "{path}: {policy}");
    let style = directives.iter().find_map(|directive| directive.strip_prefix("style-src "));
    style.unwrap_or_else(|| unreachable!("{path}: {policy}")).to_owned()
}

/// As the policy writes it: base64 with padding (RFC 4648, section 4).
pub(crate) fn base64_sha256(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(text.as_bytes());
    let bits: Vec<bool> = digest.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
    let value = |six: &[bool]| (0..6).fold(0, |value, i| value << 1 | usize::from(six.get(i).is_some_and(|bit| *bit)));
    let letters: String = bits.chunks(6).map(|six| char::from(LETTERS[value(six)])).collect();
    // 256 bits are 43 letters: one short of a multiple of four.
    format!("{letters}=")
}

#[test]
fn the_hash_of_nothing_is_known() {
    assert_eq!(base64_sha256(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}
