//! XML read by hand: the same elements, texts and refusals as the general reader gives, whatever the document is.

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::formats::Format;
use crate::formats::document::Document;
use crate::formats::xml::{Elements, Node};

/// What the reader of the formats tells of a document: openings and closings in their order, and its refusal.
fn ours(text: &str) -> Vec<String> {
    let Ok(document) = Document::open(&Format::PiXml, text.as_bytes()) else { return Vec::new() };
    let mut elements = Elements::new(&document, "r");
    let mut told = Vec::new();
    loop {
        match elements.next() {
            Ok(Some(Node::Open(tag))) => told.push(format!("{}<{}{}>", tag.offset, tag.name, tag.attributes)),
            Ok(Some(Node::Close { name, .. })) => told.push(format!("{}</{name}>", elements.content())),
            Ok(None) => return told,
            Err(refusal) => {
                told.push(refusal.to_string());
                return told;
            }
        }
    }
}

/// The same by the general reader alone, up to where it or we refuse something.
fn general(text: &str, most: usize) -> (Vec<String>, Option<(usize, String)>) {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let (mut told, mut content) = (Vec::new(), String::new());
    while told.len() < most {
        let offset = reader.buffer_position();
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                content.clear();
                let (name, rest) = tag.split_at(tag.name().0.len());
                told.push(format!("{offset}<{}{rest}>", name.rsplit(':').next().unwrap_or(name)));
            }
            Ok(Event::End(tag)) => {
                let name = tag.name().0.to_owned();
                told.push(format!("{}</{}>", content.trim(), name.rsplit(':').next().unwrap_or(&name)));
            }
            Ok(Event::Text(text)) => content.push_str(&text),
            Ok(Event::CData(text)) => content.push_str(&text),
            Ok(Event::GeneralRef(reference)) => content.push_str(match &*reference {
                "amp" => "&",
                "lt" => "<",
                _ => "é",
            }),
            Ok(Event::Eof) => return (told, None),
            Ok(_) => {}
            Err(error) => {
                let place = usize::try_from(reader.error_position()).expect("a place in memory");
                // Refusals stand on one line.
                return (told, Some((place, error.to_string().replace(char::is_control, " "))));
            }
        }
    }
    (told, None)
}

fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "<r>",
        "</r>",
        "<a:b>",
        "</a:b>",
        "<v d=\"1\" e='2'>",
        "</v>",
        "</v >",
        "<v/>",
        "<v d=\"a>b\"/>",
        "<v d='\"'>",
        "5.42",
        " \n ",
        "&amp;",
        "&lt;",
        "&#233;",
        "&",
        "<!-- > -->",
        "<![CDATA[<x>]]>",
        "<?p ?>",
        "<",
        ">",
        "\"",
        "'",
        "</",
        "<!",
        "é",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn elements_are_those_of_the_general_reader(pieces in prop::collection::vec(piece(), 0..12), closed: bool) {
        let text = format!("<r>{}{}", pieces.concat(), if closed { "</r>" } else { "" });
        let mut ours = ours(&text);
        let (told, error) = general(&text, usize::MAX);
        let refused = ours.last().is_some_and(|last| last.starts_with("not pi-xml: "));
        let refusal = if refused { ours.pop() } else { None };
        prop_assert!(told.starts_with(&ours), "{text:?}: {ours:?} {told:?}");
        match (refusal, error) {
            // What stands outside the root, and an end inside of it, only we refuse.
            (Some(refusal), error) if ["text after", "a second root", "ends inside <"].iter().any(|own| refusal.contains(own)) => {
                let in_tag = refusal.ends_with("in a tag");
                prop_assert!(!in_tag || error.is_some(), "{text:?}: {refusal}");
            }
            (Some(refusal), Some((place, error))) => {
                prop_assert!(refusal.ends_with(&error) || refusal.ends_with("inside a tag"), "{text:?}: {refusal} {error}");
                let line = 1 + text[..place].matches('\n').count();
                let column = place - text[..place].rfind('\n').map_or(0, |newline| newline + 1) + 1;
                let at = format!("line {line}, column {column}: ");
                prop_assert!(refusal.contains(&at), "{text:?}: {refusal} {at}");
            }
            (refusal, error) => prop_assert_eq!((refusal, error), (None, None), "{:?}", text),
        }
    }

    /// Attributes looked for as expected are those that the general reader finds.
    #[test]
    fn attributes_of_the_usual_form_are_those_of_the_general_reader(
        values in ("[0-9&;<>'\"= ]{0,4}", "[0-9&;<>'\"= ]{0,4}"),
        rest in prop::sample::select(vec!["", " ", "  ", " c=\"1\"", " a=\"2\"", "x"]),
    ) {
        let text = format!("<r a=\"{}\" b=\"{}\"{rest}/>", values.0, values.1);
        let document = Document::open(&Format::PiXml, text.as_bytes()).expect("a document");
        if let Ok(Some(Node::Open(tag))) = Elements::new(&document, "r").next()
            && let Some([a, b]) = tag.exactly(["a", "b"])
        {
            let found: Result<Vec<_>, String> = tag.attributes().collect();
            prop_assert_eq!(found, Ok(vec![("a", a.into()), ("b", b.into())]), "{}", text);
        }
    }
}
