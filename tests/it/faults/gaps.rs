//! Where the program does not yet do what the matrix asks. Each expectation is still looked at, and whoever meets it is told
//! to take it off this list.

/// The row, the names of its expectations that are not met, and why.
const KNOWN_GAPS: &[(&str, &[&str], &str)] = &[];

/// The rows that are on the list.
pub(crate) fn rows() -> impl Iterator<Item = &'static str> {
    KNOWN_GAPS.iter().map(|(row, ..)| *row)
}

/// Holds a row's unmet expectations against the list; returns why it is a gap, if it is one.
///
/// # Errors
/// What is unmet and not listed, or listed and met.
pub(crate) fn weigh(row: &str, unmet: &[&str]) -> Result<Option<&'static str>, String> {
    let known = KNOWN_GAPS.iter().find(|(gap, ..)| *gap == row);
    let listed = known.map_or(&[][..], |(_, checks, _)| *checks);
    let new: Vec<_> = unmet.iter().filter(|check| !listed.contains(check)).collect();
    let mended: Vec<_> = listed.iter().filter(|check| !unmet.contains(check)).collect();
    match (new.is_empty(), mended.is_empty()) {
        (true, true) => Ok(known.map(|(.., reason)| *reason)),
        (false, _) => Err(format!("not as expected: {new:?}")),
        (true, false) => Err(format!("mended: take {mended:?} off KNOWN_GAPS")),
    }
}

/// The same for a row that has a test of its own: expectations by name and whether they are met. Prints its line.
pub(crate) fn judge(row: &str, name: &str, expectations: &[(&str, bool)]) {
    let unmet: Vec<&str> = expectations.iter().filter(|(_, met)| !met).map(|(check, _)| *check).collect();
    match weigh(row, &unmet) {
        Ok(None) => eprintln!("{row} {name}: ok"),
        Ok(Some(reason)) => eprintln!("{row} {name}: known gap {unmet:?}: {reason}"),
        Err(error) => unreachable!("{row} {name}: {error}"),
    }
}
