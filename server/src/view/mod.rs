//! What each page says, decided: every word, number and picture. Markup only lays out what stands here.

pub(crate) mod alerts;
pub(crate) mod embed;
pub(crate) mod forecasts;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod mark;
mod picture;
pub(crate) mod station;
mod table;

use hydro::{Assessment, Rank, Station};

use crate::format::Reader;
use crate::snapshot::StationNow;

pub(crate) use picture::{WIDTH, chart_bitmap, chart_onto, chart_standalone, chart_text, runs, spanning};

/// A status as it is shown: glyph and colour by rank (none is *unknown*), and its word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) rank: Option<Rank>,
    pub(crate) word: String,
}

impl Tag {
    pub(crate) fn of(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Self {
        Self::said(reader, station, &state.assessment)
    }

    pub(crate) fn said(reader: &Reader<'_>, station: &Station, assessment: &Assessment) -> Self {
        let rank = assessment.status.rank();
        let word = match (rank, &station.thresholds) {
            (Some(rank), Some(thresholds)) => reader.status(thresholds, rank),
            // The level is known; what it means nobody has said.
            (_, None) if assessment.current.is_some() => reader.texts.status_word("unrated"),
            _ => reader.texts.status_word("unknown"),
        };
        Self { rank, word: word.to_owned() }
    }
}

/// The word of a station's status in data: `unknown`, `normal`, or the threshold's name.
pub(crate) fn status_name(station: &Station, rank: Option<Rank>) -> &'static str {
    match (&station.thresholds, rank) {
        (Some(thresholds), Some(rank)) => thresholds.scheme().word(rank),
        _ => "unknown",
    }
}
