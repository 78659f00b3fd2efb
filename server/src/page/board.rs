//! The board: a line a station on one dense screen, which its script keeps current; the rows are also an address of their
//! own, so that the script asks for nothing else.

use hydro::{Rank, Timestamp};
use maud::{Markup, PreEscaped, html};

use super::{Frame, Style, class, document, glyph_of};
use crate::Site;
use crate::board::{Attention, BoardView, Row};
use crate::format::Reader;
use crate::lang::fill;

/// What a board is drawn for.
pub(crate) struct Ask<'a> {
    /// What its address asks for, with its question mark; empty where it asks for nothing.
    pub(crate) query: &'a str,
    /// It shows the present, and follows it.
    pub(crate) live: bool,
}

/// The page of the board.
pub(crate) fn page(reader: &Reader<'_>, site: &Site, view: &BoardView, ask: &Ask<'_>) -> String {
    let (texts, code) = (&reader.texts.board, reader.texts.code.as_str());
    let source = format!("/{code}/board/rows{}", ask.query);
    let main = html! {
        h1 { (texts.title) }
        div.bar {
            (filters(reader, view))
            @if ask.live {
                div.j {
                    button #n type="button" aria-pressed="false" hidden="" { (texts.sound) }
                    button #f type="button" aria-pressed="false" hidden="" { (texts.flash) }
                    p #s role="status" { }
                }
            }
        }
        @if ask.live {
            p #w role="status" { }
            noscript { p { (texts.no_script) } }
        }
        div #b data-rows=(source) data-zone=(site.zone.name()) data-live=[site.live.then_some("")] {
            (rows(reader, view))
        }
        (choice(reader, view))
        p.o {
            a href={"/" (code) "/report"} { (reader.texts.report.title) }
        }
    };
    let glyphs: Vec<_> = Rank::ALL.into_iter().map(Some).chain([None]).collect();
    document(
        &Frame {
            reader,
            site,
            title: &texts.title,
            description: &texts.description,
            path: &format!("board{}", ask.query),
            style: if ask.live { Style::Board } else { Style::Sheet },
            glyphs: &glyphs,
            picture: None,
        },
        &main,
    )
}

fn filters(reader: &Reader<'_>, view: &BoardView) -> Markup {
    let (texts, code) = (&reader.texts.board, reader.texts.code.as_str());
    html! {
        form action={"/" (code) "/board"} {
            @for (id, _, chosen) in &view.stations { @if *chosen { input type="hidden" name="stations" value=(id); } }
            (select("river", &texts.river, &texts.all_rivers, &view.rivers))
            @if !view.regions.is_empty() { (select("region", &texts.region, &texts.all_regions, &view.regions)) }
            label { (texts.threshold) " "
                select name="threshold" {
                    option value="" { (texts.all_thresholds) }
                    @for (name, word, chosen) in &view.thresholds { option value=(name) selected=[chosen.then_some("")] { (word) } }
                }
            }
            button { (texts.show) }
        }
    }
}

/// One of some names, or all.
fn select(key: &str, label: &str, all: &str, choices: &[(String, bool)]) -> Markup {
    html! {
        label { (label) " "
            select name=(key) {
                option value="" { (all) }
                @for (name, chosen) in choices { option selected=[chosen.then_some("")] { (name) } }
            }
        }
    }
}

/// A board of one's own, and the comparison: chosen here, and kept in the address.
pub(super) fn choice(reader: &Reader<'_>, view: &BoardView) -> Markup {
    let (texts, code) = (&reader.texts.board, reader.texts.code.as_str());
    html! {
        details {
            summary { (texts.choose) }
            p { (texts.choose_text) }
            form.q action={"/" (code) "/board"} {
                fieldset {
                    legend.y { (texts.choose) }
                    @for (id, name, chosen) in &view.stations {
                        label { input type="checkbox" name="stations" value=(id) checked=[chosen.then_some("")]; " " (name) }
                    }
                }
                button { (texts.own) }
                button formaction={"/" (code) "/compare"} { (texts.compare) }
            }
        }
    }
}

/// The rows, with the instant that they tell of.
pub(crate) fn rows(reader: &Reader<'_>, view: &BoardView) -> Markup {
    let texts = &reader.texts.board;
    let columns = [
        &texts.station,
        &texts.status,
        &texts.level,
        &texts.trend,
        &texts.next,
        &texts.peak,
        &texts.issued,
        &texts.measured,
        &texts.span,
    ];
    html! {
        table.d data-now=(reader.now) {
            caption { (fill(&texts.as_of, &[("when", &reader.dated(reader.now))])) }
            thead { tr { @for column in columns { th scope="col" { (column) } } } }
            @for (attention, rows) in &view.groups {
                tbody {
                    tr { th.e scope="rowgroup" colspan=(columns.len()) { (heading(reader, *attention)) " (" (rows.len()) ")" } }
                    @for row in rows { (line(reader, row)) }
                }
            }
        }
        @if view.groups.is_empty() { p { (texts.none) } }
    }
}

fn heading<'a>(reader: &'a Reader<'_>, attention: Attention) -> &'a str {
    let texts = &reader.texts.board;
    match attention {
        Attention::Above => &texts.above,
        Attention::Ahead => &texts.ahead,
        Attention::Rising => &texts.rising,
        Attention::Silent => &texts.silent,
        Attention::Calm => &texts.calm,
        Attention::Unmeasured => &texts.unmeasured,
    }
}

fn line(reader: &Reader<'_>, row: &Row) -> Markup {
    let (texts, code) = (&reader.texts.board, reader.texts.code.as_str());
    html! {
        tr data-id=(row.id) data-rank=(row.ranks.0) data-ahead=(row.ranks.1) data-until=[row.until] {
            th scope="row" {
                a href={"/" (code) "/station/" (row.id)} { (row.name) }
                small { " " (row.river) }
                @if row.alert { em { (reader.texts.alert.mark) } }
                @for note in &row.notes { p { (note) } }
            }
            (cell(&texts.status, "", &html! { span class={"v " (class(row.tag.rank))} { (glyph_of(row.tag.rank)) span { (row.tag.word) } } }))
            (cell(&texts.level, "n", &html! {
                @match (&row.level, &row.last) {
                    (Some(level), _) => b { (level) },
                    (None, Some(last)) => i { (fill(&texts.last, &[("level", last)])) },
                    (None, None) => {},
                }
            }))
            (cell(&texts.trend, "n", &html! { @if let Some((arrow, words)) = &row.trend { span aria-hidden="true" { (arrow) } " " (words) } }))
            (cell(&texts.next, "", &html! { @if let Some(next) = &row.next { (crossing(next)) } }))
            (cell(&texts.peak, "", &html! {
                @if let Some((rank, level, when)) = &row.peak {
                    @if rank.is_some() { (glyph_of(*rank)) " " } b { (level) } " " (when)
                }
            }))
            (cell(&texts.issued, "", &html! { @if let Some(issued) = &row.issued { (issued) } }))
            (cell(&texts.measured, "", &html! {
                @if let Some((valid, clock, age)) = &row.measured { (clock) " " span data-age=(valid) { (age) } }
            }))
            (cell(&texts.span, "sp", &html! { @if let Some(spark) = &row.spark { (PreEscaped(spark)) } }))
        }
    }
}

/// A cell with the name of its column, which stands beside it where the columns do not fit side by side.
pub(super) fn cell(name: &str, class: &str, content: &Markup) -> Markup {
    html! {
        td data-l=(name) class=[Some(class).filter(|class| !class.is_empty())] {
            @if !content.0.is_empty() { div { (content) } }
        }
    }
}

/// The next threshold: which, when, and in how many hours.
fn crossing((rank, name, valid, when, left): &(Rank, String, Timestamp, String, String)) -> Markup {
    html! { (glyph_of(Some(*rank))) " " (name) " " span { (when) } " " b data-left=(valid) { (left) } }
}
