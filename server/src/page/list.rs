//! The list of stations: a search, counts that filter, and a row of one link for each station.

use std::collections::BTreeSet;

use hydro::Rank;
use maud::{Markup, html};

use super::{Frame, Style, alerts, document, glyph_of};
use crate::Site;
use crate::format::Reader;
use crate::lang::fill;
use crate::view::list::{ListView, Row, Sort, Wish};

/// The page of all stations, or of those wished for.
pub(crate) fn page(reader: &Reader<'_>, site: &Site, wish: &Wish, query: Option<&str>, view: &ListView) -> String {
    let path = query.map_or_else(String::new, |query| format!("?{query}"));
    let texts = &reader.texts.list;
    let code = reader.texts.code.as_str();
    let when = reader.dated(reader.now);
    let main = html! {
        h1 { (texts.title) }
        p.m { (crate::sentence::capital(&when)) @if !view.summary.is_empty() { span.u { " \u{b7} " (view.summary) } } }
        (alerts::summary(reader, &view.alerts))
        form role="search" action={"/" (code) "/"} {
            label.y for="q" { (texts.find) }
            input #q name="q" type="search" value=(wish.find) placeholder=(texts.find) autocomplete="off";
            button { (texts.search) }
        }
        (counts(reader, wish, view))
        @if view.rows.is_empty() {
            p { @if view.total == 0 { (texts.none_configured) } @else { (fill(&texts.no_match, &[("query", &wish.find)])) } }
        } @else {
            ul.l { @for row in &view.rows { (list_row(reader, row)) } }
        }
        @if view.rows.len() < view.total { p { a href={"/" (code) "/"} { (texts.show_all) } } }
        (sorting(reader, wish))
        p.o {
            a href={"/" (code) "/board"} { (reader.texts.board.title) } " "
            a href={"/" (code) "/report"} { (reader.texts.report.title) }
        }
        (super::station::help(reader, site))
    };
    // Unknown is always there: a page that is kept becomes it.
    let now = view.counts.iter().filter_map(|(tag, ..)| tag.rank);
    let ranks: BTreeSet<Rank> = now.chain(view.rows.iter().filter_map(|row| row.worse_ahead)).collect();
    let glyphs: Vec<_> = ranks.into_iter().map(Some).chain([None]).collect();
    let title = site.title.in_language(code);
    document(
        &Frame {
            reader,
            site,
            title,
            description: &reader.texts.site_description,
            path: &path,
            style: Style::list(!view.alerts.is_empty()),
            glyphs: &glyphs,
            picture: None,
        },
        &main,
    )
}

fn counts(reader: &Reader<'_>, wish: &Wish, view: &ListView) -> Markup {
    let code = reader.texts.code.as_str();
    html! {
        ul.f aria-label=(reader.texts.list.counts) {
            @for (tag, name, n) in &view.counts {
                @let chosen = wish.status.as_deref() == Some(*name);
                li {
                    a href=(if chosen { format!("/{code}/") } else { format!("/{code}/?status={name}") })
                        aria-current=[chosen.then_some("true")] {
                        (glyph_of(tag.rank)) (tag.word) " " b { (n) }
                    }
                }
            }
        }
    }
}

fn list_row(reader: &Reader<'_>, row: &Row) -> Markup {
    html! {
        li data-at=(row.at) {
            a href={"/" (reader.texts.code) "/station/" (row.id)} data-until=[row.until] {
                (glyph_of(row.tag.rank))
                span { b { (row.name) } span.y { (row.tag.word) (reader.texts.page.colon) } small { @if row.worse_ahead.is_some() { (glyph_of(row.worse_ahead)) } (row.words) }
                    @if let Some(mark) = row.alert { em data-expires=[mark.until] { (reader.texts.alert.mark) } }
                }
                i {
                    @match &row.level {
                        Some((level, clock)) => { b { (level) } (clock) },
                        None => b { (reader.texts.station.no_value) },
                    }
                }
            }
        }
    }
}

fn sorting(reader: &Reader<'_>, wish: &Wish) -> Markup {
    let (texts, code) = (&reader.texts.list, reader.texts.code.as_str());
    let word = |sort: Sort| match sort {
        Sort::Status => &texts.sort_status,
        Sort::River => &texts.sort_river,
        Sort::Name => &texts.sort_name,
    };
    html! {
        p.o {
            (texts.sort) " "
            @for sort in Sort::ALL {
                a href={"/" (code) "/?sort=" (sort.name())} aria-current=[(sort == wish.sort).then_some("true")] { (word(sort)) } " "
            }
        }
        p.o { a href={"/" (code) "/map"} { (reader.texts.map.link) } }
    }
}
