//! Episodes told in minutes, and what holds of all of them.

use proptest::prelude::*;

use super::*;
use crate::{LocalText, Scheme};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn minute(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_650_000_000 + minutes * 60).unwrap()
}

fn reading(minutes: i64, milli: i64) -> Reading {
    Reading { valid: minute(minutes), value: Value::from_milli(milli), quality: None }
}

/// Readings every ten minutes.
fn readings(millis: &[i64]) -> Vec<Reading> {
    (0_i64..).zip(millis).map(|(i, &milli)| reading(i * 10, milli)).collect()
}

/// Advisory at 4 m, watch at 5 m.
fn thresholds() -> Thresholds {
    let heights = [("advisory", Value::from_milli(4000)), ("watch", Value::from_milli(5000))];
    Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).unwrap()
}

fn found_by(rule: &EpisodeRule, readings: &[Reading]) -> Vec<Episode> {
    episodes(readings, &thresholds(), rule, HOUR, readings.last().map_or(minute(0), |reading| reading.valid))
}

/// Rank, minutes of beginning, peak and end, and whether the beginning or end may have been earlier.
fn told(episodes: &[Episode]) -> Vec<String> {
    let minutes = |at: Timestamp| (at.duration_since(minute(0)).as_mins()).to_string();
    let edge = |edge: Edge| minutes(edge.valid) + if edge.or_earlier { " or earlier" } else { "" };
    let end = |episode: &Episode| match (episode.ended, episode.not_confirmed_since) {
        (Some(ended), None) => edge(ended),
        (None, Some(since)) => format!("not confirmed since {}", minutes(since)),
        (ended, since) => format!("{ended:?} {since:?}").replace("None None", "lasts"),
    };
    let one = |e: &Episode| format!("{}: {}, {}, {}", e.rank.get(), edge(e.began), minutes(e.peak.valid), end(e));
    episodes.iter().map(one).collect()
}

fn told_by_default(millis: &[i64]) -> Vec<String> {
    told(&found_by(&EpisodeRule::default(), &readings(millis)))
}

#[test]
fn from_the_first_reading_at_the_threshold_to_the_first_below_for_good() {
    assert_eq!(told_by_default(&[3900, 4000, 4200, 4200, 3979, 3900, 3900]), ["1: 10, 20, lasts"]);
    assert_eq!(told_by_default(&[3900, 4000, 4200, 4200, 3979, 3900, 3900, 3900]), ["1: 10, 20, 40"]);
    assert_eq!(told_by_default(&[3999; 9]), [""; 0]);
}

#[test]
fn a_dance_about_the_threshold_is_one_episode() {
    // Within the deadband for long, and below it for less than the off-delay.
    let dance = [3900, 4000, 3980, 3980, 3980, 3980, 3980, 4010, 3950, 3950, 3950, 4000, 3950, 3950, 3950, 3950];
    assert_eq!(told_by_default(&dance), ["1: 10, 70, 120"]);
    let bare =
        EpisodeRule { deadband: Value::from_milli(0), off_delay: SignedDuration::ZERO, ..EpisodeRule::default() };
    assert_eq!(told(&found_by(&bare, &readings(&dance))), ["1: 10, 10, 20", "1: 70, 70, 80", "1: 110, 110, 120"]);
}

#[test]
fn a_tide_is_one_episode() {
    let tide: Vec<i64> = (0..14 * 12).map(|i| if i / 37 % 2 == 0 { 4100 } else { 3800 }).collect();
    let readings = readings(&tide);
    assert_eq!(found_by(&EpisodeRule::default(), &readings).len(), 3);
    assert_eq!(told(&found_by(&EpisodeRule::TIDAL, &readings)), ["1: 0 or earlier, 0, lasts"]);
}

#[test]
fn the_higher_lies_within_the_lower() {
    let flood = [3900, 4100, 5100, 5200, 4500, 4500, 4500, 4500, 5000, 4000, 3000, 3000, 3000, 3000];
    assert_eq!(told_by_default(&flood), ["1: 10, 30, 100", "2: 20, 30, 40", "2: 80, 80, 90"]);
}

#[test]
fn with_an_on_delay_the_readings_must_stay() {
    let rule = EpisodeRule { on_delay: SignedDuration::from_mins(20), ..EpisodeRule::default() };
    let told_of = |millis: &[i64]| told(&found_by(&rule, &readings(millis)));
    assert_eq!(told_of(&[3900, 4100, 4000, 3999, 4000, 4000]), [""; 0]);
    assert_eq!(told_of(&[3900, 4100, 4000, 3999, 4000, 4050, 4000]), ["1: 40, 50, lasts"]);
    let silent = [reading(0, 4000), reading(10, 4000), reading(400, 4000), reading(410, 4000)];
    assert_eq!(told(&found_by(&rule, &silent)), [""; 0], "nobody saw it stay");
}

#[test]
fn missing_readings_end_nothing() {
    let high = [reading(0, 3900), reading(10, 4100), reading(20, 4200)];
    let at = |minutes: i64| told(&episodes(&high, &thresholds(), &EpisodeRule::default(), HOUR, minute(minutes)));
    assert_eq!(at(20 + 360), ["1: 10, 20, lasts"]);
    assert_eq!(at(20 + 361), ["1: 10, 20, not confirmed since 20"]);
    assert_eq!(at(99_999), ["1: 10, 20, not confirmed since 20"]);

    let told_after = |more: &[Reading]| told(&found_by(&EpisodeRule::default(), &[&high[..], more].concat()));
    assert_eq!(told_after(&[reading(500, 4300)]), ["1: 10, 500, lasts"]);
    assert_eq!(told_after(&[reading(500, 3900), reading(530, 3900)]), ["1: 10, 20, 500 or earlier"]);
    // Below, then silence: what the water did meanwhile is not known, so the time below begins anew.
    assert_eq!(told_after(&[reading(30, 3900), reading(500, 3900)]), ["1: 10, 20, lasts"]);
    let back = [reading(30, 3900), reading(500, 3900), reading(530, 3900)];
    assert_eq!(told_after(&back), ["1: 10, 20, 500 or earlier"]);
    assert_eq!(told_after(&[reading(30, 3900), reading(500, 4000)]), ["1: 10, 20, lasts"]);
}

#[test]
fn a_beginning_that_nobody_saw_may_have_been_earlier() {
    assert_eq!(told_by_default(&[4100, 4200]), ["1: 0 or earlier, 10, lasts"]);
    let silent = [reading(0, 3900), reading(400, 4100)];
    assert_eq!(told(&found_by(&EpisodeRule::default(), &silent)), ["1: 400 or earlier, 400, lasts"]);
}

fn any_readings() -> impl Strategy<Value = Vec<Reading>> {
    let step = prop_oneof![9 => 5_i64..70, 1 => 300_i64..2000];
    proptest::collection::vec((step, 3900_i64..5100), 0..80).prop_map(|steps| {
        let mut at = 0;
        let mut next = |(step, milli)| {
            at += step;
            // The water spends its time near the thresholds.
            let milli = if milli % 3 == 0 { milli } else { milli / 1000 * 1000 + 950 + milli % 100 };
            reading(at, milli)
        };
        steps.into_iter().map(&mut next).collect()
    })
}

fn any_rule() -> impl Strategy<Value = EpisodeRule> {
    (0_i64..60, 0_i64..90, 0_i64..200).prop_map(|(deadband, on, off)| EpisodeRule {
        deadband: Value::from_milli(deadband),
        on_delay: SignedDuration::from_mins(on),
        off_delay: SignedDuration::from_mins(off),
    })
}

/// From and until, the far future while it lasts.
fn span(episode: &Episode) -> (Timestamp, Timestamp) {
    (episode.began.valid, episode.ended.map_or(Timestamp::MAX, |ended| ended.valid))
}

proptest! {
    #[test]
    fn episodes_are_in_order_apart_and_nested(readings in any_readings(), rule in any_rule()) {
        let found = found_by(&rule, &readings);
        prop_assert!(found.is_sorted_by_key(|episode| (episode.began.valid, episode.rank)));
        for (i, episode) in found.iter().enumerate() {
            let (from, until) = span(episode);
            let height = thresholds().height(episode.rank).expect("a threshold");
            prop_assert!(from < until && (from..until).contains(&episode.peak.valid) && episode.peak.value >= height);
            let within = |reading: &&Reading| (from..until).contains(&reading.valid);
            prop_assert_eq!(readings.iter().filter(within).map(|reading| reading.value).max(), Some(episode.peak.value));
            if let Some(next) = found[i + 1..].iter().find(|next| next.rank == episode.rank) {
                prop_assert!(until < span(next).0);
            }
            let holds = |lower: &Episode| lower.rank < episode.rank && span(lower).0 <= from && until <= span(lower).1;
            prop_assert!(episode.rank.get() == 1 || found.iter().any(holds), "{:?}", told(&found));
        }
    }

    #[test]
    fn without_an_on_delay_what_stands_at_a_threshold_is_in_an_episode(readings in any_readings(), rule in any_rule()) {
        let rule = EpisodeRule { on_delay: SignedDuration::ZERO, ..rule };
        let found = found_by(&rule, &readings);
        for reading in &readings {
            let reached = thresholds().reached(reading.value);
            let during = |episode: &&Episode| {
                let (from, until) = span(episode);
                (from..until).contains(&reading.valid)
            };
            prop_assert!(found.iter().filter(during).map(|episode| episode.rank).max().unwrap_or(Rank::NORMAL) >= reached);
        }
    }

    #[test]
    fn missing_data_end_no_episode(readings in any_readings(), rule in any_rule(), from in 0_usize..80, lost in 0_usize..40) {
        let from = from.min(readings.len());
        let lasting = |found: &[Episode], rank| found.iter().find(|e| e.rank == rank && e.ended.is_none()).map(span);
        // Time that passes without a reading.
        let before = found_by(&rule, &readings[..from]);
        let later = episodes(&readings[..from], &thresholds(), &rule, HOUR, minute(999_999));
        prop_assert_eq!(before.iter().map(span).collect::<Vec<_>>(), later.iter().map(span).collect::<Vec<_>>());
        prop_assert!(later.iter().all(|episode| episode.ended.is_some() != episode.not_confirmed_since.is_some()));
        // Readings that are lost in the middle: whatever lasted then ends at a reading that is there, below, or lasts.
        let rest = &readings[(from + lost).min(readings.len())..];
        let after = found_by(&rule, &[&readings[..from], rest].concat());
        for rank in [1, 2].into_iter().filter_map(Rank::new) {
            let Some((began, _)) = lasting(&before, rank) else { continue };
            let still = after.iter().find(|episode| episode.rank == rank && span(episode).0 == began);
            let still = still.expect("the episode is still there");
            let low = thresholds().height(rank).expect("a threshold") - rule.deadband;
            let seen = |ended: Edge| readings.iter().any(|reading| reading.valid == ended.valid && reading.value < low);
            prop_assert!(still.ended.is_none_or(seen));
        }
    }
}
