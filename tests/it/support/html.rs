//! A page read more strictly than a browser reads it: every tag balanced, every attribute quoted and there once, no stray
//! `<` or `&`.

use quick_xml::Reader;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event};

/// Elements of HTML that have no content and no closing tag (HTML, section 13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// An element with everything in it.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    /// Its own text, without that of the elements in it.
    pub(crate) own: String,
    /// Its text with that of everything in it.
    pub(crate) text: String,
}

impl Element {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether it is of a class.
    pub(crate) fn is_of(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|classes| classes.split(' ').any(|known| known == class))
    }

    /// Itself and all elements in it, in the order of the document.
    pub(crate) fn all(&self) -> Vec<&Element> {
        std::iter::once(self).chain(self.children.iter().flat_map(Element::all)).collect()
    }

    /// All elements of a name in it.
    pub(crate) fn named(&self, name: &str) -> Vec<&Element> {
        self.all().into_iter().filter(|element| element.name == name).collect()
    }

    /// The only element of a name in it.
    pub(crate) fn only(&self, name: &str) -> &Element {
        let found = self.named(name);
        assert_eq!(found.len(), 1, "<{name}> stands once in <{}>", self.name);
        found[0]
    }
}

/// Reads a page; says what is wrong and where if it is not sound.
pub(crate) fn read(page: &str) -> Element {
    assert!(page.starts_with("<!DOCTYPE html><html "), "{}", page.get(..60).unwrap_or(page));
    read_elements(page, &VOID)
}

/// Reads a document of XML, such as a picture.
pub(crate) fn read_xml(document: &str) -> Element {
    read_elements(document, &[])
}

/// The rows of the list of stations, with the id that each leads to.
pub(crate) fn rows(page: &Element) -> Vec<(String, &Element)> {
    let station = |row: &Element| {
        let mut hrefs = row.named("a").into_iter().filter_map(|link| link.attribute("href"));
        hrefs.find_map(|href| href.split_once("/station/")).map(|(_, id)| id.to_owned())
    };
    let rows = page.only("main").named("li").into_iter();
    rows.filter_map(|row| Some((station(row)?, row))).collect()
}

fn read_elements(document: &str, void: &[&str]) -> Element {
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut open = vec![Element::default()];
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().unwrap_or_else(|error| unreachable!("at byte {at}: {error}"));
        match event {
            Event::Start(tag) => {
                let element = opened(&tag, at);
                let empty = void.contains(&element.name.as_str());
                open.push(element);
                if empty {
                    close(&mut open);
                }
            }
            Event::Empty(tag) => {
                open.push(opened(&tag, at));
                close(&mut open);
            }
            Event::End(tag) => {
                let name = open.last().map(|element| element.name.as_str());
                assert_eq!(name, Some(tag.name().0), "what is closed at byte {at} is what was open");
                close(&mut open);
            }
            Event::Text(text) => append(&mut open, &text),
            Event::GeneralRef(name) => {
                let text =
                    quick_xml::escape::unescape(&format!("&{};", &*name)).expect("an entity of XML").into_owned();
                append(&mut open, &text);
            }
            Event::DocType(_) => assert_eq!(at, 0, "the type of the document comes first"),
            Event::Eof => break,
            other => unreachable!("at byte {at}: {other:?}"),
        }
    }
    assert_eq!(open.len(), 1, "<{}> is not closed", open[open.len() - 1].name);
    let mut roots = open.remove(0).children;
    assert_eq!(roots.len(), 1, "one root");
    roots.remove(0)
}

fn opened(tag: &BytesStart<'_>, at: u64) -> Element {
    let name = tag.name().0.to_owned();
    let raw = tag.attributes_raw();
    // The one attribute without a value that there is a use for.
    let (raw, deferred) = raw.strip_suffix(" defer").map_or((raw, None), |rest| (rest, Some("defer")));
    let attributes = Attributes::new(raw, 0).map(|attribute| {
        let attribute = attribute.unwrap_or_else(|error| unreachable!("<{name}> at byte {at}: {error}"));
        let value = quick_xml::escape::unescape(&attribute.value).expect("entities of XML").into_owned();
        (attribute.key.0.to_owned(), value)
    });
    let deferred = deferred.map(|name| (name.to_owned(), String::new()));
    let attributes = attributes.chain(deferred).collect();
    Element { name, attributes, ..Element::default() }
}

fn close(open: &mut Vec<Element>) {
    let element = open.pop().expect("something is open");
    let parent = open.last_mut().expect("the root's own frame stays");
    parent.text.push_str(&element.text);
    parent.children.push(element);
}

fn append(open: &mut [Element], text: &str) {
    let element = open.last_mut().expect("the root's own frame stays");
    element.own.push_str(text);
    element.text.push_str(text);
}

#[test]
fn what_is_not_sound_is_refused() {
    let sound = read("<!DOCTYPE html><html lang=\"en\"><body class=\"a b\"><p>1 &lt; <b>2</b><br>é</p></body></html>");
    assert_eq!((sound.only("p").text.as_str(), sound.only("p").own.as_str()), ("1 < 2é", "1 < é"));
    assert!(sound.only("body").is_of("b") && !sound.only("body").is_of("c"));
    for inner in
        ["<p>", "</p>", "<p></b></p>", "<p a=1></p>", "<p a=\"1\" a=\"2\"></p>", "a & b", "&nbsp;", "<1>", "<br></br>"]
    {
        let page = format!("<!DOCTYPE html><html lang=\"en\"><body>{inner}</body></html>");
        assert!(std::panic::catch_unwind(|| read(&page)).is_err(), "{inner}");
    }
}
