//! The tables of clauses: well formed, and as good as their word.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// One standard.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    standard: String,
    /// The module whose tests hold its clauses.
    module: String,
    clause: Vec<Clause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clause {
    number: String,
    requires: String,
    /// Held by these.
    #[serde(default)]
    tests: Vec<String>,
    /// Not held, since it cannot come up.
    not_applicable: Option<String>,
    /// Not held yet; says what is missing.
    not_written: Option<String>,
}

fn tables() -> BTreeMap<String, Table> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let table =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        found.insert(path.file_stem().unwrap().to_string_lossy().into_owned(), table);
    }
    found
}

/// The tests of this program, as it lists them itself.
fn known() -> BTreeSet<String> {
    let this = std::env::current_exe().unwrap();
    let listed = Command::new(this).args(["--list", "--format", "terse"]).output().unwrap();
    let text = String::from_utf8(listed.stdout).unwrap();
    text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}

#[test]
fn there_is_a_table_for_every_standard() {
    let names: Vec<String> = tables().into_keys().collect();
    assert_eq!(names, ["ecma-119", "ecma-167", "el-torito", "joliet", "susp-rrip", "udf"]);
}

#[test]
fn every_clause_has_one_status_and_stands_once() {
    for (name, table) in tables() {
        let mut numbers = BTreeSet::new();
        for clause in &table.clause {
            assert!(numbers.insert(&clause.number), "{name}: {} stands twice", clause.number);
            assert!(clause.requires.len() > 10, "{name}: {} says nothing", clause.number);
            let reasons = [&clause.not_applicable, &clause.not_written];
            for reason in reasons.into_iter().flatten() {
                assert!(reason.len() > 10, "{name}: {} gives no reason", clause.number);
            }
            let statuses =
                usize::from(!clause.tests.is_empty()) + reasons.into_iter().flatten().count();
            assert_eq!(statuses, 1, "{name}: {} has one status", clause.number);
        }
        assert!(table.clause.len() >= 10, "{} has more clauses than that", table.standard);
    }
}

#[test]
fn named_tests_exist_and_all_are_named() {
    let known = known();
    let mut named = BTreeSet::new();
    for (name, table) in tables() {
        for clause in &table.clause {
            for test in &clause.tests {
                let path = if test.contains("::") {
                    test.clone()
                } else {
                    format!("{}::{test}", table.module)
                };
                assert!(
                    known.contains(&path),
                    "{name}: {} names {path}, which is no test",
                    clause.number
                );
                named.insert(path);
            }
        }
    }
    let idle: Vec<_> = known
        .iter()
        .filter(|test| !test.starts_with("table::") && !named.contains(*test))
        .collect();
    assert!(idle.is_empty(), "no clause names {idle:?}");
}
