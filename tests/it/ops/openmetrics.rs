//! The text format of `OpenMetrics` 1.0, read more strictly than a monitor reads it: what it leaves open is refused too.

use std::collections::{BTreeMap, BTreeSet};

/// Labels by name.
pub(super) type Labels = BTreeMap<String, String>;

/// What a program tells.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Exposition {
    /// Every sample by its name and labels. All of ours are whole numbers.
    pub(super) samples: BTreeMap<(String, Labels), i64>,
    /// The names of the families, with samples or without.
    pub(super) families: BTreeSet<String>,
}

impl Exposition {
    /// A sample of a name with these labels and no others.
    pub(super) fn get(&self, name: &str, labels: &[(&str, &str)]) -> Option<i64> {
        let labels = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        self.samples.get(&(name.to_owned(), labels)).copied()
    }

    /// The samples of a name, by the value of one of their labels.
    pub(super) fn by(&self, name: &str, label: &str) -> Vec<(&str, i64)> {
        let of_name = self.samples.iter().filter(|((known, _), _)| known == name);
        of_name.map(|((_, labels), value)| (labels[label].as_str(), *value)).collect()
    }

    /// The names of all samples.
    pub(super) fn names(&self) -> BTreeSet<&str> {
        self.samples.keys().map(|(name, _)| name.as_str()).collect()
    }
}

/// A family whose lines are being read.
struct Family {
    name: String,
    kind: String,
    help: bool,
    unit: bool,
}

/// Reads a whole exposition.
pub(super) fn read(text: &str) -> Result<Exposition, String> {
    let lines = text.strip_suffix("# EOF\n").ok_or("it does not end with # EOF")?;
    if !lines.is_empty() && !lines.ends_with('\n') {
        return Err("# EOF does not begin a line".to_owned());
    }
    let mut all = Exposition::default();
    let mut family: Option<Family> = None;
    for line in lines.lines() {
        let wrong = |what: &str| format!("{what}: {line}");
        if let Some(said) = line.strip_prefix("# TYPE ") {
            complete(family.as_ref())?;
            let (name, kind) = said.split_once(' ').ok_or_else(|| wrong("no type"))?;
            if !is_name(name) || !["gauge", "counter", "info"].contains(&kind) {
                return Err(wrong("no such family"));
            }
            if !all.families.insert(name.to_owned()) {
                return Err(wrong("a family told in two places"));
            }
            family = Some(Family { name: name.to_owned(), kind: kind.to_owned(), help: false, unit: false });
            continue;
        }
        let family = family.as_mut().ok_or_else(|| wrong("before any family"))?;
        if line.starts_with('#') {
            about(family, line).map_err(wrong)?;
        } else {
            complete(Some(family))?;
            let (name, labels, value) = sample(line).ok_or_else(|| wrong("no sample"))?;
            let ending = match family.kind.as_str() {
                "counter" => "_total",
                "info" => "_info",
                _ => "",
            };
            if name != format!("{}{ending}", family.name) || (ending == "_total" && value < 0) {
                return Err(wrong("not of this family"));
            }
            if all.samples.insert((name, labels), value).is_some() {
                return Err(wrong("told twice"));
            }
        }
    }
    complete(family.as_ref())?;
    Ok(all)
}

/// Takes what is said about a family, before its samples.
fn about(family: &mut Family, line: &str) -> Result<(), &'static str> {
    let mut words = line.splitn(4, ' ');
    let (Some("#"), Some(key), Some(name), Some(rest)) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Err("no comment of the format");
    };
    let seen = match key {
        "UNIT" if family.name.ends_with(&format!("_{rest}")) => &mut family.unit,
        "HELP" if rest.ends_with('.') && unescaped(rest).is_some() => &mut family.help,
        _ => return Err("neither unit nor help"),
    };
    if name != family.name || std::mem::replace(seen, true) { Err("of another family, or said twice") } else { Ok(()) }
}

fn complete(family: Option<&Family>) -> Result<(), String> {
    match family {
        Some(family) if !family.help => Err(format!("{} has no help", family.name)),
        Some(Family { name, unit: false, .. }) if name.ends_with("_seconds") || name.ends_with("_bytes") => {
            Err(format!("{name} has no unit"))
        }
        _ => Ok(()),
    }
}

fn sample(line: &str) -> Option<(String, Labels, i64)> {
    let (head, value) = line.rsplit_once(' ')?;
    let (name, mut rest) = match head.split_once('{') {
        None => (head, ""),
        Some((name, labels)) => (name, labels.strip_suffix('}').filter(|labels| !labels.is_empty())?),
    };
    let mut labels = Labels::new();
    while !rest.is_empty() {
        let (key, after) = rest.split_once("=\"")?;
        let end = closing(after)?;
        let known = labels.insert(key.to_owned(), unescaped(&after[..end])?);
        if known.is_some() || !is_name(key) {
            return None;
        }
        rest = &after[end + 1..];
        if !rest.is_empty() {
            rest = rest.strip_prefix(',').filter(|rest| !rest.is_empty())?;
        }
    }
    is_name(name).then_some((name.to_owned(), labels, value.parse().ok()?))
}

/// Where the quotation mark stands that ends a value.
fn closing(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, character)| {
        let ends = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        ends.then_some(at)
    })
}

fn unescaped(text: &str) -> Option<String> {
    let mut characters = text.chars();
    let mut plain = String::new();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '"' => return None,
            '\\' => match characters.next()? {
                'n' => '\n',
                escaped @ ('\\' | '"') => escaped,
                _ => return None,
            },
            character => character,
        });
    }
    Some(plain)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[test]
fn what_is_no_exposition_is_refused() {
    let sound = "# TYPE a_seconds gauge\n# UNIT a_seconds seconds\n# HELP a_seconds Ages.\na_seconds{x=\"1\\\\\\\"\\n\",y=\"\"} 5\n\
                 # TYPE b counter\n# HELP b Many.\nb_total 7\n# EOF\n";
    let read_sound = read(sound).expect("sound");
    assert_eq!(read_sound.get("a_seconds", &[("x", "1\\\"\n"), ("y", "")]), Some(5));
    assert_eq!((read_sound.get("b_total", &[]), read_sound.get("b", &[])), (Some(7), None));
    for (from, to) in [
        ("# EOF\n", ""),
        ("# EOF\n", "# EOF"),
        ("# EOF\n", "# EOF\n\n"),
        ("\n# EOF", "\n\n# EOF"),
        ("# UNIT a_seconds seconds\n", ""),
        ("# UNIT a_seconds seconds", "# UNIT a_seconds bytes"),
        ("# HELP a_seconds Ages.\n", ""),
        ("# HELP b Many.\n", "# HELP b Many.\n# HELP b Many.\n"),
        ("# HELP b Many.", "# HELP a_seconds Many."),
        ("# TYPE a_seconds gauge\n", ""),
        ("# TYPE b counter", "# TYPE b number"),
        ("# TYPE b counter", "# TYPE a_seconds counter"),
        ("b_total 7", "b 7"),
        ("b_total 7", "b_total -7"),
        ("b_total 7", "b_total 7\nb_total 8"),
        ("b_total 7", "b_total"),
        ("b_total 7", "b_total NaN"),
        ("b_total 7", "b_total{} 7"),
        ("y=\"\"", "x=\"\""),
        ("y=\"\"", "y=\"\","),
        ("y=\"\"", "y=\"\\\""),
        (",y=", " y="),
    ] {
        assert_eq!(sound.matches(from).count(), 1, "{from}");
        assert!(read(&sound.replace(from, to)).is_err(), "{from} for {to}");
    }
}
