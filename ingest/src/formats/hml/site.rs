//! One `<site>` document: `site > sigstages, sigflows, observed > datum*, forecast > datum*`. Two forms of it exist. HML
//! states names and units once, on `<observed>` and `<forecast>`; the older hydrograph XML on each number. A document of
//! one form is refused where the other is expected.

use std::borrow::Cow;

use hydro::{Kind, Parameter, Timestamp};

use super::hydrograph::{Cell, Column, Hydrograph, Zone};
use super::marks::Marks;
use crate::formats::document::{Document, LineCounter, clip};
use crate::formats::xml::{Elements, Node, Tag};
use crate::formats::{Item, NotThisFormat, Parsed, Rejected, field};

/// Where names and units stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::formats) enum Form {
    /// On `<observed>` and `<forecast>`.
    Hml,
    /// On `<primary>` and `<secondary>`.
    Ahps,
}

/// Reads a document of one site.
pub(in crate::formats) fn read(document: &Document<'_>, form: Form) -> Result<Parsed, NotThisFormat> {
    let mut elements = Elements::new(document, "site");
    let mut lines = LineCounter::new(document.text());
    let mut reading = Reading::new(form);
    let mut rejected = Vec::new();
    while let Some(node) = elements.next()? {
        let outcome = match node {
            Node::Open(tag) => {
                reading.shape(&tag).map_err(|found| document.refuse(tag.offset, found))?;
                reading.opened(&tag)
            }
            Node::Close { depth, name } => reading.closed(depth, name, elements.content()),
        };
        if let Err(reason) = outcome {
            rejected.push(Rejected { line: lines.line_at(reading.at), reason });
        }
    }
    Ok(Parsed { items: reading.items(), rejected })
}

/// What has been understood so far.
struct Reading {
    form: Form,
    location: String,
    name: String,
    /// Where the section, mark or datum begins that is being read.
    at: usize,
    section: Section,
    zone: Zone,
    columns: [Column; 2],
    /// Of the mark at hand.
    units: String,
    datum: Datum,
    stages: Marks,
    flows: Marks,
    /// The last one is open while its section is.
    hydrographs: Vec<Hydrograph>,
}

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Stages,
    Flows,
    Hydrograph,
    Other,
}

/// A row of a hydrograph while its elements come in.
struct Datum {
    zone: Zone,
    valid: Option<Result<Option<Timestamp>, String>>,
    cells: [Cell; 2],
    /// How often each number stands in it.
    seen: [u8; 2],
}

impl Reading {
    fn new(form: Form) -> Self {
        Self {
            form,
            location: String::new(),
            name: String::new(),
            at: 0,
            section: Section::Other,
            zone: Zone::Unsaid,
            columns: [Column::Other, Column::Other],
            units: String::new(),
            datum: Datum::new(Zone::Unsaid),
            stages: Marks::new(Parameter::Level),
            flows: Marks::new(Parameter::Discharge),
            hydrographs: Vec::new(),
        }
    }

    /// What shows that the document is of another form; and the root, without which nothing can be told.
    fn shape(&mut self, tag: &Tag<'_>) -> Result<(), String> {
        let named =
            |names: [&str; 2]| attributes(tag, names).is_ok_and(|found| found.iter().any(|text| !text.is_empty()));
        match (tag.depth, tag.name, self.form) {
            (1, ..) => {
                let [id, name] = attributes(tag, ["id", "name"])?;
                if !field::is_name(&id) {
                    return Err(format!("a <site> of id `{}`, expected 1 to 100 characters", clip(&id)));
                }
                let name = if field::is_name(&name) { name } else { id.clone() };
                (self.location, self.name) = (id.into_owned(), name.into_owned());
                Ok(())
            }
            (2, "observed" | "forecast", Form::Ahps) if named(["primaryName", "primaryUnits"]) => {
                Err(format!("units on <{}>, which is HML", tag.name))
            }
            (4, "primary" | "secondary", Form::Hml) if named(["name", "units"]) => {
                Err(format!("units on <{}>, which is the older hydrograph XML", tag.name))
            }
            _ => Ok(()),
        }
    }

    fn opened(&mut self, tag: &Tag<'_>) -> Result<(), String> {
        if matches!(tag.depth, 2 | 3) {
            self.at = tag.offset;
        }
        match (tag.depth, tag.name) {
            (2, name) => {
                self.section = Section::Other;
                self.section = match name {
                    "sigstages" => Section::Stages,
                    "sigflows" => Section::Flows,
                    "observed" => self.hydrograph(Kind::Observed, tag)?,
                    "forecast" => self.hydrograph(Kind::Forecast, tag)?,
                    _ => Section::Other,
                };
                if name == "zerodatum" { self.units_of(tag) } else { Ok(()) }
            }
            (3, _) if matches!(self.section, Section::Stages | Section::Flows) => self.units_of(tag),
            (3, "datum") => {
                self.datum = Datum::new(self.zone);
                Ok(())
            }
            (4, name) if self.section == Section::Hydrograph => self.cell_opened(name, tag),
            _ => Ok(()),
        }
    }

    fn closed(&mut self, depth: usize, name: &str, content: &str) -> Result<(), String> {
        match (depth, self.section, name) {
            (2, _, "zerodatum") | (3, Section::Stages, _) => self.stages.mark(name, &self.units, content),
            (2, ..) => {
                self.section = Section::Other;
                Ok(())
            }
            (3, Section::Flows, _) => self.flows.mark(name, &self.units, content),
            (3, Section::Hydrograph, "datum") => {
                let datum = std::mem::replace(&mut self.datum, Datum::new(self.zone));
                self.hydrographs.last_mut().map_or(Ok(()), |hydrograph| datum.complete(hydrograph))
            }
            (4, Section::Hydrograph, _) => self.cell_closed(name, content),
            _ => Ok(()),
        }
    }

    /// Begins a hydrograph. One whose issue or zone cannot be read is not begun.
    fn hydrograph(&mut self, kind: Kind, tag: &Tag<'_>) -> Result<Section, String> {
        let names = ["issued", "timezone", "primaryName", "primaryUnits", "secondaryName", "secondaryUnits"];
        let [issued, zone, primary, primary_units, secondary, secondary_units] = attributes(tag, names)?;
        self.zone = Zone::named(&zone);
        let issued = self.zone.instant(&issued).map_err(|reason| format!("time of issue: {reason}"))?;
        self.columns = [Column::of(&primary, &primary_units), Column::of(&secondary, &secondary_units)];
        let mut hydrograph = Hydrograph::new(kind, issued);
        for column in &self.columns {
            if let Column::Of(parameter, _) = column {
                hydrograph.declare(*parameter);
            }
        }
        self.hydrographs.push(hydrograph);
        Ok(Section::Hydrograph)
    }

    fn cell_opened(&mut self, element: &str, tag: &Tag<'_>) -> Result<(), String> {
        let [primary, secondary] = &mut self.columns;
        match element {
            "valid" => {
                let [zone] = attributes(tag, ["timezone"])?;
                if !zone.is_empty() {
                    self.datum.zone = Zone::named(&zone);
                }
                return Ok(());
            }
            "primary" if self.form == Form::Ahps => *primary = column(tag)?,
            "secondary" if self.form == Form::Ahps => *secondary = column(tag)?,
            _ => {}
        }
        Ok(())
    }

    fn cell_closed(&mut self, element: &str, content: &str) -> Result<(), String> {
        let Datum { zone, valid, cells: [first, second], seen: [firsts, seconds] } = &mut self.datum;
        let [primary, secondary] = &mut self.columns;
        let (column, cell, seen) = match element {
            "valid" => {
                let again = valid.is_some();
                *valid = Some(if again { Err("<valid> stands twice".into()) } else { zone.instant(content) });
                return Ok(());
            }
            "primary" => (primary, first, firsts),
            "secondary" => (secondary, second, seconds),
            _ => return Ok(()),
        };
        *seen = seen.saturating_add(1);
        *cell = column.read(content)?;
        Ok(())
    }

    fn units_of(&mut self, tag: &Tag<'_>) -> Result<(), String> {
        self.units.clear();
        let [units] = attributes(tag, ["units"])?;
        self.units.push_str(&units);
        Ok(())
    }

    fn items(self) -> Vec<Item> {
        let Self { location, name, stages, flows, mut hydrographs, .. } = self;
        // A forecast without a number is one of what is measured there.
        let measured: Vec<_> = hydrographs.iter().flat_map(Hydrograph::parameters).collect();
        for bare in hydrographs.iter_mut().filter(|hydrograph| hydrograph.is_bare_forecast()) {
            for parameter in &measured {
                bare.declare(*parameter);
            }
        }
        let gauges = [stages, flows].into_iter().filter_map(|marks| marks.into_gauge(&location, &name));
        let mut items: Vec<_> = gauges.map(Item::Gauge).collect();
        items.extend(hydrographs.into_iter().flat_map(|hydrograph| hydrograph.into_items(&location)));
        items
    }
}

impl Datum {
    fn new(zone: Zone) -> Self {
        Self { zone, valid: None, cells: [None; 2], seen: [0; 2] }
    }

    fn complete(self, hydrograph: &mut Hydrograph) -> Result<(), String> {
        if self.seen.iter().any(|&times| times > 1) {
            return Err("<primary> or <secondary> stands twice in one <datum>".into());
        }
        hydrograph.push(self.valid.unwrap_or(Ok(None))?, self.cells)
    }
}

fn column(tag: &Tag<'_>) -> Result<Column, String> {
    attributes(tag, ["name", "units"]).map(|[name, units]| Column::of(&name, &units))
}

/// The values of attributes; empty where there is none.
fn attributes<'d, const COUNT: usize>(tag: &Tag<'d>, names: [&str; COUNT]) -> Result<[Cow<'d, str>; COUNT], String> {
    let mut values = [const { Cow::Borrowed("") }; COUNT];
    for attribute in tag.attributes() {
        let (name, found) = attribute?;
        if let Some((value, _)) = values.iter_mut().zip(names).find(|(_, known)| *known == name) {
            *value = found;
        }
    }
    Ok(values)
}
