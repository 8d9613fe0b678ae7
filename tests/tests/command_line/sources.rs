//! What is named to be put on a disc, and cannot be, or becomes something else.

use std::fs;
use std::path::Path;

use tests::{image, run};

use crate::{INPUT, LIMIT, bench, discwright, done, names, refused};

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
    let (_, said) = build(&["--size", "--publisher", "M\u{fc}ller", "--fs", "iso,rockridge"]);
    assert!(said.contains("the publisher of the volume is \"M_LLER\" in ISO 9660"), "{said}");
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

/// What players would miss is told, and what none would play is refused, as on the page.
#[test]
fn what_players_miss_in_films_is_told() {
    let bench = bench();
    let at = bench.path();
    let films = at.join("dvd/VIDEO_TS");
    fs::create_dir_all(&films).unwrap();
    let mut manager = vec![0; 2 * 2048];
    manager[..12].copy_from_slice(b"DVDVIDEO-VMG");
    (manager[31], manager[63]) = (1, 1);
    // Information of one block, fifteen of films, and the backup.
    let mut set = vec![0; 2048];
    set[..12].copy_from_slice(b"DVDVIDEO-VTS");
    (set[15], set[199]) = (16, 1);
    let write = |name: &str, bytes: &[u8]| fs::write(films.join(name), bytes).unwrap();
    for name in ["VIDEO_TS.IFO", "VIDEO_TS.BUP"] {
        write(name, &manager);
    }
    for name in ["VTS_01_0.IFO", "VTS_01_0.BUP"] {
        write(name, &set);
    }
    write("VTS_01_1.VOB", &[0; 15 * 2048]);
    let build = |folder: &str, player: &str| {
        discwright(at, &["build", "--size", "--video", player, folder])
    };
    let audio = "note: there is no AUDIO_TS, which some old players look for\n";
    assert_eq!(build("dvd", "dvd"), (0, audio.to_owned()));
    fs::create_dir(at.join("dvd/AUDIO_TS")).unwrap();
    assert_eq!(build("dvd", "dvd"), (0, String::new()));
    for (name, bytes, note) in [
        ("VTS_01_1.VOB", &[0; 8 * 2048][..], "have 8 sectors, and their IFO says 15"),
        ("VIDEO_TS.BUP", &manager[..2048], "VIDEO_TS/VIDEO_TS.BUP is no copy of the IFO"),
        ("VTS_01_0.IFO", &[0; 2048], "VTS_01_0.IFO is not what its name says"),
        ("VTS_03_0.IFO", &set, "speaks of 1 title sets, and there are 2"),
        ("VTS_03_0.BUP", &set, "there is no title set 2, but a later one"),
        ("film.mp4", &set, "no player looks for VIDEO_TS/film.mp4"),
    ] {
        let before = fs::read(films.join(name)).ok();
        write(name, bytes);
        let (status, said) = build("dvd", "dvd");
        assert!(status == 0 && said.contains(note), "{name}: {said}");
        if let Some(before) = before {
            write(name, &before);
        }
    }
    fs::remove_file(films.join("VTS_03_0.BUP")).unwrap();
    let (_, said) = build("dvd", "dvd");
    assert!(said.contains("VTS_03_0.BUP is missing") && said.contains("VTS_03_1.VOB is missing"));

    let clip = |path: &str| {
        let path = at.join("bd").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    };
    clip("BDMV/index.bdmv");
    for (path, missing) in [
        ("BDMV/MovieObject.bdmv", "\"BDMV/MovieObject.bdmv\": it is missing"),
        ("BDMV/PLAYLIST/00001.mpls", "\"BDMV/PLAYLIST/00000.mpls\": it is missing"),
        ("BDMV/STREAM/00001.m2ts", "\"BDMV/STREAM/00000.m2ts\": it is missing"),
    ] {
        refused(at, &["build", "--size", "--video", "bd", "bd"], INPUT, missing);
        clip(path);
    }
    let (status, said) = build("bd", "bd");
    assert!(status == 0 && said.contains("BDMV/CLIPINF/00001.clpi is missing"), "{said}");
    clip("BDMV/CLIPINF/00001.clpi");
    clip("BDMV/BACKUP/index.bdmv");
    assert_eq!(build("bd", "bd"), (0, String::new()));
    clip("CERTIFICATE/id.bdmv");
    let apart = ["build", "--names", "--video", "bd", "bd/BDMV", "bd/CERTIFICATE", "-o", "a.iso"];
    done(at, &apart);
    let image = fs::read(at.join("a.iso")).unwrap();
    let holds = |name: &[u8]| image.windows(name.len()).any(|found| found == name);
    assert!(holds(b"CERTIFICATE"));
    // libdvdread finds the films of the first session alone.
    done(at, &["build", "--video", "dvd", "-o", "b.iso", "dvd"]);
    let append = ["build", "--video", "dvd", "--append", "b.iso", "-o", "c.iso", "dvd"];
    refused(at, &append, INPUT, "in the first session");
}
