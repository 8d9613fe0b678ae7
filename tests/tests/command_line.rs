//! What the commands say when something is wrong: the exit status, the error, the remedy, and nothing left behind under the
//! final name.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use tests::{image, run};

const LIMIT: Duration = Duration::from_secs(120);

const INPUT: i32 = 3;
const MEDIUM: i32 = 4;
const DRIVE: i32 = 5;

/// A folder with two files, beside which everything else is made.
fn bench() -> TempDir {
    let bench = tempfile::tempdir().unwrap();
    let folder = bench.path().join("folder");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("small"), "hi").unwrap();
    fs::write(folder.join("larger"), vec![7; 3_000_000]).unwrap();
    bench
}

/// Runs discwright in a folder; returns its exit status and what it says.
fn discwright(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = image::discwright().unwrap();
    command.current_dir(folder).args(arguments);
    let done = run::output(&mut command, LIMIT).unwrap();
    (done.status.code().unwrap(), done.stderr)
}

#[track_caller]
fn refused(folder: &Path, arguments: &[&str], status: i32, error: &str) {
    let (found, said) = discwright(folder, arguments);
    assert_eq!(found, status, "{arguments:?}: {said}");
    assert!(said.starts_with("error: "), "{said}");
    assert!(said.contains(error), "{said}");
    assert!(said.contains("\nhint: "), "no remedy: {said}");
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) {
    let (status, said) = discwright(folder, arguments);
    assert_eq!(status, 0, "{arguments:?}: {said}");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn sources_that_are_not_there_or_not_what_they_should_be() {
    let bench = bench();
    let at = bench.path();
    refused(at, &["build", "-o", "x.iso", "nowhere"], INPUT, "nowhere");
    refused(
        at,
        &["build", "-o", "x.iso", "small=folder/larger", "folder"],
        INPUT,
        "in the tree already",
    );
    let huge = fs::File::create(at.join("huge")).unwrap();
    huge.set_len(5 << 30).unwrap();
    refused(at, &["build", "--iso-level", "2", "-o", "x.iso", "huge"], INPUT, "5368709120 bytes");
    refused(
        at,
        &["build", "--volume", &"x".repeat(200), "-o", "x.iso", "folder"],
        2,
        "name of a volume",
    );
    assert_eq!(names(at), ["folder", "huge"]);
}

/// What is wrong with an option or a source, the exit status for it, and what has to be said: the path and the clause.
#[test]
fn bad_input_is_told_with_path_clause_and_remedy() {
    let bench = bench();
    let at = bench.path();
    let sparse = |name: &str, len| fs::File::create(at.join(name)).unwrap().set_len(len).unwrap();
    sparse("huge", 9 << 40);
    sparse("big", 5 << 30);
    sparse("disk.img", 5000);
    sparse("short.bin", 40);
    let deep = "1/2/3/4/5/6/7/8/9=folder/small";
    let long = format!("{}/x=folder/small", vec!["n".repeat(200); 6].join("/"));
    let joliet = format!("{}/x=folder/small", vec!["n".repeat(40); 3].join("/"));
    let rows: [(&[&str], i32, &[&str]); 13] = [
        (&["huge"], INPUT, &["\"huge\"", "ECMA-119 8.4.8", "4831838208 blocks"]),
        (&["--iso-level", "1", "big"], INPUT, &["\"big\"", "ECMA-119 9.1.4"]),
        (&["x=folder/small", "x=huge"], INPUT, &["huge", "\"x\"", "ECMA-167 4/8.6"]),
        (&["x/..=folder/small"], INPUT, &["\"x/..\"", "POSIX.1-2017 3.170"]),
        (&["x=folder/small", "x/y=huge"], INPUT, &["\"x/y\"", "not a directory"]),
        (&["--strict", deep], INPUT, &["\"1/2/3/4/5/6/7/8\"", "ECMA-119 6.8.2.1"]),
        (&["--strict", "--fs", "udf", &long], INPUT, &["nnn\"", "UDF 2, "]),
        (&["--strict", "--fs", "iso,joliet", &joliet], INPUT, &["nnn", "Joliet specification"]),
        (
            &["--strict", "--epoch", "99999999999999", "x=folder/small"],
            INPUT,
            &["\"/\"", "ECMA-119 9.1.5"],
        ),
        (
            &["--boot", "bios=disk.img", "--boot-emulation", "floppy", "disk.img"],
            INPUT,
            &["disk.img", "El Torito 1.0, figure 3"],
        ),
        (
            &["--boot", "bios=disk.img", "--boot-emulation", "hard-disk", "disk.img"],
            INPUT,
            &["disk.img", "El Torito 1.0, figure 3"],
        ),
        (
            &["--boot", "bios=short.bin", "--boot-info-table", "short.bin"],
            INPUT,
            &["\"short.bin\"", "40 bytes"],
        ),
        (&["--volume", "", "folder"], 2, &["ECMA-167 1/7.2.12"]),
    ];
    for (arguments, status, words) in rows {
        let arguments = [&["build", "-o", "x.iso"], arguments].concat();
        for word in words {
            refused(at, &arguments, status, word);
        }
    }
    assert!(!names(at).iter().any(|name| name.contains("iso")), "{:?}", names(at));
}

/// What is written all the same is told, though not asked for: a name that changes, an entry that is lost.
#[cfg(unix)]
#[test]
fn what_relaxed_building_writes_is_told() {
    let bench = bench();
    let at = bench.path();
    fs::write(at.join("folder/SMALL"), "other").unwrap();
    fs::write(at.join("folder/a\tb?"), "x").unwrap();
    std::os::unix::fs::symlink("small", at.join("folder/link")).unwrap();
    let build = |arguments: &[&str]| {
        let mut command = image::discwright().unwrap();
        command.current_dir(at).arg("build").args(arguments).arg("folder");
        let done = run::output(&mut command, LIMIT).unwrap();
        assert_eq!(done.status.code(), Some(0), "{}", done.stderr);
        (done.text(), done.stderr)
    };
    let (_, said) = build(&["--size"]);
    assert!(said.contains("--warnings tells"), "{said}");
    let (_, said) = build(&["--size", "--warnings"]);
    for words in
        ["\"SMALL\" and \"small\" differ in case alone in Joliet", "in UDF that Windows has not"]
    {
        assert!(said.contains(words), "{said}");
    }
    let (summary, said) =
        build(&["--size", "--json", "--warnings", "1/2/3/4/5/6/7/8/9=folder/small"]);
    assert!(said.contains("warning: \"SMALL\" and \"small\" differ in case"), "{said}");
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    let warnings = summary["warnings"].as_array().unwrap();
    let of_case = warnings.iter().find(|found| found["path"] == "SMALL").unwrap();
    assert_eq!(of_case["kind"], "namesDifferInCase");
    assert!(of_case["message"].as_str().unwrap().starts_with("\"SMALL\" and \"small\""));
    assert!(of_case["hint"].is_string() && of_case["reader"].is_string(), "{of_case}");
    assert!(warnings.iter().any(|found| found["clause"].is_string()), "{warnings:?}");
    let (summary, _) = build(&["--size", "--json"]);
    assert!(!summary.contains("warnings"), "{summary}");
    let (_, said) = build(&["--size", "--fs", "iso,joliet"]);
    assert!(said.contains("warning: \"link\" is in none of the file systems"), "{said}");
    let (listed, _) = build(&["--names"]);
    for line in [
        "/\tISO 9660\tFOLDER\tcharacters that are not allowed there",
        "SMALL\tISO 9660\tSMALL000.;1\tanother name became the same there",
        "a\\tb?\tJoliet\ta_b_\tcharacters that are not allowed there",
        "link\tJoliet\t-\tnot there: no symbolic links",
    ] {
        assert!(listed.lines().any(|found| found == line), "{line}: {listed}");
    }
}

#[test]
fn burning_takes_the_options_of_building_for_files_and_none_for_images() {
    let bench = bench();
    let at = bench.path();
    done(at, &["virtual", "create", "--media", "dvd+rw", "demo.vdisc"]);
    done(at, &["build", "--fs", "iso", "-o", "x.iso", "folder"]);
    let burn = ["burn", "virtual:demo.vdisc"];
    refused(at, &[&burn[..], &["--fs", "iso", "x.iso"]].concat(), 2, "an image is burned as it is");
    fs::write(at.join("folder/again"), "hi").unwrap();
    let options =
        ["--fs", "iso", "--dedup", "--media", "dvd", "--epoch", "7", "--exclude", "larger"];
    done(at, &[&burn[..], &options, &["--sha256-file", "sums", "folder"]].concat());
    let sums = fs::read_to_string(at.join("sums")).unwrap();
    assert_eq!(sums.lines().count(), 2, "{sums}");
    done(at, &[&["build"][..], &options, &["-o", "y.iso", "folder"]].concat());
    done(at, &["verify", "virtual:demo.vdisc", "y.iso"]);
}

/// What is burned without being looked into is what cannot be taken back.
#[test]
fn a_file_that_is_no_image_is_not_burned_for_one() {
    let bench = bench();
    let at = bench.path();
    done(at, &["virtual", "create", "--media", "dvd+r", "d.vdisc"]);
    let burn = ["burn", "virtual:d.vdisc"];
    let with = |more: &[&'static str]| [&burn[..], more].concat();
    refused(at, &with(&["folder/larger"]), 2, "no file system of discs in it");
    done(at, &["info", "virtual:d.vdisc"]);
    let blank = fs::read(at.join("d.vdisc")).unwrap();
    done(at, &with(&["--as-is", "folder/larger"]));
    assert_ne!(fs::read(at.join("d.vdisc")).unwrap(), blank);
}

/// A project is built for the disc, as it is for an image.
#[test]
fn a_project_is_burned_as_it_is_built() {
    let bench = bench();
    let at = bench.path();
    let project = |medium: &str| {
        format!(
            r#"{{ "format": "discwright-project", "version": 1, "kind": "data", "name": "P", "volumeId": "P",
            "created": 1700000000000, "medium": "{medium}",
            "fileSystems": {{ "iso9660": true, "joliet": true, "rockRidge": true, "udf": true }},
            "options": {{ "isoLevel": 3 }}, "entries": [
            {{ "path": "it", "kind": "file", "source": "folder/larger", "size": 3000000, "modified": 0 }} ] }}"#
        )
    };
    fs::write(at.join("p.discwright"), project("dvd")).unwrap();
    done(at, &["build", "-o", "p.iso", "p.discwright"]);
    for media in ["dvd+r", "dvd-r"] {
        let disc = format!("virtual:{media}.vdisc");
        done(at, &["virtual", "create", "--media", media, &disc[8..]]);
        done(at, &["burn", &disc, "p.discwright"]);
        done(at, &["verify", &disc, "p.iso"]);
    }
    // What would be lost by writing is not written.
    refused(at, &["build", "-o", "folder/larger", "p.discwright"], INPUT, "would be replaced");
    refused(at, &["build", "-o", "p.discwright", "p.discwright"], 2, "would replace the project");
    done(at, &["virtual", "create", "--media", "bd-re", "open.vdisc"]);
    done(at, &["burn", "virtual:open.vdisc", "--append", "folder"]);
    let append = ["burn", "virtual:open.vdisc", "--append", "p.discwright"];
    refused(at, &append, 2, "whole of a disc");
    // Neither is what its medium cannot hold.
    fs::File::create(at.join("folder/larger")).unwrap().set_len(1 << 30).unwrap();
    fs::write(at.join("p.discwright"), project("cd").replace("3000000", "1073741824")).unwrap();
    let (status, said) = discwright(at, &["build", "-o", "p.iso", "p.discwright"]);
    assert!(status == MEDIUM && said.contains("and a CD (700 MB) holds"), "{status}: {said}");
}

#[test]
fn what_is_to_be_on_the_disc_is_not_written_over() {
    let bench = bench();
    let at = bench.path();
    done(at, &["build", "-o", "x.iso", "folder"]);
    refused(at, &["build", "-o", "x.iso", "x.iso"], INPUT, "would be replaced by what is written");
    refused(
        at,
        &["build", "-o", "folder/small", "folder"],
        2,
        "would be replaced by what is written",
    );
    let sums = ["build", "-o", "y.iso", "--sha256-file"];
    refused(at, &[&sums[..], &["folder/small", "folder"]].concat(), 2, "would be replaced");
    refused(at, &[&sums[..], &["y.iso", "folder"]].concat(), 2, "would be one file");
    assert_eq!(fs::read(at.join("folder/small")).unwrap(), b"hi");
    // An image gives way to no list, and a list to no image.
    done(at, &["build", "-o", "folder/mine.iso", "x.iso"]);
    let mine = fs::read(at.join("folder/mine.iso")).unwrap();
    let lists = ["build", "-o", "folder/mine.iso", "--sha256-file", "folder/mine.iso", "folder"];
    refused(at, &lists, 2, "would be one file");
    let list = ["build", "-o", "y.iso", "--sha256-file", "folder/mine.iso", "folder"];
    refused(at, &list, 2, "would be replaced");
    fs::write(at.join("folder/old.sums"), format!("{}  small\n", "ab".repeat(32))).unwrap();
    refused(at, &["build", "-o", "folder/old.sums", "folder"], 2, "would be replaced");
    assert_eq!(fs::read(at.join("folder/mine.iso")).unwrap(), mine);
    fs::remove_file(at.join("folder/mine.iso")).unwrap();
    fs::remove_file(at.join("folder/old.sums")).unwrap();
    // What an earlier run left there is not on the disc, and gives way.
    for _ in 0..2 {
        done(at, &["build", "-o", "folder/z.iso", "--sha256-file", "folder/sums", "folder"]);
    }
    let list = fs::read_to_string(at.join("folder/sums")).unwrap();
    assert_eq!(list.lines().map(|line| &line[66..]).collect::<Vec<_>>(), ["larger", "small"]);
}

/// What is read goes nowhere, whichever option names it and whichever output it is.
#[test]
fn what_an_option_reads_is_not_written_over() {
    let bench = bench();
    let at = bench.path();
    done(at, &["build", "-o", "up.iso", "folder"]);
    let boot = ["build", "-o", "live.iso", "--boot", "bios=small", "--hybrid", "mbr", "folder"];
    done(at, &boot);
    for (name, bytes) in [("efi.img", [1; 2048].as_slice()), ("code", &[1; 440]), ("list", b"a 1")]
    {
        fs::write(at.join(name), bytes).unwrap();
    }
    done(at, &["virtual", "create", "--media", "dvd+rw", "w.vdisc"]);
    let rows: [(&str, &[&str]); 5] = [
        ("list", &["--sort", "list"]),
        ("efi.img", &["--boot", "uefi=efi.img"]),
        ("code", &["--boot", "bios=small", "--hybrid", "mbr", "--mbr-code", "code"]),
        ("code", &["--system-area", "code"]),
        ("live.iso", &["--replay-boot", "live.iso"]),
    ];
    let before = |name: &str| fs::read(at.join(name)).unwrap();
    for (name, options) in rows {
        let was = before(name);
        let other = format!("./{name}");
        for outputs in [["-o", &other].as_slice(), &["-o", "x.iso", "--sha256-file", &other]] {
            let line = [&["build"], outputs, options, &["folder"]].concat();
            refused(at, &line, 2, "would replace what --");
        }
        assert_eq!(before(name), was, "{options:?}");
    }
    let (was, disc) = (before("up.iso"), before("w.vdisc"));
    let append = ["build", "--append", "up.iso", "new=folder", "-o"];
    let sums = [append.as_slice(), &["x.iso", "--sha256-file", "up.iso"]].concat();
    refused(at, &sums, 2, "the list of sums would replace what --append reads");
    let burn = ["burn", "virtual:w.vdisc", "--sha256-file", "w.vdisc", "folder"];
    refused(at, &burn, 2, "the list of sums would replace the disc");
    assert!(before("up.iso") == was && before("w.vdisc") == disc);
    assert!(!at.join("x.iso").exists());
    done(at, &[append.as_slice(), &["up.iso"]].concat());
    // What is in the image is not what is named beside it.
    fs::write(at.join("small"), "other").unwrap();
    done(at, &["build", "--boot", "uefi=small", "-o", "small", "folder"]);
}

/// Nothing is written when the list has no place, and what was there stays when there is no image.
#[test]
fn a_list_of_sums_is_begun_before_the_image() {
    let bench = bench();
    let at = bench.path();
    let build = |list: &'static str| ["build", "-o", "x.iso", "--sha256-file", list, "folder"];
    refused(at, &build("no/such"), 1, "cannot write no/such: No such file");
    refused(at, &["build", "-o", "no/such.iso", "folder"], 1, "cannot write no/such.iso: No such");
    assert_eq!(names(at), ["folder"]);
    fs::write(at.join("list"), "before").unwrap();
    let failing = [&build("list")[..], &["--max-size", "10"]].concat();
    refused(at, &failing, MEDIUM, "allowed");
    let failing = ["build", "-o", "no/x.iso", "--sha256-file", "list", "folder"];
    refused(at, &failing, 1, "no/x.iso");
    assert_eq!(fs::read_to_string(at.join("list")).unwrap(), "before");
    done(at, &build("list"));
    let list = fs::read_to_string(at.join("list")).unwrap();
    let mut build = image::discwright().unwrap();
    build.current_dir(at).args([
        "build",
        "-o",
        "y.iso",
        "--sha256-file",
        "-",
        "--checksums=sha256",
    ]);
    let told = run::output(build.arg("folder"), LIMIT).unwrap();
    assert_eq!(told.text(), list);
    assert!(told.stderr.contains("  y.iso\n"), "{}", told.stderr);
    for more in ["--json", "--size", "--names"] {
        let line = ["build", "-o", "x.iso", "--sha256-file", "-", more, "folder"];
        refused(at, &line, 2, "standard output is taken by the list");
    }
    let both = ["build", "-o", "-", "--sha256-file", "-", "folder"];
    refused(at, &both, 2, "standard output is taken by the image");
    done(at, &["virtual", "create", "--media", "dvd+rw", "w.vdisc"]);
    let burn = ["burn", "virtual:w.vdisc", "--sha256-file", "-", "folder"];
    refused(at, &burn, 2, "standard output is for what is told");
    assert!(!at.join("-").exists());
}

/// What would do nothing is refused, with what it needs.
#[test]
fn options_of_what_is_not_written_are_refused() {
    let bench = bench();
    let at = bench.path();
    let rows: [(&[&str], &str); 22] = [
        (&["--fs", "iso", "--udf", "2.01"], "--udf needs UDF, which --fs leaves out"),
        (&["--fs", "iso", "--udf-partition", "vat"], "--udf-partition needs UDF"),
        (&["--fs", "iso", "--hide-udf", "small"], "--hide-udf needs UDF"),
        (&["--fs", "iso", "--udf-embed"], "--udf-embed needs UDF alone"),
        (&["--udf-embed"], "--udf-embed needs UDF alone"),
        (&["--udf-packet", "16"], "--udf-packet needs a sparable partition"),
        (&["--fs", "iso", "--joliet-long"], "--joliet-long needs Joliet"),
        (&["--fs", "iso,rockridge", "--hide-joliet", "small"], "--hide-joliet needs Joliet"),
        (&["--fs", "iso,joliet", "--long-times"], "--long-times needs Rock Ridge"),
        (&["--fs", "iso,joliet", "--rock-ridge", "1.10"], "--rock-ridge needs Rock Ridge"),
        (&["--fs", "iso,joliet", "--xattr"], "--xattr needs Rock Ridge or UDF"),
        (&["--fs", "iso", "--times", "all"], "--times needs Rock Ridge or UDF"),
        (&["--attributes", "portable", "--xattr"], "--xattr needs all attributes"),
        (&["--attributes", "portable", "--times", "all"], "--times needs all attributes"),
        (&["--fs", "udf", "--iso-level", "1"], "--iso-level needs ISO 9660"),
        (&["--fs", "udf", "--iso-names", "omit-period"], "--iso-names needs ISO 9660"),
        (&["--fs", "udf", "--publisher", "Me"], "--publisher needs ISO 9660"),
        (&["--fs", "udf", "--hide-iso", "small"], "--hide-iso needs ISO 9660"),
        (&["--iso-enhanced", "shared"], "--iso-enhanced needs level 4"),
        (&["--fs", "iso", "--video", "bd"], "--video needs UDF"),
        (&["--update"], "--update needs something to be added to"),
        (&["--video", "bd", "--udf", "2.60"], "reads UDF 2.50, and not 2.60"),
    ];
    for (options, words) in rows {
        refused(at, &[&["build", "--size"], options, &["folder"]].concat(), 2, words);
    }
    // What says what is said anyway does no harm, and what one medium has not another may have.
    for options in [
        ["--fs", "udf", "--rock-ridge", "1.12"],
        ["--fs", "iso", "--times", "modified"],
        ["--fs", "iso,joliet", "--udf-packet", "32"],
        ["--media", "cd", "--hide-udf", "small"],
    ] {
        done(at, &[&["build", "--size"], options.as_slice(), &["folder"]].concat());
    }
    done(at, &["build", "--fs", "iso", "-o", "i.iso", "folder"]);
    let append = ["build", "-o", "j.iso", "--append", "i.iso", "new=folder"];
    let udf = [append.as_slice(), &["--udf", "2.01"]].concat();
    refused(at, &udf, 2, "--udf needs UDF, which is not in what is added to");
    done(at, &["virtual", "create", "--media", "dvd+rw", "d.vdisc"]);
    done(at, &["burn", "virtual:d.vdisc", "--append", "--update", "folder"]);
    let (status, said) =
        discwright(at, &["burn", "virtual:d.vdisc", "--reflink", "never", "folder"]);
    assert!(status == 2 && said.contains("unexpected argument '--reflink'"), "{said}");
}

/// Whoever says how UDF is made wants it, also on a CD.
#[test]
fn options_of_udf_add_it_to_what_a_medium_has() {
    let bench = bench();
    let at = bench.path();
    let systems = |options: &[&str]| {
        let mut build = image::discwright().unwrap();
        build.current_dir(at).args(["build", "--size", "--json"]).args(options).arg("folder");
        let told = run::output(&mut build, LIMIT).unwrap();
        let told: serde_json::Value = serde_json::from_str(&told.text()).unwrap();
        told["fileSystems"].clone()
    };
    assert_eq!(systems(&["--media", "cd"])["udf"], false);
    for options in [
        ["--udf", "2.01"].as_slice(),
        &["--udf", "1.50", "--udf-partition", "vat"],
        &["--udf", "2.50", "--udf-metadata", "separate"],
    ] {
        let found = systems(&[&["--media", "cd"], options].concat());
        assert!(found["udf"] == true && found["joliet"] == true, "{options:?}: {found}");
    }
    assert_eq!(systems(&["--media", "dvd", "--udf", "2.01"])["rockRidge"], true);
    done(at, &["virtual", "create", "--media", "cd-r", "c.vdisc"]);
    done(at, &["burn", "virtual:c.vdisc", "--udf", "2.01", "folder"]);
    done(at, &["read", "virtual:c.vdisc", "-o", "c.iso"]);
    let bytes = fs::read(at.join("c.iso")).unwrap();
    assert!(bytes.chunks(2048).take(32).any(|block| block[1..].starts_with(b"NSR03")));
}

/// Patterns for nothing, and a file that is named and excluded.
#[test]
fn patterns_without_a_match_are_told() {
    let bench = bench();
    let at = bench.path();
    fs::write(at.join("weights"), "small 5\nno/such 3\n").unwrap();
    let (status, said) = discwright(
        at,
        &[
            &["build", "--size", "--exclude", "sma*", "--exclude", "x*", "--hidden", "y"],
            ["--hide-iso", "larger", "--hide-udf", "z", "--sort", "weights"].as_slice(),
            &["folder", "folder/small"],
        ]
        .concat(),
    );
    assert_eq!(status, 0, "{said}");
    let mut lines: Vec<&str> = said.lines().collect();
    lines.sort_unstable();
    let wanted = [
        "note: --exclude \"x*\" matches nothing",
        "note: --hidden \"y\" matches nothing",
        "note: --hide-udf \"z\" matches nothing",
        "note: --sort \"no/such\" matches nothing",
        "note: --sort \"small\" matches nothing",
        "note: left out folder/small: a pattern excludes it",
    ];
    assert_eq!(lines, wanted);
}

/// Remedies name options, and limits are those that were given.
#[test]
fn what_is_said_is_in_words_of_the_command_line() {
    let bench = bench();
    let at = bench.path();
    let build = |options: &[&'static str]| {
        let line = [&["build", "--size"], options, &["folder"]].concat();
        discwright(at, &line)
    };
    let rows: [(&[&str], &[&str]); 8] = [
        (&["--max-size", "10"], &["more than the 10 allowed", "more with --max-size"]),
        (&["--fs", "joliet"], &["add iso to --fs"]),
        (&["--fs", "iso", "--deep", "relocate"], &["add rockridge to --fs"]),
        (&["--fs", "iso", "--checksums=md5"], &["out of --checksums"]),
        (&["--strict", "1/2/3/4/5/6/7/8/9=folder/small"], &["--deep relocate", "--fs udf"]),
        (&["--strict", "--iso-names", "allow-lowercase"], &["leave --iso-names out"]),
        (&["--video", "dvd"], &["leave --video out"]),
        (&["--boot", "uefi=nosuch.img"], &["nosuch.img", "file in the image, or of one on this"]),
    ];
    for (options, words) in rows {
        let (status, said) = build(options);
        assert_ne!(status, 0, "{options:?}");
        assert!(words.iter().all(|word| said.contains(word)), "{options:?}: {said}");
        assert_eq!(said.matches("hint: ").count(), 1, "{said}");
    }
    let mut build = image::discwright().unwrap();
    build.current_dir(at).args(["build", "--size", "folder"]).env("SOURCE_DATE_EPOCH", "");
    let told = run::output(&mut build, LIMIT).unwrap();
    assert_eq!(told.status.code(), Some(0), "{}", told.stderr);
}

/// What changes nothing of the image stands beside a project.
#[test]
fn a_project_takes_options_that_leave_its_image_as_it_is() {
    let bench = bench();
    let at = bench.path();
    let project = r#"{ "format": "discwright-project", "version": 1, "kind": "data", "name": "P", "volumeId": "P",
        "created": 1700000000000, "medium": "dvd",
        "fileSystems": { "iso9660": true, "joliet": true, "rockRidge": true, "udf": true },
        "options": { "isoLevel": 3 }, "entries": [
        { "path": "it", "kind": "file", "source": "folder/larger", "size": 3000000, "modified": 0 } ] }"#;
    fs::write(at.join("p.discwright"), project).unwrap();
    done(at, &["build", "-o", "p.iso", "p.discwright"]);
    let more =
        ["--warnings", "--max-size", "9000000", "--sha256-file", "sums", "--reflink", "never"];
    done(at, &[&["build", "-o", "q.iso"], more.as_slice(), &["p.discwright"]].concat());
    assert!(fs::read(at.join("p.iso")).unwrap() == fs::read(at.join("q.iso")).unwrap());
    assert!(fs::read_to_string(at.join("sums")).unwrap().ends_with("  it\n"));
    let build =
        |more: &[&'static str]| [&["build", "-o", "r.iso"], more, &["p.discwright"]].concat();
    let (status, said) = discwright(at, &build(&["--max-size", "10"]));
    assert!(status == MEDIUM && said.contains("more than the 10 allowed"), "{said}");
    refused(at, &build(&["--iso-level", "1", "--xa"]), 2, "without --iso-level, --xa");
    refused(at, &build(&["--append", "p.iso"]), 2, "without --append");
    refused(at, &build(&["--sha256-file", "p.discwright"]), 2, "would replace the project");
    refused(at, &build(&["--sha256-file", "folder/larger"]), INPUT, "would be replaced");
    assert!(!at.join("r.iso").exists());
}

/// As the page takes it: the folder itself, and names in any case.
#[test]
fn films_are_taken_as_programs_leave_them() {
    let bench = bench();
    let at = bench.path();
    let films = at.join("films/video_ts");
    fs::create_dir_all(&films).unwrap();
    for name in ["video_ts.ifo", "VIDEO_TS.BUP"] {
        fs::write(films.join(name), vec![0; 2048]).unwrap();
    }
    for (paths, target) in [("films", "a.iso"), ("films/video_ts", "b.iso")] {
        let line =
            ["build", "--video", "dvd", "--volume", "F", "--epoch", "0", "-o", target, paths];
        let (status, said) = discwright(at, &line);
        assert!(
            status == 0 && said.contains("note: ") && said.contains("case that players"),
            "{said}"
        );
    }
    let image = fs::read(at.join("a.iso")).unwrap();
    let holds = |name: &[u8]| image.windows(name.len()).any(|found| found == name);
    assert!(holds(b"VIDEO_TS.IFO;1") && !holds(b"video_ts.ifo"));
    refused(at, &["build", "--size", "--video", "dvd", "folder"], INPUT, "VIDEO_TS/VIDEO_TS.IFO");
}

/// A catalog is a file of an image that starts machines as another does, too.
#[test]
fn a_boot_catalog_is_shown_where_a_set_up_is_replayed() {
    let bench = bench();
    let at = bench.path();
    done(at, &["build", "-o", "live.iso", "--boot", "bios=small", "folder"]);
    let replay = ["build", "-o", "new.iso", "--replay-boot", "live.iso", "--boot-catalog"];
    done(at, &[&replay[..], &["boot.cat", "folder"]].concat());
    let image = fs::read(at.join("new.iso")).unwrap();
    assert!(image.windows(10).any(|found| found == b"BOOT.CAT;1"));
    for more in [["--boot-id", "Me"].as_slice(), &["--boot-info-table"], &["--efi-appended"]] {
        let (status, said) =
            discwright(at, &[&replay[..], &["boot.cat"], more, &["folder"]].concat());
        assert!(status == 2 && said.contains("cannot be used with"), "{said}");
    }
    let (status, _) = discwright(at, &["build", "--size", "--boot-catalog", "boot.cat", "folder"]);
    assert_eq!(status, 2);
}

/// An image that is added to counts with what it had.
#[test]
fn sizes_are_those_of_the_whole_image() {
    let bench = bench();
    let at = bench.path();
    done(at, &["build", "-o", "a.iso", "folder"]);
    done(at, &["build", "-o", "b.iso", "--append", "a.iso", "new=folder"]);
    let length = fs::metadata(at.join("b.iso")).unwrap().len();
    let mut size = image::discwright().unwrap();
    size.current_dir(at).args(["build", "--size", "--append", "a.iso", "new=folder"]);
    let told = run::output(&mut size, LIMIT).unwrap().stdout;
    assert_eq!(String::from_utf8(told).unwrap().trim(), length.to_string());
    let most = (length - 1).to_string();
    let append = ["build", "-o", "b.iso", "--append", "a.iso", "new=folder", "--max-size"];
    refused(at, &[&append[..], &[&most]].concat(), MEDIUM, "bytes");
    done(at, &[&append[..], &[&length.to_string()]].concat());
    // Names of ISO 9660 alone are not those of the files.
    done(at, &["build", "-o", "i.iso", "--fs", "iso", "folder"]);
    refused(
        at,
        &["build", "-o", "j.iso", "--append", "i.iso", "--update", "folder"],
        2,
        "--update",
    );
}

#[cfg(unix)]
#[test]
fn a_load_size_beyond_the_boot_image_is_told() {
    let bench = bench();
    let at = bench.path();
    let boot = ["build", "--size", "--boot", "bios=small", "--boot-load-size"];
    let build = |sectors| discwright(at, &[boot.as_slice(), &[sectors, "folder"]].concat());
    assert_eq!(build("4"), (0, String::new()));
    let (status, said) = build("65535");
    let words = "--boot-load-size 65535 loads 33553920 bytes, and small has 2";
    assert!(status == 0 && said.contains(words), "{said}");
}

/// What an image that is added to has to be.
#[test]
fn what_no_session_follows_is_told() {
    let bench = bench();
    let at = bench.path();
    let append = |image| ["build", "--append", image, "-o", "b.iso", "folder/small"];
    refused(at, &append("folder/larger"), INPUT, "no file system that could be continued");
    let (_, said) = discwright(at, &append("folder/larger"));
    assert!(said.contains("--append takes the image that is added to"), "{said}");
    done(at, &["build", "-o", "a.iso", "folder"]);
    fs::File::options().write(true).open(at.join("a.iso")).unwrap().set_len(2_000_000).unwrap();
    refused(at, &append("a.iso"), INPUT, "cut short: \"larger\" goes on behind its 977 blocks");
    assert_eq!(names(at), ["a.iso", "folder"]);
}

/// What is not made anew for what is added: partition tables, and sums.
#[test]
fn what_a_further_session_leaves_as_it_was_is_told() {
    let bench = bench();
    let at = bench.path();
    fs::File::create(at.join("efi.img")).unwrap().set_len(1 << 20).unwrap();
    let boot = ["--boot", "uefi=efi.img", "--hybrid"];
    let boots = |table| [boot.as_slice(), &[table]].concat();
    let rows = [
        (vec![], None),
        (boots("mbr"), Some("a.iso has a partition table (MBR), which stays as it is")),
        (boots("gpt"), Some("a.iso has a partition table (GPT), which stays as it is")),
        (boots("both"), Some("its backup is no longer at the end")),
        (vec!["--checksums=md5"], Some("xorriso -check_md5 finds none")),
        (vec!["--checksums=isomd5"], Some("checkisomd5 finds none")),
        (vec!["--checksums=sha256"], None),
    ];
    for (arguments, told) in rows {
        done(at, &[&["build", "-o", "a.iso", "folder"], arguments.as_slice()].concat());
        let append = ["build", "--append", "a.iso", "-o", "b.iso", "more=folder"];
        let (status, said) = discwright(at, &append);
        assert_eq!(status, 0, "{said}");
        match told {
            Some(told) => assert!(said.starts_with("note: ") && said.contains(told), "{said}"),
            None => assert_eq!(said, "", "{arguments:?}"),
        }
    }
}

#[test]
fn pipes_and_devices() {
    let bench = bench();
    let at = bench.path();
    done(at, &["build", "-o", "x.iso", "folder"]);
    done(at, &["virtual", "create", "--media", "dvd+r", "d.vdisc"]);
    let fifo = at.join("pipe");
    let made = run::output(run::command("mkfifo").arg(&fifo), LIMIT).unwrap();
    assert!(made.status.success());
    refused(at, &["build", "-o", "y.iso", "pipe"], INPUT, "device, socket or pipe");
    // As a shell names what another program says.
    let writer = {
        let (from, to) = (at.join("x.iso"), fifo);
        std::thread::spawn(move || fs::write(to, fs::read(from).unwrap()).unwrap())
    };
    done(at, &["burn", "virtual:d.vdisc", "pipe"]);
    writer.join().unwrap();
    done(at, &["verify", "virtual:d.vdisc", "x.iso"]);
    // It has no end.
    refused(
        at,
        &[
            "build",
            "-o",
            "y.iso",
            "--mbr-code",
            "/dev/zero",
            "--hybrid",
            "mbr",
            "--boot",
            "bios=folder/larger",
            "folder",
        ],
        INPUT,
        "/dev/zero",
    );
    // A name that means standard output is a name like others in a folder.
    fs::write(at.join("folder/-"), "dash").unwrap();
    let mut dash = image::discwright().unwrap();
    dash.current_dir(at.join("folder")).args(["build", "--fs", "iso", "-o", "-", "."]);
    let dash = run::output(&mut dash, LIMIT).unwrap();
    assert_eq!((dash.status.code(), dash.stderr.as_str()), (Some(0), ""));
}

/// The permissions of what is replaced stay, and what may not be written is not.
#[cfg(unix)]
#[test]
fn an_image_takes_the_place_of_another_as_it_was() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let bench = bench();
    let at = bench.path();
    let (image, link) = (at.join("x.iso"), at.join("link"));
    let mode = |mode| fs::set_permissions(&image, fs::Permissions::from_mode(mode)).unwrap();
    let found = || fs::metadata(&image).unwrap().permissions().mode() & 0o777;
    symlink("x.iso", &link).unwrap();
    done(at, &["build", "-o", "link", "folder"]);
    assert!(link.is_symlink() && image.is_file(), "a link to what is not there yet is followed");
    mode(0o600);
    done(at, &["build", "-o", "x.iso", "folder"]);
    assert_eq!(found(), 0o600);
    mode(0o444);
    let (status, said) = discwright(at, &["build", "-o", "x.iso", "folder"]);
    assert!(status == 1 && said.contains("cannot write x.iso"), "{status}: {said}");
}

#[test]
fn a_source_date_is_the_latest_time_of_a_file() {
    let bench = bench();
    let at = bench.path();
    let build = |output: &str| {
        let mut command = image::discwright().unwrap();
        command.current_dir(at).env("SOURCE_DATE_EPOCH", "1000000000");
        command.args(["build", "--times", "all", "-o", output, "folder"]);
        assert_eq!(run::output(&mut command, LIMIT).unwrap().status.code(), Some(0));
        fs::read(at.join(output)).unwrap()
    };
    let first = build("a.iso");
    fs::write(at.join("folder/small"), "hi").unwrap();
    assert!(build("b.iso") == first);
}

#[cfg(unix)]
#[test]
fn names_that_no_file_system_can_hold() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let bench = bench();
    fs::write(bench.path().join("folder").join(OsStr::from_bytes(b"caf\xe9")), "x").unwrap();
    refused(bench.path(), &["build", "-o", "x.iso", "folder"], INPUT, r"caf\xe9");
    for choice in ["skip", "spell"] {
        let arguments = ["build", "--size", "--odd-names", choice, "folder"];
        let (status, said) = discwright(bench.path(), &arguments);
        assert!(status == 0 && said.contains("caf"), "{said}");
    }
    assert_eq!(names(bench.path()), ["folder"]);
}

/// Root may read everything: so the program runs as nobody, from a folder that nobody may enter and write to.
#[cfg(target_os = "linux")]
#[test]
fn files_that_may_not_be_read() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let bench = bench();
    let at = bench.path();
    let permit =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    permit(at, 0o777);
    permit(&at.join("folder/larger"), 0o000);
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let program = image::discwright().unwrap();
    let mut command = if is_root {
        fs::copy(program.get_program(), at.join("program")).unwrap();
        permit(&at.join("program"), 0o755);
        let mut command = run::command("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "./program"]);
        command
    } else {
        program
    };
    command.current_dir(at).args(["build", "-o", "x.iso", "folder"]);
    let done = run::output(&mut command, LIMIT).unwrap();
    assert_eq!(done.status.code(), Some(INPUT), "{}", done.stderr);
    assert!(done.stderr.contains("folder/larger"), "{}", done.stderr);
    assert!(done.stderr.contains("hint: "), "{}", done.stderr);
    assert!(!names(at).iter().any(|name| name.contains("iso")), "{:?}", names(at));
}

/// A disk that has room for the file to be made but not for its bytes, without being root: a limit on file sizes.
#[cfg(target_os = "linux")]
#[test]
fn a_target_without_room() {
    let bench = bench();
    let program = image::discwright().unwrap();
    let mut command = run::command("sh");
    command.current_dir(bench.path());
    // The signal of the limit is ignored, so that writing fails as on a full disk.
    command.args(["-c", "trap '' XFSZ; ulimit -f 1024; exec \"$0\" build -o x.iso folder"]);
    command.arg(program.get_program());
    let done = run::output(&mut command, LIMIT).unwrap();
    assert_ne!(done.status.code(), Some(0), "{}", done.stderr);
    assert!(done.stderr.contains("x.iso"), "{}", done.stderr);
    assert_eq!(names(bench.path()), ["folder"]);
}

/// A disk that takes the beginning of an image is no fault of the disc, and what it took is not lost.
#[cfg(target_os = "linux")]
#[test]
fn reading_goes_on_when_there_is_room() {
    let bench = bench();
    let at = bench.path();
    done(at, &["virtual", "create", "--media", "dvd+r", "a.vdisc"]);
    done(at, &["burn", "virtual:a.vdisc", "folder"]);
    let program = image::discwright().unwrap();
    let mut command = run::command("sh");
    let read = "exec \"$0\" read virtual:a.vdisc -o x.iso --force";
    command.current_dir(at).args(["-c", &format!("trap '' XFSZ; ulimit -f 1024; {read}")]);
    let done_in_part = run::output(command.arg(program.get_program()), LIMIT).unwrap();
    let said = done_in_part.stderr;
    assert_eq!(done_in_part.status.code(), Some(1), "{said}");
    assert!(said.contains("the same command without --force goes on with it"), "{said}");
    assert_eq!(names(at), ["a.vdisc", "folder", "x.iso.map", "x.iso.part"]);
    done(at, &["read", "virtual:a.vdisc", "-o", "x.iso"]);
    done(at, &["verify", "virtual:a.vdisc", "x.iso"]);
    assert_eq!(names(at), ["a.vdisc", "folder", "x.iso"]);
}

#[test]
fn discs_that_are_too_small_closed_in_use_or_none() {
    let bench = bench();
    let at = bench.path();
    let small = ["virtual", "create", "--media", "dvd+r", "--capacity", "992", "small.vdisc"];
    done(at, &small);
    refused(at, &["burn", "virtual:small.vdisc", "folder"], MEDIUM, "has room for 992");
    done(at, &["virtual", "create", "--media", "dvd+r", "once.vdisc"]);
    done(at, &["burn", "virtual:once.vdisc", "folder"]);
    refused(at, &["burn", "virtual:once.vdisc", "folder"], MEDIUM, "the disc is closed");
    fs::write(at.join("foreign.vdisc"), "garbage").unwrap();
    for command in [&["info"][..], &["erase"], &["read", "-o", "x.iso"]] {
        let command = [command, &["virtual:foreign.vdisc"]].concat();
        refused(at, &command, INPUT, "not a virtual disc");
    }
    let (status, said) = discwright(at, &["verify", "virtual:foreign.vdisc", "foreign.vdisc"]);
    assert!(status == INPUT && said.contains("not a virtual disc"), "{status}: {said}");
    refused(at, &["info", "virtual:none.vdisc"], DRIVE, "none.vdisc");
    let held = fs::File::open(at.join("small.vdisc")).unwrap();
    held.lock().unwrap();
    refused(at, &["burn", "virtual:small.vdisc", "folder"], DRIVE, "in use");
}

#[test]
fn a_disc_comes_back_as_it_was_burned() {
    let bench = bench();
    let at = bench.path();
    done(at, &["build", "--epoch", "1000000000", "-o", "a.iso", "folder"]);
    for (media, disc) in [("bd-re", "re.vdisc"), ("dvd+r", "r.vdisc")] {
        let drive = format!("virtual:{disc}");
        done(at, &["virtual", "create", "--media", media, disc]);
        done(at, &["burn", &drive, "a.iso", "--verify", "full"]);
        done(at, &["read", &drive, "-o", "back.iso", "--force"]);
        assert!(fs::read(at.join("a.iso")).unwrap() == fs::read(at.join("back.iso")).unwrap());
        done(at, &["verify", &drive, "a.iso"]);
    }
    done(at, &["build", "--epoch", "1000000001", "-o", "b.iso", "folder"]);
    let (status, said) = discwright(at, &["verify", "virtual:re.vdisc", "b.iso"]);
    assert_eq!(status, 6, "{said}");
}

#[test]
fn files_are_laid_out_for_the_disc_in_the_drive() {
    let bench = bench();
    let at = bench.path();
    let made = ["--epoch", "1000000000", "folder"];
    for (disc, medium) in [("cd-r", "cd"), ("dvd-r", "dvd"), ("bd-r", "bd")] {
        let (file, drive) = (format!("{disc}.vdisc"), format!("virtual:{disc}.vdisc"));
        done(at, &["virtual", "create", "--media", disc, &file]);
        done(at, &[&["burn", &drive], made.as_slice()].concat());
        done(at, &["read", &drive, "-o", "back.iso", "--force"]);
        let build = ["build", "--media", medium, "-o", "built.iso"];
        done(at, &[&build, made.as_slice()].concat());
        let (back, built) = (fs::read(at.join("back.iso")), fs::read(at.join("built.iso")));
        assert!(back.unwrap() == built.unwrap(), "{disc}");
    }
    // What is said wins over the disc.
    done(at, &["virtual", "create", "--media", "bd-re", "re.vdisc"]);
    let burn = ["burn", "virtual:re.vdisc", "--media", "dvd"];
    done(at, &[&burn, made.as_slice()].concat());
    done(at, &["read", "virtual:re.vdisc", "-o", "back.iso", "--force"]);
    let build = ["build", "--media", "dvd", "-o", "built.iso"];
    done(at, &[&build, made.as_slice()].concat());
    assert!(fs::read(at.join("back.iso")).unwrap() == fs::read(at.join("built.iso")).unwrap());
}

#[test]
fn what_a_disc_holds_is_replaced_when_told_to() {
    let bench = bench();
    let at = bench.path();
    for disc in ["a.vdisc", "b.vdisc"] {
        done(at, &["virtual", "create", "--media", "dvd-ram", "--capacity", "64000", disc]);
    }
    let burn = ["burn", "virtual:a.vdisc", "folder", "--volume", "KEPT"];
    done(at, &burn);
    let first = fs::read(at.join("a.vdisc")).unwrap();
    refused(at, &burn, MEDIUM, "holds the volume \"KEPT\", which would be replaced");
    refused(at, &burn, MEDIUM, "hint: --overwrite replaces it");
    refused(at, &["copy", "virtual:b.vdisc", "virtual:a.vdisc"], MEDIUM, "which would be replaced");
    assert!(fs::read(at.join("a.vdisc")).unwrap() == first, "nothing was written");
    done(at, &["burn", "virtual:a.vdisc", "--append", "more=folder"]);
    done(at, &[&burn[..], &["--overwrite"]].concat());
    done(at, &["copy", "virtual:a.vdisc", "virtual:b.vdisc"]);
    done(at, &["copy", "virtual:a.vdisc", "virtual:b.vdisc", "--overwrite"]);
    done(at, &["verify", "virtual:b.vdisc", "virtual:a.vdisc"]);

    // No file system, but no empty disc either.
    done(at, &["virtual", "create", "--media", "bd-re", "c.vdisc"]);
    fs::write(at.join("noise.img"), vec![0x5a; 65536]).unwrap();
    done(at, &["burn", "virtual:c.vdisc", "--as-is", "noise.img"]);
    refused(at, &["burn", "virtual:c.vdisc", "folder"], MEDIUM, "no file system known here");
}

#[test]
fn discs_are_copied_and_damage_is_named() {
    let bench = bench();
    let at = bench.path();
    for disc in ["a.vdisc", "b.vdisc"] {
        done(at, &["virtual", "create", "--media", "dvd+r", disc]);
    }
    let small = ["virtual", "create", "--media", "dvd+r", "--capacity", "992", "small.vdisc"];
    done(at, &small);
    done(at, &["burn", "virtual:a.vdisc", "folder"]);
    refused(at, &["copy", "virtual:a.vdisc", "virtual:small.vdisc"], MEDIUM, "has room for 992");
    refused(at, &["copy", "virtual:a.vdisc", "virtual:a.vdisc"], 2, "no terminal");
    refused(at, &["copy", "virtual:b.vdisc", "virtual:a.vdisc"], MEDIUM, "blank");
    done(at, &["burn", "virtual:b.vdisc", "virtual:a.vdisc"]);
    done(at, &["verify", "virtual:b.vdisc", "virtual:a.vdisc"]);
    done(at, &["read", "virtual:b.vdisc", "-o", "back.iso"]);
    refused(at, &["read", "virtual:b.vdisc", "-o", "x", "--session", "2"], MEDIUM, "no session 2");

    // The last block that the larger file fills.
    let mut image = fs::read(at.join("back.iso")).unwrap();
    let is_full = |block: &[u8]| block.iter().all(|byte| *byte == 7);
    let block = image.chunks(2048).rposition(is_full).unwrap();
    image[block * 2048 + 9] = 8;
    fs::write(at.join("back.iso"), image).unwrap();
    let (status, said) = discwright(at, &["verify", "virtual:b.vdisc", "back.iso"]);
    let line = format!("block {block} differs\ndamaged: larger (1 block)\n");
    assert!(status == 6 && said.starts_with(&line), "{said}");
}

#[test]
fn a_comparison_begins_on_the_disc() {
    let bench = bench();
    let at = bench.path();
    done(at, &["virtual", "create", "--media", "dvd+r", "a.vdisc"]);
    done(at, &["build", "-o", "a.iso", "folder"]);
    done(at, &["burn", "virtual:a.vdisc", "a.iso"]);
    let verify = ["verify", "virtual:a.vdisc", "a.iso", "--start"];
    for start in ["4294967295", "1000000"] {
        refused(at, &[&verify[..], &[start]].concat(), 2, "is not on the disc");
    }
    let (status, said) = discwright(at, &[&verify[..], &["16"]].concat());
    assert_eq!(status, 6, "{said}");
}

/// Files that stand where a drive is named, and a drive that is not there.
#[test]
fn files_are_told_from_drives() {
    let bench = bench();
    let at = bench.path();
    done(at, &["virtual", "create", "--media", "dvd+r", "demo.vdisc"]);
    done(at, &["build", "-o", "a.iso", "folder"]);
    for disc in ["demo.vdisc", "./demo.vdisc"] {
        let hint = format!("`virtual:{disc}`");
        refused(at, &["info", disc], DRIVE, &hint);
        refused(at, &["burn", disc, "folder"], DRIVE, &hint);
    }
    refused(at, &["burn", "a.iso", "virtual:demo.vdisc"], DRIVE, "name the drive first");
    refused(at, &["info", "nowhere.vdisc"], DRIVE, "`discwright drives` lists");
}

#[test]
fn discs_are_erased_formatted_and_closed_where_that_makes_sense() {
    let bench = bench();
    let at = bench.path();
    for (media, file) in [("dvd-rw", "rw.vdisc"), ("dvd+r", "r.vdisc"), ("bd-re", "re.vdisc")] {
        done(at, &["virtual", "create", "--media", media, "--capacity", "64000", file]);
    }
    let (rw, r, re) = ("virtual:rw.vdisc", "virtual:r.vdisc", "virtual:re.vdisc");
    done(at, &["build", "-o", "x.iso", "folder"]);
    done(at, &["burn", rw, "x.iso"]);
    refused(at, &["burn", rw, "x.iso"], MEDIUM, "erased first");
    done(at, &["erase", rw, "--full"]);
    done(at, &["burn", rw, "x.iso"]);
    done(at, &["format", rw, "--kind", "full", "--json"]);
    done(at, &["burn", rw, "x.iso", "--overwrite"]);
    done(at, &["erase", rw]);
    refused(at, &["close", rw], MEDIUM, "nothing on it");
    done(at, &["burn", r, "x.iso", "--append"]);
    done(at, &["close", r]);
    refused(at, &["close", r], MEDIUM, "closed already");
    refused(at, &["erase", r], MEDIUM, "cannot be erased");
    refused(at, &["format", r], MEDIUM, "cannot be formatted");
    done(at, &["format", re, "--spare", "none"]);
    done(at, &["format", re, "--certify", "full"]);
    refused(at, &["format", re, "--spare", "100G"], MEDIUM, "spare areas");
    let (status, said) = discwright(at, &["format", re, "--spare", "much"]);
    assert_eq!((status, said.contains("256M")), (2, true), "{said}");
    refused(at, &["erase", "virtual:none.vdisc"], DRIVE, "none.vdisc");
}

/// Ctrl-C, a service manager, a terminal that is closed: with no disc half written, the agent ends.
#[cfg(unix)]
#[test]
fn the_agent_ends_however_it_is_asked_to() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    use rustix::process::{Pid, Signal, kill_process};

    let bench = bench();
    // Bit 0 of the mask is SIGHUP, which `nohup` has ignored.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or("0");
    let ignores = u64::from_str_radix(ignored.trim(), 16).unwrap() & 1 != 0;
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        if signal == Signal::HUP && (ignores || status.is_empty()) {
            continue;
        }
        let mut command = image::discwright().unwrap();
        command.current_dir(bench.path()).args(["start", "--port", "0", "--no-open"]);
        let command = command.args(["--state-dir", "state", "--virtual-drive", "none.vdisc"]);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut agent = command.spawn().unwrap();
        let mut errors = BufReader::new(agent.stderr.take().unwrap());
        let mut warning = String::new();
        errors.read_line(&mut warning).unwrap();
        assert!(warning.starts_with("warning: `none.vdisc`"), "{warning}");
        let mut output = BufReader::new(agent.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(line.starts_with("discwright is ready"), "{line}");
        kill_process(Pid::from_child(&agent), signal).unwrap();
        assert_eq!(agent.wait().unwrap().code(), Some(0), "{signal:?}");
    }
}
