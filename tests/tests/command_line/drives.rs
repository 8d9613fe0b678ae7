//! Drives and their discs, and the agent.

use std::fs;

use tests::image;

use crate::{DRIVE, MEDIUM, bench, discwright, done, refused};

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
