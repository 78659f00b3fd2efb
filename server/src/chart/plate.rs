//! The chart's inks on a bitmap: what `assets/chart.css` says of each class, in the light colours and in lengths of the
//! canvas.

use plotters_backend::text_anchor::HPos;

use super::decimate::Spot;
use super::ink::Ink;
use super::style::colour;
use crate::picture::canvas::{Anchor, Canvas, Colour, Type, width};

/// A part of a bitmap that is drawn on in tenths of a chart's pixel.
pub(super) struct Plate<'a> {
    canvas: &'a mut Canvas,
    at: (f64, f64),
    tenth: f64,
}

/// How an ink looks.
struct Look {
    colour: Colour,
    /// How much it covers, where it fills.
    opacity: f64,
    /// The width of its lines in tenths of a pixel; none where it fills.
    line: Option<f64>,
}

fn look(ink: Ink) -> Look {
    let line = |property, width| Look { colour: colour(property), opacity: 1.0, line: Some(width) };
    let fill = |property, opacity| Look { colour: colour(property), opacity, line: None };
    match ink {
        Ink::Day => fill("--card", 1.0),
        Ink::Band => fill("--water", 0.2),
        Ink::Fill => fill("--water", 0.1),
        Ink::Dot | Ink::Water => fill("--water", 1.0),
        Ink::Observed | Ink::Forecast | Ink::Ring => line("--water", 22.0),
        Ink::Hair => line("--hair", 12.0),
        Ink::Doubtful | Ink::Staff | Ink::Previous => line("--muted", 12.0),
        Ink::Now | Ink::Mark => line("--ink", 16.0),
        Ink::Muted => fill("--muted", 1.0),
        Ink::Strong | Ink::Word => fill("--ink", 1.0),
        Ink::Line1 => line("--l1", 12.0),
        Ink::Line2 => line("--l2", 12.0),
        Ink::Line3 => line("--l3", 12.0),
        Ink::Line4 => line("--l4", 12.0),
        Ink::Rung1 => fill("--l1", 1.0),
        Ink::Rung2 => fill("--l2", 1.0),
        Ink::Rung3 => fill("--l3", 1.0),
        Ink::Rung4 => fill("--l4", 1.0),
    }
}

impl<'a> Plate<'a> {
    /// A part of `canvas` from `at` on, where a pixel of the chart is `scale` pixels.
    pub(super) fn new(canvas: &'a mut Canvas, at: (f64, f64), scale: f64) -> Self {
        Self { canvas, at, tenth: scale / 10.0 }
    }

    fn place(&self, (x, y): Spot) -> (f64, f64) {
        (self.at.0 + f64::from(x) * self.tenth, self.at.1 + f64::from(y) * self.tenth)
    }

    pub(super) fn line(&mut self, spots: &[Spot], closed: bool, ink: Ink) {
        let Look { colour, opacity, line } = look(ink);
        let mut spots: Vec<_> = spots.iter().map(|spot| self.place(*spot)).collect();
        let Some(width) = line.map(|width| width * self.tenth) else {
            self.canvas.fill(&spots, colour, opacity);
            return;
        };
        if closed {
            spots.extend(spots.first().copied());
        }
        if ink == Ink::Forecast {
            self.canvas.dashes(&spots, width, (55.0 * self.tenth, 35.0 * self.tenth), colour);
        } else {
            self.canvas.line(&spots, width, colour);
        }
    }

    pub(super) fn circle(&mut self, at: Spot, radius: u32, ink: Ink) {
        let Look { colour: edge, line, .. } = look(ink);
        let (at, radius) = (self.place(at), f64::from(radius) * self.tenth);
        let half = line.map_or(0.0, |width| width * self.tenth / 2.0);
        self.canvas.disc(at, radius + half, edge);
        if line.is_some() {
            self.canvas.disc(at, radius - half, colour("--paper"));
        }
    }

    pub(super) fn text(&mut self, words: &str, ink: Ink, size: f64, anchor: HPos, at: Spot) {
        let bold = matches!(ink, Ink::Strong | Ink::Rung1 | Ink::Rung2 | Ink::Rung3 | Ink::Rung4);
        let how = Type { size: size * self.tenth, bold, colour: look(ink).colour };
        let anchor = match anchor {
            HPos::Left => Anchor::Left,
            HPos::Center => Anchor::Middle,
            HPos::Right => Anchor::Right,
        };
        let (x, base) = self.place(at);
        if ink == Ink::Strong {
            // Words over lines stand out by an edge of paper.
            let halo = Type { colour: colour("--paper"), ..how };
            let by = 15.0 * self.tenth;
            for (across, down) in
                [(-1.0, -1.0), (0.0, -1.4), (1.0, -1.0), (-1.4, 0.0), (1.4, 0.0), (-1.0, 1.0), (0.0, 1.4), (1.0, 1.0)]
            {
                self.canvas.text(words, halo, anchor, (x + across * by, base + down * by));
            }
        }
        match words.strip_prefix('↑') {
            Some(words) => {
                self.arrow_up(how, (x, base));
                self.canvas.text(words, how, anchor, (x + width("M", how) * 0.75, base));
            }
            None => self.canvas.text(words, how, anchor, (x, base)),
        }
    }

    /// The sign before what lies above the chart, which the fonts do not have.
    fn arrow_up(&mut self, how: Type, (x, base): (f64, f64)) {
        let em = how.size;
        let (middle, top) = (x + 0.28 * em, base - 0.7 * em);
        for line in [
            [(middle, base), (middle, top)].as_slice(),
            &[(middle - 0.22 * em, top + 0.25 * em), (middle, top), (middle + 0.22 * em, top + 0.25 * em)],
        ] {
            self.canvas.line(line, 0.1 * em, how.colour);
        }
    }
}
