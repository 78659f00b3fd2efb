//! The sheet plotters draws on: a backend that writes compact SVG, or hands on to a bitmap. Plotters' whole coordinates are
//! tenths of a pixel. In SVG looks are classes, never attributes of style, and neighbouring lines of one ink share one
//! `<path>`.

use std::convert::Infallible;
use std::fmt::Write;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use super::decimate::{DOTTED, FINE, Spot};
use super::ink::{Ink, class, ink};
use super::labels::text_width;
use super::path::Pen;
use super::plate::Plate;
use super::svg::escape;

/// Nothing drawn here can fail: the sheet is a string.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// A drawing under way. What was drawn last may still be open for more lines of its ink until
/// [`present`](DrawingBackend::present) closes it.
pub(super) struct Sheet<'a> {
    size: (u32, u32),
    out: Out<'a>,
}

/// Where a drawing goes.
enum Out<'a> {
    /// Elements of SVG at the end of a text; the last `<path>` may still be open.
    Svg(&'a mut String, Option<(&'static str, Pen)>),
    /// A bitmap.
    Bitmap(Plate<'a>),
}

impl<'a> Sheet<'a> {
    /// An empty sheet of `size` tenths of a pixel, writing elements at the end of `out`.
    pub(super) fn new(size: (u32, u32), out: &'a mut String) -> Self {
        Self { size, out: Out::Svg(out, None) }
    }

    /// A sheet of `size` tenths of a pixel that is drawn onto a bitmap.
    pub(super) fn bitmap(size: (u32, u32), plate: Plate<'a>) -> Self {
        Self { size, out: Out::Bitmap(plate) }
    }

    fn line(&mut self, spots: &[Spot], closed: bool, color: BackendColor) {
        let Some(class) = class(color) else { return };
        match &mut self.out {
            Out::Bitmap(plate) => plate.line(spots, closed, ink(color)),
            Out::Svg(_, open) => {
                if open.as_ref().is_none_or(|(open, _)| *open != class) {
                    self.close();
                }
                if let Out::Svg(_, open) = &mut self.out {
                    let tolerance = if ink(color) == Ink::Previous { DOTTED } else { FINE };
                    open.get_or_insert_with(|| (class, Pen::default())).1.line(spots, closed, tolerance);
                }
            }
        }
    }

    fn close(&mut self) {
        if let Out::Svg(_, open) = &mut self.out
            && let Some((class, pen)) = open.take()
        {
            self.element(format_args!(r#"<path class="{class}" d="{}"/>"#, pen.finish()));
        }
    }

    fn element(&mut self, element: std::fmt::Arguments<'_>) {
        if let Out::Svg(text, _) = &mut self.out {
            // Writing to a string cannot fail.
            let _ = text.write_fmt(element);
        }
    }
}

impl DrawingBackend for Sheet<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        self.close();
        Ok(())
    }

    fn draw_pixel(&mut self, spot: BackendCoord, color: BackendColor) -> Drawn {
        self.line(&[spot], false, color);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.line(&[from, to], false, style.color());
        Ok(())
    }

    /// Whether a rectangle is filled is its ink's affair, as with every other shape.
    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, _fill: bool) -> Drawn {
        self.line(&[from, (to.0, from.1), to, (from.0, to.1)], true, style.color());
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.line(&path.into_iter().collect::<Vec<_>>(), false, style.color());
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, spots: I, style: &S) -> Drawn {
        self.line(&spots.into_iter().collect::<Vec<_>>(), true, style.color());
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, _fill: bool) -> Drawn {
        let Some(class) = class(style.color()) else { return Ok(()) };
        if let Out::Bitmap(plate) = &mut self.out {
            plate.circle(at, radius, ink(style.color()));
            return Ok(());
        }
        self.close();
        self.element(format_args!(r#"<circle class="{class}" cx="{}" cy="{}" r="{radius}"/>"#, at.0, at.1));
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        let Some(class) = class(style.color()) else { return Ok(()) };
        // From the anchor to the base line, in shares of the type size: capitals of a sans serif are about 0.7 high.
        let down = match style.anchor().v_pos {
            VPos::Top => 0.72,
            VPos::Center => 0.36,
            VPos::Bottom => 0.0,
        };
        #[allow(clippy::cast_possible_truncation, reason = "a share of a type size is a few hundred tenths")]
        let y = at.1 + (style.size() * down).round() as i32;
        if let Out::Bitmap(plate) = &mut self.out {
            plate.text(text, ink(style.color()), style.size(), style.anchor().h_pos, (at.0, y));
            return Ok(());
        }
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " rc",
            HPos::Right => " re",
        };
        self.close();
        self.element(format_args!(r#"<text class="{class}{anchor}" x="{}" y="{y}">{}</text>"#, at.0, escape(text)));
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a type size is small and positive")]
        let size = style.size().round() as i32;
        Ok((text_width(text, size).unsigned_abs(), size.unsigned_abs()))
    }
}
