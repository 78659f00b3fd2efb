//! What a forecast has beside its values: bounds, quantiles and members, each a series of its own with issues of its own.

use hydro::{Bound, FeedId, Forecast, Parameter, Timestamp};
use rusqlite::params;

use super::{Reader, required_instant};
use crate::StoreError;
use crate::memory::Issue;

impl Reader {
    /// The bounds, quantiles and members of the issue of one instant, as known at `known`, in the order in which the feed
    /// first gave them; of one that was corrected, only the last version. In the feed's datum.
    pub(super) fn bounds(
        &self,
        feed: &FeedId,
        location: &str,
        parameter: Parameter,
        (issued, known): (Timestamp, Timestamp),
    ) -> Result<Vec<Bound>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT stat, issue.id, series, max(received_at) FROM issue
             JOIN series ON series.id = series JOIN feed ON feed.id = feed
             WHERE feed.name = ? AND location = ? AND parameter = ? AND kind = 'forecast' AND stat <> 'value'
                 AND issued_at = ? AND received_at <= ?
             GROUP BY series ORDER BY series",
        )?;
        let named = params![feed.as_str(), location, parameter.name(), issued.as_second(), known.as_second()];
        let rows = select.query_map(named, |row| {
            let issue = Issue { number: row.get(1)?, series: row.get(2)?, issued, received: required_instant(row, 3)? };
            Ok((row.get::<_, String>(0)?, issue))
        })?;
        let mut bounds = Vec::new();
        for row in rows {
            let (name, issue) = row?;
            bounds.push(Bound { name: name.into(), points: self.values(issue)? });
        }
        Ok(bounds)
    }

    /// The newest issues, newest first, of a forecast that has bounds or members and no values.
    pub(super) fn issues_of_bounds(
        &self,
        feed: &FeedId,
        location: &str,
        parameter: Parameter,
        known: Timestamp,
        at_most: usize,
    ) -> Result<Vec<Forecast>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT issued_at, issue_inferred, max(received_at) FROM issue
             JOIN series ON series.id = series JOIN feed ON feed.id = feed
             WHERE feed.name = ? AND location = ? AND parameter = ? AND kind = 'forecast' AND received_at <= ?
             GROUP BY issued_at ORDER BY issued_at DESC LIMIT ?",
        )?;
        let limit = i64::try_from(at_most).unwrap_or(i64::MAX);
        let named = params![feed.as_str(), location, parameter.name(), known.as_second(), limit];
        let rows = select.query_map(named, |row| {
            Ok((required_instant(row, 0)?, row.get::<_, bool>(1)?, required_instant(row, 2)?))
        })?;
        let mut forecasts = Vec::new();
        for row in rows {
            let (issued, inferred, received) = row?;
            let bounds = self.bounds(feed, location, parameter, (issued, known))?;
            let feed = feed.clone();
            forecasts.push(Forecast { issued, issue_inferred: inferred, received, feed, points: Vec::new(), bounds });
        }
        Ok(forecasts)
    }
}
