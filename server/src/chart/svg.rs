//! The frame around a picture: its size, its name and description for those who hear it, and for the form that stands
//! alone its namespace and style.

use std::borrow::Cow;

use super::style::CSS;

/// What a picture says of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'a> {
    /// Prefix of the identifiers in it, unique on its page: ASCII letters, digits and hyphens.
    pub(super) id: &'a str,
    /// Classes of the root element.
    pub(super) class: &'a str,
    /// Width and height in CSS pixels.
    pub(super) size: (u32, u32),
    /// Its name, in the page's language.
    pub(super) title: &'a str,
    /// The same facts in words, in the page's language.
    pub(super) desc: &'a str,
    /// How far a minute reaches across it, in tenths of a pixel, for the script that goes through its values.
    pub(super) minute: Option<f64>,
}

/// Where a picture goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Into a page that carries [`CSS`].
    Inline,
    /// A document of its own, as for `<img>`: with namespace, paper and style, light and dark.
    Standalone,
}

/// Under a picture that stands alone, its ground.
const PAPER: &str = r#"<path class="ra" d="m0 0h9999v9999h-9999z"/>"#;

/// The whole picture from its drawn elements. Inside, a unit is a tenth of a pixel.
pub(super) fn frame(frame: &Frame, form: Form, body: &str) -> String {
    let (width, height) = frame.size;
    let (class, id, title, desc) = (frame.class, escape(frame.id), escape(frame.title), escape(frame.desc));
    let style = match form {
        Form::Inline => String::new(),
        Form::Standalone => format!("<style>{CSS}</style>{PAPER}"),
    };
    let namespace = if form == Form::Inline { "" } else { r#" xmlns="http://www.w3.org/2000/svg""# };
    let minute = frame.minute.filter(|_| form == Form::Inline);
    let minute = minute.map(|minute| format!(r#" data-minute="{minute:.4}""#)).unwrap_or_default();
    format!(
        r#"<svg{namespace} class="{class}" width="{width}" height="{height}" viewBox="0 0 {width}0 {height}0"{minute} role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{title}</title><desc id="{id}-d">{desc}</desc>{style}{body}</svg>"#
    )
}

/// Text made safe between tags and in double quotes; control characters that XML 1.0 (section 2.2) forbids are dropped.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    let special = |c: char| matches!(c, '&' | '<' | '>' | '"') || (c.is_control() && !c.is_whitespace());
    if !text.contains(special) {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if special(c) => {}
            c => safe.push(c),
        }
    }
    safe.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_break_out() {
        assert_eq!(escape(r#"<b a="1">&"#), "&lt;b a=&quot;1&quot;&gt;&amp;");
        assert_eq!(escape("a\u{0}b\u{1b}"), "ab");
        assert!(matches!(escape("6,43 m à Québec"), Cow::Borrowed(_)));
    }
}
