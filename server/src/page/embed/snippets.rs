//! What to put into another site's page for a station: pieces of HTML in each language, ready to copy, and frames that show
//! what they look like.

use hydro::{LocalText, Station};
use maud::{Markup, html};

use crate::Site;
use crate::embed::{PATH, SCRIPT};
use crate::format::Reader;
use crate::lang::{Language, fill, languages};
use crate::oembed;
use crate::page::{Frame, Style, linked};

/// What stands in a frame, and so how high it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A station with its chart.
    Station,
    /// A station in little room.
    StationCompact,
    /// So many stations.
    River(usize),
    /// So many stations in little room.
    RiverCompact(usize),
}

impl Form {
    /// The same in little room.
    pub(crate) const fn compact(self) -> Self {
        match self {
            Self::Station | Self::StationCompact => Self::StationCompact,
            Self::River(rows) | Self::RiverCompact(rows) => Self::RiverCompact(rows),
        }
    }

    /// How high a frame of a width is that most of what is in it fits into, both in CSS pixels: seen with the longest names and
    /// sentences of both languages.
    pub(crate) fn height(self, width: u32) -> u32 {
        let of_rows = |rows: usize, each: u32| u32::try_from(rows).unwrap_or(u32::MAX).saturating_mul(each);
        let height = |widths: [u32; 3]| match width {
            ..320 => widths[0],
            320..640 => widths[1],
            640.. => widths[2],
        };
        match self {
            Self::Station => height([880, 780, 560]),
            Self::StationCompact => height([370, 290, 240]),
            Self::River(rows) => of_rows(rows, height([110, 90, 66])).saturating_add(150),
            Self::RiverCompact(rows) => of_rows(rows, height([60, 56, 52])).saturating_add(130),
        }
    }

    const fn query(self) -> &'static str {
        match self {
            Self::Station | Self::River(_) => "",
            Self::StationCompact | Self::RiverCompact(_) => "?compact",
        }
    }
}

/// A frame for another site's page, of a size or as wide as its place.
pub(crate) fn frame(address: &str, form: Form, title: &str, size: Option<(u32, u32)>) -> Markup {
    let (width, height) = size.unwrap_or((360, form.height(360)));
    let style = if size.is_some() { "border:0;max-width:100%" } else { "border:0;width:100%" };
    html! {
        iframe src={(address) (form.query())} title=(title) width=(width) height=(height) style=(style) loading="lazy" {}
    }
}

/// The page. `river` is the station's river with its name in addresses and the number of its stations.
pub(crate) fn page(
    reader: &Reader<'_>,
    site: &Site,
    station: &Station,
    river: Option<&(String, &LocalText, usize)>,
) -> String {
    let (texts, code) = (&reader.texts.embed, reader.texts.code.as_str());
    let name = station.name.in_language(code);
    let path = format!("station/{}", station.id);
    let title = fill(&texts.title, &[("name", name)]);
    let main = html! {
        a.b href={"/" (code) "/" (path)} { "\u{2039} " (name) }
        h1 { (title) }
        p { (texts.intro) }
        @if site.address.is_none() { p.w { (texts.no_address) } }
        h2 { (texts.preview) }
        iframe.full src={(PATH) (code) "/" (path)} title=(texts.preview) loading="lazy" {}
        h2 { (texts.preview_small) }
        iframe.little src={(PATH) (code) "/" (path) "?compact"} title=(texts.preview_small) loading="lazy" {}
        (pieces(site, station, river, reader))
        h2 { (texts.options) }
        dl {
            dt { code { "?theme=light" } " " code { "?theme=dark" } } dd { (texts.theme) }
            dt { code { "?compact" } } dd { (texts.fit) }
            dt { code { "?width=480" } } dd { (texts.width) }
        }
        p { (texts.plain) }
        p { (texts.oembed) }
    };
    let links = html! {
        @if let Some(address) = &site.address {
            (oembed::discovery(address, &format!("{address}/{code}/{path}"), &title))
        }
    };
    let path = format!("{path}/embed");
    let frame = Frame {
        reader,
        site,
        title: &title,
        description: &texts.intro,
        path: &path,
        style: Style::Snippets,
        glyphs: &[],
        picture: None,
    };
    linked(&frame, &links, &main)
}

/// The pieces of HTML, each in every language.
fn pieces(site: &Site, station: &Station, river: Option<&(String, &LocalText, usize)>, reader: &Reader<'_>) -> Markup {
    let texts = &reader.texts.embed;
    let host = site.address.as_deref().unwrap_or_default();
    let path = format!("station/{}", station.id);
    let framed = |language: Language| format!("{host}{PATH}{}/{path}", language.code);
    let called = |language: Language, name: &LocalText| {
        fill(&language.embed.frame_title, &[("name", name.in_language(&language.code))])
    };
    let station_frame =
        |form: Form| move |language: Language| frame(&framed(language), form, &called(language, &station.name), None);
    html! {
        h2 { (texts.frame) }
        p { (texts.frame_text) }
        (each(&station_frame(Form::Station)))
        h2 { (texts.small) }
        (each(&station_frame(Form::StationCompact)))
        h2 { (texts.fitting) }
        p { (texts.fitting_text) }
        (each(&|language| html! {
            (frame(&format!("{}?fit", framed(language)), Form::Station, &called(language, &station.name), None)) "\n"
            script src={(host) (SCRIPT)} async {}
        }))
        @if let Some((slug, name, stations)) = river {
            h2 { (texts.river) }
            p { (fill(&texts.river_text, &[("name", name.in_language(&reader.texts.code))])) }
            (each(&|language| {
                let address = format!("{host}{PATH}{}/river/{slug}", language.code);
                frame(&address, Form::River(*stations), &called(language, name), None)
            }))
        }
        h2 { (texts.picture) }
        p { (texts.picture_text) }
        (each(&|language| {
            let own = station.name.in_language(&language.code);
            let title = fill(&language.embed.picture_title, &[("name", own)]);
            html! { img src={(host) "/" (language.code) "/" (path) ".svg?width=640"} alt=(title) width="640" height="340"; }
        }))
    }
}

/// A piece of HTML in every language, as text.
fn each(piece: &dyn Fn(Language) -> Markup) -> Markup {
    html! {
        @for language in languages() {
            p.m lang=(language.locale) { (language.name) }
            pre tabindex="0" { code { (piece(language).into_string()) } }
        }
    }
}
