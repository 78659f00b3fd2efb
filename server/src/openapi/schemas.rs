//! The forms of the data in the description. Every key named here is always there; a value that is not known is null.

use hydro::{Quality, Rank, Scheme};
use serde_json::{Map, Value as Json, json};

/// A form by its name.
pub(super) fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// All forms.
pub(super) fn schemas() -> Json {
    json!({
        "Problem": object(&[("type", string()), ("title", string()), ("status", json!({ "type": "integer" })), ("detail", string())]),
        "Series": list(&pair(&or_null(&number()))),
        "ForecastSeries": list(&pair(&number())),
        "Bounds": { "type": "object", "additionalProperties": reference("ForecastSeries") },
        "Level": words(["unknown", "normal"].into_iter().chain(thresholds())),
        "ThresholdName": words(thresholds()),
        "Freshness": words(["fresh", "late", "stale", "offline", "none"]),
        "Trend": words(["rising", "falling", "steady"]),
        "Quality": words(Quality::ALL.map(Quality::name)),
        "Doubt": words(["agency", "out-of-bounds", "too-fast", "unit-jump", "datum-jump"]),
        "Unit": words(["m", "m3/s"]),
        "Status": status(),
        "Outlook": outlook(),
        "Discharge": discharge(),
        "Threshold": object(&[
            ("level", reference("ThresholdName")), ("value", number()), ("source", string()), ("date", or_null(&date())),
        ]),
        "PastFlood": past_flood(),
        "Alert": { "type": "object", "description": "An official alert in force, by CAP's own names" },
        "Episode": episode(),
        "Note": note(),
        "NewNote": new_note(),
        "Station": station(),
        "StationWhole": whole(),
        "Stations": object(&[("generated", instant()), ("stations", list(&reference("Station")))]),
        "Feature": feature(),
        "FeatureCollection": object(&[
            ("type", json!({ "const": "FeatureCollection" })), ("generated", instant()), ("features", list(&reference("Feature"))),
        ]),
        "Observations": paged(&[("observed", list(&observation()))]),
        "Forecasts": paged(&[("issues", list(&issue()))]),
        "Episodes": object(&[
            ("station", string()), ("unit", reference("Unit")), ("source", or_null(&string())),
            ("known_since", or_null(&instant())), ("episodes", list(&with_notes())), ("attribution", list(&string())),
            ("demonstration", boolean()),
        ]),
        "ThresholdsWhole": thresholds_whole(),
    })
}

fn thresholds() -> impl Iterator<Item = &'static str> {
    Scheme::ALL.into_iter().flat_map(|scheme| Rank::ALL.into_iter().skip(1).map(move |rank| scheme.word(rank)))
}

fn status() -> Json {
    object(&[
        ("level", reference("Level")),
        ("freshness", reference("Freshness")),
        ("value", or_null(&number())),
        ("unit", reference("Unit")),
        ("valid", or_null(&instant())),
        ("quality", or_null(&reference("Quality"))),
        ("trend", or_null(&reference("Trend"))),
        ("since", or_null(&instant())),
        ("source", or_null(&string())),
    ])
}

fn outlook() -> Json {
    let peak = object(&[("value", number()), ("valid", instant()), ("still_rising", boolean())]);
    let crossing = object(&[("threshold", reference("ThresholdName")), ("valid", instant())]);
    object(&[
        ("level", or_null(&reference("Level"))),
        ("state", words(["current", "old", "none"])),
        ("issued", or_null(&instant())),
        ("issue_inferred", or_null(&boolean())),
        ("peak", or_null(&peak)),
        ("crossings", list(&crossing)),
        ("source", or_null(&string())),
    ])
}

fn discharge() -> Json {
    object(&[
        ("freshness", reference("Freshness")),
        ("value", or_null(&number())),
        ("unit", reference("Unit")),
        ("valid", or_null(&instant())),
        ("quality", or_null(&reference("Quality"))),
        ("trend", or_null(&reference("Trend"))),
        ("source", or_null(&string())),
    ])
}

fn past_flood() -> Json {
    let mut form = object(&[
        ("value", number()),
        ("year", or_null(&json!({ "type": "integer" }))),
        ("record", boolean()),
        ("above", number()),
        ("peak_above", or_null(&number())),
    ]);
    form["description"] = json!(
        "The past flood, or the record, that the present level is nearest to, and how far above it the level and the forecast's rise stand; negative below"
    );
    form
}

fn station() -> Json {
    object(&[
        ("id", string()),
        ("name", string()),
        ("river", string()),
        ("region", or_null(&string())),
        ("latitude", number()),
        ("longitude", number()),
        ("timezone", string()),
        ("datum", or_null(&string())),
        ("status", reference("Status")),
        ("outlook", reference("Outlook")),
        ("discharge", or_null(&reference("Discharge"))),
        ("thresholds", list(&reference("Threshold"))),
        ("past_flood", or_null(&reference("PastFlood"))),
        ("alerts", list(&reference("Alert"))),
        ("sentence", string()),
        ("attribution", list(&string())),
        ("demonstration", boolean()),
    ])
}

fn whole() -> Json {
    let suspect = object(&[("valid", instant()), ("value", number()), ("doubt", reference("Doubt"))]);
    let more = object(&[
        ("observed", reference("Series")),
        ("forecast", reference("ForecastSeries")),
        ("forecast_bounds", reference("Bounds")),
        ("episodes", list(&reference("Episode"))),
        ("suspect", list(&suspect)),
        ("generated", instant()),
    ]);
    json!({ "allOf": [reference("Station"), more] })
}

fn feature() -> Json {
    let point = object(&[
        ("type", json!({ "const": "Point" })),
        ("coordinates", json!({ "type": "array", "items": number(), "minItems": 2, "maxItems": 2 })),
    ]);
    object(&[
        ("type", json!({ "const": "Feature" })),
        ("id", string()),
        ("geometry", point),
        ("properties", reference("Station")),
    ])
}

/// What stands around the values of one page.
fn paged(values: &[(&str, Json)]) -> Json {
    let around = [
        ("station", string()),
        ("parameter", words(["level", "discharge"])),
        ("unit", reference("Unit")),
        ("datum", or_null(&string())),
        ("source", string()),
        ("sources", list(&string())),
        ("from", instant()),
        ("to", or_null(&instant())),
        ("next", or_null(&string())),
        ("attribution", list(&string())),
        ("demonstration", boolean()),
    ];
    object(&[&around, values].concat())
}

fn observation() -> Json {
    object(&[
        ("valid", instant()),
        ("value", or_null(&number())),
        ("quality", or_null(&reference("Quality"))),
        ("doubt", or_null(&reference("Doubt"))),
    ])
}

fn issue() -> Json {
    object(&[
        ("issued", instant()),
        ("issue_inferred", boolean()),
        ("received", instant()),
        ("forecast", reference("ForecastSeries")),
        ("forecast_bounds", reference("Bounds")),
    ])
}

fn episode() -> Json {
    object(&[
        ("level", reference("ThresholdName")),
        ("began", instant()),
        ("or_earlier", boolean()),
        ("ended", or_null(&instant())),
        ("not_confirmed_since", or_null(&instant())),
        ("peak", object(&[("value", number()), ("valid", instant())])),
    ])
}

fn with_notes() -> Json {
    json!({ "allOf": [reference("Episode"), object(&[("notes", list(&reference("Note")))])] })
}

fn note() -> Json {
    object(&[("at", instant()), ("by", string()), ("seen", boolean()), ("text", string())])
}

fn new_note() -> Json {
    json!({
        "type": "object",
        "required": ["station", "began"],
        "additionalProperties": false,
        "properties": {
            "station": string(),
            "began": { "type": "string", "format": "date-time", "description": "When the episode began, as episodes.json tells it" },
            "text": { "type": "string", "maxLength": crate::notes::LONGEST },
            "seen": boolean(),
        },
    })
}

fn thresholds_whole() -> Json {
    let step = object(&[("level", reference("ThresholdName")), ("value", number())]);
    let change = object(&[
        ("feed", string()),
        ("level", string()),
        ("value", or_null(&number())),
        ("before", or_null(&number())),
        ("received", instant()),
    ]);
    object(&[
        ("station", string()),
        ("unit", reference("Unit")),
        ("datum", or_null(&string())),
        ("scheme", or_null(&words(Scheme::ALL.map(Scheme::name)))),
        ("source", or_null(&string())),
        ("date", or_null(&date())),
        ("thresholds", list(&step)),
        ("published", list(&change)),
        ("demonstration", boolean()),
    ])
}

/// An object with some keys, each of them always there.
fn object(properties: &[(&str, Json)]) -> Json {
    let required: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Json> =
        properties.iter().map(|(name, form)| ((*name).to_owned(), form.clone())).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn list(items: &Json) -> Json {
    json!({ "type": "array", "items": items })
}

/// An instant and a value.
fn pair(value: &Json) -> Json {
    json!({ "type": "array", "prefixItems": [instant(), value], "minItems": 2, "maxItems": 2 })
}

fn or_null(form: &Json) -> Json {
    json!({ "anyOf": [form, { "type": "null" }] })
}

fn words(words: impl IntoIterator<Item = &'static str>) -> Json {
    json!({ "type": "string", "enum": words.into_iter().collect::<Vec<_>>() })
}

fn string() -> Json {
    json!({ "type": "string" })
}

fn number() -> Json {
    json!({ "type": "number" })
}

fn boolean() -> Json {
    json!({ "type": "boolean" })
}

fn instant() -> Json {
    json!({ "type": "string", "format": "date-time" })
}

fn date() -> Json {
    json!({ "type": "string", "format": "date" })
}
