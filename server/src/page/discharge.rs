//! The page of the discharge of a station that speaks of its level first: the same parts, without a status, since the
//! station's thresholds are heights.

use maud::html;

use super::station::{chart, facts, figure, help, measured, outlook, table};
use super::{Frame, Style, document};
use crate::Site;
use crate::format::Reader;
use crate::view::station::StationView;

/// The page of a station's discharge.
pub(crate) fn page(reader: &Reader<'_>, site: &Site, view: &StationView) -> String {
    let code = reader.texts.code.as_str();
    let path = format!("station/{}/discharge", view.id);
    let main = html! {
        a.b href={"/" (code) "/station/" (view.id)} { "\u{2039} " (view.name) }
        h1 { (view.title) }
        p.m { (view.place) }
        div.two {
            div."c cu" data-until=[view.until] {
                div.t { (measured(view)) }
                (figure(view))
                p { (view.detail.join(" ")) }
            }
            (chart(reader, view))
        }
        (outlook(reader, view))
        (table(reader, view, &path))
        (facts(reader, view))
        (help(reader, site))
    };
    let (title, description) = (view.title.as_str(), view.sentence.as_str());
    document(
        &Frame { reader, site, title, description, path: &path, style: Style::Station, glyphs: &[], picture: None },
        &main,
    )
}
