//! Every format against small documents of this project (`fixtures/feeds`), against real ones where they are at hand
//! (`../shared/feeds`), and against damage.

mod ahps_xml;
mod bc_clever;
mod cap_xml;
mod cehq_json;
mod cehq_tsv;
mod damage;
mod ea_csv;
mod ea_json;
mod eccc_csv;
mod geomet_json;
mod hml;
mod kiwis_json;
mod mapped;
mod nb_alert;
mod nb_alertlevels;
mod nwis_json;
mod nwps_json;
mod nws_alerts;
mod pegelonline_json;
mod pi_json;
mod pi_xml;
mod rdb;
mod rows;
mod samples;
mod usgs_ogc;
mod vigicrues_json;
mod waterml1;
mod waterml2;
mod wateroffice_csv;
mod xml;

use std::fmt::Write;
use std::path::PathBuf;

use hydro::{Alert, AlertId, Area, Notice};

use super::{Format, Item, Parsed, parse};

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The bytes of one of this project's own documents.
fn fixture(path: &str) -> Vec<u8> {
    let path = workspace().join("fixtures/feeds").join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a format makes of one of its own documents, as lines.
fn shown(format: &Format, file: &str) -> String {
    shown_bytes(format, &fixture(&format!("{}/{file}", format.name())))
}

fn shown_bytes(format: &Format, bytes: &[u8]) -> String {
    match parse(format, bytes) {
        Ok(parsed) => lines(&parsed),
        Err(error) => error.to_string(),
    }
}

fn lines(parsed: &Parsed) -> String {
    let mut text = String::new();
    for item in &parsed.items {
        show(&mut text, item).expect("a string takes everything");
    }
    for rejected in &parsed.rejected {
        writeln!(text, "{rejected}").expect("a string takes everything");
    }
    if text.is_empty() { "nothing".into() } else { text }
}

fn show(text: &mut String, item: &Item) -> std::fmt::Result {
    match item {
        Item::Series(series) => {
            let issued = series.issued.map(|issued| format!(" issued {issued}")).unwrap_or_default();
            let (parameter, kind, stat) = (series.parameter.name(), series.kind.name(), series.stat.name());
            writeln!(text, "{} {parameter} {kind} {stat}{issued}", series.location)?;
            for point in &series.points {
                let value = point.value.map_or("missing".into(), |value| value.to_string());
                let quality = point.quality.map(|quality| format!(" {}", quality.name())).unwrap_or_default();
                writeln!(text, "  {} {value}{quality}", point.valid)?;
            }
        }
        Item::Gauge(gauge) => {
            let thresholds: Vec<_> = gauge.thresholds.iter().map(|(name, value)| format!("{name} {value}")).collect();
            let facts: Vec<_> = gauge.facts.iter().map(|(name, fact)| format!("{name}={fact}")).collect();
            let (parameter, position) = (gauge.parameter.name(), gauge.position);
            writeln!(text, "{}: {}, {parameter} {}", gauge.location, gauge.name, thresholds.join(", "))?;
            let position = position.map_or("nowhere".into(), |(north, east)| format!("at {north} {east}"));
            writeln!(text, "  {}", [position, facts.join(", ")].join("; ").trim_end_matches("; "))?;
        }
        Item::NextIssue(day) => writeln!(text, "next issue {day}")?,
        Item::Alert(alert) => show_alert(text, "", alert)?,
        Item::InForce(alerts) => {
            writeln!(text, "in force:")?;
            alerts.iter().try_for_each(|alert| show_alert(text, "  ", alert))?;
        }
    }
    Ok(())
}

fn show_alert(text: &mut String, indent: &str, alert: &Alert) -> std::fmt::Result {
    let id = |id: &AlertId| format!("{},{},{}", id.sender, id.identifier, id.sent);
    writeln!(text, "{indent}{} {}", alert.action.name(), id(&alert.id))?;
    for reference in &alert.references {
        writeln!(text, "{indent}  refers to {}", id(reference))?;
    }
    for notice in &alert.notices {
        let Notice { language, event, sender_name, headline, severity, .. } = notice;
        let instant = |instant: Option<hydro::Timestamp>| instant.map_or("-".to_owned(), |instant| instant.to_string());
        let (onset, expires, ended) = (instant(notice.onset), instant(notice.expires), notice.ended);
        writeln!(text, "{indent}  {language} {event} | {severity} | {sender_name} | {headline}")?;
        writeln!(text, "{indent}    {onset} to {expires}{} {}", if ended { " ended" } else { "" }, notice.web)?;
        for line in [&notice.description, &notice.instruction] {
            writeln!(text, "{indent}    {line:?}")?;
        }
        for Area { name, rings, circles, codes } in &notice.areas {
            let corners: Vec<usize> = rings.iter().map(Vec::len).collect();
            writeln!(text, "{indent}    {name}: rings {corners:?}, {} circles, {codes:?}", circles.len())?;
        }
    }
    Ok(())
}

#[test]
fn names_come_back() {
    for format in Format::NAMED {
        assert_eq!(Format::named(format.name()), Some(format));
    }
    assert_eq!(Format::named("PI-XML"), None);
}

#[test]
fn no_format_takes_what_is_no_document() {
    let refusal =
        |format: &Format, file: &str| parse(format, &fixture(&format!("any/{file}"))).expect_err(file).to_string();
    for format in Format::NAMED {
        let name = format.name();
        assert_eq!(refusal(&format, "empty"), format!("not {name}: line 1, column 1: no bytes"));
        assert_eq!(refusal(&format, "blank"), format!("not {name}: line 3, column 1: nothing but blanks"));
        assert_eq!(refusal(&format, "page.html"), format!("not {name}: line 1, column 1: an HTML page"));
        assert_eq!(refusal(&format, "fragment.html"), format!("not {name}: line 2, column 3: an HTML page"));
        assert_eq!(refusal(&format, "utf16.xml"), format!("not {name}: line 1, column 1: binary data, not text"));
        assert_eq!(refusal(&format, "compressed.gz"), format!("not {name}: line 1, column 1: binary data, not text"));
        assert!(refusal(&format, "notice.txt").contains("The data service is down"), "{name}");
    }
}

#[test]
fn no_format_takes_a_document_of_another() {
    for format in Format::NAMED {
        for other in Format::NAMED.into_iter().filter(|other| *other != format) {
            let bytes = ordinary(&other);
            assert!(parse(&format, &bytes).is_err(), "{} as {}", other.name(), format.name());
        }
    }
}

/// The document of a format that has in it what such documents ordinarily have: `fixtures/feeds/FORMAT/ordinary.*`.
fn ordinary(format: &Format) -> Vec<u8> {
    let folder = workspace().join("fixtures/feeds").join(format.name());
    let mut files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let is_ordinary = |file: &std::fs::DirEntry| file.path().file_stem().is_some_and(|stem| stem == "ordinary");
    let file = files.find_map(|file| file.ok().filter(is_ordinary)).expect("an ordinary document");
    fixture(&format!("{}/{}", format.name(), file.file_name().display()))
}
