//! A station where there is no page: what its plain text adds to the numbers, and words for a text message.

use hydro::Station;

use crate::format::Reader;
use crate::lang::fill;
use crate::snapshot::StationNow;

/// The chart for a terminal, and when the forecast reaches each threshold; a blank line before each. Nothing where nothing
/// is known.
pub(crate) fn picture_and_crossings(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Vec<String> {
    let mut chart = crate::view::chart_text(reader, station, state);
    let texts = &reader.texts.station;
    let used = |letters: &[char]| chart.iter().any(|line| line.contains(letters));
    let measured = used(&['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']);
    let keys = [("█", measured, &texts.measured), ("░", used(&['░', '▒']), &texts.forecast)];
    let keys: Vec<String> =
        keys.into_iter().filter(|(_, used, _)| *used).map(|(key, _, word)| format!("{key} {word}")).collect();
    if !keys.is_empty() {
        chart.push(keys.join("  "));
    }
    let crossings = crossings(reader, station, state);
    [chart, crossings]
        .into_iter()
        .filter(|lines| !lines.is_empty())
        .flat_map(|lines| [vec![String::new()], lines])
        .flatten()
        .collect()
}

/// A table of the thresholds that the forecast reaches, each with its height and about when.
fn crossings(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Vec<String> {
    let (Some(set), Some(outlook)) = (&station.thresholds, &state.assessment.outlook) else { return Vec::new() };
    let rows: Vec<[String; 3]> = outlook
        .crossings
        .iter()
        .map(|crossing| {
            let name = fill(&reader.texts.station.crossing, &[("threshold", reader.threshold(station, crossing.rank))]);
            let height =
                set.height(crossing.rank).map(|height| reader.stated(height, station.parameter())).unwrap_or_default();
            [name, height, reader.about(crossing.valid)]
        })
        .collect();
    let widest = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (names, heights) = (widest(0), widest(1));
    rows.iter().map(|[name, height, when]| format!("{name:names$}  {height:>heights$}  {when}")).collect()
}

/// A text in the letters that text messages have (3GPP TS 23.038, section 6.2.1), so that 160 of them are one message: signs
/// in their plain forms, and letters that are not among them without their accents.
pub(crate) fn message(text: &str) -> String {
    let mut message = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\u{a0}' | '\u{202f}' => message.push(' '),
            '’' | '‘' => message.push('\''),
            '“' | '”' | '«' | '»' => message.push('"'),
            '\u{2212}' | '\u{2010}'..='\u{2015}' | '·' => message.push('-'),
            '…' => message.push_str("..."),
            'œ' => message.push_str("oe"),
            'Œ' => message.push_str("OE"),
            'à' | 'é' | 'è' | 'ù' | 'ì' | 'ò' | 'ä' | 'ö' | 'ü' | 'ß' | 'å' | 'ø' | 'æ' | 'ñ' | 'É' | 'Ä' | 'Ö'
            | 'Ü' | 'Å' | 'Ø' | 'Æ' | 'Ñ' | 'Ç' => message.push(letter),
            // The search knows every letter without its accent, in lower case.
            letter if letter.is_alphabetic() && !letter.is_ascii() => {
                let plain = crate::view::list::plain(&letter.to_string());
                let plain = if letter.is_uppercase() { plain.to_uppercase() } else { plain };
                message.push_str(if plain.is_ascii() { &plain } else { "?" });
            }
            letter if letter.is_ascii() => message.push(letter),
            _ => message.push('?'),
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_letters_of_messages() {
        let sentence =
            "Saint-François : Avis. 4,81\u{a0}m, aujourd’hui à 4\u{a0}h\u{a0}15. Sommet prévu : \u{2212}0,5\u{a0}m…";
        assert_eq!(message(sentence), "Saint-Francois : Avis. 4,81 m, aujourd'hui à 4 h 15. Sommet prévu : -0,5 m...");
        assert_eq!(message("Île-à-l’Œuvre, Łódź 水"), "Ile-à-l'OEuvre, ?od? ?");
    }
}
