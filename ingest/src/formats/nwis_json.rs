//! USGS instantaneous values (NWIS IV), JSON: `value.timeSeries[] > sourceInfo, variable, values[] > value[], method[]`.
//! Times carry the civil offset in force, so the hour repeated in autumn is two hours. Each of the `values` is a sensor of
//! its own (see [`usgs`] for how they are named). Daily values come in the same form and are refused. Source:
//! the service's own replies; the form is that of CUAHSI's WaterML 1.1.

use std::borrow::Cow;

use hydro::{Parameter, Point};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{Document, LineCounter, clip};
use super::usgs::{self, Scale, Sites};
use super::{Format, NotThisFormat, Parsed, Rejected, field, json};

/// Reads a reply. One without time series is sound: nothing was measured.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::NwisJson, bytes)?;
    let all = time_series(&document)?;
    let mut faults = Faults { document: &document, lines: LineCounter::new(document.text()), rejected: Vec::new() };
    let mut sites = Sites::default();
    for (index, series) in all.into_iter().enumerate() {
        match read(series) {
            Ok(Subject::Other) => {}
            Ok(Subject::Daily(statistic)) => {
                let found = format!("statistic `{}` of `{}`: {}", clip(&statistic), clip(&name(series)), usgs::DAILY);
                return Err(document.refuse(document.offset_of(series.get()), found));
            }
            Ok(Subject::Series { site, parameter, scale, blocks }) => {
                for block in blocks {
                    let (id, points) = sensor(block, scale, &mut faults);
                    sites.sensor(&site, parameter, id).extend(points);
                }
            }
            Err(reason) => faults.reject(series, format!("time series {}: {reason}", index + 1)),
        }
    }
    Ok(Parsed { items: sites.into_items(), rejected: faults.rejected })
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object with timeSeries")]
struct Response<'a> {
    #[serde(borrow)]
    time_series: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a time series")]
struct TimeSeries<'a> {
    #[serde(borrow)]
    source_info: SourceInfo<'a>,
    #[serde(borrow)]
    variable: Variable<'a>,
    #[serde(borrow)]
    values: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "sourceInfo")]
struct SourceInfo<'a> {
    #[serde(borrow)]
    site_code: Vec<Code<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a variable")]
struct Variable<'a> {
    #[serde(borrow, rename = "variableCode")]
    code: Vec<Code<'a>>,
    #[serde(borrow)]
    unit: Option<VariableUnit<'a>>,
    #[serde(borrow)]
    options: Option<Options<'a>>,
    #[serde(borrow)]
    no_data_value: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with a value")]
struct Code<'a> {
    #[serde(borrow)]
    value: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a unit")]
struct VariableUnit<'a> {
    #[serde(borrow)]
    unit_code: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(expecting = "options")]
struct Options<'a> {
    #[serde(borrow, default)]
    option: Vec<Choice<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an option")]
struct Choice<'a> {
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    option_code: Option<Cow<'a, str>>,
}

/// One of the `values` of a time series.
#[derive(Deserialize)]
#[serde(expecting = "an object with value and method")]
struct Block<'a> {
    #[serde(borrow)]
    value: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    method: Vec<Method<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a method")]
struct Method<'a> {
    #[serde(borrow, rename = "methodID")]
    number: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a value")]
struct Measured<'a> {
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow, default)]
    qualifiers: Vec<&'a RawValue>,
    #[serde(borrow)]
    date_time: Cow<'a, str>,
}

enum Subject<'a> {
    /// Not of interest.
    Other,
    /// Of a statistic over a day, by its code.
    Daily(Cow<'a, str>),
    Series {
        site: Cow<'a, str>,
        parameter: Parameter,
        scale: Scale,
        blocks: Vec<&'a RawValue>,
    },
}

fn time_series<'d>(document: &'d Document<'_>) -> Result<Vec<&'d RawValue>, NotThisFormat> {
    let reply: Reply<'_> = json::document(document, '{')?;
    let name = reply.name.as_deref().unwrap_or("no name");
    let Some(value) = reply.value.filter(|_| name.ends_with("timeSeriesResponseType")) else {
        let found = format!("a JSON object named `{}`, expected a timeSeriesResponseType with a value", clip(name));
        return Err(document.refuse_start(found));
    };
    let response: Result<Response<'_>, String> = json::object(value);
    response
        .map(|response| response.time_series)
        .map_err(|reason| document.refuse(document.offset_of(value.get()), reason))
}

fn name(series: &RawValue) -> Cow<'_, str> {
    json::object(series).ok().and_then(|named: Named<'_>| named.name).unwrap_or_default()
}

fn read(series: &RawValue) -> Result<Subject<'_>, String> {
    let TimeSeries { source_info, variable, values } = json::object(series)?;
    let code = variable.code.first().map_or("", |code| &code.value);
    let Some(parameter) = usgs::parameter(code)? else { return Ok(Subject::Other) };
    let statistic = statistic(variable.options);
    if !usgs::is_instant(&statistic) {
        return Ok(Subject::Daily(statistic));
    }
    let site = source_info.site_code.into_iter().next().map(|code| code.value).unwrap_or_default();
    if !field::is_name(&site) {
        return Err(format!("siteCode `{}`, expected 1 to 100 characters", clip(&site)));
    }
    let unit = variable.unit.map(|unit| unit.unit_code).unwrap_or_default();
    let scale = Scale::of(parameter, &unit, json::number(variable.no_data_value))?;
    Ok(Subject::Series { site, parameter, scale, blocks: values })
}

fn statistic(options: Option<Options<'_>>) -> Cow<'_, str> {
    let choices = options.map(|options| options.option).unwrap_or_default();
    let statistic = choices.into_iter().find(|choice| choice.name.as_deref() == Some("Statistic"));
    statistic.and_then(|choice| choice.option_code).unwrap_or_default()
}

/// The id and the points of one of the `values`. Every value stands alone; a block that is none is rejected as a whole.
fn sensor<'a>(block: &'a RawValue, scale: Scale, faults: &mut Faults<'_>) -> (&'a str, Vec<Point>) {
    let Block { value, method } = match json::object(block) {
        Ok(block) => block,
        Err(reason) => {
            faults.reject(block, format!("values: {reason}"));
            return ("", Vec::new());
        }
    };
    let mut points = Vec::with_capacity(value.len());
    for measured in value {
        match point(measured, scale) {
            Ok(point) => points.push(point),
            Err(reason) => faults.reject(measured, reason),
        }
    }
    (json::number(method.first().and_then(|method| method.number)), points)
}

fn point(measured: &RawValue, scale: Scale) -> Result<Point, String> {
    let Measured { value, qualifiers, date_time } = json::object(measured)?;
    let value = scale.value(json::number(value))?;
    let valid = field::instant(&date_time, None)?;
    let quality = usgs::quality(qualifiers.into_iter().map(|code| json::number(Some(code))));
    Ok(Point { valid, value, quality: value.and(quality) })
}

/// What could not be read, in the document's order.
struct Faults<'d> {
    document: &'d Document<'d>,
    lines: LineCounter<'d>,
    rejected: Vec<Rejected>,
}

impl Faults<'_> {
    fn reject(&mut self, part: &RawValue, reason: String) {
        let line = self.lines.line_at(self.document.offset_of(part.get()));
        self.rejected.push(Rejected { line, reason });
    }
}
