//! Forecasts: each issue is kept, and none is overwritten.

use hydro::{Kind, Parameter, Stat, Timestamp, Value};
use store::{Applied, Batch, Reader};

use crate::rig::{Database, at, batch, database, feed, forecast, series};

#[test]
fn every_version_of_every_issue_is_there_with_its_bounds() {
    let mut db = database();
    let bound = |received, issued, milli| {
        let mut batch = forecast(received, Some(issued), &[(600, Some(milli))]);
        batch.series[0].key.stat = Stat::Named("p75".into());
        batch
    };
    db.writer.apply(&forecast(at(10), Some(at(0)), &[(600, Some(5000))])).unwrap();
    db.writer.apply(&bound(at(10), at(0), 5500)).unwrap();
    // The first issue is corrected in its bound alone, then in its value.
    db.writer.apply(&bound(at(20), at(0), 5600)).unwrap();
    db.writer.apply(&forecast(at(30), Some(at(0)), &[(600, Some(5100))])).unwrap();
    db.writer.apply(&forecast(at(70), Some(at(60)), &[(600, Some(6000)), (660, Some(6100))])).unwrap();
    let reader = Reader::open(&db.path).unwrap();
    let (feed, always) = (feed(), (at(-10_000), at(10_000)));
    let issues = |span, after, known, values| {
        let found = reader.issues((&feed, "01AK003", Parameter::Level), span, after, known, values).unwrap();
        let told = found.issues.iter().map(|issue| {
            let first = |points: &[(Timestamp, Value)]| points.first().map(|(_, value)| value.milli());
            (issue.received, first(&issue.points), issue.bounds.first().and_then(|bound| first(&bound.points)))
        });
        (told.collect::<Vec<_>>(), found.more)
    };
    let all = [
        (at(10), Some(5000), Some(5500)),
        (at(20), Some(5000), Some(5600)),
        (at(30), Some(5100), Some(5600)),
        (at(70), Some(6000), None),
    ];
    assert_eq!(issues(always, None, at(100), 100), (all.to_vec(), false));
    assert_eq!(issues(always, None, at(25), 100), (all[..2].to_vec(), false));
    assert_eq!(issues((at(0), at(60)), None, at(100), 100), (all[..3].to_vec(), false));
    assert_eq!(issues((at(1), at(61)), None, at(100), 100), (all[3..].to_vec(), false));
    assert_eq!(issues(always, None, at(100), 4), (all[..2].to_vec(), true));
    assert_eq!(issues(always, Some((at(0), at(20))), at(100), 1), (all[2..3].to_vec(), true));
    assert_eq!(issues(always, Some((at(60), at(70))), at(100), 1), (vec![], false));
}

#[test]
fn each_issue_of_a_forecast_is_kept() {
    let mut db = database();
    db.writer.apply(&forecast(at(10), Some(at(0)), &[(60, Some(6000)), (120, None), (180, Some(6200))])).unwrap();
    db.writer.apply(&forecast(at(20), Some(at(0)), &[(60, Some(6000)), (180, Some(6200))])).unwrap();
    db.writer.apply(&forecast(at(1450), Some(at(1440)), &[(1500, Some(6400))])).unwrap();
    assert_eq!(db.issues(at(2000)), [(at(1440), vec![6400]), (at(0), vec![6000, 6200])]);
    assert_eq!(db.issues(at(1449)), [(at(0), vec![6000, 6200])], "a later issue was not known then");
}

#[test]
fn a_corrected_issue_supersedes_without_overwriting() {
    let mut db = database();
    db.writer.apply(&forecast(at(10), Some(at(0)), &[(60, Some(6000))])).unwrap();
    db.writer.apply(&forecast(at(30), Some(at(0)), &[(60, Some(6500))])).unwrap();
    assert_eq!(db.issues(at(29)), [(at(0), vec![6000])]);
    assert_eq!(db.issues(at(30)), [(at(0), vec![6500])]);
}

#[test]
fn a_forecast_without_a_time_of_issue_is_new_when_it_changes() {
    let mut db = database();
    db.writer.apply(&forecast(at(10), None, &[(60, Some(6000))])).unwrap();
    assert_eq!(db.writer.apply(&forecast(at(20), None, &[(60, Some(6000))])).unwrap(), Applied::default());
    db.writer.apply(&forecast(at(30), None, &[(60, Some(6100))])).unwrap();
    assert_eq!(db.issues(at(40)), [(at(30), vec![6100]), (at(10), vec![6000])]);
}

#[test]
fn an_issue_that_says_there_is_none_is_kept() {
    let mut db = database();
    db.writer.apply(&forecast(at(10), Some(at(0)), &[(60, Some(6000))])).unwrap();
    let applied = db.writer.apply(&forecast(at(30), Some(at(20)), &[(60, None)])).unwrap();
    assert_eq!(applied.changed.len(), 1);
    assert_eq!(db.issues(at(40)), [(at(20), vec![]), (at(0), vec![6000])]);
}

#[test]
fn the_bounds_of_an_issue_come_with_it_and_with_no_other() {
    let mut db = database();
    let bound = |name: &str, issued: Timestamp, milli: i64| {
        let mut bound = series(Kind::Forecast, Some(issued), &[(60, Some(milli)), (120, None)]);
        bound.key.stat = Stat::Named(name.into());
        bound
    };
    let told = |db: &Database, known: Timestamp| {
        let reader = Reader::open(&db.path).unwrap();
        let issues = reader.forecasts(&feed(), "01AK003", Parameter::Level, known, 9).unwrap();
        let bound = |bound: &hydro::Bound| (bound.name.to_string(), bound.points[0].1.milli());
        let told = |issue: &hydro::Forecast| {
            (issue.issued, issue.points.len(), issue.bounds.iter().map(bound).collect::<Vec<_>>())
        };
        issues.iter().map(told).collect::<Vec<_>>()
    };
    let members = vec![bound("member 2", at(0), 5900), bound("member 1", at(0), 6300)];
    db.writer.apply(&Batch { series: members, ..batch(at(10)) }).unwrap();
    let first = vec![("member 2".to_owned(), 5900), ("member 1".to_owned(), 6300)];
    assert_eq!(told(&db, at(10)), [(at(0), 0, first)], "members need no value beside them");
    let value = series(Kind::Forecast, Some(at(1440)), &[(1500, Some(6400))]);
    db.writer.apply(&Batch { series: vec![value, bound("p75", at(1440), 6500)], ..batch(at(1450)) }).unwrap();
    db.writer.apply(&Batch { series: vec![bound("p75", at(1440), 6600)], ..batch(at(1460)) }).unwrap();
    let newest = |known| told(&db, known).into_iter().next();
    assert_eq!(newest(at(1450)), Some((at(1440), 1, vec![("p75".to_owned(), 6500)])));
    assert_eq!(newest(at(1460)), Some((at(1440), 1, vec![("p75".to_owned(), 6600)])), "a corrected bound");
}
