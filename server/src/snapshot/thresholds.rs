//! The thresholds that feeds publish: which are in force, and how they compare with those configured.

use std::sync::Arc;

use hydro::{Source, Station, Thresholds, Timestamp, Value};
use store::PublishedThreshold;

use super::station::leading;
use super::{FeedNow, Snapshot};
use crate::Site;

/// The site with the thresholds that are in force: those of a feed where the configuration says that they rule and the feed
/// has any for the station, else the configured ones.
pub(super) fn ruled(site: Arc<Site>, feeds: &[FeedNow]) -> Arc<Site> {
    let in_force = |station: &Station| {
        let publisher = station.publisher.as_ref()?;
        let feed = site.feeds.iter().position(|feed| feed.id == publisher.feed).and_then(|at| feeds.get(at))?;
        let known: Vec<_> = published(station, feed).collect();
        let named = known.iter().filter(|(threshold, _)| publisher.scheme.rank(&threshold.name).is_some());
        let heights: Vec<_> =
            named.filter_map(|(threshold, value)| Some((threshold.name.as_str(), (*value)?))).collect();
        if heights.is_empty() {
            return None;
        }
        let newest = known.iter().map(|(threshold, _)| threshold.received).max()?;
        let date = station.zone.civil(newest).date();
        Thresholds::new(publisher.scheme, heights, publisher.source.clone(), Some(date)).ok()
    };
    let changed: Vec<(usize, Thresholds)> =
        site.stations.iter().enumerate().filter_map(|(at, station)| Some((at, in_force(station)?))).collect();
    if changed.is_empty() {
        return site;
    }
    let mut site = Site::clone(&site);
    for (at, thresholds) in changed {
        site.stations[at].thresholds = Some(thresholds);
    }
    Arc::new(site)
}

/// What a feed publishes of a station's leading parameter, with the heights in the station's datum. Places are matched by
/// the ids that the station's sources name, in whichever feed: an authority uses one id for a place in all its feeds.
fn published<'a>(
    station: &'a Station,
    feed: &'a FeedNow,
) -> impl Iterator<Item = (&'a PublishedThreshold, Option<Value>)> + 'a {
    feed.thresholds.iter().filter_map(|threshold| {
        let of_it = |source: &&Source| source.location == threshold.location && source.parameter == threshold.parameter;
        let source = leading(station).find(of_it)?;
        Some((threshold, threshold.value.map(|value| value + source.datum_offset)))
    })
}

/// A threshold of a station as a feed publishes it.
#[derive(Debug, PartialEq)]
pub(crate) struct Published<'a> {
    pub(crate) station: &'a Station,
    /// The feed's place among the site's.
    pub(crate) feed: usize,
    /// The threshold's name in data.
    pub(crate) name: &'a str,
    /// What is in force here.
    pub(crate) ours: Option<Value>,
    /// What it is now, and was before; `None` where there is and was none.
    pub(crate) theirs: (Option<Value>, Option<Value>),
    /// Since when.
    pub(crate) received: Timestamp,
}

impl Snapshot {
    /// The thresholds that feeds publish for stations, in the order of the stations.
    pub(crate) fn published_thresholds(&self) -> Vec<Published<'_>> {
        let mut found = Vec::new();
        for station in &self.site.stations {
            for (at, feed) in self.feeds.iter().enumerate() {
                for (threshold, value) in published(station, feed) {
                    let set = station.thresholds.as_ref();
                    let scheme = set.map(Thresholds::scheme).or(station.publisher.as_ref().map(|by| by.scheme));
                    let Some(rank) = scheme.and_then(|scheme| scheme.rank(&threshold.name)) else { continue };
                    let before =
                        value.zip(threshold.value).map_or(Value::from_milli(0), |(ours, theirs)| ours - theirs);
                    found.push(Published {
                        station,
                        feed: at,
                        name: &threshold.name,
                        ours: set.and_then(|set| set.height(rank)),
                        theirs: (value, threshold.before.map(|value| value + before)),
                        received: threshold.received,
                    });
                }
            }
        }
        found
    }
}
