//! The ladder: how high is that? A staff to scale with the water in it, and beside it everything that gives a level
//! meaning by name: thresholds, the forecast's peak, the record, past floods, what the water reaches.

use hydro::{Parameter, Rank, Value};
use plotters::coord::Shift;
use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{PathElement, Rectangle};
use plotters::style::text_anchor::HPos;

use super::draw::{Drawn, Edges, write};
use super::ink::Ink;
use super::labels::{spread, text_width, wrap};
use super::range::floor;
use super::sheet::Sheet;
use super::svg::{Form, Frame, frame};

/// Levels of a station, or discharges, to scale.
pub struct Ladder<'a> {
    /// What is shown: the scale of a discharge begins at nothing.
    pub parameter: Parameter,
    /// Prefix of the identifiers in the picture, unique on its page: ASCII letters, digits and hyphens.
    pub id: &'a str,
    /// Width in CSS pixels; the height follows from the rungs.
    pub width: u32,
    /// The level the staff is filled to; without a fresh one it is hatched instead.
    pub now: Option<Value>,
    /// In any order.
    pub rungs: Vec<Rung<'a>>,
    /// The picture's name, in the page's language.
    pub title: &'a str,
    /// The picture in words, in the page's language.
    pub desc: &'a str,
}

/// A level with a name.
pub struct Rung<'a> {
    /// Its level.
    pub value: Value,
    /// Its height as it reads in the page's language and unit.
    pub text: &'a str,
    /// Its name, in the page's language; broken to two lines where it is long.
    pub label: &'a str,
    /// What it is.
    pub kind: RungKind,
}

/// What a rung of the ladder is, and so how it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RungKind {
    /// A threshold: a rung in its colour.
    Threshold(Rank),
    /// The present level, in bold.
    Now,
    /// The forecast's peak, in bold.
    Peak,
    /// The record.
    Record,
    /// A past flood.
    Flood,
    /// What the water reaches at this level.
    Impact,
    /// The reader's own mark, in bold.
    Mark,
}

/// Type size, and from one line of words to the next.
const TYPE: i32 = 140;
const LINE: i32 = 180;
/// Air between two labels.
const GAP: i32 = 30;
/// The staff's left and right edge; rungs reach out of it by `RUNG` on both sides.
const LEFT: i32 = RUNG;
const RIGHT: i32 = LEFT + 220;
const RUNG: i32 = 60;
/// Where the heights begin: between them and the staff run the leaders.
const HEIGHTS: i32 = RIGHT + 270;
/// From the heights to the names.
const SPACE: i32 = 90;
/// The least height of the staff.
const LEAST: i32 = 1800;
/// Above and below the staff.
const MARGIN: i32 = 60;

/// A rung's words and the height of their block.
struct Row<'a> {
    rung: &'a Rung<'a>,
    lines: Vec<String>,
}

impl Row<'_> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "one or two lines")]
    fn height(&self) -> i32 {
        self.lines.len().max(1) as i32 * LINE + GAP
    }
}

impl Ladder<'_> {
    /// The ladder for a page that carries [`CSS`](super::style::CSS); none without a rung.
    pub fn svg(&self) -> Option<String> {
        self.picture(Form::Inline)
    }

    /// The ladder as a document of its own, with its style.
    pub fn standalone(&self) -> Option<String> {
        self.picture(Form::Standalone)
    }

    fn picture(&self, form: Form) -> Option<String> {
        let rows = self.rows();
        let words: i32 = rows.iter().map(Row::height).sum();
        let staff = (words + words / 6).max(LEAST);
        let height = (staff + 2 * MARGIN).unsigned_abs().div_ceil(10);
        let mut body = String::with_capacity(2048);
        let paper = Sheet::new((self.width * 10, height * 10), &mut body).into_drawing_area();
        let edges = Edges { left: LEFT, right: RIGHT, top: MARGIN, bottom: MARGIN + staff };
        self.draw(&paper, &rows, &edges)?.ok()?;
        drop(paper);
        let look = Frame {
            id: self.id,
            class: "rw rl",
            size: (self.width, height),
            title: self.title,
            desc: self.desc,
            minute: None,
        };
        Some(frame(&look, form, &body))
    }

    /// Where the names begin: the heights stand before them, so that a label which had to slide is read as one.
    fn names(&self) -> i32 {
        HEIGHTS + SPACE + self.rungs.iter().map(|rung| text_width(rung.text, TYPE)).max().unwrap_or(0)
    }

    /// The rungs from the highest down, with their names broken to the room there is.
    fn rows(&self) -> Vec<Row<'_>> {
        let room = self.width.cast_signed() * 10 - self.names();
        let mut rows: Vec<Row> =
            self.rungs.iter().map(|rung| Row { rung, lines: wrap(rung.label, TYPE, room, 2) }).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.rung.value));
        rows
    }

    /// The lowest and highest level of the staff in metres: all rungs and the water, with air at both ends.
    fn extent(&self) -> Option<(f64, f64)> {
        let levels = || self.rungs.iter().map(|rung| rung.value).chain(self.now).map(Value::as_f64);
        let (low, high) = (levels().reduce(f64::min)?, levels().reduce(f64::max)?);
        let least = match self.parameter {
            Parameter::Level => 1.0,
            Parameter::Discharge => (0.2 * high.abs()).max(0.01),
        };
        let span = (high - low).max(least);
        Some((floor(low - 0.1 * span, low, self.parameter), high + 0.05 * span))
    }

    fn draw(&self, paper: &DrawingArea<Sheet, Shift>, rows: &[Row], edges: &Edges) -> Option<Drawn> {
        let (low, high) = self.extent().filter(|_| !rows.is_empty())?;
        let scale = RangedCoordf64::from(low..high);
        let y = |level: f64| scale.map(&level, (edges.bottom, edges.top));
        Some(
            self.draw_staff(paper, edges, y, &scale.key_points(16))
                .and_then(|()| self.write_rows(paper, rows, edges, y))
                .and_then(|()| draw_rungs(paper, rows, edges, y))
                .and_then(|()| paper.present()),
        )
    }

    /// Water or hatching, the marks of the scale, and the outline over both.
    fn draw_staff(
        &self,
        paper: &DrawingArea<Sheet, Shift>,
        edges: &Edges,
        y: impl Fn(f64) -> i32,
        marks: &[f64],
    ) -> Drawn {
        let Edges { left, right, top, bottom } = *edges;
        if let Some(now) = self.now {
            paper.draw(&Rectangle::new([(left, y(now.as_f64())), (right, bottom)], Ink::Water))?;
        } else {
            for start in (top..bottom - (right - left)).step_by(110) {
                paper.draw(&PathElement::new(vec![(right, start), (left, start + right - left)], Ink::Hair))?;
            }
        }
        for mark in marks {
            paper.draw(&PathElement::new(vec![(left, y(*mark)), (left + 50, y(*mark))], Ink::Staff))?;
        }
        paper.draw(&Rectangle::new([(left, top), (right, bottom)], Ink::Staff))
    }

    /// The words, slid apart, each with a leader from its level.
    fn write_rows(
        &self,
        paper: &DrawingArea<Sheet, Shift>,
        rows: &[Row],
        edges: &Edges,
        y: impl Fn(f64) -> i32,
    ) -> Drawn {
        let wanted: Vec<i32> = rows.iter().map(|row| y(row.rung.value.as_f64())).collect();
        let heights: Vec<i32> = rows.iter().map(Row::height).collect();
        let middles = spread(&wanted, &heights, (edges.top - MARGIN, edges.bottom + MARGIN));
        let names = self.names();
        let lines: Vec<i32> =
            rows.iter().zip(middles).map(|(row, middle)| middle - (row.height() - GAP - LINE) / 2).collect();
        // The leaders first and together, so that they are one path.
        for (level, line) in wanted.iter().zip(&lines) {
            let leader = vec![(RIGHT, *level), (RIGHT + 80, *level), (HEIGHTS - 50, *line)];
            paper.draw(&PathElement::new(leader, Ink::Staff))?;
        }
        for (row, mut line) in rows.iter().zip(lines) {
            let ink = match row.rung.kind {
                RungKind::Now | RungKind::Peak | RungKind::Mark => Ink::Strong,
                _ => Ink::Word,
            };
            write(paper, row.rung.text, ink, TYPE, HPos::Right, (names - SPACE, line))?;
            for words in &row.lines {
                write(paper, words, ink, TYPE, HPos::Left, (names, line))?;
                line += LINE;
            }
        }
        Ok(())
    }
}

/// Thresholds as rungs in their colour, the present and the peak as lines across, all else as a tick at the right.
fn draw_rungs(paper: &DrawingArea<Sheet, Shift>, rows: &[Row], edges: &Edges, y: impl Fn(f64) -> i32) -> Drawn {
    let Edges { left, right, .. } = *edges;
    for row in rows {
        let y = y(row.rung.value.as_f64());
        match row.rung.kind {
            RungKind::Threshold(rank) => {
                paper.draw(&Rectangle::new([(left - RUNG, y - 20), (right + RUNG, y + 20)], Ink::rung(rank)))?;
            }
            RungKind::Now => paper.draw(&PathElement::new(vec![(left, y), (right + RUNG, y)], Ink::Now))?,
            RungKind::Peak => paper.draw(&PathElement::new(vec![(left, y), (right + RUNG, y)], Ink::Forecast))?,
            RungKind::Mark => paper.draw(&PathElement::new(vec![(left - RUNG, y), (right + RUNG, y)], Ink::Mark))?,
            RungKind::Record | RungKind::Flood | RungKind::Impact => {}
        }
    }
    Ok(())
}
