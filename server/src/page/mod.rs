//! Markup: lays out what the views have decided. A partial is a function that gives markup.

pub(crate) mod about;
mod alerts;
pub(crate) mod choose;
pub(crate) mod data;
pub(crate) mod discharge;
pub(crate) mod error;
pub(crate) mod feeds;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod notes;
pub(crate) mod station;

use hydro::Rank;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::Site;
use crate::chart::glyph::{glyph, sprite};
use crate::format::Reader;
use crate::lang::languages;
use crate::script::SCRIPT;
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
    /// A picture standing alone.
    Picture,
    /// The operators' form.
    Notes,
}

impl Style {
    pub(crate) const ALL: [Self; 8] = [
        Self::None,
        Self::Plain,
        Self::List,
        Self::Station,
        Self::ListAlerts,
        Self::StationAlerts,
        Self::Picture,
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
        !matches!(self, Self::None | Self::Plain | Self::Picture | Self::Notes)
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
            Self::None => "",
            Self::Plain | Self::Notes => concat!(
                include_str!("../../../assets/chart.css"),
                include_str!("../../../assets/glyph.css"),
                include_str!("../../../assets/page.css"),
                include_str!("../../../assets/plain.css")
            ),
            Self::List => concat!(
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
            Self::Picture => crate::chart::style::CSS,
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
}

/// A whole document.
pub(crate) fn document(frame: &Frame<'_>, main: &Markup) -> String {
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
                meta name="description" content=(frame.description);
                @if site.demonstration { meta name="robots" content="noindex"; }
                link rel="icon" href="data:,";
                style { (PreEscaped(frame.style.css())) }
                @if !frame.style.script().is_empty() { script { (PreEscaped(frame.style.script())) } }
                @if site.live && frame.style.ages() { script src=(SCRIPT.path) defer {} }
            }
            body class=[matches!(frame.style, Style::Station | Style::StationAlerts).then_some("wide")] {
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

fn footer(frame: &Frame<'_>) -> Markup {
    let (reader, texts) = (frame.reader, &frame.reader.texts.page);
    let code = reader.texts.code.as_str();
    let when = reader.dated(reader.now);
    html! {
        footer {
            p { (texts.not_official) " " (texts.provisional) }
            nav aria-label=(texts.this_site) {
                a href={"/" (code) "/"} { (texts.all_stations) }
                a href={"/" (code) "/about"} { (texts.about) }
                a href={"/" (code) "/status"} { (texts.feeds) }
            }
            p { (crate::lang::fill(&texts.updated, &[("when", &when)])) }
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
