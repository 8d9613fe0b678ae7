//! Everything the fuzzer ever found, run again: `tests/fuzz/regressions/TARGET/` has an input for each finding.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use tests::fuzz;

fn inputs(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions").join(target);
    // A target that nothing was found with has no folder.
    let Ok(listing) = fs::read_dir(folder) else { return Vec::new() };
    listing.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn what_was_found_is_mended() {
    let mut run = 0;
    for (target, _) in fuzz::TARGETS {
        for input in inputs(target) {
            eprintln!("{}", input.display());
            fuzz::run(target, &fs::read(&input).unwrap());
            run += 1;
        }
    }
    assert!(run > 0, "no input was found: has the folder moved?");
}

#[test]
fn every_target_has_a_program() {
    let manifest = include_str!("../fuzz/Cargo.toml");
    for (target, _) in fuzz::TARGETS {
        assert!(
            manifest.contains(&format!("name = \"{target}\"")),
            "{target} is not in tests/fuzz/Cargo.toml"
        );
        let source = format!("fuzz/fuzz_targets/{target}.rs");
        let source =
            fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(source)).unwrap();
        assert!(source.contains(&format!("run(\"{target}\"")), "{source}");
    }
}
