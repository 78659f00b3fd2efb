//! Where things go on the shared picture: the words from the top down as on a station's card, the chart below.

use hydro::Rank;

use super::canvas::{Anchor, Canvas, Spot, Type, width};
use super::{PictureView, SIZE};
use crate::chart::glyph::bars;
use crate::chart::style::{colour, glyph_colour};
use crate::page::class;

/// From the edge to what is drawn.
const MARGIN: f64 = 48.0;
/// The strip of the status' colour along the left edge.
const STRIP: f64 = 16.0;
/// The tag of the status: its top, height, glyph, and the air around the glyph.
const TAG: (f64, f64, f64, f64) = (60.0, 68.0, 48.0, 10.0);
/// How many pixels one of the chart's is.
const SCALE: f64 = 1.75;
/// Where the chart begins.
const CHART: f64 = 342.0;

/// Draws the picture; `chart` draws at a place, in a size of its own pixels, each so many of the canvas.
pub(super) fn draw(view: &PictureView, chart: impl FnOnce(&mut Canvas, Spot, (u32, u32), f64)) -> Canvas {
    let mut canvas = Canvas::new(SIZE, colour("--paper"));
    let (right, bottom) = (f64::from(SIZE.0) - MARGIN, f64::from(SIZE.1));
    let room = right - MARGIN;
    canvas.block((0.0, 0.0), (STRIP, bottom), glyph_colour(&class(view.tag.rank), "--f"));
    let muted = Type { size: 28.0, bold: false, colour: colour("--muted") };
    let plain = Type { colour: colour("--ink"), ..muted };
    canvas.text(&view.site, muted, Anchor::Left, (MARGIN, 48.0));
    if let Some(words) = &view.demonstration {
        badge(&mut canvas, words, MARGIN + width(&view.site, muted) + 24.0);
    }
    let tag = draw_tag(&mut canvas, view, right);
    let name = Type { size: 60.0, bold: true, ..plain };
    fitted(&mut canvas, &view.name, name, room - tag - 24.0, (MARGIN, 120.0));
    canvas.text(&view.river, muted, Anchor::Left, (MARGIN, 162.0));
    headline(&mut canvas, view, plain, room);
    fitted(&mut canvas, &view.as_of, plain, room, (MARGIN, 286.0));
    fitted(&mut canvas, &view.ahead, plain, room, (MARGIN, 326.0));
    chart(&mut canvas, (MARGIN, CHART), (across(room / SCALE), across((bottom - CHART - 8.0) / SCALE)), SCALE);
    canvas
}

fn headline(canvas: &mut Canvas, view: &PictureView, plain: Type, room: f64) {
    let size = if view.trend.is_some() || view.headline.len() < 16 { 80.0 } else { 52.0 };
    let how = Type { size, bold: true, ..plain };
    fitted(canvas, &view.headline, how, room, (MARGIN, 244.0));
    if let Some(trend) = &view.trend {
        let start = width(&view.headline, how) + 28.0;
        fitted(canvas, trend, Type { size: 40.0, ..plain }, room - start, (MARGIN + start, 244.0));
    }
}

/// The word for a demonstration in the colours that its pages have for it.
fn badge(canvas: &mut Canvas, words: &str, left: f64) {
    let how = Type { size: 26.0, bold: true, colour: glyph_colour("c1", "--o") };
    let wide = width(words, how) + 24.0;
    canvas.card((left, 16.0), (wide, 42.0), 6.0, glyph_colour("c1", "--f"));
    canvas.text(words, how, Anchor::Left, (left + 12.0, 46.0));
}

/// The status as glyph and word on its colour; gives its width.
fn draw_tag(canvas: &mut Canvas, view: &PictureView, right: f64) -> f64 {
    let (top, height, size, air) = TAG;
    let class = class(view.tag.rank);
    let (ground, on) = (glyph_colour(&class, "--f"), glyph_colour(&class, "--o"));
    let how = Type { size: 38.0, bold: true, colour: on };
    let wide = size + width(&view.tag.word, how) + 4.0 * air;
    canvas.card((right - wide, top), (wide, height), 8.0, ground);
    draw_glyph(canvas, view.tag.rank, (right - wide + air, top + air), size / 16.0, on);
    canvas.text(&view.tag.word, how, Anchor::Left, (right - wide + size + 2.0 * air, top + 48.0));
    wide
}

/// The staff gauge with its bars, or the question mark; `unit` is a sixteenth of its size.
fn draw_glyph(canvas: &mut Canvas, rank: Option<Rank>, (x, y): Spot, unit: f64, on: (u8, u8, u8)) {
    let Some(rank) = rank else {
        let hatch = (0xcf, 0xd6, 0xdb);
        for [from, to] in [
            [(1.0, 5.0), (5.0, 1.0)],
            [(1.0, 13.0), (13.0, 1.0)],
            [(3.0, 15.0), (15.0, 3.0)],
            [(11.0, 15.0), (15.0, 11.0)],
        ] {
            let place = |(across, down): Spot| (x + across * unit, y + down * unit);
            canvas.line(&[place(from), place(to)], 2.5 * unit, hatch);
        }
        let how = Type { size: 15.0 * unit, bold: true, colour: on };
        canvas.text("?", how, Anchor::Middle, (x + 8.0 * unit, y + 13.2 * unit));
        return;
    };
    for (across, down, wide, high) in bars(rank) {
        let [across, down, wide, high] = [across, down, wide, high].map(|length| f64::from(length) * unit);
        canvas.block((x + across, y + down), (wide, high), on);
    }
}

/// Words that are set smaller until they fit, to a half at least, and are cut then.
fn fitted(canvas: &mut Canvas, words: &str, mut how: Type, room: f64, at: Spot) {
    let least = how.size / 2.0;
    while how.size > least && width(words, how) > room {
        how.size -= 1.0;
    }
    let mut cut = words.to_owned();
    while width(&cut, how) > room && !cut.is_empty() {
        let kept = cut.trim_end_matches('…').chars().count().saturating_sub(1);
        cut = cut.chars().take(kept).collect::<String>() + if kept > 0 { "…" } else { "" };
    }
    canvas.text(&cut, how, Anchor::Left, at);
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a length on the picture is positive and small"
)]
fn across(length: f64) -> u32 {
    length as u32
}
