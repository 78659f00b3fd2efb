//! `riverwatch explain`: where each number shown for a station comes from: the feed and its bytes, what the parser reads
//! in them, the stored row, the rule that made the status.

use std::process::ExitCode;
use std::sync::Arc;

use ::ingest::Feed;
use ::ingest::formats::{Format, Item, Series};
use anyhow::{Context as _, anyhow};
use hydro::{Forecast, Kind, Parameter, Source, Stat, Station, Timestamp, Value};
use server::{AlertNow, Snapshot, StationNow};
use store::{Logged, Reader};

use crate::config::Config;

/// Prints the trail of every number, as known at `at`.
#[allow(clippy::print_stdout)]
pub(crate) fn run(config: &Config, id: &str, at: Timestamp) -> anyhow::Result<ExitCode> {
    let reader = Reader::open(&config.database)?;
    let snapshot = Snapshot::read(&reader, Arc::new(config.site.clone()), at)?;
    let (place, station, state) =
        snapshot.find(id).ok_or_else(|| anyhow!("no station `{id}` is configured: `riverwatch check` lists faults"))?;
    let trail = Trail { config, reader: &reader, station, at };
    println!("{id} ({}), as known at {at}", station.name.in_language("en"));
    let mut lines = trail.measurement(state)?;
    lines.extend(trail.status(state));
    lines.extend(trail.forecast(state)?);
    if let (Some(second), Some(state)) = (station.discharge(), &state.discharge) {
        let trail = Trail { station: &second, ..trail };
        lines.extend(trail.measurement(state)?);
        lines.extend(trail.forecast(state)?);
    }
    for line in lines {
        println!("{line}");
    }
    for line in alerts(&snapshot, place) {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

/// The official alerts that cover a station, and what brought them.
fn alerts(snapshot: &Snapshot, place: usize) -> Vec<String> {
    let covering = snapshot.alerts.iter().filter(|alert| alert.stations.contains(&place));
    covering
        .flat_map(|AlertNow { alert, feed, received, .. }| {
            let id = &alert.id;
            let event = alert.notices.first().map_or("", |notice| notice.event.as_str());
            [
                format!("official alert: {event}"),
                format!("  message {} of {}, sent {}", id.identifier, id.sender, id.sent),
                format!("  from feed {feed}, first received {received}"),
            ]
        })
        .collect()
}

struct Trail<'a> {
    config: &'a Config,
    reader: &'a Reader,
    station: &'a Station,
    at: Timestamp,
}

impl Trail<'_> {
    fn measurement(&self, state: &StationNow) -> anyhow::Result<Vec<String>> {
        let (Some(newest), Some(feed)) = (state.assessment.newest, &state.source) else {
            return Ok(vec![format!("{}: no measurement is stored", self.station.parameter().name())]);
        };
        let source = self.source(feed.as_str())?;
        let parameter = self.station.parameter();
        let unit = parameter.unit();
        let mut lines = vec![
            format!("{}: {} {unit}, valid {}", parameter.name(), newest.value, newest.valid),
            match parameter {
                Parameter::Level => {
                    let (place, added) = (&source.location, source.datum_offset);
                    format!("  from place `{place}` of feed {feed}, {added} m added for the datum")
                }
                Parameter::Discharge => format!("  from place `{}` of feed {feed}", source.location),
            },
        ];
        let raw = newest.value - source.datum_offset;
        let received = self.reader.received(feed, &source.location, parameter, newest.valid, self.at)?;
        let received = received.context("the stored row has gone while it was read")?;
        lines.push(format!("  first received {received} as {raw} {unit}"));
        lines.extend(self.bytes(received, source, (Kind::Observed, &Stat::Value), newest.valid)?);
        lines.push(format!(
            "  freshness: {}, for a cadence of {:#}",
            state.assessment.freshness.name(),
            self.station.cadence
        ));
        lines.push(Self::quality(state, unit));
        Ok(lines)
    }

    /// What quality control made of the newest readings.
    fn quality(state: &StationNow, unit: &str) -> String {
        let screened = &state.assessment.screened;
        let doubted = screened.iter().filter(|screened| screened.suspect().is_some()).count();
        let newest = state.assessment.suspect.map(|(reading, doubt)| {
            format!("; a newer one, {} {unit} at {}, is {}", reading.value, reading.valid, doubt.name())
        });
        format!("  quality: {doubted} of {} readings are in doubt{}", screened.len(), newest.unwrap_or_default())
    }

    /// The rule that made the status.
    fn status(&self, state: &StationNow) -> Vec<String> {
        let Some(set) = &self.station.thresholds else {
            return vec!["status: unknown; no thresholds are configured".into()];
        };
        let unit = self.station.parameter().unit();
        let said = match (state.assessment.status.rank(), state.assessment.newest) {
            (Some(rank), Some(newest)) => match set.height(rank) {
                Some(height) => {
                    format!("{}; {} {unit} has reached {height} {unit}", set.scheme().word(rank), newest.value)
                }
                None => format!("normal; {} {unit} is below every threshold", newest.value),
            },
            _ => "unknown; there is no current measurement".to_owned(),
        };
        let steps: Vec<String> =
            set.iter().map(|step| format!("{} {} {unit}", set.scheme().word(step.rank), step.value)).collect();
        let date = set.date.map(|date| format!(", {date}")).unwrap_or_default();
        vec![
            format!("status: {said}"),
            format!("  thresholds: {} ({}{date})", steps.join(", "), set.source.in_language("en")),
        ]
    }

    fn forecast(&self, state: &StationNow) -> anyhow::Result<Vec<String>> {
        let Some(forecast) = &state.forecast else { return Ok(vec!["forecast: none is stored".to_owned()]) };
        let source = self.source(forecast.feed.as_str())?;
        let unit = self.station.parameter().unit();
        let said = if forecast.issue_inferred { "issue time not stated, received" } else { "issued" };
        let mut lines = vec![
            format!("forecast: {}, {said} {}", state.assessment.forecast.name(), forecast.issued),
            format!(
                "  from place `{}` of feed {}, first received {}",
                source.location, forecast.feed, forecast.received
            ),
        ];
        if let Some(outlook) = &state.assessment.outlook {
            lines.push(format!("  peak ahead: {} {unit}, valid {}", outlook.peak.value, outlook.peak.valid));
            lines.extend(self.bytes(forecast.received, source, (Kind::Forecast, &Stat::Value), outlook.peak.valid)?);
        }
        lines.extend(self.range(state, forecast, source)?);
        Ok(lines)
    }

    /// The lowest and the highest bound at the peak, or where a bound stands highest, by the feed's own names.
    fn range(&self, state: &StationNow, forecast: &Forecast, source: &Source) -> anyhow::Result<Vec<String>> {
        let peak = state.assessment.outlook.as_ref().map(|outlook| outlook.peak.valid);
        let highest = || forecast.band()?.highest(self.at).map(|(at, _)| at);
        let Some(at) = peak.or_else(highest) else { return Ok(Vec::new()) };
        let told = forecast.bounds.iter().filter_map(|bound| {
            bound.points.iter().find(|(valid, _)| *valid == at).map(|&(_, value)| (value, &bound.name))
        });
        let (lowest, highest) = (told.clone().min(), told.max());
        let mut lines = Vec::new();
        for (value, name) in lowest.into_iter().chain(highest) {
            lines.push(format!("  bound `{name}`: {value} {}, valid {at}", source.parameter.unit()));
            let stat = Stat::Named(name.clone());
            lines.extend(self.bytes(forecast.received, source, (Kind::Forecast, &stat), at)?);
        }
        Ok(lines)
    }

    /// The fetches of an instant: of the one whose bytes hold the value, what the parser reads in them.
    fn bytes(
        &self,
        received: Timestamp,
        source: &Source,
        series: (Kind, &Stat),
        valid: Timestamp,
    ) -> anyhow::Result<Vec<String>> {
        let feed = self.config.feeds.iter().find(|feed| feed.id == source.feed).context("the feed is configured")?;
        let log = self.reader.fetches_at(&feed.id, received)?;
        if log.is_empty() {
            return Ok(vec!["  the log of that fetch has been pruned".to_owned()]);
        }
        for Logged { fetch, .. } in &log {
            let Some(hash) = fetch.hash else { continue };
            let Some(body) = self.reader.body(&hash)? else { continue };
            let formats = std::iter::once(feed.format.clone()).chain(Format::NAMED);
            let read = |bytes: &[u8], format: &Format| reading(feed, format, bytes, source, series, valid);
            let found = formats.into_iter().find_map(|format| read(&body.bytes, &format).map(|value| (format, value)));
            let Some((format, value)) = found else { continue };
            let place = place(&body.bytes, value, |bytes| read(bytes, &format));
            let place = place.map(|(line, byte)| format!(", line {line}, from byte {byte} on")).unwrap_or_default();
            let from = fetch
                .http_status
                .map_or_else(|| "imported".to_owned(), |status| format!("{} (HTTP {status})", feed.address));
            let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            return Ok(vec![
                format!("  {from}, {} bytes, SHA-256 {hash}", fetch.bytes),
                format!("  the {} parser reads {value} {} in them{place}", format.name(), source.parameter.unit()),
            ]);
        }
        Ok(vec!["  its bytes have been pruned, or the parser no longer finds it in them".to_owned()])
    }

    fn source(&self, feed: &str) -> anyhow::Result<&Source> {
        let parameter = self.station.parameter();
        let leads = |source: &&Source| source.feed.as_str() == feed && source.parameter == parameter;
        let found = self.station.sources.iter().find(leads);
        found.with_context(|| format!("the station has no source in feed {feed}"))
    }
}

/// What a format's parser reads in a body for an instant.
fn reading(
    feed: &Feed,
    format: &Format,
    bytes: &[u8],
    source: &Source,
    (kind, stat): (Kind, &Stat),
    valid: Timestamp,
) -> Option<Value> {
    let belongs = |series: &Series| {
        (series.location == source.location && series.stat == *stat)
            && (series.kind == kind && series.parameter == source.parameter)
    };
    let items = feed.read(format, bytes).ok()?.items.into_iter();
    let series = items.filter_map(|item| if let Item::Series(series) = item { Some(series) } else { None });
    series.filter(belongs).find_map(|series| read(&series, valid))
}

/// The line of the body, counted from 1, and its first byte, counted from 0, without which the parser no longer reads the
/// value: of the lines that hold its digits the first one whose blanking changes the reading.
fn place(bytes: &[u8], value: Value, read: impl Fn(&[u8]) -> Option<Value>) -> Option<(usize, usize)> {
    let digits = value.to_string();
    let mut start = 0;
    for (i, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let range = start..start + line.len();
        start = range.end;
        if !line.windows(digits.len()).any(|window| window == digits.as_bytes()) {
            continue;
        }
        let mut without = bytes.to_vec();
        without[range.clone()].iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
        if read(&without) != Some(value) {
            return Some((i + 1, range.start));
        }
    }
    None
}

fn read(series: &Series, valid: Timestamp) -> Option<Value> {
    series.points.iter().rev().find(|point| point.valid.as_second() == valid.as_second())?.value
}
