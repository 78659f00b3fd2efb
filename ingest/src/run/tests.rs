//! When a feed is due.

use super::*;
use crate::formats::Format;
use crate::schedule::Schedule;

fn feed(schedule: &str) -> Feed {
    Feed {
        id: FeedId::new("nb-fews").unwrap(),
        address: "https://example.org/".parse().unwrap(),
        format: Format::PiXml,
        place: None,
        schedule: Schedule::parse(schedule).unwrap(),
        max_bytes: 1,
        private: false,
        places: std::collections::BTreeMap::new(),
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn state(attempted: &str, failures: u32) -> FeedState {
    FeedState { attempted: Some(at(attempted)), failures, ..FeedState::default() }
}

const OFFSET: SignedDuration = SignedDuration::from_secs(7);

#[test]
fn a_feed_is_due_by_its_schedule_and_offset() {
    let feed = feed("*/15 * * * *");
    let due = |state: &FeedState, now: &str| due(&feed, OFFSET, state, at(now)).map(|due| due.to_string());
    assert_eq!(due(&FeedState::default(), "2026-04-20T12:00:00Z"), None);
    for attempted in ["2026-04-20T12:00:07Z", "2026-04-20T12:09:00Z", "2026-04-20T12:15:06Z"] {
        let next = due(&state(attempted, 0), "2026-04-20T12:15:06Z");
        assert_eq!(next.as_deref(), Some("2026-04-20T12:15:07Z"), "{attempted}");
    }
    assert_eq!(due(&state("2026-04-21T12:00:00Z", 0), "2026-04-20T12:00:00Z"), None, "the clock was set back");
}

#[test]
fn an_offset_wider_than_the_interval_keeps_the_interval() {
    let feed = feed("*/5 * * * * *");
    let next = due(&feed, SignedDuration::from_secs(12), &state("2026-04-20T12:00:02Z", 0), at("2026-04-20T12:00:03Z"));
    assert_eq!(next, Some(at("2026-04-20T12:00:07Z")));
}

#[test]
fn failures_come_again_soon_and_never_later_than_the_schedule() {
    let feed = feed("*/15 * * * *");
    let last = "2026-04-20T12:00:07Z";
    let wait = |state: &FeedState| due(&feed, OFFSET, state, at(last)).unwrap().duration_since(at(last));
    for failures in 1..5 {
        assert_eq!(wait(&state(last, failures)), backoff::delay(failures, &feed.id), "{failures}");
    }
    assert_eq!(wait(&state(last, 9)), SignedDuration::from_mins(15));

    let asked = |retry_at: &str| wait(&FeedState { retry_at: Some(at(retry_at)), ..state(last, 1) });
    assert_eq!(asked("2026-04-20T12:00:08Z"), backoff::delay(1, &feed.id), "sooner than the backoff");
    assert_eq!(asked("2026-04-20T12:40:07Z"), SignedDuration::from_mins(40), "later than the schedule");
    assert_eq!(asked("2027-04-20T12:00:00Z"), SignedDuration::from_hours(1), "no server may ask for more");
}

#[test]
fn naps_are_bounded_whatever_the_clock() {
    let nap = |seconds, speed| nap(SignedDuration::from_secs(seconds), speed).as_secs_f64();
    for (seconds, speed, expected) in
        [(10, 1.0, 10.0), (900, 1.0, 60.0), (10, 5.0, 2.0), (1, 3600.0, 0.05), (5, 0.0, 60.0), (5, f64::NAN, 60.0)]
    {
        assert!((nap(seconds, speed) - expected).abs() < 1e-9, "{seconds} at {speed}");
    }
}
