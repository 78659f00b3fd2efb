//! What is forgotten, so that the files stay bounded: bodies beyond a size, what is older than the
//! operator keeps, and the write-ahead log once it has been written home.

use hydro::{SignedDuration, Timestamp};
use rusqlite::{Connection, TransactionBehavior};

use crate::alerts::forget_alerts;
use crate::piece::{piece_of, start_of};
use crate::reader::wal_size;
use crate::{StoreError, Writer};

/// Which places an attempt changed is forgotten after this many seconds: whoever reads asks every minute.
const FORGET_CHANGES: i64 = 24 * 3600;
/// Rows forgotten in one transaction: readers see each as a whole, and other writers wait for no more than this.
const AT_ONCE: usize = 10_000;
/// The write-ahead log is written home and cut off where it has grown beyond this many bytes.
pub(crate) const LONGEST_LOG: u64 = 16 << 20;
/// Under this key the database remembers of which six hours it last forgot what was too old.
const PRUNED: &str = "pruned";

impl Writer {
    /// Forgets kept bodies, oldest first, until they take at most `keep_bodies` bytes (compressed). Once in six hours also
    /// alerts that have long been over and, where there is a `retention`, everything older than that: observations and their
    /// revisions, issues of forecasts, and the log of attempts, from which pages of a past time tell how the feeds were then. Returns how many bytes of bodies went.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn prune(
        &mut self,
        keep_bodies: u64,
        retention: Option<SignedDuration>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let went = self.prune_bodies(i64::try_from(keep_bodies).unwrap_or(i64::MAX))?;
        let turn = piece_of(now.as_second()).to_string();
        if self.note(PRUNED)?.as_ref() != Some(&turn) {
            self.connection.execute(
                "UPDATE fetch SET changed = NULL WHERE changed IS NOT NULL AND at < ?",
                [now.as_second() - FORGET_CHANGES],
            )?;
            forget_alerts(&self.connection, now)?;
            if let Some(retention) = retention {
                self.forget_before(now.as_second().saturating_sub(retention.as_secs()))?;
            }
            self.set_note(PRUNED, &turn)?;
        }
        self.bound_log()?;
        Ok(went)
    }

    fn prune_bodies(&mut self, limit: i64) -> Result<u64, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let size = "SELECT coalesce(sum(length(gzip)), 0) FROM body";
        let before: i64 = transaction.query_row(size, [], |row| row.get(0))?;
        if before <= limit {
            return Ok(0);
        }
        transaction.execute(
            "DELETE FROM body WHERE hash IN (
                 SELECT hash FROM (SELECT hash, sum(length(gzip)) OVER (ORDER BY kept_at DESC, hash) AS newer FROM body)
                 WHERE newer > ?)",
            [limit],
        )?;
        let after: i64 = transaction.query_row(size, [], |row| row.get(0))?;
        transaction.commit()?;
        Ok(u64::try_from(before - after).unwrap_or(0))
    }

    /// Forgets what was valid, issued or logged before an instant; of observations only whole pieces.
    fn forget_before(&mut self, instant: i64) -> Result<(), StoreError> {
        let first = piece_of(instant);
        while self.connection.prepare("SELECT 1 FROM piece WHERE piece < ?")?.exists([first])? {
            self.connection.execute(
                "DELETE FROM piece WHERE (piece, series) IN (SELECT piece, series FROM piece WHERE piece < ? LIMIT ?)",
                [first, i64::try_from(AT_ONCE).unwrap_or(i64::MAX)],
            )?;
        }
        let start = start_of(first);
        self.forget("SELECT DISTINCT series FROM revision WHERE valid_at < ?", start, |transaction, series| {
            transaction
                .prepare_cached("DELETE FROM revision WHERE series = ? AND valid_at < ?")?
                .execute([series, start])
        })?;
        self.forget("SELECT id FROM issue WHERE issued_at < ?", instant, |transaction, issue| {
            transaction.prepare_cached("DELETE FROM forecast_point WHERE issue = ?")?.execute([issue])?;
            transaction.prepare_cached("DELETE FROM issue WHERE id = ?")?.execute([issue])
        })?;
        self.forget("SELECT id FROM fetch WHERE at < ?", instant, |transaction, fetch| {
            transaction.prepare_cached("DELETE FROM fetch WHERE id = ?")?.execute([fetch])
        })
    }

    /// Forgets what a question names, in transactions of bounded size.
    fn forget(
        &mut self,
        which: &str,
        before: i64,
        forget: impl Fn(&Connection, i64) -> rusqlite::Result<usize>,
    ) -> Result<(), StoreError> {
        let numbers: Vec<i64> =
            self.connection.prepare(which)?.query_map([before], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for some in numbers.chunks(AT_ONCE) {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for &number in some {
                forget(&transaction, number)?;
            }
            transaction.commit()?;
        }
        Ok(())
    }

    /// A log that readers have kept from being written home, or that one large document has made long, is cut off. A reader
    /// that is still in its way is not waited out: the next time will do.
    fn bound_log(&self) -> Result<(), StoreError> {
        if wal_size(self.connection.path().unwrap_or_default())? > LONGEST_LOG {
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        Ok(())
    }
}
