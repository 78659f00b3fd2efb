//! The glyphs of the status: a staff gauge filling up, with no bar for normal and one more for each threshold reached;
//! *unknown* is a question mark on hatching. Also the keys of the chart's lines. The shape alone tells, so a glyph
//! survives black and white and sixteen pixels.

use hydro::Rank;

/// The glyphs that a page uses, to stand once anywhere before or after [`glyph`] uses them: an element without size, and
/// nothing at all where there are none.
pub fn sprite(ranks: &[Option<Rank>]) -> String {
    if ranks.is_empty() {
        return String::new();
    }
    let symbols: String = ranks.iter().map(|rank| rank.map_or_else(|| UNKNOWN.to_owned(), symbol)).collect();
    format!(r#"<svg class="gs" width="0" height="0" aria-hidden="true">{symbols}</svg>"#)
}

/// One glyph out of the [`sprite`]; none is *unknown*. It says nothing to those who hear the page: the word stands
/// beside it.
pub fn glyph(rank: Option<Rank>) -> String {
    let name = rank.map_or('u', |rank| char::from(b'0' + rank.get()));
    format!(r##"<svg class="g c{name}" viewBox="0 0 16 16" aria-hidden="true"><use href="#g{name}"/></svg>"##)
}

/// The same inside another picture: its left upper corner and its size there.
pub(crate) fn glyph_at(rank: Option<Rank>, (x, y): (f64, f64), size: u8) -> String {
    let place = format!(r#"svg x="{x:.0}" y="{y:.0}" width="{size}" height="{size}""#);
    glyph(rank).replacen("svg", &place, 1)
}

/// What a line or a mark on the chart means, for the legend beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The solid line.
    Measured,
    /// The dashed line.
    Forecast,
    /// The dotted line.
    Previous,
    /// The pale band.
    Band,
    /// The open diamonds.
    Doubtful,
}

/// A short sample of a line or mark, drawn with the chart's own classes.
pub fn key(key: Key) -> &'static str {
    match key {
        Key::Measured => {
            r#"<svg class="rw rz" viewBox="0 0 240 100" aria-hidden="true"><path class="ro" d="m11 50h218"/></svg>"#
        }
        Key::Forecast => {
            r#"<svg class="rw rz" viewBox="0 0 240 100" aria-hidden="true"><path class="rp" d="m0 50h240"/></svg>"#
        }
        Key::Previous => {
            r#"<svg class="rw rz" viewBox="0 0 240 100" aria-hidden="true"><path class="ri" d="m15 50h215"/></svg>"#
        }
        Key::Band => {
            r#"<svg class="rw rz" viewBox="0 0 240 100" aria-hidden="true"><path class="rb" d="m0 0h240v100h-240z"/></svg>"#
        }
        Key::Doubtful => {
            r#"<svg class="rw rz" viewBox="0 0 240 100" aria-hidden="true"><path class="rx" d="m95 50l25-25 25 25-25 25z"/></svg>"#
        }
    }
}

/// The same vessel and bars for a bitmap: the corner, width and height of each part, in sixteenths.
pub(crate) fn bars(rank: Rank) -> impl Iterator<Item = (u8, u8, u8, u8)> {
    let vessel = [(3, 2, 1, 13), (12, 2, 1, 13), (3, 14, 10, 1)];
    vessel.into_iter().chain((0..rank.get()).map(|n| (5, 11 - 3 * n, 6, 2)))
}

/// A vessel between two rails, and the bars that stand in it: rail, gap and bar fall on whole pixels at sixteen.
fn symbol(rank: Rank) -> String {
    let n = rank.get();
    let bars = ["M5 11h6v2h-6z", "M5 8h6v2h-6z", "M5 5h6v2h-6z", "M5 2h6v2h-6z"][..usize::from(n)].concat();
    format!(
        r#"<symbol id="g{n}" viewBox="0 0 16 16"><rect width="16" height="16" rx="3"/><path fill="currentColor" d="M3 2h1v12h8v-12h1v13h-10z{bars}"/></symbol>"#
    )
}

const UNKNOWN: &str = r#"<symbol id="gu" viewBox="0 0 16 16"><rect width="16" height="16" rx="3"/><path class="gh" d="M1 5L5 1M1 13L13 1M3 15L15 3M11 15L15 11"/><path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" d="M5.5 6a2.5 2.5 0 1 1 3.8 2.1c-.9.5-1.3 1-1.3 1.9M8 12.9v.1"/></symbol>"#;
