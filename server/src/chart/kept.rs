//! A picture that is kept, on a page left open for one, says so by itself: an animation of SVG (SMIL, `set`) that needs no
//! script and runs in an `<img>` too.

use super::draw::TYPE;
use super::labels::wrap;
use super::svg::escape;

/// The longest that a browser counts without fault, and longer than a page stays open: thirty days, in seconds.
const LONGEST: i64 = 30 * 86_400;

/// A picture standing alone which after so many seconds is covered by words, on most of its ground; `size` is its width and
/// height in CSS pixels. The seconds count from when it is loaded.
pub(crate) fn covered_after(picture: &str, size: (u32, u32), words: &str, seconds: i64) -> String {
    let Some(open) = picture.strip_suffix("</svg>") else { return picture.to_owned() };
    let (width, height) = (size.0.cast_signed() * 10, size.1.cast_signed() * 10);
    let lines = wrap(words, TYPE, width - 400, 6);
    let mut y = height / 2 - i32::try_from(lines.len()).unwrap_or(0) * 75;
    let mut text = String::new();
    for line in &lines {
        y += 150;
        text.push_str(&format!(r#"<text class="rs rc" x="{}" y="{y}">{}</text>"#, width / 2, escape(line)));
    }
    let seconds = seconds.clamp(1, LONGEST);
    format!(
        r#"{open}<g visibility="hidden"><set attributeName="visibility" to="visible" begin="{seconds}s"/><path class="ra" opacity=".9" d="m0 0h{width}v{height}h-{width}z"/>{text}</g></svg>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cover_lies_over_everything_and_waits() {
        let covered = covered_after("<svg><path/></svg>", (320, 240), "Too old & gone", 90);
        assert!(covered.starts_with("<svg><path/><g visibility=\"hidden\"><set "), "{covered}");
        assert!(covered.contains("begin=\"90s\"") && covered.contains("m0 0h3200v2400h-3200z"), "{covered}");
        assert!(covered.contains(">Too old &amp; gone</text></g></svg>"), "{covered}");
        assert!(covered_after("<svg></svg>", (320, 240), "x", -5).contains("begin=\"1s\""));
    }
}
