//! A station's page: where, how bad, how high and which way, the sentence, the picture; then the rest.

use hydro::{Kind, Parameter};
use maud::{Markup, PreEscaped, html};

use super::{Frame, Style, alerts, class, document, share, tag};
use crate::Site;
use crate::chart::glyph::key;
use crate::format::Reader;
use crate::lang::fill;
use crate::view::station::StationView;

/// The page of a station.
pub(crate) fn page(reader: &Reader<'_>, site: &Site, view: &StationView) -> String {
    let texts = reader.texts;
    let code = texts.code.as_str();
    let path = format!("station/{}", view.id);
    let status = view.tag.word.to_lowercase();
    let with_level = |level: &String| format!("{level}\u{a0}{}, {status}", view.unit);
    let rest = view.level.as_ref().map_or_else(|| status.clone(), with_level);
    let title = fill(&texts.sentence.lead, &[("name", &view.name), ("rest", &rest)]);
    let picture = share::picture(reader, view);
    let main = html! {
        a.b href={"/" (code) "/"} { "\u{2039} " (texts.page.all_stations) }
        h1 { (view.name) }
        p.m { (view.place) }
        (alerts::boxes(reader, &view.alerts))
        div.two {
            (card(reader, view))
            (chart(reader, view))
        }
        p.o { a href={"/" (code) "/" (path) "/share"} { (texts.share.link) } }
        @if view.tidal { p { (texts.station.tidal) } }
        (outlook(reader, view))
        (ladder(reader, view))
        @if view.mark.is_none() { p.o { a href={"/" (code) "/" (path) "/mark"} { (texts.mark.rung) } } }
        (table(reader, view, &path))
        (facts(reader, view))
        (help(reader, site))
        (neighbours(reader, view))
    };
    document(
        &Frame {
            reader,
            site,
            title: &title,
            description: &view.sentence,
            path: &view.mark.as_ref().map_or_else(|| path.clone(), |mark| format!("{path}?mark={}", mark.value)),
            style: Style::station(!view.alerts.is_empty()),
            glyphs: &[view.tag.rank],
            picture: Some(&picture),
        },
        &main,
    )
}

fn card(reader: &Reader<'_>, view: &StationView) -> Markup {
    html! {
        div class={"c " (class(view.tag.rank))} data-until=[view.until] {
            div.t {
                (tag(&view.tag))
                (measured(view))
            }
            (figure(view))
            p { (view.detail.join(" ")) }
            @if let Some(mark) = &view.mark {
                p data-mark=(mark.value) { (mark.said) " " a href={"/" (reader.texts.code) "/station/" (view.id) "/mark"} { (reader.texts.mark.change) } }
            }
            @if let Some((said, until)) = &view.discharge {
                div data-until=[until] { p { a href={"/" (reader.texts.code) "/station/" (view.id) "/discharge"} { (said) } } }
            }
        }
    }
}

/// When the newest measurement was made, and how long ago.
pub(super) fn measured(view: &StationView) -> Markup {
    html! {
        @if let Some((valid, clock, age)) = &view.measured {
            span.m { time datetime=(valid) { (clock) } " " span { (age) } }
        }
    }
}

/// The current level or discharge, and which way.
pub(super) fn figure(view: &StationView) -> Markup {
    html! {
        @if let Some(level) = &view.level {
            p.v {
                b { (level) } (view.unit)
                @if let Some((arrow, trend)) = &view.trend { span { span aria-hidden="true" { (arrow) } " " (trend) } }
            }
        }
    }
}

/// What is forecast.
pub(super) fn outlook(reader: &Reader<'_>, view: &StationView) -> Markup {
    let texts = &reader.texts.station;
    html! {
        @if !view.outlook.is_empty() {
            h2 { (texts.outlook) }
            dl { @for (name, said) in &view.outlook { dt { (name) } dd { (said) } } }
            @if view.less_certain { p.m { (texts.less_certain) } }
            @if let Some(said) = &view.forecasts { p { a href={"/" (reader.texts.code) "/station/" (view.id) "/forecasts"} { (said) } } }
        }
    }
}

/// How high that is: beside what people remember in words, and to scale. The script takes away what is of now (class `h`)
/// when that is too old.
fn ladder(reader: &Reader<'_>, view: &StationView) -> Markup {
    let texts = &reader.texts.station;
    let (title, note) = match view.parameter {
        Parameter::Level => (&texts.ladder, Some(&texts.metres_above_sea)),
        Parameter::Discharge => (&texts.ladder_discharge, None),
    };
    html! {
        @if let Some(ladder) = &view.ladder {
            h2 { (title) }
            @if let Some(compared) = &view.compared { p.h { (compared) } }
            figure.h { (PreEscaped(ladder)) }
            @if let Some(note) = note { p.m { (note) } }
        }
    }
}

pub(super) fn chart(reader: &Reader<'_>, view: &StationView) -> Markup {
    html! {
        @match &view.chart {
            Some(chart) => figure {
                (PreEscaped(chart))
                figcaption { @for (sample, word) in &view.legend { span { (PreEscaped(key(*sample))) " " (word) } } }
            },
            None => p.m { (reader.texts.station.chart_none) },
        }
    }
}

/// The values, and where they are as files: `path` is the address of the page after the language.
pub(super) fn table(reader: &Reader<'_>, view: &StationView, path: &str) -> Markup {
    let (texts, code) = (&reader.texts.station, reader.texts.code.as_str());
    let file = |ending: &str| format!("/{code}/{path}.{ending}");
    let column = match view.parameter {
        Parameter::Level => &texts.column_level,
        Parameter::Discharge => &texts.column_discharge,
    };
    html! {
        details {
            summary { (texts.table) }
            @if !view.table.groups.is_empty() {
                table data-at=[view.table.begins] {
                    caption { (view.table_caption) }
                    thead { tr { th { (texts.column_time) } th { (column) } } }
                    @for group in &view.table.groups {
                        tbody class=[(group.kind == Kind::Forecast).then_some("p")] data-after=[group.after] {
                            tr { th colspan="2" scope="rowgroup" { (group.name) } }
                            @for (clock, level) in &group.rows { tr { td { (clock) } td { (level) } } }
                        }
                    }
                }
            }
            p.o {
                (texts.download) " "
                a href=(file("csv")) { (texts.csv) } " "
                a href=(file("json")) { (texts.json) } " "
                a href=(file("txt")) { (texts.txt) } " "
                a href=(file("svg")) { (texts.svg) }
            }
        }
    }
}

pub(super) fn facts(reader: &Reader<'_>, view: &StationView) -> Markup {
    let texts = &reader.texts.station;
    html! {
        details {
            summary { (texts.details) }
            dl {
                @for fact in &view.facts {
                    dt { (fact.name) }
                    dd { @match &fact.link { Some(link) => a href=(link) { (fact.text) }, None => (fact.text) } }
                }
            }
        }
    }
}

/// Where official warnings and help are.
pub(super) fn help(reader: &Reader<'_>, site: &Site) -> Markup {
    let (texts, code) = (&reader.texts.page, reader.texts.code.as_str());
    html! {
        @if !site.help.is_empty() {
            h2 { (texts.help) }
            ul { @for link in &site.help { li { a href=(link.address.in_language(code)) { (link.text.in_language(code)) } } } }
        }
        p.m { (texts.help_note) }
    }
}

fn neighbours(reader: &Reader<'_>, view: &StationView) -> Markup {
    let (texts, code) = (&reader.texts.station, reader.texts.code.as_str());
    let link = |word: &str, (id, name): &(String, String)| html! { a href={"/" (code) "/station/" (id)} { (word) (reader.texts.page.colon) (name) } };
    html! {
        @if view.upstream.is_some() || view.downstream.is_some() {
            nav.o aria-label=(reader.texts.page.neighbours) {
                @if let Some(other) = &view.upstream { (link(&texts.upstream, other)) }
                @if let Some(other) = &view.downstream { (link(&texts.downstream, other)) }
            }
        }
    }
}
