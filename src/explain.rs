//! `riverwatch explain`: where each number shown for a station comes from: the feed and its bytes, what the parser reads
//! in them, the stored row, the rule that made the status.

use std::process::ExitCode;
use std::sync::Arc;

use ::ingest::formats::{Item, Series, parse};
use anyhow::{Context as _, anyhow};
use hydro::{Forecast, Kind, Parameter, Source, Station, Timestamp, Value};
use server::{Snapshot, StationNow};
use store::{Logged, Reader};

use crate::config::Config;

/// Prints the trail of every number, as known at `at`.
#[allow(clippy::print_stdout)]
pub(crate) fn run(config: &Config, id: &str, at: Timestamp) -> anyhow::Result<ExitCode> {
    let reader = Reader::open(&config.database)?;
    let snapshot = Snapshot::read(&reader, Arc::new(config.site.clone()), at)?;
    let (_, station, state) =
        snapshot.find(id).ok_or_else(|| anyhow!("no station `{id}` is configured: `riverwatch check` lists faults"))?;
    let trail = Trail { config, reader: &reader, station, at };
    println!("{id} ({}), as known at {at}", station.name.in_language("en"));
    for line in trail.measurement(state)?.into_iter().chain(trail.status(state)).chain(trail.forecast(state)?) {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
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
            return Ok(vec!["level: no measurement is stored".to_owned()]);
        };
        let source = self.source(feed.as_str())?;
        let mut lines = vec![
            format!("level: {} m, valid {}", newest.value, newest.valid),
            format!("  from place `{}` of feed {feed}, {} m added for the datum", source.location, source.datum_offset),
        ];
        let raw = newest.value - source.datum_offset;
        let origin = self.reader.origin(feed, &source.location, Parameter::Level, newest.valid, self.at)?;
        let origin = origin.context("the stored row has gone while it was read")?;
        lines.push(format!("  first received {} as {raw} m", origin.received));
        lines.extend(self.bytes(origin.fetch.as_ref(), source, Kind::Observed, newest.valid)?);
        lines.push(format!(
            "  freshness: {}, for a cadence of {:#}",
            state.assessment.freshness.name(),
            self.station.cadence
        ));
        Ok(lines)
    }

    /// The rule that made the status.
    fn status(&self, state: &StationNow) -> Vec<String> {
        let Some(set) = &self.station.thresholds else {
            return vec!["status: unknown; no thresholds are configured".into()];
        };
        let said = match (state.assessment.status.rank(), state.assessment.newest) {
            (Some(rank), Some(newest)) => match set.height(rank) {
                Some(height) => format!("{}; {} m has reached {height} m", set.scheme().word(rank), newest.value),
                None => format!("normal; {} m is below every threshold", newest.value),
            },
            _ => "unknown; there is no current measurement".to_owned(),
        };
        let steps: Vec<String> =
            set.iter().map(|step| format!("{} {} m", set.scheme().word(step.rank), step.value)).collect();
        let date = set.date.map(|date| format!(", {date}")).unwrap_or_default();
        vec![
            format!("status: {said}"),
            format!("  thresholds: {} ({}{date})", steps.join(", "), set.source.in_language("en")),
        ]
    }

    fn forecast(&self, state: &StationNow) -> anyhow::Result<Vec<String>> {
        let Some(forecast) = &state.forecast else { return Ok(vec!["forecast: none is stored".to_owned()]) };
        let source = self.source(forecast.feed.as_str())?;
        let said = if forecast.issue_inferred { "issue time not stated, received" } else { "issued" };
        let mut lines = vec![
            format!("forecast: {}, {said} {}", state.assessment.forecast.name(), forecast.issued),
            format!(
                "  from place `{}` of feed {}, first received {}",
                source.location, forecast.feed, forecast.received
            ),
        ];
        if let Some(outlook) = &state.assessment.outlook {
            lines.push(format!("  peak ahead: {} m, valid {}", outlook.peak.value, outlook.peak.valid));
            lines.extend(self.peak_bytes(forecast, source, outlook.peak.valid)?);
        }
        Ok(lines)
    }

    fn peak_bytes(&self, forecast: &Forecast, source: &Source, valid: Timestamp) -> anyhow::Result<Vec<String>> {
        let fetch = self.reader.fetch_at(&forecast.feed, forecast.received)?;
        self.bytes(fetch.as_ref(), source, Kind::Forecast, valid)
    }

    /// The fetch, its body, and what the parser reads there for the instant.
    fn bytes(
        &self,
        fetch: Option<&Logged>,
        source: &Source,
        kind: Kind,
        valid: Timestamp,
    ) -> anyhow::Result<Vec<String>> {
        let Some(logged) = fetch else { return Ok(vec!["  the log of that fetch has been pruned".to_owned()]) };
        let feed = self.config.feeds.iter().find(|feed| feed.id == source.feed).context("the feed is configured")?;
        let fetch = &logged.fetch;
        let hash = fetch
            .hash
            .map(|hash| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
            .unwrap_or_default();
        let how = fetch
            .http_status
            .map_or_else(|| "imported".to_owned(), |status| format!("{} (HTTP {status})", feed.address));
        let mut lines = vec![format!("  {how}, {} bytes, SHA-256 {hash}", fetch.bytes)];
        let body = fetch.hash.map(|hash| self.reader.body(&hash)).transpose()?.flatten();
        let Some(body) = body else {
            lines.push("  these bytes have been pruned".to_owned());
            return Ok(lines);
        };
        let formats = std::iter::once(feed.format).chain(::ingest::formats::Format::ALL);
        let reading = formats.filter_map(|format| Some((format, parse(format, &body.bytes).ok()?))).find_map(
            |(format, parsed)| {
                let series = parsed.items.into_iter().filter_map(|item| match item {
                    Item::Series(series) => Some(series),
                    _ => None,
                });
                series
                    .filter(|series| belongs(series, source, kind))
                    .find_map(|series| read(&series, valid))
                    .map(|value| (format, value))
            },
        );
        lines.push(match reading {
            Some((format, value)) => format!("  the {} parser reads {value} m in them", format.name()),
            None => "  the parser no longer finds it in them".to_owned(),
        });
        Ok(lines)
    }

    fn source(&self, feed: &str) -> anyhow::Result<&Source> {
        let found = self.station.sources.iter().find(|source| source.feed.as_str() == feed);
        found.with_context(|| format!("the station has no source in feed {feed}"))
    }
}

fn belongs(series: &Series, source: &Source, kind: Kind) -> bool {
    series.location == source.location && series.kind == kind && series.parameter == source.parameter
}

fn read(series: &Series, valid: Timestamp) -> Option<Value> {
    series.points.iter().rev().find(|point| point.valid.as_second() == valid.as_second())?.value
}
