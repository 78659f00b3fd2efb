//! The chart in letters of one width, for a terminal, a plain e-mail, a printer of labels.

use hydro::Timestamp;

use super::{LevelChart, Sample, range};

/// The widest line, as terminals and telephones turned sideways have it.
const WIDTH: usize = 60;
/// Lines of the chart's body.
const HEIGHT: usize = 8;
/// Of the widest line, what names of thresholds may take.
const NAMES: usize = 26;
/// Eighths of a letter, from the lowest up.
const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Water {
    Measured(f64),
    Forecast(f64),
    None,
}

/// The chart: measured levels as full blocks, the forecast as shaded ones, thresholds as lines named at the right, *now* as
/// a line across with its word below, and the days. Nothing where there is nothing to draw.
pub(super) fn chart(chart: &LevelChart<'_>) -> Vec<String> {
    let Some((bottom, top)) = range::vertical(chart, 0.0).filter(|(bottom, top)| top > bottom) else {
        return Vec::new();
    };
    let row = |level: f64| ((level - bottom) / (top - bottom) * eighths()).clamp(0.0, eighths());
    let names = names(chart, (bottom, top));
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let columns = WIDTH - widest - usize::from(widest > 0);
    let water: Vec<Water> = (0..columns).map(|column| water(chart, span(chart, column, columns))).collect();
    let now = column_of(chart, chart.now, columns);
    let mut lines: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(down, name)| {
            let line = water.iter().enumerate().map(|(column, water)| {
                let empty = match (Some(column) == now, name.is_empty()) {
                    (true, _) => '│',
                    (false, false) => '─',
                    (false, true) => ' ',
                };
                letter(*water, HEIGHT - 1 - down, empty, row)
            });
            format!("{} {name}", line.collect::<String>()).trim_end().to_owned()
        })
        .collect();
    lines.push(days(chart, columns));
    lines.extend(now.map(|column| pointer(column, chart.now_label)));
    lines
}

/// The height of the chart in eighths of a letter.
fn eighths() -> f64 {
    f64::from(u32::try_from(HEIGHT * 8).unwrap_or(u32::MAX))
}

/// The letter of a column in the row that is so many above the lowest.
fn letter(water: Water, above: usize, empty: char, row: impl Fn(f64) -> f64) -> char {
    let filled = |level: f64| -> usize {
        // What is there is seen: at least an eighth of the lowest row.
        let eighths = whole(row(level)).max(1);
        eighths.saturating_sub(above * 8).min(8)
    };
    match water {
        Water::Measured(level) => match filled(level) {
            0 => empty,
            eighths => EIGHTHS[eighths],
        },
        Water::Forecast(level) => match filled(level) {
            0 => empty,
            8 => '░',
            _ => '▒',
        },
        Water::None => empty,
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of eighths, held within the chart")]
fn whole(eighths: f64) -> usize {
    eighths.round() as usize
}

/// For each row from the top down, the thresholds whose heights lie in it.
fn names(chart: &LevelChart<'_>, (bottom, top): (f64, f64)) -> Vec<String> {
    let mut rows = vec![String::new(); HEIGHT];
    for line in chart.thresholds.iter().filter(|line| (bottom..top).contains(&line.value.as_f64())) {
        let share = (line.value.as_f64() - bottom) / (top - bottom);
        let above = (whole(share * eighths()) / 8).min(HEIGHT - 1);
        let row = &mut rows[HEIGHT - 1 - above];
        let name = format!("{} {}", line.label.to_lowercase(), (chart.height)(line.value));
        let both = format!("{row}, {name}");
        *row = match (row.is_empty(), both.chars().count() <= NAMES) {
            (true, _) => name,
            (false, true) => both,
            // The lower one is nearer to most rivers; all stand in the list of thresholds.
            (false, false) if row.ends_with('…') => continue,
            (false, false) => format!("{row}, …"),
        };
    }
    rows.into_iter().map(|name| cut(&name, NAMES)).collect()
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).collect::<String>() + "…"
}

/// The instants of a column: the first, and the first after it.
fn span(chart: &LevelChart<'_>, column: usize, columns: usize) -> (i64, i64) {
    let (from, until) = (chart.from.as_second(), chart.until.as_second());
    let at = |column: usize| {
        let (column, columns) = (i128::try_from(column).unwrap_or(0), i128::try_from(columns.max(1)).unwrap_or(1));
        let seconds = i128::from(until - from) * column / columns;
        from + i64::try_from(seconds).unwrap_or(0)
    };
    (at(column), at(column + 1))
}

/// The column of an instant, if it lies in the window.
fn column_of(chart: &LevelChart<'_>, at: Timestamp, columns: usize) -> Option<usize> {
    let at = at.as_second();
    (0..columns).find(|&column| {
        let (first, next) = span(chart, column, columns);
        (first..next).contains(&at)
    })
}

/// The highest level measured within a column; where none was, and not before the newest measurement, what is forecast.
fn water(chart: &LevelChart<'_>, (first, next): (i64, i64)) -> Water {
    let within = |(at, _): &&Sample| (first..next).contains(&at.as_second());
    let highest =
        |samples: &mut dyn Iterator<Item = &Sample>| samples.map(|(_, value)| value.as_f64()).reduce(f64::max);
    if let Some(level) = highest(&mut chart.observed.iter().flatten().filter(within)) {
        return Water::Measured(level);
    }
    if next <= chart.now.as_second() {
        return Water::None;
    }
    let level =
        highest(&mut chart.forecast.iter().filter(within)).or_else(|| between(&chart.forecast, first.midpoint(next)));
    level.map_or(Water::None, Water::Forecast)
}

/// The forecast at an instant between two of its points.
fn between(forecast: &[Sample], at: i64) -> Option<f64> {
    forecast.windows(2).find_map(|pair| {
        let [(before, low), (after, high)] = [pair[0], pair[1]].map(|(at, value)| (at.as_second(), value.as_f64()));
        if !(before..after).contains(&at) {
            return None;
        }
        let seconds = |length: i64| f64::from(i32::try_from(length).unwrap_or(i32::MAX));
        Some(low + (high - low) * seconds(at - before) / seconds(after - before))
    })
}

/// The short names of the days below the columns in which they begin: every one or every second or third, whatever leaves
/// air between them; today is among them.
fn days(chart: &LevelChart<'_>, columns: usize) -> String {
    let begins: Vec<Option<usize>> = chart.days.iter().map(|day| column_of(chart, day.start, columns)).collect();
    let widest = chart.days.iter().map(|day| day.label.chars().count()).max().unwrap_or(0);
    let apart = |pair: &[Option<usize>]| Some(pair[1]? - pair[0]?);
    let day = begins.windows(2).filter_map(apart).min().unwrap_or(columns).max(1);
    let step = (widest + 1).div_ceil(day).max(1);
    let today = chart.days.iter().position(|day| (day.start..day.end).contains(&chart.now)).unwrap_or(0);
    let mut line = String::new();
    for (day, begins) in chart.days.iter().zip(begins).skip(today % step).step_by(step) {
        let Some(column) = begins.filter(|column| column + day.label.chars().count() <= columns) else { continue };
        line.push_str(&" ".repeat(column.saturating_sub(line.chars().count())));
        line.push_str(day.label);
    }
    line
}

/// A word under a column, to the left of the column where it would reach too far.
fn pointer(column: usize, word: &str) -> String {
    let long = word.chars().count() + 2;
    if column + long <= WIDTH {
        format!("{}↑ {word}", " ".repeat(column))
    } else {
        format!("{}{word} ↑", " ".repeat((column + 1).saturating_sub(long)))
    }
}
