//! The description of the open data for programs: `OpenAPI` 3.1, one for all languages. What stands here is a promise, and
//! tests hold the server to it.

mod schemas;

use serde_json::{Map, Value as Json, json};

use crate::Site;
use crate::lang::languages;
use crate::open::PAGE;
use schemas::{reference, schemas};

const JSON: &str = "application/json";
const GEOJSON: &str = "application/geo+json";
const CSV: &str = "text/csv";
const PROBLEM: &str = "application/problem+json";

/// The description of a site's open data.
pub(crate) fn description(site: &Site) -> Json {
    let mut info = json!({
        "title": site.title.in_language("en"),
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "River levels, discharges and flood forecasts as open data",
        "description": format!(
            "Information from gauges, not an official warning; data are provisional and may be corrected. Each address \
             answers GET and HEAD, carries an ETag, and may be read from any site (CORS). Instants are of RFC 3339 in UTC, \
             levels in metres above the station's datum, discharges in cubic metres a second; what is not known is null. \
             Words in data are the same in every language; sentences and names are in the language of the address. \
             A page of values has at most {PAGE} and leads to the next one by its `next` and by the header Link."
        ),
    });
    if let Some(operator) = &site.operator {
        info["contact"] = json!({ "name": operator.in_language("en") });
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": info,
        "paths": paths(site),
        "components": { "schemas": schemas(), "parameters": parameters(site), "responses": responses() },
    });
    if let Some(address) = &site.address {
        document["servers"] = json!([{ "url": address }]);
    }
    if !site.operators.is_empty() {
        document["components"]["securitySchemes"] = json!({ "operator": { "type": "http", "scheme": "bearer" } });
        document["paths"]["/api/notes"] = json!({ "post": note() });
    }
    document
}

fn paths(_site: &Site) -> Json {
    let text = || json!({ "type": "string" });
    let stations = "/{language}/stations";
    let station = "/{language}/station/{id}";
    let time: &[&str] = &["from", "to", "cursor", "parameter", "source"];
    let mut paths = Map::new();
    let mut add = |path: String, operation: Json| drop(paths.insert(path, json!({ "get": operation })));
    add(
        format!("{stations}.json"),
        get("stations", "All stations, without their series", &[], JSON, &reference("Stations")),
    );
    add(format!("{stations}.csv"), get("stationsCsv", "All stations as CSV, one row each", &[], CSV, &text()));
    add(
        format!("{stations}.geojson"),
        get("stationsGeojson", "All stations as GeoJSON", &[], GEOJSON, &reference("FeatureCollection")),
    );
    add(
        format!("{stations}.atom"),
        get(
            "stationsAtom",
            "News of all stations: thresholds reached and left, forecasts that reach one",
            &[],
            crate::atom::TYPE,
            &text(),
        ),
    );
    add(
        format!("{station}.json"),
        get("station", "A station with its series of the last two weeks", &["id"], JSON, &reference("StationWhole")),
    );
    add(
        format!("{station}.csv"),
        get("stationCsv", "A station's series as CSV, one row a value", &["id"], CSV, &text()),
    );
    add(
        format!("{station}.geojson"),
        get("stationGeojson", "A station as GeoJSON", &["id"], GEOJSON, &reference("Feature")),
    );
    add(
        format!("{station}.txt"),
        get("stationText", "A station in plain text; the first line is one sentence", &["id"], "text/plain", &text()),
    );
    add(format!("{station}.svg"), get("stationPicture", "A station's chart", &["id"], "image/svg+xml", &text()));
    add(format!("{station}.atom"), get("stationAtom", "News of a station", &["id"], crate::atom::TYPE, &text()));
    add(
        format!("{station}/observations.json"),
        ranged("observations", "Measurements by time", time, JSON, &reference("Observations")),
    );
    add(
        format!("{station}/observations.csv"),
        ranged("observationsCsv", "Measurements by time as CSV, one row each", time, CSV, &text()),
    );
    add(
        format!("{station}/forecasts.json"),
        ranged(
            "forecasts",
            "Every issue of the forecast by the instant of issue, with all its values and bounds; of a corrected issue every version",
            time,
            JSON,
            &reference("Forecasts"),
        ),
    );
    add(
        format!("{station}/episodes.json"),
        ranged(
            "episodes",
            "All times at or above a threshold, with what operators noted of them",
            &[],
            JSON,
            &reference("Episodes"),
        ),
    );
    add(
        format!("{station}/thresholds.json"),
        ranged(
            "thresholds",
            "The thresholds in force, who named them, and each change that a feed has published",
            &[],
            JSON,
            &reference("ThresholdsWhole"),
        ),
    );
    let mut own = get("description", "This description", &[], JSON, &json!({ "type": "object" }));
    own["parameters"] = json!([]);
    add("/openapi.json".to_owned(), own);
    Json::Object(paths)
}

/// A file that is drawn from memory; an error of it is a page for people.
fn get(id: &str, summary: &str, parameters: &[&str], kind: &str, schema: &Json) -> Json {
    let failure = json!({ "$ref": "#/components/responses/Page" });
    operation(id, summary, parameters, (kind, schema), &[("404", &failure), ("500", &failure), ("503", &failure)])
}

/// Data of a station that are read for the request; an error is a problem document.
fn ranged(id: &str, summary: &str, query: &[&str], kind: &str, schema: &Json) -> Json {
    let problem = json!({ "$ref": "#/components/responses/Problem" });
    let failures = ["400", "404", "500", "503"].map(|status| (status, &problem));
    let parameters: Vec<&str> = ["id"].iter().chain(query).copied().collect();
    operation(id, summary, &parameters, (kind, schema), &failures)
}

fn operation(
    id: &str,
    summary: &str,
    parameters: &[&str],
    (kind, schema): (&str, &Json),
    failures: &[(&str, &Json)],
) -> Json {
    let parameters: Vec<Json> = ["language"]
        .iter()
        .chain(parameters)
        .map(|name| json!({ "$ref": format!("#/components/parameters/{name}") }))
        .collect();
    let mut content = Map::new();
    content.insert(kind.to_owned(), json!({ "schema": schema }));
    let mut responses = Map::new();
    responses.insert("200".to_owned(), json!({ "description": summary, "content": content }));
    responses.insert("304".to_owned(), json!({ "description": "The one that asks has it already, by If-None-Match" }));
    responses.extend(failures.iter().map(|(status, failure)| ((*status).to_owned(), (*failure).clone())));
    json!({ "operationId": id, "summary": summary, "parameters": parameters, "responses": responses })
}

fn parameters(site: &Site) -> Json {
    let codes: Vec<&str> = languages().map(|texts| texts.code.as_str()).collect();
    let ids: Vec<&str> = site.stations.iter().take(3).map(|station| station.id.as_str()).collect();
    let id = json!({ "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64, "examples": ids });
    let instant = || json!({ "type": "string", "format": "date-time" });
    let query = |name: &str, description: &str, schema: Json| json!({ "name": name, "in": "query", "description": description, "schema": schema });
    json!({
        "language": { "name": "language", "in": "path", "required": true, "schema": { "type": "string", "enum": codes } },
        "id": { "name": "id", "in": "path", "required": true, "schema": id },
        "from": query("from", "The first instant; two weeks before the end where it is left out", instant()),
        "to": query("to", "Up to this instant and without it", instant()),
        "cursor": query(
            "cursor",
            "Where the page before ended: take it from `next`, with all that stands there",
            json!({ "type": "string", "pattern": "^([0-9a-f]{10}){1,2}$" }),
        ),
        "parameter": query(
            "parameter",
            "What is measured or forecast; what the station speaks of first where it is left out",
            json!({ "type": "string", "enum": ["level", "discharge"] }),
        ),
        "source": query(
            "source",
            "One of the station's feeds; the one that its page shows where it is left out. Two are never mixed",
            json!({ "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64 }),
        ),
    })
}

fn responses() -> Json {
    json!({
        "Problem": {
            "description": "What is wrong, in the language of the address (RFC 9457)",
            "content": { PROBLEM: { "schema": reference("Problem") } },
        },
        "Page": {
            "description": "A page for people that says what is wrong",
            "content": { "text/html": { "schema": { "type": "string" } } },
        },
    })
}

/// What operators may write, where there are any.
fn note() -> Json {
    let problem = json!({ "$ref": "#/components/responses/Problem" });
    let mut responses = Map::new();
    responses.insert(
        "201".to_owned(),
        json!({ "description": "Kept for ever", "content": { JSON: { "schema": reference("Note") } } }),
    );
    for status in ["400", "401", "404", "413", "415", "422", "429", "500"] {
        responses.insert(status.to_owned(), problem.clone());
    }
    json!({
        "operationId": "note",
        "summary": "An operator notes something of an episode, or marks it as seen",
        "security": [{ "operator": [] }],
        "requestBody": { "required": true, "content": { JSON: { "schema": reference("NewNote") } } },
        "responses": responses,
    })
}
