//! The right edge of the chart, where an axis would be: each threshold by name and height, slid apart where they would
//! touch, and plain heights where there are too few thresholds to read a level by.

use hydro::{Rank, Value};
use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;
use plotters::element::PathElement;
use plotters::style::text_anchor::HPos;

use super::LevelChart;
use super::draw::{Drawn, Edges, Paper, TYPE, write};
use super::ink::Ink;
use super::labels::{shorten, spread, text_width};

/// From the plot's edge to the words: the line of a threshold bends here towards its label.
pub(super) const LEADER: i32 = 90;
/// From one line of words to the next.
const LINE: i32 = 135;
/// The widest chart whose labels take two lines.
const NARROW: u32 = 480;

/// What a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Threshold(Rank),
    /// The reader's own mark.
    Mark,
    /// A plain height of the scale.
    Height,
}

impl Kind {
    const fn line(self) -> Ink {
        match self {
            Self::Threshold(rank) => Ink::line(rank),
            Self::Mark => Ink::Mark,
            Self::Height => Ink::Hair,
        }
    }

    const fn word(self) -> Ink {
        match self {
            Self::Threshold(rank) => Ink::rung(rank),
            Self::Mark => Ink::Strong,
            Self::Height => Ink::Muted,
        }
    }
}

/// A label at the right edge.
pub(super) struct Tag {
    level: f64,
    kind: Kind,
    /// Above the plot's range: named at the top, with an arrow and without a line.
    beyond: bool,
    lines: Vec<String>,
}

/// A label and where it goes: the height of its line and of its words' middle.
pub(super) struct Placed {
    tag: Tag,
    line: i32,
    middle: i32,
}

impl Tag {
    /// The room its words need.
    pub(super) fn width(&self) -> i32 {
        self.lines.iter().map(|line| text_width(line, TYPE)).max().unwrap_or(0) + 20
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "one or two lines")]
    fn height(&self) -> i32 {
        self.lines.len() as i32 * LINE
    }
}

/// The labels of a chart whose plot is so high and shows these levels: its thresholds within range, the nearest one
/// above it, and, with fewer than two of the first, a few round heights.
pub(super) fn tags(chart: &LevelChart, (bottom, top): (f64, f64), plot_height: i32) -> Vec<Tag> {
    let level = |line: &super::Line| line.value.as_f64();
    let within: Vec<_> = chart.thresholds.iter().filter(|line| (bottom..=top).contains(&level(line))).collect();
    let nearest = chart.thresholds.iter().filter(|line| level(line) > top).min_by_key(|line| line.value);
    let count = i32::try_from(within.len() + 1).unwrap_or(i32::MAX);
    let one_line = chart.size.0 > NARROW || count.saturating_mul(2 * LINE) > plot_height;
    let widest = chart.size.0.cast_signed() * 4 - LEADER - 20;
    let tag = |kind: Kind, (value, label): (Value, &str), beyond: bool| {
        let name = if beyond { format!("↑ {label}") } else { label.to_owned() };
        let height = (chart.height)(value);
        let lines = if one_line { vec![format!("{name} {height}")] } else { vec![name, height] };
        let lines = lines.into_iter().map(|line| shorten(line, TYPE, widest)).collect();
        Tag { level: value.as_f64(), kind, beyond, lines }
    };
    let threshold = |line: &super::Line, beyond| tag(Kind::Threshold(line.rank), (line.value, line.label), beyond);
    let mut tags: Vec<Tag> =
        within.iter().map(|line| threshold(line, false)).chain(nearest.map(|line| threshold(line, true))).collect();
    let mark = chart.mark.filter(|(value, _)| value.as_f64() >= bottom);
    tags.extend(mark.map(|mark| tag(Kind::Mark, mark, mark.0.as_f64() > top)));
    if within.len() < 2 {
        let heights = RangedCoordf64::from(bottom..top).key_points(4);
        tags.extend(heights.into_iter().filter_map(|level| plain(chart, level)));
    }
    tags
}

fn plain(chart: &LevelChart, level: f64) -> Option<Tag> {
    let words = (chart.height)(Value::from_f64(level).ok()?);
    Some(Tag { level, kind: Kind::Height, beyond: false, lines: vec![words] })
}

/// Puts the labels beside their levels (`y` tells where those are). Thresholds slide apart; a plain height belongs
/// exactly where it is and gives way instead.
pub(super) fn place(tags: Vec<Tag>, y: impl Fn(f64) -> i32, edges: Edges) -> Vec<Placed> {
    let line = |tag: &Tag| if tag.beyond { edges.top } else { y(tag.level) };
    let (mut thresholds, plain): (Vec<Tag>, Vec<Tag>) = tags.into_iter().partition(|tag| tag.kind != Kind::Height);
    thresholds.sort_by(|one, other| other.level.total_cmp(&one.level));
    let wanted: Vec<i32> = thresholds.iter().map(line).collect();
    let heights: Vec<i32> = thresholds.iter().map(Tag::height).collect();
    let middles = spread(&wanted, &heights, (edges.top - LINE / 2, edges.bottom + LINE / 2));
    let mut placed: Vec<Placed> =
        thresholds.into_iter().zip(middles).map(|(tag, middle)| Placed { line: line(&tag), middle, tag }).collect();
    for tag in plain {
        let middle = line(&tag);
        let clear = |other: &Placed| {
            // A threshold beyond the scale stands well apart from it, or its height would read as one of the scale's.
            let air = if other.tag.beyond { LINE } else { 0 };
            (other.middle - middle).abs() >= i32::midpoint(other.tag.height(), tag.height()) + air
        };
        if placed.iter().all(clear) {
            placed.push(Placed { line: middle, middle, tag });
        }
    }
    placed
}

/// The lines across the plot: a threshold's bends at the edge towards its label, a plain height's is a hairline.
pub(super) fn draw_lines(paper: &Paper, placed: &[Placed], edges: Edges) -> Drawn {
    for Placed { tag, line, middle } in placed.iter().filter(|placed| !placed.tag.beyond) {
        let mut path = vec![(edges.left, *line), (edges.right, *line)];
        if tag.kind != Kind::Height {
            path.extend([(edges.right + 15, *line), (edges.right + LEADER - 25, *middle)]);
        }
        paper.draw(&PathElement::new(path, tag.kind.line()))?;
    }
    Ok(())
}

/// The words at the edge: a name in its threshold's colour, a height of its own line in the scale's.
pub(super) fn draw_words(paper: &Paper, placed: &[Placed], edges: Edges) -> Drawn {
    for Placed { tag, middle, .. } in placed {
        let mut y = middle - (tag.height() - LINE) / 2;
        for (i, words) in tag.lines.iter().enumerate() {
            let ink = if i == 0 { tag.kind.word() } else { Ink::Muted };
            write(paper, words, ink, TYPE, HPos::Left, (edges.right + LEADER, y))?;
            y += LINE;
        }
    }
    Ok(())
}
