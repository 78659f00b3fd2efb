//! A station with the reader's own mark: the same page, whose chart, scale and sentence speak of it.

use hydro::{Parameter, Station, Value};

use super::picture::{Beside, chart_beside, ladder};
use super::station::{self, StationView};
use crate::format::{Reader, unit};
use crate::lang::fill;
use crate::snapshot::{Snapshot, StationNow};
use crate::{mark, sentence};

/// The mark on a station's page.
#[derive(Debug)]
pub(crate) struct MarkView {
    /// Its height as it stands in an address.
    pub(crate) value: Value,
    pub(crate) said: String,
}

/// The page on which a mark is written.
#[derive(Debug)]
pub(crate) struct MarkForm {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) title: String,
    /// How one finds the height, where the level now is known.
    pub(crate) find: Option<String>,
    pub(crate) label: String,
    /// What was written and cannot be, and why.
    pub(crate) wrong: Option<(String, String)>,
}

/// Decides what the page of the station at `index` says with a mark.
pub(crate) fn marked(reader: &Reader<'_>, snapshot: &Snapshot, index: usize, mark: Value) -> StationView {
    let (station, state) = (&snapshot.site.stations[index], snapshot.state(index));
    let beside = Beside { previous: true, mark: Some(mark) };
    StationView {
        chart: chart_beside(reader, station, state, beside),
        ladder: ladder(reader, station, state, Some(mark)),
        mark: Some(MarkView { value: mark, said: sentence::mark(reader, station, state, mark) }),
        ..station::view(reader, snapshot, index)
    }
}

/// Decides what the page says on which a mark is written, after `wrong` was written.
pub(crate) fn form(reader: &Reader<'_>, station: &Station, state: &StationNow, wrong: Option<&str>) -> MarkForm {
    let texts = &reader.texts.mark;
    let (name, parameter) = (station.name.in_language(&reader.texts.code), station.parameter());
    let current = state.assessment.current.filter(|_| parameter == Parameter::Level);
    let (low, high) = mark::range(station, state);
    MarkForm {
        id: station.id.to_string(),
        name: name.to_owned(),
        title: fill(&texts.title, &[("name", name)]),
        find: current.map(|reading| {
            let higher = reader.level(reading.value + Value::from_milli(1000), station);
            fill(&texts.find, &[("level", &reader.level(reading.value, station)), ("higher", &higher)])
        }),
        label: fill(&texts.label, &[("unit", unit(parameter))]),
        wrong: wrong.map(|text| {
            let [low, high] = [low, high].map(|value| reader.stated(value, parameter));
            (text.to_owned(), fill(&texts.wrong, &[("text", text), ("low", &low), ("high", &high)]))
        }),
    }
}
