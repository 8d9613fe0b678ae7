//! Options of images, and what they need.

use std::fs;

use tests::{image, run};

use crate::{INPUT, LIMIT, MEDIUM, bench, discwright, done, refused};

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
    let nothing: [&[&str]; 4] =
        [&["--exclude", ""], &["--hide-iso", "/"], &["--hide-udf", ""], &["--hidden", ""]];
    for options in nothing {
        refused(at, &[&["build", "--size"], options, &["folder"]].concat(), 2, "is not a pattern");
    }
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
