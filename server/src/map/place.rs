//! Where labels go: near their dots, touching nothing, with few lines across what is to be read.

use std::cmp::Ordering;

use super::{LABEL, Spot, WIDTH};

/// From one spot to another.
pub(super) type Line = (Spot, Spot);
/// How often labels are placed anew at most, where there are few of them.
const ROUNDS: usize = 8;
/// So many stations are few; of more, fewer rounds are made, so that a map is drawn in time.
const FEW: usize = 30;
/// What a station without a label costs.
const MISSING: f64 = 10_000.0;
/// The air around a station's dot.
const DOT: f64 = 6.0;

/// Where a label is: its left upper corner and its width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Label {
    pub(crate) at: Spot,
    pub(crate) width: f64,
}

/// What labels are placed among.
pub(super) struct Sheet<'a> {
    pub(super) dots: &'a [Spot],
    pub(super) widths: &'a [f64],
    pub(super) rivers: &'a [Line],
    /// Spots of other words.
    pub(super) reserved: &'a [Spot],
    pub(super) height: f64,
}

impl Sheet<'_> {
    /// Finds a label for each dot: begun in several orders, and kept as it costs least.
    pub(super) fn labels(&self) -> Vec<Option<Label>> {
        let dots = self.dots;
        let crowd = |dot: Spot| dots.iter().filter(|other| distance(**other, dot) < 60.0).count();
        let crowds: Vec<usize> = dots.iter().map(|dot| crowd(*dot)).collect();
        let sorted = |by: &dyn Fn(usize, usize) -> Ordering| {
            let mut order: Vec<usize> = (0..dots.len()).collect();
            order.sort_by(|&one, &other| by(one, other));
            order
        };
        let orders = [
            sorted(&|one, other| crowds[other].cmp(&crowds[one])),
            sorted(&|one, other| dots[one].0.total_cmp(&dots[other].0)),
            sorted(&|one, other| dots[other].0.total_cmp(&dots[one].0)),
            sorted(&|one, other| dots[one].1.total_cmp(&dots[other].1)),
            sorted(&|one, other| dots[other].1.total_cmp(&dots[one].1)),
        ];
        let tried = if dots.len() > 2 * FEW { 1 } else { orders.len() };
        let all = orders.into_iter().take(tried).map(|order| self.place(&order));
        all.min_by(|(_, one), (_, other)| one.total_cmp(other)).map(|(labels, _)| labels).unwrap_or_default()
    }

    /// Labels placed one after the other, and anew among the others until none finds a better place; and what they cost.
    fn place(&self, order: &[usize]) -> (Vec<Option<Label>>, f64) {
        let mut labels: Vec<Option<Label>> = vec![None; self.dots.len()];
        let mut total = 0.0;
        for _ in 0..(ROUNDS * FEW / self.dots.len().max(1)).clamp(1, ROUNDS) {
            let before = labels.clone();
            total = 0.0;
            for &index in order {
                labels[index] = None;
                let found = self.cheapest(index, &labels);
                labels[index] = found.map(|(label, _)| label);
                total += found.map_or(MISSING, |(_, cost)| cost);
            }
            if labels == before {
                break;
            }
        }
        (labels, total)
    }

    /// The cheapest place for a label among others, and its cost: it touches no dot and no other label, is near to its dot, and
    /// few lines cross what is to be read.
    fn cheapest(&self, index: usize, labels: &[Option<Label>]) -> Option<(Label, f64)> {
        let (dot, width) = (self.dots[index], self.widths[index]);
        let leader = |label: &Label, dot: Spot| (dot, label.nearest(dot));
        let others: Vec<(Label, Line)> = labels
            .iter()
            .zip(self.dots)
            .filter_map(|(label, dot)| label.map(|label| (label, leader(&label, *dot))))
            .collect();
        let free = |label: &Label| {
            let (left, top) = label.at;
            let inside = left >= 0.0 && left + width <= WIDTH && top >= 0.0 && top + LABEL <= self.height;
            inside
                && others.iter().all(|(other, _)| !label.touches(other))
                && self.dots.iter().all(|dot| !label.holds(*dot, DOT))
                && self.reserved.iter().all(|spot| !label.holds(*spot, 0.0))
        };
        let cost = |label: &Label| {
            let line = leader(label, dot);
            let long = distance(line.0, line.1);
            let count = |found: usize, each: f64| f64::from(u32::try_from(found).unwrap_or(u32::MAX)) * each;
            long + long * long / 60.0
                + count(others.iter().filter(|(_, other)| label.is_crossed(*other)).count(), 80.0)
                + count(others.iter().filter(|(other, _)| other.is_crossed(line)).count(), 80.0)
                + count(others.iter().filter(|(_, other)| cross(*other, line)).count(), 60.0)
                + count(self.dots.iter().filter(|other| **other != dot && from_line(**other, line) < DOT).count(), 40.0)
                + count(self.rivers.iter().filter(|river| label.is_crossed(**river)).count(), 20.0)
        };
        let found = candidates(dot, width).filter(free).map(|label| (label, cost(&label)));
        found.min_by(|(_, one), (_, other)| one.total_cmp(other))
    }
}

fn distance(one: Spot, other: Spot) -> f64 {
    (one.0 - other.0).hypot(one.1 - other.1)
}

/// How far a spot is from a line between two others.
fn from_line(spot: Spot, (from, to): Line) -> f64 {
    let (across, down) = (to.0 - from.0, to.1 - from.1);
    let square = across * across + down * down;
    let along = if square > 0.0 { ((spot.0 - from.0) * across + (spot.1 - from.1) * down) / square } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    distance(spot, (from.0 + across * along, from.1 + down * along))
}

/// Whether two lines cross.
fn cross((a, b): Line, (c, d): Line) -> bool {
    let side =
        |from: Spot, to: Spot, spot: Spot| (to.0 - from.0) * (spot.1 - from.1) - (to.1 - from.1) * (spot.0 - from.0);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

/// Where the label of a dot may go, the nearest first: around it in wider and wider circles.
fn candidates((x, y): Spot, width: f64) -> impl Iterator<Item = Label> {
    let circles = (0..20_u8).map(|circle| DOT + 2.0 + 9.0 * f64::from(circle));
    let directions = (0..24_u8).map(|direction| f64::from(direction) * std::f64::consts::TAU / 24.0);
    circles.flat_map(move |radius| {
        directions.clone().map(move |angle| {
            let (across, down) = (angle.cos(), angle.sin());
            // The side of the label that looks at the dot is as far from it as the circle is wide.
            let left = x + across * radius - width * f64::midpoint(1.0, -across);
            let top = y + down * radius - LABEL * f64::midpoint(1.0, -down);
            Label { at: (left, top), width }
        })
    })
}

impl Label {
    /// Whether a spot is in it, or nearer to it than `air`.
    pub(super) fn holds(&self, (x, y): Spot, air: f64) -> bool {
        let (left, top) = self.at;
        (left - air..=left + self.width + air).contains(&x) && (top - air..=top + LABEL + air).contains(&y)
    }

    pub(super) fn touches(&self, other: &Self) -> bool {
        self.at.0 < other.at.0 + other.width
            && other.at.0 < self.at.0 + self.width
            && (self.at.1 - other.at.1).abs() < LABEL
    }

    /// Whether a line runs over its words, which stand in the middle of its height.
    fn is_crossed(&self, line: Line) -> bool {
        let (left, top, bottom) = (self.at.0, self.at.1 + 6.0, self.at.1 + LABEL - 6.0);
        let right = left + self.width;
        let within = |(x, y): Spot| (left..=right).contains(&x) && (top..=bottom).contains(&y);
        let diagonals = [((left, top), (right, bottom)), ((left, bottom), (right, top))];
        within(line.0) || within(line.1) || diagonals.into_iter().any(|diagonal| cross(diagonal, line))
    }

    /// The spot of its edge that is nearest to a dot outside.
    pub(crate) fn nearest(&self, (x, y): Spot) -> Spot {
        let (left, top) = self.at;
        (x.clamp(left, left + self.width), y.clamp(top + 6.0, top + LABEL - 6.0))
    }
}
