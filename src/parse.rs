//! `riverwatch parse`: bytes in, one JSON object a line out.

use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use ::ingest::Feed;
use ::ingest::formats::{Format, Gauge, Item, Series, parse};
use anyhow::{Context as _, anyhow};
use hydro::{Alert, AlertId, Notice};
use serde_json::{Map, Value as Json, json};

use crate::config::Config;

/// Prints what the document says; exit 2 with one line where it is not of the format. `name` is a format's, or a feed's of
/// the configuration, which is read for nothing else.
pub(crate) fn run(
    name: &str,
    file: &Path,
    config: impl FnOnce() -> anyhow::Result<Config>,
) -> anyhow::Result<ExitCode> {
    let read = if let Some(format) = Format::named(name) {
        parse(&format, &read(file)?)
    } else {
        let feed = feed(name, config)?;
        feed.read(&feed.format, &read(file)?)
    };
    let parsed = match read {
        Ok(parsed) => parsed,
        Err(error) => {
            eprintln!("{}: {error}", file.display());
            return Ok(ExitCode::from(2));
        }
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let printed = parsed.items.iter().try_for_each(|item| match item {
        Item::Series(series) => points(series, &mut out),
        Item::Gauge(gauge) => writeln!(out, "{}", gauge_json(gauge)),
        Item::NextIssue(next) => {
            eprintln!("next issue expected: {next}");
            Ok(())
        }
        Item::Alert(alert) => writeln!(out, "{}", alert_json(alert)),
        Item::InForce(alerts) => alerts.iter().try_for_each(|alert| writeln!(out, "{}", alert_json(alert))),
    });
    match printed.and_then(|()| out.flush()) {
        // The reader of a pipe has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        printed => printed.context("cannot write to stdout")?,
    }
    for rejected in &parsed.rejected {
        eprintln!("{}: {rejected}", file.display());
    }
    if !parsed.rejected.is_empty() {
        eprintln!("{} rows rejected", parsed.rejected.len());
    }
    if parsed.items.is_empty() && parsed.rejected.is_empty() {
        eprintln!("{}: no data", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// The format of a name, or an error that lists them all.
pub(crate) fn named(name: &str) -> anyhow::Result<Format> {
    Format::named(name).ok_or_else(|| anyhow!("`{name}` is not a format: expected {}", formats()))
}

/// A file's bytes; `-` is stdin.
pub(crate) fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    if file.as_os_str() != "-" {
        return std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()));
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).context("stdin cannot be read")?;
    Ok(bytes)
}

/// The feed of a name, or an error that lists feeds and formats.
fn feed(name: &str, config: impl FnOnce() -> anyhow::Result<Config>) -> anyhow::Result<Feed> {
    let config =
        config().with_context(|| format!("`{name}` is not a format ({}), nor can feeds be known", formats()))?;
    let known: Vec<String> = config.feeds.iter().map(|feed| feed.id.to_string()).collect();
    let found = config.feeds.into_iter().find(|feed| feed.id.as_str() == name);
    found.ok_or_else(|| {
        let (feeds, formats) = (known.join(", "), formats());
        anyhow!("`{name}` is neither a feed of the configuration ({feeds}) nor a format: expected {formats}")
    })
}

fn formats() -> String {
    Format::NAMED.iter().map(Format::name).collect::<Vec<_>>().join(", ")
}

fn points(series: &Series, out: &mut impl Write) -> std::io::Result<()> {
    series.points.iter().try_for_each(|point| {
        let line = json!({
            "location": series.location,
            "parameter": series.parameter.name(),
            "kind": series.kind.name(),
            "valid": point.valid,
            "issued": series.issued,
            "value": point.value.map(hydro::Value::as_f64),
            "unit": series.parameter.unit(),
            "quality": point.quality.map(hydro::Quality::name),
            "stat": series.stat.name(),
        });
        writeln!(out, "{line}")
    })
}

fn gauge_json(gauge: &Gauge) -> Json {
    let thresholds: Map<String, Json> =
        gauge.thresholds.iter().map(|(name, value)| (name.clone(), json!(value.as_f64()))).collect();
    let mut line = json!({
        "location": gauge.location,
        "name": gauge.name,
        "parameter": gauge.parameter.name(),
        "unit": gauge.parameter.unit(),
        "thresholds": thresholds,
        "latitude": gauge.position.map(|(latitude, _)| latitude),
        "longitude": gauge.position.map(|(_, longitude)| longitude),
    });
    for (name, text) in &gauge.facts {
        line[name] = json!(text);
    }
    line
}

fn alert_json(alert: &Alert) -> Json {
    let id = |id: &AlertId| json!({"sender": id.sender, "identifier": id.identifier, "sent": id.sent});
    let notices: Vec<Json> = alert.notices.iter().map(notice_json).collect();
    let references: Vec<Json> = alert.references.iter().map(id).collect();
    json!({"alert": id(&alert.id), "action": alert.action.name(), "references": references, "notices": notices})
}

fn notice_json(notice: &Notice) -> Json {
    json!({
        "language": notice.language,
        "event": notice.event,
        "sender": notice.sender_name,
        "headline": notice.headline,
        "description": notice.description,
        "instruction": notice.instruction,
        "severity": notice.severity,
        "onset": notice.onset,
        "expires": notice.expires,
        "ends": notice.ends,
        "web": notice.web,
        "ended": notice.ended,
        "areas": notice.areas.iter().map(|area| area.name.as_str()).collect::<Vec<_>>(),
    })
}
