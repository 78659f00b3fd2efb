//! The list of all stations, decided: which, in which order, and what matters about each.

use hydro::{LocalText, Rank, Station, Timestamp, current_for};

use super::alerts::{self, AlertView, Mark};
use super::{Tag, status_name};
use crate::format::Reader;
use crate::lang::fill;
use crate::sentence;
use crate::snapshot::{Snapshot, StationNow};

/// What a reader asked of the list in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// `q`: part of a name, river or region, without regard to case or accents.
    pub(crate) find: String,
    /// `s`: ids of the only stations wanted.
    pub(crate) only: Vec<String>,
    /// `status`: only stations of this status, by its name in data.
    pub(crate) status: Option<String>,
    pub(crate) sort: Sort,
}

/// The order of the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Worst first: by the worse of status and outlook.
    #[default]
    Status,
    /// From source to mouth.
    River,
    /// By name in the page's language.
    Name,
}

impl Sort {
    pub(crate) const ALL: [Self; 3] = [Self::Status, Self::River, Self::Name];

    /// Its word in the address.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::River => "river",
            Self::Name => "name",
        }
    }
}

/// The list's page.
#[derive(Debug)]
pub(crate) struct ListView {
    /// The official alerts that cover a station, whatever was asked for.
    pub(crate) alerts: Vec<AlertView>,
    pub(crate) summary: String,
    /// Tag, name in data, and how many; highest first, then normal and unknown.
    pub(crate) counts: Vec<(Tag, &'static str, usize)>,
    pub(crate) rows: Vec<Row>,
    pub(crate) total: usize,
}

/// One station in the list.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Where it stands, in degrees to about a hundred metres.
    pub(crate) at: String,
    pub(crate) tag: Tag,
    pub(crate) words: String,
    /// What the forecast reaches, where that is higher than the water stands.
    pub(crate) worse_ahead: Option<Rank>,
    /// Until when the measurement counts as current.
    pub(crate) until: Option<Timestamp>,
    /// The current level, and when it was measured.
    pub(crate) level: Option<(String, String)>,
    pub(crate) alert: Option<Mark>,
}

/// Decides what the list says to a wish.
pub(crate) fn view(reader: &Reader<'_>, snapshot: &Snapshot, wish: &Wish) -> ListView {
    let mut shown: Vec<(usize, &Station, &StationNow)> =
        snapshot.all().enumerate().map(|(i, (station, state))| (i, station, state)).collect();
    let wanted = plain(&wish.find);
    shown.retain(|(_, station, state)| {
        let name = status_name(station, state.assessment.status.rank());
        let region = || station.region.iter().flat_map(LocalText::all);
        let texts = || station.name.all().chain(station.river.all()).chain(region()).chain(station.gauge.as_deref());
        (wanted.is_empty() || texts().any(|text| plain(text).contains(&wanted)))
            && (wish.only.is_empty() || wish.only.iter().any(|id| id == station.id.as_str()))
            && wish.status.as_deref().is_none_or(|status| status == name)
    });
    match wish.sort {
        Sort::River => {}
        Sort::Name => shown.sort_by_key(|(_, station, _)| plain(station.name.in_language(&reader.texts.code))),
        Sort::Status => shown.sort_by_key(|(i, _, state)| (std::cmp::Reverse(urgency(state)), *i)),
    }
    ListView {
        alerts: alerts::of_site(reader, snapshot),
        summary: summary(reader, snapshot),
        counts: counts(reader, snapshot),
        rows: shown
            .into_iter()
            .map(|(i, station, state)| Row {
                alert: alerts::mark(snapshot, i, reader.now),
                ..row(reader, station, state)
            })
            .collect(),
        total: snapshot.all().len(),
    }
}

/// The worse of now and ahead, then now; a known status before an unknown one.
fn urgency(state: &StationNow) -> (Option<Rank>, Option<Rank>) {
    let now = state.assessment.status.rank();
    let ahead = state.assessment.outlook.as_ref().and_then(|outlook| outlook.rank);
    (now.max(ahead.filter(|rank| *rank > Rank::NORMAL)), now)
}

fn row(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Row {
    let assessment = &state.assessment;
    let current = assessment.current;
    let ahead = assessment.outlook.as_ref().and_then(|outlook| outlook.rank);
    Row {
        id: station.id.to_string(),
        name: station.name.in_language(&reader.texts.code).to_owned(),
        at: format!("{:.3},{:.3}", station.position.latitude, station.position.longitude),
        tag: Tag::of(reader, station, state),
        words: sentence::row(reader, station, state),
        worse_ahead: ahead.filter(|rank| *rank > assessment.status.rank().unwrap_or(Rank::NORMAL)),
        until: current.map(|reading| reading.valid + current_for(station.cadence)),
        level: current.map(|reading| (reader.level(reading.value, station), reader.clock(reading.valid))),
        alert: None,
    }
}

pub(crate) fn summary(reader: &Reader<'_>, snapshot: &Snapshot) -> String {
    let texts = &reader.texts.list;
    let ranks = || snapshot.all().map(|(_, state)| state.assessment.status.rank());
    let above = ranks().filter(|rank| rank.is_some_and(|rank| rank > Rank::NORMAL)).count();
    let unknown = ranks().filter(Option::is_none).count();
    let one_or_many = |n: usize, one: &str, many: &str| fill(if n == 1 { one } else { many }, &[("n", &n.to_string())]);
    let above = match above {
        // With nothing known, "no station is above" would be a claim that nobody can make.
        0 if unknown == snapshot.all().len() => String::new(),
        0 => texts.summary_none.clone(),
        n => one_or_many(n, &texts.summary_one, &texts.summary_many),
    };
    let unknown = match unknown {
        0 => String::new(),
        n => one_or_many(n, &texts.summary_unknown_one, &texts.summary_unknown_many),
    };
    format!("{above} {unknown}").trim().to_owned()
}

fn counts(reader: &Reader<'_>, snapshot: &Snapshot) -> Vec<(Tag, &'static str, usize)> {
    let mut counts: Vec<(Tag, &'static str, usize)> = Vec::new();
    for (station, state) in snapshot.all() {
        let name = status_name(station, state.assessment.status.rank());
        match counts.iter_mut().find(|(_, known, _)| *known == name) {
            Some((.., n)) => *n += 1,
            None => counts.push((Tag::of(reader, station, state), name, 1)),
        }
    }
    counts.sort_by_key(|(tag, ..)| std::cmp::Reverse(tag.rank));
    counts
}

/// A text as one searches for it: lower case, without accents, marks as spaces.
pub(crate) fn plain(text: &str) -> String {
    let letters = text.to_lowercase();
    // A letter may come with its accent as a mark of its own, as some keyboards send it.
    let letters =
        letters.chars().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)).map(|letter| match letter {
            'à' | 'â' | 'ä' | 'á' => 'a',
            'ç' => 'c',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' | 'í' => 'i',
            'ô' | 'ö' | 'ó' => 'o',
            'ù' | 'û' | 'ü' | 'ú' => 'u',
            'ÿ' => 'y',
            letter if letter.is_alphanumeric() => letter,
            _ => ' ',
        });
    letters.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
