//! How long to leave a feed alone: after failures, when its server asks for it, and a little always, so that not every
//! installation asks an agency in the same second. Pure: the spread is a hash, not chance, so that it can be tested.

use hydro::{FeedId, SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// The longest wait after failures, and the longest that a server may ask for.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(1);
const FIRST: SignedDuration = SignedDuration::from_secs(30);
const WIDEST_OFFSET_MS: u64 = 20_000;

/// The wait after so many failures in a row: 30 s, doubling to an hour, each 20 % more or less by feed.
pub fn delay(failures: u32, feed: &FeedId) -> SignedDuration {
    if failures == 0 {
        return SignedDuration::ZERO;
    }
    // Beyond the seventh doubling the longest is reached anyway.
    let doubled = FIRST * (1 << (failures - 1).min(7));
    let permille = 800 + remainder(&[feed.as_str(), &failures.to_string()], 401);
    (doubled.min(LONGEST) * permille / 1000).min(LONGEST)
}

/// How long after its scheduled second a feed is fetched: fixed for an installation, up to 20 s.
pub fn offset(feed: &FeedId, contact: &str) -> SignedDuration {
    SignedDuration::from_millis(remainder(&[feed.as_str(), contact], WIDEST_OFFSET_MS).into())
}

/// The instant that a `Retry-After` header asks for (RFC 9110, section 10.2.3): seconds or a date, at most an hour from
/// `now`. `None` where it is neither.
pub fn retry_after(header: &str, now: Timestamp) -> Option<Timestamp> {
    let header = header.trim();
    let wait = if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        header.parse().map_or(LONGEST, SignedDuration::from_secs)
    } else {
        http_date(header)?.duration_since(now)
    };
    now.checked_add(wait.clamp(SignedDuration::ZERO, LONGEST)).ok()
}

/// An HTTP date (RFC 9110, section 5.6.7) of the form in use since 1989: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text.trim()).ok().map(|zoned| zoned.timestamp())
}

/// A number below `limit` that depends on the texts alone, the same on every machine and in every version.
fn remainder(texts: &[&str], limit: u64) -> i32 {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text.as_bytes());
        hasher.update([0]);
    }
    let number = hasher.finalize().iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    i32::try_from(number % limit).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn feed(id: &str) -> FeedId {
        FeedId::new(id).unwrap()
    }

    #[test]
    fn waits_double_to_an_hour() {
        assert_eq!(delay(0, &feed("a")), SignedDuration::ZERO);
        for (failures, seconds) in
            [(1, 30), (2, 60), (3, 120), (4, 240), (7, 1920), (8, 3600), (9, 3600), (u32::MAX, 3600)]
        {
            let wait = delay(failures, &feed("nb-fews")).as_secs_f64() / f64::from(seconds);
            assert!((0.8..=1.2).contains(&wait), "{failures}: {wait}");
            assert!(delay(failures, &feed("nb-fews")) <= LONGEST);
        }
        assert_eq!(delay(3, &feed("a")), delay(3, &feed("a")));
        assert_ne!(delay(3, &feed("a")), delay(3, &feed("b")));
    }

    #[test]
    fn offsets_differ_between_feeds_and_installations() {
        let one = offset(&feed("nb-fews"), "a@example.org");
        assert_eq!(one, offset(&feed("nb-fews"), "a@example.org"));
        assert_ne!(one, offset(&feed("nb-fews"), "b@example.org"));
        assert_ne!(one, offset(&feed("eccc-nb"), "a@example.org"));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "1994-11-06T08:49:00Z".parse().unwrap();
        let wait = |header| retry_after(header, now).map(|at| at.duration_since(now).as_secs());
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait(" 0 "), Some(0));
        assert_eq!(wait("86400"), Some(3600));
        assert_eq!(wait("99999999999999999999999"), Some(3600));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(37));
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!(wait("Mon, 07 Nov 1994 08:49:37 GMT"), Some(3600));
        for neither in ["", "-1", "soon", "1.5", "1994-11-06"] {
            assert_eq!(wait(neither), None, "{neither}");
        }
    }

    proptest! {
        #[test]
        fn spreads_stay_within_bounds(id in "[a-z]{1,12}", contact in ".{0,20}", failures in 0_u32..100) {
            let (offset, delay) = (offset(&feed(&id), &contact), delay(failures, &feed(&id)));
            prop_assert!((SignedDuration::ZERO..=SignedDuration::from_secs(20)).contains(&offset));
            prop_assert!((SignedDuration::ZERO..=LONGEST).contains(&delay));
        }
    }
}
