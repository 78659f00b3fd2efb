//! The pictures as whole: what reviewers see in the snapshots, and what holds for every picture.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use hydro::SignedDuration;
use quick_xml::events::Event;

use super::glyph;
use super::ladder::{Ladder, Rung, RungKind};
use super::*;

mod every;

const HOUR: i64 = 3600;

fn at(seconds: i64) -> Timestamp {
    "2022-04-18T21:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

fn sample(seconds: i64, milli: i64) -> Sample {
    (at(seconds), Value::from_milli(milli))
}

fn metres(value: Value) -> String {
    format!("{:.2}\u{a0}m", value.as_f64())
}

/// A week back and five days ahead around a quiet present, without data.
fn empty() -> LevelChart<'static> {
    LevelChart {
        id: "a",
        parameter: Parameter::Level,
        size: (360, 240),
        from: at(-168 * HOUR),
        until: at(120 * HOUR),
        now: at(0),
        now_label: "now",
        observed: vec![],
        doubtful: vec![],
        forecast: vec![],
        previous: vec![],
        band: None,
        peak: None,
        thresholds: vec![],
        mark: None,
        days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
            .iter()
            .cycle()
            .zip(0..13)
            .map(|(label, i)| Day { start: at((24 * i - 186) * HOUR), end: at((24 * i - 162) * HOUR), label })
            .collect(),
        height: &metres,
        title: "Water level at Fredericton",
        desc: "5.95 m at 18:00 Monday & <falling>",
        note: None,
    }
}

fn thresholds(levels: [i64; 4]) -> Vec<Line<'static>> {
    let named = ["Advisory", "Watch", "Warning", "Flood"].into_iter().zip(levels).zip(&Rank::ALL[1..]);
    named.map(|((label, milli), rank)| Line { rank: *rank, label, value: Value::from_milli(milli) }).collect()
}

/// A week by five minutes with daily waves and noise, and five days ahead by the hour with a crest.
fn busy() -> LevelChart<'static> {
    let wave = |x: f64| (5000.0 + 900.0 * (x / 40.0).sin() + 60.0 * (x / 3.3).sin() + 12.0 * (x * 2.7).sin()).round();
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    let level = |minutes: i64| sample(minutes * 60, wave(minutes as f64 / 60.0) as i64);
    let observed: Vec<Sample> = (-2015..=0).map(|i| level(5 * i)).collect();
    let forecast: Vec<Sample> = (0..=120).map(|hour| level(60 * hour)).collect();
    let shift = |by: i64| forecast.iter().map(|(at, v)| (*at, *v + Value::from_milli(by))).collect();
    LevelChart {
        observed: vec![observed],
        band: Some((shift(-200), shift(200))),
        peak: forecast.iter().copied().max_by_key(|sample| sample.1),
        forecast,
        thresholds: thresholds([4500, 5500, 6000, 6500]),
        ..empty()
    }
}

/// Every start tag of a picture with its attributes; fails when it is not well-formed.
fn elements(svg: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut reader = quick_xml::Reader::from_str(svg);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error} in {svg}")) {
            Event::Start(tag) | Event::Empty(tag) => {
                let attributes = tag.attributes().map(|attribute| attribute.expect("an attribute"));
                let pairs = attributes.map(|a| (a.key.as_ref().to_owned(), a.value.to_string())).collect();
                found.push((tag.name().as_ref().to_owned(), pairs));
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// Fails unless every number is whole and every place lies on or about the sheet.
fn check(svg: &str) {
    for (name, attributes) in elements(svg) {
        for (key, value) in attributes {
            assert!(key != "style", "a style attribute is blocked by the content security policy");
            if matches!(key.as_str(), "x" | "y" | "cx" | "cy" | "r") {
                let number: i32 = value.parse().unwrap_or_else(|_| panic!("{name} {key}={value}"));
                assert!((-300..=10_000).contains(&number), "{name} {key}={value}");
            }
            if key == "d" {
                assert!(value.chars().all(|c| "mlhvz -0123456789".contains(c)), "{value}");
            }
        }
    }
}

fn lines(svg: &str) -> String {
    svg.replace("><", ">\n<")
}

#[test]
fn a_chart_with_everything() {
    let chart = LevelChart {
        observed: vec![
            vec![sample(-168 * HOUR, 4000), sample(-100 * HOUR, 5200), sample(-90 * HOUR, 4800)],
            vec![sample(-70 * HOUR, 5000)],
            vec![sample(-50 * HOUR, 5100), sample(0, 5950)],
        ],
        doubtful: vec![sample(-80 * HOUR, 4500), sample(-79 * HOUR, 4500), sample(-78 * HOUR, 99_000)],
        forecast: vec![sample(HOUR, 5950), sample(66 * HOUR, 6430), sample(120 * HOUR, 5800)],
        band: Some((
            vec![sample(HOUR, 5950), sample(120 * HOUR, 5600)],
            vec![sample(HOUR, 5950), sample(66 * HOUR, 6600), sample(120 * HOUR, 6000)],
        )),
        peak: Some(sample(66 * HOUR, 6430)),
        thresholds: thresholds([4500, 5500, 6000, 6500]),
        ..empty()
    };
    check(&chart.svg().unwrap());
    insta::assert_snapshot!(lines(&chart.svg().unwrap()));
}

#[test]
fn the_forecast_before_and_the_readers_mark_are_drawn() {
    let quiet = || LevelChart {
        forecast: vec![sample(HOUR, 5000), sample(66 * HOUR, 5400), sample(120 * HOUR, 5100)],
        previous: vec![sample(-23 * HOUR, 4900), sample(60 * HOUR, 5200), sample(96 * HOUR, 5000)],
        ..empty()
    };
    let drawn = |mark| LevelChart { mark: Some((Value::from_milli(mark), "My mark")), ..quiet() }.svg().unwrap();
    let within = drawn(5300);
    check(&within);
    assert_eq!((within.matches("class=\"ri\"").count(), within.matches("class=\"ry\"").count()), (1, 1));
    assert!(within.contains(">My mark<") && within.contains(">5.30\u{a0}m<"));
    let beyond = drawn(9000);
    assert!(beyond.contains("↑ My mark") && !beyond.contains("class=\"ry\""), "named at the top without a line");
    assert!(!drawn(1000).contains("My mark"), "the water is far above it: the ladder shows it");
    let plain = LevelChart { previous: vec![], ..quiet() }.svg().unwrap();
    assert!(!plain.contains("\"ri\"") && !plain.contains("\"ry\""));
}

#[test]
fn low_water_far_below_the_thresholds() {
    let chart = LevelChart {
        observed: vec![vec![sample(-168 * HOUR, 1200), sample(0, 1210)]],
        thresholds: thresholds([4500, 5500, 6000, 6500]),
        ..empty()
    };
    insta::assert_snapshot!(lines(&chart.svg().unwrap()));
}

#[test]
fn a_ladder() {
    let rung = |milli: i64, text, label, kind| Rung { value: Value::from_milli(milli), text, label, kind };
    let ladder = Ladder {
        parameter: Parameter::Level,
        id: "l",
        width: 328,
        now: Some(Value::from_milli(5950)),
        rungs: vec![
            rung(4500, "4,50 m", "Avis", RungKind::Threshold(Rank::ALL[1])),
            rung(6500, "6,50 m", "Inondation", RungKind::Threshold(Rank::ALL[4])),
            rung(5950, "5,95 m", "Maintenant", RungKind::Now),
            rung(6430, "6,43 m", "Maximum prévu, jeudi vers 11 h", RungKind::Peak),
            rung(8360, "8,36 m", "Crue de 2008, la plus haute depuis que l’on mesure", RungKind::Record),
        ],
        title: "À quelle hauteur?",
        desc: "",
    };
    check(&ladder.svg().unwrap());
    insta::assert_snapshot!(lines(&ladder.svg().unwrap()));
    let stale = Ladder { now: None, ..ladder };
    assert!(!stale.svg().unwrap().contains(r#"class="ru""#), "no water without a fresh level");
    assert!(Ladder { rungs: vec![], ..stale }.svg().is_none());
}

#[test]
fn the_sprite() {
    elements(&glyph::sprite(&every_glyph()));
    insta::assert_snapshot!(lines(&glyph::sprite(&every_glyph())));
    assert!(glyph::glyph(None).contains("#gu") && glyph::glyph(Some(Rank::NORMAL)).contains("#g0"));
}

#[test]
fn nothing_to_draw_is_no_picture() {
    assert!(empty().svg().is_none());
    let beyond = LevelChart { observed: vec![vec![sample(-999 * HOUR, 5000)]], ..empty() };
    assert!(beyond.svg().is_none());
    let backwards = LevelChart { until: at(-200 * HOUR), ..busy() };
    assert!(backwards.svg().is_none());
    let frame = LevelChart { thresholds: thresholds([4500, 5500, 6000, 6500]), ..empty() };
    check(&frame.svg().unwrap());
}

#[test]
fn now_is_drawn_only_inside_the_window() {
    assert!(busy().svg().unwrap().contains(r#"class="rn""#));
    let stale = LevelChart { now: at(121 * HOUR), ..busy() };
    assert!(!stale.svg().unwrap().contains(r#"class="rn""#));
}

#[test]
fn no_line_crosses_a_gap_or_joins_the_forecast() {
    let runs = vec![vec![sample(-9 * HOUR, 1), sample(-8 * HOUR, 400)], vec![sample(-4 * HOUR, 9), sample(0, 300)]];
    let svg =
        LevelChart { observed: runs, forecast: vec![sample(0, 300), sample(9 * HOUR, 1)], ..empty() }.svg().unwrap();
    let drawn = |class: &str| {
        let (_, attributes) =
            elements(&svg).into_iter().find(|(_, a)| a.contains(&("class".into(), class.into()))).unwrap();
        attributes.into_iter().find(|(key, _)| key == "d").unwrap().1
    };
    assert_eq!(drawn("ro").matches('m').count(), 2);
    assert_eq!(drawn("rp").matches('m').count(), 1);
}

fn compressed(svg: &str) -> usize {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::new(6));
    gzip.write_all(svg.as_bytes()).unwrap();
    gzip.finish().unwrap().len()
}

/// The flood of April 2022 at Fredericton, or none where the feed samples are not at hand.
fn fredericton() -> Option<Vec<Sample>> {
    let feeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/feeds/eccc/flood-2022-04");
    let text = std::fs::read_to_string(format!("{feeds}/01AK003_level_2022-04-11_2022-04-18.csv")).ok()?;
    let levels = text.lines().filter(|line| line.starts_with("2022") && line.contains(",46,"));
    let read = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        (format!("{}-04:00", cells[0].replace(' ', "T")).parse().unwrap(), cells[2].parse().unwrap())
    };
    Some(levels.map(read).collect())
}

#[test]
fn the_flood_of_2022_is_a_small_picture() {
    let Some(week) = fredericton() else {
        eprintln!("skipped: ../shared/feeds is absent");
        return;
    };
    let now = week[week.len() - 1].0;
    let crest = |hour: i64| 480 - (hour - 66) * (hour - 66) / 9;
    let bound = |by: i64| -> Vec<Sample> {
        (0..=120)
            .map(|hour| (now + SignedDuration::from_hours(hour), Value::from_milli(5950 + crest(hour) + by * hour)))
            .collect()
    };
    let chart = LevelChart {
        from: now - SignedDuration::from_hours(168),
        until: now + SignedDuration::from_hours(120),
        now,
        observed: vec![week],
        forecast: bound(0),
        band: Some((bound(-2), bound(2))),
        peak: bound(0).into_iter().max_by_key(|sample| sample.1),
        thresholds: thresholds([4500, 5500, 6000, 6500]),
        ..empty()
    };
    let svg = chart.svg().unwrap();
    assert!(svg.len() < 4000 && compressed(&svg) < 1200, "{} bytes, {} compressed", svg.len(), compressed(&svg));
    check(&svg);
}

#[test]
fn a_week_by_five_minutes_is_a_small_picture() {
    let svg = busy().svg().unwrap();
    let small = compressed(&svg);
    assert!(svg.len() < 5000 && small < 1500, "{} bytes, {small} compressed", svg.len());
}

#[test]
fn a_chart_in_letters() {
    let gap = |run: &[Sample]| vec![run[..900].to_vec(), run[1300..].to_vec()];
    let chart = LevelChart { observed: gap(&busy().observed[0]), ..busy() };
    insta::assert_snapshot!(chart.text().join("\n"));
    assert!(LevelChart { thresholds: vec![], ..empty() }.text().is_empty());
}

#[test]
fn the_style_sheet_knows_every_class_and_is_small() {
    let mut pictures = busy().svg().unwrap() + &glyph::sprite(&every_glyph());
    pictures += &LevelChart { doubtful: vec![sample(-HOUR, 5000)], ..busy() }.standalone().unwrap();
    for (name, attributes) in elements(&format!("<all>{pictures}</all>")) {
        for class in attributes.iter().filter(|(key, _)| key == "class").flat_map(|(_, classes)| classes.split(' ')) {
            let css = crate::page::Style::Station.css();
            assert!(css.contains(&format!(".{class}{{")) || css.contains(&format!(".{class},")), "{name}.{class}");
        }
    }
    assert!(style::CSS.len() < 2048);
}

#[test]
fn pictures_that_stand_alone_are_whole_documents() {
    let svg = busy().standalone().unwrap();
    elements(&svg);
    assert!(svg.starts_with(r#"<svg xmlns="http://www.w3.org/2000/svg""#) && svg.contains("<style>"));
}

fn every_glyph() -> Vec<Option<Rank>> {
    Rank::ALL.map(Some).into_iter().chain([None]).collect()
}
