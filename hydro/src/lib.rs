//! What river data means: stations and their thresholds, time series of levels and which of
//! their readings may be believed, status, episodes, trend, crest, crossings, ages.
//!
//! Pure: no input or output, no clock (`now` is always an argument), no words for readers. Instants are UTC, levels and
//! discharges are integers of a thousandth of their unit; local time, feet and sentences belong to whoever prints them.

pub mod alert;
mod assess;
mod band;
mod episode;
mod forecast;
mod id;
mod point;
mod revision;
mod screen;
mod station;
mod threshold;
mod trend;
mod value;
pub mod zone;

pub use alert::{Action, Alert, AlertId, Area, Notice};
pub use assess::{Assessment, FUTURE_TOLERANCE, Freshness, Observed, Status, assess, current_for, freshness};
pub use band::{Band, Bound, Bounds};
pub use episode::{Edge, Episode, EpisodeRule, episodes};
pub use forecast::{CURRENT_FOR, Crossing, Forecast, ForecastState, Outlook, Peak};
pub use id::{FeedId, IdError, StationId};
pub use jiff::{SignedDuration, Timestamp};
pub use point::{Kind, Parameter, Point, Quality, Reading, Stat};
pub use revision::{Revision, Window};
pub use screen::{Doubt, Jump, Limits, Screened, flat_since, screen};
pub use station::{Impact, LocalText, Mark, NoForecast, Operation, Position, Source, Station};
pub use threshold::{Publisher, Rank, Scheme, Threshold, ThresholdError, Thresholds};
pub use trend::{Trend, WINDOW as TREND_WINDOW, trend};
pub use value::{Value, ValueError};
pub use zone::Zone;

/// What time it is, told by whoever owns the clock: the wall clock in service, a fixed or a hurried one in drills.
pub type Now = std::sync::Arc<dyn Fn() -> Timestamp + Send + Sync>;
