//! Two issues of a forecast, a day apart: what has changed, and when thresholds are crossed as windows.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::support::program::{Running, folder, riverwatch_in, succeed};
use crate::support::{LANGUAGES, html};

const NOW: &str = "2026-04-20T12:00:00Z";

const MAIN: &str = r#"stations = "*.river"

[site]
title = { en = "Rivers", fr = "Rivières" }
timezone = "America/Moncton"

[fetch]
contact = "https://river.example.org"

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
source = [{ feed = "models", location = "Bend" }]

[[station]]
id = "ford"
name = "Ford"
latitude = 46.1
longitude = -66.6
thresholds = { advisory = 4.5, watch = 5.5, warning = 6.0, flood = 6.5 }
source = [{ feed = "models", location = "Ford" }]
"#;

fn hours(hours: i64) -> Timestamp {
    NOW.parse::<Timestamp>().expect("an instant") + SignedDuration::from_hours(hours)
}

/// A series with a value every six hours from `from` on, in a forecast issued at `issued` or in measurements.
fn series(place: &str, issued: Option<i64>, member: Option<usize>, from: i64, values: &[f64]) -> String {
    let date = |at: Timestamp| format!(r#"date="{}" time="{}""#, at.strftime("%Y-%m-%d"), at.strftime("%H:%M:%S"));
    let member = member
        .map(|n| format!("<ensembleId>E</ensembleId><ensembleMemberIndex>{n}</ensembleMemberIndex>"))
        .unwrap_or_default();
    let issued = issued.map(|at| format!("<forecastDate {}/>", date(hours(at)))).unwrap_or_default();
    let events: String = (0_i64..)
        .zip(values)
        .map(|(i, value)| format!(r#"<event {} value="{value}" flag="0"/>"#, date(hours(from + 6 * i))))
        .collect();
    format!(
        r#"<series><header><type>instantaneous</type><locationId>{place}</locationId><parameterId>HG</parameterId>{member}<timeStep unit="nonequidistant"/>{issued}<missVal>-999</missVal><units>M</units></header>{events}</series>"#
    )
}

fn document(series: &[String]) -> String {
    format!(r#"<TimeSeries version="1.2"><timeZone>0.0</timeZone>{}</TimeSeries>"#, series.concat())
}

fn yesterday() -> String {
    document(&[series("Bend", Some(-26), None, -24, &[4.2, 4.4, 4.6, 4.8, 5.0, 5.3, 5.7, 6.0, 5.8, 5.5, 5.0])])
}

fn today() -> String {
    document(&[
        series("Bend", None, None, -24, &[4.3, 4.5, 4.7, 4.9, 4.96]),
        series("Bend", Some(-2), None, 0, &[5.0, 5.7, 6.3, 6.1, 5.8, 5.2]),
        series("Ford", Some(-2), None, 0, &[5.0, 5.7, 6.3, 6.1]),
        series("Ford", Some(-2), Some(1), 0, &[5.0, 5.4, 5.8, 5.7]),
        series("Ford", Some(-2), Some(2), 0, &[5.0, 6.2, 6.7, 6.5]),
    ])
}

/// A site as of now that has read the documents, each at its hour.
pub(crate) fn site(folder: &Path) -> Running {
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("the folder can be written");
    write("riverwatch.toml", MAIN);
    write("all.river", STATIONS);
    let command = || {
        let mut command = riverwatch_in(folder);
        command.env("RIVERWATCH_CONFIG", folder.join("riverwatch.toml"));
        command
    };
    for (name, text, at) in [("yesterday.xml", yesterday(), -25), ("today.xml", today(), 0)] {
        write(name, &text);
        let at = hours(at).to_string();
        let said = succeed(command().args(["import", "models", "--at", &at]).arg(folder.join(name)));
        assert!(said.contains(": changed; "), "{said}");
    }
    Running::start(command().args(["serve", "--at", NOW]))
}

/// What the main part of a page says, with spaces that break.
pub(crate) fn said(site: &Running, path: &str) -> String {
    html::read(&site.page(path)).only("main").text.replace('\u{a0}', " ")
}

#[test]
fn a_station_says_in_a_sentence_what_has_changed() {
    let folder = folder();
    let site = site(folder.path());
    for (language, sentence, link) in [
        ("en", "Peak raised by 0.30 m and 6 h earlier than in the forecast before.", "The last forecasts"),
        ("fr", "Sommet relevé de 0,30 m et 6 h plus tôt que dans la prévision d’avant.", "Les dernières prévisions"),
    ] {
        let page = html::read(&site.page(&format!("/{language}/station/bend")));
        let forecasts = format!("/{language}/station/bend/forecasts");
        let leads = |page: &html::Element, to: &str| {
            let links = page.named("a").into_iter().filter(|link| link.attribute("href") == Some(to));
            links.map(|link| link.text.replace('\u{a0}', " ")).collect::<Vec<_>>()
        };
        assert_eq!(leads(&page, &forecasts), [sentence]);
        let ford = html::read(&site.page(&format!("/{language}/station/ford")));
        assert_eq!(leads(&ford, &forecasts.replace("bend", "ford")), [link], "nothing came before it");
        assert!(!said(&site, &format!("/{language}/station/bend")).contains("quatre"), "it ends after two days");
    }
    assert!(!said(&site, "/en/station/bend").contains("Days four"), "it ends after two days");
}

#[test]
fn the_last_issues_stand_side_by_side() {
    let folder = folder();
    let site = site(folder.path());
    let page = said(&site, "/en/station/bend/forecasts");
    for words in [
        "Issued today 07:00Peak6.30 m (warning), today about 21:00",
        "Reaches watch leveltoday between 09:00 and 15:00",
        "Reaches warning leveltoday between 15:00 and 21:00",
        "Peak raised by 0.30 m and 6 h earlier than in the forecast before.",
        "Issued yesterday 07:00Peak6.00 m (warning), tomorrow about 03:00",
        "Reaches advisory levelyesterday between 15:00 and 21:00",
        "Reaches warning levelbetween today 21:00 and tomorrow 03:00",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("flood level"), "no issue reaches it: {page}");
    let french = said(&site, "/fr/station/bend/forecasts");
    for words in
        ["Émise aujourd’hui à 7 h", "aujourd’hui entre 9 h et 15 h", "entre aujourd’hui à 21 h et demain à 3 h"]
    {
        assert!(french.contains(words), "{words}: {french}");
    }
}

#[test]
fn a_band_widens_the_window_and_says_when_it_is_not_sure() {
    let folder = folder();
    let site = site(folder.path());
    let page = said(&site, "/en/station/ford/forecasts");
    for words in [
        "Reaches watch leveltoday between 11:00 and 17:00",
        "Reaches warning leveltoday 14:00 at the earliest, or not at all",
        "Reaches flood levelonly by the upper end of its range, today 18:00 at the earliest",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let french = said(&site, "/fr/station/ford/forecasts");
    assert!(french.contains("au plus tôt aujourd’hui à 14 h, ou pas du tout"), "{french}");
}

#[test]
fn the_forecast_before_is_a_line_of_its_own_in_the_picture() {
    let folder = folder();
    let site = site(folder.path());
    for language in LANGUAGES {
        let lines = |path: &str| site.page(&format!("/{language}/station/{path}")).matches("class=\"ri\"").count();
        assert_eq!(lines("bend.svg"), 1);
        assert_eq!(lines("bend/forecasts"), 2, "the line and its key");
        assert_eq!(lines("ford.svg"), 0, "nothing came before it");
    }
    assert_eq!(site.get("/en/station/nowhere/forecasts").status, 404);
    assert_eq!(site.get("/en/station/bend.forecasts").status, 404);
}
