//! From an agency's name in capitals to a name for readers, as a proposal: `ST. FRANCIS RIVER AT OUTLET OF GLASIER LAKE` is
//! the St. Francis River and a place at it, Outlet of Glasier Lake. A person has the last word.

use super::list::folded;

/// Words between the river and the place, and whether they are a part of the place's name.
const BETWEEN: [(&str, bool); 8] = [
    (" at ", false),
    (" à ", false),
    (" near ", true),
    (" nr ", true),
    (" above ", true),
    (" below ", true),
    (" upstream of ", true),
    (" downstream of ", true),
];

/// Words that are not capitalised within a name.
const SMALL: [&str; 22] = [
    "at", "of", "the", "near", "above", "below", "and", "in", "on", "to", "du", "de", "des", "la", "le", "les", "à",
    "au", "aux", "en", "sur", "et",
];

/// The river and the place of a name; the whole name is both where nothing parts them.
pub(super) fn parts(name: &str) -> (String, String) {
    let name = capitalised(name);
    let lower = name.to_lowercase();
    let found = BETWEEN.iter().filter_map(|(word, kept)| Some((lower.find(word)?, word.len(), *kept))).min();
    // Where lower case is longer than upper case in bytes, a place in the one is no place in the other.
    match found.filter(|_| lower.len() == name.len()) {
        Some((at, length, kept)) => {
            let place = name[if kept { at + 1 } else { at + length }..].trim();
            (name[..at].trim().to_owned(), first_upper(place))
        }
        None => (name.clone(), name),
    }
}

/// A name as an id: ASCII in lower case, with hyphens.
pub(super) fn id(name: &str) -> String {
    let plain = folded(name).replace('\'', "");
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// Words in capitals with their first letter alone in capitals; other words stay.
fn capitalised(name: &str) -> String {
    let words = name.split_whitespace().enumerate().map(|(i, word)| {
        let shouted = word.chars().filter(|c| c.is_alphabetic()).count() > 0 && !word.chars().any(char::is_lowercase);
        let lower = word.to_lowercase();
        match () {
            () if i > 0 && SMALL.contains(&lower.as_str()) => lower,
            // Such as 6B, NB), K2.
            () if !shouted || word.chars().any(|c| c.is_ascii_digit()) => word.to_owned(),
            () => lower.split('-').enumerate().map(|(j, part)| part_upper(part, j > 0)).collect::<Vec<_>>().join("-"),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A part of a word joined by hyphens: `ville` becomes `Ville`, `des` within `Bois-des-Filion` stays.
fn part_upper(part: &str, within: bool) -> String {
    if within && SMALL.contains(&part) { part.to_owned() } else { first_upper(part) }
}

fn first_upper(text: &str) -> String {
    let mut done = false;
    let upper = |c: char| {
        if done {
            c
        } else {
            done = c.is_alphanumeric();
            c.to_uppercase().next().unwrap_or(c)
        }
    };
    text.chars().map(upper).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_capitals_becomes_river_and_place() {
        for (name, river, place, id) in [
            (
                "ST. FRANCIS RIVER AT OUTLET OF GLASIER LAKE",
                "St. Francis River",
                "Outlet of Glasier Lake",
                "outlet-of-glasier-lake",
            ),
            ("BARTLETTS RIVER NEAR ST. ANTHONY", "Bartletts River", "Near St. Anthony", "near-st-anthony"),
            ("TORRENT RIVER AT BRISTOL'S POOL", "Torrent River", "Bristol's Pool", "bristols-pool"),
            ("MILLE-ÎLES À BOIS-DES-FILION", "Mille-Îles", "Bois-des-Filion", "bois-des-filion"),
            ("ANNAPOLIS RIVER at WILMOT", "Annapolis River", "Wilmot", "wilmot"),
            (
                "CREEK 2KM NORTH OF TIMMINS 6",
                "Creek 2KM North of Timmins 6",
                "Creek 2KM North of Timmins 6",
                "creek-2km-north-of-timmins-6",
            ),
            ("Saint-Hilaire", "Saint-Hilaire", "Saint-Hilaire", "saint-hilaire"),
            ("  ", "", "", ""),
        ] {
            assert_eq!(parts(name), (river.to_owned(), place.to_owned()));
            assert_eq!(super::id(place), id);
        }
    }
}
