//! From the network to the store: what a feed is, when it is due, how it is fetched, what its formats say, what of that
//! is taken. Knows nothing of pages; the SQL is the store's.

pub mod backoff;
pub mod feed;
pub mod fetch;
pub mod formats;
pub mod run;
pub mod schedule;
pub mod take;

pub use feed::{Feed, Fetching};
pub use reqwest::Url;
pub use run::{Clock, Done, Plan, RunError, once, run};
pub use schedule::{Schedule, ScheduleError};
pub use take::{Taken, import, take};
