//! The last issues of a station's forecast: what each said, and what it changed.

use maud::{PreEscaped, html};

use super::{Frame, Style, document};
use crate::Site;
use crate::chart::glyph::key;
use crate::format::Reader;
use crate::view::forecasts::ForecastsView;

/// The page of the last issues.
pub(crate) fn page(reader: &Reader<'_>, site: &Site, view: &ForecastsView) -> String {
    let texts = &reader.texts.forecasts;
    let path = format!("station/{}/forecasts", view.id);
    let main = html! {
        a.b href={"/" (reader.texts.code) "/station/" (view.id)} { "\u{2039} " (view.name) }
        h1 { (view.title) }
        p { (texts.intro) }
        @if let Some(chart) = &view.chart {
            figure {
                (PreEscaped(chart))
                figcaption { @for (sample, word) in &view.legend { span { (PreEscaped(key(*sample))) " " (word) } } }
            }
        }
        @if view.less_certain { p.m { (reader.texts.station.less_certain) } }
        @if view.issues.is_empty() { p { (texts.none) } }
        @for issue in &view.issues {
            h2 { (issue.name) }
            @if !issue.said.is_empty() { dl { @for (name, said) in &issue.said { dt { (name) } dd { (said) } } } }
            @if let Some(change) = &issue.change { p { (change) } }
        }
        p.m { (texts.window_note) }
    };
    document(
        &Frame {
            reader,
            site,
            title: &view.title,
            description: &texts.intro,
            path: &path,
            style: Style::Station,
            glyphs: &[],
            picture: None,
        },
        &main,
    )
}
