//! Names of one directory in every file system, held to the rules of each.

use std::collections::{BTreeMap, BTreeSet};

use image_core::wire::udf::cs0;
use image_core::{Attributes, IsoLevel, Kind, NameReport, Options, Plan, SourceId, Tree};

use super::round_trip;

/// The first byte is the level; then a path a line, of a directory when it ends in a carriage return.
pub(super) fn names(data: &[u8]) {
    let Some((level, names)) = data.split_first() else { return };
    let level = [IsoLevel::One, IsoLevel::Two, IsoLevel::Three][usize::from(level % 3)];
    let mut tree = Tree::new();
    for line in String::from_utf8_lossy(names).split('\n').take(400) {
        // What the tree refuses is not there.
        let _ = match line.strip_suffix('\r') {
            Some(directory) => tree.add_directory(directory, Attributes::default()),
            None => tree.add_file(line, SourceId(0), 0, Attributes::default()),
        };
    }
    let mut options = Options::default();
    options.iso9660.level = level;
    let plan = image_core::plan(tree, &options).expect("names alone cannot fail a plan");
    check(&plan, level);
}

fn check(plan: &Plan, level: IsoLevel) {
    let tree = plan.tree();
    let mut taken = BTreeSet::new();
    let mut parents = BTreeMap::new();
    for directory in round_trip::nodes(tree) {
        parents.extend(tree.children(directory).map(|child| (child, directory)));
    }
    for (node, report) in plan.all_names() {
        let directory = matches!(tree.kind(node), Kind::Directory);
        let parent = parents[&node];
        for (system, name) in in_all(&report) {
            assert!(taken.insert((system, parent, name.clone())), "{name:?} is there twice");
            match system {
                "ISO 9660" => iso9660(&name, directory, level),
                "Joliet" => joliet(&name),
                "Rock Ridge" => posix(&name, tree.name(node)),
                _ => udf(&name, tree.name(node)),
            }
        }
    }
}

fn in_all(report: &NameReport) -> impl Iterator<Item = (&'static str, String)> {
    let all = [
        ("ISO 9660", &report.iso9660),
        ("Joliet", &report.joliet),
        ("Rock Ridge", &report.rock_ridge),
        ("UDF", &report.udf),
    ];
    all.map(|(system, name)| {
        (system, name.as_ref().and_then(|name| name.name.clone()).expect("a name"))
    })
    .into_iter()
}

/// ECMA-119 7.5, 7.6 and clause 10.
fn iso9660(name: &str, directory: bool, level: IsoLevel) {
    let is_d = |text: &str| text.chars().all(|c| matches!(c, 'A'..='Z' | '0'..='9' | '_'));
    if directory {
        let most = if level == IsoLevel::One { 8 } else { 31 };
        assert!(is_d(name) && (1..=most).contains(&name.len()), "{name:?}");
        return;
    }
    let (base, extension) =
        name.strip_suffix(";1").and_then(|name| name.split_once('.')).expect(name);
    assert!(is_d(base) && is_d(extension) && base.len() + extension.len() > 0, "{name:?}");
    match level {
        IsoLevel::One => assert!(base.len() <= 8 && extension.len() <= 3, "{name:?}"),
        _ => assert!(base.len() + extension.len() <= 30, "{name:?}"),
    }
}

fn joliet(name: &str) {
    let name = name.strip_suffix(";1").unwrap_or(name);
    let units = name.encode_utf16().count();
    assert!((1..=64).contains(&units), "{name:?} has {units} units");
    assert!(!name.contains(|c| c < ' ' || "*/:;?\\".contains(c)), "{name:?}");
}

fn posix(name: &str, original: &str) {
    assert!((1..=255).contains(&name.len()) && !name.contains(['/', '\0']), "{name:?}");
    assert!(name == original || original.len() > 255, "{original:?} became {name:?}");
}

fn udf(name: &str, original: &str) {
    assert!((2..=255).contains(&cs0::encoded_len(name)), "{name:?}");
    assert!(name == original || cs0::encoded_len(original) > 255, "{original:?} became {name:?}");
}
