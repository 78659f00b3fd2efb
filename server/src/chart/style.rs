//! The looks of every picture: one small style sheet of classes over custom properties, light, dark, for forced colours
//! and for print, so that a page that carries it can use the same colours.

/// The style sheet, from `assets/chart.css`. Its custom properties are the page's palette:
/// `--ink --paper --muted --hair --card --water`, and from rank 1 to 4 `--l{n}` for its line and label.
pub const CSS: &str = include_str!("../../../assets/chart.css").trim_ascii();

/// The colours of the glyphs: `.c{n}` for each rank and `.cu` for *unknown*, with `--f` for the ground and `--o` on it.
const GLYPHS: &str = include_str!("../../../assets/glyph.css");

/// A colour of the light palette by its property, such as `--water`, as red, green and blue; for bitmaps.
pub(crate) fn colour(property: &str) -> (u8, u8, u8) {
    value(CSS, ":root", property)
}

/// A colour of the glyph of a class, such as `--f` of `c2`.
pub(crate) fn glyph_colour(class: &str, property: &str) -> (u8, u8, u8) {
    value(GLYPHS, &format!(".{class}"), property)
}

/// What the first rule for a selector says of a property; black where it says nothing, as CSS does.
fn value(css: &str, selector: &str, property: &str) -> (u8, u8, u8) {
    let rule = css.split('}').map(str::trim).find_map(|rule| rule.strip_prefix(selector)?.strip_prefix('{'));
    let said = rule
        .into_iter()
        .flat_map(|rule| rule.split(';'))
        .find_map(|one| one.strip_prefix(property)?.strip_prefix(":#"));
    let digits =
        said.map(
            |digits| if digits.len() == 3 { digits.chars().flat_map(|d| [d, d]).collect() } else { digits.to_owned() },
        );
    let number = digits.and_then(|digits| u32::from_str_radix(&digits, 16).ok()).unwrap_or(0);
    let [_, red, green, blue] = number.to_be_bytes();
    (red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_style_sheets() {
        assert_eq!(colour("--water"), (0x0b, 0x6a, 0xa2));
        assert_eq!(colour("--paper"), (0xff, 0xff, 0xff));
        assert_eq!(glyph_colour("c3", "--f"), (0xb3, 0x26, 0x1e));
        assert_eq!(glyph_colour("cu", "--o"), (0x33, 0x41, 0x4c));
        assert_eq!(colour("--none"), (0, 0, 0));
    }
}
