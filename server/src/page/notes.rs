//! The operators' page: a form for a note on an episode, and the notes that there are. It needs no script; where there is
//! one, the token that was typed into it stays in the page's memory, and nowhere else.

use hydro::{Episode, Station};
use maud::{Markup, html};
use store::Note;

use super::{Frame, Style, document};
use crate::format::Reader;
use crate::lang::fill;
use crate::notes::{Draft, LONGEST};
use crate::snapshot::{Snapshot, StationNow};
use crate::view::status_name;

/// Episodes to choose from at most.
const CHOICES: usize = 60;
/// Notes shown.
const SHOWN: usize = 30;

/// What the form says of what was sent with it.
#[derive(Debug, Default)]
pub(crate) struct Form<'a> {
    /// What came of it.
    pub(crate) said: Option<&'a str>,
    /// The note that was kept.
    pub(crate) kept: Option<&'a Note>,
    /// What was not kept, so that nobody has to write it again.
    pub(crate) draft: Option<&'a Draft>,
}

/// The page.
pub(crate) fn page(reader: &Reader<'_>, snapshot: &Snapshot, form: &Form<'_>) -> String {
    let (texts, code) = (&reader.texts.notes, reader.texts.code.as_str());
    let episodes = episodes(snapshot);
    let main = html! {
        h1 { (texts.title) }
        p { (texts.intro) }
        @if let Some(said) = form.said {
            p.said role="status" {
                b { (said) }
                @if let Some(note) = form.kept { " " a href={"/" (code) "/station/" (note.station) "/log"} { (texts.log) } }
            }
        }
        @if episodes.is_empty() { p { (texts.no_episodes) } } @else { (fields(reader, &episodes, form)) }
        h2 { (texts.latest) }
        @if snapshot.notes.is_empty() { p { (texts.none) } }
        ul.a {
            @for note in snapshot.notes.iter().rev().take(SHOWN) {
                li { b { (name(reader, snapshot, note)) } span { (line(reader, note)) } }
            }
        }
    };
    let (title, description) = (&texts.title, &texts.intro);
    document(
        &Frame {
            reader,
            site: &snapshot.site,
            title,
            description,
            path: "notes",
            style: Style::Notes,
            glyphs: &[],
            picture: None,
        },
        &main,
    )
}

fn fields(reader: &Reader<'_>, episodes: &[(&Station, &Episode)], form: &Form<'_>) -> Markup {
    let texts = &reader.texts.notes;
    let chosen = |station: &Station, episode: &Episode| {
        form.draft.is_some_and(|draft| draft.station == station.id.as_str() && draft.began == episode.began.valid)
    };
    html! {
        form.n method="post" action="/api/notes" {
            input type="hidden" name="language" value=(reader.texts.code);
            label for="e" { (texts.episode) }
            select #e name="episode" required="required" {
                // Nobody marks by mistake what happens to stand first.
                option value="" { (texts.choose) }
                @for (station, episode) in episodes {
                    option value={(station.id) " " (episode.began.valid)} selected=[chosen(station, episode).then_some("selected")] {
                        (choice(reader, station, episode))
                    }
                }
            }
            label for="w" { (fill(&texts.text, &[("longest", &LONGEST.to_string())])) }
            textarea #w name="text" rows="4" maxlength=(LONGEST) { (form.draft.map_or("", |draft| &draft.text)) }
            p {
                input #s type="checkbox" name="seen" value="on" checked=[form.draft.is_none_or(|draft| draft.seen).then_some("checked")];
                " " label for="s" { (texts.seen) }
            }
            label for="t" { (texts.token) }
            input #t type="password" name="token" required="required" autocomplete="off";
            p { button { (texts.send) } }
        }
    }
}

/// The episodes of the last thirty days, those that last first and then the newest.
fn episodes(snapshot: &Snapshot) -> Vec<(&Station, &Episode)> {
    let mut all: Vec<(&Station, &Episode)> = snapshot
        .all()
        .flat_map(|(station, state)| state.assessment.episodes.iter().map(move |episode| (station, episode)))
        .collect();
    let order = |(_, episode): &(&Station, &Episode)| (episode.ended.is_some(), std::cmp::Reverse(episode.began.valid));
    all.sort_by_key(order);
    all.truncate(CHOICES);
    all
}

fn choice(reader: &Reader<'_>, station: &Station, episode: &Episode) -> String {
    let reader = Reader { zone: &station.zone, ..*reader };
    let name = station.name.in_language(&reader.texts.code);
    let word = reader.texts.status_word(status_name(station, Some(episode.rank)));
    let state = if episode.ended.is_none() { &reader.texts.notes.lasts } else { &reader.texts.notes.over };
    let when = reader.at(episode.began.valid);
    fill(state, &[("name", name), ("status", word), ("when", &when)])
}

fn name(reader: &Reader<'_>, snapshot: &Snapshot, note: &Note) -> String {
    let found = snapshot.find(note.station.as_str()).map(|(_, station, _)| station);
    let name = found.map_or(note.station.as_str(), |station| station.name.in_language(&reader.texts.code));
    fill(&reader.texts.notes.of, &[("name", name), ("when", &reader.dated(note.began))])
}

/// The notes of a station's times above a threshold that last, oldest first.
pub(crate) fn of_lasting(reader: &Reader<'_>, notes: &[Note], station: &Station, state: &StationNow) -> Vec<String> {
    let lasts = |note: &&Note| {
        let open = state.assessment.episodes.iter().filter(|episode| episode.ended.is_none());
        note.station == station.id && open.into_iter().any(|episode| episode.began.valid == note.began)
    };
    notes.iter().filter(lasts).map(|note| line(reader, note)).collect()
}

/// A note in a line: who, when, and what.
pub(crate) fn line(reader: &Reader<'_>, note: &Note) -> String {
    let texts = &reader.texts.notes;
    let template = match (note.seen, note.text.is_empty()) {
        (true, true) => &texts.was_seen,
        (true, false) => &texts.was_seen_and_said,
        (false, _) => &texts.was_said,
    };
    fill(template, &[("by", &note.operator), ("when", &reader.dated(note.at)), ("text", &note.text)])
}
