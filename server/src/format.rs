//! Numbers, heights, discharges and times as a reader of one language in one zone sees them: the only place that knows units and clocks.

use std::collections::BTreeMap;

use hydro::{Forecast, Parameter, Rank, SignedDuration, Station, Thresholds, Timestamp, Trend, Value, Zone};
use jiff::civil::Date;

use crate::lang::{Language, fill};

/// A space that keeps a number and its unit on one line.
const NBSP: &str = "\u{a0}";

/// To whom something is said: the language, the zone of the clocks, and the instant of saying.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) texts: Language,
    pub(crate) zone: &'a Zone,
    pub(crate) now: Timestamp,
}

/// A level rounded to a centimetre, but never up to a threshold that it has not reached.
pub(crate) fn to_centimetre(value: Value, thresholds: Option<&Thresholds>) -> Value {
    let rounded = value.rounded(10);
    match thresholds {
        Some(set) if set.reached(rounded) > set.reached(value) => rounded - Value::from_milli(10),
        _ => rounded,
    }
}

/// A discharge rounded to three digits, which is what a rating curve bears; as many more as tell it from a threshold that
/// it has not reached, or that it has.
pub(crate) fn to_three_digits(value: Value, thresholds: Option<&Thresholds>) -> Value {
    let mut step = step(value, 3);
    loop {
        let rounded = value.rounded(step);
        let misleads = |set: &Thresholds| {
            set.reached(rounded) != set.reached(value) || set.iter().any(|named| named.value == value)
        };
        if step == 1 || !thresholds.is_some_and(misleads) {
            return rounded;
        }
        step /= 10;
    }
}

/// What a value of the station is rounded to where it is shown.
pub(crate) fn shown(value: Value, station: &Station) -> Value {
    match station.parameter() {
        Parameter::Level => to_centimetre(value, station.thresholds.as_ref()),
        Parameter::Discharge => to_three_digits(value, station.thresholds.as_ref()),
    }
}

/// A unit as readers know it.
pub(crate) const fn unit(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::Level => "m",
        Parameter::Discharge => "m\u{b3}/s",
    }
}

/// The thousandths of which a number of so many digits is a multiple; nothing at all is a whole number.
fn step(value: Value, digits: u32) -> i64 {
    let (mut step, most) = (if value.milli() == 0 { 1000 } else { 1 }, 10_i64.pow(digits));
    while value.milli().abs() / step >= most {
        step *= 10;
    }
    step
}

/// How many decimals it takes to write a multiple of so many thousandths.
const fn decimals(step: i64) -> usize {
    match step {
        1 => 3,
        10 => 2,
        100 => 1,
        _ => 0,
    }
}

/// The largest power of ten of thousandths, up to a whole, of which a value is a multiple.
fn exact(value: Value) -> i64 {
    [1000, 100, 10].into_iter().find(|step| value.milli() % step == 0).unwrap_or(1)
}

impl Reader<'_> {
    /// A number of the unit with so many decimals: `5.95`, `5,95`.
    pub(crate) fn number(&self, value: Value, decimals: usize) -> String {
        let step = [1000, 100, 10, 1][decimals.min(3)];
        let rounded = value.rounded(step);
        let milli = rounded.milli().unsigned_abs();
        let sign = if rounded.milli() < 0 { "\u{2212}" } else { "" };
        if decimals == 0 {
            return format!("{sign}{}", milli / 1000);
        }
        let fraction = format!("{:03}", milli % 1000);
        format!("{sign}{}{}{}", milli / 1000, self.texts.decimal_mark, &fraction[..decimals.min(3)])
    }

    /// The same with its thousands set apart: `1,240`, `1 240`.
    fn grouped(&self, value: Value, decimals: usize) -> String {
        let plain = self.number(value, decimals);
        let (sign, digits) = plain.strip_prefix('\u{2212}').map_or(("", plain.as_str()), |digits| ("\u{2212}", digits));
        let whole = digits.split_once(self.texts.decimal_mark.as_str()).map_or(digits, |(whole, _)| whole);
        let (mut text, places) = (sign.to_owned(), whole.len());
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (places - i).is_multiple_of(3) {
                text.push_str(&self.texts.group_mark);
            }
            text.push(digit);
        }
        text + &digits[places..]
    }

    /// A value of the station without its unit, rounded with respect to its thresholds: `5.95`, `1,240`.
    pub(crate) fn figure(&self, value: Value, station: &Station) -> String {
        let rounded = shown(value, station);
        match station.parameter() {
            Parameter::Level => self.number(rounded, 2),
            Parameter::Discharge => self.grouped(rounded, decimals(step(rounded, 3)).max(decimals(exact(rounded)))),
        }
    }

    /// A value of the station, rounded with respect to its thresholds: `5.95 m`, `1,240 m³/s`.
    pub(crate) fn level(&self, value: Value, station: &Station) -> String {
        format!("{}{NBSP}{}", self.figure(value, station), unit(station.parameter()))
    }

    /// A height, a discharge or the distance of two as it is stated somewhere: a height to the centimetre, a discharge
    /// with every digit that it has.
    pub(crate) fn stated(&self, value: Value, parameter: Parameter) -> String {
        let number = match parameter {
            Parameter::Level => self.number(value, 2),
            Parameter::Discharge => self.grouped(value, decimals(exact(value))),
        };
        format!("{number}{NBSP}{}", unit(parameter))
    }

    /// How far two values are apart that are not both exact: a discharge to two digits.
    pub(crate) fn difference(&self, value: Value, parameter: Parameter) -> String {
        match parameter {
            Parameter::Level => self.stated(value, parameter),
            Parameter::Discharge => self.stated(value.rounded(step(value, 2)), parameter),
        }
    }

    /// A rate: of a level in centimetres, half a centimetre where it is slow, of a discharge to two digits: `4 cm`, `0.5 cm`,
    /// `12 m³/s`.
    pub(crate) fn rate(&self, per_hour: Value, parameter: Parameter) -> String {
        if parameter == Parameter::Discharge {
            return self.difference(per_hour, parameter);
        }
        let centimetres = Value::from_milli(per_hour.milli() * 100);
        let decimals = usize::from(per_hour.milli() < 10);
        format!("{}{NBSP}cm", self.number(centimetres, decimals))
    }

    /// `rising 4 cm/h`, `rising 12 m³/s an hour`.
    pub(crate) fn trend(&self, trend: Trend, parameter: Parameter) -> String {
        let texts = &self.texts.trend;
        let (rising, falling) = match parameter {
            Parameter::Level => (&texts.rising, &texts.falling),
            Parameter::Discharge => (&texts.rising_discharge, &texts.falling_discharge),
        };
        match trend {
            Trend::Rising(rate) => fill(rising, &[("rate", &self.rate(rate, parameter))]),
            Trend::Falling(rate) => fill(falling, &[("rate", &self.rate(rate, parameter))]),
            Trend::Steady => texts.steady.clone(),
        }
    }

    /// The word for what is measured, inside a sentence: `level`, `discharge`.
    pub(crate) fn quantity(&self, parameter: Parameter) -> &str {
        match parameter {
            Parameter::Level => &self.texts.quantity.level,
            Parameter::Discharge => &self.texts.quantity.discharge,
        }
    }

    /// `18:05`, `18 h 05`.
    pub(crate) fn clock(&self, instant: Timestamp) -> String {
        let civil = self.zone.local(instant).civil;
        let digits = self.texts.hour_digits.parse().unwrap_or(2);
        let template = if civil.minute() == 0 { &self.texts.clock_whole } else { &self.texts.clock };
        let (hour, minute) = (format!("{:0digits$}", civil.hour()), format!("{:02}", civil.minute()));
        fill(template, &[("hour", &hour), ("minute", &minute)])
    }

    /// `today`, `Thursday`, `18 April`, `18 October 2022`: by name within six days of now.
    pub(crate) fn day(&self, instant: Timestamp) -> String {
        let (date, today) = (self.zone.local(instant).civil.date(), self.zone.local(self.now).civil.date());
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
        let this_year = date.year() == self.zone.local(self.now).civil.year();
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
        let date = self.written(self.zone.local(instant).civil.date(), &self.texts.calendar.date_year);
        let at = fill(&self.texts.calendar.at, &[("day", &date), ("clock", &self.clock(instant))]);
        format!("{at} {}", self.zone_name(instant))
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
        let hour = SignedDuration::from_hours(1).as_secs();
        let seconds = (instant.as_second() + hour / 2).div_euclid(hour) * hour;
        let nearest = Timestamp::from_second(seconds).unwrap_or(instant);
        fill(&self.texts.calendar.about, &[("day", &self.day(nearest)), ("clock", &self.clock(nearest))])
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

/// Calendar days from one date to another.
fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use hydro::{LocalText, Scheme};

    use super::*;
    use crate::lang::language;

    static UTC: std::sync::LazyLock<Zone> = std::sync::LazyLock::new(|| Zone::UTC);

    fn reader<'a>(code: &str, zone: &'a Zone, now: &str) -> Reader<'a> {
        Reader { texts: language(code).unwrap(), zone, now: now.parse().unwrap() }
    }

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn heights_and_rates_in_both_languages() {
        let (en, fr) = (reader("en", &UTC, "2026-04-18T00:00:00Z"), reader("fr", &UTC, "2026-04-18T00:00:00Z"));
        assert_eq!(en.stated(Value::from_milli(5954), Parameter::Level), "5.95\u{a0}m");
        assert_eq!(fr.stated(Value::from_milli(-56), Parameter::Level), "\u{2212}0,06\u{a0}m");
        assert_eq!(en.rate(Value::from_milli(43), Parameter::Level), "4\u{a0}cm");
        assert_eq!(fr.rate(Value::from_milli(7), Parameter::Level), "0,7\u{a0}cm");
    }

    #[test]
    fn discharges_have_three_digits_and_their_thousands_apart() {
        let (en, fr) = (reader("en", &UTC, "2026-04-18T00:00:00Z"), reader("fr", &UTC, "2026-04-18T00:00:00Z"));
        let station = of_discharge(&[("advisory", 1_275_000), ("flood", 2_000_000)]);
        let said = |milli: i64| {
            [&en, &fr].map(|reader| reader.level(Value::from_milli(milli), &station).replace('\u{a0}', "_"))
        };
        assert_eq!(said(304_232), ["304_m³/s", "304_m³/s"]);
        assert_eq!(said(1_238_000), ["1,240_m³/s", "1_240_m³/s"]);
        assert_eq!(said(12_345_678), ["12,300_m³/s", "12_300_m³/s"]);
        assert_eq!(said(5_400), ["5.40_m³/s", "5,40_m³/s"]);
        assert_eq!(said(12), ["0.012_m³/s", "0,012_m³/s"]);
        assert_eq!(said(-54_210), ["\u{2212}54.2_m³/s", "\u{2212}54,2_m³/s"]);
        assert_eq!(said(0)[0], "0_m³/s");
        assert_eq!(said(1_275_000)[0], "1,275_m³/s", "a threshold as it is stated");
        assert_eq!(said(1_274_900)[0], "1,270_m³/s");
        assert_eq!(said(1_999_600)[0], "1,999.6_m³/s", "the threshold is not reached");
        assert_eq!(en.stated(Value::from_milli(35_000), Parameter::Discharge), "35\u{a0}m³/s");
        assert_eq!(en.rate(Value::from_milli(12_345), Parameter::Discharge), "12\u{a0}m³/s");
    }

    fn of_discharge(thresholds: &[(&str, i64)]) -> Station {
        let heights = thresholds.iter().map(|&(name, milli)| (name, Value::from_milli(milli)));
        let source = hydro::Source {
            feed: hydro::FeedId::new("f").unwrap(),
            location: "1".to_owned(),
            parameter: Parameter::Discharge,
            datum_offset: Value::from_milli(0),
        };
        let thresholds = Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).ok();
        Station { thresholds, sources: vec![source], ..crate::sentence::tests::station() }
    }

    #[test]
    fn rounding_never_reaches_a_threshold_that_the_water_has_not() {
        let heights = [("flood", Value::from_milli(4000))];
        let set = Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).unwrap();
        assert_eq!(to_centimetre(Value::from_milli(3998), Some(&set)), Value::from_milli(3990));
        assert_eq!(to_centimetre(Value::from_milli(4004), Some(&set)), Value::from_milli(4000));
        assert_eq!(to_centimetre(Value::from_milli(3998), None), Value::from_milli(4000));
    }

    #[test]
    fn times_as_people_say_them() {
        let moncton = Zone::named("America/Moncton").unwrap();
        let (en, fr) = (reader("en", &moncton, "2022-04-18T21:10:00Z"), reader("fr", &moncton, "2022-04-18T21:10:00Z"));
        assert_eq!(en.at(instant("2022-04-18T21:05:00Z")), "today 18:05");
        assert_eq!(fr.at(instant("2022-04-18T21:05:00Z")), "aujourd’hui à 18\u{a0}h\u{a0}05");
        assert_eq!(en.about(instant("2022-04-21T13:40:00Z")), "Thursday about 11:00");
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
