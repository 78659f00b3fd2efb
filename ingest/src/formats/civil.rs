//! Instants of documents that tell local time without an offset. In spring an hour does not exist; in autumn one comes
//! twice, and only the order of the document can say which of the two is meant: readings follow each other in time, so
//! the place where the clock stands still or goes back parts the first pass (summer time) from the second (standard
//! time). Where that does not show, the readings of the hour are refused: an hour's error is worse than a gap.

use std::cmp::Ordering;

use hydro::{Timestamp, Zone};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::field;

/// The rules of a zone by its IANA name.
///
/// # Errors
/// A name that is no zone.
pub(super) fn zone(name: &str) -> Result<TimeZone, String> {
    Zone::named(name).map(|zone| zone.rules().clone()).map_err(|error| error.to_string())
}

/// The instants of the times of one series, which stand in the document's order, rising or falling.
///
/// # Errors
/// For a single time: one that clocks skip, one that comes twice where the order does not tell which is meant, and one
/// outside the years 1900 to 2100.
pub(super) fn resolve(times: &[DateTime], zone: &TimeZone) -> Vec<Result<Timestamp, String>> {
    let clocks: Vec<Clock> = times.iter().map(|&civil| Clock { civil, offset: offset(civil, zone) }).collect();
    let order = order(&clocks);
    let mut instants = Vec::with_capacity(times.len());
    for run in clocks.chunk_by(Clock::is_of_one_fold) {
        let second_from = order.and_then(|order| second_pass(run, order));
        instants.extend(run.iter().enumerate().map(|(i, clock)| clock.instant(i, order, second_from)));
    }
    instants
}

/// A time and what the zone says of it.
struct Clock {
    civil: DateTime,
    offset: AmbiguousOffset,
}

impl Clock {
    /// Whether both come twice, in the same night.
    fn is_of_one_fold(&self, other: &Self) -> bool {
        self.is_fold() && other.is_fold() && self.civil.date() == other.civil.date()
    }

    fn is_fold(&self) -> bool {
        matches!(self.offset, AmbiguousOffset::Fold { .. })
    }

    /// The instant of the `i`th time of a run of one fold, whose later part in the document begins at `parted`.
    fn instant(&self, i: usize, order: Option<Ordering>, parted: Option<usize>) -> Result<Timestamp, String> {
        let at = |offset: Offset| offset.to_timestamp(self.civil).map_err(|error| error.to_string());
        let instant = match (self.offset, parted) {
            (AmbiguousOffset::Unambiguous { offset }, _) => at(offset)?,
            (AmbiguousOffset::Gap { .. }, _) => return Err(format!("{}: clocks skip this hour", self.civil)),
            (AmbiguousOffset::Fold { .. }, None) => {
                return Err(format!("{}: this hour comes twice, and it does not show which is meant", self.civil));
            }
            (AmbiguousOffset::Fold { before, after }, Some(parted)) => {
                let is_first_pass = (i < parted) == (order == Some(Ordering::Less));
                at(if is_first_pass { before } else { after })?
            }
        };
        field::within_years(instant)
    }
}

fn offset(civil: DateTime, zone: &TimeZone) -> AmbiguousOffset {
    zone.to_ambiguous_timestamp(civil).offset()
}

/// How each time stands to the next throughout the document, times of one fold left aside: `Less` where they rise. None
/// where it is now one, now the other, or where nothing shows.
fn order(clocks: &[Clock]) -> Option<Ordering> {
    let mut orders = clocks
        .windows(2)
        .filter_map(|pair| if let [one, next] = pair { Some((one, next)) } else { None })
        .filter(|(one, next)| !one.is_of_one_fold(next))
        .map(|(one, next)| one.civil.cmp(&next.civil));
    let first = orders.next().filter(|order| order.is_ne())?;
    orders.all(|order| order == first).then_some(first)
}

/// Where in a run of one fold the other pass begins: the one place where the clock does not go on as the document does.
fn second_pass(run: &[Clock], order: Ordering) -> Option<usize> {
    let breaks = |&i: &usize| run[i - 1].civil.cmp(&run[i].civil) != order;
    let mut parted = (1..run.len()).filter(breaks);
    parted.next().filter(|_| parted.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instants(zone: &str, times: &[&str]) -> Vec<String> {
        let times: Vec<DateTime> = times.iter().map(|time| time.parse().expect("a time")).collect();
        let resolved = resolve(&times, &self::zone(zone).expect("a zone"));
        resolved.into_iter().map(|instant| instant.map_or_else(|error| error, |instant| instant.to_string())).collect()
    }

    /// On the night of 1 November 2026 in Toronto; `-` where the time is refused, else the time of day in UTC.
    fn november(times: &str) -> String {
        let times: Vec<String> = times.split(' ').map(|time| format!("2026-11-01 {time}")).collect();
        let times: Vec<&str> = times.iter().map(String::as_str).collect();
        let utc = |instant: String| if instant.ends_with('Z') { instant[11..16].to_owned() } else { "-".into() };
        instants("America/Toronto", &times).into_iter().map(utc).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_first_pass_is_summer_time_and_the_second_standard_time() {
        assert_eq!(november("00:30 01:00 01:30 01:00 01:30 02:00"), "04:30 05:00 05:30 06:00 06:30 07:00");
        assert_eq!(november("02:00 01:30 01:00 01:30 01:00 00:30"), "07:00 06:30 06:00 05:30 05:00 04:30");
        assert_eq!(november("00:00 01:00 01:00 02:00"), "04:00 05:00 06:00 07:00");
        assert_eq!(november("01:30 01:00 00:30"), "- - 04:30");
        assert_eq!(november("00:30 01:45 01:15"), "04:30 05:45 06:15");
    }

    #[test]
    fn one_pass_alone_does_not_show_which_it_is() {
        assert_eq!(november("00:30 01:00 01:30 02:00"), "04:30 - - 07:00");
        assert_eq!(november("00:30 01:00 01:30"), "04:30 - -");
        assert_eq!(november("02:00 01:30"), "07:00 -");
        assert_eq!(november("01:00 01:30 01:00 01:30"), "- - - -");
    }

    #[test]
    fn disorder_decides_nothing() {
        assert_eq!(november("00:30 01:00 01:30 01:00 01:30 01:00 02:00"), "04:30 - - - - - 07:00");
        assert_eq!(november("00:30 00:15 01:00 01:30 01:00 02:00"), "04:30 04:15 - - - 07:00");
        assert_eq!(november("00:30 00:30 01:00 01:00 02:00"), "04:30 04:30 - - 07:00");
    }

    #[test]
    fn clocks_skip_an_hour_in_march() {
        let times = ["2026-03-08T01:59", "2026-03-08T02:00", "2026-03-08T02:59:59", "2026-03-08T03:00"];
        insta::assert_debug_snapshot!(instants("America/Toronto", &times), @r#"
        [
            "2026-03-08T06:59:00Z",
            "2026-03-08T02:00:00: clocks skip this hour",
            "2026-03-08T02:59:59: clocks skip this hour",
            "2026-03-08T07:00:00Z",
        ]
        "#);
    }

    #[test]
    fn years_have_their_bounds() {
        let times = ["0001-01-01T00:00", "1900-06-01T00:00", "2100-06-01T00:00"];
        let found = instants("America/Toronto", &times);
        assert_eq!(found.iter().filter(|instant| instant.contains("is not between the years")).count(), 2, "{found:?}");
        assert!(zone("America/Fredericton").is_err());
    }

    proptest::proptest! {
        /// Instants whose local times are told in order, every so many minutes, come back, or are refused, never others.
        #[test]
        fn instants_come_back(start in 1_793_400_000_i64..1_793_600_000, step in 1_i64..=120, count in 1_i64..200, falling: bool) {
            let zone = zone("America/Toronto").expect("a zone");
            let mut instants: Vec<Timestamp> =
                (0..count).map(|i| Timestamp::from_second(start + i * step * 60).expect("an instant")).collect();
            if falling {
                instants.reverse();
            }
            let times: Vec<DateTime> = instants.iter().map(|instant| zone.to_datetime(*instant)).collect();
            for (resolved, instant) in resolve(&times, &zone).into_iter().zip(&instants) {
                proptest::prop_assert!(resolved.is_err() || resolved.as_ref() == Ok(instant), "{resolved:?} {instant}");
            }
        }
    }
}
