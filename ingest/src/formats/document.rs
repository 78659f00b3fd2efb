//! What every text format needs before it can be read: text out of bytes, places in it, and the plain refusals (nothing,
//! binary, a web page instead of data). Servers send all of these with status 200.

use std::borrow::Cow;

use super::{Format, NotThisFormat};

/// A document as text, and the format it is to be read as.
#[derive(Debug)]
pub(super) struct Document<'a> {
    format: &'static str,
    text: Cow<'a, str>,
}

impl<'a> Document<'a> {
    /// Strips a byte order mark and decodes. UTF-8 unless the XML declaration or the bytes themselves say otherwise; then
    /// windows-1252, which is also how browsers read what calls itself Latin-1.
    ///
    /// # Errors
    /// [`NotThisFormat`] for no bytes, binary data and HTML.
    pub(super) fn open(format: &Format, bytes: &'a [u8]) -> Result<Self, NotThisFormat> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = match std::str::from_utf8(bytes) {
            Ok(text) if text.is_ascii() || !declares_latin(bytes) => Cow::Borrowed(text),
            _ => Cow::Owned(bytes.iter().copied().map(windows_1252).collect()),
        };
        let document = Self { format: format.name(), text };
        let content = document.text.trim_start();
        let start = document.offset_of(content);
        match unfit(bytes, content) {
            Some(found) => Err(document.refuse(start, found)),
            None => Ok(document),
        }
    }

    /// The whole text, without a byte order mark.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// A part of the text as a document of its own; its places are counted from its beginning.
    pub(super) fn part<'p>(&self, part: &'p str) -> Document<'p> {
        Document { format: self.format, text: Cow::Borrowed(part) }
    }

    /// The line that begins at an offset, without its end.
    pub(super) fn line_from(&self, offset: usize) -> &str {
        self.text.get(offset..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }

    /// How far into the text a part of it begins, in bytes.
    pub(super) fn offset_of(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len())
    }

    /// The refusal of the document as a whole, pointing at its first character.
    pub(super) fn refuse_start(&self, found: impl AsRef<str>) -> NotThisFormat {
        self.refuse(self.offset_of(self.text.trim_start()), found)
    }

    /// The refusal of the document, pointing at an offset.
    pub(super) fn refuse(&self, offset: usize, found: impl AsRef<str>) -> NotThisFormat {
        NotThisFormat { format: self.format, place: place(&self.text, offset), found: shorten(found.as_ref(), 300) }
    }
}

/// Numbers the lines of places that come in rising order, looking at each byte once.
#[derive(Debug)]
pub(super) struct LineCounter<'d> {
    text: &'d str,
    offset: usize,
    line: u32,
}

impl<'d> LineCounter<'d> {
    /// At the beginning of a text.
    pub(super) fn new(text: &'d str) -> Self {
        Self { text, offset: 0, line: 1 }
    }

    /// The line of an offset, counted from 1. An offset before an earlier one gives the earlier one's line.
    pub(super) fn line_at(&mut self, offset: usize) -> u32 {
        let passed = self.text.as_bytes().get(self.offset..offset).unwrap_or_default();
        self.line += newlines(passed);
        self.offset = self.offset.max(offset);
        self.line
    }
}

/// The first characters of a text, on one line, for an error to quote.
pub(super) fn clip(text: &str) -> String {
    shorten(text, 40)
}

/// The first characters of a text, on one line.
pub(super) fn shorten(text: &str, length: usize) -> String {
    text.chars().take(length).map(|character| if character.is_control() { ' ' } else { character }).collect()
}

fn place(text: &str, offset: usize) -> (u32, u32) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    (1 + newlines(before), u32::try_from(before.len() - line_start).unwrap_or(u32::MAX).saturating_add(1))
}

fn newlines(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.split(|&byte| byte == b'\n').count() - 1).unwrap_or(u32::MAX)
}

fn unfit(bytes: &[u8], content: &str) -> Option<&'static str> {
    // A NUL early on also tells UTF-16, and whatever a server compressed without saying so.
    let binary = bytes.starts_with(b"\x1F\x8B") || bytes.iter().take(256).any(|&byte| byte == 0);
    match content {
        _ if bytes.is_empty() => Some("no bytes"),
        _ if binary => Some("binary data, not text"),
        "" => Some("nothing but blanks"),
        _ if is_html(content) => Some("an HTML page"),
        _ => None,
    }
}

fn is_html(content: &str) -> bool {
    let begin = content.as_bytes()[..content.len().min(1024)].to_ascii_lowercase();
    let holds = |tag: &[u8]| begin.windows(tag.len()).any(|window| window == tag);
    begin.starts_with(b"<") && (holds(b"<html") || holds(b"<!doctype html"))
}

fn declares_latin(bytes: &[u8]) -> bool {
    let is_declaration = bytes.get(..5).is_some_and(|begin| begin.eq_ignore_ascii_case(b"<?xml"));
    if !is_declaration {
        return false;
    }
    let end = bytes.iter().position(|&byte| byte == b'>').unwrap_or(0).min(200);
    let declaration = bytes[..end].to_ascii_lowercase();
    let names: [&[u8]; 4] = [b"iso-8859-1\"", b"iso-8859-1'", b"windows-1252", b"latin1"];
    names.iter().any(|name| declaration.windows(name.len()).any(|w| w == *name))
}

/// One byte of windows-1252 as a character (WHATWG Encoding Standard, index windows-1252).
fn windows_1252(byte: u8) -> char {
    const FROM_80_TO_9F: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => FROM_80_TO_9F[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}
