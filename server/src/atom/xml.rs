//! The few elements of Atom that are written here, as XML.

/// A document that is being written.
pub(super) struct Writer(String);

impl Writer {
    /// A feed in a language.
    pub(super) fn begin(language: &str) -> Self {
        let mut writer =
            Self("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"".to_owned());
        writer.attribute("xml:lang", language);
        writer.0.push_str(">\n");
        writer
    }

    /// An element with nothing but a text.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.0.push_str(&format!("<{name}>{}</{name}>\n", escaped(text)));
    }

    /// Who writes.
    pub(super) fn author(&mut self, name: &str) {
        self.open("author");
        self.text("name", name);
        self.close("author");
    }

    /// A link.
    pub(super) fn link(&mut self, relation: &str, kind: &str, address: &str) {
        self.0.push_str("<link");
        for (name, value) in [("rel", relation), ("type", kind), ("href", address)] {
            self.attribute(name, value);
        }
        self.0.push_str("/>\n");
    }

    pub(super) fn open(&mut self, name: &str) {
        self.0.push_str(&format!("<{name}>\n"));
    }

    pub(super) fn close(&mut self, name: &str) {
        self.0.push_str(&format!("</{name}>\n"));
    }

    /// The whole document.
    pub(super) fn end(mut self) -> String {
        self.close("feed");
        self.0
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.0.push_str(&format!(" {name}=\"{}\"", escaped(value)));
    }
}

/// A text as content or as an attribute's value. Characters that XML 1.0 does not allow (section 2.2) are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_from_the_document() {
        for text in ["a & b", "<b>\"5 > 4\"</b>", "\u{1}é\u{fffe}", "]]>"] {
            let mut writer = Writer::begin("en-CA");
            writer.text("title", text);
            writer.link("self", "x", text);
            let document = writer.end();
            let mut reader = quick_xml::Reader::from_str(&document);
            let mut seen = String::new();
            loop {
                match reader.read_event().unwrap() {
                    quick_xml::events::Event::Text(part) => seen.push_str(&part),
                    quick_xml::events::Event::GeneralRef(name) => {
                        seen.push_str(&quick_xml::escape::unescape(&format!("&{};", &*name)).unwrap());
                    }
                    quick_xml::events::Event::Eof => break,
                    _ => {}
                }
            }
            assert_eq!(seen.trim(), text.replace(['\u{1}', '\u{fffe}'], ""));
        }
    }
}
