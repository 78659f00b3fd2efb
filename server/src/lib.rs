//! From the store to the reader: snapshot, views, pages, charts, downloads. Everything is decided before it is drawn.
//!
//! Does not know where data come from: no feed is fetched and nothing is written here.

mod answer;
mod atom;
mod background;
mod board;
pub mod chart;
mod data;
mod direct;
mod embed;
mod emergency;
mod events;
mod format;
mod health;
mod held;
mod lang;
mod map;
mod mark;
mod metrics;
mod notes;
mod oembed;
mod offline;
mod open;
mod openapi;
mod page;
mod past;
mod picture;
mod policy;
mod pool;
mod render;
mod report;
mod routes;
mod script;
mod sentence;
mod serve;
mod share;
mod site;
mod snapshot;
mod strip;
mod text;
mod view;

pub use answer::Rendered;
pub use background::give_way;
pub use emergency::emergency;
pub use lang::{Language, Texts, language, languages};
pub use map::{Feature, FeatureKind, Ground};
pub use metrics::metrics;
pub use notes::Operator;
pub use routes::App;
pub use serve::{serve, serve_site};
pub use site::{FeedNote, HelpLink, Listening, Site};
pub use snapshot::{AlertNow, FeedNow, Snapshot, StationNow};
