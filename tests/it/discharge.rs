//! Discharge beside a level, discharge alone, and forecasts that say how sure they are, from the feeds to the pages.

use std::fmt::Write;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::support::html;
use crate::support::http::ask;
use crate::support::program::{Running, folder, riverwatch_in, succeed};

const NOW: &str = "2026-04-20T12:00:00Z";

const MAIN: &str = r#"stations = "*.river"

[site]
title = { en = "Rivers", fr = "Rivières" }
timezone = "America/Moncton"

[fetch]
contact = "https://river.example.org"

[feeds.gauges]
title = "Gauges"
address = "https://gauges.example.org/levels.csv"
format = "eccc-csv"
schedule = "4,34 * * * *"
attribution = "Source: the gauges"

[feeds.models]
title = "Models"
address = "https://models.example.org/forecast.xml"
format = "pi-xml"
schedule = "7 * * * *"
attribution = "Source: the models"
"#;

const STATIONS: &str = r#"[river]
name = "River"

[thresholds]
scheme = "new-brunswick"
source = "The province"

[[station]]
id = "bend"
name = "Bend"
latitude = 46.0
longitude = -66.5
thresholds = { advisory = 4.5, watch = 5.5, warning = 6.0, flood = 6.5 }
source = [
    { feed = "gauges", location = "01ZZ001" },
    { feed = "gauges", location = "01ZZ001", parameter = "discharge" },
    { feed = "models", location = "Bend", datum_offset = 0 },
]

[[station]]
id = "dam"
name = "Dam"
latitude = 46.1
longitude = -66.6
record = { value = 11_100, year = 2008 }
floods = [{ value = 8315, year = 2018 }]
thresholds = { advisory = 1200, watch = 1755, warning = 2500 }
source = [
    { feed = "gauges", location = "01ZZ007", parameter = "discharge" },
    { feed = "models", location = "Dam", parameter = "discharge" },
]

[[station]]
id = "brook"
name = "Brook"
latitude = 46.2
longitude = -66.7
measured = false
source = [{ feed = "models", location = "Brook", parameter = "discharge" }]
"#;

fn now() -> Timestamp {
    NOW.parse().expect("an instant")
}

fn hours(hours: i64) -> Timestamp {
    now() + SignedDuration::from_hours(hours)
}

/// Four days of hourly rows: a level and a discharge at one gauge, a discharge alone at the other. The discharge at the
/// first ended `silent` hours before the level did.
fn gauges(silent: i64) -> String {
    let mut rows = String::from(
        " ID,Date,Water Level / Niveau d'eau (m),Grade,Symbol / Symbole,QA/QC,Discharge / Débit (cms),Grade,Symbol / Symbole,QA/QC\n",
    );
    for hour in -96..=0_i64 {
        let level = 5954 + 10 * hour;
        let discharge = if hour > -silent { String::new() } else { format!("{}", 1238 + 3 * hour) };
        writeln!(rows, "01ZZ001,{},{}.{:03},,,1,{discharge},,,1", hours(hour), level / 1000, level % 1000)
            .expect("text");
    }
    for hour in -96..=0_i64 {
        writeln!(rows, "01ZZ007,{},,,,,{},,,1", hours(hour), 1300 + 13 * hour).expect("text");
    }
    rows
}

/// A series of a forecast issued two hours ago, with a value every six hours.
fn series(place: &str, (parameter, unit): (&str, &str), member: Option<usize>, values: &[f64]) -> String {
    let date = |at: Timestamp| format!(r#"date="{}" time="{}""#, at.strftime("%Y-%m-%d"), at.strftime("%H:%M:%S"));
    let member = member
        .map(|n| format!("<ensembleId>E</ensembleId><ensembleMemberIndex>{n}</ensembleMemberIndex>"))
        .unwrap_or_default();
    let events: String = (0_i64..)
        .zip(values)
        .map(|(i, value)| format!(r#"<event {} value="{value}" flag="0"/>"#, date(hours(6 * i))))
        .collect();
    format!(
        r#"<series><header><type>instantaneous</type><locationId>{place}</locationId><parameterId>{parameter}</parameterId>{member}<timeStep unit="nonequidistant"/><forecastDate {}/><missVal>-999</missVal><units>{unit}</units></header>{events}</series>"#,
        date(hours(-2))
    )
}

fn models() -> String {
    let (level, discharge) = (("HG", "M"), ("QINE", "CMS"));
    let all = [
        series("Bend", level, None, &[5.9, 6.1, 6.3, 6.2, 5.8]),
        series("Bend", level, Some(1), &[5.9, 6.0, 6.1, 6.0, 5.6]),
        series("Bend", level, Some(2), &[5.9, 6.2, 6.6, 6.5, 6.0]),
        series("Dam", discharge, None, &[1300.0, 1500.0, 1700.0, 1650.0, 1400.0]),
        series("Dam", discharge, Some(1), &[1300.0, 1400.0, 1500.0, 1450.0, 1200.0]),
        series("Dam", discharge, Some(2), &[1300.0, 1600.0, 1900.0, 1850.0, 1600.0]),
        series("Brook", discharge, Some(1949), &[0.4, 0.9, 0.7]),
        series("Brook", discharge, Some(1950), &[0.4, 2.345, 0.8]),
        series("Brook", discharge, Some(1951), &[0.4, 1.2, 1.1]),
    ];
    format!(r#"<TimeSeries version="1.2"><timeZone>0.0</timeZone>{}</TimeSeries>"#, all.concat())
}

fn site(folder: &Path, silent: i64) -> Running {
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("the folder can be written");
    write("riverwatch.toml", MAIN);
    write("all.river", STATIONS);
    write("gauges.csv", &gauges(silent));
    write("models.xml", &models());
    let command = || {
        let mut command = riverwatch_in(folder);
        command.env("RIVERWATCH_CONFIG", folder.join("riverwatch.toml"));
        command
    };
    for (feed, file) in [("gauges", "gauges.csv"), ("models", "models.xml")] {
        let said = succeed(command().args(["import", feed, "--at", NOW]).arg(folder.join(file)));
        assert!(said.contains(": changed; "), "{said}");
    }
    Running::start(command().args(["serve", "--at", NOW]))
}

/// A text with spaces that break.
fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

/// What the main part of a page says.
fn said(site: &Running, path: &str) -> String {
    plain(&html::read(&site.page(path)).only("main").text)
}

#[test]
fn a_level_has_its_discharge_in_a_line_and_on_a_page_of_its_own() {
    let folder = folder();
    let site = site(folder.path(), 0);
    for (language, line, title, sentence) in [
        (
            "en",
            "Discharge 1,240 m³/s today 09:00",
            "Discharge at Bend",
            "Bend: The river carries 1,240 m³/s, steady, today 09:00.",
        ),
        (
            "fr",
            "Débit de 1 240 m³/s aujourd’hui à 9 h",
            "Débit à Bend",
            "Bend : Le débit est de 1 240 m³/s, stable, aujourd’hui à 9 h.",
        ),
    ] {
        let station = format!("/{language}/station/bend");
        assert!(said(&site, &station).contains(line), "{}", said(&site, &station));
        assert!(site.page(&station).contains(&format!("href=\"{station}/discharge\"")));
        let page = html::read(&site.page(&format!("{station}/discharge")));
        assert_eq!(page.only("h1").text, title);
        assert!(page.all().iter().all(|element| !element.is_of("w")), "no status without thresholds");
        let text = site.page(&format!("{station}/discharge.txt"));
        assert!(text.replace('\u{a0}', " ").starts_with(sentence), "{text}");
        assert!(site.page(&format!("{station}/discharge.svg")).contains("m³/s"));
    }
    let csv = site.page("/en/station/bend/discharge.csv");
    assert!(
        csv.trim_end().ends_with("2026-04-20T12:00:00Z,2026-04-20 09:00 ADT,observed,,1238,m3/s,provisional"),
        "{csv}"
    );
    assert!(!site.page("/en/station/bend.csv").contains("m3/s"), "a file has one unit");
    let bend = site.json("/en/station/bend.json");
    let (status, discharge) = (&bend["status"], &bend["discharge"]);
    assert_eq!((&status["value"], &status["unit"], &status["level"]), (&json!(5.954), &json!("m"), &json!("watch")));
    assert_eq!(
        (&discharge["value"], &discharge["unit"], &discharge["freshness"]),
        (&json!(1238.0), &json!("m3/s"), &json!("fresh"))
    );
    assert_eq!(discharge["observed"].as_array().map(Vec::len), Some(97));
    for none in [
        "/en/station/dam/discharge",
        "/en/station/bend/discharge.exe",
        "/en/station/bend.discharge",
        "/en/station/bend/dischargex",
    ] {
        assert_eq!(site.get(none).status, 404, "{none}");
    }
}

#[test]
fn an_old_discharge_is_not_the_present_one() {
    let folder = folder();
    let site = site(folder.path(), 7);
    assert!(said(&site, "/en/station/bend").contains("Discharge: 1,220 m³/s last measured today 02:00"));
    assert_eq!(site.json("/en/station/bend.json")["discharge"]["freshness"], "stale");
    assert!(
        site.page("/en/stations.csv").contains(",1217,2026-04-20T05:00:00Z,stale\r\n"),
        "{}",
        site.page("/en/stations.csv")
    );
}

#[test]
fn a_station_of_discharge_alone_is_in_cubic_metres_a_second_throughout() {
    let folder = folder();
    let site = site(folder.path(), 0);
    let dam = site.json("/en/station/dam.json");
    assert_eq!(
        (&dam["status"]["level"], &dam["status"]["unit"], &dam["discharge"]),
        (&json!("advisory"), &json!("m3/s"), &json!(null))
    );
    for language in ["en", "fr"] {
        let page = site.page(&format!("/{language}/station/dam"));
        let main = plain(&html::read(&page).only("main").text);
        for metres in [" m,", " m.", " m ", "(m)", "cm/h", "datum", "zéro", "height", "hauteur", "niveau", " level"] {
            assert!(!main.contains(metres), "{language} {metres}: {main}");
        }
    }
    let main = said(&site, "/en/station/dam");
    for words in [
        "rising 13 m³/s an hour",
        "455 m³/s below watch discharge.",
        "Forecast peak 1,700 m³/s (advisory) today about 21:00.",
        "1,755 m³/s",
        "11,100 m³/s",
        "Discharge (m³/s)",
    ] {
        assert!(main.contains(words), "{words}: {main}");
    }
    let row = said(&site, "/en/");
    for words in ["1,300 m³/s", "455 m³/s below watch discharge, rising", "no gauge; forecast up to 2.35 m³/s today"]
    {
        assert!(row.contains(words), "{words}: {row}");
    }
}

#[test]
fn how_sure_the_forecaster_is_is_drawn_and_said() {
    let folder = folder();
    let site = site(folder.path(), 0);
    for (path, words) in [
        (
            "/en/station/bend",
            "At the peak the forecaster gives 6.10 to 6.60 m (the lowest to the highest of 2 members). Its upper end reaches flood level.",
        ),
        (
            "/fr/station/bend",
            "Au sommet, le prévisionniste donne de 6,10 à 6,60 m (du plus bas au plus haut de 2 membres). Le haut de cette plage atteint le niveau de crue.",
        ),
        (
            "/en/station/dam",
            "At the peak the forecaster gives 1,500 to 1,900 m³/s (the lowest to the highest of 2 members). Its upper end reaches watch discharge.",
        ),
        (
            "/fr/station/dam",
            "Au sommet, le prévisionniste donne de 1 500 à 1 900 m³/s (du plus bas au plus haut de 2 membres). Le haut de cette plage atteint le débit de veille.",
        ),
        (
            "/en/station/brook",
            "No gauge measures the discharge here. The forecaster gives 0.900 to 2.35 m³/s today about 15:00 (the lowest to the highest of 3 members).",
        ),
    ] {
        let page = site.page(path);
        assert!(plain(&html::read(&page).only("main").text).contains(words), "{path}: {}", said(&site, path));
        assert_eq!(page.matches("class=\"rb\"").count(), 2, "{path}: the band and its key");
        let svg = site.page(&format!("{path}.svg"));
        assert_eq!(svg.matches("class=\"rb\"").count(), 1, "{path}");
    }
    assert!(!said(&site, "/en/station/dam").contains("Not forecast to reach"), "its upper end does");
    let bend = site.json("/en/station/bend.json");
    assert_eq!(bend["forecast_bounds"]["member 2"][2], json!(["2026-04-21T00:00:00Z", 6.6]));
    assert_eq!(bend["outlook"]["level"], "warning", "what only a bound reaches is not forecast");
    assert_eq!(site.json("/en/station/brook.json")["forecast_bounds"].as_object().map(serde_json::Map::len), Some(3));
}

#[test]
fn what_discharges_and_bands_show_can_be_traced_and_is_small() {
    let folder = folder();
    let site = site(folder.path(), 0);
    for (id, lines) in [
        ("bend", ["level: 5.954 m, valid", "discharge: 1238 m3/s, valid", "bound `member 2`: 6.6 m, valid 2026-04-21"]),
        ("dam", ["discharge: 1300 m3/s, valid", "the pi-xml parser reads 1900 m3/s", "bound `member 1`: 1500 m3/s"]),
        ("brook", ["discharge: no measurement is stored", "bound `member 1949`: 0.9 m3/s", "parser reads 2.345 m3/s"]),
    ] {
        let mut explain = riverwatch_in(folder.path());
        explain.env("RIVERWATCH_CONFIG", folder.path().join("riverwatch.toml")).args(["explain", id, "--at", NOW]);
        let trail = succeed(&mut explain);
        assert!(lines.iter().all(|line| trail.contains(line)), "{trail}");
    }
    for path in ["bend", "dam", "brook", "bend/discharge"] {
        for language in ["en", "fr"] {
            let path = format!("/{language}/station/{path}");
            let page = ask(site.address, "GET", &path, &[("Accept-Encoding", "gzip")]);
            assert!(page.body.len() <= 6000, "{path}: {} bytes", page.body.len());
        }
    }
}
