//! What the page of a station says beside the sentence: the forecast before, and where its numbers stand on the chart.

use super::*;

const DOTTED: &str = "class=\"ri\"";

/// The page in every language, after so many hours, with the legend's words for the forecast before.
fn pages(observed: Vec<Point>, forecasts: [Option<Forecast>; 2]) -> Vec<(String, &'static str)> {
    let station = station();
    let state = StationNow::new(&station, None, observed, forecasts.map(|issue| issue.map(Arc::new)), now());
    let words = |texts: crate::Language| texts.forecasts.previous.split('{').next().unwrap_or_default();
    languages().map(|texts| (page(&station, state.clone(), texts, now()), words(texts))).collect()
}

#[test]
fn the_forecast_before_is_drawn_and_named_where_there_is_one() {
    let current = || Some(forecast(5, &[5000, 6000, 5800]));
    let before = Some(forecast(29, &[5000, 5700, 5600]));
    for (page, words) in pages(observed(0, 4600, 40), [current(), before]) {
        assert_eq!(page.matches(DOTTED).count(), 2, "the line and its key");
        assert!(page.contains(words), "{words}");
    }
    let mut over = forecast(80, &[5000, 5700, 5600]);
    over.points.iter_mut().for_each(|(valid, _)| *valid -= SignedDuration::from_hours(48));
    let old = Some(forecast(30, &[5000, 5700, 5600]));
    for forecasts in [[current(), None], [current(), Some(over)], [None, None], [old.clone(), old]] {
        for (page, words) in pages(observed(0, 4600, 40), forecasts) {
            assert!(!page.contains(DOTTED) && !page.contains(words), "{words}");
        }
    }
}

#[test]
fn days_without_a_number_are_told_to_the_script() {
    let level = |hours: i64| {
        let value = Some(Value::from_milli(4600));
        Point { valid: now() - SignedDuration::from_hours(hours), value, quality: None }
    };
    for (page, _) in pages(vec![level(80), level(79), level(1), level(0)], [None, None]) {
        assert!(page.contains(" data-after=\"4320\""), "three days lie between");
        assert_eq!(page.matches(" data-after=").count(), 1);
    }
    for (page, _) in pages(observed(0, 4600, 40), [Some(forecast(5, &[5000, 6000, 5800])), None]) {
        assert!(page.contains("<table data-at=\"") && !page.contains(" data-after="), "one day after the other");
    }
}
