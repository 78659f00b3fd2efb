//! The inks of the pictures: a closed set, each one class of the style sheet. Plotters knows only colours, so an ink
//! travels through it as a colour whose red is the ink's number, and comes out of the sheet as a class name.

use hydro::Rank;
use plotters::style::Color;
use plotters_backend::BackendColor;

/// What a mark on a picture is, and so how it looks; the looks themselves stand in `assets/chart.css`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// A day's pale band.
    Day,
    /// A hairline: the scale where there are no thresholds, the hatching of an empty staff.
    Hair,
    /// Between the forecast's lower and upper bound.
    Band,
    /// The faint body of water below the measured line.
    Fill,
    /// The measured line.
    Observed,
    /// The forecast line, dashed.
    Forecast,
    /// A measurement in doubt: a small open mark.
    Doubtful,
    /// A measurement alone between two gaps.
    Dot,
    /// The present instant, and the present level on the ladder.
    Now,
    /// The forecast's peak.
    Ring,
    /// Words about the scale: days, heights.
    Muted,
    /// Words that matter: *now*, the peak's height.
    Strong,
    /// Plain words: the names on the ladder.
    Word,
    /// The outline and the marks of the staff, and leader lines.
    Staff,
    /// Water in the staff.
    Water,
    /// The line of the first threshold.
    Line1,
    /// The line of the second threshold.
    Line2,
    /// The line of the third threshold.
    Line3,
    /// The line of the fourth threshold.
    Line4,
    /// Words and rungs of the first threshold.
    Rung1,
    /// Words and rungs of the second threshold.
    Rung2,
    /// Words and rungs of the third threshold.
    Rung3,
    /// Words and rungs of the fourth threshold.
    Rung4,
    /// What the issue before forecast, dotted.
    Previous,
    /// The line of the reader's own mark.
    Mark,
}

/// The inks in the order of their numbers, with their classes. All begin with `r` so that a page keeps the other names.
const CLASSES: [(Ink, &str); 25] = [
    (Ink::Day, "rd"),
    (Ink::Hair, "rh"),
    (Ink::Band, "rb"),
    (Ink::Fill, "rf"),
    (Ink::Observed, "ro"),
    (Ink::Forecast, "rp"),
    (Ink::Doubtful, "rx"),
    (Ink::Dot, "rq"),
    (Ink::Now, "rn"),
    (Ink::Ring, "rr"),
    (Ink::Muted, "rm"),
    (Ink::Strong, "rs"),
    (Ink::Word, "rt"),
    (Ink::Staff, "rk"),
    (Ink::Water, "ru"),
    (Ink::Line1, "r1"),
    (Ink::Line2, "r2"),
    (Ink::Line3, "r3"),
    (Ink::Line4, "r4"),
    (Ink::Rung1, "r1 rg"),
    (Ink::Rung2, "r2 rg"),
    (Ink::Rung3, "r3 rg"),
    (Ink::Rung4, "r4 rg"),
    (Ink::Previous, "ri"),
    (Ink::Mark, "ry"),
];

impl Ink {
    /// The thin line of a threshold of this rank.
    pub(super) const fn line(rank: Rank) -> Self {
        match rank.get() {
            0 | 1 => Self::Line1,
            2 => Self::Line2,
            3 => Self::Line3,
            _ => Self::Line4,
        }
    }

    /// The words and the rung of a threshold of this rank.
    pub(super) const fn rung(rank: Rank) -> Self {
        match rank.get() {
            0 | 1 => Self::Rung1,
            2 => Self::Rung2,
            3 => Self::Rung3,
            _ => Self::Rung4,
        }
    }
}

impl Color for Ink {
    fn to_backend_color(&self) -> BackendColor {
        BackendColor { alpha: 1.0, rgb: (*self as u8, 0, 0) }
    }
}

/// The class of a colour that came through plotters; none for what is not to be seen (plotters draws the border of an
/// area in a transparent colour). A colour that never was an ink is set in plain words' ink.
pub(super) fn class(color: BackendColor) -> Option<&'static str> {
    (color.alpha > 0.0).then(|| CLASSES.get(usize::from(color.rgb.0)).map_or("rt", |(_, class)| *class))
}

/// The ink of a colour that came through plotters; plain words' ink for one that never was an ink.
pub(super) fn ink(color: BackendColor) -> Ink {
    CLASSES.get(usize::from(color.rgb.0)).map_or(Ink::Word, |(ink, _)| *ink)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ink_comes_back_as_its_own_class() {
        for (ink, name) in CLASSES {
            assert_eq!(class(ink.to_backend_color()), Some(name), "{ink:?}");
            assert_eq!(super::ink(ink.to_backend_color()), ink);
        }
        assert_eq!(class(BackendColor { alpha: 0.0, rgb: (0, 0, 0) }), None);
    }
}
