//! The looks of every picture: one small style sheet of classes over custom properties, light, dark, for forced colours
//! and for print, so that a page that carries it can use the same colours.

/// The style sheet, from `assets/chart.css`. Its custom properties are the page's palette:
/// `--ink --paper --muted --hair --card --water`, and from rank 1 to 4 `--l{n}` for its line and label.
pub const CSS: &str = include_str!("../../../assets/chart.css").trim_ascii();

/// The style sheet in its light colours, written out: for renderers that know neither custom properties nor media
/// queries, as those that make bitmaps of a picture.
pub(super) fn light() -> String {
    let palette = CSS.split('}').next().unwrap_or_default().trim_start_matches(":root{");
    let rules: String = CSS.lines().filter(|line| !line.starts_with([':', '@'])).collect();
    palette
        .split(';')
        .filter_map(|property| property.split_once(':'))
        .fold(rules, |rules, (name, colour)| rules.replace(&format!("var({name})"), colour))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_colours_are_written_out() {
        let light = light();
        assert!(light.contains(".rd{fill:#f4f7f9}") && light.contains(".r4{color:#4a0d3a}"));
        assert!(!light.contains("var(") && !light.contains('@'), "{light}");
    }
}
