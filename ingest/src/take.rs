//! From a document's bytes to what the store shall hold of it: the places that stations name, without what cannot be.
//! Pure; the same for a fetched document and an imported one.

use std::collections::BTreeMap;

use hydro::{FUTURE_TOLERANCE, Kind, LocalText, Point, Scheme, Thresholds, Timestamp};
use store::{Alerts, Batch, Breath, Fetch, GaugeThresholds, Outcome, SeriesBatch, SeriesKey, Validators};

use crate::feed::Feed;
use crate::fetch::Body;
use crate::formats::{Format, Gauge, Item, Parsed, Series};

/// What it costs to sort an item, in bytes of a document read.
const ITEM: usize = 128;

/// What is taken of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// [`Outcome::Changed`], also of a list without any alert, for that is sound news; [`Outcome::Empty`] where no point and no
    /// threshold is left; [`Outcome::Failed`] where the document is not of the format, or everything in it had to be rejected.
    pub outcome: Outcome,
    /// Rows that could not be read, and points that could not be believed.
    pub rejected: u32,
    /// Series of places that no station names.
    pub ignored: u32,
    /// What went wrong, or the first rejection: one line.
    pub message: Option<String>,
    /// The time series of the places that stations name.
    pub series: Vec<SeriesBatch>,
    /// The thresholds of every place: a table is small, and stations refer to it in more ways than by place.
    pub gauges: Vec<GaugeThresholds>,
    /// The official alerts, wherever they hold; `None` of a document that is not about them.
    pub alerts: Option<Alerts>,
    /// When the forecaster means to issue next.
    pub next_issue: Option<Timestamp>,
}

/// Reads a document of a feed and keeps what may be kept, as of `now`.
///
/// A measurement later than `now` by more than [`FUTURE_TOLERANCE`] is rejected: a clock or a zone is wrong there, and what
/// it says would pass for the newest until that time has come. A forecast said to be issued later than that counts as
/// issued when it was received: the province's export stamps forecasts anew whenever it is written.
pub fn take(feed: &Feed, format: &Format, bytes: &[u8], now: Timestamp) -> Taken {
    let parsed = match feed.read(format, bytes) {
        Ok(parsed) => parsed,
        Err(error) => return Taken { message: Some(one_line(&error.to_string())), ..nothing(Outcome::Failed) },
    };
    let mut taken = select(feed, parsed, now + FUTURE_TOLERANCE);
    let points = taken.series.iter().any(|series| !series.points.is_empty());
    let alerts = matches!(&taken.alerts, Some(Alerts::Messages(all) | Alerts::Partial(all) | Alerts::Complete(all)) if !all.is_empty());
    (taken.outcome, taken.message) = match taken.message {
        message if points || alerts || !taken.gauges.is_empty() => (Outcome::Changed, message),
        Some(message) => (Outcome::Failed, Some(message)),
        // No alert is in force, or the message was a test: both are sound.
        None if taken.alerts.is_some() || *format == Format::CapXml => (Outcome::Changed, None),
        None if taken.ignored > 0 => {
            let message = "no series of a place that a station names; have the places been renamed?";
            (Outcome::Empty, Some(message.to_owned()))
        }
        None => (Outcome::Empty, Some("no data in the document".to_owned())),
    };
    taken
}

/// Saved bytes of a feed as a batch, as if they had been fetched at `at`. The next request is unconditional, so that an
/// old document does not stand in for the current one.
pub fn import<'a>(feed: &Feed, format: &Format, body: &'a Body, at: Timestamp) -> Batch<'a> {
    let batch = taken_batch(feed, take(feed, format, &body.bytes, at), body, at);
    Batch { replayed: true, validators: Some(Validators::default()), ..batch }
}

/// A batch of what was taken of a body.
pub(crate) fn taken_batch<'a>(feed: &Feed, taken: Taken, body: &'a Body, at: Timestamp) -> Batch<'a> {
    let Taken { outcome, rejected, ignored, message, series, gauges, alerts, next_issue } = taken;
    // What was refused is kept too, so that it can be looked at; only what was taken may later be met with *unchanged*,
    // which the store sees to.
    let kept = matches!(outcome, Outcome::Changed | Outcome::Failed) && !body.bytes.is_empty();
    let hash = kept.then_some(body.hash);
    let bytes = body.bytes.len() as u64;
    let points = count(series.iter().map(|series| series.points.len()).sum());
    let fetch = Fetch { outcome, bytes, hash, points, rejected, ignored, message, ..Fetch::begun(feed.id.clone(), at) };
    Batch { body: kept.then_some(&body.bytes), series, gauges, alerts, next_issue, ..Batch::empty(fetch) }
}

/// A text that may come from a stranger as one line of bounded length.
pub(crate) fn one_line(text: &str) -> String {
    // Characters that turn the direction of text would turn the page around them.
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c }).take(300).collect()
}

fn nothing(outcome: Outcome) -> Taken {
    Taken {
        outcome,
        rejected: 0,
        ignored: 0,
        message: None,
        series: vec![],
        gauges: vec![],
        alerts: None,
        next_issue: None,
    }
}

/// Sorts the items of a document; the message is the first rejection.
fn select(feed: &Feed, parsed: Parsed, latest: Timestamp) -> Taken {
    let mut taken = nothing(Outcome::Changed);
    taken.rejected = count(parsed.rejected.len());
    taken.message = parsed.rejected.first().map(|rejected| one_line(&rejected.to_string()));
    let mut breath = Breath::default();
    for item in parsed.items {
        breath.after(ITEM);
        match item {
            Item::Series(series) if feed.places.contains_key(&(series.location.clone(), series.parameter)) => {
                let (series, rejected) = believable(series, latest);
                if let Some((points, reason)) = rejected {
                    taken.rejected = taken.rejected.saturating_add(points);
                    taken.message.get_or_insert(reason);
                }
                taken.series.push(series);
            }
            Item::Series(_) => taken.ignored = taken.ignored.saturating_add(1),
            Item::Gauge(gauge) => match sound(gauge) {
                Ok(gauge) => taken.gauges.push(gauge),
                Err(reason) => {
                    taken.rejected = taken.rejected.saturating_add(1);
                    taken.message.get_or_insert(one_line(&reason));
                }
            },
            Item::NextIssue(next) => taken.next_issue = Some(next),
            Item::Alert(alert) => match taken.alerts.get_or_insert_with(|| Alerts::Messages(vec![])) {
                Alerts::Messages(alerts) | Alerts::Partial(alerts) | Alerts::Complete(alerts) => alerts.push(alert),
            },
            // What could not be read may be one that is still in force: such a list ends nothing.
            Item::InForce(alerts) if taken.rejected > 0 => taken.alerts = Some(Alerts::Partial(alerts)),
            Item::InForce(alerts) => taken.alerts = Some(Alerts::Complete(alerts)),
        }
    }
    taken
}

/// The thresholds of a place, unless an authority's own names do not rise: then somebody has made a slip, and which of
/// them is wrong is not known. What else is named (a record, a bank) is no step of a scheme.
fn sound(gauge: Gauge) -> Result<GaugeThresholds, String> {
    let Gauge { location, parameter, thresholds, .. } = gauge;
    for scheme in Scheme::ALL {
        let named = thresholds.iter().filter(|(name, _)| scheme.rank(name).is_some());
        let heights = named.map(|(name, value)| (name.as_str(), *value));
        Thresholds::new(scheme, heights, LocalText::default(), None).map_err(|error| format!("{location}: {error}"))?;
    }
    Ok(GaugeThresholds { location, parameter, heights: thresholds })
}

/// The series without what lies in the future and should not; and how many points went, or were contradicted, and why.
fn believable(series: Series, latest: Timestamp) -> (SeriesBatch, Option<(u32, String)>) {
    let Series { location, parameter, kind, stat, issued, mut points } = series;
    // Nobody can have received what is not yet said: such a time of issue is a wrong one, and the time of receipt stands in.
    let issued = issued.filter(|&issued| issued <= latest);
    let (mut wrong, mut reason) = (0, None);
    if kind == Kind::Observed {
        let (before, first) = (points.len(), points.iter().find(|point| point.valid > latest).copied());
        points.retain(|point| point.valid <= latest);
        wrong += before - points.len();
        reason = first.map(|Point { valid, .. }| {
            format!("{location}: measured at {valid}, which is in the future; is its clock right?")
        });
    }
    // Where time goes on from point to point, as it nearly always does, no instant can come twice.
    if !points.is_sorted_by(|before, after| before.valid < after.valid) {
        let mut last = BTreeMap::new();
        for Point { valid, value, .. } in &points {
            if last.insert(*valid, *value).is_some_and(|before| before != *value) {
                wrong += 1;
                reason.get_or_insert_with(|| format!("{location}: two values for {valid}; the last holds"));
            }
        }
    }
    let key = SeriesKey { location, parameter, kind, stat };
    (SeriesBatch { key, issued, points }, reason.map(|reason| (count(wrong), one_line(&reason))))
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hydro::{FeedId, Parameter, SignedDuration, Stat, Value};

    use super::*;
    use crate::formats::Rejected;
    use crate::schedule::Schedule;

    const NOW: Timestamp = Timestamp::constant(1_776_686_400, 0);

    fn feed() -> Feed {
        Feed {
            id: FeedId::new("eccc-nb").unwrap(),
            address: "https://example.org/a.csv".parse().unwrap(),
            format: Format::EcccCsv,
            place: None,
            schedule: Schedule::parse("*/15 * * * *").unwrap(),
            max_bytes: 1 << 20,
            private: false,
            places: [(("01AK003".to_owned(), Parameter::Level), BTreeSet::new())].into(),
        }
    }

    fn series(location: &str, kind: Kind, issued: Option<i64>, minutes: &[i64]) -> Item {
        let at = |minutes| NOW + SignedDuration::from_mins(minutes);
        let value = Some(Value::from_milli(6500));
        Item::Series(Series {
            location: location.to_owned(),
            parameter: Parameter::Level,
            kind,
            stat: Stat::Value,
            issued: issued.map(at),
            points: minutes.iter().map(|&m| Point { valid: at(m), value, quality: None }).collect(),
        })
    }

    fn selected(items: Vec<Item>) -> Taken {
        select(&feed(), Parsed { items, rejected: vec![] }, NOW + FUTURE_TOLERANCE)
    }

    #[test]
    fn other_places_are_ignored_and_counted() {
        let taken = selected(vec![
            series("01AK003", Kind::Observed, None, &[-10, -5]),
            series("01AD003", Kind::Observed, None, &[-10, -5]),
        ]);
        assert_eq!((taken.series.len(), taken.ignored, taken.rejected), (1, 1, 0));
        assert_eq!(taken.series[0].points.len(), 2);
    }

    #[test]
    fn measurements_of_the_future_are_rejected_and_told() {
        let taken = selected(vec![series("01AK003", Kind::Observed, None, &[-5, 15, 16, 60])]);
        assert_eq!((taken.series[0].points.len(), taken.rejected), (2, 2));
        let message = taken.message.unwrap();
        assert_eq!(message, "01AK003: measured at 2026-04-20T12:16:00Z, which is in the future; is its clock right?");
        let taken = selected(vec![series("01AK003", Kind::Forecast, Some(0), &[-5, 16, 6000])]);
        assert_eq!((taken.series[0].points.len(), taken.rejected), (3, 0));
    }

    #[test]
    fn two_values_for_one_instant_are_told() {
        let taken = selected(vec![series("01AK003", Kind::Observed, None, &[-10, -5, -5])]);
        assert_eq!((taken.rejected, taken.message), (0, None), "the same value twice is one");
        let Item::Series(mut twice) = series("01AK003", Kind::Observed, None, &[-10, -5, -5]) else {
            panic!("a series")
        };
        twice.points[2].value = Some(Value::from_milli(6600));
        let taken = selected(vec![Item::Series(twice)]);
        assert_eq!((taken.series[0].points.len(), taken.rejected), (3, 1));
        assert_eq!(taken.message.unwrap(), "01AK003: two values for 2026-04-20T11:55:00Z; the last holds");
    }

    #[test]
    fn an_issue_of_the_future_counts_as_issued_when_received() {
        let taken = selected(vec![series("01AK003", Kind::Forecast, Some(60), &[60, 120])]);
        assert_eq!((taken.series[0].issued, taken.series[0].points.len(), taken.rejected), (None, 2, 0));
        let taken = selected(vec![series("01AK003", Kind::Forecast, Some(-60), &[60, 120])]);
        assert_eq!(taken.series[0].issued, Some(NOW - SignedDuration::from_mins(60)));
    }

    #[test]
    fn thresholds_and_the_first_rejection_are_kept() {
        let gauge = Gauge {
            location: "1".to_owned(),
            name: "Saint-François".to_owned(),
            parameter: Parameter::Level,
            thresholds: vec![("flood".to_owned(), Value::from_milli(6500))],
            position: None,
            facts: vec![],
        };
        let rejected = [3, 9].map(|line| Rejected { line, reason: "level `x`\nis no number".to_owned() }).to_vec();
        let parsed = Parsed { items: vec![Item::Gauge(gauge), Item::NextIssue(NOW)], rejected };
        let taken = select(&feed(), parsed, NOW);
        assert_eq!(taken.gauges[0].heights, [("flood".to_owned(), Value::from_milli(6500))]);
        assert_eq!((taken.rejected, taken.next_issue), (2, Some(NOW)));
        assert_eq!(taken.message.unwrap(), "line 3: level `x` is no number");
    }

    #[test]
    fn a_document_is_changed_empty_or_failed() {
        let head = " ID,Date,Water Level / Niveau d'eau (m),Grade,Symbol / Symbole,QA/QC,\
                    Discharge / Débit (cms),Grade,Symbol / Symbole,QA/QC\n";
        let row = |place: &str, time: &str| format!("{head}{place},{time},6.501,,,1,,,,\n");
        let taken = |text: &str| take(&feed(), &Format::EcccCsv, text.as_bytes(), NOW);

        let good = taken(&row("01AK003", "2026-04-20T08:00:00-04:00"));
        assert_eq!((good.outcome, good.message), (Outcome::Changed, None));
        assert_eq!(good.series[0].points[0].value, Some(Value::from_milli(6501)));

        let elsewhere = taken(&row("01AD003", "2026-04-20T08:00:00-04:00"));
        assert_eq!((elsewhere.outcome, elsewhere.ignored > 0), (Outcome::Empty, true));
        assert!(elsewhere.message.unwrap().starts_with("no series of a place that a station names"));

        let future = taken(&row("01AK003", "2099-04-20T08:00:00-04:00"));
        assert_eq!((future.outcome, future.rejected), (Outcome::Failed, 1));

        assert_eq!(taken(head).outcome, Outcome::Empty);
        let html = taken("<!DOCTYPE html><html><body>Request Rejected</body></html>");
        assert_eq!((html.outcome, html.message.unwrap().starts_with("not eccc-csv: ")), (Outcome::Failed, true));
    }

    #[test]
    fn alerts_are_news_also_when_there_are_none() {
        let list = |features: &str| {
            let text = format!(
                r#"{{"@context":[],"type":"FeatureCollection","features":[{features}],"title":"","updated":""}}"#
            );
            take(&feed(), &Format::NwsAlerts, text.as_bytes(), NOW)
        };
        let none = list("");
        assert_eq!((none.outcome, none.message, none.alerts), (Outcome::Changed, None, Some(Alerts::Complete(vec![]))));
        let good = r#"{"properties":{"@type":"wx:Alert","id":"a","sender":"b","sent":"2026-04-20T12:00:00Z","status":"Actual","messageType":"Alert"}}"#;
        assert!(matches!(list(good).alerts, Some(Alerts::Complete(alerts)) if alerts.len() == 1));
        let half = list(&format!("{good},7"));
        assert!(matches!(half.alerts, Some(Alerts::Partial(alerts)) if alerts.len() == 1));
        assert_eq!((half.outcome, half.rejected), (Outcome::Changed, 1));
        let bad = list("7");
        assert_eq!((bad.outcome, bad.alerts), (Outcome::Failed, Some(Alerts::Partial(vec![]))));
    }

    #[test]
    fn a_message_is_taken_and_a_test_is_sound() {
        let message = |status: &str| {
            let text = format!(
                "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>a</identifier><sender>b</sender>\
                 <sent>2026-04-20T12:00:00Z</sent><status>{status}</status><msgType>Alert</msgType></alert>"
            );
            take(&feed(), &Format::CapXml, text.as_bytes(), NOW)
        };
        let actual = message("Actual");
        assert!(matches!(actual.alerts, Some(Alerts::Messages(alerts)) if alerts.len() == 1));
        let test = message("Test");
        assert_eq!(
            (actual.outcome, test.outcome, test.message, test.alerts),
            (Outcome::Changed, Outcome::Changed, None, None)
        );
    }

    #[test]
    fn what_was_refused_is_kept() {
        let body = Body::new(b"<html>".to_vec());
        let batch = import(&feed(), &Format::EcccCsv, &body, NOW);
        assert_eq!((batch.fetch.outcome, batch.fetch.hash), (Outcome::Failed, Some(body.hash)));
        assert_eq!(batch.body, Some(b"<html>".as_slice()), "what was refused can be looked at");
        assert_eq!((batch.fetch.at, batch.fetch.bytes), (NOW, 6));
        assert_eq!(batch.validators, Some(Validators::default()));
    }
}
