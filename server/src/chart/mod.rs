//! The pictures of the pages, as small SVG: the level chart, the ladder, the glyphs of the status and the keys of the
//! lines. Pictures get every word ready in the reader's language and decide nothing but where things go.
//!
//! The chart and the ladder are drawn by plotters on a sheet of tenths of a pixel; the looks are classes
//! ([`style::CSS`]), which the page carries once and a picture standing alone brings along.

mod decimate;
mod draw;
pub mod glyph;
mod ink;
pub(crate) mod kept;
mod labels;
pub mod ladder;
mod path;
mod plate;
mod range;
mod scale;
mod sheet;
pub(crate) mod spark;
pub mod style;
mod svg;
mod text;

#[cfg(test)]
mod tests;

use hydro::{Parameter, Rank, Timestamp, Value};

pub(crate) use decimate::{FINE, decimate};
pub(crate) use labels::{text_width, wrap};
use plate::Plate;
use svg::{Form, Frame, frame};

use crate::picture::canvas::Canvas;

/// The level, or the discharge, at one instant.
pub type Sample = (Timestamp, Value);

/// The level of a station against time, or its discharge: what was measured, what is forecast, and the thresholds it is held against.
///
/// Only what lies between `from` and `until` is drawn; nothing is drawn across a gap, and nothing joins the measured to
/// the forecast.
pub struct LevelChart<'a> {
    /// Prefix of the identifiers in the picture, unique on its page: ASCII letters, digits and hyphens.
    pub id: &'a str,
    /// What is shown: the scale of a discharge begins at nothing.
    pub parameter: Parameter,
    /// Width and height in CSS pixels; 320 by 200 is the least that can be read.
    pub size: (u32, u32),
    /// The first instant shown.
    pub from: Timestamp,
    /// The last instant shown.
    pub until: Timestamp,
    /// The present; its line is left out where it lies outside the window.
    pub now: Timestamp,
    /// The word on the line of the present.
    pub now_label: &'a str,
    /// Measurements in time order, one run for each stretch without a gap.
    pub observed: Vec<Vec<Sample>>,
    /// Measurements in doubt, drawn apart as small open marks; those beyond the scale are left out, since a doubtful
    /// spike must not flatten the river.
    pub doubtful: Vec<Sample>,
    /// The forecast in time order.
    pub forecast: Vec<Sample>,
    /// What the issue before it forecast, in time order: a faint line.
    pub previous: Vec<Sample>,
    /// The forecast's lower and upper bound, each in time order.
    pub band: Option<(Vec<Sample>, Vec<Sample>)>,
    /// The forecast's highest point, if it is one (and not the end of a rise).
    pub peak: Option<Sample>,
    /// The station's thresholds.
    pub thresholds: Vec<Line<'a>>,
    /// The height that matters to the reader, and its name.
    pub mark: Option<(Value, &'a str)>,
    /// The local days of the window, in time order.
    pub days: Vec<Day<'a>>,
    /// How a height reads in the page's language and unit, such as `6.43 m` or `6,43 m`.
    pub height: &'a dyn Fn(Value) -> String,
    /// The picture's name.
    pub title: &'a str,
    /// The picture in words.
    pub desc: &'a str,
    /// Lines above the picture that say what it shows and when, for one that leaves its page; broken where they are too long.
    pub note: Option<&'a str>,
}

/// Between two charts that stand under one another, in CSS pixels.
const BETWEEN: u32 = 14;

/// One picture of charts under one another, each of the same `size` and from its own [`lane`](LevelChart::lane).
pub(crate) fn stacked(id: &str, size: (u32, u32), (title, desc): (&str, &str), lanes: &[String]) -> String {
    let placed = (0_u32..).zip(lanes).map(|(i, lane)| match i {
        0 => lane.clone(),
        _ => format!(r#"<g transform="translate(0 {})">{lane}</g>"#, i * (size.1 + BETWEEN) * 10),
    });
    let height = (size.1 + BETWEEN) * u32::try_from(lanes.len()).unwrap_or(1);
    let look = Frame { id, class: "rw", size: (size.0, height), title, desc, minute: None };
    frame(&look, Form::Inline, &placed.collect::<String>())
}

/// A threshold on the chart.
pub struct Line<'a> {
    /// Its step in the station's scheme, 1 to 4; the colour follows from it.
    pub rank: Rank,
    /// Its name, in the page's language.
    pub label: &'a str,
    /// Its level.
    pub value: Value,
}

/// A local day on the chart.
pub struct Day<'a> {
    /// Its midnight.
    pub start: Timestamp,
    /// The next midnight; 23 to 25 hours later.
    pub end: Timestamp,
    /// The short weekday, in the page's language.
    pub label: &'a str,
}

impl LevelChart<'_> {
    /// The chart for a page that carries [`style::CSS`]; none when there is neither a level nor a threshold to draw.
    pub fn svg(&self) -> Option<String> {
        self.picture(Form::Inline)
    }

    /// The chart as a document of its own, with its style, light and dark; for `<img>`, downloads and share previews.
    pub fn standalone(&self) -> Option<String> {
        self.picture(Form::Standalone)
    }

    /// Draws the chart onto a bitmap, its upper left corner at `at` and each of its pixels as `scale` of the bitmap's; false
    /// when there is neither a level nor a threshold to draw.
    pub(crate) fn onto(&self, canvas: &mut Canvas, at: (f64, f64), scale: f64) -> bool {
        draw::onto(self, Plate::new(canvas, at, scale)).is_some()
    }

    /// The chart in letters of one width, at most 60 a line: eight lines, below them the days, and where *now* is. None when
    /// there is nothing to draw.
    pub(crate) fn text(&self) -> Vec<String> {
        text::chart(self)
    }

    /// How wide the words at its right edge are, in tenths of a pixel; charts that stand under one another take the widest.
    pub(crate) fn column(&self) -> Option<i32> {
        draw::column(self)
    }

    /// Its elements alone, with so much room at the right edge: a lane of [`stacked`].
    pub(crate) fn lane(&self, column: i32) -> Option<String> {
        draw::chart(self, Some(column)).map(|(body, _)| body)
    }

    fn picture(&self, form: Form) -> Option<String> {
        let (body, plot) = draw::chart(self, None)?;
        let minute = Some(60.0 * f64::from(plot) / self.until.duration_since(self.from).as_secs_f64());
        let look = Frame { id: self.id, class: "rw", size: self.size, title: self.title, desc: self.desc, minute };
        Some(frame(&look, form, &body))
    }

    fn shown(&self, (at, _): &Sample) -> bool {
        (self.from..=self.until).contains(at)
    }

    /// Of samples in time order those that are shown.
    fn within<'s>(&self, samples: &'s [Sample]) -> &'s [Sample] {
        let samples = &samples[samples.partition_point(|(at, _)| *at < self.from)..];
        &samples[..samples.partition_point(|(at, _)| *at <= self.until)]
    }
}
