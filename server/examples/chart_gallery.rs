//! Writes an HTML page with every picture the server draws, in typical and awkward cases, to look at by eye:
//! `cargo run -p server --example chart_gallery -- gallery.html`. The flood is that of April 2022 at Fredericton, from
//! the shared feed samples; its forecast and all else here is invented.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use hydro::{Parameter, Rank, SignedDuration, Timestamp, Value};
use server::chart::glyph::{self, Key};
use server::chart::ladder::{Ladder, Rung, RungKind};
use server::chart::{Day, LevelChart, Line, Sample, style};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).ok_or("usage: chart_gallery FILE")?;
    let observed = fredericton()?;
    let mut page =
        format!("<!doctype html><meta charset=utf-8><title>Charts</title><style>{}{PAGE}</style>", style::CSS);
    page.push_str(&glyph::sprite(&[None]));
    for (name, width, french, case) in cases(&observed) {
        let drawn = draw(&case, width, french, page.len());
        write!(page, "<figure><figcaption>{name}</figcaption>{drawn}</figure>")?;
        if name == "flood week" && width == 360 {
            std::fs::write(Path::new(&out).with_extension("svg"), standalone(&case, width))?;
            eprintln!("the flood week at 360 px is {} bytes", drawn.len());
        }
    }
    page.push_str(&ladders());
    page.push_str(&glyphs());
    std::fs::write(out, page)?;
    Ok(())
}

const PAGE: &str = "body{margin:16px;background:var(--paper);color:var(--ink);font:16px system-ui,sans-serif;display:flex;\
                    flex-wrap:wrap;gap:24px;align-items:start}figure{margin:0}figcaption{color:var(--muted);font-size:14px;\
                    margin-bottom:8px}p{margin:4px 0}.small{font-size:12.8px}.large{font-size:32px}";

#[derive(Clone, Default)]
struct Case {
    observed: Vec<Vec<Sample>>,
    doubtful: Vec<Sample>,
    forecast: Vec<Sample>,
    spread: Option<i64>,
    thresholds: Vec<i64>,
    now: &'static str,
    days_ahead: i64,
}

const NOW: &str = "2022-04-18T21:05:00Z";
const LATER: &str = "2022-05-30T12:00:00Z";
const NEW_BRUNSWICK: [i64; 4] = [4500, 5500, 6000, 6500];

fn cases(week: &[Sample]) -> Vec<(&'static str, u32, bool, Case)> {
    let flood = Case {
        observed: vec![week.to_vec()],
        forecast: forecast(5950, 480),
        spread: Some(250),
        thresholds: NEW_BRUNSWICK.to_vec(),
        now: NOW,
        days_ahead: 5,
        ..Case::default()
    };
    let shifted = |by: i64, share: i64| -> Vec<Sample> {
        week.iter().map(|(at, v)| (*at, Value::from_milli(by + (v.milli() - 3600) / share))).collect()
    };
    let low = Case { observed: vec![shifted(1200, 60)], forecast: vec![], ..flood.clone() };
    let gap = Case {
        observed: vec![week[..700].to_vec(), week[1100..1101].to_vec(), week[1300..].to_vec()],
        doubtful: (week[720..1000].iter().step_by(20).zip(0_i64..))
            .map(|((at, _), i)| (*at, Value::from_milli(4300 + 90 * (i % 5))))
            .collect(),
        forecast: vec![],
        ..flood.clone()
    };
    vec![
        ("flood week", 360, false, flood.clone()),
        ("flood week, 320, French", 320, true, flood.clone()),
        ("flood week, 640", 640, false, flood.clone()),
        ("low water, far thresholds", 360, false, low),
        ("a gap, a lone point, doubtful points", 360, false, gap),
        (
            "stale: now is out of the window",
            360,
            false,
            Case { forecast: vec![], now: LATER, days_ahead: 0, ..flood.clone() },
        ),
        ("forecast only", 360, false, Case { observed: vec![], ..flood.clone() }),
        ("no thresholds", 360, true, Case { thresholds: vec![], ..flood.clone() }),
        (
            "one point",
            320,
            false,
            Case { observed: vec![week[2000..2001].to_vec()], forecast: vec![], ..flood.clone() },
        ),
        ("thresholds close together", 320, true, Case { thresholds: vec![6000, 6100, 6200, 6250], ..flood.clone() }),
        (
            "above flood for days",
            360,
            false,
            Case { observed: vec![shifted(7000, 2)], forecast: forecast(8175, 600), ..flood.clone() },
        ),
        ("thresholds alone", 320, false, Case { observed: vec![], forecast: vec![], ..flood }),
    ]
}

fn fredericton() -> Result<Vec<Sample>, Box<dyn std::error::Error>> {
    let root: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "shared", "feeds", "eccc"].iter().collect();
    let text = std::fs::read_to_string(root.join("flood-2022-04/01AK003_level_2022-04-11_2022-04-18.csv"))?;
    let mut samples = Vec::new();
    for line in text.lines().filter(|line| line.contains(",46,") && line.starts_with("2022")) {
        let mut cells = line.split(',');
        let (time, value) = (cells.next().ok_or("no time")?, cells.nth(1).ok_or("no value")?);
        samples.push((format!("{}-04:00", time.replace(' ', "T")).parse()?, value.parse()?));
    }
    Ok(samples)
}

/// Five days by the hour from [`NOW`], with a crest on the third.
fn forecast(start: i64, rise: i64) -> Vec<Sample> {
    let now: Timestamp = NOW.parse().unwrap_or_default();
    (0..=120)
        .map(|hour| {
            let x = (f64::from(hour) - 66.0) / 30.0;
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
            let level = start + (rise as f64 * ((-x * x).exp() - f64::from(hour) / 400.0)) as i64;
            (now + SignedDuration::from_hours(i64::from(hour)), Value::from_milli(level))
        })
        .collect()
}

fn height(french: bool) -> impl Fn(Value) -> String {
    move |value: Value| {
        let text = format!("{:.2}\u{a0}m", value.as_f64());
        if french { text.replace('.', ",") } else { text }
    }
}

const ENGLISH: [&str; 4] = ["Advisory", "Watch", "Warning", "Flood"];
const FRENCH: [&str; 4] = ["Avis", "Veille", "Avertissement", "Inondation"];

fn with_chart<T>(case: &Case, width: u32, french: bool, id: &str, use_it: impl Fn(&LevelChart) -> T) -> T {
    let from: Timestamp = "2022-04-11T21:00:00Z".parse().unwrap_or_default();
    let until = from + SignedDuration::from_hours(24 * (7 + case.days_ahead));
    let midnight: Timestamp = "2022-04-11T03:00:00Z".parse().unwrap_or_default();
    let words = if french {
        ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."]
    } else {
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    };
    let day = |i: i64| midnight + SignedDuration::from_hours(24 * i);
    let band = |by: i64| -> Vec<Sample> {
        let widen = |(i, (at, v)): (i64, &Sample)| (*at, Value::from_milli(v.milli() + by * i / 120));
        (0..).zip(&case.forecast).map(widen).collect()
    };
    let name = |i: usize| if french { FRENCH[i] } else { ENGLISH[i] };
    use_it(&LevelChart {
        id,
        parameter: Parameter::Level,
        size: (width, 240),
        from,
        until,
        now: case.now.parse().unwrap_or_default(),
        now_label: if french { "maintenant" } else { "now" },
        observed: case.observed.clone(),
        doubtful: case.doubtful.clone(),
        forecast: case.forecast.clone(),
        previous: vec![],
        band: case.spread.map(|spread| (band(-spread), band(spread))).filter(|_| !case.forecast.is_empty()),
        peak: case.forecast.iter().copied().max_by_key(|sample| sample.1),
        mark: None,
        thresholds: (case.thresholds.iter().zip(1..))
            .filter_map(|(value, n)| {
                Some(Line { rank: Rank::new(n)?, label: name(usize::from(n) - 1), value: Value::from_milli(*value) })
            })
            .collect(),
        days: (0..14)
            .zip(words.into_iter().cycle())
            .map(|(i, label)| Day { start: day(i), end: day(i + 1), label })
            .collect(),
        height: &height(french),
        title: "Water level",
        desc: "5.95 m at 18:05 Monday, falling; forecast to peak at 6.43 m Thursday about 11:00",
        note: None,
    })
}

fn draw(case: &Case, width: u32, french: bool, id: usize) -> String {
    with_chart(case, width, french, &format!("c{id}"), |chart| chart.svg().unwrap_or_else(|| "nothing to draw".into()))
}

fn standalone(case: &Case, width: u32) -> String {
    with_chart(case, width, false, "c", |chart| chart.standalone().unwrap_or_default())
}

fn ladders() -> String {
    let french = [
        (8360, "8,36\u{a0}m", "Crue de 2008, la plus haute depuis 1973", RungKind::Record),
        (8310, "8,31\u{a0}m", "Crue de 2018", RungKind::Flood),
        (
            7000,
            "7,00\u{a0}m",
            "L’eau atteint les maisons de la rue Waterloo et la promenade est fermée",
            RungKind::Impact,
        ),
        (6500, "6,50\u{a0}m", "Niveau d’inondation", RungKind::Threshold(Rank::ALL[4])),
        (6430, "6,43\u{a0}m", "Maximum prévu, jeudi vers 11\u{a0}h", RungKind::Peak),
        (
            6000,
            "6,00\u{a0}m",
            "Avertissement · dépassé jusqu’à aujourd’hui 16\u{a0}h\u{a0}40",
            RungKind::Threshold(Rank::ALL[3]),
        ),
        (5954, "5,95\u{a0}m", "Maintenant", RungKind::Now),
        (5500, "5,50\u{a0}m", "Veille · depuis samedi 17\u{a0}h\u{a0}56", RungKind::Threshold(Rank::ALL[2])),
        (4500, "4,50\u{a0}m", "Avis", RungKind::Threshold(Rank::ALL[1])),
    ];
    let english = [
        (8360, "8.36\u{a0}m", "Flood of 2008", RungKind::Flood),
        (8310, "8.31\u{a0}m", "Flood of 2018", RungKind::Flood),
        (6500, "6.50\u{a0}m", "Flood level", RungKind::Threshold(Rank::ALL[4])),
        (6000, "6.00\u{a0}m", "Warning", RungKind::Threshold(Rank::ALL[3])),
        (5500, "5.50\u{a0}m", "Watch", RungKind::Threshold(Rank::ALL[2])),
        (4500, "4.50\u{a0}m", "Advisory", RungKind::Threshold(Rank::ALL[1])),
    ];
    let one = |id: &str, width: u32, now: Option<i64>, rungs: &[(i64, &'static str, &'static str, RungKind)]| {
        let rungs = rungs
            .iter()
            .map(|&(v, text, label, kind)| Rung { value: Value::from_milli(v), text, label, kind })
            .collect();
        let parameter = Parameter::Level;
        let ladder = Ladder {
            parameter,
            id,
            width,
            now: now.map(Value::from_milli),
            rungs,
            title: "How high is that?",
            desc: "",
        };
        format!("<figure><figcaption>ladder {width}</figcaption>{}</figure>", ladder.svg().unwrap_or_default())
    };
    one("l1", 328, Some(5954), &french) + &one("l2", 328, None, &english) + &one("l3", 328, Some(1210), &english)
}

fn glyphs() -> String {
    let all: String = Rank::ALL.into_iter().map(Some).chain([None]).map(glyph::glyph).collect();
    let keys: String = [Key::Measured, Key::Forecast, Key::Band, Key::Doubtful].map(glyph::key).join(" ");
    format!("<figure><p class=small>{all}</p><p>{all}</p><p class=large>{all}</p><p>{keys}</p></figure>")
}
