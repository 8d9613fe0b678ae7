//! Links between documents, and from them to files of the repository.

use std::path::{Component, Path, PathBuf};

use anyhow::{Result, bail, ensure};

use super::{Document, Found};
use crate::cache;

/// Follows every link of a document that leads to the repository; returns how many there are.
pub fn check(document: &Document) -> Result<usize> {
    let inside: Vec<Found> =
        document.links().into_iter().filter(|link| !link.text.contains("://")).collect();
    for Found { line, text } in &inside {
        if let Err(error) = follow(document, text) {
            bail!("{}:{line}: the link {text} leads nowhere: {error}", document.name);
        }
    }
    Ok(inside.len())
}

fn follow(document: &Document, link: &str) -> Result<()> {
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let anchors = if file.is_empty() {
        document.anchors()
    } else {
        let folder = Path::new(&document.name).parent().unwrap_or_else(|| Path::new(""));
        let target = within(&folder.join(file))?;
        ensure!(cache::workspace().join(&target).exists(), "there is no {}", target.display());
        if anchor.is_empty() {
            return Ok(());
        }
        Document::open(&target.to_string_lossy())?.anchors()
    };
    ensure!(anchors.iter().any(|found| found == anchor), "there is no heading {anchor}");
    Ok(())
}

/// The path without `..`; it has to stay within the repository.
fn within(path: &Path) -> Result<PathBuf> {
    let mut found = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => ensure!(found.pop(), "it leaves the repository"),
            Component::Normal(name) => found.push(name),
            Component::CurDir => {}
            _ => bail!("it is not relative"),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_lead_nowhere_are_told() {
        let with = |link: &str| {
            let text = format!("# Here it is\n[x]({link})\n");
            check(&Document::parse("docs/a.md", &text).unwrap()).is_ok()
        };
        assert!(with("../README.md") && with("#here-it-is") && with("https://example.org/x"));
        assert!(!with("README.md") && !with("#there") && !with("../../x") && !with("/etc/passwd"));
    }
}
