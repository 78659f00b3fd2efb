//! What a station's data say by time: measurements, issues of forecasts, episodes, thresholds. Values in the station's datum.

use hydro::{
    FUTURE_TOLERANCE, FeedId, Forecast, Parameter, Screened, SignedDuration, Source, Station, Timestamp, screen,
};
use serde_json::{Value as Json, json};
use store::{Reader as Database, StoreError};

use super::query::{Query, cursor_of};
use super::{PAGE, Refused};
use crate::data::{attribution, bounds, cell, invented, number, pairs};
use crate::format::Reader;
use crate::lang::fill;
use crate::snapshot::{Snapshot, StationNow, leading, measurements_within};
use crate::view::status_name;

/// What is given where no beginning is asked for: the two weeks before the end.
const SPAN: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Measurements so long before are looked at to say which of a page are doubted.
const LEAD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A station of a snapshot, told to a reader.
pub(super) struct Place<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) snapshot: &'a Snapshot,
    pub(super) station: &'a Station,
    pub(super) state: &'a StationNow,
}

/// What is asked of a station: a parameter, one of its sources, and from when until when.
struct Asked {
    parameter: Parameter,
    source: Source,
    /// All sources of the parameter.
    sources: Vec<FeedId>,
    from: Timestamp,
    until: Timestamp,
}

/// A page of measurements.
pub(super) struct Observations {
    asked: Asked,
    rows: Vec<Screened>,
    /// Where the next page is.
    pub(super) next: Option<String>,
}

impl Place<'_> {
    /// A page of measurements, with what is to be said against each.
    pub(super) fn observations(&self, database: &Database, query: &Query, file: &str) -> Result<Observations, Refused> {
        let asked = self.asked(query, |state| state.source.as_ref())?;
        let station = self.second(asked.parameter);
        let limits = station.as_ref().map_or(&self.station.limits, |second| &second.limits);
        let after = query.after().and_then(|after| after.checked_add(SignedDuration::from_secs(1)).ok());
        let from = after.map_or(asked.from, |after| after.max(asked.from));
        let until = asked.until.min(self.snapshot.now + FUTURE_TOLERANCE + SignedDuration::from_secs(1));
        let lead = from.checked_sub(LEAD).unwrap_or(Timestamp::MIN);
        let points = measurements_within(database, &asked.source, (lead, until), self.snapshot.now)?;
        // Beyond the page nothing is looked at, but for what may still lift or confirm a doubt at its end.
        let first = points.partition_point(|point| point.valid < from);
        let last = points.len().min(first + PAGE);
        let mut rows = screen(&points[..points.len().min(last + 100)], limits);
        rows.truncate(last);
        rows.drain(..first);
        let more = points.len() > last;
        let last = rows.last().filter(|_| more);
        let next = last.map(|row| self.next(file, &asked, &cursor_of(&[row.point.valid])));
        Ok(Observations { asked, rows, next })
    }

    /// A page of issues, every version of each, with all that was issued with it.
    pub(super) fn forecasts(&self, database: &Database, query: &Query) -> Result<Json, Refused> {
        let asked = self.asked(query, |state| state.forecast.as_ref().map(|forecast| &forecast.feed))?;
        let source = &asked.source;
        let series = (&source.feed, source.location.as_str(), asked.parameter);
        let mut found =
            database.issues(series, (asked.from, asked.until), query.after_issue(), self.snapshot.now, PAGE)?;
        for issue in &mut found.issues {
            crate::snapshot::shift(issue, source);
        }
        let last = found.issues.last().filter(|_| found.more);
        let next = last.map(|issue| self.next("forecasts.json", &asked, &cursor_of(&[issue.issued, issue.received])));
        let issues: Vec<Json> = found.issues.iter().map(issue).collect();
        let mut document = self.head(&asked);
        document["issues"] = json!(issues);
        document["next"] = json!(next);
        Ok(document)
    }

    /// All times at or above a threshold, with what operators noted of them.
    pub(super) fn episodes(&self, database: &Database) -> Result<Json, StoreError> {
        let ever = self.state.ever(database, self.station, self.snapshot.now)?;
        let mut notes: Vec<_> =
            self.snapshot.notes.iter().filter(|note| note.station == self.station.id).map(Some).collect();
        let mut taken = |began: Timestamp| -> Vec<Json> {
            let of_it = notes.iter_mut().filter(|note| note.is_some_and(|note| note.began == began));
            of_it.filter_map(Option::take).map(note_json).collect()
        };
        let episodes: Vec<Json> = ever
            .episodes
            .iter()
            .map(|episode| {
                let mut facts = crate::data::episode(self.station, episode);
                facts["notes"] = json!(taken(episode.began.valid));
                facts
            })
            .collect();
        Ok(json!({
            "station": self.station.id.as_str(),
            "unit": self.station.parameter().unit(),
            "source": self.state.source.as_ref().map(FeedId::as_str),
            "known_since": ever.screened.first().map(|first| first.point.valid),
            "episodes": episodes,
            "attribution": attribution(self.reader, self.snapshot, self.station),
            "demonstration": self.snapshot.site.demonstration,
        }))
    }

    /// The thresholds in force, who named them, and each change that a feed has published.
    pub(super) fn thresholds(&self, database: &Database) -> Result<Json, StoreError> {
        let (code, station) = (self.reader.texts.code.as_str(), self.station);
        let mut published: Vec<Json> = Vec::new();
        for feed in &self.snapshot.site.feeds {
            for change in database.threshold_changes(&feed.id, self.snapshot.now)? {
                let of_it =
                    |source: &&Source| source.location == change.location && source.parameter == change.parameter;
                let Some(source) = leading(station).find(of_it) else { continue };
                let value = |value: Option<hydro::Value>| number(value.map(|value| value + source.datum_offset));
                published.push(json!({
                    "feed": feed.id.as_str(),
                    "level": change.name,
                    "value": value(change.value),
                    "before": value(change.before),
                    "received": change.received,
                }));
            }
        }
        let set = station.thresholds.as_ref();
        Ok(json!({
            "station": station.id.as_str(),
            "unit": station.parameter().unit(),
            "datum": station.datum.as_ref().map(|datum| datum.in_language(code)),
            "scheme": set.map(|set| set.scheme().name()),
            "source": set.map(|set| set.source.in_language(code)),
            "date": set.and_then(|set| set.date).map(|date| date.to_string()),
            "thresholds": set.into_iter().flat_map(hydro::Thresholds::iter).map(|step| json!({
                "level": status_name(station, Some(step.rank)), "value": step.value.as_f64(),
            })).collect::<Vec<_>>(),
            "published": published,
            "demonstration": self.snapshot.site.demonstration,
        }))
    }

    /// The discharge that the station has beside its level, where that is asked for.
    fn second(&self, parameter: Parameter) -> Option<Station> {
        self.station.discharge().filter(|_| parameter != self.station.parameter())
    }

    /// Decides what is asked; `shown` is the source that the page takes.
    fn asked(&self, query: &Query, shown: impl Fn(&StationNow) -> Option<&FeedId>) -> Result<Asked, Refused> {
        let words = &self.reader.texts.open;
        let leads = self.station.parameter();
        let parameter = query.parameter.unwrap_or(leads);
        let second = self.second(parameter);
        let (station, state) = match (&second, &self.state.discharge) {
            (Some(second), Some(state)) => (second, &**state),
            _ if parameter == leads => (self.station, self.state),
            _ => return Err(Refused::Missing(fill(&words.not_here, &[("parameter", parameter.name())]))),
        };
        let sources: Vec<FeedId> = leading(station).map(|source| source.feed.clone()).collect();
        let named = |feed: &str| leading(station).find(|source| source.feed.as_str() == feed);
        let source = match &query.source {
            Some(asked) => named(asked),
            None => shown(state).and_then(|feed| named(feed.as_str())).or_else(|| leading(station).next()),
        };
        let Some(source) = source.cloned() else {
            let all: Vec<&str> = sources.iter().map(FeedId::as_str).collect();
            return Err(Refused::Missing(fill(&words.no_source, &[("expected", &all.join(", "))])));
        };
        let until = query.until.unwrap_or(Timestamp::MAX);
        let end = until.min(self.snapshot.now);
        let from = query.from.unwrap_or_else(|| end.checked_sub(SPAN).unwrap_or(Timestamp::MIN));
        Ok(Asked { parameter, source, sources, from, until })
    }

    /// The address of the next page, which says all that this one was asked for.
    fn next(&self, file: &str, asked: &Asked, cursor: &str) -> String {
        let (code, id) = (&self.reader.texts.code, &self.station.id);
        let (parameter, source) = (asked.parameter.name(), &asked.source.feed);
        let until = if asked.until == Timestamp::MAX { String::new() } else { format!("&to={}", asked.until) };
        format!(
            "/{code}/station/{id}/{file}?parameter={parameter}&source={source}&from={}{until}&cursor={cursor}",
            asked.from
        )
    }

    /// What stands before the values.
    fn head(&self, asked: &Asked) -> Json {
        let level = asked.parameter == Parameter::Level;
        let datum = self.station.datum.as_ref().filter(|_| level);
        json!({
            "station": self.station.id.as_str(),
            "parameter": asked.parameter.name(),
            "unit": asked.parameter.unit(),
            "datum": datum.map(|datum| datum.in_language(&self.reader.texts.code)),
            "source": asked.source.feed.as_str(),
            "sources": asked.sources.iter().map(FeedId::as_str).collect::<Vec<_>>(),
            "from": asked.from,
            "to": Some(asked.until).filter(|until| *until != Timestamp::MAX),
            "attribution": attribution(self.reader, self.snapshot, self.station),
            "demonstration": self.snapshot.site.demonstration,
        })
    }
}

impl Observations {
    /// The page as JSON.
    pub(super) fn json(&self, place: &Place<'_>) -> Json {
        let mut document = place.head(&self.asked);
        document["observed"] = self
            .rows
            .iter()
            .map(|row| {
                json!({
                    "valid": row.point.valid,
                    "value": number(row.point.value),
                    "quality": row.point.quality.map(hydro::Quality::name),
                    "doubt": row.suspect().map(|(_, doubt)| doubt.name()),
                })
            })
            .collect();
        document["next"] = json!(self.next);
        document
    }

    /// The page as CSV (RFC 4180): one row a measurement.
    pub(super) fn csv(&self, place: &Place<'_>) -> String {
        let demonstration = place.snapshot.site.demonstration;
        let mut rows = String::from("station,parameter,valid,value,unit,quality,doubt,source");
        rows.push_str(invented(demonstration, ",demonstration"));
        rows.push_str("\r\n");
        let (parameter, source) = (self.asked.parameter, cell(self.asked.source.feed.as_str()));
        for row in &self.rows {
            let value = row.point.value.map(|value| value.to_string()).unwrap_or_default();
            let quality = row.point.quality.map_or("", hydro::Quality::name);
            let doubt = row.suspect().map_or("", |(_, doubt)| doubt.name());
            rows.push_str(&format!(
                "{},{},{},{value},{},{quality},{doubt},{source}{}\r\n",
                place.station.id,
                parameter.name(),
                row.point.valid,
                parameter.unit(),
                invented(demonstration, ",true")
            ));
        }
        rows
    }
}

/// An issue with its values and all else that came with them.
fn issue(issue: &Forecast) -> Json {
    json!({
        "issued": issue.issued,
        "issue_inferred": issue.issue_inferred,
        "received": issue.received,
        "forecast": pairs(&issue.points),
        "forecast_bounds": bounds(Some(issue)),
    })
}

/// What an operator noted.
pub(crate) fn note_json(note: &store::Note) -> Json {
    json!({ "at": note.at, "by": note.operator, "seen": note.seen, "text": note.text })
}
