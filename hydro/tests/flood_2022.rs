//! Screening and episodes on a real flood: eight days of five-minute levels of April 2022 on the Saint John River.

use std::path::Path;

use hydro::{
    Doubt, Episode, EpisodeRule, Limits, LocalText, Point, Quality, Rank, Reading, Scheme, Screened, SignedDuration,
    Thresholds, Timestamp, Value, episodes, flat_since, screen,
};
use jiff::civil::DateTime;
use jiff::tz::Offset;

const FREDERICTON: (&str, [i64; 4]) = ("01AK003", [4500, 5500, 6000, 6500]);
const GAGETOWN: (&str, [i64; 4]) = ("01AO012", [2000, 3000, 3500, 4000]);
/// Feels the tide.
const OAK_POINT: (&str, [i64; 4]) = ("01AP003", [2700, 3700, 4200, 4700]);

#[test]
fn no_reading_of_the_flood_is_doubted() {
    for (gauge, _) in [FREDERICTON, GAGETOWN, OAK_POINT] {
        let Some(points) = week(gauge) else { return };
        let screened = screen(&points, &Limits::default());
        assert!(screened.iter().all(|screened| screened.doubt.is_none()), "{gauge}");
        assert_eq!(flat_since(&trusted(&points)), None, "{gauge}");
        // What the default limit is measured against: the largest change within an hour, 178 mm at Fredericton.
        let readings = trusted(&points);
        let hour = |from: &Reading| from.valid + SignedDuration::from_hours(1);
        let moved = readings.iter().enumerate().flat_map(|(i, from)| {
            let later = readings[i..].iter().take_while(|to| to.valid <= hour(from));
            later.map(|to| to.value.distance(from.value).milli())
        });
        assert!(moved.max() < Some(180), "{gauge}");
    }
}

#[test]
fn faults_in_the_middle_of_the_flood_are_doubted_and_nothing_else() {
    let Some(points) = week(FREDERICTON.0) else { return };
    let feet = |value: Value| Value::from_f64(value.as_f64() * 3.28084).expect("a level");
    let faulty = |from: usize, until: usize, fault: &dyn Fn(Value) -> Value| {
        let mut points = points.clone();
        points[from..until].iter_mut().for_each(|point| point.value = point.value.map(fault));
        let screened = screen(&points, &Limits::default());
        let doubted = |(i, screened): (usize, &Screened)| Some((i, screened.doubt?.name()));
        let doubts: Vec<_> = screened.iter().enumerate().filter_map(doubted).collect();
        let words: Vec<&str> = doubts.iter().map(|(_, word)| *word).collect();
        assert_eq!(doubts.iter().map(|(i, _)| *i).collect::<Vec<_>>(), (from..until).collect::<Vec<_>>());
        assert!(words.iter().all(|word| *word == words[0]), "{words:?}");
        words[0]
    };
    // Two hours, while the water rises by 4 cm.
    assert_eq!(faulty(1500, 1524, &feet), "unit-jump");
    assert_eq!(faulty(1500, 1524, &|value| value + Value::from_milli(1500)), "datum-jump");
    assert_eq!(faulty(1500, 1524, &|value| value - Value::from_milli(1500)), "datum-jump");
    assert_eq!(faulty(1500, 1501, &|_| Value::from_milli(548_640)), "too-fast");
    assert_eq!(faulty(1500, 1502, &|_| Value::from_milli(0)), "too-fast");
    // To the end of what is known: the level of before is the newest that is trusted.
    assert_eq!(faulty(2000, points.len(), &feet), "unit-jump");
    let limits = Limits { highest: Some(Value::from_milli(6000)), ..Limits::default() };
    let high = screen(&points, &limits).iter().filter(|screened| screened.doubt.is_some()).count();
    let above = trusted(&points).iter().filter(|reading| reading.value > Value::from_milli(6000)).count();
    assert_eq!(high, above);
    assert!(matches!(screen(&points, &limits)[2300].doubt, Some(Doubt::OutOfBounds { .. })));
}

#[test]
fn frederictons_warning_ends_when_it_has_ended() {
    let Some(found) = found(FREDERICTON, &EpisodeRule::default()) else { return };
    // Below 6.00 m for the first time at 16:25, below 5.98 m at 17:05, and not above it again.
    assert_eq!(
        found,
        [
            "1: 04-14T03:50, 6.154 at 04-18T07:30, lasts",
            "2: 04-16T20:56, 6.154 at 04-18T07:30, lasts",
            "3: 04-18T01:05, 6.154 at 04-18T07:30, 04-18T17:05",
        ]
    );
}

#[test]
fn gagetown_passes_its_flood_level_once() {
    let Some(bare) = found(GAGETOWN, &bare()) else { return };
    assert_eq!(
        &bare[3..],
        ["4: 04-18T06:25, 4.002 at 04-18T06:25, 04-18T06:30", "4: 04-18T06:35, 4.158 at 04-18T20:45, lasts"]
    );
    assert_eq!(
        found(GAGETOWN, &EpisodeRule::default()).expect("there"),
        [
            "1: 04-11T04:00 or earlier, 4.158 at 04-18T20:45, lasts",
            "2: 04-14T05:10, 4.158 at 04-18T20:45, lasts",
            "3: 04-16T17:40, 4.158 at 04-18T20:45, lasts",
            "4: 04-18T06:25, 4.158 at 04-18T20:45, lasts",
        ]
    );
}

#[test]
fn the_tide_at_oak_point_makes_one_episode() {
    let Some(bare) = found(OAK_POINT, &bare()) else { return };
    let began: Vec<&str> = bare.iter().map(|episode| &episode[3..14]).collect();
    assert_eq!(began, ["04-14T16:00", "04-15T03:15", "04-15T14:40", "04-16T02:20"]);
    assert_eq!(found(OAK_POINT, &EpisodeRule::default()).map(|found| found.len()), Some(4), "a tide is no half hour");
    let found = found(OAK_POINT, &EpisodeRule::TIDAL).expect("there");
    assert_eq!(found, ["1: 04-14T16:00, 3.632 at 04-18T19:00, lasts"]);
}

/// Reading by reading.
fn bare() -> EpisodeRule {
    EpisodeRule { deadband: Value::from_milli(0), off_delay: SignedDuration::ZERO, ..EpisodeRule::default() }
}

/// The episodes of a gauge's week in words, times in UTC.
fn found((gauge, heights): (&str, [i64; 4]), rule: &EpisodeRule) -> Option<Vec<String>> {
    let readings = trusted(&week(gauge)?);
    let now = readings.last()?.valid;
    let minute = |at: Timestamp| at.to_string()[5..16].to_owned();
    let told = |episode: Episode| {
        assert!(Rank::ALL.contains(&episode.rank) && episode.not_confirmed_since.is_none());
        let earlier = if episode.began.or_earlier { " or earlier" } else { "" };
        let (began, peak) = (minute(episode.began.valid), minute(episode.peak.valid));
        let ended = episode.ended.map_or_else(|| "lasts".to_owned(), |ended| minute(ended.valid));
        format!("{}: {began}{earlier}, {} at {peak}, {ended}", episode.rank.get(), episode.peak.value)
    };
    let found = episodes(&readings, &thresholds(heights), rule, SignedDuration::from_mins(5), now);
    Some(found.into_iter().map(told).collect())
}

fn trusted(points: &[Point]) -> Vec<Reading> {
    screen(points, &Limits::default()).iter().filter_map(Screened::trusted).collect()
}

fn thresholds(millis: [i64; 4]) -> Thresholds {
    let heights = Scheme::NewBrunswick.thresholds().into_iter().zip(millis.map(Value::from_milli));
    Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).expect("rising")
}

/// The levels of a gauge; `None`, said aloud, where the samples are absent.
fn week(gauge: &str) -> Option<Vec<Point>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/feeds");
    if !folder.is_dir() {
        eprintln!("skipped: ../shared/feeds is absent");
        return None;
    }
    let file = folder.join(format!("eccc/flood-2022-04/{gauge}_level_2022-04-11_2022-04-18.csv"));
    let text = std::fs::read_to_string(file).expect("the sample");
    let points: Vec<Point> = text.lines().filter_map(point).collect();
    assert!(points.len() > 2000, "{gauge}: {}", points.len());
    Some(points)
}

/// `2022-04-11 00:00:00,46,3.857,REVIEWED,UNSPECIFIED`, the time in UTC-4.
fn point(line: &str) -> Option<Point> {
    let (time, rest) = line.split_once(",46,")?;
    let local: DateTime = time.parse().expect("a time");
    let valid = Offset::constant(-4).to_timestamp(local).expect("an instant");
    let value = rest.split(',').next()?.parse().expect("a level");
    Some(Point { valid, value: Some(value), quality: Some(Quality::Provisional) })
}
