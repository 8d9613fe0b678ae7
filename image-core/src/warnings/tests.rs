use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::*;
use crate::options::{
    DeepDirectories, EnhancedTree, Iso9660Options, IsoLevel, IsoNameRules, JolietOptions,
};
use crate::tree::{Details, HiddenIn};
use crate::{
    Attributes, DiscTime, FileSystems, Options, PlanError, SourceId, Tree, VolumeDates,
    VolumeIdentifiers,
};

fn tree(paths: &[&str]) -> Tree {
    let mut tree = Tree::new();
    for path in paths {
        tree.add_file(path, SourceId(0), 1, Attributes::default()).unwrap();
    }
    tree
}

fn iso() -> Options {
    let file_systems = FileSystems { udf: false, joliet: false, ..FileSystems::default() };
    Options { file_systems, ..Options::default() }
}

/// The warnings; the first that a standard forbids is what strict planning refuses.
fn warnings(tree: &Tree, options: &Options) -> Vec<Warning> {
    let plan = crate::plan(tree.clone(), options).unwrap();
    let found = plan.warnings();
    let strict = crate::plan(tree.clone(), &Options { strict: true, ..options.clone() });
    match found.iter().find(|found| found.clause().is_some()) {
        Some(forbidden) => {
            let error = strict.unwrap_err();
            assert_eq!(error, PlanError::Forbidden(forbidden.clone()));
            assert!(error.to_string().ends_with("forbids"), "{error}");
            assert_eq!(error.path(), forbidden.path());
        }
        None => assert!(strict.is_ok()),
    }
    found
}

#[test]
fn a_plain_tree_has_none() {
    assert_eq!(warnings(&tree(&["a/b/c", "D.TXT"]), &Options::default()), []);
}

#[test]
fn depth_and_length_of_paths_are_limited() {
    let eight = tree(&["1/2/3/4/5/6/7/file"]);
    assert_eq!(warnings(&eight, &iso()), []);
    let nine = tree(&["1/2/3/4/5/6/7/8/file", "1/2/3/4/5/6/7/x/y/file"]);
    let deep = Warning::DeepDirectory { path: "1/2/3/4/5/6/7/8".into(), more: 2 };
    assert_eq!(warnings(&nine, &iso()), [deep]);
    let name = "n".repeat(30);
    // Seven directories of 31 with their count make 224; 29 characters, a dot and a version number fill 255.
    let directory = ["d".repeat(31).as_str(); 7].join("/");
    let fits = tree(&[&format!("{directory}/{}", &name[..28])]);
    assert_eq!(warnings(&fits, &iso()), []);
    let long = tree(&[&format!("{directory}/{}", &name[..29])]);
    assert!(matches!(warnings(&long, &iso())[..], [Warning::LongPath { more: 0, .. }]));
}

#[test]
fn what_is_relocated_is_no_longer_deep() {
    let iso9660 =
        Iso9660Options { deep_directories: DeepDirectories::Relocate, ..Iso9660Options::default() };
    let options = Options { iso9660, ..iso() };
    let nine = tree(&["1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/file"]);
    assert_eq!(warnings(&nine, &options), []);
    let file_systems = FileSystems { rock_ridge: false, ..options.file_systems };
    let refused = crate::plan(nine, &Options { file_systems, ..options });
    assert_eq!(refused.unwrap_err(), PlanError::RelocationNeedsRockRidge);
}

#[test]
fn relaxed_rules_are_named() {
    let relaxed = |iso9660| warnings(&tree(&["a"]), &Options { iso9660, ..iso() }).len();
    let names = IsoNameRules { lower_case: true, ..IsoNameRules::default() };
    assert_eq!(relaxed(Iso9660Options { names, ..Iso9660Options::default() }), 1);
    let names = IsoNameRules::UNTRANSLATED;
    assert_eq!(relaxed(Iso9660Options { names, ..Iso9660Options::default() }), 8);
    let level = IsoLevel::Four;
    assert_eq!(relaxed(Iso9660Options { level, ..Iso9660Options::default() }), 0);
    let enhanced = EnhancedTree::Shared;
    assert_eq!(relaxed(Iso9660Options { level, enhanced, ..Iso9660Options::default() }), 2);
}

#[test]
fn names_that_differ_in_case_are_one_for_windows() {
    let tree = tree(&[
        "d/readme",
        "d/README",
        "d/ReadMe",
        "d/\u{c9}",
        "d/\u{e9}",
        "d/\u{3c3}",
        "d/\u{3c2}",
    ]);
    let found: Vec<String> =
        warnings(&tree, &Options::default()).iter().map(|found| found.to_string()).collect();
    assert_eq!(
        found,
        [
            "\"d/README\" and \"d/ReadMe\" (and 3 more) differ in case alone in Joliet",
            "\"d/README\" and \"d/ReadMe\" (and 3 more) differ in case alone in UDF"
        ]
    );
    assert_eq!(warnings(&tree, &iso()), []);
}

#[test]
fn dates_and_extents_and_long_names() {
    let mut tree = Tree::new();
    let long_ago = Some(DiscTime::from_unix(-4_000_000_000, 0, 0));
    let attributes = Attributes { modified: long_ago, ..Attributes::default() };
    tree.add_file("old", SourceId(0), 1, attributes).unwrap();
    let long = "l".repeat(80);
    tree.add_file(&long, SourceId(1), 5 << 30, Attributes::default()).unwrap();
    let joliet = JolietOptions { length: JolietLength::Up103 };
    let options = Options { joliet, ..Options::default() };
    let found = warnings(&tree, &options);
    let extents = Warning::SeveralExtents { path: long.clone(), more: 0 };
    assert_eq!(
        found,
        [
            Warning::DateOutOfRange { path: "old".into(), more: 0 },
            extents.clone(),
            Warning::LongJolietName { path: long.clone(), more: 0 },
        ]
    );
    // What Joliet alone has is in as many extents.
    let node = tree.find(&long).unwrap();
    for (hidden_in, is_told) in
        [(HiddenIn::ISO9660, true), (HiddenIn::ISO9660 | HiddenIn::JOLIET, false)]
    {
        tree.set_details(node, Details { hidden_in, ..Details::default() });
        assert_eq!(warnings(&tree, &options).contains(&extents), is_told, "{hidden_in:?}");
    }
}

#[test]
fn times_behind_the_last_year_are_told_of() {
    let modified = Some(DiscTime::from_unix(i64::MAX, 0, 0));
    let mut tree = Tree::new();
    tree.add_file("late", SourceId(0), 1, Attributes { modified, ..Attributes::default() })
        .unwrap();
    let dates = VolumeDates { expiration: modified, ..VolumeDates::default() };
    let found = warnings(&tree, &Options { dates, ..Options::default() });
    assert!(
        found.contains(&Warning::UdfDateOutOfRange { path: "late".into(), more: 0 }),
        "{found:?}"
    );
    assert!(found.contains(&Warning::VolumeDateOutOfRange { field: "expiration" }), "{found:?}");
}

#[test]
fn links_that_keep_programs_from_reading() {
    let mut tree = tree(&["a"]);
    tree.add_symlink("l", &"ab/".repeat(341), Attributes::default()).unwrap();
    let udf = FileSystems { iso9660: false, joliet: false, rock_ridge: false, udf: true };
    let udf = Options { file_systems: udf, ..Options::default() };
    let in_udf = Warning::UdfLink { path: "l".into(), more: 0 };
    assert!(warnings(&tree, &udf).contains(&in_udf));
    let found = warnings(&tree, &Options::default());
    assert!(!found.contains(&in_udf), "7-Zip reads ISO 9660 then: {found:?}");
    let long = Warning::LongLink { path: "m".into(), more: 0 };
    assert!(!found.iter().any(|found| matches!(found, Warning::LongLink { .. })), "{found:?}");
    tree.add_symlink("m", &"ab/".repeat(342), Attributes::default()).unwrap();
    assert!(warnings(&tree, &Options::default()).contains(&long));
    assert!(!warnings(&tree, &udf).contains(&long), "UDF alone");
}

#[test]
fn what_every_file_system_hides_is_told() {
    let mut tree = tree(&["a", "b/c", "d", "shown"]);
    let everywhere = HiddenIn::ISO9660 | HiddenIn::JOLIET | HiddenIn::UDF;
    for (path, hidden_in) in [("a", everywhere), ("b", everywhere), ("d", HiddenIn::JOLIET)] {
        let node = tree.find(path).unwrap();
        tree.set_details(node, Details { hidden_in, ..Details::default() });
    }
    let hidden = Warning::HiddenEverywhere { path: "a".into(), more: 2 };
    assert_eq!(warnings(&tree, &Options::default()), core::slice::from_ref(&hidden));
    // Another name of it shows.
    tree.add_hard_link("e", tree.find("a").unwrap()).unwrap();
    let found = warnings(&tree, &Options::default());
    assert_eq!(found, [Warning::HiddenEverywhere { path: "b".into(), more: 1 }]);
}

#[test]
fn late_revisions_of_udf_lose_readers() {
    let udf = |revision| {
        let udf = crate::UdfOptions { revision, ..crate::UdfOptions::default() };
        warnings(&tree(&["a"]), &Options { udf, ..Options::default() }).len()
    };
    assert_eq!([UdfRevision::V1_02, UdfRevision::V2_01].map(udf), [0, 1]);
}

#[test]
fn texts_of_the_volume_fit_and_its_files_are_there() {
    let tree = tree(&["copy.txt", "a very long name.txt", "sub/deep.txt"]);
    let with = |identifiers| Options { identifiers, ..iso() };
    let none = VolumeIdentifiers::default;
    let long = VolumeIdentifiers { publisher: "p".repeat(129), ..none() };
    let error = crate::plan(tree.clone(), &with(long)).unwrap_err();
    assert_eq!(
        error,
        PlanError::IdentifierTooLong { field: "publisher", clause: "ECMA-119 8.4.20", limit: 128 }
    );
    for name in ["nothing", "sub", "deep.txt", "sub/deep.txt"] {
        let identifiers = VolumeIdentifiers { copyright_file: name.into(), ..none() };
        let error = crate::plan(tree.clone(), &with(identifiers)).unwrap_err();
        assert_eq!(error, PlanError::NotInRoot { field: "copyright", name: name.into() });
    }
    let named = |name: &str| {
        let identifiers = VolumeIdentifiers { abstract_file: name.into(), ..none() };
        warnings(&tree, &with(identifiers))
    };
    assert_eq!(named("copy.txt"), []);
    assert!(matches!(named("a very long name.txt")[..], [Warning::LongVolumeFile { .. }]));
}

#[test]
fn texts_that_a_descriptor_has_not_in_full_are_told() {
    let told = |options: Options| {
        let found = warnings(&tree(&["a"]), &options);
        let told = found.into_iter().filter_map(|warning| match warning {
            Warning::TextChanged { field, descriptor, recorded } => {
                Some((field, descriptor, recorded))
            }
            _ => None,
        });
        told.collect::<Vec<_>>()
    };
    let with = |options: Options, publisher: &str, volume_set: &str| {
        let (publisher, volume_set) = (publisher.into(), volume_set.into());
        let given = VolumeIdentifiers { publisher, volume_set, ..VolumeIdentifiers::default() };
        told(Options { identifiers: given, ..options })
    };
    assert_eq!(with(iso(), "Smith & Sons (est. 1901)", "Set_1"), []);
    let changed = |field, descriptor, recorded: &str| [(field, descriptor, recorded.into())];
    assert_eq!(with(iso(), "a#b 1", ""), changed("publisher", "ISO 9660", "A_B 1"));
    let umlaut = "M\u{fc}ller";
    assert_eq!(with(iso(), umlaut, ""), changed("publisher", "ISO 9660", "M_LLER"));
    assert_eq!(with(iso(), "", "Set 1"), changed("volume set identifier", "ISO 9660", "SET_1"));
    // An underscore at the start would name a file.
    assert_eq!(with(iso(), "\u{c9}mile", ""), changed("publisher", "ISO 9660", "?MILE"));
    assert_eq!(with(iso(), "_A.TXT", ""), []);
    assert_eq!(
        with(iso(), "", "\u{c9}t\u{e9}"),
        changed("volume set identifier", "ISO 9660", "_T_")
    );
    let mut level_4 = iso();
    level_4.iso9660.level = IsoLevel::Four;
    let long = "x".repeat(100);
    assert_eq!(with(level_4, &long, ""), []);
    // What mkisofs writes, and the standard forbids.
    let mut relaxed = iso();
    relaxed.iso9660.names.volume_texts = true;
    assert_eq!(with(relaxed.clone(), "a#b 1", "Set 1"), []);
    assert_eq!(with(relaxed.clone(), umlaut, ""), changed("publisher", "ISO 9660", "M_ller"));
    assert_eq!(warnings(&tree(&["a"]), &relaxed), [Warning::RelaxedTexts]);
    let joliet = with(Options::default(), &long, "");
    assert_eq!(joliet, changed("publisher", "Joliet", &"x".repeat(64)));
    let named = |file_systems, name: &str| {
        told(Options { file_systems, volume_id: name.into(), ..Options::default() })
    };
    let joliet = FileSystems { udf: false, ..FileSystems::default() };
    assert_eq!(named(iso().file_systems, "My_Disc"), []);
    assert_eq!(named(iso().file_systems, "My Disc"), changed("name", "ISO 9660", "MY_DISC"));
    assert_eq!(named(joliet, "My Disc"), []);
    let long = "The disc of the year";
    assert_eq!(named(joliet, long), changed("name", "ISO 9660", "THE_DISC_OF_THE_YEAR"));
    assert_eq!(named(FileSystems::default(), long), []);
    let alone = FileSystems { iso9660: false, joliet: false, rock_ridge: false, udf: true };
    let udf = Options { file_systems: alone, ..Options::default() };
    assert_eq!(with(udf, umlaut, ""), []);
}

#[test]
fn programs_know_a_warning_by_its_kind_and_who_minds() {
    let found = warnings(&tree(&["con.txt"]), &Options::default());
    let told: Vec<_> = found.iter().map(|warning| (warning.kind(), warning.reader())).collect();
    assert_eq!(told, [("notForWindows", Some("Windows"))]);
    let deep = warnings(&tree(&["1/2/3/4/5/6/7/8/file"]), &iso());
    assert_eq!((deep[0].kind(), deep[0].reader()), ("deepDirectory", None));
}
