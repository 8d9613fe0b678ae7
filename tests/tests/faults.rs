//! Burns in virtual drives that fail by script: the exit status, what is said, and what is left of the disc.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use tests::{cache, image, run};

const LIMIT: Duration = Duration::from_secs(120);
const DRIVE: &str = "virtual:disc.vdisc";

const DONE: i32 = 0;
const INPUT: i32 = 3;
const MEDIUM: i32 = 4;
const FAILED: i32 = 5;
const DIFFERS: i32 = 6;
const INCOMPLETE: i32 = 7;

/// A folder with an image of some thousand blocks.
fn bench() -> TempDir {
    let bench = tempfile::tempdir().unwrap();
    fs::write(bench.path().join("noise"), vec![7; 5_000_000]).unwrap();
    let (status, said) = discwright(bench.path(), &["build", "-o", "image.iso", "noise"]);
    assert_eq!(status, DONE, "{said}");
    bench
}

/// Runs discwright in a folder; its exit status and what it says.
fn discwright(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = image::discwright().unwrap();
    command.current_dir(folder).args(arguments);
    let done = run::output(&mut command, LIMIT).unwrap();
    (done.status.code().unwrap(), done.text() + &done.stderr)
}

/// A new disc with faults.
fn create(folder: &Path, media: &str, script: &str) {
    fs::write(folder.join("faults"), script).unwrap();
    let create = ["virtual", "create", "--force", "--media", media, "--faults", "faults"];
    let (status, said) = discwright(folder, &[&create[..], &["disc.vdisc"]].concat());
    assert_eq!(status, DONE, "{said}");
}

/// What is told of the disc in a drive without faults.
fn status(folder: &Path) -> String {
    fs::remove_file(folder.join("disc.vdisc.faults")).unwrap();
    let (status, said) = discwright(folder, &["info", DRIVE, "--json"]);
    assert_eq!(status, DONE, "{said}");
    let drive: serde_json::Value = serde_json::from_str(&said).unwrap();
    drive["medium"]["status"].as_str().unwrap().to_owned()
}

/// What goes wrong while which disc is burned, the exit status, what has to be said, and what the disc is then.
const BURNS: [(&str, &str, i32, &[&str], &str); 13] = [
    ("dvd+r", "test-unit-ready: becoming-ready for 100ms", DONE, &[], "complete"),
    (
        "dvd+r",
        "write 5: long-write for 100ms\nwrite 9: long-write for 3 commands",
        DONE,
        &[],
        "complete",
    ),
    ("bd-r", "synchronize-cache: operation-in-progress for 50ms", DONE, &[], "complete"),
    ("dvd+r", "any: sense 6/29/00\nwrite 7: sense 1/17/01", DONE, &[], "complete"),
    (
        "dvd+r",
        "write blocks 1000: medium-error",
        MEDIUM,
        &[
            "writing block 992 failed",
            "probably spoiled",
            "could not be written",
            "3/0C/00",
            "hint: ",
        ],
        "damaged",
    ),
    (
        "dvd-r",
        "write after 1MiB: deferred loss-of-streaming",
        MEDIUM,
        &["probably spoiled", "data did not arrive in time", "hint: "],
        "damaged",
    ),
    (
        "dvd-ram",
        "write blocks 1000-1009: medium-error always",
        MEDIUM,
        &["can be written again", "3/0C/00"],
        "other",
    ),
    (
        "dvd-r",
        "send-opc-information: power-calibration",
        MEDIUM,
        &[
            "adjusting the laser failed",
            "nothing was written",
            "could not adjust its laser",
            "hint: ",
        ],
        "blank",
    ),
    (
        "cd-r",
        "write: power-calibration",
        MEDIUM,
        &["nothing was written", "could not adjust its laser"],
        "blank",
    ),
    (
        "dvd+r",
        "write 4: gone",
        FAILED,
        &["went away while writing", "probably spoiled", "hint: "],
        "appendable",
    ),
    ("dvd+r", "write 4: no-medium", MEDIUM, &["taken out or exchanged while writing"], "blank"),
    (
        "bd-r",
        "close-track/session 2: sense 4/44/00",
        FAILED,
        &["closing the session failed", "may not be closed"],
        "appendable",
    ),
    (
        "dvd-rw",
        "mode-select(10) 1: timeout",
        FAILED,
        &["setting how to write failed", "nothing was written"],
        "blank",
    ),
];

#[test]
fn burns_go_on_or_say_why_not_and_what_became_of_the_disc() {
    let bench = bench();
    let at = bench.path();
    for (media, script, wanted, words, after) in BURNS {
        let what = format!("{media}, {script}");
        create(at, media, script);
        let (found, said) = discwright(at, &["burn", DRIVE, "image.iso", "--verify", "full"]);
        assert_eq!(found, wanted, "{what}: {said}");
        for word in words {
            assert!(said.contains(word), "{what}: {word:?} is missing: {said}");
        }
        assert_eq!(status(at), after, "{what}: {said}");
        if wanted == DONE {
            let (found, said) = discwright(at, &["verify", DRIVE, "image.iso"]);
            assert_eq!(found, DONE, "{what}: {said}");
        }
    }
}

#[test]
fn a_damaged_disc_takes_no_more_and_can_be_closed() {
    let bench = bench();
    let at = bench.path();
    create(at, "dvd+r", "write blocks 1000: medium-error");
    assert_eq!(discwright(at, &["burn", DRIVE, "image.iso"]).0, MEDIUM);
    let (found, said) = discwright(at, &["burn", DRIVE, "image.iso"]);
    assert!(found == MEDIUM && said.contains("damaged"), "{found}: {said}");
    let (found, said) = discwright(at, &["burn", DRIVE, "--append", "--as-is", "noise"]);
    assert!(found == MEDIUM && said.contains("damaged"), "{found}: {said}");
    assert_eq!(discwright(at, &["close", DRIVE]).0, DONE);
    let (found, said) = discwright(at, &["burn", DRIVE, "--append", "--as-is", "noise"]);
    assert!(found == MEDIUM && said.contains("the disc is closed"), "{found}: {said}");
    assert_eq!(status(at), "complete");
}

#[test]
fn scratches_are_found_when_a_disc_is_verified_and_when_it_is_read() {
    let bench = bench();
    let at = bench.path();
    create(at, "dvd+r", "read blocks 1000-1002: medium-error always");
    let (found, said) = discwright(at, &["burn", DRIVE, "image.iso", "--verify", "full"]);
    let lines = "blocks 1000 to 1002 cannot be read\ndamaged: noise (3 blocks)\n";
    assert!(found == DIFFERS && said.contains(lines), "{found}: {said}");
    let (found, said) = discwright(at, &["read", DRIVE, "-o", "back.iso", "--retries", "1"]);
    assert!(found == INCOMPLETE && said.contains(lines), "{found}: {said}");
    let mut image = fs::read(at.join("image.iso")).unwrap();
    image[1000 * 2048..1003 * 2048].fill(0);
    assert!(fs::read(at.join("back.iso")).unwrap() == image, "all else is there");
}

#[test]
fn scripts_that_are_not_understood_are_refused() {
    let bench = bench();
    let at = bench.path();
    fs::write(at.join("bad"), "# a comment\nwrite blocks 9-5: medium-error\n").unwrap();
    let create = ["virtual", "create", "--media", "dvd+r", "disc.vdisc"];
    let (found, said) = discwright(at, &[&create[..], &["--faults", "bad"]].concat());
    let words = ["bad", "line 2: blocks 9 to 5 are the wrong way round", "\nhint: "];
    assert!(found == INPUT && words.iter().all(|word| said.contains(word)), "{found}: {said}");
    assert!(!at.join("disc.vdisc").exists());
    assert_eq!(discwright(at, &create).0, DONE);
    fs::write(at.join("disc.vdisc.faults"), [0xff, 0xfe]).unwrap();
    let (found, said) = discwright(at, &["info", DRIVE]);
    assert!(found == INPUT && said.contains("disc.vdisc.faults"), "{found}: {said}");
}

/// The example does what the text before it says.
#[test]
fn the_example_of_the_documentation_is_one() {
    let bench = bench();
    let at = bench.path();
    let text = fs::read_to_string(cache::workspace().join("docs/virtual-drives.md")).unwrap();
    let (_, behind) = text.split_once("```faults\n").unwrap();
    let (script, _) = behind.split_once("```").unwrap();
    create(at, "dvd+r", script);
    let (found, said) = discwright(at, &["burn", DRIVE, "image.iso", "--verify", "full"]);
    assert!(found == DIFFERS && said.contains("blocks 1000 to 1003 cannot be read"), "{said}");
    fs::remove_file(at.join("disc.vdisc.faults")).unwrap();
    let (found, said) = discwright(at, &["verify", DRIVE, "image.iso"]);
    assert_eq!(found, DONE, "it was written well: {said}");
}

/// A disc that is being written is finished when the terminal is closed: given up, it would be spoiled.
#[cfg(unix)]
#[test]
fn a_disc_outlives_the_terminal_that_it_is_burned_from() {
    use std::os::unix::fs::MetadataExt as _;
    use std::process::Stdio;

    use rustix::process::{Pid, Signal, kill_process};

    let bench = bench();
    let at = bench.path();
    create(at, "dvd+r", "write 20: long-write for 1s");
    let held = || fs::metadata(at.join("disc.vdisc")).unwrap().blocks();
    let blank = held();
    let mut command = image::discwright().unwrap();
    command.current_dir(at).args(["burn", DRIVE, "image.iso"]);
    let mut burn = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let start = std::time::Instant::now();
    // Ten WRITEs of 32 KiB.
    while held() < blank + 10 * 64 {
        assert!(start.elapsed() < LIMIT, "nothing is written");
        std::thread::sleep(Duration::from_millis(5));
    }
    kill_process(Pid::from_child(&burn), Signal::HUP).unwrap();
    assert_eq!(burn.wait().unwrap().code(), Some(DONE));
    assert_eq!(discwright(at, &["verify", DRIVE, "image.iso"]).0, DONE);
    assert_eq!(status(at), "complete");
}
