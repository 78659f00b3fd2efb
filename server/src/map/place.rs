//! Where labels go: near their dots, touching nothing, with few lines across what is to be read.

use std::cmp::Ordering;

use super::{LABEL, Spot, WIDTH};

/// From one spot to another.
pub(super) type Line = (Spot, Spot);
/// What it costs a label to touch another, round by round: little at first, and once more, so that none is shut in for good.
const TOUCHING: [f64; 9] = [20.0, 60.0, 200.0, 20.0, 60.0, 200.0, 600.0, f64::INFINITY, f64::INFINITY];
/// What it costs that a line runs over words, and that it crosses another line, a station or a river's course.
const OVER_WORDS: f64 = 100.0;
const OVER_LINE: f64 = 60.0;
const OVER_DOT: f64 = 40.0;
const OVER_RIVER: f64 = 20.0;
/// So many stations are few; of more, fewer rounds are made, so that a map is drawn in time.
const FEW: usize = 30;
/// Where more stations than this stand as near as `NEAR`, a label would find no place among them, and is not looked for.
const CROWD: usize = 60;
const NEAR: f64 = 60.0;
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
    /// Finds a label for each dot that is not in a crowd: begun in several orders, and kept as it costs least.
    pub(super) fn labels(&self) -> Vec<Option<Label>> {
        let dots = self.dots;
        let crowd = |dot: Spot| dots.iter().filter(|other| distance(**other, dot) < NEAR).count();
        let crowds: Vec<usize> = dots.iter().map(|dot| crowd(*dot)).collect();
        let sorted = |by: &dyn Fn(usize, usize) -> Ordering| {
            let mut order: Vec<usize> = (0..dots.len()).filter(|&index| crowds[index] <= CROWD).collect();
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

    /// Whether a label is on the sheet, and on no other words of its.
    pub(super) fn holds(&self, label: &Label) -> bool {
        let (left, top) = label.at;
        let inside = left >= 0.0 && left + label.width <= WIDTH && top >= 0.0 && top + LABEL <= self.height;
        inside && self.reserved.iter().all(|spot| !label.holds(*spot, 0.0))
    }

    /// Labels placed one after the other, and anew among the others; and what they cost.
    fn place(&self, order: &[usize]) -> (Vec<Option<Label>>, f64) {
        let mut labels: Vec<Option<Label>> = vec![None; self.dots.len()];
        let mut total = 0.0;
        let rounds = (TOUCHING.len() * FEW / self.dots.len().max(1)).clamp(1, TOUCHING.len());
        for touching in TOUCHING.into_iter().skip(TOUCHING.len() - rounds) {
            total = 0.0;
            for &index in order {
                labels[index] = None;
                let found = self.cheapest(index, &labels, touching);
                labels[index] = found.map(|(label, _)| label);
                total += found.map_or(MISSING, |(_, cost)| cost);
            }
        }
        (labels, total)
    }

    /// The cheapest place for a label among others, and its cost: it touches no dot, and others as little as that costs, is
    /// near to its dot, and few lines cross what is to be read.
    fn cheapest(&self, index: usize, labels: &[Option<Label>], touching: f64) -> Option<(Label, f64)> {
        let (dot, width) = (self.dots[index], self.widths[index]);
        let others: Vec<(Label, Line)> = labels
            .iter()
            .zip(self.dots)
            .filter_map(|(label, dot)| label.map(|label| (label, label.leader(*dot))))
            .collect();
        let free = |label: &Label| self.holds(label) && self.dots.iter().all(|dot| !label.holds(*dot, DOT));
        let mut cheapest: Option<(Label, f64)> = None;
        for label in candidates(dot, width) {
            let least = cheapest.map_or(f64::INFINITY, |(_, cost)| cost);
            let line = label.leader(dot);
            let long = distance(line.0, line.1);
            let length = long + long * long / 60.0;
            if length < least && free(&label) {
                let among = others.iter().map(|other| beside((&label, line), other, touching));
                let dots = self.dots.iter().map(|other| cost(*other != dot && from_line(*other, line) < DOT, OVER_DOT));
                let rivers = self.rivers.iter().map(|river| cost(label.is_crossed(*river), OVER_RIVER));
                if let Some(whole) = within(least, length, among.chain(dots).chain(rivers)) {
                    cheapest = Some((label, whole));
                }
            }
        }
        cheapest
    }
}

/// What a label and its line cost beside another's.
fn beside((label, line): (&Label, Line), (other, other_line): &(Label, Line), touching: f64) -> f64 {
    cost(label.touches(other), touching)
        + cost(label.is_crossed(*other_line), OVER_WORDS)
        + cost(other.is_crossed(line), OVER_WORDS)
        + cost(cross(*other_line, line), OVER_LINE)
}

fn cost(met: bool, cost: f64) -> f64 {
    if met { cost } else { 0.0 }
}

/// A sum, or nothing as soon as it is no longer below a limit.
fn within(limit: f64, first: f64, mut costs: impl Iterator<Item = f64>) -> Option<f64> {
    costs.try_fold(first, |sum, cost| Some(sum + cost).filter(|sum| *sum < limit))
}

pub(super) fn distance(one: Spot, other: Spot) -> f64 {
    (one.0 - other.0).hypot(one.1 - other.1)
}

/// How far a spot is from a line between two others.
pub(super) fn from_line(spot: Spot, (from, to): Line) -> f64 {
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
fn candidates(dot: Spot, width: f64) -> impl Iterator<Item = Label> {
    around(dot, width, 20)
}

/// Labels around a dot, in so many circles.
pub(super) fn around((x, y): Spot, width: f64, circles: u8) -> impl Iterator<Item = Label> {
    let circles = (0..circles).map(|circle| DOT + 2.0 + 9.0 * f64::from(circle));
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

    /// The line from a dot to it.
    pub(super) fn leader(&self, dot: Spot) -> Line {
        (dot, self.nearest(dot))
    }

    /// Whether a line runs over its words, which stand in the middle of its height.
    pub(super) fn is_crossed(&self, line: Line) -> bool {
        let (left, top, bottom) = (self.at.0, self.at.1 + 6.0, self.at.1 + LABEL - 6.0);
        let right = left + self.width;
        let ((ax, ay), (bx, by)) = line;
        if ax.max(bx) < left || ax.min(bx) > right || ay.max(by) < top || ay.min(by) > bottom {
            return false;
        }
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
