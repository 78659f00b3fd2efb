//! What is wrong with the configuration, and where: the file, the line, and a caret under the words. It does not decide
//! what is wrong.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// Of a line that is longer, only so many characters are shown.
const LONG: usize = 200;

/// One thing wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Fault {
    /// Where.
    #[serde(flatten)]
    pub(crate) place: Place,
    /// What was found and what was expected: lower case, no full stop.
    pub(crate) message: String,
}

/// Where a fault lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Place {
    /// In a file.
    Text {
        /// The file, as it was named.
        file: String,
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in characters.
        column: usize,
        /// The whole line.
        source_line: String,
        /// How many characters of the line are meant, at least 1.
        width: usize,
    },
    /// A file as a whole, such as one that cannot be read.
    File {
        /// The file, as it was named.
        file: String,
    },
    /// In the environment.
    Variable {
        /// The variable's name.
        variable: String,
    },
}

/// Everything wrong, in the order of files and places; the environment last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    /// Sorts faults by file and place.
    pub(crate) fn new(mut faults: Vec<Fault>) -> Self {
        faults.sort_by(|a, b| a.place.rank().cmp(&b.place.rank()));
        Self(faults)
    }
}

impl Place {
    /// The place in a file of a span of its bytes. A span over several lines is cut at the end of the first.
    pub(crate) fn of(file: &str, text: &str, span: &Range<usize>) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let source_line = text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
        let end = span.end.min(start + source_line.len());
        let meant = text.get(span.start..end).unwrap_or_default();
        Self::Text {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.get(start..).unwrap_or_default().chars().count() + 1,
            source_line: source_line.to_owned(),
            width: meant.chars().count().max(1),
        }
    }

    fn rank(&self) -> (bool, &str, usize, usize) {
        match self {
            Self::File { file } => (false, file, 0, 0),
            Self::Text { file, line, column, .. } => (false, file, *line, *column),
            Self::Variable { variable } => (true, variable, 0, 0),
        }
    }
}

impl fmt::Display for Place {
    /// As editors and terminals recognize it: `file:line:column`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file } => f.write_str(file),
            Self::Text { file, line, column, .. } => write!(f, "{file}:{line}:{column}"),
            Self::Variable { variable } => write!(f, "environment variable {variable}"),
        }
    }
}

impl fmt::Display for Fault {
    /// Place and message; in a file also the line, and a caret under what is meant.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        let Place::Text { line, column, source_line, width, .. } = &self.place else { return Ok(()) };
        // A line of a file that nobody wrote by hand may be as long as the file.
        let cut = if source_line.chars().count() > LONG { (column - 1).saturating_sub(LONG / 2) } else { 0 };
        let shown: String = source_line.chars().skip(cut).take(LONG).collect();
        // Tabs stay tabs, so that the caret stands under its word however wide they are shown.
        let blank: String = shown.chars().take(column - 1 - cut).map(|c| if c == '\t' { c } else { ' ' }).collect();
        write!(f, "\n{line:>5} | {shown}\n      | {blank}{}", "^".repeat((*width).min(LONG / 2)))
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { "\n" };
            write!(f, "{separator}{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, word: &str) -> String {
        let start = text.find(word).expect("the word");
        let place = Place::of("a.toml", text, &(start..start + word.len()));
        Fault { place, message: "no".into() }.to_string()
    }

    #[test]
    fn the_caret_stands_under_the_word() {
        assert_eq!(
            shown("a = 1\nnom = \"Léo\" # é", "# é"),
            "a.toml:2:13: no\n    2 | nom = \"Léo\" # é\n      |             ^^^"
        );
        assert_eq!(shown("\tx = 1\r\n", "x = 1\r\n"), "a.toml:1:2: no\n    1 | \tx = 1\n      | \t^^^^^");
        assert_eq!(shown("a\nb\nc", "b\nc"), "a.toml:2:1: no\n    2 | b\n      | ^");
    }

    #[test]
    fn a_place_at_the_very_end_is_shown() {
        let place = Place::of("a.toml", "a = \n", &(5..5));
        assert_eq!(Fault { place, message: "no".into() }.to_string(), "a.toml:2:1: no\n    2 | \n      | ^");
    }

    #[test]
    fn faults_are_in_order_and_the_environment_comes_last() {
        let at = |file: &str, start: usize| Place::of(file, "a\nb\nc", &(start..start + 1));
        let places = [
            Place::Variable { variable: "RIVERWATCH_X".into() },
            at("b.toml", 0),
            at("a.toml", 4),
            at("a.toml", 0),
            Place::File { file: "a.toml".into() },
        ];
        let faults = Faults::new(places.map(|place| Fault { place, message: "no".into() }).to_vec());
        let heads: Vec<String> = faults.0.iter().map(|f| f.to_string().lines().next().unwrap().to_owned()).collect();
        assert_eq!(
            heads,
            [
                "a.toml: no",
                "a.toml:1:1: no",
                "a.toml:3:1: no",
                "b.toml:1:1: no",
                "environment variable RIVERWATCH_X: no"
            ]
        );
    }
}
