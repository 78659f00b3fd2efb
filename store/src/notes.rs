//! Notes of operators: each is a further row, and none is ever changed or removed, so that the table is its own audit log.

use hydro::{StationId, Timestamp};
use rusqlite::{Connection, params};

use crate::reader::required_instant;
use crate::{Reader, StoreError, Writer};

/// What an operator noted of an episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// Who: the operator's name in the configuration.
    pub operator: String,
    /// The station.
    pub station: StationId,
    /// When the episode began.
    pub began: Timestamp,
    /// The operator says that the episode was seen.
    pub seen: bool,
    /// In the operator's own words; may be empty where it was seen.
    pub text: String,
}

impl Writer {
    /// Keeps a note for ever.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn keep_note(&self, note: &Note) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("INSERT INTO note (at, operator, station, began_at, seen, text) VALUES (?, ?, ?, ?, ?, ?)")?
            .execute(params![
                note.at.as_second(),
                note.operator,
                note.station.as_str(),
                note.began.as_second(),
                note.seen,
                note.text
            ])?;
        Ok(())
    }
}

impl Reader {
    /// All notes written by `known`, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn notes(&self, known: Timestamp) -> Result<Vec<Note>, StoreError> {
        notes(self.connection(), known)
    }
}

/// The number of the last note; 0 before the first.
pub(crate) fn last_note(connection: &Connection) -> Result<i64, StoreError> {
    if !has_notes(connection)? {
        return Ok(0);
    }
    let mut select = connection.prepare_cached("SELECT coalesce(max(id), 0) FROM note")?;
    select.query_row([], |row| row.get(0)).map_err(StoreError::from)
}

/// A reader may come to a database before a program that writes has brought it up to date.
fn has_notes(connection: &Connection) -> Result<bool, StoreError> {
    connection.table_exists(None, "note").map_err(StoreError::from)
}

fn notes(connection: &Connection, known: Timestamp) -> Result<Vec<Note>, StoreError> {
    if !has_notes(connection)? {
        return Ok(Vec::new());
    }
    let mut select = connection
        .prepare_cached("SELECT at, operator, station, began_at, seen, text FROM note WHERE at <= ? ORDER BY at, id")?;
    let mut rows = select.query([known.as_second()])?;
    let mut notes = Vec::new();
    while let Some(row) = rows.next()? {
        // What is no id any more is no station's either.
        let Ok(station) = StationId::new(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?) else { continue };
        let (at, began) = (required_instant(row, 0)?, required_instant(row, 3)?);
        notes.push(Note { at, operator: row.get(1)?, station, began, seen: row.get(4)?, text: row.get(5)? });
    }
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn note(second: i64, text: &str) -> Note {
        let station = StationId::new("jemseg").unwrap();
        let (operator, text) = ("A. Operator".to_owned(), text.to_owned());
        Note { at: at(second), operator, station, began: at(-3600), seen: text.is_empty(), text }
    }

    #[test]
    fn notes_come_back_in_their_order_as_they_were_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("river.db");
        let writer = Writer::open(&path).unwrap();
        for (second, text) in [(60, "second"), (0, ""), (60, "third; 'quoted'")] {
            writer.keep_note(&note(second, text)).unwrap();
        }
        let reader = Reader::open(&path).unwrap();
        let all = [note(0, ""), note(60, "second"), note(60, "third; 'quoted'")];
        assert_eq!(reader.notes(at(60)).unwrap(), all);
        assert_eq!(reader.notes(at(59)).unwrap(), all[..1]);
        assert_eq!(reader.notes(at(-1)).unwrap(), []);
    }
}
