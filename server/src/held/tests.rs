//! What is kept, for how long, and how often it is made.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use hydro::{FeedId, Kind, LocalText, Parameter, Point, Source, Stat, StationId, Value};
use store::{Batch, Fetch, Note, Outcome, SeriesBatch, SeriesKey, Writer};

use super::*;
use crate::page::Style;
use crate::sentence::tests::station;

const START: i64 = 1_650_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(START + seconds).unwrap()
}

fn feed() -> FeedId {
    FeedId::new("eccc-nb").unwrap()
}

/// A site of two stations, `a` and `b`, that measure at places of the same names.
fn site() -> Site {
    let one = |id: &str| {
        let datum_offset = Value::from_milli(0);
        let source = Source { feed: feed(), location: id.to_owned(), parameter: Parameter::Level, datum_offset };
        hydro::Station { id: StationId::new(id).unwrap(), sources: vec![source], ..station() }
    };
    Site {
        title: LocalText::same("River Watch"),
        address: None,
        operator: None,
        help: vec![],
        zone: station().zone,
        live: true,
        offline: true,
        demonstration: false,
        ground: None,
        stations: vec![one("a"), one("b")],
        feeds: vec![],
        frame_hosts: vec![],
        operators: vec![],
    }
}

/// A level measured at a place, as it is taken in.
fn batch(place: &str, seconds: i64, milli: i64) -> Batch<'static> {
    let key =
        SeriesKey { location: place.to_owned(), parameter: Parameter::Level, kind: Kind::Observed, stat: Stat::Value };
    let point = Point { valid: at(seconds), value: Some(Value::from_milli(milli)), quality: None };
    let fetch = Fetch { outcome: Outcome::Changed, points: 1, ..Fetch::begun(feed(), at(seconds)) };
    Batch { series: vec![SeriesBatch { key, issued: None, points: vec![point] }], ..Batch::empty(fetch) }
}

/// A database, and what is held over it, at a clock that stands where it is put.
struct Rig {
    _folder: tempfile::TempDir,
    writer: Mutex<Writer>,
    held: Held,
    clock: Arc<AtomicI64>,
    drawn: AtomicUsize,
}

impl Rig {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("river.db");
        let writer = Writer::open(&path).unwrap();
        let clock = Arc::new(AtomicI64::new(0));
        let told = Arc::clone(&clock);
        let now: Now = Arc::new(move || at(told.load(Ordering::SeqCst)));
        let held = Held::open(&path, site(), now).unwrap();
        Self { _folder: folder, writer: Mutex::new(writer), held, clock, drawn: AtomicUsize::new(0) }
    }

    fn measure(&self, place: &str, seconds: i64, milli: i64) {
        self.writer.lock().unwrap().apply(&batch(place, seconds, milli)).unwrap();
    }

    /// The level that a station's page shows, in thousandths, or a failure for a station that is none.
    fn ask(&self, id: &str) -> String {
        let draw = |snapshot: &Snapshot| {
            self.drawn.fetch_add(1, Ordering::SeqCst);
            let level = snapshot.find(id).map(|(.., state)| state.assessment.current.map(|it| it.value.milli()));
            let (status, body) = level.map_or((404, String::new()), |level| (200, format!("{level:?}")));
            Rendered { status, content_type: "text/plain", body: body.into_bytes(), style: Style::None }
        };
        let key = format!("/en/station/{id}");
        let answer = self.held.kept(&key).unwrap_or_else(|| self.held.answer(&key, Scope::Station(id), draw));
        String::from_utf8(answer.identity().to_vec()).unwrap()
    }

    fn drawn(&self) -> usize {
        self.drawn.swap(0, Ordering::SeqCst)
    }
}

#[test]
fn an_answer_is_made_anew_where_what_it_speaks_of_changed_and_nowhere_else() {
    let rig = Rig::new();
    rig.measure("a", 0, 4000);
    rig.measure("b", 0, 5000);
    assert_eq!((rig.ask("a"), rig.ask("b"), rig.drawn()), ("Some(4000)".into(), "Some(5000)".into(), 2));
    assert_eq!((rig.ask("a"), rig.ask("b"), rig.drawn()), ("Some(4000)".into(), "Some(5000)".into(), 0));
    rig.clock.store(10, Ordering::SeqCst);
    rig.measure("b", 10, 5100);
    assert_eq!((rig.ask("a"), rig.drawn()), ("Some(4000)".into(), 0), "the other's page stays");
    assert_eq!((rig.ask("b"), rig.drawn()), ("Some(5100)".into(), 1), "a reading committed is on the page");
}

#[test]
fn what_says_nothing_of_stations_has_none_read_and_stays_when_they_change() {
    let rig = Rig::new();
    rig.measure("a", 0, 4000);
    let ask = |key: &str, scope: Scope<&str>| {
        let draw = |snapshot: &Snapshot| {
            rig.drawn.fetch_add(1, Ordering::SeqCst);
            let known = snapshot.all().filter(|(_, state)| state.assessment.current.is_some()).count();
            Rendered {
                status: 200,
                content_type: "text/plain",
                body: known.to_string().into_bytes(),
                style: Style::None,
            }
        };
        let answer = rig.held.kept(key).unwrap_or_else(|| rig.held.answer(key, scope, draw));
        String::from_utf8(answer.identity().to_vec()).unwrap()
    };
    assert_eq!((ask("/livez", Scope::Site), ask("/en/", Scope::Stations), rig.drawn()), ("0".into(), "1".into(), 2));
    rig.clock.store(10, Ordering::SeqCst);
    rig.measure("b", 10, 5000);
    assert_eq!((ask("/livez", Scope::Site), rig.drawn()), ("0".into(), 0));
    assert_eq!((ask("/en/", Scope::Stations), rig.drawn()), ("2".into(), 1));
}

#[test]
fn a_commit_that_is_no_news_has_nothing_drawn_and_a_note_has_everything() {
    let rig = Rig::new();
    rig.measure("a", 0, 4000);
    assert_eq!((rig.ask("a"), rig.drawn()), ("Some(4000)".into(), 1));
    rig.clock.store(10, Ordering::SeqCst);
    rig.writer.lock().unwrap().set_note("pruned", "1").unwrap();
    assert_eq!((rig.ask("a"), rig.drawn()), ("Some(4000)".into(), 0));
    rig.clock.store(20, Ordering::SeqCst);
    let note = Note {
        at: at(15),
        operator: "north".to_owned(),
        station: StationId::new("b").unwrap(),
        began: at(0),
        seen: true,
        text: String::new(),
    };
    rig.writer.lock().unwrap().keep_note(&note).unwrap();
    assert_eq!((rig.ask("a"), rig.drawn()), ("Some(4000)".into(), 1), "all pages may tell of a note");
}

#[test]
fn words_age_by_the_minute_and_levels_cease_to_be_current() {
    let rig = Rig::new();
    rig.measure("a", 0, 4000);
    assert_eq!((rig.ask("a"), rig.drawn()), ("Some(4000)".into(), 1));
    rig.clock.store(61, Ordering::SeqCst);
    assert_eq!((rig.ask("a"), rig.drawn()), ("Some(4000)".into(), 1));
    rig.clock.store(7 * 3600, Ordering::SeqCst);
    assert_eq!((rig.ask("a"), rig.drawn()), ("None".into(), 1));
    rig.measure("a", 7 * 3600, 4100);
    assert_eq!(rig.ask("a"), "Some(4100)");
}

/// By a clock that goes on by less than there is between two looks.
#[test]
fn one_who_asks_looks_at_what_was_committed_and_the_others_need_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("river.db");
    let mut writer = Writer::open(&path).unwrap();
    let ticks = Arc::new(AtomicI64::new(0));
    let told = Arc::clone(&ticks);
    let now: Now = Arc::new(move || at(0) + hydro::SignedDuration::from_micros(told.fetch_add(1, Ordering::SeqCst)));
    let held = Held::open(&path, site(), now).unwrap();
    let draw = |_: &Snapshot| {
        let body = b"drawn".to_vec();
        Rendered { status: 200, content_type: "text/plain", body, style: Style::None }
    };
    held.answer("/en/", Scope::Stations, draw);
    assert!(held.kept("/en/").is_some());
    writer.apply(&batch("a", 0, 4000)).unwrap();
    ticks.fetch_add(10_000, Ordering::SeqCst);
    assert!(held.kept("/en/").is_none(), "the first one is told to look");
    assert!((0..100).all(|_| held.kept("/en/").is_some()), "the others get what was so until then");
    ticks.fetch_add(10_000, Ordering::SeqCst);
    assert!(held.kept("/en/").is_none(), "where the first one did not, another is told");
    let before = held.kept("/en/").unwrap();
    let after = held.answer("/en/", Scope::Stations, draw);
    assert!(!Arc::ptr_eq(&before, &after) && Arc::ptr_eq(&held.kept("/en/").unwrap(), &after));
}

#[test]
fn an_answer_is_made_once_however_many_ask() {
    let rig = Rig::new();
    rig.measure("a", 0, 4000);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert_eq!(rig.ask("a"), "Some(4000)"));
        }
    });
    assert_eq!(rig.drawn(), 1);
}

/// Who draws asks meanwhile: neither would come to an end if who asks waited for the drawing.
#[test]
fn a_crowd_does_not_wait_for_a_drawing_and_gets_nothing_old() {
    let (rig, key) = (Rig::new(), "/en/station/a");
    rig.measure("a", 0, 4000);
    let kept = || rig.held.kept(key).map(|answer| String::from_utf8(answer.identity().to_vec()).unwrap());
    let (mut before, mut stood_in) = (None, 0);
    for minute in 0..20 {
        rig.clock.store(60 * minute, Ordering::SeqCst);
        assert_eq!(kept(), None, "the first one draws");
        rig.held.answer(key, Scope::Station("a"), |_| {
            let meanwhile = kept();
            stood_in += usize::from(meanwhile.is_some());
            assert!(meanwhile.is_none() || meanwhile == before, "{meanwhile:?} instead of {before:?}");
            if minute == 10 {
                std::thread::sleep(Duration::from_millis(100));
                assert_eq!(kept(), None, "what is old is not given");
            }
            let body = minute.to_string().into_bytes();
            Rendered { status: 200, content_type: "text/plain", body, style: Style::None }
        });
        before = kept();
        assert_eq!(before, Some(minute.to_string()));
        if minute == 15 {
            std::thread::sleep(Duration::from_millis(100));
            rig.clock.store(60 * 99, Ordering::SeqCst);
            let draw = |_: &Snapshot| {
                assert_eq!(kept(), None, "nobody has asked for long");
                Rendered { status: 200, content_type: "text/plain", body: vec![], style: Style::None }
            };
            rig.held.answer(key, Scope::Station("a"), draw);
            before = kept();
        }
    }
    assert!(stood_in > 0, "not once in twenty times");
}

#[test]
fn failures_are_not_kept() {
    let rig = Rig::new();
    for n in 0..100 {
        assert_eq!(rig.ask(&format!("none-{n}")), "");
    }
    assert_eq!(rig.held.desk().len(), 0);
}

#[test]
fn another_site_is_shown_from_then_on() {
    let rig = Rig::new();
    rig.measure("b", 0, 5000);
    assert_eq!(rig.ask("b"), "Some(5000)");
    let Site { stations, .. } = site();
    rig.held.show(Site { stations: stations.into_iter().rev().collect(), ..site() }).unwrap();
    assert_eq!(rig.ask("b"), "Some(5000)");
    rig.held.show(Site { stations: vec![], ..site() }).unwrap();
    assert_eq!(rig.ask("b"), "");
}
