//! A station file with a block more: checked as a whole before it replaces what is there, in one step.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};

use crate::config::{self, Config, Source};
use crate::environment;

/// A station file that is to be, or is already.
#[derive(Debug)]
pub(super) struct StationFile {
    /// Where it lies.
    path: PathBuf,
    /// What it says; empty where it is new.
    text: String,
}

impl StationFile {
    /// The file of a name in the folder of the station files, or the only one that there is.
    pub(super) fn open(main: &Path, name: Option<&Path>) -> anyhow::Result<Self> {
        let paths = config::station_paths(main).map_err(|error| anyhow!(error))?;
        let path = match (name, paths.as_slice()) {
            (None, [only]) => only.clone(),
            (None, _) => {
                let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
                bail!("which station file? Name one by --file: {}, or a new one", names.join(", "));
            }
            (Some(name), _) => named(&config::station_folder(main).map_err(|error| anyhow!(error))?, name)?,
        };
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            read => read.with_context(|| path.display().to_string())?,
        };
        Ok(Self { path, text })
    }

    /// Its tables; an error where it is no TOML.
    pub(super) fn table(&self) -> anyhow::Result<toml::Table> {
        self.text.parse().with_context(|| format!("{} has faults: see `riverwatch check`", self.path.display()))
    }

    /// Its name.
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Writes a block at its end, every other byte as it was, if the configuration is sound with it; returns that.
    pub(super) fn append(&self, main: &Path, block: &str, stations: usize) -> anyhow::Result<Config> {
        let text = appended(&self.text, block);
        let change = Source { file: self.name(), text: text.clone() };
        let config = config::load_with(main, &environment(), change)
            .map_err(|faults| anyhow!("nothing is written, because the configuration would have faults\n{faults}"))?;
        if config.site.stations.len() != stations + 1 {
            bail!("nothing is written: {} is no station file by the setting `stations`", self.name());
        }
        replace(&self.path, &text).with_context(|| self.name())?;
        Ok(config)
    }
}

/// A path in the folder of the station files; a bare name lies there.
fn named(folder: &Path, name: &Path) -> anyhow::Result<PathBuf> {
    let file = name.file_name().with_context(|| format!("{} is no file", name.display()))?;
    let parent = name.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(folder);
    let same = |path: &Path| path.canonicalize().with_context(|| path.display().to_string());
    if same(parent)? != same(folder)? {
        bail!("{} does not lie in {}, where the station files are", name.display(), folder.display());
    }
    Ok(folder.join(file))
}

/// A text with a block after an empty line, its lines ended as the text's are.
fn appended(text: &str, block: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = match text {
        "" => String::new(),
        text if text.ends_with('\n') => end.to_owned(),
        _ => end.repeat(2),
    };
    format!("{text}{gap}{}", block.replace('\n', end))
}

/// Puts a text in the place of a file, whole or not at all, also where the power goes.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut name = path.as_os_str().to_owned();
    // No name that a pattern of station files takes for one.
    name.push(".part");
    let part = PathBuf::from(name);
    let written = File::create(&part).and_then(|mut file| {
        if let Ok(before) = std::fs::metadata(&path) {
            file.set_permissions(before.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&part, &path)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_there_stays_byte_by_byte() {
        for (text, expected) in [
            ("", "[a]\nb = 1\n"),
            ("x = 1\n", "x = 1\n\n[a]\nb = 1\n"),
            ("x = 1 # no end", "x = 1 # no end\n\n[a]\nb = 1\n"),
            ("x = 1\r\n\r\ny = 2\r\n", "x = 1\r\n\r\ny = 2\r\n\r\n[a]\r\nb = 1\r\n"),
        ] {
            assert_eq!(appended(text, "[a]\nb = 1\n"), expected);
        }
    }
}
