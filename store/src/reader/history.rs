//! What was said in the course of time: measurements within a span, every issue of a forecast, every change of a threshold.

use hydro::{FeedId, Forecast, Parameter, Point, Timestamp, Value};
use rusqlite::params;

use super::{Reader, required_instant};
use crate::thresholds::published_row;
use crate::{PublishedThreshold, StoreError};

/// Where in a series of issues a page ends: the instant of issue, and when that version of it came.
pub type IssueAt = (Timestamp, Timestamp);

/// Some issues in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issues {
    /// Rising by the instant of issue, and corrections of one issue by when they came. Levels are in the feed's datum.
    pub issues: Vec<Forecast>,
    /// There are more within the span.
    pub more: bool,
}

impl Reader {
    /// Observations of one place, rising in time, valid from the first instant of a span on and before its second, as they
    /// were known at `known`; in the feed's datum.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn observed_within(
        &self,
        feed: &FeedId,
        location: &str,
        parameter: Parameter,
        (from, until): (Timestamp, Timestamp),
        known: Timestamp,
    ) -> Result<Vec<Point>, StoreError> {
        let mut points = self.observed(feed, location, parameter, from, known)?;
        points.truncate(points.partition_point(|point| point.valid < until));
        points.shrink_to_fit();
        Ok(points)
    }

    /// The issues of a place's forecast that were issued from the first instant of a span on and before its second, after
    /// the issue `after`, as known at `known`: every version of each, with the bounds that it had. Of a feed that does not
    /// say when it issued, when it came. No more than `values` values, but always one issue where there is one.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn issues(
        &self,
        (feed, location, parameter): (&FeedId, &str, Parameter),
        (from, until): (Timestamp, Timestamp),
        after: Option<IssueAt>,
        known: Timestamp,
        values: usize,
    ) -> Result<Issues, StoreError> {
        let (after_issued, after_received) = after.unwrap_or((Timestamp::MIN, Timestamp::MIN));
        let mut select = self.connection.prepare_cached(
            "SELECT issued_at, received_at, max(issue_inferred) FROM issue
             JOIN series ON series.id = series JOIN feed ON feed.id = feed
             WHERE feed.name = ?1 AND location = ?2 AND parameter = ?3 AND kind = 'forecast'
                 AND issued_at >= ?4 AND issued_at < ?5 AND received_at <= ?6 AND (issued_at, received_at) > (?7, ?8)
             GROUP BY issued_at, received_at ORDER BY issued_at, received_at",
        )?;
        let mut rows = select.query(params![
            feed.as_str(),
            location,
            parameter.name(),
            from.as_second(),
            until.as_second(),
            known.as_second(),
            after_issued.as_second(),
            after_received.as_second(),
        ])?;
        let (mut found, mut taken) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let (issued, received, inferred) = (required_instant(row, 0)?, required_instant(row, 1)?, row.get(2)?);
            let points = self.points_of(feed, location, parameter, (issued, received))?;
            let bounds = self.bounds(feed, location, parameter, (issued, received))?;
            taken += points.len() + bounds.iter().map(|bound| bound.points.len()).sum::<usize>();
            if taken > values && !found.is_empty() {
                return Ok(Issues { issues: found, more: true });
            }
            found.push(Forecast { issued, issue_inferred: inferred, received, feed: feed.clone(), points, bounds });
        }
        Ok(Issues { issues: found, more: false })
    }

    /// The values of an issue in the version that was known at an instant; none where it has bounds alone.
    fn points_of(
        &self,
        feed: &FeedId,
        location: &str,
        parameter: Parameter,
        (issued, known): IssueAt,
    ) -> Result<Vec<(Timestamp, Value)>, StoreError> {
        let Some(series) = self.series(feed, location, parameter, "forecast")? else { return Ok(Vec::new()) };
        let mut select = self.connection.prepare_cached(
            "SELECT id FROM issue WHERE series = ? AND issued_at = ? AND received_at <= ?
             ORDER BY received_at DESC, id DESC LIMIT 1",
        )?;
        let mut rows = select.query(params![series, issued.as_second(), known.as_second()])?;
        rows.next()?.map_or_else(|| Ok(Vec::new()), |row| self.forecast_points(row.get(0)?))
    }

    /// Every change of the thresholds that a feed publishes, as known at `known`, by place, name and when it came.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn threshold_changes(&self, feed: &FeedId, known: Timestamp) -> Result<Vec<PublishedThreshold>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT location, parameter, threshold.name, value, received_at,
                 lag(value) OVER (PARTITION BY location, parameter, threshold.name ORDER BY received_at)
             FROM threshold JOIN feed ON feed.id = feed WHERE feed.name = ? AND received_at <= ?
             ORDER BY location, parameter, threshold.name, received_at",
        )?;
        let rows = select.query_map(params![feed.as_str(), known.as_second()], published_row)?;
        rows.collect::<Result<_, _>>().map_err(StoreError::from)
    }
}
