//! The scheduler at work.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hydro::{SignedDuration, StationId};
use ingest::{Clock, Feed, Fetching, Plan, Schedule, run};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::rig::{Rig, clock, document, feed, fetching, within};
use crate::server::{Server, Step, reply};

struct Running {
    plans: watch::Sender<Plan>,
    changed: Arc<Mutex<Vec<BTreeSet<StationId>>>>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    fn start(rig: &Rig, feeds: Vec<Feed>, clock: Clock) -> Self {
        let (plans, planned) = watch::channel(plan(feeds));
        let (stop, stopped) = watch::channel(false);
        let (changed, store) = (Arc::new(Mutex::new(Vec::new())), Arc::clone(&rig.store));
        let told = Arc::clone(&changed);
        let on_changed = move |stations: &BTreeSet<StationId>| told.lock().unwrap().push(stations.clone());
        let task = tokio::spawn(async move {
            run(planned, store, clock, on_changed, stopped).await.unwrap();
        });
        Self { plans, changed, stop, task }
    }

    /// Stops, and is gone soon.
    async fn stop(self) {
        self.stop.send(true).unwrap();
        within(Duration::from_secs(5), self.task).await.unwrap();
    }
}

fn plan(feeds: Vec<Feed>) -> Plan {
    Plan { feeds, fetching: Fetching { total_timeout: Duration::from_secs(30), ..fetching() } }
}

/// Waits until something is so.
async fn until(so: impl Fn() -> bool) {
    let wait = async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    within(Duration::from_secs(10), wait).await;
}

#[tokio::test]
async fn a_feed_is_fetched_at_once_and_not_again_after_a_restart() {
    let server = Server::start(|_, _| reply("200 OK", "", &document(6500))).await;
    let (mut rig, clock) = (Rig::new("at-once"), clock(1.0));
    let feed = Feed { schedule: Schedule::parse("30 * * * *").unwrap(), ..feed("eccc-nb", server.url()) };
    let running = Running::start(&rig, vec![feed.clone()], clock.clone());
    until(|| !running.changed.lock().unwrap().is_empty()).await;
    let stations = running.changed.lock().unwrap()[0].clone();
    assert_eq!(stations, [StationId::new("fredericton").unwrap()].into());
    running.stop().await;
    assert_eq!(rig.observed(&feed).len(), 1);

    rig.restart();
    let running = Running::start(&rig, vec![feed], clock);
    tokio::time::sleep(Duration::from_millis(300)).await;
    running.stop().await;
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_feed_is_fetched_again_by_its_schedule() {
    let server = Server::start(|number, _| reply("200 OK", "", &document(6500 + u32::try_from(number).unwrap()))).await;
    let rig = Rig::new("again");
    // A minute passes in a fifth of a second.
    let running = Running::start(&rig, vec![feed("eccc-nb", server.url())], clock(300.0));
    until(|| running.changed.lock().unwrap().len() >= 4).await;
    running.stop().await;
}

#[tokio::test]
async fn a_slow_feed_and_a_failing_one_delay_no_other_and_no_stop() {
    let slow = Server::start(|_, _| vec![Step::Wait(Duration::from_secs(60))]).await;
    let failing = Server::start(|_, _| reply("500 Internal Server Error", "", b"")).await;
    let good = Server::start(|number, _| reply("200 OK", "", &document(6500 + u32::try_from(number).unwrap()))).await;
    let rig = Rig::new("slow");
    let feeds = vec![feed("slow", slow.url()), feed("failing", failing.url()), feed("good", good.url())];
    let running = Running::start(&rig, feeds, clock(300.0));
    until(|| good.requests().len() >= 4 && failing.requests().len() >= 2).await;
    assert_eq!(slow.requests().len(), 1, "still the first");
    running.stop().await;
    assert_eq!(rig.state(&feed("slow", slow.url())).attempted, None);
}

#[tokio::test]
async fn a_server_that_asks_for_time_is_given_it() {
    let server = Server::start(|_, _| reply("503 Service Unavailable", "Retry-After: 600\r\n", b"")).await;
    let (rig, feed) = (Rig::new("waits"), feed("eccc-nb", server.url()));
    // Ten minutes pass in half a second.
    let running = Running::start(&rig, vec![feed.clone()], clock(1200.0));
    until(|| server.requests().len() >= 4).await;
    running.stop().await;
    let times = rig.attempts(&feed);
    assert!(times.len() >= 3, "{times:?}");
    for (later, earlier) in times.iter().zip(&times[1..]) {
        assert!(later.duration_since(*earlier) >= SignedDuration::from_mins(10), "{times:?}");
    }
}

#[tokio::test]
async fn a_listener_that_panics_stops_nothing() {
    let server = Server::start(|number, _| reply("200 OK", "", &document(6500 + u32::try_from(number).unwrap()))).await;
    let (rig, feed) = (Rig::new("listener"), feed("eccc-nb", server.url()));
    let (stop, stopped) = watch::channel(false);
    let (store, (_plans, plans)) = (Arc::clone(&rig.store), watch::channel(plan(vec![feed.clone()])));
    let task = tokio::spawn(async move {
        let on_changed = |_: &BTreeSet<StationId>| std::panic::panic_any("on purpose");
        run(plans, store, clock(300.0), on_changed, stopped).await.unwrap();
    });
    until(|| server.requests().len() >= 3).await;
    drop(stop);
    within(Duration::from_secs(5), task).await.unwrap();
    assert_eq!(rig.state(&feed).failures, 0);
}

#[tokio::test]
async fn another_plan_holds_at_once_and_what_is_under_way_comes_home() {
    let after = |level| {
        move |_: usize, _: &str| {
            [vec![Step::Wait(Duration::from_millis(1500))], reply("200 OK", "", &document(level))].concat()
        }
    };
    let slow = Server::start(after(6500)).await;
    let added = Server::start(|_, _| reply("200 OK", "", &document(6600))).await;
    let rig = Rig::new("another-plan");
    let hourly = |id, address| Feed { schedule: Schedule::parse("30 * * * *").unwrap(), ..feed(id, address) };
    let running = Running::start(&rig, vec![hourly("slow", slow.url())], clock(1.0));
    until(|| slow.requests().len() == 1).await;

    // The address changes in the middle of the fetch, and a feed is new.
    let moved = Server::start(after(6700)).await;
    running.plans.send_replace(plan(vec![hourly("slow", moved.url()), hourly("added", added.url())]));
    until(|| added.requests().len() == 1).await;
    assert!(rig.observed(&hourly("slow", slow.url())).is_empty(), "still under way, and the new feed did not wait");
    assert!(moved.requests().is_empty(), "a feed is not asked twice at the same time");
    until(|| moved.requests().len() == 1).await;
    assert!(!rig.attempts(&hourly("slow", slow.url())).is_empty(), "what was under way is in the store");
    until(|| rig.attempts(&hourly("slow", slow.url())).len() == 2).await;
    running.stop().await;
}

#[tokio::test]
async fn a_station_that_is_added_gets_its_data_at_once() {
    let tag = "ETag: \"one\"\r\n";
    let server = Server::start(move |_, head| {
        let known = head.contains("if-none-match");
        if known { reply("304 Not Modified", tag, b"") } else { reply("200 OK", tag, &document(6500)) }
    });
    let server = server.await;
    let rig = Rig::new("added-station");
    let hourly = Feed { schedule: Schedule::parse("30 * * * *").unwrap(), ..feed("eccc-nb", server.url()) };
    let without = Feed { places: std::collections::BTreeMap::new(), ..hourly.clone() };
    let running = Running::start(&rig, vec![without], clock(1.0));
    until(|| rig.attempts(&hourly).len() == 1).await;
    assert!(rig.observed(&hourly).is_empty());
    running.plans.send_replace(plan(vec![hourly.clone()]));
    until(|| rig.observed(&hourly).len() == 1).await;
    running.plans.send_replace(plan(vec![hourly.clone()]));
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(server.requests().len(), 2, "a plan in which nothing is new asks for nothing");
    running.stop().await;
}
