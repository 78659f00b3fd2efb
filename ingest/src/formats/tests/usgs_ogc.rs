//! The format of the same name.
