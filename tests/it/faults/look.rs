//! What the site says, gathered for each row, and held against what is expected.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::documents::Row;
use super::fault::{Data, Fault, Look, Seen};
use crate::support::program::Running;
use crate::support::{LANGUAGES, html};

/// What can be asked once for all rows.
pub(crate) struct Common {
    health: Json,
    feeds: Vec<String>,
}

impl Common {
    /// Asks; the page of the feeds must be sound in every language.
    pub(crate) fn of(site: &Running) -> Self {
        let feeds: Vec<String> = LANGUAGES.map(|language| site.page(&format!("/{language}/status"))).into();
        for page in &feeds {
            html::read(page);
        }
        assert_eq!((site.get("/livez").status, site.get("/readyz").status), (200, 200), "no feed makes it unready");
        Self { health: site.json("/healthz"), feeds }
    }
}

/// Looks at a row's stations. Whatever is not there, or an error, ends the test.
pub(crate) fn look(site: &Running, common: &Common, fault: &Fault) -> Look {
    let health = common.health["feeds"].as_array().expect("feeds").iter().find(|feed| feed["id"] == fault.id());
    let mut look = Look {
        health: health.expect("the feed").clone(),
        overall: common.health.clone(),
        feeds: common.feeds.clone(),
        ..Look::default()
    };
    let mut stations = fault.stations().into_iter();
    let Some(first) = stations.next() else { return look };
    look.station = site.json(&format!("/en/station/{first}.json"));
    look.others = stations.map(|id| site.json(&format!("/fr/station/{id}.json"))).collect();
    look.pages = LANGUAGES.map(|language| site.page(&format!("/{language}/station/{first}"))).into();
    look.etag = site.get(&format!("/en/station/{first}")).header("etag").map(str::to_owned);
    let picture = site.get(&format!("/en/station/{first}.svg"));
    // There is none where there is nothing to draw.
    look.picture = if picture.status == 404 { String::new() } else { picture.text() };
    for file in ["txt", "csv"] {
        assert!(!site.page(&format!("/fr/station/{first}.{file}")).is_empty());
    }
    look
}

/// The names of the expectations that are not met.
pub(crate) fn judge(fault: &Fault, seen: &Seen) -> Vec<&'static str> {
    let fetch = &seen.log.fetch;
    let message = fetch.message.as_deref();
    let said = |run: &crate::support::program::Output| run.err.contains(&format!("outcome=\"{}\"", fault.outcome));
    let code = Some(i32::from(fault.outcome == "failed"));
    let mut expectations = vec![
        ("outcome", fetch.outcome.name() == fault.outcome),
        ("says", message.map_or(fault.says.is_empty(), |said| !fault.says.is_empty() && said.contains(fault.says))),
        ("log", seen.runs.iter().all(said)),
        ("exit", seen.runs.iter().all(|run| run.code == code)),
        ("health", healthy(fault, seen)),
    ];
    if !seen.after.station.is_null() {
        expectations.extend([
            ("data", measured(fault, seen)),
            ("level", seen.after.station["status"]["level"] == fault.level),
            ("page", seen.after.pages.iter().all(|page| is_sound(page)) && shows_the_level(seen)),
            ("age", ages(seen)),
        ]);
    }
    expectations.extend(fault.also.iter().map(|(name, holds)| (*name, holds(seen))));
    expectations.into_iter().filter(|(_, holds)| !holds).map(|(name, _)| name).collect()
}

/// Whether the health of the feed and of all is as it should be, and tells the message.
fn healthy(fault: &Fault, seen: &Seen) -> bool {
    let (feed, overall) = (&seen.after.health, &seen.after.overall);
    let told = feed["message"] == json!(seen.log.fetch.message);
    feed["state"] == fault.health
        && (matches!(fault.health, "ok" | "deferred") || overall["status"] == "degraded")
        && told
}

/// Whether what is measured is what should be.
fn measured(fault: &Fault, seen: &Seen) -> bool {
    match fault.data {
        Data::Other => true,
        Data::Kept => seen.after.station["observed"] == seen.before.station["observed"],
        Data::Rows(rows) => seen.after.station["observed"] == rows(&seen.scene).iter().map(pair).collect::<Json>(),
    }
}

fn pair(row: &Row) -> Json {
    json!([row.valid, row.value.parse::<f64>().ok()])
}

/// Whether a page is well formed and shows no number that is none.
fn is_sound(page: &str) -> bool {
    let text = html::read(page).text;
    ["NaN", "null", "inf\u{a0}", "undefined", "None", "Some("].iter().all(|wrong| !text.contains(wrong))
}

/// Whether the pages show the level of the data, and as the level of now.
fn shows_the_level(seen: &Seen) -> bool {
    let Some(value) = seen.after.station["status"]["value"].as_f64() else { return false };
    let drawn = seen.after.picture.starts_with("<svg ");
    let english = format!("<b>{value:.2}</b>m").replace('-', "\u{2212}");
    drawn && is_current(&seen.after) && seen.page_says([&english, &english.replace('.', ",")])
}

/// Whether every page tells how old its newest measurement is, and whether nothing old passes for current.
fn ages(seen: &Seen) -> bool {
    let looks = [(&seen.after, 5), (&seen.late, 190), (&seen.offline, 1800)];
    looks.into_iter().all(|(look, minutes)| tells_age(seen, look, minutes) && (is_current(look) || is_silent(look)))
}

fn is_current(look: &Look) -> bool {
    look.station["status"]["freshness"].as_str().is_some_and(|word| ["fresh", "late"].contains(&word))
}

/// Whether nothing is said of now: no level, no status, no trend.
fn is_silent(look: &Look) -> bool {
    let status = &look.station["status"];
    let pages = look.pages.iter().all(|page| html::read(page).all().iter().all(|part| !part.is_of("v")));
    pages && status["level"] == "unknown" && status["trend"].is_null()
}

fn tells_age(seen: &Seen, look: &Look, minutes: i64) -> bool {
    let valid = look.station["status"]["valid"].as_str().and_then(|valid| valid.parse::<Timestamp>().ok());
    let Some(valid) = valid else { return false };
    let age = (seen.scene.now + SignedDuration::from_mins(minutes)).duration_since(valid).as_mins();
    // The stations are to report every hour.
    let expected = match age {
        ..=120 => "fresh",
        121..=360 => "late",
        361..=1440 => "stale",
        _ => "offline",
    };
    let (number, unit) = if age < 60 { (age, "min") } else { (age / 60, "h") };
    let told = [format!("{number}\u{a0}{unit} ago"), format!("il y a {number}\u{a0}{unit}")];
    look.station["status"]["freshness"] == expected
        && look.pages.iter().zip(told).all(|(page, told)| page.contains(&told))
}
