//! Numbers, levels, discharges and times as a reader of one language in one zone sees them: the only place that knows units
//! and clocks.

mod amount;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use hydro::{Forecast, Parameter, Rank, SignedDuration, Station, Thresholds, Timestamp, Zone};
use jiff::civil::{Date, DateTime};

use crate::lang::{Language, fill};
pub(crate) use amount::{shown, unit};

/// To whom something is said: the language, the zone of the clocks, and the instant of saying.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) texts: Language,
    pub(crate) zone: &'a Zone,
    pub(crate) now: Timestamp,
}

impl Reader<'_> {
    /// `18:05`, `18 h 05`.
    pub(crate) fn clock(&self, instant: Timestamp) -> String {
        self.clock_of(self.zone.civil(instant))
    }

    /// The same of what a clock shows.
    pub(crate) fn clock_of(&self, civil: DateTime) -> String {
        let template = if civil.minute() == 0 { &self.texts.clock_whole } else { &self.texts.clock };
        let (hour, minute) = (two_digits(civil.hour()), two_digits(civil.minute()));
        let hour = if self.texts.hour_digits == "1" { hour.strip_prefix('0').unwrap_or(hour) } else { hour };
        fill(template, &[("hour", hour), ("minute", minute)])
    }

    /// `today`, `Thursday`, `18 April`, `18 October 2022`: by name within six days of now.
    pub(crate) fn day(&self, instant: Timestamp) -> String {
        let (date, today) = (self.zone.civil(instant).date(), self.zone.civil(self.now).date());
        let calendar = &self.texts.calendar;
        match days_between(today, date) {
            0 => calendar.today.clone(),
            1 => calendar.tomorrow.clone(),
            -1 => calendar.yesterday.clone(),
            -6..=6 => calendar.weekdays[usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0)].clone(),
            _ => self.date(date),
        }
    }

    /// `18 April`, with the year where it is not this one.
    pub(crate) fn date(&self, date: Date) -> String {
        let calendar = &self.texts.calendar;
        let this_year = date.year() == self.zone.civil(self.now).year();
        self.written(date, if this_year { &calendar.date } else { &calendar.date_year })
    }

    fn written(&self, date: Date, template: &str) -> String {
        let calendar = &self.texts.calendar;
        let month = usize::try_from(date.month()).unwrap_or(1).saturating_sub(1);
        let day = if date.day() == 1 { calendar.first_of_month.clone() } else { date.day().to_string() };
        fill(template, &[("day", &day), ("month", &calendar.months[month.min(11)]), ("year", &date.year().to_string())])
    }

    /// `18 April 2022 18:05 ADT`: for what leaves the page and must say its time for ever.
    pub(crate) fn dated(&self, instant: Timestamp) -> String {
        let date = self.written(self.zone.civil(instant).date(), &self.texts.calendar.date_year);
        let at = fill(&self.texts.calendar.at, &[("day", &date), ("clock", &self.clock(instant))]);
        format!("{at} {}", self.zone_name(instant))
    }

    /// When the present day ends.
    pub(crate) fn end_of_day(&self) -> Timestamp {
        let today = self.zone.civil(self.now).date();
        self.zone.start_of_day(today.tomorrow().unwrap_or(today))
    }

    /// The weekday's short name of a local date.
    pub(crate) fn weekday_short(&self, date: Date) -> &str {
        &self.texts.calendar.weekdays_short[usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0)]
    }

    /// `today 18:05`.
    pub(crate) fn at(&self, instant: Timestamp) -> String {
        fill(&self.texts.calendar.at, &[("day", &self.day(instant)), ("clock", &self.clock(instant))])
    }

    /// `today 18:05 ADT`.
    pub(crate) fn at_zone(&self, instant: Timestamp) -> String {
        format!("{} {}", self.at(instant), self.zone_name(instant))
    }

    /// `Thursday about 11:00`: to the nearest hour, as nobody knows the minute of a forecast.
    pub(crate) fn about(&self, instant: Timestamp) -> String {
        let nearest = nearest_hour(instant);
        fill(&self.texts.calendar.about, &[("day", &self.day(nearest)), ("clock", &self.clock(nearest))])
    }

    /// `21 April 2022 about 11:00 ADT`: the same for what leaves the page.
    pub(crate) fn about_dated(&self, instant: Timestamp) -> String {
        let nearest = nearest_hour(instant);
        let date = self.written(self.zone.civil(nearest).date(), &self.texts.calendar.date_year);
        let about = fill(&self.texts.calendar.about, &[("day", &date), ("clock", &self.clock(nearest))]);
        format!("{about} {}", self.zone_name(nearest))
    }

    /// `5 min ago`.
    pub(crate) fn age(&self, instant: Timestamp) -> String {
        let calendar = &self.texts.calendar;
        let minutes = self.now.duration_since(instant).as_mins();
        let (template, n) = match minutes {
            ..=0 => (&calendar.just_now, 0),
            1..=59 => (&calendar.minutes_ago, minutes),
            60..=2879 => (&calendar.hours_ago, minutes / 60),
            _ => (&calendar.days_ago, minutes / 1440),
        };
        fill(template, &[("n", &n.to_string())])
    }

    /// The name of the zone's time in force: `ADT`, `HAA`.
    pub(crate) fn zone_name(&self, instant: Timestamp) -> String {
        let abbreviation = self.zone.local(instant).abbreviation;
        self.texts.zones.get(&abbreviation).cloned().unwrap_or(abbreviation)
    }

    /// The word for a rank, with a capital: `Watch`.
    pub(crate) fn status(&self, thresholds: &Thresholds, rank: Rank) -> &str {
        self.texts.status_word(thresholds.scheme().word(rank))
    }

    /// How the station's threshold of a rank is called inside a sentence.
    pub(crate) fn threshold(&self, station: &Station, rank: Rank) -> &str {
        self.threshold_from(&self.texts.threshold, station, rank)
    }

    /// How the station's threshold of a rank is called in a list's row.
    pub(crate) fn threshold_brief(&self, station: &Station, rank: Rank) -> &str {
        self.threshold_from(&self.texts.threshold_brief, station, rank)
    }

    fn threshold_from<'a>(&'a self, of_level: &'a BTreeMap<String, String>, station: &Station, rank: Rank) -> &'a str {
        let name = station.thresholds.as_ref().map_or("", |set| set.scheme().word(rank));
        let words = match station.parameter() {
            Parameter::Level => of_level,
            Parameter::Discharge => &self.texts.threshold_discharge,
        };
        words.get(name).map_or(name, String::as_str)
    }

    /// When a forecast was issued, or received where the feed does not say: `forecast issued today 08:00`.
    pub(crate) fn issued(&self, forecast: &Forecast) -> String {
        let texts = &self.texts.station;
        let template = if forecast.issue_inferred { &texts.forecast_received } else { &texts.forecast_issued };
        fill(template, &[("when", &self.at(forecast.issued))])
    }
}

/// A number of a clock: `07`.
fn two_digits(number: i8) -> &'static str {
    static NUMBERS: LazyLock<[String; 60]> = LazyLock::new(|| std::array::from_fn(|number| format!("{number:02}")));
    usize::try_from(number).ok().and_then(|number| NUMBERS.get(number)).map_or("", String::as_str)
}

fn nearest_hour(instant: Timestamp) -> Timestamp {
    let hour = SignedDuration::from_hours(1).as_secs();
    let seconds = (instant.as_second() + hour / 2).div_euclid(hour) * hour;
    Timestamp::from_second(seconds).unwrap_or(instant)
}

/// Calendar days from one date to another.
fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::language;

    static UTC: std::sync::LazyLock<Zone> = std::sync::LazyLock::new(|| Zone::UTC);

    pub(in crate::format) fn reader<'a>(code: &str, zone: &'a Zone, now: &str) -> Reader<'a> {
        Reader { texts: language(code).unwrap(), zone, now: now.parse().unwrap() }
    }

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn times_as_people_say_them() {
        let moncton = Zone::named("America/Moncton").unwrap();
        let (en, fr) = (reader("en", &moncton, "2022-04-18T21:10:00Z"), reader("fr", &moncton, "2022-04-18T21:10:00Z"));
        assert_eq!(en.at(instant("2022-04-18T21:05:00Z")), "today 18:05");
        assert_eq!(fr.at(instant("2022-04-18T21:05:00Z")), "aujourd’hui à 18\u{a0}h\u{a0}05");
        assert_eq!(en.about(instant("2022-04-21T13:40:00Z")), "Thursday about 11:00");
        assert_eq!(en.about_dated(instant("2022-04-21T13:40:00Z")), "21 April 2022 about 11:00 ADT");
        assert_eq!(fr.about_dated(instant("2022-04-21T13:40:00Z")), "le 21 avril 2022 vers 11\u{a0}h HAA");
        assert_eq!(en.at(instant("2022-04-12T21:05:00Z")), "Tuesday 18:05");
        assert_eq!(en.at(instant("2022-04-11T21:05:00Z")), "11 April 18:05");
        assert_eq!(fr.at(instant("2021-04-01T21:05:00Z")), "le 1er avril 2021 à 18\u{a0}h\u{a0}05");
        assert_eq!((en.zone_name(en.now), fr.zone_name(en.now)), ("ADT".into(), "HAA".into()));
    }

    #[test]
    fn the_clock_change_names_its_days_and_zones() {
        let moncton = Zone::named("America/Moncton").unwrap();
        let spring = reader("en", &moncton, "2026-03-08T12:00:00Z");
        assert_eq!(spring.at(instant("2026-03-08T05:30:00Z")), "today 01:30");
        assert_eq!(spring.at(instant("2026-03-08T06:30:00Z")), "today 03:30");
        let autumn = reader("fr", &moncton, "2026-11-01T12:00:00Z");
        assert_eq!(autumn.zone_name(instant("2026-11-01T04:30:00Z")), "HAA");
        assert_eq!(autumn.zone_name(instant("2026-11-01T05:30:00Z")), "HNA");
        assert_eq!(autumn.at(instant("2026-11-01T02:30:00Z")), "hier à 23\u{a0}h\u{a0}30");
    }

    #[test]
    fn a_day_ends_at_its_own_midnight() {
        for (zone, now, end) in [
            ("America/Moncton", "2026-11-22T14:00:00Z", "2026-11-23T04:00:00Z"),
            ("America/Moncton", "2026-11-23T03:59:00Z", "2026-11-23T04:00:00Z"),
            ("America/Moncton", "2026-03-08T03:00:00Z", "2026-03-08T04:00:00Z"),
            ("America/Moncton", "2026-03-08T12:00:00Z", "2026-03-09T03:00:00Z"),
            ("America/Moncton", "2026-11-01T02:00:00Z", "2026-11-01T03:00:00Z"),
            ("America/Moncton", "2026-11-01T12:00:00Z", "2026-11-02T04:00:00Z"),
            ("America/Edmonton", "2026-12-15T12:00:00Z", "2026-12-16T06:00:00Z"),
            ("America/Winnipeg", "2026-12-15T12:00:00Z", "2026-12-16T05:00:00Z"),
        ] {
            let zone = Zone::named(zone).unwrap();
            assert_eq!(reader("en", &zone, now).end_of_day(), instant(end));
        }
    }

    #[test]
    fn zones_that_gave_up_changing_clocks() {
        let edmonton = Zone::named("America/Edmonton").unwrap();
        let winnipeg = Zone::named("America/Winnipeg").unwrap();
        let noon = "2026-12-15T18:00:00Z";
        assert_eq!(reader("en", &edmonton, noon).at(instant(noon)), "today 12:00");
        assert_eq!(reader("en", &winnipeg, noon).at(instant(noon)), "today 13:00");
    }

    #[test]
    fn ages_grow() {
        let en = reader("en", &UTC, "2026-04-18T12:00:00Z");
        let shown: Vec<String> =
            ["2026-04-18T12:01:00Z", "2026-04-18T11:55:00Z", "2026-04-18T08:20:00Z", "2026-04-10T12:00:00Z"]
                .map(|text| en.age(instant(text)))
                .into();
        assert_eq!(shown, ["just now", "5\u{a0}min ago", "3\u{a0}h ago", "8 days ago"]);
    }
}
