//! The documents that the faults are made of: six hours of a slowly rising river, in each form that is read, with every
//! value and instant as a text of the test's choosing.

use jiff::{SignedDuration, Timestamp};

use super::server::{Reply, ok};

/// The place that a feed tells of, where nothing else is said.
pub(crate) const PLACE: &str = "01FA001";
/// The header of the Datamart's file.
pub(crate) const CSV_HEAD: &str = " ID,Date,Water Level / Niveau d'eau (m),Grade,Symbol / Symbole,QA/QC,\
                                   Discharge / Débit (cms),Grade,Symbol / Symbole,QA/QC\n";

/// A form of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Csv,
    Pi,
    Json,
    Table,
}

impl Form {
    /// Its name in configuration.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Csv => "eccc-csv",
            Self::Pi => "pi-xml",
            Self::Json => "geomet-json",
            Self::Table => "nb-alertlevels",
        }
    }
}

/// A reading as a feed writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) place: String,
    pub(crate) valid: String,
    pub(crate) value: String,
    pub(crate) symbol: &'static str,
}

/// The same at another place.
pub(crate) fn at_place(place: &str, rows: &[Row]) -> Vec<Row> {
    rows.iter().map(|row| Row { place: place.to_owned(), ..row.clone() }).collect()
}

/// The same with each value rewritten, by its number in the series.
pub(crate) fn rewritten(rows: &[Row], value: impl Fn(usize, &str) -> String) -> Vec<Row> {
    rows.iter().enumerate().map(|(i, row)| Row { value: value(i, &row.value), ..row.clone() }).collect()
}

/// When it all happens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene {
    /// The whole minute in which the test began.
    pub(crate) now: Timestamp,
}

/// How many readings there are, one every quarter of an hour; the newest is ten minutes old.
pub(crate) const READINGS: i64 = 24;

impl Scene {
    /// So many minutes before the beginning.
    pub(crate) fn ago(&self, minutes: i64) -> Timestamp {
        self.now - SignedDuration::from_mins(minutes)
    }

    /// A reading of so many minutes ago.
    pub(crate) fn row(&self, minutes_ago: i64, value: &str) -> Row {
        Row { place: PLACE.to_owned(), valid: self.ago(minutes_ago).to_string(), value: value.to_owned(), symbol: "" }
    }

    /// What all documents hold at first: a rise by a centimetre each quarter of an hour, to 5 m ten minutes ago.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let reading = |i: i64| self.row(10 + 15 * (READINGS - 1 - i), &metres(5000 - 10 * (READINGS - 1 - i)));
        (0..READINGS).map(reading).collect()
    }

    /// The same and one more, of now.
    pub(crate) fn more(&self) -> Vec<Row> {
        let mut rows = self.rows();
        rows.push(self.row(0, "5.010"));
        rows
    }

    /// The first document of a form.
    pub(crate) fn good(&self, form: Form, places: &[String]) -> Reply {
        let rows: Vec<Row> = places.iter().flat_map(|place| at_place(place, &self.rows())).collect();
        match form {
            Form::Csv => ok(csv(&rows)),
            Form::Json => ok(json(&rows)),
            Form::Pi => ok(pi(&[Series::measured(rows)])),
            Form::Table => ok(table(["4", "5.5", "6", "6.5"])),
        }
    }
}

/// Millimetres as the feeds write metres.
pub(crate) fn metres(milli: i64) -> String {
    let sign = if milli < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}", milli.abs() / 1000, milli.abs() % 1000)
}

/// As the Datamart writes it.
pub(crate) fn csv(rows: &[Row]) -> String {
    let row = |row: &Row| format!("{},{},{},,{},1,,,,\n", row.place, row.valid, row.value, row.symbol);
    CSV_HEAD.to_owned() + &rows.iter().map(row).collect::<String>()
}

/// As `GeoMet` writes it; a value is any JSON.
pub(crate) fn json(rows: &[Row]) -> String {
    let feature = |row: &Row| {
        format!(
            r#"{{"type":"Feature","properties":{{"STATION_NUMBER":"{}","DATETIME":"{}","LEVEL":{},"DISCHARGE":null}}}}"#,
            row.place, row.valid, row.value
        )
    };
    let features: Vec<String> = rows.iter().map(feature).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

/// A series of the province's export.
pub(crate) struct Series {
    pub(crate) parameter: &'static str,
    pub(crate) units: &'static str,
    pub(crate) missing: &'static str,
    pub(crate) created: Option<Timestamp>,
    pub(crate) rows: Vec<Row>,
}

impl Series {
    /// Measured levels in metres.
    pub(crate) fn measured(rows: Vec<Row>) -> Self {
        Self { parameter: "HG", units: "M", missing: "-999", created: None, rows }
    }

    /// A forecast in metres, issued then.
    pub(crate) fn forecast(created: Timestamp, rows: Vec<Row>) -> Self {
        Self { parameter: "SSTG", created: Some(created), ..Self::measured(rows) }
    }
}

/// As the province's export writes it, in UTC. Instants must be whole.
pub(crate) fn pi(series: &[Series]) -> String {
    let head = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    let root = r#"<TimeSeries xmlns="http://www.wldelft.nl/fews/PI" version="1.2">"#;
    let series: String = series.iter().map(one_series).collect();
    format!("{head}\n{root}\n<timeZone>0.0</timeZone>\n{series}</TimeSeries>\n")
}

fn one_series(series: &Series) -> String {
    let Series { parameter, units, missing, .. } = series;
    let parts =
        |instant: &str| instant.trim_end_matches('Z').split_once('T').map(|(a, b)| (a.to_owned(), b.to_owned()));
    let created = series.created.and_then(|at| parts(&at.to_string())).map_or(String::new(), |(date, time)| {
        format!("<creationDate>{date}</creationDate><creationTime>{time}</creationTime>")
    });
    let place = series.rows.first().map_or(PLACE, |row| row.place.as_str());
    let event = |row: &Row| {
        let (date, time) = parts(&row.valid).expect("an instant");
        format!("<event date=\"{date}\" time=\"{time}\" value=\"{}\" flag=\"0\"/>\n", row.value)
    };
    let events: String = series.rows.iter().map(event).collect();
    format!(
        "<series><header><locationId>{place}</locationId><parameterId>{parameter}</parameterId>\
         <missVal>{missing}</missVal><units>{units}</units>{created}</header>\n{events}</series>\n"
    )
}

/// The province's table of thresholds, of the one place: advisory, watch, warning, flood.
pub(crate) fn table([advisory, watch, warning, flood]: [&str; 4]) -> String {
    format!(
        "<area><station><name>Bend</name><stationID>{PLACE}</stationID><advisory>{advisory}</advisory>\
         <watch>{watch}</watch><warning>{warning}</warning><Floodlvl>{flood}</Floodlvl></station></area>\n"
    )
}
