//! Bad input, one row each for every file system that it concerns: what is said of it names the path and the clause, and
//! what to do. Strict planning refuses what relaxed planning writes with a change that is reported.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here fails the test")]
#![allow(missing_docs, reason = "a test")]

use std::sync::Arc;

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

/// What is refused in every mode.
struct Refusal {
    what: &'static str,
    tree: Tree,
    options: Options,
    is: fn(&PlanError) -> bool,
    path: String,
    clause: &'static str,
}

/// What is refused by strict planning, and otherwise written and told.
struct Lenience {
    what: &'static str,
    tree: Tree,
    options: Options,
    is: fn(&Warning) -> bool,
    path: String,
    /// Empty where no standard forbids it: it is told in both modes, and refused in none.
    clause: &'static str,
}

fn row(
    what: &'static str,
    (tree, path): (Tree, &str),
    options: Options,
    is: fn(&Warning) -> bool,
    clause: &'static str,
) -> Lenience {
    Lenience { what, tree, options, is, path: path.to_owned(), clause }
}

macro_rules! is {
    ($pattern:pat) => {
        |found| matches!(found, $pattern)
    };
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

fn leniences() -> Vec<Lenience> {
    let deep = "1/2/3/4/5/6/7/8/file";
    // Seven directories and a file of 29 characters, a full stop and ;1 are 256 bytes.
    let long_iso = format!("{}/{}", vec!["d".repeat(31); 7].join("/"), "n".repeat(29));
    let long_joliet = long_path(40, 3);
    let (long_udf, long_linux) = (long_path(200, 6), long_path(250, 17));
    let for_windows = long_path(60, 5);
    let name = "l".repeat(65);
    let joliet = JolietOptions { length: JolietLength::Up103 };
    let of = |path: &str| tree(&[path]);
    let (before, after) = (-2_208_988_801, 5_869_583_999 + 86_400);
    let never = -62_135_596_801;
    let revision = |revision| Options { udf: UdfOptions::of(revision), ..with(UDF) };
    vec![
        row(
            "nine levels",
            (of(deep), "1/2/3/4/5/6/7/8"),
            with(ISO),
            is!(Warning::DeepDirectory { .. }),
            "ECMA-119 6.8.2.1",
        ),
        row(
            "256 bytes",
            (of(&long_iso), &long_iso),
            with(ISO),
            is!(Warning::LongPath { .. }),
            "ECMA-119 6.8.2.1",
        ),
        row(
            "242 bytes",
            (of(&long_joliet), &long_joliet),
            with(JOLIET),
            is!(Warning::LongJolietPath { .. }),
            "Joliet specification",
        ),
        row(
            "a name of 65 characters",
            (of(&name), &name),
            Options { joliet, ..with(JOLIET) },
            is!(Warning::LongJolietName { .. }),
            "Joliet specification",
        ),
        row(
            "1200 bytes",
            (of(&long_udf), &long_udf),
            with(UDF),
            is!(Warning::LongUdfPath { .. }),
            "UDF 2",
        ),
        row(
            "300 characters, for Windows",
            (of(&for_windows), &for_windows),
            with(UDF),
            is!(Warning::UnopenedPath { reader: "Windows", .. }),
            "",
        ),
        row(
            "1200 bytes, for macOS",
            (of(&long_udf), &long_udf),
            with(UDF),
            is!(Warning::UnopenedPath { reader: "macOS", .. }),
            "",
        ),
        row(
            "4266 bytes, for Linux",
            (of(&long_linux), &long_linux),
            with(ROCK_RIDGE),
            is!(Warning::UnopenedPath { reader: "Linux", .. }),
            "",
        ),
        row(
            "1899",
            (dated("d/old", before), "d/old"),
            with(ISO),
            is!(Warning::DateOutOfRange { .. }),
            "ECMA-119 9.1.5",
        ),
        row(
            "2156",
            (dated("d/new", after), "d/new"),
            with(ROCK_RIDGE),
            is!(Warning::DateOutOfRange { .. }),
            "ECMA-119 9.1.5",
        ),
        row(
            "the year 0",
            (dated("d/never", never), "d/never"),
            with(UDF),
            is!(Warning::UdfDateOutOfRange { .. }),
            "ECMA-167 1/7.3",
        ),
        row(
            "a volume of the year 0",
            (of("a"), ""),
            expiring(never),
            is!(Warning::VolumeDateOutOfRange { .. }),
            "ECMA-119 8.4.26.1",
        ),
        row(
            "case alone",
            (tree(&["d/A", "d/a"]), "d/A"),
            with(JOLIET),
            is!(Warning::NamesDifferInCase { file_system: "Joliet", .. }),
            "",
        ),
        row(
            "case alone",
            (tree(&["d/A", "d/a"]), "d/A"),
            with(UDF),
            is!(Warning::NamesDifferInCase { file_system: "UDF", .. }),
            "",
        ),
        row(
            "only forbidden characters",
            (of("d/???"), "d/???"),
            with(UDF),
            is!(Warning::NotForWindows { .. }),
            "",
        ),
        row(
            "a name of a device",
            (of("d/nul.txt"), "d/nul.txt"),
            with(JOLIET),
            is!(Warning::NotForWindows { .. }),
            "",
        ),
        row(
            "several extents",
            (sized("d/big", 5 << 30), "d/big"),
            with(ISO),
            is!(Warning::SeveralExtents { .. }),
            "",
        ),
        row(
            "UDF 1.50 in a player",
            (of("a"), ""),
            revision(UdfRevision::V1_50),
            is!(Warning::NewUdf { readers: "set-top players", .. }),
            "",
        ),
        row(
            "UDF 2.50 in Windows XP",
            (of("a"), ""),
            revision(UdfRevision::V2_50),
            is!(Warning::NewUdf { readers: "Windows XP and earlier", .. }),
            "",
        ),
        row(
            "a long name of an attribute",
            (attributed("user.of more than 23 bytes", 1), "d/known"),
            with(ALL),
            is!(Warning::AttributesNotInUdf { .. }),
            "",
        ),
        row(
            "an attribute in Joliet",
            (attributed("user.known", 1), "d/known"),
            with(JOLIET),
            is!(Warning::NoPlaceFor { what: "extended attributes", .. }),
            "",
        ),
        row(
            "a long attribute",
            (attributed("user.long", 2000), "d/known"),
            with(ALL),
            is!(Warning::AttributesNotInUdf { .. }),
            "",
        ),
        row(
            "a link in Joliet",
            (link("d/link", "to"), "d/link"),
            with(JOLIET),
            is!(Warning::NotRecorded { .. }),
            "",
        ),
    ]
}

fn expiring(seconds: i64) -> Options {
    let expiration = Some(DiscTime::from_unix(seconds, 0, 0));
    let dates = image_core::VolumeDates { expiration, ..image_core::VolumeDates::default() };
    Options { dates, ..with(ALL) }
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

fn boot(image: &str, len: usize, emulation: Emulation, info_table: bool) -> (Tree, Options) {
    let mut tree = Tree::new();
    let id = tree.add_file(image, SourceId(0), len as u64, Attributes::default()).unwrap();
    let content: Option<Arc<[u8]>> = Some(vec![0; len].into());
    tree.set_details(id, Details { content, ..Details::default() });
    let entry =
        BootEntry { emulation, info_table, ..BootEntry::new(BootImage::File(image.to_owned())) };
    let el_torito = Some(ElTorito::new(Platform::BIOS, entry));
    let boot = BootOptions { el_torito, ..BootOptions::default() };
    (tree, Options { boot, ..with(ISO) })
}

fn refusals() -> Vec<Refusal> {
    use image_core::BootError;
    let at_level = |level| Options {
        iso9660: Iso9660Options { level, ..Iso9660Options::default() },
        ..with(ISO)
    };
    let refusal = |what, (tree, options), is, path: &str, clause| Refusal {
        what,
        tree,
        options,
        is,
        path: path.to_owned(),
        clause,
    };
    let impossible = DiscTime { month: 13, ..DiscTime::from_unix(0, 0, 0) };
    let far = DiscTime { offset_minutes: 1441, ..DiscTime::from_unix(0, 0, 0) };
    let timed = |modified| {
        let mut tree = Tree::new();
        let attributes = Attributes { modified: Some(modified), ..Attributes::default() };
        tree.add_file("d/when", SourceId(0), 1, attributes).unwrap();
        tree
    };
    let mut accessed = tree(&["d/when"]);
    let details = Details { accessed: Some(impossible), ..Details::default() };
    accessed.set_details(accessed.find("d/when").unwrap(), details);
    let mut many = Tree::new();
    for number in 0..=65_535 {
        many.add_directory(&format!("d{number:05}"), Attributes::default()).unwrap();
    }
    let component = "x".repeat(300);
    let blocks = u64::from(u32::MAX);
    let floppy = || boot("boot/disk.img", 1_474_561, Emulation::Floppy1440, false);
    let no_period = Options { volume_id: String::new(), ..with(ALL) };
    let mut rows = vec![
        refusal(
            "4 GiB at level 1",
            (sized("d/big", 1 << 32), at_level(IsoLevel::One)),
            is!(PlanError::FileTooLarge { .. }),
            "d/big",
            "ECMA-119 9.1.4",
        ),
        refusal(
            "4 GiB at level 2",
            (sized("d/big", 1 << 32), at_level(IsoLevel::Two)),
            is!(PlanError::FileTooLarge { .. }),
            "d/big",
            "ECMA-119 9.1.4",
        ),
        refusal(
            "a part of a link of 300 bytes",
            (link("d/link", &component), with(UDF)),
            is!(PlanError::LinkTooLong { .. }),
            "d/link",
            "ECMA-167 4/14.16",
        ),
        refusal(
            "an attribute whose name is longer than an identifier",
            (attributed("user.of more than 23 bytes", 1), with(UDF)),
            is!(PlanError::UdfAttributeName { .. }),
            "d/known",
            "ECMA-167 1/7.4",
        ),
        refusal(
            "an attribute that no file entry has room for",
            (attributed("user.long", 2000), with(UDF)),
            is!(PlanError::UdfAttributes { .. }),
            "d/known",
            "UDF 3.3.4",
        ),
        refusal(
            "an attribute with a NUL in its name",
            (attributed("user.a\0b", 1), with(ALL)),
            is!(PlanError::RockRidgeAttributeName { .. }),
            "d/known",
            "AAIP 2.0",
        ),
        refusal(
            "an attribute of more continuation areas than Linux follows",
            (attributed("user.long", 50_000), with(ROCK_RIDGE)),
            is!(PlanError::RockRidgeAttributes { .. }),
            "d/known",
            "",
        ),
        refusal(
            "65537 directories",
            (many, with(ISO)),
            is!(PlanError::TooManyDirectories { .. }),
            "d65534",
            "ECMA-119 9.4.4",
        ),
        refusal(
            "month 13",
            (timed(impossible), with(ISO)),
            is!(PlanError::InvalidTime { .. }),
            "d/when",
            "ECMA-119 8.4.26.1 and 9.1.5",
        ),
        refusal(
            "month 13",
            (timed(impossible), with(UDF)),
            is!(PlanError::InvalidTime { .. }),
            "d/when",
            "ECMA-167 1/7.3",
        ),
        refusal(
            "an offset of 1441 minutes",
            (timed(far), with(UDF)),
            is!(PlanError::InvalidTime { .. }),
            "d/when",
            "ECMA-167 1/7.3",
        ),
        refusal(
            "accessed in month 13",
            (accessed, with(ALL)),
            is!(PlanError::InvalidTime { .. }),
            "d/when",
            "ECMA-167 1/7.3",
        ),
        refusal(
            "a volume of month 13",
            (tree(&["a"]), Options { created: impossible, ..with(ALL) }),
            is!(PlanError::InvalidVolumeTime { .. }),
            "",
            "ECMA-119 8.4.26.1",
        ),
        refusal(
            "a volume without a name",
            (tree(&["a"]), no_period),
            is!(PlanError::InvalidVolumeName { .. }),
            "",
            "ECMA-167 1/7.2.12",
        ),
        refusal(
            "a diskette of one byte more",
            floppy(),
            is!(PlanError::Boot(BootError::FloppySize { .. })),
            "boot/disk.img",
            "El Torito 1.0, figure 3",
        ),
        refusal(
            "a hard disk without a table",
            boot("hd.img", 4096, Emulation::HardDisk, false),
            is!(PlanError::Boot(BootError::NoMasterBootRecord { .. })),
            "hd.img",
            "El Torito 1.0, figure 3",
        ),
        refusal(
            "an empty boot image",
            boot("none.img", 0, Emulation::None, false),
            is!(PlanError::Boot(BootError::Empty { .. })),
            "none.img",
            "",
        ),
        refusal(
            "no room for the table",
            boot("short.bin", 63, Emulation::None, true),
            is!(PlanError::Boot(BootError::TooShort { .. })),
            "short.bin",
            "",
        ),
    ];
    for (what, systems) in [
        ("2^32 blocks of ISO 9660", ISO),
        ("2^32 blocks of Joliet", JOLIET),
        ("2^32 blocks of UDF", UDF),
    ] {
        let mut tree = sized("d/half", blocks / 2 * 2048);
        tree.add_file("d/more", SourceId(1), (blocks / 2 + 1) * 2048, Attributes::default())
            .unwrap();
        rows.push(refusal(
            what,
            (tree, with(systems)),
            is!(PlanError::TooManyBlocks { .. }),
            "d/more",
            "ECMA-119 8.4.8, ECMA-167 4/7.1",
        ));
    }
    rows
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
