//! Reading a TOML document key by key, so that one run finds every fault of every file: a wrong value is reported where
//! it stands and the reading goes on. What a key means is not known here.
//!
//! A reader that asks for a key and gets `None` need not care why: either the key is absent, or its fault is already
//! reported and the configuration as a whole is refused.

use std::fmt::Display;
use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::context::{Context, Report, Spot};
use super::environment::variable;

/// A table that is being read. Keys that nobody asked for are faults once it is read.
#[derive(Debug)]
pub(super) struct Table<'a> {
    /// Its file.
    pub(super) context: Context<'a>,
    entries: Option<&'a DeTable<'a>>,
    /// Its head.
    pub(super) spot: Spot,
    path: Rc<str>,
    section: Option<String>,
    asked: Vec<&'a str>,
}

impl<'a> Table<'a> {
    /// Reads the document's top level.
    pub(super) fn top<T>(
        context: Context<'a>,
        document: &'a Spanned<DeTable<'a>>,
        read: impl FnOnce(&mut Table<'a>) -> T,
    ) -> T {
        let section = context.environment.map(|_| String::new());
        let entries = Some(document.get_ref());
        Table { context, entries, spot: Spot::File, path: Rc::from(""), section, asked: Vec::new() }.whole(read)
    }

    /// A key's value, from the environment or from the file.
    pub(super) fn find(&mut self, key: &'a str) -> Option<Field<'a>> {
        self.ask(key);
        let (context, within, section) = (self.context, Rc::clone(&self.path), self.section_of(key));
        if let (Some(environment), Some(name)) = (context.environment, &section)
            && let Some(text) = environment.get(name)
        {
            let spot = Spot::Variable(name.clone());
            return Some(Field {
                context,
                within,
                key,
                section,
                spot: spot.clone(),
                entry: spot,
                content: Content::Text(text),
            });
        }
        self.written(key)
    }

    /// A key's value from the file alone: what stands in arrays cannot come from the environment.
    fn written(&mut self, key: &'a str) -> Option<Field<'a>> {
        self.ask(key);
        let (context, within, section) = (self.context, Rc::clone(&self.path), self.section_of(key));
        let (written, value) = self.entries?.get_key_value(key)?;
        let entry = Spot::Span(written.span().start..value.span().end.max(written.span().end));
        let spot = Spot::Span(value.span());
        Some(Field { context, within, key, section, spot, entry, content: Content::Toml(value.get_ref()) })
    }

    /// The value of a key that must be there.
    pub(super) fn need(&mut self, key: &'a str) -> Option<Field<'a>> {
        let found = self.find(key);
        if found.is_none() {
            let within = if self.path.is_empty() { String::new() } else { format!(" in `{}`", self.path) };
            self.context.fault(&self.spot, format!("missing key `{key}`{within}"));
        }
        found
    }

    /// Reads a table within this one; an absent one is read as an empty one.
    pub(super) fn section<T>(&mut self, key: &'a str, read: impl FnOnce(&mut Table<'a>) -> T) -> Option<T> {
        if let Some(field) = self.find(key) {
            return field.table(read);
        }
        let (path, section, spot) = (path_of(&self.path, key).into(), self.section_of(key), self.spot.clone());
        Some(Table { context: self.context, entries: None, spot, path, section, asked: Vec::new() }.whole(read))
    }

    /// Reads each table of an array of tables; an absent array is an empty one.
    pub(super) fn each<T>(&mut self, key: &'a str, mut read: impl FnMut(&mut Table<'a>) -> Option<T>) -> Vec<T> {
        let Some(field) = self.written(key) else { return Vec::new() };
        let Content::Toml(DeValue::Array(items)) = field.content else {
            return field.expected(&format!("an array of tables [[{}]]", field.path())).unwrap_or_default();
        };
        items.iter().filter_map(|item| field.item(item).table(&mut read)?).collect()
    }

    /// Its keys, in the order of the file.
    pub(super) fn keys(&self) -> Vec<&'a str> {
        let mut keys: Vec<_> = self.entries.into_iter().flat_map(DeTable::keys).collect();
        keys.sort_by_key(|key| key.span().start);
        keys.into_iter().map(|key| &**key.get_ref()).collect()
    }

    fn ask(&mut self, key: &'a str) {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
    }

    fn section_of(&self, key: &str) -> Option<String> {
        self.section.as_deref().map(|section| variable(section, key))
    }

    fn whole<T>(mut self, read: impl FnOnce(&mut Table<'a>) -> T) -> T {
        let result = read(&mut self);
        for (key, _) in self.entries.into_iter().flatten() {
            let name = key.get_ref();
            if !self.asked.iter().any(|asked| *asked == name) {
                let expected = self.asked.join(", ");
                self.context.fault(&Spot::Span(key.span()), format!("unknown key `{name}`: expected {expected}"));
            }
        }
        result
    }
}

/// The value of a key.
#[derive(Debug, Clone)]
pub(super) struct Field<'a> {
    context: Context<'a>,
    /// The table's path and the key in it, which only faults put together.
    within: Rc<str>,
    key: &'a str,
    section: Option<String>,
    /// Where the value stands.
    pub(super) spot: Spot,
    /// Where key and value stand.
    pub(super) entry: Spot,
    content: Content<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Content<'a> {
    Toml(&'a DeValue<'a>),
    Text(&'a str),
}

impl<'a> Field<'a> {
    /// A text with something in it.
    pub(super) fn text(&self) -> Option<&'a str> {
        let text = match self.content {
            Content::Toml(DeValue::String(text)) => text,
            Content::Toml(_) => return self.expected("a text in quotes"),
            Content::Text(text) => text,
        };
        if text.trim().is_empty() { self.refuse("the text is empty") } else { Some(text) }
    }

    /// A text that is read into something else.
    pub(super) fn parsed<T, E: Display>(&self, read: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        read(self.text()?).map_err(|error| self.context.fault(&self.spot, error)).ok()
    }

    /// A decimal number as it was written, whole or not.
    pub(super) fn numeral(&self) -> Option<String> {
        match self.content {
            Content::Toml(DeValue::Integer(number)) if number.radix() == 10 => Some(number.as_str().replace('_', "")),
            Content::Toml(DeValue::Float(number)) => Some(number.as_str().replace('_', "")),
            Content::Toml(_) => self.expected("a decimal number"),
            Content::Text(text) => Some(text.to_owned()),
        }
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self) -> Option<bool> {
        match self.content {
            Content::Toml(DeValue::Boolean(truth)) => Some(*truth),
            Content::Text("true") => Some(true),
            Content::Text("false") => Some(false),
            _ => self.expected("true or false"),
        }
    }

    /// A day without a time, such as `2023-02-27`.
    pub(super) fn date(&self) -> Option<jiff::civil::Date> {
        let written = match self.content {
            Content::Toml(DeValue::Datetime(date)) if date.time.is_none() => date.to_string(),
            Content::Text(text) => text.to_owned(),
            Content::Toml(_) => String::new(),
        };
        written.parse().ok().or_else(|| self.expected("a date without quotes, such as 2023-02-27"))
    }

    /// One of the words that stand for something.
    pub(super) fn one_of<T: Clone>(&self, words: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let known = words.iter().find(|(word, _)| *word == text);
        known.map(|(_, meaning)| meaning.clone()).or_else(|| {
            let expected: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.refuse(format!("unknown {} `{text}`: expected {}", self.key, expected.join(", ")))
        })
    }

    /// The elements of an array.
    pub(super) fn items(&self) -> Option<Vec<Field<'a>>> {
        let Content::Toml(DeValue::Array(items)) = self.content else { return self.expected("an array in brackets") };
        Some(items.iter().map(|item| self.item(item)).collect())
    }

    /// The elements of an array, which may be none; in the environment they stand in one text, apart by spaces.
    pub(super) fn list(&self) -> Option<Vec<Field<'a>>> {
        let Content::Text(text) = self.content else { return self.items() };
        let part = |text| Field { content: Content::Text(text), ..self.clone() };
        Some(text.split_whitespace().map(part).collect())
    }

    /// The elements of an array; of another value, itself, as an array of one may be written.
    pub(super) fn one_or_more(&self) -> Option<Vec<Field<'a>>> {
        match self.content {
            Content::Toml(DeValue::Array(items)) if items.is_empty() => self.refuse("nothing: expected at least one"),
            Content::Toml(DeValue::Array(_)) => self.items(),
            _ => Some(vec![self.clone()]),
        }
    }

    /// A text, or a number as it was written.
    pub(super) fn word(&self) -> Option<String> {
        if self.is_number() { self.numeral() } else { self.text().map(str::to_owned) }
    }

    /// Whether it is a number, for what may be a number or a name.
    pub(super) fn is_number(&self) -> bool {
        matches!(self.content, Content::Toml(DeValue::Integer(_) | DeValue::Float(_)))
    }

    fn item(&self, item: &'a Spanned<DeValue<'a>>) -> Field<'a> {
        let spot = Spot::Span(item.span());
        // The environment names no element of an array.
        let content = Content::Toml(item.get_ref());
        Field { section: None, entry: spot.clone(), spot, content, ..self.clone() }
    }

    /// Whether it is a table, for what may be written short or in full.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.content, Content::Toml(DeValue::Table(_)))
    }

    /// Reads a table.
    pub(super) fn table<T>(&self, read: impl FnOnce(&mut Table<'a>) -> T) -> Option<T> {
        let Content::Toml(DeValue::Table(entries)) = self.content else {
            return self.expected(&format!("a table [{}]", self.path()));
        };
        let (path, section, spot) = (self.path().into(), self.section.clone(), self.spot.clone());
        Some(
            Table { context: self.context, entries: Some(entries), spot, path, section, asked: Vec::new() }.whole(read),
        )
    }

    /// Reports that the value is not what it should be.
    pub(super) fn refuse<T>(&self, message: impl Display) -> Option<T> {
        self.context.fault(&self.spot, message);
        None
    }

    /// Reports a fault of a part of the value.
    pub(super) fn refuse_at<T>(&self, spot: &Spot, message: impl Display) -> Option<T> {
        self.context.fault(spot, message);
        None
    }

    /// Reports that the value is of another type.
    pub(super) fn expected<T>(&self, what: &str) -> Option<T> {
        let found = match self.content {
            Content::Toml(value) => value.type_str().to_owned(),
            Content::Text(text) => format!("`{text}`"),
        };
        self.refuse(format!("expected {what}, found {found}"))
    }

    fn path(&self) -> String {
        path_of(&self.within, self.key)
    }

    /// File and line, for another place's message.
    pub(super) fn place(&self) -> String {
        self.context.place(&self.spot).to_string()
    }

    /// What all files share.
    pub(super) fn report(&self) -> &'a Report {
        self.context.report
    }
}

fn path_of(within: &str, key: &str) -> String {
    if within.is_empty() { key.to_owned() } else { format!("{within}.{key}") }
}
