//! Official alerts as a page shows them: their senders' own words, untouched, with who sent them, when, and until when they
//! hold. What gauges say is no part of this.

use hydro::{Notice, SignedDuration, Station, Timestamp};

use crate::format::Reader;
use crate::lang::fill;
use crate::snapshot::{AlertNow, Snapshot, is_in};

/// An alert whose source was last read longer ago than this is shown with that time.
const CONFIRMED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// One text of an alert.
#[derive(Debug)]
pub(crate) struct AlertView {
    /// Its language, where that is not the page's.
    pub(crate) lang: Option<String>,
    /// The sender's word for the danger.
    pub(crate) event: String,
    pub(crate) headline: String,
    /// That it is official, and whose.
    pub(crate) from: String,
    /// Where it holds, when it was sent, and until when it holds: sentences.
    pub(crate) facts: Vec<String>,
    /// When it ceases to hold.
    pub(crate) until: Option<Timestamp>,
    /// The paragraphs of the text, with their line breaks.
    pub(crate) body: Vec<String>,
    /// Where the sender says more.
    pub(crate) web: Option<String>,
    /// The stations that it covers: id and name. Only for the list.
    pub(crate) stations: Vec<(String, String)>,
}

/// The alerts that cover the station at `index`.
pub(crate) fn of_station(reader: &Reader<'_>, snapshot: &Snapshot, index: usize) -> Vec<AlertView> {
    let station = &snapshot.site.stations[index];
    covering(snapshot, index)
        .flat_map(|alert| {
            let texts = in_language(reader, alert.covering(station, reader.now).collect());
            texts.into_iter().map(|notice| view(reader, alert, notice, Some(station)))
        })
        .collect()
}

/// All alerts that cover a station, each with its stations.
pub(crate) fn of_site(reader: &Reader<'_>, snapshot: &Snapshot) -> Vec<AlertView> {
    let code = reader.texts.code.as_str();
    let named = |place: &usize| {
        let station = &snapshot.site.stations[*place];
        (station.id.to_string(), station.name.in_language(code).to_owned())
    };
    let one = |alert: &AlertNow| {
        let first = &snapshot.site.stations[*alert.stations.first()?];
        let texts = in_language(reader, alert.covering(first, reader.now).collect());
        let stations = alert.stations.iter().map(named).collect();
        Some(AlertView { stations, ..view(reader, alert, texts.first()?, None) })
    };
    snapshot.alerts.iter().filter_map(one).collect()
}

/// That an official alert covers a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Until when the last of them holds; `None` where one has no end.
    pub(crate) until: Option<Timestamp>,
}

/// Whether alerts cover a station, and until when.
pub(crate) fn mark(snapshot: &Snapshot, index: usize, now: Timestamp) -> Option<Mark> {
    let station = &snapshot.site.stations[index];
    let ends = covering(snapshot, index)
        .flat_map(|alert| alert.covering(station, now).map(|notice| alert.alert.until(notice)));
    // Without an end is the latest of all.
    ends.max_by_key(|until| until.unwrap_or(Timestamp::MAX)).map(|until| Mark { until })
}

/// The alerts that cover a station, the worst first.
pub(crate) fn covering(snapshot: &Snapshot, index: usize) -> impl Iterator<Item = &AlertNow> {
    snapshot.alerts.iter().filter(move |alert| alert.stations.contains(&index))
}

/// The texts in the page's language; where there is none, those in the language of the first.
pub(crate) fn in_language<'a>(reader: &Reader<'_>, texts: Vec<&'a Notice>) -> Vec<&'a Notice> {
    let has = |code: &str| texts.iter().any(|notice| primary(notice).eq_ignore_ascii_case(code));
    let page = reader.texts.code.as_str();
    let Some(first) = texts.first() else { return texts };
    let code = if has(page) { page } else { primary(first) };
    texts.iter().copied().filter(|notice| primary(notice).eq_ignore_ascii_case(code)).collect()
}

/// A text's language: what it does not say is English of the United States (CAP 1.2, section 3.2.2, `language`).
pub(crate) fn language(notice: &Notice) -> &str {
    let tag = notice.language.as_str();
    let sound = !tag.is_empty() && tag.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if sound { tag } else { "en-US" }
}

fn primary(notice: &Notice) -> &str {
    let tag = language(notice);
    tag.split_once('-').map_or(tag, |(primary, _)| primary)
}

/// A name from outside within a sentence of ours: on one line, and without the characters that would turn the sentence round.
fn within(name: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !turns(*c)).collect()
}

fn view(reader: &Reader<'_>, alert: &AlertNow, notice: &Notice, station: Option<&Station>) -> AlertView {
    let texts = &reader.texts.alert;
    let until = alert.alert.until(notice);
    let sender = if notice.sender_name.is_empty() { &alert.alert.id.sender } else { &notice.sender_name };
    let told = |template: &str, when: Timestamp| fill(template, &[("when", &reader.dated(when))]);
    let areas = notice.areas.iter().filter(|area| station.is_some_and(|station| is_in(station, area)));
    let areas: Vec<String> = areas.map(|area| within(&area.name)).filter(|name| !name.is_empty()).collect();
    let mut facts = Vec::new();
    if !areas.is_empty() {
        facts.push(fill(&texts.area, &[("area", &areas.join("; "))]));
    }
    facts.push(told(&texts.sent, alert.alert.id.sent));
    facts.extend(notice.onset.filter(|onset| *onset > reader.now).map(|onset| told(&texts.begins, onset)));
    facts.push(until.map_or_else(|| texts.open.clone(), |until| told(&texts.expires, until)));
    let unread = alert.confirmed.filter(|read| reader.now.duration_since(*read) > CONFIRMED_FOR);
    facts.extend(unread.map(|read| told(&texts.last_read, read)));
    let differs = !primary(notice).eq_ignore_ascii_case(&reader.texts.code);
    let body = [&notice.description, &notice.instruction].into_iter().filter(|text| !text.is_empty());
    AlertView {
        lang: differs.then(|| language(notice).to_owned()),
        event: notice.event.clone(),
        headline: notice.headline.clone(),
        from: fill(&texts.from, &[("sender", &within(sender))]),
        facts,
        until,
        body: body.cloned().collect(),
        web: Some(notice.web.clone()).filter(|web| web.starts_with("https://") || web.starts_with("http://")),
        stations: Vec::new(),
    }
}
