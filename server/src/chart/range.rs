//! The stretch of levels a chart shows: all of its data, and as many thresholds around them as leave the water room.

use hydro::Parameter;

use super::{LevelChart, Sample};

/// A quiet river is shown at least this many metres high, so that noise does not look like drama.
const LEAST: f64 = 0.5;
/// And its discharge at least so large a share of itself: a rating curve wavers by several hundredths.
const LEAST_SHARE: f64 = 0.2;
/// The least of a discharge, in cubic metres a second, so that a dry bed has a scale.
const LEAST_DISCHARGE: f64 = 0.01;
/// The share of the height that the data keep whatever threshold asks for room.
const DATA_SHARE: f64 = 0.55;
/// Air below and above what is shown, in shares of it.
const AIR: f64 = 0.06;

/// The lowest and highest level of the chart in metres, or none when there is nothing to draw. `headroom` is the share
/// of the height wanted above the forecast's peak for its words.
pub(super) fn vertical(chart: &LevelChart, headroom: f64) -> Option<(f64, f64)> {
    let named = chart.thresholds.iter().map(|line| line.value).chain(chart.mark.map(|(value, _)| value));
    let thresholds: Vec<f64> = named.map(hydro::Value::as_f64).collect();
    let at_least = |data| at_least(data, chart.parameter);
    let (low, high) = match extent(data(chart)).or_else(|| extent(levels(chart, &chart.doubtful))) {
        Some(data) => with_thresholds(at_least(data), &thresholds),
        None => at_least(extent(thresholds.into_iter())?),
    };
    let air = AIR * (high - low);
    let (bottom, top) = (floor(low - air, low, chart.parameter), high + air);
    let peak = chart.peak.filter(|peak| chart.shown(peak)).map(|(_, value)| value.as_f64());
    let top = peak.map_or(top, |peak| top.max((peak - headroom * bottom) / (1.0 - headroom)));
    Some((bottom, top))
}

/// Every level that must be seen.
fn data<'a>(chart: &'a LevelChart) -> impl Iterator<Item = f64> + 'a {
    let band = chart.band.iter().flat_map(|(lower, upper)| [lower, upper]);
    let lines = chart.observed.iter().chain([&chart.forecast, &chart.previous]).chain(band);
    let peak = chart.peak.iter().filter(|peak| chart.shown(peak));
    lines.flat_map(|line| chart.within(line)).chain(peak).map(|(_, value)| value.as_f64())
}

fn levels<'a>(chart: &'a LevelChart, samples: &'a [Sample]) -> impl Iterator<Item = f64> + 'a {
    chart.within(samples).iter().map(|(_, value)| value.as_f64())
}

fn extent(levels: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    levels.fold(None, |extent, level| match extent {
        None => Some((level, level)),
        Some((low, high)) => Some((f64::min(low, level), f64::max(high, level))),
    })
}

fn at_least((low, high): (f64, f64), parameter: Parameter) -> (f64, f64) {
    let least = match parameter {
        Parameter::Level => LEAST,
        Parameter::Discharge => (LEAST_SHARE * high.abs().max(low.abs())).max(LEAST_DISCHARGE),
    };
    let missing = (least - (high - low)).max(0.0) / 2.0;
    (floor(low - missing, low, parameter), high + missing)
}

/// The lowest to be shown: of a discharge nothing below none, unless the river runs upstream.
pub(super) fn floor(wanted: f64, lowest: f64, parameter: Parameter) -> f64 {
    match parameter {
        Parameter::Level => wanted,
        Parameter::Discharge => wanted.max(lowest.min(0.0)),
    }
}

/// The data's extent stretched to thresholds outside it, the nearest above first, while the data keep their share.
fn with_thresholds(data: (f64, f64), thresholds: &[f64]) -> (f64, f64) {
    let most = (data.1 - data.0) / DATA_SHARE / (1.0 + 2.0 * AIR);
    let mut above: Vec<f64> = thresholds.iter().copied().filter(|level| *level > data.1).collect();
    let mut below: Vec<f64> = thresholds.iter().copied().filter(|level| *level < data.0).collect();
    above.sort_by(f64::total_cmp);
    below.sort_by(|one, other| other.total_cmp(one));
    above.into_iter().chain(below).fold(data, |shown, level| {
        let stretched = (shown.0.min(level), shown.1.max(level));
        if stretched.1 - stretched.0 <= most { stretched } else { shown }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_far_threshold_does_not_squeeze_the_water() {
        assert_eq!(with_thresholds((1.0, 2.0), &[6.5, 2.4, 2.5, 0.2]), (1.0, 2.5));
        assert_eq!(with_thresholds((1.0, 2.0), &[6.5]), (1.0, 2.0));
        assert_eq!(with_thresholds((6.0, 7.0), &[5.8, 5.5, 3.0]), (5.5, 7.0));
    }

    #[test]
    fn a_quiet_river_looks_quiet() {
        let level = |data| at_least(data, Parameter::Level);
        assert_eq!((level((2.0, 2.0)), level((2.0, 3.0))), ((1.75, 2.25), (2.0, 3.0)));
        let discharge = |data| at_least(data, Parameter::Discharge);
        assert_eq!((discharge((300.0, 300.0)), discharge((300.0, 400.0))), ((270.0, 330.0), (300.0, 400.0)));
        assert_eq!((discharge((0.0, 0.0)), discharge((-5.0, 5.0))), ((0.0, 0.005), (-5.0, 5.0)));
    }
}
