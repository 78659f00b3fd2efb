//! Lists of stations as agencies publish them: what is known of a place before it is configured. Pure; the list of the
//! Water Survey of Canada is read here, any other through its format.

use anyhow::{Context as _, bail};
use hydro::Value;
use ingest::formats::{Format, Gauge, Item, parse};

/// The list of the Water Survey of Canada, as Environment and Climate Change Canada publishes it.
pub(super) const ECCC_LIST: &str = "https://dd.weather.gc.ca/today/hydrometric/doc/hydrometric_StationList.csv";
/// What that list is called where formats are named.
pub(super) const ECCC_STATIONS: &str = "eccc-stations";

/// How a list is read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    /// The list of the Water Survey of Canada.
    EcccStations,
    /// A document that a format reads as places.
    Document(Format),
}

/// A place of a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    /// The agency's own id.
    pub(super) location: String,
    /// The name, as written.
    pub(super) name: String,
    /// Degrees north and east.
    pub(super) position: Option<(f64, f64)>,
    /// Province or territory, as written; empty where the list names none.
    pub(super) region: String,
    /// The offset of the gauge's clock, such as `UTC-04:00`; empty where the list names none.
    pub(super) offset: String,
    /// Heights that the agency names, by its own words.
    pub(super) heights: Vec<(String, Value)>,
}

impl Form {
    /// The form of a name.
    pub(super) fn named(name: &str) -> anyhow::Result<Self> {
        if name == ECCC_STATIONS { Ok(Self::EcccStations) } else { crate::parse::named(name).map(Self::Document) }
    }

    /// Reads a list, in its order.
    ///
    /// # Errors
    /// Where the bytes are no such list, or there is no place in it.
    pub(super) fn read(&self, bytes: &[u8]) -> anyhow::Result<Vec<Entry>> {
        let entries = match self {
            Self::EcccStations => eccc(bytes)?,
            Self::Document(format) => {
                let items = parse(format, bytes)?.items.into_iter();
                items.filter_map(|item| if let Item::Gauge(gauge) = item { Some(gauge.into()) } else { None }).collect()
            }
        };
        if entries.is_empty() {
            bail!("there is no station in it");
        }
        Ok(entries)
    }
}

impl From<Gauge> for Entry {
    fn from(gauge: Gauge) -> Self {
        let Gauge { location, name, position, thresholds, .. } = gauge;
        Self { location, name, position, region: String::new(), offset: String::new(), heights: thresholds }
    }
}

impl Entry {
    /// Whether every word is in the id, the name or the region, whatever its case and accents.
    pub(super) fn has(&self, words: &[String]) -> bool {
        let text = folded(&format!("{} {} {}", self.location, self.name, self.region));
        words.iter().flat_map(|words| words.split_whitespace()).all(|word| text.contains(&folded(word)))
    }
}

/// Reads `ID,Name / Nom,Latitude,Longitude,Prov/Terr,Timezone / Fuseau horaire`. A row may have a second name, which puts
/// everything after it one column further, or end before its offset: the two numbers that follow one another say where the
/// name ends. Rows without them are passed over.
fn eccc(bytes: &[u8]) -> anyhow::Result<Vec<Entry>> {
    // Older lists are in Latin-1, whose bytes are Unicode's first characters.
    let text =
        std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), str::to_owned);
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    if !head.trim_start().starts_with("ID,Name / Nom,Latitude,Longitude") {
        let found: String = head.chars().take(60).collect();
        bail!("line 1: `{found}` is not the head of the Water Survey's list of stations");
    }
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut entries = Vec::new();
    for row in reader.records() {
        let row: Vec<String> = row.context("the list cannot be read")?.iter().map(str::to_owned).collect();
        entries.extend(entry(&row));
    }
    Ok(entries)
}

fn entry(row: &[String]) -> Option<Entry> {
    let degrees = |text: &str, limit: f64| text.parse().ok().filter(|degrees: &f64| degrees.abs() <= limit);
    let position = |i: usize| degrees(&row[i], 90.0).zip(degrees(row.get(i + 1)?, 180.0));
    let at = (2..row.len()).find(|&i| position(i).is_some())?;
    let field = |i: usize| row.get(i).cloned().unwrap_or_default();
    Some(Entry {
        location: Some(field(0)).filter(|location| !location.is_empty())?,
        name: row[1..at].join(", "),
        position: position(at),
        region: field(at + 2),
        offset: field(at + 3),
        heights: Vec::new(),
    })
}

/// A text without case and without the accents of French.
pub(super) fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ÿ' => 'y',
        '’' => '\'',
        c => c,
    };
    text.to_lowercase().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "\u{feff} ID,Name / Nom,Latitude,Longitude,Prov/Terr,Timezone / Fuseau horaire\r\n";

    fn read(rows: &str) -> Vec<Entry> {
        Form::EcccStations.read(format!("{HEAD}{rows}").as_bytes()).unwrap()
    }

    #[test]
    fn rows_of_more_and_of_fewer_columns_are_read() {
        let entries = read(
            "01ZZ001,\"MILL BROOK AT MILL, UPPER\",47.5,-68.25,NB,UTC-04:00\r\n\
             01ZZ002,\"WEIR\",\"BARRAGE\",47.5,-68.25,QC,UTC-05:00\r\n\
             01ZZ003,\"LOCK\",47.5,-68.25,NL,\r\n\
             01ZZ004,\"DAM\",47.5,-68.25\r\n\
             01ZZ005,\"NOWHERE\",,,NB,UTC-04:00\r\n\
             01ZZ006,\"BEYOND\",147.5,-68.25,NB,UTC-04:00\r\n\r\n",
        );
        let told: Vec<[&str; 4]> =
            entries.iter().map(|entry| [&*entry.location, &*entry.name, &*entry.region, &*entry.offset]).collect();
        assert_eq!(
            told,
            [
                ["01ZZ001", "MILL BROOK AT MILL, UPPER", "NB", "UTC-04:00"],
                ["01ZZ002", "WEIR, BARRAGE", "QC", "UTC-05:00"],
                ["01ZZ003", "LOCK", "NL", ""],
                ["01ZZ004", "DAM", "", ""],
            ]
        );
        assert!(entries.iter().all(|entry| entry.position == Some((47.5, -68.25))));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for bytes in [&b""[..], b"<html>", b"ID,Date,Level\n", HEAD.as_bytes(), b"\xff\xfe\x00"] {
            assert!(Form::EcccStations.read(bytes).is_err(), "{bytes:?}");
        }
        assert!(Form::Document(Format::NbAlertlevels).read(b"<html>").is_err());
        assert!(Form::named("eccc-station").is_err());
    }

    #[test]
    fn case_and_accents_hide_nothing() {
        let entries = read("02ZZ001,\"TÉMISCAMINGUE (LAC) À VILLE-MARIE\",47.5,-79.4,QC,UTC-05:00\n");
        let has = |words: &[&str]| entries[0].has(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert!(has(&["temiscamingue"]) && has(&["Témis", "qc"]) && has(&["ville-marie lac"]) && has(&["02zz"]));
        assert!(!has(&["temiscamingue", "on"]));
    }

    #[test]
    fn a_list_in_latin_1_is_read() {
        let mut bytes = HEAD.trim_start_matches('\u{feff}').as_bytes().to_vec();
        bytes.extend(b"02ZZ001,\"LAC \xc0 L'EAU\",47.5,-79.4,QC,UTC-05:00\n");
        assert_eq!(Form::EcccStations.read(&bytes).unwrap()[0].name, "LAC À L'EAU");
    }
}
