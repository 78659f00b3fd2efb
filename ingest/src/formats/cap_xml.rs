//! Common Alerting Protocol 1.2 (OASIS Standard, 1 July 2010) with the Canadian profile (CAP-CP 0.4) and the layers of
//! Environment and Climate Change Canada: `alert > identifier, sender, sent, status, msgType, references, info*`. A document is
//! one message. Texts are kept word for word. Tests, exercises, drafts, system messages and what is not meant for the public
//! are read and say nothing.

pub(super) mod place;
pub(super) mod text;

use hydro::{Action, Alert, AlertId};

use self::text::Text;
use super::document::{Document, LineCounter, clip};
use super::xml::{Elements, Node, Tag};
use super::{Format, Item, NotThisFormat, Parsed, Rejected, field};

/// The namespaces of versions 1.1 and 1.2 begin so.
const NAMESPACE: &str = "urn:oasis:names:tc:emergency:cap:1.";

/// Reads a message. A text with a fault that changes what it says is rejected as a whole, and the others are kept.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::CapXml, bytes)?;
    let mut elements = Elements::new(&document, "alert");
    let mut lines = LineCounter::new(document.text());
    let (mut message, mut rejected, mut at) = (Message::default(), Vec::new(), 0);
    while let Some(node) = elements.next()? {
        let outcome = match node {
            Node::Open(tag) => {
                at = tag.offset;
                if tag.depth == 1 && !is_cap(&tag) {
                    return Err(document.refuse(at, format!("an <alert> that is not of {NAMESPACE}2")));
                }
                message.opened(&tag);
                Ok(())
            }
            Node::Close { depth, name } => message.closed(depth, name, elements.content()),
        };
        if let Err(reason) = outcome {
            rejected.push(Rejected { line: lines.line_at(at), reason });
        }
    }
    let items = match message.alert() {
        Ok(alert) => alert.into_iter().map(Item::Alert).collect(),
        Err(reason) => {
            rejected.push(Rejected { line: lines.line_at(document.text().len()), reason });
            Vec::new()
        }
    };
    Ok(Parsed { items, rejected })
}

fn is_cap(root: &Tag<'_>) -> bool {
    let mut attributes = root.attributes().flatten();
    attributes.any(|(name, value)| name.starts_with("xmlns") && value.starts_with(NAMESPACE))
}

/// A message while its fields come in.
#[derive(Default)]
struct Message {
    identifier: String,
    sender: String,
    sent: String,
    status: String,
    kind: String,
    scope: String,
    references: Vec<AlertId>,
    /// The text that is being read.
    text: Option<Text>,
    texts: Vec<Text>,
    /// It says two things of itself.
    spoilt: bool,
}

impl Message {
    fn opened(&mut self, tag: &Tag<'_>) {
        match (tag.depth, &mut self.text) {
            (2, text) => *text = (tag.name == "info").then(Text::default),
            (depth, Some(text)) => text.opened(depth, tag.name),
            (_, None) => {}
        }
    }

    fn closed(&mut self, depth: usize, name: &str, content: &str) -> Result<(), String> {
        match (depth, &mut self.text) {
            (2, text @ Some(_)) => self.texts.extend(text.take()),
            (2, None) if name == "references" => return self.refer(content),
            (2, None) => return self.field(name, content).inspect_err(|_| self.spoilt = true),
            (3.., Some(text)) => return text.closed(depth, name, content),
            _ => {}
        }
        Ok(())
    }

    fn field(&mut self, name: &str, content: &str) -> Result<(), String> {
        let known = match name {
            "identifier" => &mut self.identifier,
            "sender" => &mut self.sender,
            "sent" => &mut self.sent,
            "status" => &mut self.status,
            "msgType" => &mut self.kind,
            "scope" => &mut self.scope,
            _ => return Ok(()),
        };
        once(name, known, content)
    }

    /// Reads `sender,identifier,sent` with blanks between one and the next. One that cannot be read leaves the others.
    fn refer(&mut self, content: &str) -> Result<(), String> {
        let mut fault = Ok(());
        for reference in content.split_whitespace() {
            let expected = || format!("the reference `{}`, expected sender,identifier,sent", clip(reference));
            let parts = reference.split_once(',').and_then(|(sender, rest)| Some((sender, rest.rsplit_once(',')?)));
            match parts.map(|(sender, (identifier, sent))| (sender, identifier, field::instant(sent, None))) {
                Some((sender, identifier, Ok(sent))) => {
                    self.references.push(AlertId { sender: sender.into(), identifier: identifier.into(), sent });
                }
                Some((.., Err(reason))) => fault = Err(format!("{}: {reason}", expected())),
                None => fault = Err(expected()),
            }
        }
        fault
    }

    /// The alert, or nothing where the message is not meant for the public of this day.
    fn alert(self) -> Result<Option<Alert>, String> {
        for (name, text) in [("identifier", &self.identifier), ("sender", &self.sender), ("status", &self.status)] {
            if text.is_empty() {
                return Err(format!("a message without <{name}>"));
            }
        }
        let action = match self.kind.as_str() {
            "Alert" => Action::Alert,
            "Update" => Action::Update,
            "Cancel" => Action::Cancel,
            "Ack" | "Error" => return Ok(None),
            other => return Err(format!("<msgType> `{}`, expected Alert, Update or Cancel", clip(other))),
        };
        if self.spoilt || self.status != "Actual" || matches!(self.scope.as_str(), "Restricted" | "Private") {
            return Ok(None);
        }
        let sent = field::instant(&self.sent, None).map_err(|reason| format!("<sent> {reason}"))?;
        let id = AlertId { sender: self.sender, identifier: self.identifier, sent };
        let notices = self.texts.into_iter().filter_map(Text::notice).collect();
        Ok(Some(Alert { id, action, references: self.references, notices }))
    }
}

/// Takes in a field that may stand once.
fn once(name: &str, known: &mut String, content: &str) -> Result<(), String> {
    if !known.is_empty() {
        return Err(format!("<{name}> stands twice"));
    }
    // XML's own reading of line ends (XML 1.0, section 2.11).
    *known = content.replace("\r\n", "\n").replace('\r', "\n");
    Ok(())
}
