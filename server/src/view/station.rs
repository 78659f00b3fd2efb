//! A station's page, decided.

use hydro::{Forecast, Outlook, Parameter, Rank, SignedDuration, Station, Timestamp, Value, current_for};

use super::Tag;
use super::alerts::{self, AlertView};
use super::forecasts;
use super::mark::MarkView;
use super::picture::{Beside, chart_beside, ladder, previous, title};
use super::table::{self, Table};
use crate::board::arrow;
use crate::chart::glyph::Key;
use crate::format::{Reader, unit};
use crate::lang::fill;
use crate::sentence;
use crate::snapshot::{Snapshot, StationNow};

/// Everything that a station's page says.
#[derive(Debug)]
pub(crate) struct StationView {
    pub(crate) id: String,
    pub(crate) name: String,
    /// What the chart shows, and where.
    pub(crate) title: String,
    pub(crate) place: String,
    /// What the station's numbers are of, and their unit.
    pub(crate) parameter: Parameter,
    pub(crate) unit: &'static str,
    /// The official alerts that cover it.
    pub(crate) alerts: Vec<AlertView>,
    pub(crate) tag: Tag,
    /// The time of the newest measurement, for machines; its clock time with the zone; its age.
    pub(crate) measured: Option<(Timestamp, String, String)>,
    /// Until when the measurement counts as current.
    pub(crate) until: Option<Timestamp>,
    /// The current level, without its unit.
    pub(crate) level: Option<String>,
    /// Which way, as an arrow and in words.
    pub(crate) trend: Option<(&'static str, String)>,
    pub(crate) detail: Vec<String>,
    /// What a station of level says of its discharge in a line, and until when that is the present one.
    pub(crate) discharge: Option<(String, Option<Timestamp>)>,
    /// The sentence in its short form.
    pub(crate) sentence: String,
    pub(crate) chart: Option<String>,
    pub(crate) legend: Vec<(Key, String)>,
    /// What is forecast: names and what is said of them.
    pub(crate) outlook: Vec<(String, String)>,
    /// The forecast reaches days that are less certain.
    pub(crate) less_certain: bool,
    /// What leads to the last issues, where there are any: what has changed since the one before.
    pub(crate) forecasts: Option<String>,
    /// The reader's own mark.
    pub(crate) mark: Option<MarkView>,
    pub(crate) tidal: bool,
    pub(crate) ladder: Option<String>,
    /// How far the water is from the nearest past flood or the record.
    pub(crate) compared: Option<String>,
    pub(crate) table: Table,
    pub(crate) table_caption: String,
    pub(crate) facts: Vec<Fact>,
    /// The next stations of the same river towards source and mouth: id and name.
    pub(crate) upstream: Option<(String, String)>,
    pub(crate) downstream: Option<(String, String)>,
}

/// A fact about the numbers: its name, what is said, and where that leads.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) link: Option<String>,
}

/// Decides what the page of the station at `index` says.
pub(crate) fn view(reader: &Reader<'_>, snapshot: &Snapshot, index: usize) -> StationView {
    let (station, state) = (&snapshot.site.stations[index], snapshot.state(index));
    let code = reader.texts.code.as_str();
    let second = station.discharge().zip(state.discharge.as_ref());
    StationView {
        alerts: alerts::of_station(reader, snapshot, index),
        discharge: second.and_then(|(station, state)| sentence::discharge(reader, &station, state)),
        forecasts: forecasts::link(reader, station, state),
        upstream: neighbour(station, snapshot.site.stations[..index].iter().rev(), code),
        downstream: neighbour(station, snapshot.site.stations[index + 1..].iter(), code),
        ..alone(reader, snapshot, station, state)
    }
}

/// Decides what is said of a station by itself, be it by the discharge that is not what it speaks of first.
pub(crate) fn alone(reader: &Reader<'_>, snapshot: &Snapshot, station: &Station, state: &StationNow) -> StationView {
    let code = reader.texts.code.as_str();
    let current = state.assessment.current;
    let measured = state.assessment.newest.map(|reading| {
        let recent = reader.now.duration_since(reading.valid) < SignedDuration::from_hours(12);
        let clock = if recent { reader.clock(reading.valid) } else { reader.at(reading.valid) };
        (reading.valid, format!("{clock} {}", reader.zone_name(reading.valid)), reader.age(reading.valid))
    });
    let caption = match station.parameter() {
        Parameter::Level => &reader.texts.station.table_caption,
        Parameter::Discharge => &reader.texts.station.table_caption_discharge,
    };
    StationView {
        id: station.id.to_string(),
        name: station.name.in_language(code).to_owned(),
        title: title(reader, station),
        parameter: station.parameter(),
        unit: unit(station.parameter()),
        place: place(reader, station),
        alerts: Vec::new(),
        tag: Tag::of(reader, station, state),
        measured,
        until: current.map(|reading| reading.valid + current_for(station.cadence)),
        level: current.map(|reading| reader.figure(reading.value, station)),
        trend: state.assessment.trend.map(|trend| (arrow(trend), reader.trend(trend, station.parameter()))),
        detail: sentence::detail(reader, station, state),
        discharge: None,
        sentence: sentence::short(reader, station, state),
        chart: chart_beside(reader, station, state, Beside { previous: true, mark: None }),
        legend: legend(reader, state),
        outlook: outlook(reader, snapshot, station, state),
        less_certain: forecasts::less_certain(state, reader.now),
        forecasts: None,
        mark: None,
        tidal: station.tidal,
        ladder: ladder(reader, station, state, None),
        compared: sentence::compared(reader, station, state),
        table: table::table(reader, station, state),
        table_caption: fill(caption, &[("zone", &reader.zone_name(reader.now))]),
        facts: facts(reader, snapshot, station, state),
        upstream: None,
        downstream: None,
    }
}

fn place(reader: &Reader<'_>, station: &Station) -> String {
    let river = station.river.in_language(&reader.texts.code);
    match &station.gauge {
        Some(number) => format!("{river} \u{b7} {}", fill(&reader.texts.station.gauge, &[("number", number)])),
        None => river.to_owned(),
    }
}

/// The next station of the same river.
fn neighbour<'a>(
    station: &Station,
    mut others: impl Iterator<Item = &'a Station>,
    code: &str,
) -> Option<(String, String)> {
    let other = others.find(|other| other.river == station.river)?;
    Some((other.id.to_string(), other.name.in_language(code).to_owned()))
}

pub(super) fn legend(reader: &Reader<'_>, state: &StationNow) -> Vec<(Key, String)> {
    let texts = &reader.texts.station;
    let mut keys = Vec::new();
    if state.assessment.newest.is_some() {
        keys.push((Key::Measured, texts.measured.clone()));
    }
    if let Some(forecast) = state.current_forecast(reader.now) {
        let naming = forecast.band().map(|band| sentence::naming(reader, band.bounds));
        match naming {
            Some(naming) if forecast.points.is_empty() => {
                keys.push((Key::Band, format!("{}, {naming}", reader.issued(forecast))));
            }
            naming => {
                keys.push((Key::Forecast, reader.issued(forecast)));
                keys.extend(naming.map(|naming| (Key::Band, naming)));
            }
        }
    }
    if let Some(previous) = previous(state, reader.now) {
        let when = reader.at(previous.issued);
        keys.push((Key::Previous, fill(&reader.texts.forecasts.previous, &[("when", &when)])));
    }
    if state.assessment.screened.iter().any(|screened| screened.suspect().is_some()) {
        keys.push((Key::Doubtful, texts.doubtful.clone()));
    }
    keys
}

fn outlook(reader: &Reader<'_>, snapshot: &Snapshot, station: &Station, state: &StationNow) -> Vec<(String, String)> {
    let texts = &reader.texts.station;
    let thresholds = station.thresholds.as_ref();
    let mut rows = Vec::new();
    let Some(forecast) = &state.forecast else { return rows };
    let with_status = |value: Value| {
        let level = reader.level(value, station);
        let reached = thresholds.map(|set| (set, set.reached(value))).filter(|(_, rank)| *rank > Rank::NORMAL);
        reached.map_or_else(
            || level.clone(),
            |(set, rank)| format!("{level} ({})", reader.status(set, rank).to_lowercase()),
        )
    };
    if let Some(outlook) = &state.assessment.outlook {
        if thresholds.is_some() {
            rows.extend(outlook.crossings.iter().map(|crossing| {
                let name = fill(&texts.crossing, &[("threshold", reader.threshold(station, crossing.rank))]);
                (name, reader.about(crossing.valid))
            }));
        }
        rows.push(ahead(reader, outlook, forecast, with_status));
    }
    if forecast.end().is_some() {
        let name = if forecast.issue_inferred { &texts.issue_inferred } else { &texts.issued };
        rows.push((name.clone(), reader.at_zone(forecast.issued)));
    }
    let feed = snapshot.site.feeds.iter().zip(snapshot.feeds.iter()).find(|(note, _)| note.id == forecast.feed);
    let upcoming = |next: &Timestamp| *next + SignedDuration::from_hours(24) > reader.now;
    if let Some(next) = feed.and_then(|(_, feed)| feed.state.next_issue).filter(upcoming) {
        rows.push((texts.next_issue.clone(), reader.day(next)));
    }
    rows
}

/// The peak; for a forecast that only falls, where it falls to.
fn ahead(
    reader: &Reader<'_>,
    outlook: &Outlook,
    forecast: &Forecast,
    with_status: impl Fn(Value) -> String,
) -> (String, String) {
    let texts = &reader.texts.station;
    let peak = outlook.peak;
    let end = forecast.points.last().filter(|_| peak.falling);
    let (name, (at, value)) = match end {
        Some(&end) => (&texts.falls_to, end),
        None if peak.still_rising => (&texts.highest, (peak.valid, peak.value)),
        None => (&texts.peak, (peak.valid, peak.value)),
    };
    (name.clone(), format!("{}, {}", with_status(value), reader.about(at)))
}

fn facts(reader: &Reader<'_>, snapshot: &Snapshot, station: &Station, state: &StationNow) -> Vec<Fact> {
    let texts = &reader.texts.station;
    let code = reader.texts.code.as_str();
    let mut facts = Vec::new();
    let mut fact =
        |name: &str, text: String, link: Option<String>| facts.push(Fact { name: name.to_owned(), text, link });
    if let Some(reading) = state.assessment.newest {
        fact(&texts.measured_at, reader.at_zone(reading.valid), None);
        if let Some(quality) = reading.quality {
            fact(&texts.quality, reader.texts.quality[quality.name()].clone(), None);
        }
    }
    let forecast_feed = state.forecast.as_ref().map(|forecast| &forecast.feed);
    for (role, feed) in [(&texts.measured_by, state.source.as_ref()), (&texts.forecast_from, forecast_feed)] {
        let Some(note) = snapshot.site.feeds.iter().find(|note| Some(&note.id) == feed) else { continue };
        let said = format!("{}. {}.", note.title.in_language(code), note.attribution.in_language(code));
        fact(role, said, note.licence.as_ref().map(|licence| licence.in_language(code).to_owned()));
    }
    let mut notes = snapshot.site.feeds.iter().filter(|note| Some(&note.id) == forecast_feed);
    if let Some(forecaster) = notes.find_map(|note| note.forecaster.as_ref()) {
        fact(&texts.forecaster, forecaster.in_language(code).to_owned(), None);
    }
    if station.parameter() == Parameter::Level {
        let datum = station.datum.as_ref();
        let said = datum.map_or_else(|| texts.datum_unknown.clone(), |datum| datum.in_language(code).to_owned());
        fact(&texts.datum, said, None);
    }
    if let Some(set) = &station.thresholds {
        let source = set.source.in_language(code);
        let said = set.date.map_or_else(
            || source.to_owned(),
            |date| fill(&texts.thresholds_source_date, &[("source", source), ("date", &reader.date(date))]),
        );
        fact(&texts.thresholds_source, said, None);
        let log = format!("/{code}/station/{}/log", station.id);
        fact(&texts.episodes, texts.episodes_link.clone(), Some(log));
    }
    if let Some(page) = &station.agency_page {
        let page = page.in_language(code).to_owned();
        fact(
            &texts.agency_page,
            page.trim_start_matches("https://").split('/').next().unwrap_or_default().to_owned(),
            Some(page),
        );
    }
    let position = station.position;
    let map = format!("geo:{:.5},{:.5}", position.latitude, position.longitude);
    let shown = format!("{:.4}, {:.4}", position.latitude, position.longitude);
    fact(&texts.position, shown, Some(map));
    facts
}
