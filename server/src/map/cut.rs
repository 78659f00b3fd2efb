//! Cutting lines and rings at the edge of the sheet.

use super::{Spot, WIDTH};

/// What may be drawn on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Frame {
    /// A sheet of a height, and so much more on each side.
    pub(super) fn sheet(height: f64, more: f64) -> Self {
        Self { left: -more, top: -more, right: WIDTH + more, bottom: height + more }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.left >= self.right || self.top >= self.bottom
    }

    /// Its sides, each as how far within a spot is.
    fn sides(&self) -> [impl Fn(Spot) -> f64 + Copy; 4] {
        let Self { left, top, right, bottom } = *self;
        let side = move |across: f64, down: f64, least: f64| move |(x, y): Spot| across * x + down * y - least;
        [side(1.0, 0.0, left), side(-1.0, 0.0, -right), side(0.0, 1.0, top), side(0.0, -1.0, -bottom)]
    }
}

/// What of a ring is within the frame, closed (after Sutherland and Hodgman): where it leaves and comes back, along the edge.
pub(super) fn ring(ring: &[Spot], frame: &Frame) -> Vec<Spot> {
    let mut kept = ring.to_vec();
    for within in frame.sides() {
        let Some(&last) = kept.last() else { return kept };
        let mut before = last;
        let mut cut = Vec::with_capacity(kept.len() + 4);
        for &spot in &kept {
            if (within(before) >= 0.0) != (within(spot) >= 0.0) {
                cut.push(between(before, spot, within(before) / (within(before) - within(spot))));
            }
            if within(spot) >= 0.0 {
                cut.push(spot);
            }
            before = spot;
        }
        kept = cut;
    }
    if kept.first() != kept.last() {
        kept.extend(kept.first().copied());
    }
    kept
}

/// The pieces of a line that are within the frame (after Liang and Barsky).
pub(super) fn line(line: &[Spot], frame: &Frame) -> Vec<Vec<Spot>> {
    let mut pieces: Vec<Vec<Spot>> = Vec::new();
    for pair in line.windows(2) {
        let Some((from, to)) = stretch((pair[0], pair[1]), frame) else { continue };
        match pieces.last_mut() {
            Some(piece) if piece.last() == Some(&from) => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
    }
    pieces
}

/// The part of a stretch that is within the frame.
fn stretch((from, to): (Spot, Spot), frame: &Frame) -> Option<(Spot, Spot)> {
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    for within in frame.sides() {
        let (start, end) = (within(from), within(to));
        match (start >= 0.0, end >= 0.0) {
            (true, true) => {}
            (false, false) => return None,
            (false, true) => enters = enters.max(start / (start - end)),
            (true, false) => leaves = leaves.min(start / (start - end)),
        }
    }
    let at = |share: f64, whole: Spot| if share > 0.0 && share < 1.0 { between(from, to, share) } else { whole };
    (enters < leaves).then(|| (at(enters, from), at(leaves, to)))
}

fn between(from: Spot, to: Spot, share: f64) -> Spot {
    (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FRAME: Frame = Frame { left: 0.0, top: 0.0, right: WIDTH, bottom: 400.0 };

    fn inside((x, y): Spot) -> bool {
        (-1e-6..=WIDTH + 1e-6).contains(&x) && (-1e-6..=400.0 + 1e-6).contains(&y)
    }

    fn length(line: &[Spot]) -> f64 {
        line.windows(2).map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1)).sum()
    }

    #[test]
    fn what_crosses_the_edge_ends_there() {
        let zigzag = [(-100.0, 200.0), (100.0, 200.0), (100.0, 500.0), (200.0, 500.0), (200.0, 100.0)];
        assert_eq!(
            line(&zigzag, &FRAME),
            [vec![(0.0, 200.0), (100.0, 200.0), (100.0, 400.0)], vec![(200.0, 400.0), (200.0, 100.0)]]
        );
        let around = [(-50.0, -50.0), (400.0, -50.0), (400.0, 450.0), (-50.0, 450.0), (-50.0, -50.0)];
        let cut = ring(&around, &FRAME);
        assert!(cut.first() == cut.last() && cut.iter().all(|spot| inside(*spot)));
        assert!((length(&cut) - 2.0 * (WIDTH + 400.0)).abs() < 1e-6, "the whole frame is inside: {cut:?}");
        assert_eq!(ring(&[(-9.0, 0.0), (-5.0, 9.0), (-5.0, 0.0), (-9.0, 0.0)], &FRAME), []);
    }

    proptest! {
        #[test]
        fn nothing_is_beyond_the_edge_and_nothing_within_is_lost(
            spots in prop::collection::vec((-300.0..600.0_f64, -300.0..800.0_f64), 2..40),
        ) {
            let pieces = line(&spots, &FRAME);
            prop_assert!(pieces.iter().flatten().all(|spot| inside(*spot)), "{pieces:?}");
            prop_assert!(ring(&spots, &FRAME).iter().all(|spot| inside(*spot)));
            for spot in spots.iter().filter(|spot| inside(**spot)) {
                prop_assert!(pieces.iter().flatten().any(|kept| kept == spot), "{spot:?} is lost");
            }
            prop_assert!(pieces.iter().map(|piece| length(piece)).sum::<f64>() <= length(&spots) + 1e-6);
        }
    }
}
