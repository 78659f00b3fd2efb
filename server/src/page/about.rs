//! What this is, what its words mean, where its data come from, and what it cannot tell.

use maud::{Markup, html};

use super::{Frame, Style, document};
use crate::Site;
use crate::format::Reader;

/// The about page.
pub(crate) fn page(reader: &Reader<'_>, site: &Site) -> String {
    let texts = &reader.texts.about;
    let code = reader.texts.code.as_str();
    let main = html! {
        h1 { (texts.title) }
        h2 { (texts.what_title) }
        p { (texts.what) }
        h2 { (texts.status_title) }
        p { (texts.status_text) }
        p { (texts.unknown_text) }
        p { (texts.freshness_text) }
        h2 { (texts.forecast_title) }
        p { (texts.forecast_text) }
        h2 { (texts.limits_title) }
        p { (texts.limits) }
        (super::station::help(reader, site))
        h2 { (texts.sources_title) }
        (sources(reader, site))
        h2 { (texts.data_title) }
        p { (texts.data) }
        p.o { @for ending in ["json", "csv", "geojson"] { a href={"/" (code) "/stations." (ending)} { "stations." (ending) } " " } a href={"/" (code) "/data"} { (reader.texts.data.link) } }
        h2 { (texts.accessibility_title) }
        p { (texts.accessibility) }
        p { a href={"/" (code) "/accessibility"} { (reader.texts.accessibility.title) } }
        h2 { (texts.privacy_title) }
        p { (texts.privacy) }
        @if let Some(operator) = &site.operator {
            h2 { (texts.operator_title) }
            p { (operator.in_language(code)) }
        }
    };
    document(
        &Frame {
            reader,
            site,
            title: &texts.title,
            description: &texts.what,
            path: "about",
            style: Style::Plain,
            glyphs: &[],
            picture: None,
        },
        &main,
    )
}

fn sources(reader: &Reader<'_>, site: &Site) -> Markup {
    let code = reader.texts.code.as_str();
    html! {
        ul {
            @for feed in &site.feeds {
                li {
                    b { (feed.title.in_language(code)) } ". " (feed.attribution.in_language(code))
                    @if let Some(licence) = &feed.licence { " (" a href=(licence.in_language(code)) { (reader.texts.station.licence) } ")" }
                }
            }
            @if let Some(ground) = &site.ground { li { (super::map::credit(reader, ground)) } }
        }
    }
}
