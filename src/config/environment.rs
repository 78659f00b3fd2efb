//! Settings that come from the environment: `RIVERWATCH_SERVER__LISTEN` stands for `listen` in `[server]`. Two
//! underscores part the names, and a hyphen of a name is written as an underscore.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What every variable of ours begins with.
const PREFIX: &str = "RIVERWATCH_";

/// Variables that are no settings: the file to read and the log's filter.
const NOT_SETTINGS: [&str; 2] = ["RIVERWATCH_CONFIG", "RIVERWATCH_LOG"];

/// The settings in the environment, and which variables are known to be settings.
#[derive(Debug, Default)]
pub(super) struct Environment {
    given: BTreeMap<String, String>,
    asked: RefCell<BTreeSet<String>>,
}

impl Environment {
    /// Keeps the variables that are meant for us.
    pub(super) fn new(variables: &[(String, String)]) -> Self {
        let ours = |name: &str| name.starts_with(PREFIX) && !NOT_SETTINGS.contains(&name);
        let given = variables.iter().filter(|(name, _)| ours(name)).cloned().collect();
        Self { given, asked: RefCell::default() }
    }

    /// What the environment says of a setting.
    pub(super) fn get(&self, variable: &str) -> Option<&str> {
        self.asked.borrow_mut().insert(variable.to_owned());
        self.given.get(variable).map(String::as_str)
    }

    /// Variables that were given and are no setting, each with the settings of its section.
    pub(super) fn unknown(&self) -> Vec<(String, Vec<String>)> {
        let asked = self.asked.borrow();
        let section_of = |name: &str| name.rsplit_once("__").map(|(section, _)| section.to_owned());
        let sections: BTreeSet<_> = asked.iter().filter_map(|name| section_of(name)).collect();
        let beside = |name: &str| {
            let known =
                asked.iter().filter(|known| section_of(known) == section_of(name) && !sections.contains(*known));
            known.cloned().collect()
        };
        let unknown = self.given.keys().filter(|name| !asked.contains(*name));
        unknown.map(|name| (name.clone(), beside(name))).collect()
    }
}

/// The variable of a key within the section that another variable names; an empty one names the whole file.
pub(super) fn variable(section: &str, key: &str) -> String {
    let key = key.to_ascii_uppercase().replace('-', "_");
    if section.is_empty() { format!("{PREFIX}{key}") } else { format!("{section}__{key}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_variable() {
        let feeds = variable("", "feeds");
        assert_eq!(variable(&variable(&feeds, "nb-fews"), "max_size"), "RIVERWATCH_FEEDS__NB_FEWS__MAX_SIZE");
    }

    #[test]
    fn what_nobody_asked_for_is_unknown() {
        let given = ["RIVERWATCH_SERVER__LITSEN", "RIVERWATCH_CONFIG", "RIVERWATCH_LOG", "HOME"];
        let environment = Environment::new(&given.map(|name| (name.to_owned(), "x".to_owned())));
        for asked in ["RIVERWATCH_SERVER__LISTEN", "RIVERWATCH_SITE__TITLE"] {
            assert_eq!(environment.get(asked), None);
        }
        let expected = ("RIVERWATCH_SERVER__LITSEN".to_owned(), vec!["RIVERWATCH_SERVER__LISTEN".to_owned()]);
        assert_eq!(environment.unknown(), [expected]);
    }
}
