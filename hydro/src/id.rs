//! Names by which stations and feeds are known to configuration, store and addresses.

use std::fmt;
use std::sync::Arc;

use thiserror::Error;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not an id: use 1 to 64 lower-case letters a-z, digits and single hyphens, such as `durham-bridge`")]
pub struct IdError(String);

fn checked(text: &str) -> Result<Arc<str>, IdError> {
    let sound = (1..=64).contains(&text.len())
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
    if sound { Ok(text.into()) } else { Err(IdError(text.chars().take(80).collect())) }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks that the text may stand in an address and in a file.
            ///
            /// # Errors
            /// [`IdError`] naming the text and the form expected.
            pub fn new(text: &str) -> Result<Self, IdError> {
                checked(text).map(Self)
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

id! {
    /// A hydrometric station: its English name in lower-case ASCII with hyphens, the same in every language's address.
    StationId
}
id! {
    /// A feed: one address that is fetched, in one format.
    FeedId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_safe_in_addresses() {
        for good in ["fredericton", "durham-bridge", "nb-fews", "01ak003"] {
            assert_eq!(StationId::new(good).map(|id| id.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "-a", "a-", "a--b", "Fredericton", "a/b", "a b", "é", "../x"] {
            assert!(StationId::new(bad).is_err(), "{bad}");
        }
    }
}
