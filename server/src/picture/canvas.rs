//! A bitmap to draw on: plotters' own backend fills its shapes, twice as large as they will be seen, and half the size is
//! what is kept, so that every edge is smooth. Words are set in the fonts embedded here: nothing is asked of the machine.
//!
//! Lengths are pixels of the picture that is kept.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};
use plotters::prelude::BitMapBackend;
use plotters::style::RGBAColor;
use plotters_backend::{BackendColor, DrawingBackend};

use super::png;

/// A place: across and down.
pub(crate) type Spot = (f64, f64);
/// Red, green, blue.
pub(crate) type Colour = (u8, u8, u8);

/// How many pixels are drawn for each one that is kept, along each side.
const FINE: u32 = 2;

static REGULAR: LazyLock<FontRef<'static>> =
    LazyLock::new(|| font(include_bytes!("../../../assets/fonts/roboto-regular.ttf")));
static BOLD: LazyLock<FontRef<'static>> =
    LazyLock::new(|| font(include_bytes!("../../../assets/fonts/roboto-bold.ttf")));

fn font(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the embedded fonts are sound: a test sets words in them")
}

/// How words are set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Type {
    /// The height of the type.
    pub(crate) size: f64,
    pub(crate) bold: bool,
    pub(crate) colour: Colour,
}

/// Which part of a line of words stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Left,
    Middle,
    Right,
}

/// A bitmap under way.
pub(crate) struct Canvas {
    size: (u32, u32),
    pixels: Vec<u8>,
}

impl Canvas {
    /// A canvas of one colour.
    pub(crate) fn new((width, height): (u32, u32), ground: Colour) -> Self {
        let count = (width * FINE) as usize * (height * FINE) as usize;
        Self { size: (width, height), pixels: [ground.0, ground.1, ground.2].repeat(count) }
    }

    fn backend(&mut self) -> BitMapBackend<'_> {
        BitMapBackend::with_buffer(&mut self.pixels, (self.size.0 * FINE, self.size.1 * FINE))
    }

    /// Fills what a line encloses; `opacity` is between 0 and 1.
    pub(crate) fn fill(&mut self, outline: &[Spot], colour: Colour, opacity: f64) {
        if outline.len() < 3 {
            return;
        }
        // Drawing into memory does not fail.
        let _ = self.backend().fill_polygon(outline.iter().map(fine), &ink(colour, opacity));
    }

    /// Fills a rectangle from its upper left corner on.
    pub(crate) fn block(&mut self, (x, y): Spot, (width, height): (f64, f64), colour: Colour) {
        let _ = self.backend().draw_rect(fine(&(x, y)), fine(&(x + width, y + height)), &ink(colour, 1.0), true);
    }

    /// A rectangle with round corners.
    pub(crate) fn card(&mut self, (x, y): Spot, (width, height): (f64, f64), radius: f64, colour: Colour) {
        self.block((x + radius, y), (width - 2.0 * radius, height), colour);
        self.block((x, y + radius), (width, height - 2.0 * radius), colour);
        for (across, down) in [(radius, radius), (width - radius, radius)] {
            self.disc((x + across, y + down), radius, colour);
            self.disc((x + across, y + height - down), radius, colour);
        }
    }

    /// A filled circle.
    pub(crate) fn disc(&mut self, at: Spot, radius: f64, colour: Colour) {
        let radius = whole(radius * f64::from(FINE)).unsigned_abs();
        let _ = self.backend().draw_circle(fine(&at), radius, &ink(colour, 1.0), true);
    }

    /// A line with round joints and ends.
    pub(crate) fn line(&mut self, spots: &[Spot], width: f64, colour: Colour) {
        for pair in spots.windows(2) {
            self.stroke(pair[0], pair[1], width, colour);
        }
        for spot in spots {
            self.disc(*spot, width / 2.0, colour);
        }
    }

    /// A line of dashes: so long, and so far apart.
    pub(crate) fn dashes(&mut self, spots: &[Spot], width: f64, (dash, gap): (f64, f64), colour: Colour) {
        let mut gone = 0.0;
        for pair in spots.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            let along = |share: f64| (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            let mut here = 0.0;
            while here < length {
                let phase = (gone + here) % (dash + gap);
                let drawn = phase < dash;
                // At least a little further, whatever rounding makes of the phase.
                let rest = (if drawn { dash } else { dash + gap } - phase).max(0.01);
                let end = (here + rest).min(length);
                if drawn {
                    self.stroke(along(here / length), along(end / length), width, colour);
                }
                here = end;
            }
            gone += length;
        }
    }

    fn stroke(&mut self, from: Spot, to: Spot, width: f64, colour: Colour) {
        let (across, down) = (to.0 - from.0, to.1 - from.1);
        let length = across.hypot(down);
        if length > 0.0 {
            let (x, y) = (-down / length * width / 2.0, across / length * width / 2.0);
            let corners =
                [(from.0 + x, from.1 + y), (to.0 + x, to.1 + y), (to.0 - x, to.1 - y), (from.0 - x, from.1 - y)];
            self.fill(&corners, colour, 1.0);
        }
    }

    /// Words on their base line. Signs that the fonts lack are left out.
    pub(crate) fn text(&mut self, words: &str, how: Type, anchor: Anchor, (x, base): Spot) {
        let width = width(words, how);
        let start = match anchor {
            Anchor::Left => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::Right => x - width,
        };
        let colour = how.colour;
        let size = how.size * f64::from(FINE);
        let (font, scale) = (face(how), scale(face(how), size));
        let mut backend = self.backend();
        let mut at = start * f64::from(FINE);
        for (glyph, advance) in glyphs(words, how) {
            let place = point(single(at), single(base * f64::from(FINE)));
            if let Some(outline) = font.outline_glyph(glyph.with_scale_and_position(scale, place)) {
                let corner = outline.px_bounds().min;
                outline.draw(|across, down, cover| {
                    let spot =
                        (whole(f64::from(corner.x)) + as_spot(across), whole(f64::from(corner.y)) + as_spot(down));
                    let _ = backend.draw_pixel(spot, BackendColor { alpha: f64::from(cover), rgb: colour });
                });
            }
            at += advance * f64::from(FINE);
        }
    }

    /// The picture, half as large as it was drawn, as a file of PNG.
    pub(crate) fn png(&self) -> Vec<u8> {
        let row = (self.size.0 * FINE * 3) as usize;
        let mut kept = Vec::with_capacity(self.pixels.len() / (FINE * FINE) as usize);
        for pair in self.pixels.chunks_exact(row * FINE as usize) {
            let (upper, lower) = pair.split_at(row);
            for (upper, lower) in upper.chunks_exact(6).zip(lower.chunks_exact(6)) {
                for channel in 0..3 {
                    let four = [upper[channel], upper[channel + 3], lower[channel], lower[channel + 3]];
                    let mean = (four.iter().map(|&value| u16::from(value)).sum::<u16>() + 2) / 4;
                    kept.push(u8::try_from(mean).unwrap_or(u8::MAX));
                }
            }
        }
        png::encode(self.size, &kept)
    }
}

/// How wide a line of words will be.
pub(crate) fn width(words: &str, how: Type) -> f64 {
    glyphs(words, how).map(|(_, advance)| advance).sum()
}

fn face(how: Type) -> &'static FontRef<'static> {
    if how.bold { &BOLD } else { &REGULAR }
}

/// The shapes of a line of words, and how far each leads.
fn glyphs(words: &str, how: Type) -> impl Iterator<Item = (GlyphId, f64)> {
    let font = face(how);
    let scaled = font.as_scaled(scale(font, how.size));
    words
        .chars()
        .map(plain)
        .map(|letter| font.glyph_id(letter))
        .filter(|glyph| glyph.0 != 0)
        .map(move |glyph| (glyph, f64::from(scaled.h_advance(glyph))))
}

/// A letter as the fonts have it.
const fn plain(letter: char) -> char {
    match letter {
        '\u{202f}' | '\u{2009}' | '\t' => '\u{a0}',
        letter => letter,
    }
}

/// What the library calls scale: the height from the lowest to the highest letter of a type of this size.
fn scale(font: &FontRef<'_>, size: f64) -> PxScale {
    let units = font.units_per_em().unwrap_or(1000.0);
    PxScale::from(single(size) * font.height_unscaled() / units)
}

fn ink((red, green, blue): Colour, opacity: f64) -> RGBAColor {
    RGBAColor(red, green, blue, opacity)
}

fn fine(spot: &Spot) -> (i32, i32) {
    (whole(spot.0 * f64::from(FINE)), whole(spot.1 * f64::from(FINE)))
}

#[allow(clippy::cast_possible_truncation, reason = "a place on a canvas is a few thousand pixels from its corner")]
fn whole(length: f64) -> i32 {
    length.round() as i32
}

#[allow(clippy::cast_possible_truncation, reason = "a place on a canvas needs few digits")]
fn single(length: f64) -> f32 {
    length as f32
}

fn as_spot(pixels: u32) -> i32 {
    i32::try_from(pixels).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::languages;

    const TYPE: Type = Type { size: 20.0, bold: false, colour: (0, 0, 0) };

    #[test]
    fn the_fonts_have_every_letter_of_the_pictures() {
        for texts in languages() {
            let words = format!("{:?}", (&texts.picture, &texts.status, &texts.trend, &texts.calendar));
            for letter in words.chars().chain("0123456789\u{2212}\u{a0}\u{202f}·“”«»".chars()) {
                for how in [TYPE, Type { bold: true, ..TYPE }] {
                    assert_ne!(face(how).glyph_id(plain(letter)).0, 0, "{letter:?}");
                }
            }
        }
    }

    #[test]
    fn words_stand_where_they_are_put_and_are_as_wide_as_told() {
        let mut canvas = Canvas::new((200, 60), (255, 255, 255));
        canvas.text("HIH", TYPE, Anchor::Right, (150.0, 40.0));
        let dark = |x: u32, y: u32| canvas.pixels[((y * 400 + x) * 3) as usize] < 128;
        let columns: Vec<u32> = (0..400).filter(|&x| (0..120).any(|y| dark(x, y))).collect();
        let rows: Vec<u32> = (0..120).filter(|&y| (0..400).any(|x| dark(x, y))).collect();
        let left = 300.0 - 2.0 * width("HIH", TYPE);
        assert!((f64::from(columns[0]) - left).abs() < 6.0 && columns.iter().all(|x| *x < 300), "{columns:?}");
        // Capitals of this font are 0.71 of its size.
        assert!((50..=53).contains(&rows[0]) && rows.last() == Some(&79), "{rows:?}");
    }

    #[test]
    fn dashes_cover_their_share_of_a_line() {
        let mut canvas = Canvas::new((100, 10), (255, 255, 255));
        canvas.dashes(&[(0.0, 5.0), (30.0, 5.0), (100.0, 5.0)], 2.0, (6.0, 4.0), (0, 0, 0));
        let dark = (0..200).filter(|x| canvas.pixels[(10 * 200 + x) * 3] < 128).count();
        assert!((110..=130).contains(&dark), "{dark} of 200");
    }
}
