//! Instants into local time: the only place that knows time zones.
//!
//! The name of a zone is a [`chrono_tz::Tz`], so an unknown name is refused; its offsets come from jiff's bundled
//! database. chrono-tz 0.10.4 embeds a database of 2025 that is an hour wrong for British Columbia, Alberta, Manitoba
//! and the Northwest Territories from November 2026, and a machine's own database may be older still.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use thiserror::Error;

static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A time zone of the IANA database, such as `America/Moncton`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: chrono_tz::Tz,
    rules: TimeZone,
}

/// A name that is no time zone.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a time zone of the IANA database, such as `America/Moncton`")]
pub struct UnknownZone(String);

/// An instant as clocks in a zone show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// What calendar and clock say.
    pub civil: DateTime,
    /// The offset from UTC in force.
    pub offset: Offset,
    /// The English abbreviation in force, such as `ADT`; a bare offset such as `-03` where the zone has none.
    pub abbreviation: String,
}

/// Shows instants as [`Zone::civil`] does; of those that follow one another the rules are asked only once between two changes
/// of the clock.
#[derive(Debug)]
pub struct Clock<'z> {
    zone: &'z Zone,
    /// From when until when which offset is in force.
    holds: Option<(Range<Timestamp>, Offset)>,
}

impl Clock<'_> {
    /// What calendars and clocks show at an instant.
    pub fn civil(&mut self, instant: Timestamp) -> DateTime {
        if let Some((span, offset)) = &self.holds
            && span.contains(&instant)
        {
            return offset.to_datetime(instant);
        }
        let rules = &self.zone.rules;
        let offset = rules.to_offset(instant);
        let change = rules.following(instant).next().map_or(Timestamp::MAX, |change| change.timestamp());
        self.holds = Some((instant..change, offset));
        offset.to_datetime(instant)
    }
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self { name: chrono_tz::Tz::UTC, rules: TimeZone::UTC };

    /// Finds a zone by its IANA name.
    ///
    /// # Errors
    /// [`UnknownZone`] where either database lacks the name.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let unknown = || UnknownZone(name.chars().take(60).collect());
        let known: chrono_tz::Tz = name.parse().map_err(|_| unknown())?;
        let rules = DATABASE.get(known.name()).map_err(|_| unknown())?;
        Ok(Self { name: known, rules })
    }

    /// The IANA name.
    pub fn name(&self) -> &'static str {
        self.name.name()
    }

    /// Its rules, for readers of documents that tell local time.
    pub const fn rules(&self) -> &TimeZone {
        &self.rules
    }

    /// What calendars and clocks in the zone show at an instant.
    pub fn civil(&self, instant: Timestamp) -> DateTime {
        self.rules.to_datetime(instant)
    }

    /// Shows many instants that rise.
    pub const fn clock(&self) -> Clock<'_> {
        Clock { zone: self, holds: None }
    }

    /// The same, with the offset and its abbreviation.
    pub fn local(&self, instant: Timestamp) -> Local {
        let info = self.rules.to_offset_info(instant);
        Local {
            civil: info.offset().to_datetime(instant),
            offset: info.offset(),
            abbreviation: info.abbreviation().to_owned(),
        }
    }

    /// The instant at which a local day begins (the first one, should midnight come twice; the next that exists,
    /// should the clock skip it).
    pub fn start_of_day(&self, date: jiff::civil::Date) -> Timestamp {
        self.rules.to_ambiguous_timestamp(date.at(0, 0, 0, 0)).compatible().unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offset(zone: &str, instant: &str) -> i32 {
        Zone::named(zone).expect("a known zone").local(instant.parse().expect("an instant")).offset.seconds() / 3600
    }

    #[test]
    fn western_canada_no_longer_changes_its_clocks() {
        let december = "2026-12-01T12:00:00Z";
        assert_eq!(offset("America/Vancouver", december), -7);
        assert_eq!(offset("America/Edmonton", december), -6);
        assert_eq!(offset("America/Winnipeg", december), -5);
        assert_eq!(offset("America/Yellowknife", december), -6);
    }

    #[test]
    fn moncton_changes_its_clocks() {
        let moncton = Zone::named("America/Moncton").expect("a known zone");
        let shown = |instant: &str| {
            let instant = instant.parse().expect("an instant");
            let local = moncton.local(instant);
            assert_eq!(moncton.civil(instant), local.civil);
            format!("{} {}", local.civil.strftime("%m-%d %H:%M"), local.abbreviation)
        };
        // 8 March 2026: 02:00 becomes 03:00. 1 November 2026: 01:59 ADT is followed by 01:00 AST.
        assert_eq!(shown("2026-03-08T05:59:00Z"), "03-08 01:59 AST");
        assert_eq!(shown("2026-03-08T06:00:00Z"), "03-08 03:00 ADT");
        assert_eq!(shown("2026-11-01T04:59:00Z"), "11-01 01:59 ADT");
        assert_eq!(shown("2026-11-01T05:00:00Z"), "11-01 01:00 AST");
    }

    #[test]
    fn many_instants_are_shown_as_each_of_them() {
        for name in ["America/Moncton", "America/Edmonton", "America/Winnipeg", "America/Sao_Paulo", "Etc/UTC"] {
            let zone = Zone::named(name).expect("a known zone");
            let start: Timestamp = "2025-10-01T00:00:00Z".parse().expect("an instant");
            let mut clock = zone.clock();
            // Twenty months at half-hours, then half of them once more.
            for step in (0..29_000).chain((0..29_000).step_by(2)) {
                let instant = start + jiff::SignedDuration::from_mins(30 * step);
                assert_eq!(clock.civil(instant), zone.civil(instant), "{name} at {instant}");
            }
        }
    }

    #[test]
    fn a_day_of_the_change_is_23_or_25_hours_long() {
        let moncton = Zone::named("America/Moncton").expect("a known zone");
        let hours = |year, month, day| {
            let date = jiff::civil::date(year, month, day);
            let next = date.tomorrow().expect("a next day");
            moncton.start_of_day(next).duration_since(moncton.start_of_day(date)).as_hours()
        };
        assert_eq!((hours(2026, 3, 8), hours(2026, 11, 1), hours(2026, 7, 1)), (23, 25, 24));
    }

    #[test]
    fn a_wrong_name_is_refused() {
        assert_eq!(Zone::named("America/Fredericton"), Err(UnknownZone("America/Fredericton".into())));
    }
}
