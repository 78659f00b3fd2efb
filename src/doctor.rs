//! `riverwatch doctor`: each feed is asked once, unconditionally, into a database of its own that goes afterwards; then what
//! arrived is told for each station, how old it is, in what unit, and what the page would show of it alone.

use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use ::ingest::Feed;
use anyhow::Context as _;
use hydro::{Now, Operation, Parameter, SignedDuration, Source, Station, Timestamp, freshness};
use server::{Snapshot, StationNow};
use store::{Fetch, Outcome, Reader, Writer};

use crate::config::Config;
use crate::ingest::chosen;
use crate::up;

/// Asks and tells; exit 1 where a feed fails or a station that is measured has nothing current.
#[allow(clippy::print_stdout)]
pub(crate) async fn run(config: &Config, only: Option<&str>, now: Now) -> anyhow::Result<ExitCode> {
    let plan = chosen(up::plan(config), only)?;
    let scratch = Scratch::new()?;
    let store = Arc::new(Mutex::new(Writer::open(&scratch.database())?));
    let asked = plan.feeds.clone();
    let results = ::ingest::once(plan, store, Arc::clone(&now)).await?;
    let mut ill = Vec::new();
    for (feed, (_, result)) in asked.iter().zip(results) {
        let well = result.as_ref().is_ok_and(|done| done.fetch.outcome == Outcome::Changed);
        let told = result.map_or_else(|error| error.to_string(), |done| told(&done.fetch));
        println!("{} {}  {}\n    {told}", mark(well), feed.id, feed.address);
        ill.extend((!well).then(|| format!("feed {}", feed.id)));
    }
    ill.extend(stations(config, &asked, &Reader::open(&scratch.database())?, now())?);
    println!("{}", if ill.is_empty() { "all is well".to_owned() } else { format!("not well: {}", ill.join(", ")) });
    Ok(if ill.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Tells of each station of the feeds that were asked, and gives those that are not well.
#[allow(clippy::print_stdout)]
fn stations(config: &Config, asked: &[Feed], reader: &Reader, at: Timestamp) -> anyhow::Result<Vec<String>> {
    let snapshot = Snapshot::read(reader, Arc::new(config.site.clone()), at)?;
    let mut ill = Vec::new();
    for (station, state) in snapshot.all() {
        let of_asked = |source: &&Source| asked.iter().any(|feed| feed.id == source.feed);
        let sources: Vec<&Source> = station.sources.iter().filter(of_asked).collect();
        if sources.is_empty() {
            continue;
        }
        let well = is_well(station, state);
        println!("{} {}  {}", mark(well), station.id, station.name.in_language("en"));
        for source in sources {
            arrived(reader, station, source, at)?.iter().for_each(|line| println!("    {line}"));
        }
        println!("    the page: {}", snapshot.sentence(station.id.as_str(), "en").unwrap_or_default());
        ill.extend((!well).then(|| station.id.to_string()));
    }
    Ok(ill)
}

/// Whether a station has what its configuration promises.
fn is_well(station: &Station, state: &StationNow) -> bool {
    let measured = station.measured && station.operation == Operation::Active;
    let levels = station.sources.iter().any(|source| source.parameter == Parameter::Level);
    !(measured && levels) || state.assessment.freshness.current()
}

fn mark(well: bool) -> char {
    if well { ' ' } else { '!' }
}

/// What came of a fetch.
fn told(fetch: &Fetch) -> String {
    let status = fetch.http_status.map(|status| format!(", HTTP {status}")).unwrap_or_default();
    let mut told = format!("{}{status}, {} bytes in {} ms", fetch.outcome.name(), fetch.bytes, fetch.took.as_millis());
    if fetch.ignored > 0 {
        told.push_str(&format!("; {} series of places that no station names", fetch.ignored));
    }
    if fetch.rejected > 0 {
        told.push_str(&format!("; {} rows rejected", fetch.rejected));
    }
    fetch.message.iter().for_each(|message| told.push_str(&format!("; {message}")));
    told
}

/// What a source brought to a station, a line each for measured and forecast.
fn arrived(reader: &Reader, station: &Station, source: &Source, at: Timestamp) -> anyhow::Result<Vec<String>> {
    let Source { feed, location, parameter, datum_offset } = source;
    let head = format!("{feed} `{location}` {}", parameter.name());
    let mut lines = Vec::new();
    let points = reader.observed(feed, location, *parameter, Timestamp::UNIX_EPOCH, at)?;
    let newest = points.iter().rev().find_map(|point| Some((point.valid, point.value?)));
    if let Some((valid, value)) = newest {
        let (unit, age) = (parameter.unit(), age(at.duration_since(valid)));
        let shift =
            if datum_offset.milli() == 0 { String::new() } else { format!(" and {datum_offset} for the datum") };
        let class = freshness(valid, station.cadence, at).name();
        lines.push(format!(
            "{head}: {} readings, the newest {value} {unit}{shift} at {valid}, {age} old, {class}",
            points.len()
        ));
    }
    if let Some(forecast) = reader.forecasts(feed, location, *parameter, at, 1)?.first() {
        let said = if forecast.issue_inferred { "of no stated issue" } else { "issued" };
        let state = forecast.state(at).name();
        let age = age(at.duration_since(forecast.issued));
        let end = forecast.points.last().map(|(valid, _)| format!(" until {valid}")).unwrap_or_default();
        lines.push(format!("{head}: forecast of {} values{end}, {said} {age} ago, {state}", forecast.points.len()));
    }
    if lines.is_empty() {
        lines.push(format!("{head}: nothing arrives"));
    }
    Ok(lines)
}

/// A length of time in its two largest units.
fn age(age: SignedDuration) -> String {
    match age.as_mins() {
        minutes @ ..60 => format!("{minutes} min"),
        minutes @ 60..1440 => format!("{} h {} min", minutes / 60, minutes % 60),
        minutes => format!("{} d {} h", minutes / 1440, minutes % 1440 / 60),
    }
}

/// A folder of this process alone, gone when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("riverwatch-doctor-{}", std::process::id()));
        std::fs::DirBuilder::new().mode(0o700).create(&folder).with_context(|| folder.display().to_string())?;
        Ok(Self(folder))
    }

    fn database(&self) -> PathBuf {
        Path::new(&self.0).join("river.db")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
