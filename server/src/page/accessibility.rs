//! The accessibility statement: what is aimed at, what was tested and how, what is known not to work, and whom to tell.

use maud::html;

use super::{Frame, Style, document};
use crate::Site;
use crate::format::Reader;

/// The page.
pub(crate) fn page(reader: &Reader<'_>, site: &Site) -> String {
    let texts = &reader.texts.accessibility;
    let code = reader.texts.code.as_str();
    let main = html! {
        a.b href={"/" (code) "/about"} { "\u{2039} " (reader.texts.page.about) }
        h1 { (texts.title) }
        p { (texts.aim) }
        h2 { (texts.done_title) }
        ul { @for said in [&texts.done_words, &texts.done_colour, &texts.done_script, &texts.done_keyboard, &texts.done_size, &texts.done_print] { li { (said) } } }
        h2 { (texts.tested_title) }
        ul { @for said in [&texts.tested_axe, &texts.tested_widths, &texts.tested_markup] { li { (said) } } }
        p { (texts.tested_not) }
        h2 { (texts.limits_title) }
        ul { @for said in [&texts.limit_map, &texts.limit_png, &texts.limit_feeds] { li { (said) } } }
        h2 { (texts.contact_title) }
        p {
            (texts.contact) " "
            @match &site.operator {
                Some(operator) => (operator.in_language(code)),
                None => (texts.contact_none),
            }
        }
        p { (texts.other_forms) }
    };
    document(
        &Frame {
            reader,
            site,
            title: &texts.title,
            description: &texts.aim,
            path: "accessibility",
            style: Style::Plain,
            glyphs: &[],
            picture: None,
        },
        &main,
    )
}
