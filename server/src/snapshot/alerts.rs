//! The official alerts in force that cover a station, found anew for each snapshot: they expire by the clock.

use hydro::alert::{covers, in_force};
use hydro::{Alert, FeedId, Notice, Station, Timestamp};
use store::KnownAlert;

use super::FeedNow;
use crate::Site;

/// An official alert that is in force and covers a station.
#[derive(Debug, Clone)]
pub struct AlertNow {
    /// The message.
    pub alert: Alert,
    /// The feed that brought it.
    pub feed: FeedId,
    /// When it first came.
    pub received: Timestamp,
    /// When that feed was last read, and would have said that the alert is over.
    pub confirmed: Option<Timestamp>,
    /// The stations that it covers, by their place in the site's order.
    pub stations: Vec<usize>,
}

impl AlertNow {
    /// The texts that hold at `now` and cover a station.
    pub(crate) fn covering<'a>(&'a self, station: &'a Station, now: Timestamp) -> impl Iterator<Item = &'a Notice> {
        self.alert.current(now).filter(|notice| notice.areas.iter().any(|area| is_in(station, area)))
    }
}

/// Whether a station lies in an area, by its position or by one of its own codes.
pub(crate) fn is_in(station: &Station, area: &hydro::Area) -> bool {
    covers(area, station.position, &station.alert_areas)
}

/// Of all alerts known, those that are in force at `now` and cover a station; the worst first.
pub(super) fn alerts(known: &[KnownAlert], site: &Site, feeds: &[FeedNow], now: Timestamp) -> Vec<AlertNow> {
    let current = in_force(known.iter().map(|known| &known.alert), now);
    current
        .into_iter()
        .filter_map(|alert| {
            // A feed that is not configured any more is not read any more: nobody would hear that its alerts are over.
            let state =
                |id: &FeedId| site.feeds.iter().position(|note| note.id == *id).and_then(|place| feeds.get(place));
            let mut brought = known.iter().filter(|known| known.alert == *alert);
            let (known, state) = brought.find_map(|known| Some((known, state(&known.feed)?)))?;
            let confirmed = state.state.succeeded.map(|succeeded| succeeded.min(now));
            let (alert, feed, stations) = (alert.clone(), known.feed.clone(), Vec::new());
            Some(AlertNow { alert, feed, received: known.received, confirmed, stations })
        })
        .filter_map(|alert| covered(alert, site, now))
        .collect()
}

/// The alerts of an earlier snapshot that are in force still.
pub(super) fn aged(alerts: &[AlertNow], site: &Site, now: Timestamp) -> Vec<AlertNow> {
    alerts.iter().cloned().filter_map(|alert| covered(alert, site, now)).collect()
}

/// The alert with the stations that it covers, where there are any.
fn covered(mut alert: AlertNow, site: &Site, now: Timestamp) -> Option<AlertNow> {
    let covers = |station: &Station| alert.covering(station, now).next().is_some();
    let stations: Vec<usize> =
        site.stations.iter().enumerate().filter(|(_, station)| covers(station)).map(|(place, _)| place).collect();
    alert.stations = stations;
    (!alert.stations.is_empty()).then_some(alert)
}
