//! XML as the formats here need it: elements with their joined text, and the checks that an event reader leaves to its
//! user. Without them a truncated document, a web page and two documents back to back all read as a sound empty feed.
//! No DTD, hence no entities but the five of XML itself; names are taken without their namespace prefix.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::QName;

use super::NotThisFormat;
use super::document::{Document, clip, shorten};

/// Deeper documents are not data: the formats here need four.
const MAX_DEPTH: usize = 64;

/// A document's elements, in its order.
pub(super) struct Elements<'d> {
    document: &'d Document<'d>,
    reader: Reader<&'d [u8]>,
    root: &'static str,
    seen_root: bool,
    open: Vec<&'d str>,
    content: String,
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
        let mut reader = Reader::from_str(document.text());
        reader.config_mut().expand_empty_elements = true;
        Self { document, reader, root, seen_root: false, open: Vec::new(), content: String::new() }
    }

    /// The next opening or closing; `None` at the end of a sound document.
    ///
    /// # Errors
    /// [`NotThisFormat`] with the place where the document stopped being one.
    pub(super) fn next(&mut self) -> Result<Option<Node<'d>>, NotThisFormat> {
        loop {
            let offset = self.offset();
            match self.reader.read_event().map_err(|error| self.malformed(&error))? {
                Event::Start(start) => return self.open(&start, offset).map(|tag| Some(Node::Open(tag))),
                Event::End(_) => return Ok(self.close()),
                Event::Text(text) => self.append(&text, offset)?,
                Event::CData(text) => self.append(&text, offset)?,
                Event::GeneralRef(reference) => {
                    let character = self.resolve(&reference, offset)?;
                    self.append(character.encode_utf8(&mut [0; 4]), offset)?;
                }
                Event::DocType(_) => return Err(self.document.refuse(offset, "a DTD")),
                Event::Eof => return self.end().map(|()| None),
                Event::Empty(_) | Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            }
        }
    }

    /// The text of the element that has just closed, without blanks around it.
    pub(super) fn content(&self) -> &str {
        self.content.trim()
    }

    fn open(&mut self, start: &BytesStart<'d>, offset: usize) -> Result<Tag<'d>, NotThisFormat> {
        let refuse = |found: String| Err(self.document.refuse(offset, found));
        let whole = start.name().0.len();
        // The same bytes again, but borrowed from the document, which outlives the event.
        let text = self.document.text().get(offset + 1..).unwrap_or_default();
        let (Some(name), Some(attributes)) = (text.get(..whole), text.get(whole..start.len())) else {
            return refuse("a tag that cannot be read".into());
        };
        let name = name.rsplit(':').next().unwrap_or(name);
        match (self.open.is_empty(), self.seen_root) {
            (true, false) if name != self.root => {
                return refuse(format!("root <{}>, expected <{}>", clip(name), self.root));
            }
            (true, true) => return refuse(format!("a second root <{}>", clip(name))),
            _ if self.open.len() == MAX_DEPTH => return refuse(format!("elements more than {MAX_DEPTH} deep")),
            _ => {}
        }
        self.seen_root = true;
        self.open.push(name);
        self.content.clear();
        Ok(Tag { name, depth: self.open.len(), offset, attributes })
    }

    fn close(&mut self) -> Option<Node<'d>> {
        let depth = self.open.len();
        self.open.pop().map(|name| Node::Close { name, depth })
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
            (Some(name), _) => format!("the document ends inside <{}>", clip(name)),
            (None, false) => format!("no element, expected <{}>", self.root),
            (None, true) => return Ok(()),
        };
        Err(self.document.refuse(self.document.text().len(), found))
    }

    fn malformed(&self, error: &quick_xml::Error) -> NotThisFormat {
        let offset = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
        let found = match (error, self.open.last()) {
            (quick_xml::Error::Syntax(_), Some(name)) => format!("the document ends inside <{}>, in a tag", clip(name)),
            (quick_xml::Error::Syntax(_), None) => "the document ends inside a tag".into(),
            _ => error.to_string(),
        };
        self.document.refuse(offset, found)
    }

    fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }
}
