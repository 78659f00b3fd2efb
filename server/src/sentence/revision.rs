//! What has changed since the forecast before, and when a height is reached as a window of hours.

use hydro::{Revision, SignedDuration, Station, Timestamp, Window};

use super::near_to;
use crate::format::{Reader, shown};
use crate::lang::fill;

const HOUR: i64 = 3600;
/// A peak that moves by less than this has not moved.
const MOVED: SignedDuration = SignedDuration::from_hours(3);

/// How the peak differs from that of the forecast before: `Peak raised by 0.30 m and 6 h earlier than in the forecast
/// before.` `None` where it does not.
pub(crate) fn revision(reader: &Reader<'_>, station: &Station, revision: &Revision) -> Option<String> {
    let texts = &reader.texts.forecasts;
    let parameter = station.parameter();
    // The difference of the two heights as they are shown, so that whoever subtracts them finds it.
    let (peak, before) = (shown(revision.peak.1, station), shown(revision.before.1, station));
    let distance = reader.stated(peak.distance(before), parameter);
    let template = if peak > before { &texts.raised } else { &texts.lowered };
    let height =
        (peak.distance(before) >= near_to(before, parameter)).then(|| fill(template, &[("distance", &distance)]));
    let time = revision.later.filter(|later| later.abs() >= MOVED).map(|later| {
        let template = if later.is_positive() { &texts.later } else { &texts.earlier };
        fill(template, &[("n", &((later.abs().as_secs() + HOUR / 2) / HOUR).to_string())])
    });
    match (height, time) {
        (Some(height), Some(time)) => Some(fill(&texts.both, &[("height", &height), ("time", &time)])),
        (Some(height), None) => Some(fill(&texts.only_height, &[("height", &height)])),
        (None, Some(time)) => Some(fill(&texts.only_time, &[("time", &time)])),
        (None, None) => None,
    }
}

/// When a height is reached: `Thursday between 14:00 and 20:00`, widened to whole hours. `from` is when the forecast
/// begins to speak: a window that is open already has no beginning.
pub(crate) fn window(reader: &Reader<'_>, window: Window, from: Timestamp) -> String {
    let texts = &reader.texts.forecasts;
    let hour = |seconds: i64| Timestamp::from_second(seconds * HOUR).unwrap_or(window.from);
    let begins = hour(window.from.as_second().div_euclid(HOUR));
    if !window.likely {
        return fill(&texts.upper_end, &[("from", &reader.at(begins))]);
    }
    let Some(until) = window.until else { return fill(&texts.or_not, &[("from", &reader.at(begins))]) };
    let ends = hour((until.as_second() + HOUR - 1).div_euclid(HOUR));
    let day = |instant: Timestamp| reader.zone.local(instant).civil.date();
    if window.from <= from {
        fill(&texts.by, &[("until", &reader.at(ends))])
    } else if day(begins) == day(ends) {
        let words = [("day", &*reader.day(begins)), ("from", &*reader.clock(begins)), ("until", &*reader.clock(ends))];
        fill(&texts.between, &words)
    } else {
        fill(&texts.between_days, &[("from", &reader.at(begins)), ("until", &reader.at(ends))])
    }
}
