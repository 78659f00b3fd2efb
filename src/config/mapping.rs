//! The parts `[feeds.….table]` and `[feeds.….json]`: how documents of a form of their own are read. Fields of a row are
//! columns in the one and paths in the other; everything else is the same for both.

use hydro::{Kind, Parameter, Quality, Stat};
use ingest::formats::mapped::{
    Clock, Column, Condition, Delimiter, JsonLayout, Mapping, Numbers, Path, Quantity, Rows, TableLayout, TimeForm,
    Unit, UnitOf, zone,
};

use super::reader::{Field, Table};

/// Reads `[feeds.….table]`. `is_placed` says whether the feed has a `place`.
pub(super) fn table_layout(table: &mut Table, is_placed: bool) -> Option<TableLayout> {
    let delimiter = table.find("delimiter").map_or(Some(Delimiter::Character(',')), |field| field.parsed(delimiter));
    let skip = table.find("skip").map_or(Some(0), |field| field.count(1000));
    let header = table.find("header").map_or(Some(true), |field| field.boolean());
    let comment = table.find("comment").and_then(|field| field.text()).map(str::to_owned);
    // Where it is not known whether there are names, names are not refused.
    let fields = Fields { key: "column", read: |field: &Field| column(field, header.unwrap_or(true)) };
    let fill_down = table.find("fill_down").map_or(Some(Vec::new()), |field| fields.some(&field));
    let mapping = mapping(table, &fields, is_placed);
    Some(TableLayout {
        delimiter: delimiter?,
        skip: skip?,
        header: header?,
        comment,
        fill_down: fill_down?,
        mapping: mapping?,
    })
}

/// Reads `[feeds.….json]`. `is_placed` says whether the feed has a `place`.
pub(super) fn json_layout(table: &mut Table, is_placed: bool) -> Option<JsonLayout> {
    let rows = table.find("rows").map_or(Some(Rows::DOCUMENT), |field| field.parsed(Rows::named));
    let levels = rows.as_ref().map_or(usize::MAX, Rows::levels);
    let fields = Fields { key: "field", read: |field: &Field| path(field, levels) };
    let mapping = mapping(table, &fields, is_placed);
    Some(JsonLayout { rows: rows?, mapping: mapping? })
}

/// How the fields of a row are addressed.
struct Fields<R> {
    /// The key under which an address stands.
    key: &'static str,
    read: R,
}

impl<F, R: Fn(&Field) -> Option<F>> Fields<R> {
    /// The one address that a key holds.
    fn one(&self, field: &Field) -> Option<F> {
        (self.read)(field)
    }

    /// One address or several.
    fn some(&self, field: &Field) -> Option<Vec<F>> {
        field.one_or_more()?.iter().map(|field| self.one(field)).collect()
    }

    /// The address in a table of its own, `{ column = … }`.
    fn within(&self, table: &mut Table) -> Option<F> {
        self.one(&table.need(self.key)?)
    }
}

fn mapping<F, R>(table: &mut Table, fields: &Fields<R>, is_placed: bool) -> Option<Mapping<F>>
where
    R: Fn(&Field) -> Option<F>,
{
    let time = table.need("time").and_then(|field| fields.some(&field));
    let clock = clock(table);
    let location = table.find("location");
    if location.is_none() && !is_placed {
        table.context.fault(&table.spot, "values of no place: expected `location` here, or the feed's `place`");
    }
    let location = location.map(|field| fields.one(&field));
    let issued_field = table.find("issued");
    let issued = issued_field.as_ref().map_or(Some(Vec::new()), |field| fields.some(field));
    let comma = table.find("decimal").map_or(Some(false), |field| field.one_of(&[(".", false), (",", true)]));
    let missing = table.find("missing").map_or(Some(Vec::new()), |field| words(&field));
    let qualities_field = table.find("qualities");
    let qualities = qualities_field.as_ref().map_or(Some(Vec::new()), |field| field.table(qualities)?);
    let values = values(table, fields)?;
    if let Some(field) = issued_field.filter(|_| values.iter().all(|value| value.kind == Kind::Observed)) {
        field.refuse::<()>("only a forecast is issued, and no value here is one");
    }
    match (qualities_field, &qualities) {
        (Some(field), Some(marks)) => check_marks(&field, marks, values.iter().all(|value| value.quality.is_some())),
        (None, _) if values.iter().any(|value| value.quality.is_some()) => {
            table.context.fault(&table.spot, "a `quality` without `qualities`: expected what its words stand for");
        }
        _ => {}
    }
    let numbers = Numbers { comma: comma?, missing: missing? };
    let location = if let Some(location) = location { Some(location?) } else { None };
    Some(Mapping { time: time?, issued: issued?, clock: clock?, location, numbers, qualities: qualities?, values })
}

fn clock(table: &mut Table) -> Option<Clock> {
    let (written, zoned) = (table.find("time_format"), table.find("zone"));
    let form = written.as_ref().map_or(Some(TimeForm::Rfc3339), |field| field.parsed(TimeForm::named))?;
    match (written, &zoned) {
        (Some(field), None) if form.needs_zone() => {
            return field.refuse("such a time tells no offset: expected `zone` beside it, such as \"America/Toronto\"");
        }
        (Some(_), Some(field)) if !form.takes_zone() => {
            return field.refuse("such times are instants already: expected no `zone` beside their `time_format`");
        }
        _ => {}
    }
    let zone = if let Some(field) = zoned { Some(field.parsed(zone)?) } else { None };
    Some(Clock { form, zone })
}

fn values<F, R>(table: &mut Table, fields: &Fields<R>) -> Option<Vec<Quantity<F>>>
where
    R: Fn(&Field) -> Option<F>,
{
    let field = table.need("values")?;
    let mut earlier: Vec<(Parameter, Kind, Stat, bool)> = Vec::new();
    let values = table.each("values", |table| {
        let quantity = quantity(table, fields)?;
        let Quantity { parameter, kind, stat, only, .. } = &quantity;
        let is_twin = |(parameter_, kind_, stat_, is_bare): &(Parameter, Kind, Stat, bool)| {
            (parameter_, kind_, stat_) == (parameter, kind, stat) && (*is_bare || only.is_empty())
        };
        if earlier.iter().any(is_twin) {
            let found = format!("a second {} {} of one name in a row", kind.name(), parameter.name());
            table.context.fault(&table.spot, format!("{found}: expected another `stat`, or a `where` in each"));
        }
        earlier.push((*parameter, *kind, stat.clone(), only.is_empty()));
        Some(quantity)
    });
    if values.is_empty() && field.items().is_some_and(|items| items.is_empty()) {
        return field.refuse("no value: expected at least one");
    }
    Some(values)
}

fn quantity<F, R>(table: &mut Table, fields: &Fields<R>) -> Option<Quantity<F>>
where
    R: Fn(&Field) -> Option<F>,
{
    let field = fields.within(table);
    let parameters = [Parameter::Level, Parameter::Discharge].map(|parameter| (parameter.name(), parameter));
    let parameter = table.need("parameter").and_then(|field| field.one_of(&parameters));
    let unit = table.need("unit").and_then(|field| unit(&field, parameter, fields));
    let kinds = [Kind::Observed, Kind::Forecast].map(|kind| (kind.name(), kind));
    let kind = table.need("kind").and_then(|field| field.one_of(&kinds));
    let stat = table.find("stat").map_or(Some(Stat::Value), |field| field.text().map(stat));
    let quality = table.find("quality").map(|field| fields.one(&field));
    let only = table.find("where").map_or(Some(Vec::new()), |field| conditions(&field, fields));
    let quality = if let Some(quality) = quality { Some(quality?) } else { None };
    Some(Quantity { field: field?, parameter: parameter?, unit: unit?, kind: kind?, stat: stat?, quality, only: only? })
}

fn stat(name: &str) -> Stat {
    if name == Stat::Value.name() { Stat::Value } else { Stat::Named(name.into()) }
}

/// Reads a unit, or where the document states it.
fn unit<F, R>(field: &Field, parameter: Option<Parameter>, fields: &Fields<R>) -> Option<UnitOf<F>>
where
    R: Fn(&Field) -> Option<F>,
{
    if field.is_table() {
        return field.table(|table| fields.within(table))?.map(UnitOf::Field);
    }
    let parameter = parameter?;
    field.parsed(|text| Unit::of(parameter, text)).map(UnitOf::Fixed)
}

fn conditions<F, R>(field: &Field, fields: &Fields<R>) -> Option<Vec<Condition<F>>>
where
    R: Fn(&Field) -> Option<F>,
{
    let condition = |table: &mut Table| {
        let field = fields.within(table);
        let equals = table.need("equals").and_then(|field| words(&field));
        Some(Condition { field: field?, equals: equals? })
    };
    field.one_or_more()?.iter().map(|field| field.table(condition)?).collect()
}

/// Reads the agency's words for its remarks, each with the quality that it stands for.
fn qualities(table: &mut Table) -> Option<Vec<(String, Quality)>> {
    let names = Quality::ALL.map(|quality| (quality.name(), quality));
    let words = table.keys().into_iter();
    words.map(|word| Some((word.trim().to_owned(), table.find(word)?.one_of(&names)?))).collect()
}

/// A mark behind a number must not be able to be a part of it.
fn check_marks(field: &Field, marks: &[(String, Quality)], have_their_own_field: bool) {
    let numeric = |mark: &str| mark.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    for (mark, _) in marks {
        if mark.is_empty() {
            field.refuse::<()>("an empty word: expected what the agency writes");
        } else if numeric(mark) && !have_their_own_field {
            field.refuse::<()>(format!(
                "`{mark}` behind a number would be a part of it: expected `quality` in each value"
            ));
        }
    }
}

fn words(field: &Field) -> Option<Vec<String>> {
    field.one_or_more()?.iter().map(Field::word).collect()
}

fn column(field: &Field, header: bool) -> Option<Column> {
    match field.is_number() {
        true => field.count(10_000).map(Column::Number),
        false if header => field.text().map(|name| Column::Name(name.trim().to_owned())),
        false => field.refuse("the table has no header: expected a column's number, counted from 1"),
    }
}

fn path(field: &Field, levels: usize) -> Option<Path> {
    let path = field.parsed(Path::named)?;
    if path.up() > levels {
        let up = "^".repeat(levels);
        return field
            .refuse(format!("`{path}` goes out beyond the document: expected `{up}` at the most before a field"));
    }
    Some(path)
}

fn delimiter(text: &str) -> Result<Delimiter, String> {
    let mut characters = text.chars();
    match (text, characters.next(), characters.next()) {
        ("tab", ..) => Ok(Delimiter::Character('\t')),
        ("blanks", ..) => Ok(Delimiter::Blanks),
        (_, Some(one), None) if !one.is_alphanumeric() && !matches!(one, '"' | '.' | '-' | ' ') => {
            Ok(Delimiter::Character(one))
        }
        _ => Err(format!("`{text}` is no delimiter: expected one sign, such as `;`, or `tab`, or `blanks`")),
    }
}
