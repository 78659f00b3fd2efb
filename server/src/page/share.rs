//! A station to pass on: as a message, a picture or a code, and as one sheet of paper to pin up.

use maud::{Markup, html};

use super::{Frame, Style, class, document, tag};
use crate::Site;
use crate::format::Reader;
use crate::lang::fill;
use crate::share::{code, encoded};
use crate::text::message;
use crate::view::station::StationView;

/// The page. Without the site's own address there is neither a code nor a link in the message: nobody knows where it leads.
pub(crate) fn page(reader: &Reader<'_>, site: &Site, view: &StationView) -> String {
    let texts = &reader.texts.share;
    let language = reader.texts.code.as_str();
    let path = format!("station/{}/share", view.id);
    let address = site.address.as_ref().map(|address| format!("{address}/{language}/station/{}", view.id));
    let as_of = fill(&texts.as_of, &[("when", &reader.dated(reader.now))]);
    let title = fill(&texts.title, &[("name", &view.name)]);
    let main = html! {
        a.b href={"/" (language) "/station/" (view.id)} { "\u{2039} " (view.name) }
        h1 { (view.name) }
        p.m { (view.place) }
        div class={"c " (class(view.tag.rank))} data-until=[view.until] {
            div { (tag(&view.tag)) }
            p { (view.sentence) }
            p.m { (as_of) }
        }
        (sheet(reader, view, address.as_deref(), texts))
        (programs(view, &as_of, address.as_deref(), texts))
        p.o { a href={"/" (language) "/station/" (view.id) ".png"} { (texts.picture) } " " a href={"/" (language) "/station/" (view.id) "/embed"} { (reader.texts.embed.link) } }
        p.m.o { (texts.kept) }
        (super::station::help(reader, site))
    };
    document(
        &Frame {
            reader,
            site,
            title: &title,
            description: &view.sentence,
            path: &path,
            style: Style::Share,
            glyphs: &[view.tag.rank],
            picture: Some(&picture(reader, view)),
        },
        &main,
    )
}

/// The address of the picture. Previews are kept by address for weeks: another measurement is another address.
pub(super) fn picture(reader: &Reader<'_>, view: &StationView) -> String {
    let version = view.measured.as_ref().map(|(valid, ..)| format!("?v={}", valid.as_second())).unwrap_or_default();
    format!("/{}/station/{}.png{version}", reader.texts.code, view.id)
}

/// What the sheet shows beside the words: chart, what is forecast, scale, and the code that leads to the page.
fn sheet(reader: &Reader<'_>, view: &StationView, address: Option<&str>, texts: &crate::lang::ShareTexts) -> Markup {
    html! {
        @if view.chart.is_some() { (super::station::chart(reader, view)) }
        div.q {
            @if !view.outlook.is_empty() { dl { @for (name, said) in &view.outlook { dt { (name) } dd { (said) } } } }
            @if let Some((size, path)) = address.and_then(code) {
                figure {
                    svg width="164" height="164" viewBox={"0 0 " (size) " " (size)} role="img" aria-labelledby="q-t q-d" {
                        title #q-t { (texts.code) }
                        desc #q-d { (address.unwrap_or_default()) }
                        path fill="#fff" d={"M0 0h" (size) "v" (size) "h-" (size) "z"} {}
                        path fill="#000" d=(path) {}
                    }
                    figcaption { (address.unwrap_or_default()) }
                }
            }
        }
    }
}

/// The message, to be copied or handed to the phone's own programs.
fn programs(view: &StationView, as_of: &str, address: Option<&str>, texts: &crate::lang::ShareTexts) -> Markup {
    let words = [&view.sentence, " ", as_of, ". ", address.unwrap_or_default()].concat();
    let (body, subject) = (encoded(words.trim_end()), encoded(&view.name));
    let short = encoded(message(&words).trim_end());
    html! {
        p.o {
            // Telephones disagree on `?` and `&` before the words (RFC 5724 leaves them out); all take both.
            a href={"sms:?&body=" (short)} { (texts.sms) } " "
            a href={"mailto:?subject=" (subject) "&body=" (body)} { (texts.email) }
        }
    }
}
