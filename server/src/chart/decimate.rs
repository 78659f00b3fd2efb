//! Fewer points for the same picture: what the eye cannot tell apart is left out, and every crest and trough deeper than that
//! stays exactly where it was. Coordinates are tenths of a pixel.

/// A point of the sheet: tenths of a pixel, x to the right and y down.
pub(crate) type Spot = (i32, i32);

/// What is not seen, in tenths of a pixel. At half a pixel a smooth forecast shows corners on a phone, whose own pixels
/// are a third of a CSS pixel; at 0.3 the picture is a quarter longer.
pub(crate) const FINE: i32 = 4;
/// The same for a line of dots, which are wider than this and stand further apart.
pub(super) const DOTTED: i32 = 10;

/// The points of `line` that must be drawn. Kept are the first and last point, the highest and lowest, every turning
/// point whose swing exceeds the tolerance, and, after Ramer, Douglas and Peucker between those, enough others that each
/// point left out lies within the tolerance of the line drawn.
pub(crate) fn decimate(line: &[Spot], tolerance: i32) -> Vec<Spot> {
    if line.len() <= 2 {
        return line.to_vec();
    }
    line.iter().zip(needed(line, tolerance)).filter_map(|(spot, needed)| needed.then_some(*spot)).collect()
}

/// For each point of `line`, whether it must be drawn.
pub(super) fn needed(line: &[Spot], tolerance: i32) -> Vec<bool> {
    let mut keep = turning_points(line, tolerance);
    let pinned: Vec<usize> = (0..line.len()).filter(|&i| keep[i]).collect();
    let mut spans: Vec<(usize, usize)> = pinned.windows(2).map(|pair| (pair[0], pair[1])).collect();
    while let Some((first, last)) = spans.pop() {
        if let Some(i) = farthest(line, (first, last), f64::from(tolerance)) {
            keep[i] = true;
            spans.extend([(first, i), (i, last)]);
        }
    }
    keep
}

/// Which points are pinned: the ends, the extremes, and each turn that the line leaves again by more than the tolerance.
fn turning_points(line: &[Spot], tolerance: i32) -> Vec<bool> {
    let mut keep = vec![false; line.len()];
    let (Some(last), Some(&start)) = (line.len().checked_sub(1), line.first()) else { return keep };
    (keep[0], keep[last]) = (true, true);
    // The highest and the lowest since the last turn; a swing away from one of them by more than the tolerance makes it
    // a turn. Until the first swing both are open.
    let (mut high, mut low) = ((start.1, 0), (start.1, 0));
    let mut rising = None;
    for (i, &(_, y)) in line.iter().enumerate() {
        if y < high.0 {
            high = (y, i);
        }
        if y > low.0 {
            low = (y, i);
        }
        if rising != Some(false) && y - high.0 > tolerance {
            keep[high.1] = true;
            (rising, low) = (Some(false), (y, i));
        } else if rising != Some(true) && low.0 - y > tolerance {
            keep[low.1] = true;
            (rising, high) = (Some(true), (y, i));
        }
    }
    for extreme in [line.iter().map(|spot| spot.1).min(), line.iter().map(|spot| spot.1).max()] {
        if let Some(i) = line.iter().position(|spot| Some(spot.1) == extreme) {
            keep[i] = true;
        }
    }
    keep
}

/// Which point between two of a line lies farthest from the stretch between them, if by more than the tolerance; the last
/// of equals.
fn farthest(line: &[Spot], (first, last): (usize, usize), tolerance: f64) -> Option<usize> {
    // The square of the distance, and the way there.
    let (mut most, mut way, mut farthest) = (tolerance * tolerance, (tolerance, 0.0), None);
    let along = between(line[first], line[last]);
    let length = dot(along, along);
    for (i, &spot) in line.iter().enumerate().take(last).skip(first + 1) {
        // A division is dear too, and most lie beside the stretch and clearly nearer than the farthest.
        let away = between(line[first], spot);
        let (beside, aside) = (dot(along, away), along.0 * away.1 - along.1 * away.0);
        if (0.0..=length).contains(&beside) && aside * aside < most * length * (1.0 - 1e-9) {
            continue;
        }
        let (x, y) = off_line(spot, line[first], line[last]);
        let square = x * x + y * y;
        // So is a root: it is taken only where the squares are too near one another to tell.
        let farther = if (square - most).abs() > most * 1e-12 {
            square > most
        } else {
            let distance = x.hypot(y);
            distance >= way.0.hypot(way.1) && distance > tolerance
        };
        if farther {
            (most, way, farthest) = (square, (x, y), Some(i));
        }
    }
    farthest
}

/// The way from one spot to another: whole numbers, of which products and sums are exact.
fn between(a: Spot, b: Spot) -> (f64, f64) {
    (f64::from(b.0) - f64::from(a.0), f64::from(b.1) - f64::from(a.1))
}

fn dot(a: (f64, f64), b: (f64, f64)) -> f64 {
    a.0 * b.0 + a.1 * b.1
}

/// How far to the right and how far down `spot` lies from the stretch between `from` and `to`, in tenths of a pixel.
fn off_line(spot: Spot, from: Spot, to: Spot) -> (f64, f64) {
    let (along, away) = (between(from, to), between(from, spot));
    let length = dot(along, along);
    let share = if length > 0.0 { (dot(along, away) / length).clamp(0.0, 1.0) } else { 0.0 };
    (away.0 - share * along.0, away.1 - share * along.1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rivers() -> impl Strategy<Value = Vec<Spot>> {
        prop::collection::vec((0..4, -40..=40_i32), 1..400).prop_map(|steps| {
            let mut at = (0, 1000);
            steps
                .into_iter()
                .map(|(dx, dy)| {
                    at = (at.0 + dx, (at.1 + dy).clamp(0, 2000));
                    at
                })
                .collect()
        })
    }

    /// A turn by definition: between its neighbours' tolerance-deep descents on both sides nothing is higher (or lower).
    fn is_deep_turn(line: &[Spot], i: usize, sign: i32, tolerance: i32) -> bool {
        let height = |j: usize| sign * line[j].1;
        let falls = |path: &mut dyn Iterator<Item = usize>| {
            for j in path {
                if height(j) >= height(i) {
                    return false;
                }
                if height(i) - height(j) > tolerance {
                    return true;
                }
            }
            false
        };
        falls(&mut (0..i).rev()) && falls(&mut (i + 1..line.len()))
    }

    #[test]
    fn a_straight_run_is_two_points_and_a_peak_stays() {
        let straight: Vec<Spot> = (0..100).map(|x| (x, 3 * x)).collect();
        assert_eq!(decimate(&straight, FINE), [(0, 0), (99, 297)]);
        let peak = [(0, 90), (10, 90), (20, 0), (30, 90), (90, 90)];
        assert_eq!(decimate(&peak, FINE), peak);
        assert_eq!(decimate(&[], FINE), []);
    }

    proptest! {
        #[test]
        fn what_is_left_out_cannot_be_seen(line in rivers(), tolerance in prop::sample::select(vec![FINE, DOTTED])) {
            let drawn = decimate(&line, tolerance);
            for spot in &line {
                let distance = |pair: &[Spot]| {
                    let (x, y) = off_line(*spot, pair[0], pair[1]);
                    x.hypot(y)
                };
                let nearest = drawn.windows(2).map(distance).fold(f64::INFINITY, f64::min);
                prop_assert!(drawn.contains(spot) || nearest <= f64::from(tolerance), "{spot:?} is {nearest} off");
            }
        }

        #[test]
        fn the_farthest_is_the_one_of_all_distances(line in rivers(), tolerance in 0..12_u8) {
            let (from, to) = (line[0], line[line.len() - 1]);
            let distances = line.iter().enumerate().skip(1).take(line.len().saturating_sub(2)).map(|(i, &spot)| {
                let (x, y) = off_line(spot, from, to);
                (x.hypot(y), i)
            });
            let expected = distances.max_by(|(one, _), (other, _)| one.total_cmp(other));
            let expected = expected.filter(|(distance, _)| *distance > f64::from(tolerance)).map(|(_, i)| i);
            prop_assert_eq!(farthest(&line, (0, line.len() - 1), f64::from(tolerance)), expected);
        }

        #[test]
        fn ends_extremes_and_turns_stay_where_they_were(line in rivers(), tolerance in prop::sample::select(vec![FINE, DOTTED])) {
            let drawn = decimate(&line, tolerance);
            prop_assert_eq!(drawn.first(), line.first());
            prop_assert_eq!(drawn.last(), line.last());
            for (i, spot) in line.iter().enumerate() {
                if is_deep_turn(&line, i, 1, tolerance) || is_deep_turn(&line, i, -1, tolerance) {
                    prop_assert!(drawn.contains(spot), "the turn at {spot:?} is gone");
                }
            }
            let range = |line: &[Spot]| (line.iter().map(|s| s.1).min(), line.iter().map(|s| s.1).max());
            prop_assert_eq!(range(&drawn), range(&line));
        }
    }
}
