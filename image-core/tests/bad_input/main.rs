//! Bad input, one row each for every file system that it concerns: what is said of it names the path and the clause, and
//! what to do. Strict planning refuses what relaxed planning writes with a change that is reported.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here fails the test")]
#![allow(missing_docs, reason = "a test")]

macro_rules! is {
    ($pattern:pat) => {
        |found| matches!(found, $pattern)
    };
}

mod leniences;
mod refusals;

use std::sync::Arc;

use leniences::{Lenience, leniences};
use refusals::{Refusal, refusals};

use image_core::boot::{BootEntry, BootImage, BootOptions, ElTorito, Emulation, Platform};
use image_core::tree::{AddError, Details};
use image_core::{
    Attributes, DeepDirectories, DiscTime, FileSystems, Iso9660Options, IsoLevel, JolietLength,
    JolietOptions, NameReport, Options, PlanError, Reason, SourceId, Tree, UdfOptions, UdfRevision,
    Warning, plan,
};

const ISO: FileSystems =
    FileSystems { iso9660: true, joliet: false, rock_ridge: false, udf: false };
const ROCK_RIDGE: FileSystems = FileSystems { rock_ridge: true, ..ISO };
const JOLIET: FileSystems = FileSystems { joliet: true, ..ISO };
const UDF: FileSystems =
    FileSystems { iso9660: false, joliet: false, rock_ridge: false, udf: true };
const ALL: FileSystems = FileSystems { iso9660: true, joliet: true, rock_ridge: true, udf: true };

fn with(file_systems: FileSystems) -> Options {
    Options { file_systems, ..Options::default() }
}

fn tree(paths: &[&str]) -> Tree {
    let mut tree = Tree::new();
    for (number, path) in (0..).zip(paths) {
        tree.add_file(path, SourceId(number), 1, Attributes::default()).unwrap();
    }
    tree
}

fn dated(path: &str, seconds: i64) -> Tree {
    let modified = Some(DiscTime::from_unix(seconds, 0, 0));
    let mut tree = Tree::new();
    let attributes = Attributes { modified, ..Attributes::default() };
    tree.add_file(path, SourceId(0), 1, attributes).unwrap();
    tree
}

fn sized(path: &str, len: u64) -> Tree {
    let mut tree = Tree::new();
    tree.add_file(path, SourceId(0), len, Attributes::default()).unwrap();
    tree
}

#[track_caller]
fn tells(what: &str, message: &str, hint: &str, path: &str, clause: &str) {
    assert!(path.is_empty() || message.contains(&format!("{path:?}")), "{what}: {message}");
    assert!(message.contains(clause), "{what}, without {clause}: {message}");
    assert!(!hint.is_empty() && !message.ends_with('.'), "{what}: {message}; {hint}");
}

/// A path of directories whose names have `len` characters, and a file, in all of so many components.
fn long_path(len: usize, components: usize) -> String {
    vec!["n".repeat(len); components].join("/")
}

/// A file with an extended attribute.
fn attributed(name: &str, len: usize) -> Tree {
    let mut tree = tree(&["d/known"]);
    let extended_attributes = vec![(name.to_owned(), vec![1; len])];
    let details = Details { extended_attributes, ..Details::default() };
    tree.set_details(tree.find("d/known").unwrap(), details);
    tree
}

fn link(path: &str, target: &str) -> Tree {
    let mut tree = tree(&["file"]);
    tree.add_symlink(path, target, Attributes::default()).unwrap();
    tree
}

#[test]
fn what_strict_planning_refuses_is_told_otherwise() {
    for Lenience { what, tree, options, is, path, clause } in leniences() {
        let relaxed = plan(tree.clone(), &options).unwrap();
        let found = relaxed.warnings();
        let warning = found.iter().find(|found| is(found));
        let warning = warning.unwrap_or_else(|| panic!("{what}: {found:?}"));
        tells(what, &warning.to_string(), warning.hint(), &path, "");
        assert_eq!(warning.path().unwrap_or_default(), path, "{what}");
        assert_eq!(warning.clause().is_some(), !clause.is_empty(), "{what}");
        let strict = plan(tree, &Options { strict: true, ..options });
        if clause.is_empty() {
            assert!(strict.is_ok() || found.iter().any(|found| found.clause().is_some()), "{what}");
            continue;
        }
        let error = strict.unwrap_err();
        assert_eq!(error, PlanError::Forbidden(warning.clone()), "{what}");
        tells(what, &error.to_string(), error.hint(), &path, clause);
    }
}

#[test]
fn what_just_fits_is_not_told_of() {
    let iso = format!("{}/{}", vec!["d".repeat(31); 7].join("/"), "n".repeat(28));
    // Two directories and a name of 78 bytes each and ;1 are 240 bytes.
    let joliet = [38, 39, 40].map(|len| "j".repeat(len)).join("/");
    let udf = format!("{}/{}", long_path(250, 4), "u".repeat(14));
    for (path, options) in [
        ("1/2/3/4/5/6/7/file", with(ISO)),
        (iso.as_str(), with(ISO)),
        (joliet.as_str(), with(JOLIET)),
        (udf.as_str(), with(UDF)),
    ] {
        let strict = plan(tree(&[path]), &Options { strict: true, ..options });
        assert!(strict.is_ok(), "{path}: {strict:?}");
    }
    for year in [-2_208_988_800, 5_869_583_999] {
        assert_eq!(plan(dated("a", year), &with(ROCK_RIDGE)).unwrap().warnings(), []);
    }
}

#[test]
fn what_no_image_can_hold_is_refused_in_every_mode() {
    for Refusal { what, tree, options, is, path, clause } in refusals() {
        let tree = Arc::new(tree);
        for strict in [false, true] {
            let error = plan(tree.clone(), &Options { strict, ..options.clone() }).unwrap_err();
            assert!(is(&error), "{what}: {error:?}");
            assert_eq!(error.path().unwrap_or_default(), path, "{what}");
            tells(what, &error.to_string(), error.hint(), &path, clause);
        }
    }
}

#[test]
fn the_largest_file_there_is_overflows_nothing() {
    for systems in [ISO, JOLIET, ROCK_RIDGE, UDF, ALL] {
        let error = plan(sized("d/endless", u64::MAX), &with(systems)).unwrap_err();
        assert!(matches!(error, PlanError::TooManyBlocks { .. }), "{error:?}");
        assert_eq!(error.path(), Some("d/endless"));
    }
}

#[test]
fn names_that_are_none_and_names_that_are_there_are_refused_by_the_tree() {
    type Is = fn(&AddError) -> bool;
    let rows: [(&str, Is, &str); 8] = [
        ("", is!(AddError::InvalidName { .. }), "POSIX.1-2017 3.170"),
        ("d//x", is!(AddError::InvalidName { .. }), "POSIX.1-2017 3.170"),
        ("d/.", is!(AddError::InvalidName { .. }), "POSIX.1-2017 3.170"),
        ("d/..", is!(AddError::InvalidName { .. }), "POSIX.1-2017 3.170"),
        ("d/../x", is!(AddError::InvalidName { .. }), "POSIX.1-2017 3.170"),
        ("d/nul\0", is!(AddError::InvalidName { .. }), "POSIX.1-2017 3.170"),
        ("d/a", is!(AddError::Exists { .. }), "ECMA-167 4/8.6"),
        ("d/a/below", is!(AddError::NotADirectory { .. }), ""),
    ];
    let mut tree = tree(&["d/a"]);
    for (path, is, clause) in rows {
        let error = tree.add_file(path, SourceId(1), 1, Attributes::default()).unwrap_err();
        assert!(is(&error), "{path:?}: {error:?}");
        tells(path, &error.to_string(), error.hint(), path, clause);
    }
    assert_eq!(tree.len(), 3, "nothing was added");
}

/// What names become where they cannot stay: every change has a reason, and no two names of a directory are the same.
#[test]
fn names_that_change_are_reported_with_the_reason() {
    type Pick = fn(&NameReport) -> Option<&image_core::MappedName>;
    let long = "n".repeat(300);
    let wide = "\u{8a9e}".repeat(130);
    let iso: Pick = |report| report.iso9660.as_ref();
    let joliet: Pick = |report| report.joliet.as_ref();
    let rock_ridge: Pick = |report| report.rock_ridge.as_ref();
    let udf: Pick = |report| report.udf.as_ref();
    let rows: [(&[&str], Pick, &str, Option<Reason>); 13] = [
        (&["a", "A"], iso, "A001.;1", Some(Reason::Collision)),
        (&["a", "A"], joliet, "a", None),
        (&["a", "A"], rock_ridge, "a", None),
        (&["a", "A"], udf, "a", None),
        (&["***"], iso, "___.;1", Some(Reason::Characters)),
        (&["***"], joliet, "___", Some(Reason::Characters)),
        (&["***", "???"], joliet, "___~000", Some(Reason::Collision)),
        (&["***"], rock_ridge, "***", None),
        (&["***"], udf, "***", None),
        (&[&long], rock_ridge, &long[..255], Some(Reason::Length)),
        (&[&long], udf, &long[..254], Some(Reason::Length)),
        (&[&wide], udf, &wide[..127 * 3], Some(Reason::Length)),
        (&[&wide], joliet, &wide[..64 * 3], Some(Reason::Length)),
    ];
    for (names, pick, expected, reason) in rows {
        for strict in [false, true] {
            let tree = tree(names);
            let node = tree.find(names[0]).unwrap();
            let plan = plan(tree, &Options { strict, ..with(ALL) }).unwrap();
            let report = plan.names(node);
            let mapped = pick(&report).unwrap();
            assert_eq!(mapped.name.as_deref(), Some(expected), "{names:?}");
            assert_eq!(mapped.reason, reason, "{names:?}");
        }
    }
}

#[test]
fn deep_directories_are_relocated_where_that_is_asked_for() {
    let iso9660 =
        Iso9660Options { deep_directories: DeepDirectories::Relocate, ..Iso9660Options::default() };
    let options = Options { iso9660, strict: true, ..with(ROCK_RIDGE) };
    assert!(plan(tree(&["1/2/3/4/5/6/7/8/9/file"]), &options).is_ok());
    let without = Options { file_systems: ISO, ..options };
    let error = plan(tree(&["a"]), &without).unwrap_err();
    assert_eq!(error, PlanError::RelocationNeedsRockRidge);
    tells("relocation", &error.to_string(), error.hint(), "", "RRIP 4.1.5");
}
