//! What holds for every chart, whatever its data.

use proptest::prelude::*;

use super::*;

/// What an arbitrary chart is made of; the steps are seconds and millimetres.
type Recipe = (Vec<(i64, i64)>, i64, usize, [i64; 4], (u32, u32), (i64, bool));

fn any_chart() -> impl Strategy<Value = Recipe> {
    (
        prop::collection::vec((1..40_000_i64, -300..300_i64), 0..60),
        prop_oneof![Just(0_i64), Just(Value::LIMIT), Just(-Value::LIMIT), -5000..9000_i64],
        0..60_usize,
        prop::array::uniform4(-9000..9000_i64),
        (320..700_u32, 200..400_u32),
        (-200..200_i64, any::<bool>()),
    )
}

fn chart((steps, start, cut, levels, size, (now, peak)): Recipe) -> LevelChart<'static> {
    let mut here = (-168 * HOUR, start);
    let next = |(dt, dv)| {
        here = (here.0 + dt, here.1 + dv);
        sample(here.0, here.1)
    };
    let line: Vec<Sample> = steps.into_iter().map(next).collect();
    let (observed, forecast) = line.split_at(cut.min(line.len()));
    LevelChart {
        size,
        now: at(now * HOUR),
        doubtful: observed.iter().step_by(7).copied().collect(),
        peak: forecast.iter().copied().max_by_key(|sample| sample.1).filter(|_| peak),
        band: Some((forecast.to_vec(), forecast.to_vec())),
        observed: observed.chunks(9).map(<[Sample]>::to_vec).collect(),
        forecast: forecast.to_vec(),
        thresholds: thresholds(levels),
        ..empty()
    }
}

proptest! {
    #[test]
    fn every_chart_is_well_formed_and_on_its_sheet(recipe in any_chart()) {
        check(&chart(recipe).svg().expect("thresholds at least"));
    }

    #[test]
    fn every_chart_in_letters_keeps_its_measure(recipe in any_chart()) {
        let chart = chart(recipe);
        let lines = chart.text();
        prop_assert!(lines.len() <= 10 && lines.len() >= 9, "{lines:#?}");
        for line in &lines {
            prop_assert!(line.chars().count() <= 60 && line.trim_end() == line, "{lines:#?}");
        }
        let now = (chart.from..=chart.until).contains(&chart.now);
        prop_assert_eq!(lines.last().is_some_and(|line| line.contains('↑')), now && chart.now != chart.until, "{:#?}", lines);
    }

    #[test]
    fn labels_at_the_edge_never_touch(recipe in any_chart()) {
        let svg = chart(recipe).svg().expect("thresholds at least");
        let place = |attributes: &[(String, String)], key: &str| -> i32 {
            attributes.iter().find(|(k, _)| k == key).map_or(0, |(_, v)| v.parse().unwrap())
        };
        let mut places: Vec<(i32, i32)> = elements(&svg)
            .iter()
            .filter(|(name, a)| name == "text" && !a[0].1.contains("rc"))
            .map(|(_, a)| (place(a, "x"), place(a, "y")))
            .collect();
        places.sort_unstable();
        for pair in places.windows(2) {
            prop_assert!(pair[0].0 == pair[1].0 && pair[1].1 - pair[0].1 >= 130, "{places:?}");
        }
    }
}
