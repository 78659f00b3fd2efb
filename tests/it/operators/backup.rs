//! `riverwatch backup` while the program runs, and `riverwatch restore`.

use std::path::Path;

use serde_json::Value as Json;

use crate::support::program::{Running, folder, riverwatch, riverwatch_in, run, succeed};
use crate::support::until;

/// A demonstration at ten minutes a second, over the database of [`riverwatch_in`].
fn busy(folder: &Path) -> Running {
    let mut demo = riverwatch();
    demo.args(["demo", "--port", "0", "--speed", "600", "--database"]).arg(folder.join("river.db"));
    Running::start(&mut demo)
}

fn observed(site: &Running) -> Json {
    site.json("/en/station/fredericton.json")["observed"].clone()
}

/// How many measurements a database has.
fn count(database: &Path) -> i64 {
    let connection = rusqlite::Connection::open(database).expect("a database");
    connection.query_row("SELECT coalesce(sum(count), 0) FROM piece", [], |row| row.get(0)).expect("an answer")
}

#[test]
fn a_backup_of_a_busy_program_is_whole_and_comes_back() {
    let (folder, elsewhere) = (folder(), folder());
    let demo = busy(folder.path());
    let river = folder.path().join("river.db");
    let before = until("something is measured", || Some(count(&river)).filter(|count| *count > 0));
    let copy = elsewhere.path().join("copy.db");
    let told = succeed(riverwatch_in(folder.path()).arg("backup").arg(&copy));
    assert!(told.contains("copy.db: ") && told.contains(" bytes, sound, fetched into until 20"), "{told}");
    let then = count(&copy);
    assert!(then >= before, "{then} of {before}");
    until("it goes on", || (count(&river) > then).then_some(()));

    let refused = run(riverwatch_in(folder.path()).arg("backup").arg(&copy));
    assert!(refused.code == Some(1) && refused.err.contains("a backup replaces nothing"), "{refused:?}");
    let refused = run(riverwatch_in(folder.path()).args(["restore", "--older"]).arg(&copy));
    assert!(refused.code == Some(1) && refused.err.contains("is in use: stop the program first"), "{refused:?}");
    demo.kill();
    let refused = run(riverwatch_in(folder.path()).arg("restore").arg(&copy));
    assert!(refused.code == Some(1) && refused.err.contains("--older"), "{refused:?}");
    succeed(riverwatch_in(folder.path()).args(["restore", "--older"]).arg(&copy));
    // On a machine that never had a database, the backup is all that is needed.
    succeed(riverwatch_in(elsewhere.path()).arg("restore").arg(&copy));
    // A hurried clock was ahead of the wall's.
    let served =
        |folder: &Path| observed(&Running::start(riverwatch_in(folder).args(["serve", "--at", "2099-01-01T00:00Z"])));
    let pages = [&folder, &elsewhere].map(|folder| served(folder.path()));
    assert_eq!(pages[0], pages[1]);
    assert!(pages[0].as_array().is_some_and(|observed| !observed.is_empty()));
    assert_eq!([&folder, &elsewhere].map(|folder| count(&folder.path().join("river.db"))), [then; 2]);
}

#[test]
fn what_is_no_backup_is_refused() {
    let folder = folder();
    let refused = run(riverwatch_in(folder.path()).args(["restore", "README.md"]));
    assert!(refused.code == Some(1) && refused.err.contains("not a database"), "{refused:?}");
    let refused = run(riverwatch_in(folder.path()).arg("backup").arg(folder.path().join("copy.db")));
    assert!(refused.code == Some(1) && refused.err.contains("river.db"), "{refused:?}");
    assert!(!folder.path().join("river.db").exists());
}
