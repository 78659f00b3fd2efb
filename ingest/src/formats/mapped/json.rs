//! JSON: the layout of a document, and its reader. What is around a row is read once for all its rows.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Mapping;
use super::gather::{Found, Gathering};
use super::path::{Path, Rows, Step, To};
use crate::formats::document::{Document, LineCounter, clip, shorten};
use crate::formats::{Format, NotThisFormat, Parsed, json};

/// The form of a JSON document.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonLayout {
    /// Where the rows stand.
    pub rows: Rows,
    /// What their fields mean. No path goes out farther than there are [levels](Rows::levels).
    pub mapping: Mapping<Path>,
}

/// Reads a document. No rows is a sound reply without data.
pub(in crate::formats) fn parse(format: &Format, layout: &JsonLayout, bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(format, bytes)?;
    let root: &RawValue = json::document(&document, layout.rows.bracket())?;
    let mut reader = Reader {
        document: &document,
        lines: LineCounter::new(document.text()),
        ends_within: layout.rows.ends_within(),
        levels: vec![Level::new(None, root)],
        gathering: Gathering::new(&layout.mapping),
    };
    reader.walk(&layout.rows.steps, root).map_err(|Lost { at, reason }| document.refuse(at, reason))?;
    Ok(reader.gathering.into_parsed())
}

/// Where the path to the rows leads nowhere, and why.
struct Lost {
    at: usize,
    reason: String,
}

struct Reader<'d, 'm> {
    document: &'d Document<'d>,
    lines: LineCounter<'d>,
    ends_within: bool,
    /// The document and the elements around what is at hand, the outermost first.
    levels: Vec<Level<'d>>,
    gathering: Gathering<'m, Path>,
}

impl<'d> Reader<'d, '_> {
    /// Reads every row that the steps lead to. Null where there could be rows is no rows.
    fn walk(&mut self, steps: &[Step], value: &'d RawValue) -> Result<(), Lost> {
        let Some((step, rest)) = steps.split_first() else {
            self.row(value);
            return Ok(());
        };
        if value.get() == "null" {
            return Ok(());
        }
        let lost = |reason: String| Lost { at: self.document.offset_of(value.get()), reason };
        let found = Node::of(value).map_err(lost)?;
        match (step, found) {
            (Step::Each, Node::Array(elements)) => {
                for element in elements {
                    self.element(None, element, rest);
                }
            }
            (Step::Members, Node::Object(members)) => {
                for (key, member) in members {
                    self.element(Some(key), member, rest);
                }
            }
            (Step::Key(_) | Step::At(_), node) => match node.step(step).map_err(lost)? {
                Some(next) => self.walk(rest, next)?,
                None => return Err(lost(format!("no {} in `{}`", step.name(), shorten(value.get(), 120)))),
            },
            (Step::Each, _) => return Err(lost(format!("`{}`, expected an array", clip(value.get())))),
            (Step::Members, _) => return Err(lost(format!("`{}`, expected an object", clip(value.get())))),
        }
        Ok(())
    }

    /// Reads what is in one of many; what is wrong with it takes nothing from the others.
    fn element(&mut self, key: Option<Cow<'d, str>>, value: &'d RawValue, rest: &[Step]) {
        self.levels.push(Level::new(key, value));
        if let Err(Lost { at, reason }) = self.walk(rest, value) {
            self.gathering.reject(self.lines.line_at(at), reason);
        }
        self.levels.pop();
    }

    fn row(&mut self, value: &'d RawValue) {
        if self.ends_within {
            self.levels.push(Level::new(None, value));
        }
        let line = self.lines.line_at(self.document.offset_of(value.get()));
        let levels = &self.levels;
        self.gathering.row(line, |path| field(levels, path));
        if self.ends_within {
            self.levels.pop();
        }
    }
}

/// One of the values around a row, or the row itself.
struct Level<'d> {
    /// Under which it stands in an object.
    key: Option<Cow<'d, str>>,
    value: &'d RawValue,
    node: OnceCell<Result<Node<'d>, String>>,
}

impl<'d> Level<'d> {
    fn new(key: Option<Cow<'d, str>>, value: &'d RawValue) -> Self {
        Self { key, value, node: OnceCell::new() }
    }
}

/// Follows a field's path from its level.
fn field<'a>(levels: &'a [Level<'_>], path: &Path) -> Found<'a> {
    let Some(level) = levels.iter().rev().nth(path.up) else { return Ok(None) };
    let steps = match &path.to {
        To::Key => return Ok(level.key.as_deref().map(Cow::Borrowed)),
        To::Steps(steps) => steps,
    };
    let Some((first, rest)) = steps.split_first() else { return scalar(level.value) };
    let node = level.node.get_or_init(|| Node::of(level.value)).as_ref().map_err(String::clone)?;
    let mut value = node.step(first)?;
    for step in rest {
        match value {
            Some(within) => value = Node::of(within)?.step(step)?,
            None => return Ok(None),
        }
    }
    value.map_or(Ok(None), scalar)
}

/// A value of JSON as far as a step needs it.
enum Node<'d> {
    Object(Vec<(Cow<'d, str>, &'d RawValue)>),
    Array(Vec<&'d RawValue>),
    Single(&'d RawValue),
}

impl<'d> Node<'d> {
    fn of(value: &'d RawValue) -> Result<Self, String> {
        match value.get().as_bytes().first() {
            Some(b'{') => json::part(value).map(|Members(members)| Self::Object(members)),
            Some(b'[') => json::part(value).map(Self::Array),
            _ => Ok(Self::Single(value)),
        }
    }

    /// What a key or a number leads to. Within null everything is null.
    fn step(&self, step: &Step) -> Result<Option<&'d RawValue>, String> {
        match (self, step) {
            (Self::Object(members), Step::Key(key)) => {
                let mut found = members.iter().filter(|(name, _)| name == key);
                match (found.next(), found.next()) {
                    (Some(_), Some(_)) => Err(format!("two keys `{}`", clip(key))),
                    (found, _) => Ok(found.map(|(_, value)| *value)),
                }
            }
            (Self::Array(elements), Step::At(number)) => Ok(elements.get(*number).copied()),
            (Self::Single(value), _) if value.get() == "null" => Ok(Some(value)),
            _ => Err(format!("{}, expected {} with {}", self.name(), step.whole(), step.name())),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Object(_) => "an object".into(),
            Self::Array(_) => "an array".into(),
            Self::Single(value) => format!("`{}`", clip(value.get())),
        }
    }
}

impl Step {
    /// What one finds by it.
    fn name(&self) -> String {
        match self {
            Self::Key(key) => format!("`{key}`"),
            Self::At(number) => format!("element [{number}]"),
            Self::Each => "elements".into(),
            Self::Members => "members".into(),
        }
    }

    /// What it is a step into.
    fn whole(&self) -> &'static str {
        if matches!(self, Self::Key(_) | Self::Members) { "an object" } else { "an array" }
    }
}

/// The text of a string, the digits of a number, and nothing for null.
fn scalar(value: &RawValue) -> Found<'_> {
    match value.get() {
        "null" => Ok(Some(Cow::Borrowed(""))),
        text if text.starts_with('"') => json::part(value).map(|Text(text)| Some(text)),
        text if text.starts_with(['{', '[']) => Err(format!("`{}`, expected a text or a number", clip(text))),
        text => Ok(Some(Cow::Borrowed(text))),
    }
}

/// A string, borrowed where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object in its order, also those of one name.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((Text(key), value)) = map.next_entry()? {
            members.push((key, value));
        }
        Ok(Members(members))
    }
}
