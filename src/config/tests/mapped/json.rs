//! JSON of five countries.

use super::read;

fn read_json(layout: &str, path: &str) -> Option<String> {
    read("format = \"json\"", &format!("[feeds.mapped.json]\n{layout}"), path)
}

#[test]
fn swedens_readings_within_stations() {
    let layout = r#"
rows = "station[].value[]"
time = "date"
time_format = "unix_ms"
location = "^key"
qualities = { O = "reviewed" }
values = [{ field = "value", parameter = "discharge", unit = { field = "^^parameter.unit" }, kind = "observed", quality = "quality" }]
"#;
    let Some(found) = read_json(layout, "misc/smhi_data.json") else { return };
    insta::assert_snapshot!(found, @"
    1583 discharge observed value 2023-10-08T15:15:00Z 13.576 reviewed
    1583 discharge observed value 2023-10-08T15:30:00Z 13.614 reviewed
    1456 discharge observed value 2023-10-08T15:15:00Z 44.989 reviewed
    1456 discharge observed value 2023-10-08T15:30:00Z 44.989 reviewed
    ");
}

#[test]
fn norways_series_of_two_parameters() {
    let layout = r#"
rows = "data[].observations[]"
time = "time"
location = "^stationId"
values = [
    { field = "value", parameter = "level", unit = { field = "^unit" }, kind = "observed", where = { field = "^parameter", equals = 1000 } },
    { field = "value", parameter = "discharge", unit = { field = "^unit" }, kind = "observed", where = [
        { field = "^parameter", equals = 1001 },
        { field = "^method", equals = ["Instantaneous", "Mean"] },
    ] },
]
"#;
    let Some(found) = read_json(layout, "misc/nve_observations.json") else { return };
    insta::assert_snapshot!(found, @"
    2.284.0 level observed value 2024-06-08T18:00:00Z 406.4
    2.284.0 discharge observed value 2024-06-08T18:00:00Z 19.977
    2.13.0 level observed value 2024-06-08T18:00:00Z 940.731
    2.13.0 discharge observed value 2024-06-08T18:00:00Z 56.418
    ");
}

#[test]
fn the_newest_readings_of_wales_and_ireland() {
    let layout = r#"
rows = "[].parameters[]"
time = "latestTime"
location = "^location"
values = [{ field = "latestValue", parameter = "level", unit = { field = "units" }, kind = "observed", where = { field = "paramNameEN", equals = "River Level" } }]
"#;
    let Some(wales) = read_json(layout, "misc/nrw_wales_data.json") else { return };
    insta::assert_snapshot!(wales, @"
    4064 level observed value 2020-12-05T10:45:00Z 0.529
    4067 level observed value 2020-12-05T10:00:00Z 1.003
    ");
    let ireland = read_json(
        r#"
rows = "features[].properties"
time = "datetime"
location = "station_ref"
values = [{ field = "value", parameter = "level", unit = "m", kind = "observed", where = { field = "sensor_ref", equals = "0001" } }]
"#,
        "misc/ireland_opw_latest.geojson",
    );
    insta::assert_snapshot!(ireland.expect("a sample"), @"
    0000001041 level observed value 2023-01-21T22:45:00Z 1.048
    0000001043 level observed value 2023-01-21T19:30:00Z 1.934
    ");
}

#[test]
fn pairs_of_a_kiwis_service() {
    let layout = r#"
rows = "[].data[]"
time = "[0]"
location = "^station_no"
values = [{ field = "[1]", parameter = "level", unit = { field = "^ts_unitsymbol" }, kind = "observed", where = { field = "^columns", equals = "Timestamp,Value" } }]
"#;
    let Some(found) = read_json(layout, "kiwis/sepa_kiwis_measurements.json") else { return };
    insta::assert_snapshot!(found, @"
    116011 level observed value 2025-07-05T11:45:00Z 1.214
    10048 level observed value 2025-07-05T17:45:00Z 0.433
    ");
}

#[test]
fn power_stations_whose_times_are_keys() {
    let layout = r#"
rows = "Site[].Composition[].Donnees{}"
time = "$key"
time_format = "%Y/%m/%d %H:%M:%SZ"
zone = "Z"
location = "^element"
values = [{ field = "$value", parameter = "discharge", unit = { field = "^nom_unite_mesure" }, kind = "observed", where = { field = "^pas_temps", equals = "Horaire" } }]
"#;
    let Some(found) = read_json(layout, "canada_prov/hydroquebec_centrales.json") else { return };
    insta::assert_snapshot!(found, @"
    Évacuateur Mistigougèche discharge observed value 2022-04-22T11:00:00Z 1.57
    Centrale Bersimis-2 discharge observed value 2022-04-22T11:00:00Z 297.78
    Centrale Bersimis-2 discharge observed value 2022-04-22T12:00:00Z 298.72
    Site Bersimis-2 discharge observed value 2022-04-22T11:00:00Z 297.78
    ");
}

#[test]
fn quebecs_readings_and_its_forecast_in_one_document() {
    let layout = r#"
rows = "diffusion[]"
time = ["dateDonnee", "heureDonnee"]
time_format = "%Y-%m-%d %H:%M"
zone = "America/Toronto"
location = "^noStation"
values = [
    { field = "donnee", parameter = "level", unit = "m", kind = "observed", where = { field = "typeDonnee", equals = "N" } },
    { field = "donnee", parameter = "discharge", unit = "m3/s", kind = "observed", where = { field = "typeDonnee", equals = "D" } },
]
"#;
    let Some(readings) = read_json(layout, "canada_prov/qc_cehq_depot_051305.json") else { return };
    insta::assert_snapshot!(readings, @"
    051305 discharge observed value 2024-04-20T09:00:00Z 32.64
    051305 discharge observed value 2024-04-20T09:15:00Z 32.46
    051305 level observed value 2024-04-20T09:00:00Z 48.486
    051305 level observed value 2024-04-20T09:15:00Z 48.482
    ");
    let forecast = read_json(
        r#"
rows = "prevision[]"
time = "datePrevision"
zone = "America/Toronto"
location = "^noStation"
values = [
    { field = "qMCS", parameter = "discharge", unit = "m3/s", kind = "forecast" },
    { field = "q25MCS", parameter = "discharge", unit = "m3/s", kind = "forecast", stat = "q25" },
    { field = "q75MCS", parameter = "discharge", unit = "m3/s", kind = "forecast", stat = "q75" },
]
"#,
        "canada_prov/qc_cehq_depot_051305.json",
    );
    insta::assert_snapshot!(forecast.expect("a sample"), @"
    051305 discharge forecast value 2024-04-19T07:00:00Z 33.7
    051305 discharge forecast q25 2024-04-19T07:00:00Z 31.97
    051305 discharge forecast q75 2024-04-19T07:00:00Z 37.06
    ");
}
