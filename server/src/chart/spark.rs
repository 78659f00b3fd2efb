//! A station's hours behind and ahead in the height of a line of text: what was measured, what is forecast, the thresholds
//! near it. Without words, as the numbers stand beside it; all sparks of one span of time stand under one another.

use hydro::{Rank, Timestamp, Value};

use super::Sample;
use super::decimate::{FINE, Spot, needed};
use super::path::Pen;

/// Width and height in tenths of a pixel.
const SIZE: Spot = (1500, 320);
/// Room above and below the lines, so that their thickness stays within the picture.
const AIR: i32 = 20;
/// The least height shown, in thousandths: a quiet river is a flat line.
const LEAST: i64 = 500;

/// A chart without words.
pub(crate) struct Spark<'a> {
    /// The first instant shown.
    pub(crate) from: Timestamp,
    /// The last instant shown.
    pub(crate) until: Timestamp,
    /// The present, which is a line.
    pub(crate) now: Timestamp,
    /// Measurements in time order, one run for each stretch without a gap.
    pub(crate) observed: &'a [Vec<Sample>],
    /// The forecast in time order.
    pub(crate) forecast: &'a [Sample],
    /// The station's thresholds, rising.
    pub(crate) thresholds: &'a [(Rank, Value)],
}

impl Spark<'_> {
    /// The picture; none where there is nothing to draw in its span.
    pub(crate) fn svg(&self) -> Option<String> {
        let shown = |samples: &[Sample]| -> Vec<Sample> {
            let first = samples.partition_point(|(at, _)| *at < self.from);
            let enters = first.checked_sub(1).and_then(|before| Some((samples[before], *samples.get(first)?)));
            let enters = enters.filter(|(_, after)| after.0 > self.from);
            let enters = enters.map(|(before, after)| between(before, after, self.from));
            enters.into_iter().chain(samples[first..].iter().copied()).take_while(|(at, _)| *at <= self.until).collect()
        };
        let runs: Vec<Vec<Sample>> = self.observed.iter().map(|run| shown(run)).collect();
        let ahead = shown(self.forecast);
        let (low, high) = self.range(runs.iter().flatten().chain(&ahead).map(|(_, value)| value.milli()))?;
        let y = |value: Value| {
            let share = share(value.milli() - low, high - low, i64::from(SIZE.1 - 2 * AIR));
            SIZE.1 - AIR - share
        };
        let spots = |samples: &[Sample]| -> Vec<Spot> {
            samples.iter().map(|&(at, value)| (self.across(at), y(value))).collect()
        };
        let mut body = String::new();
        for (rank, value) in self.thresholds.iter().filter(|(_, value)| (low..=high).contains(&value.milli())) {
            body.push_str(&path(&format!("r{}", rank.get()), &[vec![(0, y(*value)), (SIZE.0, y(*value))]]));
        }
        body.push_str(&path("rk", &[vec![(self.across(self.now), 0), (self.across(self.now), SIZE.1)]]));
        body.push_str(&path("rp", &[spots(&ahead)]));
        body.push_str(&path("ro", &runs.iter().map(|run| spots(run)).collect::<Vec<_>>()));
        let (width, height) = SIZE;
        Some(format!(
            r#"<svg class="rw rj" width="{}" height="{}" viewBox="0 0 {width} {height}" aria-hidden="true">{body}</svg>"#,
            width / 10,
            height / 10
        ))
    }

    fn across(&self, at: Timestamp) -> i32 {
        let span = self.until.as_second() - self.from.as_second();
        share(at.as_second() - self.from.as_second(), span, i64::from(SIZE.0))
    }

    /// The lowest and the highest level shown, in thousandths: all data, and the next threshold above them where it leaves
    /// them half the height.
    fn range(&self, levels: impl Iterator<Item = i64> + Clone) -> Option<(i64, i64)> {
        let (low, high) = (levels.clone().min()?, levels.max()?);
        let short = (LEAST - (high - low)).max(0);
        let (low, high) = (low - short / 2, high + short / 2);
        let next = self.thresholds.iter().map(|(_, value)| value.milli()).find(|value| *value > high);
        Some((low, next.filter(|next| next - high <= high - low).unwrap_or(high)))
    }
}

/// The measurements of a run that a spark of so many hours needs: it never shows less height than [`LEAST`], so what cannot
/// be seen at that scale cannot be seen at any other.
pub(crate) fn thinned(run: &[Sample], hours: i64) -> Vec<Sample> {
    let Some(&(from, _)) = run.first() else { return Vec::new() };
    let spot = |&(at, value): &Sample| {
        let across = share(at.as_second() - from.as_second(), hours * 3600, i64::from(SIZE.0));
        (across, share(value.milli(), LEAST, i64::from(SIZE.1 - 2 * AIR)))
    };
    let needed = needed(&run.iter().map(spot).collect::<Vec<_>>(), FINE);
    run.iter().zip(needed).filter_map(|(sample, needed)| needed.then_some(*sample)).collect()
}

/// Where a line stands at an instant between two of its samples.
fn between((from, low): Sample, (until, high): Sample, at: Timestamp) -> Sample {
    let (passed, span) = (at.as_second() - from.as_second(), until.as_second() - from.as_second());
    let risen = i64::from(share(passed, span, high.milli() - low.milli()));
    (at, Value::from_milli(low.milli() + risen))
}

/// So much of `whole` as `part` is of `of`.
fn share(part: i64, of: i64, whole: i64) -> i32 {
    let share = i128::from(part) * i128::from(whole) / i128::from(of.max(1));
    i32::try_from(share).unwrap_or(0)
}

fn path(class: &str, lines: &[Vec<Spot>]) -> String {
    let mut pen = Pen::default();
    for line in lines {
        pen.line(line, false, FINE);
    }
    let data = pen.finish();
    if data.is_empty() { data } else { format!(r#"<path class="{class}" d="{data}"/>"#) }
}

#[cfg(test)]
mod tests {
    use hydro::SignedDuration;

    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_650_000_000 + hours * 3600).expect("in range")
    }

    fn spark(observed: &[Vec<Sample>], forecast: &[Sample]) -> Option<String> {
        let thresholds = [(Rank::ALL[1], Value::from_milli(2600)), (Rank::ALL[2], Value::from_milli(9000))];
        Spark { from: at(-48), until: at(72), now: at(0), observed, forecast, thresholds: &thresholds }.svg()
    }

    #[test]
    fn what_is_measured_and_forecast_is_drawn_to_scale() {
        let sample = |hours, milli| (at(hours), Value::from_milli(milli));
        let runs =
            [vec![sample(-60, 0), sample(-48, 1000), sample(-24, 1500)], vec![sample(-12, 2000), sample(0, 2000)]];
        let drawn = spark(&runs, &[sample(0, 2000), sample(36, 2400)]).expect("a picture");
        assert!(drawn.contains(r#"<path class="r1" d="m0 20h1500"/>"#), "the next threshold is the top: {drawn}");
        assert!(!drawn.contains("r2"), "a far threshold leaves the water its room: {drawn}");
        assert!(drawn.contains(r#"class="rk" d="m600 0v320""#), "now: {drawn}");
        assert!(drawn.contains(r#"class="ro" d="m0 300 300-87m150-88h150""#), "the gap is a gap: {drawn}");
    }

    #[test]
    fn what_is_left_out_is_not_seen() {
        let minutes = |step: i64| at(-48) + SignedDuration::from_mins(5 * step);
        let wave: Vec<Sample> =
            (0..577).map(|step| (minutes(step), Value::from_milli(3000 + (step * step) % 37 + step % 100))).collect();
        let few = thinned(&wave, 120);
        assert!(few.len() < wave.len() && few.first() == wave.first() && few.last() == wave.last(), "{}", few.len());
        let level: Vec<Sample> = wave.iter().map(|&(at, _)| (at, Value::from_milli(3000))).collect();
        assert_eq!(thinned(&level, 120), [level[0], level[576]]);
        assert_eq!(thinned(&[], 120), []);
    }

    #[test]
    fn a_line_that_enters_from_before_the_span_begins_at_its_edge() {
        let run = [(at(-60), Value::from_milli(1000)), (at(-36), Value::from_milli(2000))];
        let drawn = spark(&[run.to_vec()], &[]).expect("a picture");
        assert!(drawn.contains(r#"class="ro" d="m0 "#), "{drawn}");
        assert_eq!(between(run[0], run[1], at(-48)).1, Value::from_milli(1500));
    }

    #[test]
    fn nothing_is_no_picture() {
        assert_eq!(spark(&[], &[]), None);
        assert_eq!(spark(&[vec![(at(-100), Value::from_milli(1))]], &[]), None, "before the span");
    }
}
