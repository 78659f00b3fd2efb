//! The public log of a station's times above its thresholds, decided.

use hydro::{Assessment, Edge, Episode, Rank, Station, Thresholds};
use store::Note;

use crate::format::Reader;
use crate::lang::fill;
use crate::page::notes::line;

/// The log's page.
#[derive(Debug)]
pub(crate) struct LogView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) intro: String,
    /// What is said where there is no row.
    pub(crate) none: String,
    /// Newest first.
    pub(crate) rows: Vec<Row>,
    /// Notes on times that are not among the rows any more, as measurements were corrected.
    pub(crate) notes: Vec<String>,
}

/// One time above a threshold.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) rank: Rank,
    pub(crate) word: String,
    pub(crate) began: String,
    pub(crate) ended: String,
    pub(crate) peak: String,
    /// What operators noted, oldest first.
    pub(crate) notes: Vec<String>,
}

/// Decides what the log of a station says, from all that is kept of its measurements.
pub(crate) fn view(reader: &Reader<'_>, station: &Station, ever: &Assessment, notes: &[Note]) -> LogView {
    let texts = &reader.texts.log;
    let name = station.name.in_language(&reader.texts.code);
    let minutes = station.episodes.off_delay.as_mins();
    let off_delay = if minutes < 120 { format!("{minutes}\u{a0}min") } else { format!("{}\u{a0}h", minutes / 60) };
    let intro = if station.tidal { &texts.intro_tidal } else { &texts.intro };
    let known = ever.screened.iter().any(|screened| screened.trusted().is_some());
    let (mut rows, mut left) = (Vec::new(), Vec::new());
    left.extend(notes.iter().filter(|note| note.station == station.id));
    // Of times that began together, the one of the lowest threshold lasts longest and has the notes.
    for (set, episode) in station.thresholds.iter().flat_map(|set| ever.episodes.iter().map(move |one| (set, one))) {
        let (of_it, others) = left.into_iter().partition(|note| note.began == episode.began.valid);
        left = others;
        rows.push(row(reader, station, set, episode, &of_it));
    }
    rows.reverse();
    LogView {
        id: station.id.to_string(),
        name: name.to_owned(),
        title: fill(&texts.title, &[("name", name)]),
        intro: fill(intro, &[("off_delay", &off_delay)]),
        none: if known { texts.none.clone() } else { texts.unknown.clone() },
        rows,
        notes: left.into_iter().map(|note| line(reader, note)).collect(),
    }
}

fn row(reader: &Reader<'_>, station: &Station, set: &Thresholds, episode: &Episode, notes: &[&Note]) -> Row {
    let texts = &reader.texts.log;
    let edge = |edge: Edge| {
        let when = reader.at(edge.valid);
        if edge.or_earlier { fill(&texts.or_earlier, &[("when", &when)]) } else { when }
    };
    let ended = match (episode.ended, episode.not_confirmed_since) {
        (Some(ended), _) => edge(ended),
        (None, Some(since)) => fill(&texts.not_confirmed, &[("when", &reader.at(since))]),
        (None, None) => texts.open.clone(),
    };
    let peak = format!("{}, {}", reader.level(episode.peak.value, station), reader.at(episode.peak.valid));
    Row {
        rank: episode.rank,
        word: reader.status(set, episode.rank).to_owned(),
        began: edge(episode.began),
        ended,
        peak,
        notes: notes.iter().map(|note| line(reader, note)).collect(),
    }
}
