//! What is made for other sites' pages: the only pages that may be framed, the script that sizes a frame, and the names of
//! rivers in addresses. What is in them is decided in the view and laid out in the page of the same name.

use axum::extract::Query;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, HeaderValue, Uri};
use hydro::LocalText;

use crate::Site;
use crate::answer::Rendered;
use crate::format::Reader;
use crate::lang::{Language, language};
use crate::page::error::PageError;
use crate::page::{self, Style};
use crate::render::{failure, html};
use crate::snapshot::Snapshot;
use crate::view;

/// What the addresses of pages for frames begin with.
pub(crate) const PATH: &str = "/embed/";
/// The script that sizes a frame. The address is for ever; what frame and page tell each other carries a version.
pub(crate) const SCRIPT: &str = "/embed.js";

/// What the address of a page for a frame asks for; anything else in it is passed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// `theme=light` or `theme=dark`; otherwise as the reader's own system is set.
    pub(crate) theme: Option<Theme>,
    /// `compact`: the least that says how it stands.
    pub(crate) compact: bool,
    /// `fit`: the page tells how high it is, for [`SCRIPT`].
    pub(crate) fit: bool,
}

/// Light or dark, whatever the reader's system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    Light,
    Dark,
}

impl Theme {
    /// Its word in the address, and its class in the style.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What is embedded, by its address after the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject<'a> {
    /// A station, by its place in the order of configuration.
    Station(usize),
    /// The stations of a river.
    River(&'a LocalText),
}

/// A page for a frame.
pub(crate) fn answer(snapshot: &Snapshot, uri: &Uri) -> Rendered {
    let site = &*snapshot.site;
    let path = uri.path().strip_prefix(PATH).unwrap_or_default();
    let Some((texts, rest)) = split(path) else { return failure(site, None, &PageError::NotFound) };
    let reader = Reader { texts, zone: &site.zone, now: snapshot.now };
    let wish = wish(uri);
    match subject(site, rest) {
        Ok(Subject::Station(index)) => {
            let reader = Reader { zone: &site.stations[index].zone, ..reader };
            let view = view::embed::station(&reader, snapshot, index);
            html(Style::Embed, page::embed::station(&reader, site, &view, wish))
        }
        Ok(Subject::River(river)) => {
            let view = view::embed::river(&reader, snapshot, river);
            html(Style::EmbedRiver, page::embed::river(&reader, site, &view, wish))
        }
        Err(error) => failure(site, Some(texts), &error),
    }
}

/// The page with what to put into another site's page for the station at `index`.
pub(crate) fn snippets(reader: &Reader<'_>, snapshot: &Snapshot, index: usize) -> String {
    let site = &*snapshot.site;
    let station = &site.stations[index];
    let river = rivers(site).into_iter().find(|(_, name)| **name == station.river);
    let along = site.stations.iter().filter(|other| other.river == station.river).count();
    page::embed::snippets::page(reader, site, station, river.map(|(slug, name)| (slug, name, along)).as_ref())
}

/// The script, the same for the frame and for the page around it.
pub(crate) fn script() -> Rendered {
    let body = include_str!("../../assets/embed.js").as_bytes().to_vec();
    // Its style says that it is used on other sites, and so is asked after often: its address never changes.
    Rendered { status: 200, content_type: "text/javascript; charset=utf-8", body, style: Style::Embed }
}

/// Lets the sites that are configured, and this one, frame a page.
pub(crate) fn allow_framing(headers: &mut HeaderMap, site: &Site) {
    let Some(policy) = headers.get(CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok()) else { return };
    let hosts: String = site.frame_hosts.iter().map(|host| format!(" {host}")).collect();
    let policy = policy.replace("frame-ancestors 'none'", &format!("frame-ancestors 'self'{hosts}"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    }
}

/// The language and what follows it.
pub(crate) fn split(path: &str) -> Option<(Language, &str)> {
    let (code, rest) = path.split_once('/')?;
    Some((language(code)?, rest))
}

/// What `station/…` or `river/…` names.
pub(crate) fn subject<'a>(site: &'a Site, rest: &str) -> Result<Subject<'a>, PageError> {
    if let Some(id) = rest.strip_prefix("station/") {
        let known = site.stations.iter().position(|station| station.id.as_str() == id).map(Subject::Station);
        return known.ok_or_else(|| PageError::NoStation(id.chars().take(60).collect()));
    }
    let slug = rest.strip_prefix("river/").ok_or(PageError::NotFound)?;
    let river = rivers(site).into_iter().find(|(known, _)| known == slug);
    river.map(|(_, name)| Subject::River(name)).ok_or(PageError::NotFound)
}

/// The rivers in the order of configuration, each with its name in addresses: its English name in lower-case ASCII with
/// hyphens, without accents. Where that is taken by another river before it, a number follows.
pub(crate) fn rivers(site: &Site) -> Vec<(String, &LocalText)> {
    addressed(site.stations.iter().map(|station| &station.river))
}

fn addressed<'a>(names: impl Iterator<Item = &'a LocalText>) -> Vec<(String, &'a LocalText)> {
    let mut rivers: Vec<(String, &LocalText)> = Vec::new();
    for river in names {
        if rivers.iter().any(|(_, known)| *known == river) {
            continue;
        }
        let plain = slug(river.in_language("en"));
        let numbered = (2..).map(|n| format!("{plain}-{n}"));
        let taken = |slug: &String| rivers.iter().any(|(known, _)| known == slug);
        let slug = std::iter::once(plain.clone()).chain(numbered).find(|slug| !taken(slug));
        rivers.extend(slug.map(|slug| (slug, river)));
    }
    rivers
}

fn slug(name: &str) -> String {
    let ascii = view::list::plain(name).replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    let slug = ascii.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    if slug.is_empty() { "river".to_owned() } else { slug }
}

fn wish(uri: &Uri) -> Wish {
    let asked = Query::<Vec<(String, String)>>::try_from_uri(uri).map(|Query(asked)| asked).unwrap_or_default();
    let has = |name: &str| asked.iter().any(|(key, _)| key == name);
    let theme = asked.iter().find(|(key, _)| key == "theme").map(|(_, value)| value.as_str());
    Wish {
        theme: [Theme::Light, Theme::Dark].into_iter().find(|known| theme == Some(known.name())),
        compact: has("compact"),
        fit: has("fit"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_river_is_named_in_plain_letters() {
        let names = ["Saint John River", "Rivière  Kedgwick", "St. Croix", "Æ", "Ōhau", ""];
        assert_eq!(names.map(slug), ["saint-john-river", "riviere-kedgwick", "st-croix", "river", "hau", "river"]);
    }

    #[test]
    fn no_two_rivers_share_an_address() {
        let names = ["Green River", "Salmon River", "Green River", "GREEN, River", "green river"].map(LocalText::same);
        let rivers = addressed(names.iter());
        let slugs: Vec<&str> = rivers.iter().map(|(slug, _)| slug.as_str()).collect();
        assert_eq!(slugs, ["green-river", "salmon-river", "green-river-2", "green-river-3"]);
    }

    #[test]
    fn what_an_address_asks() {
        let of = |query: &str| wish(&format!("/embed/en/station/x{query}").parse().unwrap());
        assert_eq!(of(""), Wish::default());
        assert_eq!(of("?theme=dark&compact"), Wish { theme: Some(Theme::Dark), compact: true, fit: false });
        assert_eq!(of("?theme=pink&fit=1"), Wish { theme: None, compact: false, fit: true });
    }
}
