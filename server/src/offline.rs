//! What makes the site one that can be installed and read without a connection: the worker that keeps pages, the manifest,
//! the icons.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json, json};

use crate::Site;
use crate::lang::{Language, languages};
use crate::script::bare;

/// Where the worker is: its pages are those below.
pub(crate) const WORKER: &str = "/sw.js";
/// The name of a language's manifest in its folder.
pub(crate) const MANIFEST: &str = "manifest.webmanifest";
/// A page's paper and the water, as in `assets/chart.css`.
const COLOURS: [&str; 2] = ["#ffffff", "#0b6aa2"];

static KEEPING: LazyLock<String> = LazyLock::new(|| {
    let words: Map<String, Json> = languages()
        .map(|texts| {
            let offline = &texts.offline;
            let words = json!({
                "locale": texts.locale,
                "saved": offline.saved,
                "not_kept": offline.not_kept,
                "kept_pages": offline.kept_pages,
                "none_kept": offline.none_kept,
            });
            (texts.code.clone(), words)
        })
        .collect();
    format!("const TEXTS={};\n{}", Json::Object(words), bare(include_str!("../../assets/sw.js")))
});

/// The worker: the one that keeps pages, or where the site does not want that, the one that deletes what was kept and
/// goes. A demonstration is not kept: its time is not the reader's.
pub(crate) fn worker(site: &Site) -> &'static str {
    if keeps(site) { &KEEPING } else { include_str!("../../assets/sw-off.js") }
}

/// Whether pages of this site are kept on their readers' phones.
pub(crate) const fn keeps(site: &Site) -> bool {
    site.live && site.offline
}

/// The manifest of the site in a language (W3C, Web Application Manifest).
pub(crate) fn manifest(site: &Site, texts: Language) -> Json {
    let (code, title) = (texts.code.as_str(), site.title.in_language(&texts.code));
    let icon = |name: &str, sizes: &str, kind: &str| json!({ "src": format!("/assets/{name}"), "sizes": sizes, "type": kind, "purpose": "any maskable" });
    let [paper, water] = COLOURS;
    json!({
        "id": format!("/{code}/"),
        "name": title,
        "short_name": title,
        "description": texts.site_description,
        "lang": texts.locale,
        "start_url": format!("/{code}/"),
        "scope": "/",
        // With a way to read the page anew, where the system has one.
        "display": "standalone",
        "display_override": ["minimal-ui"],
        "background_color": paper,
        "theme_color": water,
        "icons": [
            icon("icon-192.png", "192x192", "image/png"),
            icon("icon-512.png", "512x512", "image/png"),
            icon("icon.svg", "any", "image/svg+xml"),
        ],
    })
}

/// An icon by the name in its address, and its media type.
pub(crate) fn icon(path: &str) -> Option<(&'static [u8], &'static str)> {
    match path {
        "/assets/icon.svg" => Some((include_bytes!("../../assets/icons/icon.svg"), "image/svg+xml")),
        "/assets/icon-192.png" => Some((include_bytes!("../../assets/icons/icon-192.png"), "image/png")),
        "/assets/icon-512.png" => Some((include_bytes!("../../assets/icons/icon-512.png"), "image/png")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icons_of_the_manifest_are_there_and_as_large_as_it_says() {
        let site = crate::sentence::tests::site();
        for texts in languages() {
            let manifest = manifest(&site, texts);
            for icon in manifest["icons"].as_array().unwrap() {
                let (bytes, kind) = super::icon(icon["src"].as_str().unwrap()).unwrap();
                assert_eq!(icon["type"], kind);
                if kind == "image/png" {
                    // PNG, section 11.2.2: width and height stand at byte 16 of the file.
                    let [width, height] = [16, 20].map(|at| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()));
                    assert_eq!(icon["sizes"], format!("{width}x{height}"));
                }
            }
        }
    }
}
