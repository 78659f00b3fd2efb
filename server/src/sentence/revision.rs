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
    let day = |instant: Timestamp| reader.zone.civil(instant).date();
    if window.from <= from {
        fill(&texts.by, &[("until", &reader.at(ends))])
    } else if day(begins) == day(ends) {
        let words = [("day", &*reader.day(begins)), ("from", &*reader.clock(begins)), ("until", &*reader.clock(ends))];
        fill(&texts.between, &words)
    } else {
        fill(&texts.between_days, &[("from", &reader.at(begins)), ("until", &reader.at(ends))])
    }
}

#[cfg(test)]
mod tests {
    use hydro::Value;

    use super::*;
    use crate::lang::languages;

    fn at(hours: i64) -> Timestamp {
        "2022-04-18T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours)
    }

    /// What is said in both languages of a peak that was 6.00 m and is `milli`, `later` hours later.
    fn said(milli: i64, later: Option<i64>) -> [Option<String>; 2] {
        let station = crate::sentence::tests::station();
        let both: Vec<Option<String>> = languages()
            .map(|texts| {
                let reader = Reader { texts, zone: &station.zone, now: at(0) };
                let (peak, before) = ((at(30), Value::from_milli(milli)), (at(30), Value::from_milli(6000)));
                let revised = Revision { peak, before, later: later.map(SignedDuration::from_hours) };
                revision(&reader, &station, &revised).map(|said| said.replace('\u{a0}', " "))
            })
            .collect();
        both.try_into().unwrap()
    }

    #[test]
    fn what_has_changed_is_said_and_what_has_not_is_not() {
        for (milli, later, english, french) in [
            (
                6320,
                Some(-6),
                "Peak raised by 0.32 m and 6 h earlier than in the forecast before.",
                "Sommet relevé de 0,32 m et 6 h plus tôt que dans la prévision d’avant.",
            ),
            (
                5700,
                None,
                "Peak lowered by 0.30 m since the forecast before.",
                "Sommet abaissé de 0,30 m depuis la prévision d’avant.",
            ),
            (
                6010,
                Some(12),
                "Peak 12 h later than in the forecast before.",
                "Sommet 12 h plus tard que dans la prévision d’avant.",
            ),
        ] {
            assert_eq!(said(milli, later), [Some(english.to_owned()), Some(french.to_owned())]);
        }
        assert_eq!([said(6020, Some(2)), said(5980, None), said(6000, Some(-2))], [const { [None, None] }; 3]);
    }

    #[test]
    fn a_window_is_widened_to_whole_hours() {
        let station = crate::sentence::tests::station();
        let texts = crate::language("en").unwrap();
        let reader = Reader { texts, zone: &station.zone, now: at(0) };
        let minutes = |minutes: i64| at(0) + SignedDuration::from_mins(minutes);
        let said = |from: i64, until: Option<i64>, likely: bool| {
            let when = Window { from: minutes(from), until: until.map(minutes), likely };
            window(&reader, when, at(0))
        };
        assert_eq!(said(70, Some(130), true), "today between 10:00 and 12:00");
        assert_eq!(said(0, Some(130), true), "by today 12:00");
        assert_eq!(said(14 * 60, Some(20 * 60 + 1), true), "between today 23:00 and tomorrow 06:00");
        assert_eq!(said(90, None, true), "today 10:00 at the earliest, or not at all");
        assert_eq!(said(90, None, false), "only by the upper end of its range, today 10:00 at the earliest");
    }
}
