//! The level chart, drawn with plotters: seconds across, metres up, from the days behind everything to the words on top.

use std::convert::Infallible;

use hydro::Timestamp;
use plotters::chart::{ChartBuilder, ChartContext, LabelAreaPosition};
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::{RangedCoordf64, RangedCoordi64};
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, EmptyElement, PathElement, Polygon, Rectangle};
use plotters::series::LineSeries;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, TextStyle};

use super::decimate::Spot;
use super::ink::Ink;
use super::labels::{text_width, wrap};
use super::plate::Plate;
use super::scale::{self, LEADER, Tag};
use super::sheet::Sheet;
use super::{Day, LevelChart, Sample, range};

/// What plotters says of drawing on a string: it cannot fail.
pub(super) type Drawn = Result<(), DrawingAreaErrorKind<Infallible>>;
/// The whole sheet, in tenths of a pixel.
pub(super) type Paper<'a> = DrawingArea<Sheet<'a>, Shift>;
type Plot<'a> = ChartContext<'a, Sheet<'a>, Cartesian2d<RangedCoordi64, RangedCoordf64>>;

/// Type size of every word on a chart.
pub(super) const TYPE: i32 = 120;
/// Room above the plot for the word *now*.
const HEAD: i32 = 170;
/// Room above that for a line of the note, and the rest of the room where there is one.
const NOTE: i32 = 150;
const NOTE_AIR: i32 = 50;
/// Room below the plot for the weekdays.
const FOOT: i32 = 190;
/// From the peak's ring up to its words, and above them.
const PEAK_ROOM: i32 = 240;

/// The elements of the chart and the width of its plot, or none when there is nothing to draw; with so much room for the
/// words at the right edge, as much as they need where it is not told.
pub(super) fn chart(chart: &LevelChart, column: Option<i32>) -> Option<(String, i32)> {
    let mut body = String::with_capacity(4096);
    let plot = on(chart, column, |size| Sheet::new(size, &mut body))?;
    Some((body, plot))
}

/// The chart on a bitmap, or none when there is nothing to draw.
pub(super) fn onto(chart: &LevelChart, plate: Plate<'_>) -> Option<()> {
    on(chart, None, |size| Sheet::bitmap(size, plate)).map(|_| ())
}

fn on<'a>(chart: &LevelChart, column: Option<i32>, sheet: impl FnOnce((u32, u32)) -> Sheet<'a>) -> Option<i32> {
    let (width, height) = (chart.size.0 * 10, chart.size.1 * 10);
    let (range, tags) = words(chart)?;
    let column = column.unwrap_or_else(|| room(chart, &tags));
    let paper = sheet((width, height)).into_drawing_area();
    draw(chart, &paper, column, range, tags).ok()?;
    Some(width.cast_signed() - column)
}

/// The room that the words at the right edge need.
pub(super) fn column(chart: &LevelChart) -> Option<i32> {
    words(chart).map(|(_, tags)| room(chart, &tags))
}

fn room(chart: &LevelChart, tags: &[Tag]) -> i32 {
    tags.iter().map(Tag::width).max().map_or(0, |widest| (widest + LEADER).min(chart.size.0.cast_signed() * 4))
}

/// The levels that the chart shows, and the words at its right edge.
fn words(chart: &LevelChart) -> Option<((f64, f64), Vec<Tag>)> {
    let plot_height = i32::try_from(chart.size.1 * 10).ok()? - head(chart) - FOOT;
    if plot_height <= PEAK_ROOM || chart.until <= chart.from {
        return None;
    }
    let range = range::vertical(chart, f64::from(PEAK_ROOM) / f64::from(plot_height))?;
    Some((range, scale::tags(chart, range, plot_height)))
}

fn draw(chart: &LevelChart, paper: &Paper, column: i32, (bottom, top): (f64, f64), tags: Vec<Tag>) -> Drawn {
    let mut plot = ChartBuilder::on(paper)
        .set_label_area_size(LabelAreaPosition::Top, head(chart))
        .set_label_area_size(LabelAreaPosition::Bottom, FOOT)
        .set_label_area_size(LabelAreaPosition::Right, column)
        .build_cartesian_2d(chart.from.as_second()..chart.until.as_second(), bottom..top)?;
    draw_days(chart, &mut plot, (bottom, top))?;
    let tags = scale::place(tags, |level| plot.backend_coord(&(chart.from.as_second(), level)).1, frame(&plot));
    scale::draw_lines(paper, &tags, frame(&plot))?;
    draw_water(chart, &mut plot, bottom)?;
    draw_now(chart, paper, &plot)?;
    draw_lines(chart, &mut plot)?;
    draw_doubtful(chart, &mut plot, (bottom, top))?;
    scale::draw_words(paper, &tags, frame(&plot))?;
    write_days(chart, paper, &plot)?;
    draw_peak(chart, paper, &mut plot)?;
    let mut y = 90;
    for line in note(chart) {
        write(paper, &line, Ink::Strong, TYPE, HPos::Left, (20, y))?;
        y += NOTE;
    }
    paper.present()
}

fn head(chart: &LevelChart) -> i32 {
    let lines = i32::try_from(note(chart).len()).unwrap_or(0);
    HEAD + if lines > 0 { NOTE_AIR + lines * NOTE } else { 0 }
}

/// The lines of the note, as wide as the picture.
fn note(chart: &LevelChart) -> Vec<String> {
    let width = chart.size.0.cast_signed() * 10 - 40;
    chart.note.into_iter().flat_map(str::lines).flat_map(|line| wrap(line, TYPE, width, 2)).collect()
}

/// The plot's left, right, top and bottom edge.
#[derive(Clone, Copy)]
pub(super) struct Edges {
    pub(super) left: i32,
    pub(super) right: i32,
    pub(super) top: i32,
    pub(super) bottom: i32,
}

fn frame(plot: &Plot) -> Edges {
    let (across, down) = plot.plotting_area().get_pixel_range();
    Edges { left: across.start, right: across.end, top: down.start, bottom: down.end }
}

/// How far to the right an instant of the window lies.
fn across(plot: &Plot, at: Timestamp) -> i32 {
    plot.backend_coord(&(at.as_second(), plot.y_range().start)).0
}

/// Words at `at`: their middle in height, and their left, middle or right in width.
pub(super) fn write(paper: &Paper, text: &str, ink: Ink, size: i32, anchor: HPos, at: Spot) -> Drawn {
    let font = FontDesc::new(FontFamily::SansSerif, f64::from(size), FontStyle::Normal);
    let style = TextStyle { font, color: ink.to_backend_color(), pos: Pos::new(anchor, VPos::Center) };
    paper.draw_text(text, &style, at)
}

fn seconds_and_metres((at, value): &Sample) -> (i64, f64) {
    (at.as_second(), value.as_f64())
}

fn points(chart: &LevelChart, samples: &[Sample]) -> Vec<(i64, f64)> {
    chart.within(samples).iter().map(seconds_and_metres).collect()
}

fn draw_days(chart: &LevelChart, plot: &mut Plot, (bottom, top): (f64, f64)) -> Drawn {
    let within = |at: Timestamp| at.clamp(chart.from, chart.until).as_second();
    let bands =
        chart.days.iter().step_by(2).map(|day| (within(day.start), within(day.end))).filter(|day| day.0 < day.1);
    plot.draw_series(bands.map(|(start, end)| Rectangle::new([(start, top), (end, bottom)], Ink::Day)))?;
    Ok(())
}

fn draw_water(chart: &LevelChart, plot: &mut Plot, bottom: f64) -> Drawn {
    let water = chart.observed.iter().map(|run| {
        let mut outline = points(chart, run);
        if let (Some(&(first, _)), Some(&(last, _))) = (outline.first(), outline.last()) {
            outline.extend([(last, bottom), (first, bottom)]);
        }
        Polygon::new(outline, Ink::Fill)
    });
    plot.draw_series(water)?;
    if let Some((lower, upper)) = &chart.band {
        let outline: Vec<_> = points(chart, upper).into_iter().chain(points(chart, lower).into_iter().rev()).collect();
        plot.draw_series(std::iter::once(Polygon::new(outline, Ink::Band)))?;
    }
    Ok(())
}

/// The forecast below the measured: where both speak of one time, what was measured is seen.
fn draw_lines(chart: &LevelChart, plot: &mut Plot) -> Drawn {
    plot.draw_series(LineSeries::new(points(chart, &chart.previous), Ink::Previous))?;
    plot.draw_series(LineSeries::new(points(chart, &chart.forecast), Ink::Forecast))?;
    let runs: Vec<_> = chart.observed.iter().map(|run| points(chart, run)).collect();
    for run in runs.iter().filter(|run| run.len() > 1) {
        plot.draw_series(LineSeries::new(run.iter().copied(), Ink::Observed))?;
    }
    plot.draw_series(runs.iter().filter(|run| run.len() == 1).map(|run| Circle::new(run[0], 25, Ink::Dot)))?;
    Ok(())
}

/// Small open diamonds; a crowd of them is thinned until they do not overlap.
fn draw_doubtful(chart: &LevelChart, plot: &mut Plot, (bottom, top): (f64, f64)) -> Drawn {
    let diamond = vec![(-25, 0), (0, -25), (25, 0), (0, 25), (-25, 0)];
    let mut drawn: Vec<Spot> = Vec::new();
    for point in points(chart, &chart.doubtful).into_iter().filter(|(_, level)| (bottom..=top).contains(level)) {
        let spot = plot.backend_coord(&point);
        if drawn.iter().all(|other| (spot.0 - other.0).abs().max((spot.1 - other.1).abs()) >= 60) {
            drawn.push(spot);
            let mark = EmptyElement::at(point) + PathElement::new(diamond.clone(), Ink::Doubtful);
            plot.draw_series(std::iter::once(mark))?;
        }
    }
    Ok(())
}

fn draw_now(chart: &LevelChart, paper: &Paper, plot: &Plot) -> Drawn {
    if !(chart.from..=chart.until).contains(&chart.now) {
        return Ok(());
    }
    let Edges { bottom, top, right, .. } = frame(plot);
    let x = across(plot, chart.now);
    paper.draw(&PathElement::new(vec![(x, top - 30), (x, bottom)], Ink::Now))?;
    let half = text_width(chart.now_label, TYPE) / 2;
    // Within the plot, as the words of a threshold beyond the scale stand beside it.
    let middle = x.clamp(half, (right - half).max(half));
    write(paper, chart.now_label, Ink::Strong, TYPE, HPos::Center, (middle, top - 100))
}

/// The weekdays, every one or every second or third, whatever leaves air between them; today is among them.
fn write_days(chart: &LevelChart, paper: &Paper, plot: &Plot) -> Drawn {
    let Edges { bottom, .. } = frame(plot);
    let x = |at: Timestamp| across(plot, at.clamp(chart.from, chart.until));
    let width = |day: &Day| x(day.end) - x(day.start);
    let widest = chart.days.iter().map(|day| text_width(day.label, TYPE)).max().unwrap_or(0) + 50;
    let whole = chart.days.iter().map(width).max().unwrap_or(0).max(1);
    let step = usize::try_from((widest + whole - 1) / whole).unwrap_or(1).max(1);
    let today = chart.days.iter().position(|day| (day.start..day.end).contains(&chart.now)).unwrap_or(0);
    for day in chart.days.iter().skip(today % step).step_by(step) {
        // A day cut by the window's edge is named only where its word does not reach out of the part that shows.
        if width(day) >= text_width(day.label, TYPE).min(whole * 9 / 10) {
            let middle = i32::midpoint(x(day.start), x(day.end));
            write(paper, day.label, Ink::Muted, TYPE, HPos::Center, (middle, bottom + 110))?;
        }
    }
    Ok(())
}

fn draw_peak(chart: &LevelChart, paper: &Paper, plot: &mut Plot) -> Drawn {
    let Some(peak) = chart.peak.filter(|peak| chart.shown(peak)) else { return Ok(()) };
    let point = seconds_and_metres(&peak);
    let (x, y) = plot.backend_coord(&point);
    plot.draw_series(std::iter::once(Circle::new(point, 35, Ink::Ring)))?;
    let words = (chart.height)(peak.1);
    let Edges { left, right, .. } = frame(plot);
    let half = text_width(&words, TYPE) / 2;
    let middle = x.clamp(left + half, (right - half).max(left + half));
    write(paper, &words, Ink::Strong, TYPE, HPos::Center, (middle, y - 130))
}
