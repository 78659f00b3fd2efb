//! The feeds' own health in words: the site is its own monitor.

use hydro::Timestamp;
use maud::{Markup, html};
use store::Logged;

use super::{Frame, Style, document};
use crate::FeedNote;
use crate::format::Reader;
use crate::lang::fill;
use crate::snapshot::{FeedNow, Snapshot};

/// The page of the feeds.
pub(crate) fn page(reader: &Reader<'_>, snapshot: &Snapshot) -> String {
    let texts = &reader.texts.feeds;
    let main = html! {
        h1 { (texts.title) }
        p { (texts.intro) }
        @for (note, feed) in snapshot.site.feeds.iter().zip(&snapshot.feeds) { (section(reader, note, feed)) }
        h2 { (texts.differences) }
        (differences(reader, snapshot))
    };
    document(
        &Frame {
            reader,
            site: &snapshot.site,
            title: &texts.title,
            description: &texts.intro,
            path: "status",
            style: Style::Plain,
            glyphs: &[],
        },
        &main,
    )
}

fn section(reader: &Reader<'_>, note: &FeedNote, feed: &FeedNow) -> Markup {
    let texts = &reader.texts.feeds;
    let state = &feed.state;
    let when = |instant: Option<Timestamp>| match instant {
        Some(instant) => format!("{} ({})", reader.at_zone(instant), reader.age(instant)),
        None => texts.never.clone(),
    };
    let word = match (state.attempted, state.failures) {
        (None, _) => &texts.waiting,
        (_, 0) => &texts.ok,
        _ => &texts.failing,
    };
    html! {
        h2 { (note.title.in_language(&reader.texts.code)) }
        p { b { (crate::sentence::capital(word)) } @if let Some(message) = &state.message { ": " (message) } }
        dl {
            dt { (texts.last_success) } dd { (when(state.succeeded)) }
            dt { (texts.last_change) } dd { (when(state.changed)) }
            @if feed.newest.is_some() { dt { (texts.newest) } dd { (when(feed.newest)) } }
            @if state.failures > 0 { dt { (texts.failures) } dd { (state.failures) } }
            @if let Some(next) = state.next_issue { dt { (texts.next_issue) } dd { (reader.day(next)) } }
        }
        @if !feed.log.is_empty() {
            details {
                summary { (texts.log) }
                ul.a { @for logged in &feed.log { (attempt(reader, logged)) } }
            }
        }
    }
}

fn attempt(reader: &Reader<'_>, logged: &Logged) -> Markup {
    let texts = &reader.texts.feeds;
    let outcome = match logged.fetch.outcome {
        store::Outcome::Changed => &texts.changed,
        store::Outcome::Unchanged => &texts.unchanged,
        store::Outcome::Empty => &texts.empty,
        store::Outcome::Failed => &texts.failed,
    };
    html! {
        li {
            b { (crate::sentence::capital(&reader.at(logged.fetch.at))) }
            span { (outcome) @if logged.new + logged.revised > 0 { " (" (logged.new + logged.revised) ")" } }
            @if let Some(message) = &logged.fetch.message { span { (message) } }
        }
    }
}

fn differences(reader: &Reader<'_>, snapshot: &Snapshot) -> Markup {
    let texts = &reader.texts.feeds;
    let code = reader.texts.code.as_str();
    let found: Vec<_> = snapshot.feeds.iter().flat_map(|feed| snapshot.threshold_differences(feed)).collect();
    let known = snapshot.feeds.iter().any(|feed| !feed.thresholds.is_empty());
    html! {
        @if found.is_empty() && known { p { (texts.no_differences) } }
        ul {
            @for difference in &found {
                li {
                    (fill(&texts.difference, &[
                        ("station", difference.station.name.in_language(code)),
                        ("threshold", reader.texts.threshold_phrase(difference.name)),
                        ("ours", &difference.ours.map_or_else(|| reader.texts.station.no_value.clone(), |value| reader.stated(value, difference.station.parameter()))),
                        ("theirs", &reader.stated(difference.theirs, difference.station.parameter())),
                    ]))
                }
            }
        }
    }
}
