//! Room for words: how wide they are likely to be, where they break, and how labels that would touch slide apart.
//! Lengths are tenths of a pixel.

/// How wide `text` is likely to be in a phone's sans serif of this type size. The shares of the type size are those of
/// Arial and Roboto, rounded up; nobody measures text on a server, so places for words are kept a little generous.
pub(crate) fn text_width(text: &str, size: i32) -> i32 {
    let shares: i32 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '’' | '|' | '!' | '·' => 28,
            'f' | 't' | 'r' | ' ' | '\u{a0}' | '\u{202f}' | '-' | '(' | ')' | '/' => 36,
            'm' | 'w' | 'M' | 'W' | '—' | '…' | '%' => 90,
            c if c.is_uppercase() => 70,
            _ => 58,
        })
        .sum();
    shares * size / 100
}

/// `text` in at most `lines` lines of at most `width`, broken between words; what does not fit ends in an ellipsis.
pub(crate) fn wrap(text: &str, size: i32, width: i32, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    // Words part at plain spaces only: a no-break space keeps a number with its unit.
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let full = wrapped.len() == lines;
        match wrapped.last_mut() {
            Some(line) if full || text_width(&format!("{line} {word}"), size) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => wrapped.push(word.to_owned()),
        }
    }
    wrapped.into_iter().map(|line| shorten(line, size, width)).collect()
}

/// `text` itself where it fits `width`, else as many of its words (or letters, of a single word) as fit before an ellipsis.
pub(super) fn shorten(mut text: String, size: i32, width: i32) -> String {
    if text_width(&text, size) <= width {
        return text;
    }
    while !text.is_empty() && text_width(&text, size) + text_width("…", size) > width {
        let end = text.trim_end().rfind(' ').or_else(|| text.char_indices().last().map(|(last, _)| last));
        text.truncate(end.unwrap_or(0));
    }
    text.truncate(text.trim_end_matches([' ', ',', '·', '\u{a0}']).len());
    text.push('…');
    text
}

/// Where the middles of labels go that would like to be at `wanted` (rising) and are `heights` high: apart enough not to
/// touch, in the same order, inside `range` if they all fit there, and otherwise as near to their wish as can be (least
/// squares, by pooling neighbours that would touch).
pub(super) fn spread(wanted: &[i32], heights: &[i32], range: (i32, i32)) -> Vec<i32> {
    // Taking from each wish the room that the labels before it need turns "apart enough" into "not falling".
    let mut room = 0;
    let offsets: Vec<i32> = heights
        .iter()
        .enumerate()
        .map(|(i, height)| {
            room += if i == 0 { 0 } else { (heights[i - 1] + height + 1) / 2 };
            room
        })
        .collect();
    let mut pools: Vec<(i64, i64)> = Vec::new();
    for (wish, offset) in wanted.iter().zip(&offsets) {
        let mut pool = (i64::from(wish - offset), 1);
        while let Some(&(sum, count)) = pools.last()
            && sum * pool.1 >= pool.0 * count
        {
            pool = (pool.0 + sum, pool.1 + count);
            pools.pop();
        }
        pools.push(pool);
    }
    let half = |height: Option<&i32>| height.map_or(0, |height| (height + 1) / 2);
    let top = range.0 + half(heights.first());
    let bottom = (range.1 - half(heights.last()) - room).max(top);
    let middles = pools.iter().flat_map(|&(sum, count)| (0..count).map(move |_| sum.div_euclid(count)));
    #[allow(clippy::cast_possible_truncation, reason = "a mean of whole coordinates lies between them")]
    middles.zip(&offsets).map(|(middle, offset)| (middle as i32).clamp(top, bottom) + offset).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn labels_that_do_not_touch_stay() {
        assert_eq!(spread(&[100, 400, 900], &[130, 130, 260], (0, 2000)), [100, 400, 900]);
    }

    #[test]
    fn labels_that_touch_share_the_way() {
        assert_eq!(spread(&[500, 500], &[100, 100], (0, 2000)), [450, 550]);
        assert_eq!(spread(&[10, 20], &[100, 100], (0, 2000)), [50, 150]);
    }

    #[test]
    fn long_words_break_and_end_in_an_ellipsis() {
        let label = "L’eau atteint les maisons de la rue Waterloo et la promenade est fermée";
        assert_eq!(wrap(label, 140, 2160, 2), ["L’eau atteint les maisons de la", "rue Waterloo et la promenade…"]);
        assert_eq!(wrap("Avertissement", 140, 700, 2), ["Avertiss…"]);
        assert_eq!(wrap("Flood level", 140, 2160, 2), ["Flood level"]);
        assert_eq!(wrap("", 140, 2160, 2), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn spread_labels_never_touch_and_keep_their_order(
            mut wanted in prop::collection::vec(0..2000_i32, 1..12),
            height in prop::collection::vec(100..300_i32, 12),
        ) {
            wanted.sort_unstable();
            let heights = &height[..wanted.len()];
            let placed = spread(&wanted, heights, (0, 2000));
            for i in 1..placed.len() {
                prop_assert!(2 * (placed[i] - placed[i - 1]) >= heights[i] + heights[i - 1]);
            }
            if heights.iter().map(|height| height + 1).sum::<i32>() <= 2000 {
                prop_assert!(2 * placed[0] >= heights[0]);
                let last = placed.len() - 1;
                prop_assert!(2 * placed[last] + heights[last] <= 4000, "{placed:?} {heights:?}");
            }
        }

        #[test]
        fn wrapped_lines_fit(text in "[a-zé’ ]{0,80}", width in 300..3000_i32) {
            for line in wrap(&text, 140, width, 2) {
                prop_assert!(text_width(&line, 140) <= width, "{line}");
            }
        }
    }
}
