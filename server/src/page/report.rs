//! The hand-over report: tables for paper, worst first.

use hydro::Rank;
use maud::{Markup, html};

use super::board::cell;
use super::{Frame, Style, alerts, document, glyph_of, tag};
use crate::Site;
use crate::format::Reader;
use crate::lang::fill;
use crate::report::{AboveRow, AheadRow, BACK, ChangeRow, ReportView};

/// The page of the report.
pub(crate) fn page(reader: &Reader<'_>, site: &Site, view: &ReportView) -> String {
    let (texts, code) = (&reader.texts.report, reader.texts.code.as_str());
    let main = html! {
        h1 { (texts.title) }
        p { b { (fill(&texts.as_of, &[("when", &reader.dated(reader.now))])) } }
        p { (view.summary) }
        form.j action={"/" (code) "/report"} {
            label { (texts.other) " " input type="datetime-local" name="at" value=(local(reader)); }
            button { (texts.show) }
        }
        p.j { (texts.print) " " a href={"/" (code) "/report.csv"} { (texts.csv) } }
        (alerts::summary(reader, &view.alerts))
        h2 { (texts.above) }
        (above(reader, &view.above))
        h2 { (texts.ahead) }
        (ahead(reader, &view.ahead))
        @if !view.changes.is_empty() {
            h2 { (texts.changes) }
            p.m { (texts.changes_text) }
            (changes(reader, &view.changes))
        }
        h2 { (texts.silent) }
        @if view.silent.is_empty() { p { (texts.silent_none) } } @else { (known(reader, &view.silent)) }
        @if !view.unmeasured.is_empty() {
            h2 { (texts.unmeasured) }
            (known(reader, &view.unmeasured))
        }
    };
    let glyphs: Vec<_> = Rank::ALL.into_iter().map(Some).chain([None]).collect();
    let (title, description) = (texts.title.as_str(), texts.description.as_str());
    document(
        &Frame {
            reader,
            site,
            title,
            description,
            path: "report",
            style: Style::Sheet,
            glyphs: &glyphs,
            picture: None,
        },
        &main,
    )
}

/// The instant as a field for local times takes it.
fn local(reader: &Reader<'_>) -> String {
    reader.zone.civil(reader.now).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A table with a row for each of some stations.
fn table(reader: &Reader<'_>, caption: &str, columns: &[&str], rows: &Markup) -> Markup {
    html! {
        table.d {
            caption.y { (caption) }
            thead { tr { th scope="col" { (reader.texts.report.station) } @for column in columns { th scope="col" { (column) } } } }
            tbody { (rows) }
        }
    }
}

fn place(reader: &Reader<'_>, id: &str, name: &str) -> Markup {
    html! { th scope="row" { a href={"/" (reader.texts.code) "/station/" (id)} { (name) } } }
}

fn above(reader: &Reader<'_>, rows: &[AboveRow]) -> Markup {
    let texts = &reader.texts.report;
    if rows.is_empty() {
        return html! { p { (texts.above_none) } };
    }
    let none = &texts.no_value;
    let columns = [&texts.status, &texts.level, &texts.trend, &texts.since, &texts.highest].map(String::as_str);
    let lines = html! {
        @for row in rows {
            tr {
                th scope="row" {
                    a href={"/" (reader.texts.code) "/station/" (row.id)} { (row.name) }
                    @for note in &row.notes { p { (note) } }
                }
                (cell(&texts.status, "", &tag(&row.tag)))
                (cell(&texts.level, "", &html! { b { (row.level) } }))
                (cell(&texts.trend, "", &html! {
                    @match &row.trend { Some((arrow, words)) => { span aria-hidden="true" { (arrow) } " " (words) }, None => (none) }
                }))
                (cell(&texts.since, "", &html! { (row.since.as_ref().unwrap_or(none)) }))
                (cell(&texts.highest, "", &html! { (row.highest.as_ref().unwrap_or(none)) }))
            }
        }
    };
    table(reader, &texts.above, &columns, &lines)
}

fn ahead(reader: &Reader<'_>, rows: &[AheadRow]) -> Markup {
    let texts = &reader.texts.report;
    if rows.is_empty() {
        return html! { p { (texts.ahead_none) } };
    }
    let columns = [&texts.reaches, &texts.peak, &texts.issued].map(String::as_str);
    let lines = html! {
        @for row in rows {
            tr {
                (place(reader, &row.id, &row.name))
                (cell(&texts.reaches, "", &html! {
                    @for (rank, said) in &row.reaches { div { (glyph_of(Some(*rank))) " " (said) } }
                    @if row.reaches.is_empty() { (texts.no_value) }
                }))
                (cell(&texts.peak, "", &html! {
                    @if let Some((rank, level, when)) = &row.peak {
                        @if rank.is_some() { (glyph_of(*rank)) " " } b { (level) } " " (when)
                    }
                }))
                (cell(&texts.issued, "", &html! { (row.issued) }))
            }
        }
    };
    table(reader, &texts.ahead, &columns, &lines)
}

fn changes(reader: &Reader<'_>, rows: &[ChangeRow]) -> Markup {
    let texts = &reader.texts.report;
    let back = BACK.map(|hours| fill(&texts.hours, &[("n", &hours.to_string())]));
    let columns: Vec<&str> = std::iter::once(&texts.level).chain(&back).map(String::as_str).collect();
    let lines = html! {
        @for row in rows {
            tr {
                (place(reader, &row.id, &row.name))
                (cell(&texts.level, "", &html! { (row.level.as_ref().unwrap_or(&texts.no_value)) }))
                @for (name, (moved, notes)) in back.iter().zip(&row.back) {
                    (cell(name, "", &html! {
                        b { (moved.as_ref().unwrap_or(&texts.no_value)) }
                        @for note in notes { div { (note) } }
                    }))
                }
            }
        }
    };
    table(reader, &texts.changes, &columns, &lines)
}

fn known(reader: &Reader<'_>, rows: &[(String, String, String)]) -> Markup {
    let texts = &reader.texts.report;
    let lines = html! {
        @for (id, name, said) in rows { tr { (place(reader, id, name)) (cell(&texts.last, "", &html! { (said) })) } }
    };
    table(reader, &texts.last, &[&texts.last], &lines)
}
