//! XML as the formats here need it: elements with their joined text, and the checks that an event reader leaves to its
//! user. Without them a truncated document, a web page and two documents back to back all read as a sound empty feed.
//! No DTD, hence no entities but the five of XML itself; names are taken without their namespace prefix.

mod markup;

use std::borrow::Cow;

use memchr::memchr2;
use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, Event};
use quick_xml::name::QName;
use store::Breath;

use self::markup::Markup;
use super::NotThisFormat;
use super::document::{Document, clip, shorten};

/// Deeper documents are not data: the formats here need four.
const MAX_DEPTH: usize = 64;

/// A document's elements, in its order.
pub(super) struct Elements<'d> {
    document: &'d Document<'d>,
    /// Where what has not been read yet begins.
    offset: usize,
    breath: Breath,
    root: &'static str,
    seen_root: bool,
    /// The elements that are open.
    open: Vec<Name<'d>>,
    /// The innermost of them is closed by its own tag.
    is_empty: bool,
    content: String,
}

/// A name as written, and without its prefix.
#[derive(Clone, Copy)]
struct Name<'d> {
    whole: &'d str,
    local: &'d str,
}

/// An element opens or closes; an empty one does both. The root's depth is 1.
pub(super) enum Node<'d> {
    /// `<name …>`.
    Open(Tag<'d>),
    /// `</name>`; its text is in [`Elements::content`].
    Close { name: &'d str, depth: usize },
}

/// The opening of an element.
pub(super) struct Tag<'d> {
    /// Without prefix.
    pub(super) name: &'d str,
    /// The root's is 1.
    pub(super) depth: usize,
    /// Of its `<`, in bytes.
    pub(super) offset: usize,
    /// As written, with the blanks before them.
    pub(super) attributes: &'d str,
}

impl<'d> Tag<'d> {
    /// Names and values in their order; an error says what is wrong with one.
    pub(super) fn attributes(&self) -> impl Iterator<Item = Result<(&'d str, Cow<'d, str>), String>> + use<'d> {
        Attributes::new(self.attributes, 0).map(|attribute| {
            let attribute = attribute.map_err(|error| shorten(&error.to_string(), 200))?;
            let QName(name) = attribute.key;
            let value = match attribute.value {
                Cow::Borrowed(raw) => {
                    quick_xml::escape::unescape(raw).map_err(|error| shorten(&error.to_string(), 200))?
                }
                Cow::Owned(raw) => Cow::Owned(raw),
            };
            Ok((name, value))
        })
    }
}

impl<'d> Tag<'d> {
    /// The values of a tag that has these attributes and no others, written letter by letter as ` name="value"` and in this
    /// order, with nothing to resolve in them. Most of a document of measurements are tags of one such form, and to look
    /// for nothing but what is expected is several times faster.
    pub(super) fn exactly<const N: usize>(&self, names: [&str; N]) -> Option<[&'d str; N]> {
        let mut rest = self.attributes;
        let mut values = [""; N];
        for (name, value) in names.into_iter().zip(&mut values) {
            let quoted = rest.strip_prefix(' ')?.strip_prefix(name)?.strip_prefix("=\"")?;
            let end = memchr2(b'"', b'&', quoted.as_bytes())?;
            (*value, rest) = (&quoted[..end], quoted[end..].strip_prefix('"')?);
        }
        matches!(rest, "" | " ").then_some(values)
    }

    /// An attribute by its name; empty where there is none.
    pub(super) fn attribute(&self, wanted: &str) -> Result<Cow<'d, str>, String> {
        for attribute in self.attributes() {
            match attribute? {
                (name, value) if name == wanted => return Ok(value),
                _ => {}
            }
        }
        Ok(Cow::Borrowed(""))
    }

    /// Whether it declares a namespace, under any prefix.
    pub(super) fn declares(&self, namespace: &str) -> bool {
        self.attributes().any(|attribute| {
            attribute.is_ok_and(|(name, value)| value == namespace && (name == "xmlns" || name.starts_with("xmlns:")))
        })
    }
}

impl<'d> Elements<'d> {
    /// Of a document whose root must have this name.
    pub(super) fn new(document: &'d Document<'d>, root: &'static str) -> Self {
        Self {
            document,
            offset: 0,
            breath: Breath::default(),
            root,
            seen_root: false,
            open: Vec::new(),
            is_empty: false,
            content: String::new(),
        }
    }

    /// The next opening or closing; `None` at the end of a sound document.
    ///
    /// # Errors
    /// [`NotThisFormat`] with the place where the document stopped being one.
    pub(super) fn next(&mut self) -> Result<Option<Node<'d>>, NotThisFormat> {
        loop {
            if std::mem::take(&mut self.is_empty) {
                return Ok(self.close());
            }
            let offset = self.offset;
            let rest = &self.document.text()[offset..];
            if rest.is_empty() {
                return self.end().map(|()| None);
            }
            let Some((markup, length)) = markup::first(rest, self.open.last().map(|name| name.whole)) else {
                if self.other(rest)? {
                    return Ok(self.close());
                }
                continue;
            };
            self.offset += length;
            self.breath.after(length);
            match markup {
                Markup::Open { inside, is_empty } => {
                    self.is_empty = is_empty;
                    return self.open(inside, offset).map(|tag| Some(Node::Open(tag)));
                }
                Markup::Close => return Ok(self.close()),
                Markup::Text(text) => self.append(text, offset)?,
            }
        }
    }

    /// The text of the element that has just closed, without blanks around it.
    pub(super) fn content(&self) -> &str {
        self.content.trim()
    }

    fn open(&mut self, inside: &'d str, offset: usize) -> Result<Tag<'d>, NotThisFormat> {
        let refuse = |found: String| Err(self.document.refuse(offset, found));
        let blank = |byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let end = inside.bytes().position(blank).unwrap_or(inside.len());
        let (whole, attributes) = inside.split_at(end);
        let name = whole.bytes().rposition(|byte| byte == b':').map_or(whole, |colon| &whole[colon + 1..]);
        match (self.open.is_empty(), self.seen_root) {
            (true, false) if name != self.root => {
                return refuse(format!("root <{}>, expected <{}>", clip(name), self.root));
            }
            (true, true) => return refuse(format!("a second root <{}>", clip(name))),
            _ if self.open.len() == MAX_DEPTH => return refuse(format!("elements more than {MAX_DEPTH} deep")),
            _ => {}
        }
        self.seen_root = true;
        self.open.push(Name { whole, local: name });
        self.content.clear();
        Ok(Tag { name, depth: self.open.len(), offset, attributes })
    }

    fn close(&mut self) -> Option<Node<'d>> {
        let depth = self.open.len();
        self.open.pop().map(|Name { local, .. }| Node::Close { name: local, depth })
    }

    fn append(&mut self, text: &str, offset: usize) -> Result<(), NotThisFormat> {
        if text.contains('\0') {
            return Err(self.document.refuse(offset, "a NUL character"));
        }
        if !self.open.is_empty() {
            self.content.push_str(text);
        } else if !text.trim().is_empty() {
            let side = if self.seen_root { "after" } else { "before" };
            return Err(self.document.refuse(offset, format!("text {side} the root: `{}`", clip(text.trim()))));
        }
        Ok(())
    }

    /// Takes in what is not read by hand. Returns whether it is the closing tag of the element that is open.
    fn other(&mut self, rest: &'d str) -> Result<bool, NotThisFormat> {
        let offset = self.offset;
        let mut reader = Reader::from_str(rest);
        // It begins here, and knows nothing of what has been opened before.
        reader.config_mut().allow_unmatched_ends = true;
        let event =
            reader.read_event().map_err(|error| self.malformed(&error, offset + place(reader.error_position())))?;
        self.offset += place(reader.buffer_position());
        match event {
            Event::End(tag) => return self.check_end(tag.name().0, offset).map(|()| true),
            Event::CData(text) => self.append(&text, offset)?,
            Event::GeneralRef(reference) => {
                let character = self.resolve(&reference, offset)?;
                self.append(character.encode_utf8(&mut [0; 4]), offset)?;
            }
            Event::DocType(_) => return Err(self.document.refuse(offset, "a DTD")),
            _ => {}
        }
        Ok(false)
    }

    fn check_end(&self, found: &str, offset: usize) -> Result<(), NotThisFormat> {
        let error = match self.open.last() {
            Some(expected) if expected.whole == found => return Ok(()),
            Some(expected) => {
                IllFormedError::MismatchedEndTag { expected: expected.whole.to_owned(), found: found.to_owned() }
            }
            None => IllFormedError::UnmatchedEndTag(found.to_owned()),
        };
        Err(self.malformed(&error.into(), offset))
    }

    fn resolve(&self, reference: &BytesRef<'_>, offset: usize) -> Result<char, NotThisFormat> {
        let name: &str = reference;
        let character = match reference.resolve_char_ref() {
            Ok(Some(character)) => Some(character),
            Ok(None) => resolve_predefined_entity(name).and_then(|text| text.chars().next()),
            Err(_) => None,
        };
        character.ok_or_else(|| self.document.refuse(offset, format!("the unknown reference &{};", clip(name))))
    }

    fn end(&self) -> Result<(), NotThisFormat> {
        let found = match (self.open.last(), self.seen_root) {
            (Some(name), _) => format!("the document ends inside <{}>", clip(name.local)),
            (None, false) => format!("no element, expected <{}>", self.root),
            (None, true) => return Ok(()),
        };
        Err(self.document.refuse(self.document.text().len(), found))
    }

    fn malformed(&self, error: &Error, offset: usize) -> NotThisFormat {
        let found = match (error, self.open.last()) {
            (Error::Syntax(_), Some(name)) => format!("the document ends inside <{}>, in a tag", clip(name.local)),
            (Error::Syntax(_), None) => "the document ends inside a tag".into(),
            _ => error.to_string(),
        };
        self.document.refuse(offset, found)
    }
}

fn place(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
