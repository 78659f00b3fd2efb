//! The feeds' own health in words: the site is its own monitor.

use hydro::{SignedDuration, Timestamp, Value};
use maud::{Markup, html};
use store::Logged;

use super::{Frame, Style, document};
use crate::FeedNote;
use crate::format::Reader;
use crate::health::{FeedHealth, Problem, problems};
use crate::lang::fill;
use crate::snapshot::{FeedNow, Published, Snapshot};

/// The page of the feeds.
pub(crate) fn page(reader: &Reader<'_>, snapshot: &Snapshot) -> String {
    let texts = &reader.texts.feeds;
    let main = html! {
        h1 { (texts.title) }
        p { (texts.intro) }
        @for problem in problems(snapshot) { p { b { (problem_text(reader, problem)) } } }
        @for (note, feed) in snapshot.site.feeds.iter().zip(snapshot.feeds.iter()) { (section(reader, snapshot, note, feed)) }
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
            picture: None,
        },
        &main,
    )
}

fn section(reader: &Reader<'_>, snapshot: &Snapshot, note: &FeedNote, feed: &FeedNow) -> Markup {
    let texts = &reader.texts.feeds;
    let state = &feed.state;
    let when = |instant: Option<Timestamp>| match instant {
        Some(instant) => format!("{} ({})", reader.at_zone(instant), reader.age(instant)),
        None => texts.never.clone(),
    };
    let word = match FeedHealth::of(feed, reader.now) {
        // Of a past time it may have been forgotten.
        FeedHealth::Waiting if !snapshot.site.live => &texts.unknown,
        FeedHealth::Waiting => &texts.waiting,
        FeedHealth::Ok => &texts.ok,
        FeedHealth::Deferred => &texts.deferred,
        FeedHealth::Failing => &texts.failing,
        FeedHealth::Stalled => &texts.stalled,
        FeedHealth::Old => &texts.old,
        FeedHealth::Short => &texts.short,
    };
    html! {
        h2 { (note.title.in_language(&reader.texts.code)) }
        p { b { (crate::sentence::capital(word)) } @if let Some(message) = &state.message { (reader.texts.page.colon) (message) } }
        dl {
            @if state.attempted.is_some() || snapshot.site.live {
                dt { (texts.last_success) } dd { (when(state.succeeded)) }
                dt { (texts.last_change) } dd { (when(state.changed)) }
            }
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

fn problem_text(reader: &Reader<'_>, problem: Problem) -> String {
    let texts = &reader.texts.feeds;
    match problem {
        Problem::Clock(behind) => {
            let text = if behind.is_negative() { &texts.clock_ahead } else { &texts.clock_behind };
            fill(text, &[("minutes", &behind.abs().as_mins().to_string())])
        }
        Problem::Disk(free) => fill(&texts.disk, &[("free", &(free >> 20).to_string())]),
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

/// How long a change of a published threshold is announced.
const ANNOUNCED: SignedDuration = SignedDuration::from_hours(60 * 24);

fn differences(reader: &Reader<'_>, snapshot: &Snapshot) -> Markup {
    let texts = &reader.texts.feeds;
    let code = reader.texts.code.as_str();
    let published = snapshot.published_thresholds();
    let other = |it: &&Published<'_>| it.ours != it.theirs.0;
    let said = |it: &Published<'_>, template: &str, ours: Option<Value>, theirs: Option<Value>| {
        let stated = |value| reader.stated(value, it.station.parameter());
        let height = |value: Option<Value>| value.map_or_else(|| texts.no_height.clone(), stated);
        fill(
            template,
            &[
                ("station", it.station.name.in_language(code)),
                ("threshold", reader.texts.threshold_phrase(it.name)),
                ("ours", &height(ours)),
                ("theirs", &height(theirs)),
                ("feed", snapshot.site.feeds[it.feed].title.in_language(code)),
                ("when", &reader.at_zone(it.received)),
            ],
        )
    };
    let recent = |it: &&Published<'_>| it.theirs.1.is_some() && reader.now.duration_since(it.received) <= ANNOUNCED;
    html! {
        @if !published.is_empty() && !published.iter().any(|it| other(&it)) { p { (texts.no_differences) } }
        ul {
            @for it in published.iter().filter(recent) { li { (said(it, &texts.threshold_changed, it.theirs.1, it.theirs.0)) } }
            @for it in published.iter().filter(other) { li { (said(it, &texts.difference, it.ours, it.theirs.0)) } }
        }
    }
}
