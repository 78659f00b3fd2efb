//! What a page costs: its size, what it loads, what it may load.

use sha2::{Digest, Sha256};

use crate::demo::{demonstration, pages};
use crate::support::http::{Reply, ask};
use crate::support::program::Running;
use crate::support::{LANGUAGES, html};

/// Ways to compress that every browser has one of.
const CODINGS: [&str; 2] = ["br", "gzip"];

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
            let (path, most) = (format!("/{language}/{page}"), if page.is_empty() { 8000 } else { 6000 });
            for coding in CODINGS {
                let size = compressed(&demo, &path, coding).body.len();
                if size > most {
                    heavy.push(format!("{path} {coding}: {size} bytes, at most {most}"));
                }
            }
        }
    }
    assert!(heavy.is_empty(), "{heavy:#?}");
}

#[test]
fn compressed_and_plain_are_the_same() {
    let (demo, _folder) = demonstration();
    for path in ["/en/station/fredericton.csv", "/fr/about", "/fr/station/saint-leonard"] {
        let plain = demo.page(path);
        let unpacked = CODINGS.map(|coding| compressed(&demo, path, coding).text());
        // A minute may have ended in between.
        assert!(unpacked.contains(&plain) || demo.page(path) == unpacked[1], "{path}");
    }
    assert_eq!(demo.get("/en/").header("content-encoding"), None);
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
        for loaded in ["<script", " src=", "url(", "@import", "stylesheet", "<iframe", "<object", " style="] {
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
        assert_eq!(
            allowed_style(&reply, &path),
            format!("'sha256-{}'", base64_sha256(&page.only("style").text)),
            "{path}"
        );
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
    assert!(
        !policy.contains("unsafe") && !policy.contains("http") && !policy.contains("script-src"),
        "{path}: {policy}"
    );
    let style = directives.iter().find_map(|directive| directive.strip_prefix("style-src "));
    style.unwrap_or_else(|| unreachable!("{path}: {policy}")).to_owned()
}

/// As the policy writes it: base64 with padding (RFC 4648, section 4).
fn base64_sha256(text: &str) -> String {
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
