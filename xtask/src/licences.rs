//! The licences of everything that is linked or run, against the allow-list of `deny.toml`.
//!
//! cargo-deny reads the same file; this check needs nothing installed, so it always runs.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

use crate::process;
use crate::workspace::Workspace;

#[derive(Deserialize)]
struct Policy {
    licenses: AllowedLicences,
    sources: AllowedSources,
}

#[derive(Deserialize)]
struct AllowedLicences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct AllowedSources {
    allow_registry: Vec<String>,
    allow_git: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// Absent for the packages of this workspace.
    source: Option<String>,
}

/// Fails with one line for each package that the policy does not cover.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let policy = read_policy(&workspace.path("deny.toml"))?;
    let listing = process::read(&mut workspace.cargo("metadata --locked --format-version 1"))?;
    let metadata: Metadata =
        serde_json::from_str(&listing).context("cannot understand what `cargo metadata` says")?;
    let licensees = licensees(&policy)?;
    let findings: BTreeSet<String> = metadata
        .packages
        .iter()
        .filter_map(|package| objection(package, &policy, &licensees).err())
        .map(|error| format!("{error:#}"))
        .collect();
    if !findings.is_empty() {
        let lines: Vec<String> = findings.into_iter().collect();
        bail!("packages that deny.toml does not allow:\n  {}", lines.join("\n  "));
    }
    println!("{} packages, all under licences that deny.toml allows", metadata.packages.len());
    Ok(())
}

fn read_policy(path: &Path) -> Result<Policy> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("cannot understand {}", path.display()))
}

fn licensees(policy: &Policy) -> Result<Vec<Licensee>> {
    policy
        .licenses
        .allow
        .iter()
        .map(|text| {
            Licensee::parse(text).with_context(|| format!("deny.toml: {text} is no SPDX licence"))
        })
        .collect()
}

fn objection(package: &Package, policy: &Policy, licensees: &[Licensee]) -> Result<()> {
    let name = format!("{} {}", package.name, package.version);
    if let Some(source) = &package.source
        && !source_allowed(source, &policy.sources)
    {
        bail!("{name} comes from {source}");
    }
    let Some(text) = &package.license else {
        bail!("{name} names no licence");
    };
    let expression = Expression::parse_mode(text, ParseMode::LAX)
        .with_context(|| format!("{name} has a licence that cannot be read: {text}"))?;
    if !expression
        .evaluate(|requirement| licensees.iter().any(|licensee| licensee.satisfies(requirement)))
    {
        bail!("{name} is under {text}");
    }
    Ok(())
}

fn source_allowed(source: &str, allowed: &AllowedSources) -> bool {
    match source.split_once('+') {
        Some(("registry" | "sparse", url)) => {
            allowed.allow_registry.iter().any(|entry| entry == url)
        }
        Some(("git", url)) => allowed.allow_git.iter().any(|entry| url.starts_with(entry.as_str())),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

    fn judge(license: Option<&str>, source: Option<&str>) -> Result<()> {
        let policy =
            read_policy(&Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("deny.toml"))
                .unwrap();
        let package = Package {
            name: "probe".into(),
            version: "1.0.0".into(),
            license: license.map(Into::into),
            source: source.map(Into::into),
        };
        objection(&package, &policy, &licensees(&policy).unwrap())
    }

    #[test]
    fn permissive_licences_pass_in_any_combination() {
        for text in
            ["MIT", "MIT/Apache-2.0", "GPL-3.0-only OR MIT", "(MIT OR Apache-2.0) AND Unicode-3.0"]
        {
            judge(Some(text), Some(CRATES_IO)).unwrap();
        }
    }

    #[test]
    fn copyleft_and_unlicensed_packages_do_not_pass() {
        for text in ["GPL-2.0-or-later", "MIT AND GPL-3.0-only", "LGPL-2.1-only"] {
            assert!(judge(Some(text), Some(CRATES_IO)).unwrap_err().to_string().contains(text));
        }
        assert!(judge(None, Some(CRATES_IO)).is_err());
    }

    #[test]
    fn only_the_public_registry_is_a_source() {
        judge(Some("MIT"), None).unwrap();
        assert!(judge(Some("MIT"), Some("git+https://example.org/a")).is_err());
        assert!(judge(Some("MIT"), Some("registry+https://example.org/index")).is_err());
    }
}
