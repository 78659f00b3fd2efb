//! A reader that remembers says what one says that reads everything.

use hydro::{FeedId, Parameter, SignedDuration, Stat};
use proptest::prelude::*;
use store::{Batch, Reader};

use crate::rig::{at, database, feed, forecast, observed};

/// What happens to a database while somebody asks.
#[derive(Debug, Clone)]
enum Event {
    /// A document of one of two feeds, received at an hour: for some hours a level or none.
    Document { other: bool, replayed: bool, received: i64, points: Vec<(i64, Option<i64>)> },
    /// A forecast or a bound of one, issued and received at an hour, for the hours from then on.
    Issue { bound: bool, issued: i64, received: i64, levels: Vec<i64> },
    /// What is older than a day before an hour is forgotten.
    Forgotten(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let points = proptest::collection::vec((0_i64..72, proptest::option::weighted(0.8, 4000_i64..4003)), 1..16);
    let document = (any::<bool>(), any::<bool>(), 0_i64..80, points)
        .prop_map(|(other, replayed, received, points)| Event::Document { other, replayed, received, points });
    let issue = (any::<bool>(), 0_i64..8, 0_i64..80, proptest::collection::vec(4000_i64..4003, 0..4))
        .prop_map(|(bound, turn, received, levels)| Event::Issue { bound, issued: turn * 12, received, levels });
    prop_oneof![8 => document, 4 => issue, 1 => (0_i64..90).prop_map(Event::Forgotten)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whoever remembers answers as one does who reads everything, whatever happens in between and as of whatever instant it is
    /// asked: also as of an earlier one than before.
    #[test]
    fn what_is_remembered_is_what_is_stored(
        events in proptest::collection::vec((event(), -9_i64..90), 1..24),
        room in prop_oneof![Just(0_usize), Just(20), Just(10_000)],
    ) {
        let mut db = database();
        let feeds = [feed(), FeedId::new("nb-fews").unwrap()];
        let remembering = Reader::open(&db.path).unwrap().remembering(room);
        for (event, known) in events {
            match event {
                Event::Document { other, replayed, received, points } => {
                    let points: Vec<_> = points.into_iter().map(|(hour, level)| (hour * 60, level)).collect();
                    let mut document = Batch { replayed, ..observed(at(received * 60), &points) };
                    document.fetch.feed = feeds[usize::from(other)].clone();
                    db.writer.apply(&document).unwrap();
                }
                Event::Issue { bound, issued, received, levels } => {
                    let points: Vec<_> = levels.iter().zip(issued..).map(|(&level, hour)| (hour * 60, Some(level))).collect();
                    let mut issue = forecast(at(received * 60), Some(at(issued * 60)), &points);
                    if bound {
                        issue.series[0].key.stat = Stat::Named("p75".into());
                    }
                    db.writer.apply(&issue).unwrap();
                }
                Event::Forgotten(hour) => {
                    db.writer.prune(1 << 20, Some(SignedDuration::from_hours(24)), at(hour * 60)).unwrap();
                }
            }
            let fresh = Reader::open(&db.path).unwrap();
            let issues = |reader: &Reader| {
                reader.forecasts(&feeds[0], "01AK003", Parameter::Level, at(known * 60), 2).unwrap()
            };
            prop_assert_eq!(issues(&remembering), issues(&fresh), "as known at hour {}", known);
            for (feed, hours) in [(&feeds[0], 24), (&feeds[1], 24), (&feeds[0], 7)] {
                let asked = |reader: &Reader| {
                    let span = SignedDuration::from_hours(hours);
                    reader.latest(feed, "01AK003", Parameter::Level, span, at(known * 60)).unwrap()
                };
                let found = asked(&remembering);
                prop_assert_eq!(&found, &asked(&fresh), "as known at hour {}", known);
                let newest = found.iter().rfind(|point| point.value.is_some()).map_or(at(0), |point| point.valid);
                let from = newest.min(at(known * 60)) - SignedDuration::from_hours(hours);
                let all = fresh.observed(feed, "01AK003", Parameter::Level, from, at(known * 60)).unwrap();
                prop_assert!(found == all || found.is_empty() && all.iter().all(|point| point.value.is_none()));
            }
        }
    }
}
