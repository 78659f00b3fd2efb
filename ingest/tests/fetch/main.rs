//! From a loopback server that behaves as badly as the world's to what is in the store afterwards.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up shall fail")]

mod bad_replies;
mod good_replies;
mod rig;
mod schedule;
mod server;
