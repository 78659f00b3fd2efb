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
            table {
                thead { tr { th { (texts.column_threshold) } th { (texts.column_began) } th { (texts.column_ended) } th { (texts.column_peak) } } }
                tbody {
                    @for row in &view.rows {
                        tr { td { (glyph_of(Some(row.rank))) " " (row.word) } td { (row.began) } td { (row.ended) } td { (row.peak) } }
                    }
                }
            }
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
            style: Style::Station,
            glyphs: &glyphs,
        },
        &main,
    )
}
