//! Where river data lie: all the SQL and nothing else. SQLite in WAL mode, one writer, readers that cannot write.
//!
//! Values are kept as the feeds state them, under the feeds' own ids of places; which station a place belongs to and
//! how its datum relates to the station's are configuration, and never stored.

mod alerts;
mod backup;
mod batch;
mod breath;
mod changes;
mod connection;
mod issues;
mod memory;
mod notes;
mod observations;
mod piece;
mod pieces;
mod prune;
mod reader;
mod thresholds;
mod writer;

pub use alerts::KnownAlert;
pub use backup::{BackupError, Copied, backup, restore};
pub use batch::{
    Alerts, Applied, Batch, BodyHash, FeedState, Fetch, GaugeThresholds, Outcome, PublishedThreshold, SeriesBatch,
    SeriesKey, Validators,
};
pub use breath::Breath;
pub use changes::{Change, Changes};
pub use connection::{StoreError, verify};
pub use notes::Note;
pub use reader::{Attempts, Body, IssueAt, Issues, Logged, Reader, Sizes, View};
pub use writer::Writer;
