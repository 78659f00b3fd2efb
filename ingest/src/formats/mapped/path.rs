//! Where something stands in JSON. `a.b` is the key `b` within that of `a`, `[0]` the first element of an array; a key in
//! single quotes may have dots and brackets in it. The path of the rows has `[]` for each element of an array and `{}` for
//! each value of an object. A field's path begins at its row, and each `^` before it goes out to the element of the `[]` or
//! `{}` around, at last to the document. `$key` is the key under which a value of `{}` stands, `$value` the row itself.

use std::fmt;

/// The path from the document to its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    pub(super) steps: Vec<Step>,
}

/// The path from a row to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    text: String,
    /// How many levels out of the row it begins.
    pub(super) up: usize,
    pub(super) to: To,
}

/// What a field's path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum To {
    /// The key of the level itself.
    Key,
    /// What the steps lead to; without any, the level itself.
    Steps(Vec<Step>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    At(usize),
    Each,
    Members,
}

impl Rows {
    /// The document itself is the one row.
    pub const DOCUMENT: Self = Self { steps: Vec::new() };

    /// Reads a path such as `stations[].readings[]`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn named(text: &str) -> Result<Self, String> {
        steps(text).map(|steps| Self { steps }).map_err(|error| format!("`{text}` is not a path to rows: {error}"))
    }

    /// How many levels there are around a row: the most that a field's path can go out.
    pub fn levels(&self) -> usize {
        let opened = self.steps.iter().filter(|step| matches!(step, Step::Each | Step::Members)).count();
        opened + usize::from(self.ends_within())
    }

    /// Whether the rows stand within the elements of the last `[]` or `{}`, and are not these themselves.
    pub(super) fn ends_within(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Key(_) | Step::At(_)))
    }

    /// How a document must begin.
    pub(super) fn bracket(&self) -> char {
        if matches!(self.steps.first(), Some(Step::Each | Step::At(_))) { '[' } else { '{' }
    }
}

impl Path {
    /// Reads a path such as `value`, `position.height`, `[1]`, `^station`, `$key`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn named(text: &str) -> Result<Self, String> {
        let refuse = |error| format!("`{text}` is not a path to a field: {error}");
        let path = text.trim_start_matches('^');
        let to = match path {
            "$key" => To::Key,
            "$value" => To::Steps(Vec::new()),
            _ => To::Steps(steps(path).map_err(refuse)?),
        };
        if matches!(&to, To::Steps(steps) if steps.iter().any(|step| matches!(step, Step::Each | Step::Members))) {
            return Err(refuse("a row has one of each field, and `[]` and `{}` are many".into()));
        }
        Ok(Self { text: text.to_owned(), up: text.len() - path.len(), to })
    }

    /// How many levels out of its row it begins.
    pub fn up(&self) -> usize {
        self.up
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn steps(text: &str) -> Result<Vec<Step>, String> {
    let (mut steps, mut rest) = (Vec::new(), text);
    if rest.is_empty() {
        return Err("nothing is named".into());
    }
    while !rest.is_empty() {
        let (step, after) = match rest.as_bytes() {
            [b'[', b']', ..] => (Step::Each, &rest[2..]),
            [b'{', b'}', ..] => (Step::Members, &rest[2..]),
            [b'[', ..] => at(rest)?,
            [b'.', ..] if !steps.is_empty() => key(&rest[1..])?,
            _ if steps.is_empty() => key(rest)?,
            _ => return Err(format!("`{rest}`: expected `.`, `[` or `{{}}` before it")),
        };
        steps.push(step);
        rest = after;
    }
    Ok(steps)
}

fn at(text: &str) -> Result<(Step, &str), String> {
    let read = || {
        let (number, after) = text.strip_prefix('[')?.split_once(']')?;
        Some((Step::At(number.parse().ok()?), after))
    };
    read().ok_or_else(|| format!("`{text}`: expected `[]` or a number counted from 0, such as `[0]`"))
}

fn key(text: &str) -> Result<(Step, &str), String> {
    let (key, after) = match text.strip_prefix('\'') {
        Some(quoted) => quoted.split_once('\'').ok_or_else(|| format!("`{text}`: a quote that is not closed"))?,
        None => text.split_at(text.find(['.', '[', '{']).unwrap_or(text.len())),
    };
    if key.is_empty() || (!text.starts_with('\'') && key.contains(['^', ']', '}', '\''])) {
        return Err(format!("`{text}`: expected a key, in single quotes if it has signs of a path in it"));
    }
    Ok((Step::Key(key.to_owned()), after))
}
