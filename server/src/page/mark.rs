//! Where a reader writes the height that matters at home.

use maud::html;

use super::{Frame, Style, document};
use crate::Site;
use crate::format::Reader;
use crate::view::mark::MarkForm;

/// The page of the form.
pub(crate) fn page(reader: &Reader<'_>, site: &Site, view: &MarkForm) -> String {
    let (texts, code) = (&reader.texts.mark, reader.texts.code.as_str());
    let station = format!("/{code}/station/{}", view.id);
    let path = format!("station/{}/mark", view.id);
    let written = view.wrong.as_ref().map(|(text, _)| text);
    let main = html! {
        a.b href=(station) { "\u{2039} " (view.name) }
        h1 { (view.title) }
        @if let Some((_, why)) = &view.wrong { p role="alert" { b { (why) } } }
        p { (texts.intro) }
        @if let Some(find) = &view.find { p { (find) } }
        p { label for="q" { (view.label) } }
        form action=(station) {
            input #q name="mark" inputmode="decimal" required="required" autocomplete="off" maxlength="20" value=[written];
            button { (texts.show) }
        }
        h2 { (texts.kept_title) }
        p { (texts.kept) }
    };
    document(
        &Frame {
            reader,
            site,
            title: &view.title,
            description: &texts.intro,
            path: &path,
            style: Style::Form,
            glyphs: &[],
            picture: None,
        },
        &main,
    )
}
