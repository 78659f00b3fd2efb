//! Official alerts: each message is kept as it first came, with when it came and when it was ended, so that what was known at
//! an earlier instant can be told. Which of them are in force is not decided here.

use hydro::{Action, Alert, AlertId, FeedId, Timestamp};
use rusqlite::{Connection, Row, params};

use crate::reader::required_instant;
use crate::{Alerts, Applied, StoreError};

/// An alert as it was known at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownAlert {
    /// The message; without its texts where it was over already.
    pub alert: Alert,
    /// The feed that brought it.
    pub feed: FeedId,
    /// It came in a complete list: each later list without it would have ended it.
    pub listed: bool,
    /// When it first came.
    pub received: Timestamp,
}

/// Alerts are forgotten when they have been over for this many seconds: 30 days.
const FORGET_OVER: i64 = 30 * 24 * 3600;

/// Applies what a document says of alerts and adds to `applied` what that changed.
///
/// Saved bytes that are older than the feed's last attempt end nothing: an alert that is only in such a list is known to be
/// over since that attempt at the latest.
pub(crate) fn apply_alerts(
    transaction: &Connection,
    feed: i64,
    alerts: &Alerts,
    (received, replayed): (Timestamp, bool),
    applied: &mut Applied,
) -> Result<(), StoreError> {
    let (alerts, listed, complete) = match alerts {
        Alerts::Messages(alerts) => (alerts, false, false),
        Alerts::Partial(alerts) => (alerts, true, false),
        Alerts::Complete(alerts) => (alerts, true, true),
    };
    let last: Option<i64> = transaction
        .prepare_cached("SELECT attempted_at FROM feed WHERE id = ?")?
        .query_row([feed], |row| row.get(0))?;
    let overtaken = last.filter(|&last| replayed && last > received.as_second());
    for alert in alerts {
        let ended = overtaken.filter(|_| listed);
        applied.new += insert(transaction, feed, alert, listed, (received, ended))?;
    }
    if complete && overtaken.is_none() {
        applied.revised += end_unlisted(transaction, feed, alerts, received)?;
    }
    for alert in alerts.iter().filter(|alert| alert.action != Action::Alert) {
        for ended in alert.references.iter().filter(|id| **id != alert.id && id.sent <= alert.id.sent) {
            applied.revised += end(transaction, ended, received)?;
        }
    }
    Ok(())
}

/// Writes a message that is not known yet. One that is known stays as it first came; an older copy of it makes it known
/// since then.
fn insert(
    transaction: &Connection,
    feed: i64,
    alert: &Alert,
    listed: bool,
    (received, ended): (Timestamp, Option<i64>),
) -> Result<u32, StoreError> {
    let id = &alert.id;
    let known = transaction
        .prepare_cached(
            "UPDATE alert SET received_at = min(received_at, ?), listed = max(listed, ?)
             WHERE feed = ? AND sender = ? AND identifier = ? AND sent_at = ?",
        )?
        .execute(params![received.as_second(), listed, feed, id.sender, id.identifier, id.sent.as_second()])?;
    if known > 0 {
        return Ok(0);
    }
    transaction
        .prepare_cached(
            "INSERT INTO alert (feed, sender, identifier, sent_at, action, refers_to, notices, listed, received_at, until_at, ended_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            feed,
            id.sender,
            id.identifier,
            id.sent.as_second(),
            alert.action.name(),
            serde_json::to_string(&alert.references)?,
            serde_json::to_string(&alert.notices)?,
            listed,
            received.as_second(),
            until(alert),
            ended,
        ])?;
    Ok(1)
}

/// Until when any text of a message can hold; `None` where one has no end.
fn until(alert: &Alert) -> Option<i64> {
    let lasting = alert.notices.iter().filter(|notice| !notice.ended && alert.action != Action::Cancel);
    let ends: Option<Vec<Timestamp>> = lasting.map(|notice| alert.until(notice)).collect();
    ends.map(|ends| ends.into_iter().max().unwrap_or(alert.id.sent).as_second())
}

/// Ends what the feed listed before and does not list any more, and takes back the end of what it lists again.
fn end_unlisted(transaction: &Connection, feed: i64, alerts: &[Alert], at: Timestamp) -> Result<u32, StoreError> {
    let mut select = transaction.prepare_cached(
        "SELECT id, sender, identifier, sent_at, ended_at IS NULL FROM alert WHERE feed = ? AND listed = 1",
    )?;
    let rows = select.query_map([feed], |row| {
        let id = AlertId { sender: row.get(1)?, identifier: row.get(2)?, sent: required_instant(row, 3)? };
        Ok((row.get::<_, i64>(0)?, id, row.get::<_, bool>(4)?))
    })?;
    let is = |known: &AlertId, id: &AlertId| {
        let second = |id: &AlertId| id.sent.as_second();
        known.identifier == id.identifier && known.sender == id.sender && second(known) == second(id)
    };
    let mut ended = 0;
    for row in rows {
        let (row, id, open) = row?;
        let listed = alerts.iter().any(|alert| is(&id, &alert.id));
        if listed == open {
            continue;
        }
        let end = (!listed).then_some(at.as_second());
        transaction.prepare_cached("UPDATE alert SET ended_at = ? WHERE id = ?")?.execute(params![end, row])?;
        ended += 1;
    }
    Ok(ended)
}

/// Ends a message, whichever feed brought it.
fn end(transaction: &Connection, id: &AlertId, at: Timestamp) -> Result<u32, StoreError> {
    let ended = transaction
        .prepare_cached(
            "UPDATE alert SET ended_at = max(received_at, ?) WHERE sender = ? AND identifier = ? AND sent_at = ?
             AND ended_at IS NULL",
        )?
        .execute(params![at.as_second(), id.sender, id.identifier, id.sent.as_second()])?;
    Ok(u32::try_from(ended).unwrap_or(u32::MAX))
}

/// Forgets what has been over for 30 days. A message that would still hold by itself stays, and so does whatever refers to a
/// message that is still here: without them, what was ended would come back when it is read again.
pub(crate) fn forget_alerts(transaction: &Connection, now: Timestamp) -> Result<(), StoreError> {
    transaction.execute(
        "DELETE FROM alert WHERE received_at < ?1 AND (until_at < ?1 OR (listed = 1 AND ended_at < ?1))
         AND NOT EXISTS (
             SELECT 1 FROM json_each(alert.refers_to) AS reference JOIN alert AS old
             ON old.sender = reference.value ->> 'sender' AND old.identifier = reference.value ->> 'identifier'
             WHERE old.id <> alert.id)",
        [now.as_second() - FORGET_OVER],
    )?;
    Ok(())
}

/// Every alert received by `known`.
pub(crate) fn alerts(connection: &Connection, known: Timestamp) -> Result<Vec<KnownAlert>, StoreError> {
    // A reader may come to a database before a program that writes has brought it up to date.
    if !connection.table_exists(None, "alert")? {
        return Ok(Vec::new());
    }
    let mut select = connection.prepare_cached(
        "SELECT sender, identifier, sent_at, action, refers_to,
             CASE WHEN coalesce(until_at > ?1, 1) AND coalesce(ended_at > ?1, 1) THEN notices ELSE '[]' END,
             feed.name, listed, received_at
         FROM alert JOIN feed ON feed.id = alert.feed WHERE received_at <= ?1 ORDER BY alert.id",
    )?;
    let mut rows = select.query([known.as_second()])?;
    let mut alerts = Vec::new();
    while let Some(row) = rows.next()? {
        alerts.extend(alert(row)?);
    }
    Ok(alerts)
}

fn alert(row: &Row<'_>) -> Result<Option<KnownAlert>, StoreError> {
    let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let action = match text(3)? {
        "update" => Action::Update,
        "cancel" => Action::Cancel,
        _ => Action::Alert,
    };
    let id = AlertId { sender: row.get(0)?, identifier: row.get(1)?, sent: required_instant(row, 2)? };
    let (references, notices) = (serde_json::from_str(text(4)?)?, serde_json::from_str(text(5)?)?);
    let Ok(feed) = FeedId::new(text(6)?) else { return Ok(None) };
    let alert = Alert { id, action, references, notices };
    Ok(Some(KnownAlert { alert, feed, listed: row.get(7)?, received: required_instant(row, 8)? }))
}
