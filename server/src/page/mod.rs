//! Markup: lays out what the views have decided. A partial is a function that gives markup.

pub(crate) mod about;
pub(crate) mod accessibility;
mod alerts;
pub(crate) mod board;
pub(crate) mod choose;
pub(crate) mod compare;
pub(crate) mod data;
pub(crate) mod discharge;
pub(crate) mod embed;
pub(crate) mod error;
pub(crate) mod feeds;
pub(crate) mod forecasts;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod map;
pub(crate) mod mark;
pub(crate) mod notes;
pub(crate) mod report;
pub(crate) mod share;
pub(crate) mod station;

use hydro::Rank;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::Site;
use crate::chart::glyph::{glyph, sprite};
use crate::format::Reader;
use crate::lang::languages;
use crate::offline::{self, MANIFEST};
use crate::script::{BOARD, SCRIPT, STATION, Script};
use crate::view::Tag;

/// The styles, inline so that a page is one request; each page carries only what it uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Not a document with a style.
    None,
    /// Text.
    Plain,
    /// The list.
    List,
    /// A station.
    Station,
    /// The list, where there is an official alert.
    ListAlerts,
    /// A station that an official alert covers.
    StationAlerts,
    /// A station to pass on or to print.
    Share,
    /// A map, or a river as a strip.
    Map,
    /// A picture standing alone.
    Picture,
    /// A station in another site's frame, and the script that tells how high it is.
    Embed,
    /// The stations of a river in another site's frame.
    EmbedRiver,
    /// What to put into another site's page, with frames of this one to see it.
    Snippets,
    /// A page with a form.
    Form,
    /// The worker that keeps pages: it has no style, and asks the site for them.
    Worker,
    /// The board, which follows the present.
    Board,
    /// What coordinators print or look at as it stands: the report, a comparison, a board of a past instant.
    Sheet,
    /// The operators' form.
    Notes,
}

impl Style {
    /// In the order of declaration.
    pub(crate) const ALL: [Self; 17] = [
        Self::None,
        Self::Plain,
        Self::List,
        Self::Station,
        Self::ListAlerts,
        Self::StationAlerts,
        Self::Share,
        Self::Map,
        Self::Picture,
        Self::Embed,
        Self::EmbedRiver,
        Self::Snippets,
        Self::Form,
        Self::Worker,
        Self::Board,
        Self::Sheet,
        Self::Notes,
    ];

    /// The list's, with what official alerts need where there are any.
    pub(crate) const fn list(alerts: bool) -> Self {
        if alerts { Self::ListAlerts } else { Self::List }
    }

    /// A station's, with what official alerts need where there are any.
    pub(crate) const fn station(alerts: bool) -> Self {
        if alerts { Self::StationAlerts } else { Self::Station }
    }

    /// Pages of this style speak of the present, and may carry the script that ages them.
    pub(crate) const fn ages(self) -> bool {
        matches!(
            self,
            Self::List | Self::Station | Self::ListAlerts | Self::StationAlerts | Self::Share | Self::Map | Self::Form
        )
    }

    /// Pages of this style are made for other sites' frames.
    pub(crate) const fn embeds(self) -> bool {
        matches!(self, Self::Embed | Self::EmbedRiver)
    }

    /// What is of this style stands on other sites' pages.
    pub(crate) const fn leaves(self) -> bool {
        self.embeds() || matches!(self, Self::Picture)
    }

    /// A list may ask where its reader is.
    pub(crate) const fn lists(self) -> bool {
        matches!(self, Self::List | Self::ListAlerts)
    }

    /// Pages of this style ask the site for what is new.
    pub(crate) const fn follows(self) -> bool {
        matches!(self, Self::Board)
    }

    /// The script that stands in pages of this style; most have none.
    pub(crate) const fn script(self) -> &'static str {
        match self {
            Self::Notes => include_str!("../../../assets/notes.js"),
            _ => "",
        }
    }

    /// The style sheet itself.
    pub(crate) const fn css(self) -> &'static str {
        match self {
            Self::None | Self::Worker => "",
            Self::Plain | Self::Notes => concat!(
                include_str!("../../../assets/chart.css"),
                include_str!("../../../assets/glyph.css"),
                include_str!("../../../assets/page.css"),
                include_str!("../../../assets/plain.css")
            ),
            Self::List | Self::Form => concat!(
                include_str!("../../../assets/chart.css"),
                include_str!("../../../assets/glyph.css"),
                include_str!("../../../assets/page.css"),
                include_str!("../../../assets/list.css")
            ),
            Self::Station => concat!(
                include_str!("../../../assets/chart.css"),
                include_str!("../../../assets/glyph.css"),
                include_str!("../../../assets/page.css"),
                include_str!("../../../assets/station.css")
            ),
            Self::ListAlerts => concat!(
                include_str!("../../../assets/chart.css"),
                include_str!("../../../assets/glyph.css"),
                include_str!("../../../assets/page.css"),
                include_str!("../../../assets/list.css"),
                include_str!("../../../assets/alert.css")
            ),
            Self::StationAlerts => concat!(
                include_str!("../../../assets/chart.css"),
                include_str!("../../../assets/glyph.css"),
                include_str!("../../../assets/page.css"),
                include_str!("../../../assets/station.css"),
                include_str!("../../../assets/alert.css")
            ),
            Self::Share => concat!(
                include_str!("../../../assets/chart.css"),
                include_str!("../../../assets/glyph.css"),
                include_str!("../../../assets/page.css"),
                include_str!("../../../assets/share.css")
            ),
            Self::Map => concat!(
                include_str!("../../../assets/chart.css"),
                include_str!("../../../assets/glyph.css"),
                include_str!("../../../assets/page.css"),
                include_str!("../../../assets/map.css")
            ),
            Self::Board => concat!(
                include_str!("../../../assets/chart.css"),
                include_str!("../../../assets/glyph.css"),
                include_str!("../../../assets/page.css"),
                include_str!("../../../assets/board.css")
            ),
            Self::Sheet => concat!(
                include_str!("../../../assets/chart.css"),
                include_str!("../../../assets/glyph.css"),
                include_str!("../../../assets/page.css"),
                include_str!("../../../assets/board.css"),
                include_str!("../../../assets/alert.css"),
                include_str!("../../../assets/report.css")
            ),
            Self::Picture => crate::chart::style::CSS,
            Self::Embed => concat!(
                include_str!("../../../assets/chart.css"),
                include_str!("../../../assets/glyph.css"),
                include_str!("../../../assets/page.css"),
                include_str!("../../../assets/station.css"),
                include_str!("../../../assets/embed.css")
            ),
            Self::EmbedRiver => concat!(
                include_str!("../../../assets/chart.css"),
                include_str!("../../../assets/glyph.css"),
                include_str!("../../../assets/page.css"),
                include_str!("../../../assets/list.css"),
                include_str!("../../../assets/embed.css")
            ),
            Self::Snippets => concat!(
                include_str!("../../../assets/chart.css"),
                include_str!("../../../assets/glyph.css"),
                include_str!("../../../assets/page.css"),
                include_str!("../../../assets/embed-snippets.css")
            ),
        }
    }
}

/// What stands around a page's content.
pub(crate) struct Frame<'a> {
    pub(crate) reader: &'a Reader<'a>,
    pub(crate) site: &'a Site,
    /// The document's title; the site's name is added where it is another.
    pub(crate) title: &'a str,
    /// For search results and previews.
    pub(crate) description: &'a str,
    /// The address after the language, such as `station/fredericton`; the same page in another language has the same.
    pub(crate) path: &'a str,
    pub(crate) style: Style,
    /// The glyphs that the content uses.
    pub(crate) glyphs: &'a [Option<Rank>],
    /// Where the page's picture for shared links is, after the site's address.
    pub(crate) picture: Option<&'a str>,
}

/// A whole document.
pub(crate) fn document(frame: &Frame<'_>, main: &Markup) -> String {
    linked(frame, &html! {}, main)
}

/// A whole document with links of its own in its head.
pub(crate) fn linked(frame: &Frame<'_>, links: &Markup, main: &Markup) -> String {
    let Frame { reader, site, path, .. } = frame;
    let (texts, code) = (reader.texts, reader.texts.code.as_str());
    let title = site.title.in_language(code);
    let full = if frame.title == title { title.to_owned() } else { format!("{} \u{b7} {title}", frame.title) };
    html! {
        (DOCTYPE)
        html lang=(texts.locale) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                title { (full) }
                (description(frame, &full))
                @if site.demonstration { meta name="robots" content="noindex"; }
                link rel="icon" href="data:,";
                (links)
                style { (PreEscaped(frame.style.css())) }
                @if offline::keeps(site) && frame.style.ages() { link rel="manifest" href={"/" (code) "/" (MANIFEST)}; }
                @if !frame.style.script().is_empty() { script { (PreEscaped(frame.style.script())) } }
                @if site.live && frame.style.ages() { script src=(script(frame.style).path) defer {} }
                @if frame.style.follows() { script src=(BOARD.path) defer {} }
            }
            body class=[matches!(frame.style, Style::Station | Style::StationAlerts | Style::Board | Style::Sheet).then_some("wide")] {
                a.k href="#m" { (texts.page.skip) }
                header {
                    a.n href={"/" (code) "/"} { (title) }
                    nav aria-label=(texts.page.language) {
                        @for other in languages().filter(|other| other.code != *code) {
                            a href={"/" (other.code) "/" (path)} lang=(other.locale) hreflang=(other.locale) { (other.name) }
                        }
                    }
                }
                @if site.demonstration {
                    aside.demo { b { (texts.page.demonstration) } " " (texts.page.demonstration_more) }
                }
                main #m { (main) }
                (PreEscaped(sprite(frame.glyphs)))
                (footer(frame))
            }
        }
    }
    .into_string()
}

/// The script of pages of a style that speak of the present.
fn script(style: Style) -> &'static Script {
    match style {
        Style::Station | Style::StationAlerts => &STATION,
        _ => &SCRIPT,
    }
}

/// What search engines and previews of shared links say of the page. One element is the description for both, as bytes
/// are dear.
fn description(frame: &Frame<'_>, title: &str) -> Markup {
    let Frame { site, path, .. } = frame;
    let texts = frame.reader.texts;
    let Some(picture) = frame.picture else { return html! { meta name="description" content=(frame.description); } };
    html! {
        meta name="description" property="og:description" content=(frame.description);
        meta property="og:title" content=(title);
        meta property="og:locale" content=(texts.locale.replace('-', "_"));
        @if let Some(address) = &site.address {
            meta property="og:url" content={(address) "/" (texts.code) "/" (path)};
            meta property="og:image" content={(address) (picture)};
            meta name="twitter:card" content="summary_large_image";
        }
    }
}

fn footer(frame: &Frame<'_>) -> Markup {
    let (reader, texts) = (frame.reader, &frame.reader.texts.page);
    let code = reader.texts.code.as_str();
    let when = reader.dated(reader.now);
    // From then on the script has this stand first.
    let ends = (frame.site.live && frame.style.ages()).then(|| reader.end_of_day());
    html! {
        footer {
            p { (texts.not_official) " " (texts.provisional) }
            nav aria-label=(texts.this_site) {
                a href={"/" (code) "/"} { (texts.all_stations) }
                a href={"/" (code) "/about"} { (texts.about) }
                a href={"/" (code) "/status"} { (texts.feeds) }
            }
            // What follows the present says itself of when it is.
            @if !frame.style.follows() {
                p data-expires=[ends] { (crate::lang::fill(&texts.updated, &[("when", &when)])) }
            }
        }
    }
}

/// A status as glyph and word on its colour.
pub(crate) fn tag(tag: &Tag) -> Markup {
    html! { span class={"w " (class(tag.rank))} { (glyph_of(tag.rank)) (tag.word) } }
}

/// The glyph of a rank; none is *unknown*.
pub(crate) fn glyph_of(rank: Option<Rank>) -> Markup {
    PreEscaped(glyph(rank))
}

/// The class that gives a rank's colours to what is inside; `cu` is *unknown*.
pub(crate) fn class(rank: Option<Rank>) -> String {
    rank.map_or_else(|| "cu".to_owned(), |rank| format!("c{}", rank.get()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_fetched_from_a_style() {
        assert!(Style::ALL.iter().all(|style| !style.css().contains("url(") && !style.css().contains("@import")));
    }
}
