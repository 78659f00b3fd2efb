//! The log of a station's times above its thresholds, as a table.

use hydro::Rank;
use maud::html;

use super::{Frame, Style, document, glyph_of};
use crate::Site;
use crate::format::Reader;
use crate::view::log::LogView;

/// The page of the log.
pub(crate) fn page(reader: &Reader<'_>, site: &Site, view: &LogView) -> String {
    let texts = &reader.texts.log;
    let path = format!("station/{}/log", view.id);
    let main = html! {
        a.b href={"/" (reader.texts.code) "/station/" (view.id)} { "\u{2039} " (view.name) }
        h1 { (view.title) }
        p { (view.intro) }
        @if view.rows.is_empty() {
            p { (view.none) }
        } @else {
            ul.a {
                @for row in &view.rows {
                    li {
                        b { (glyph_of(Some(row.rank))) " " (row.word) }
                        span { (texts.began) " " (row.began) }
                        span { (texts.ended) " " (row.ended) }
                        span { (texts.peak) " " (row.peak) }
                        @for note in &row.notes { span.q { (note) } }
                    }
                }
            }
        }
        @if !view.notes.is_empty() {
            h2 { (reader.texts.notes.others) }
            @for note in &view.notes { p { (note) } }
        }
    };
    let glyphs = Rank::ALL.map(Some);
    document(
        &Frame {
            reader,
            site,
            title: &view.title,
            description: &view.intro,
            path: &path,
            style: Style::Plain,
            glyphs: &glyphs,
            picture: None,
        },
        &main,
    )
}
