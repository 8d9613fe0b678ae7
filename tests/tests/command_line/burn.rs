//! `burn`, `read`, `verify` and `copy`.

use std::fs;

use tests::{image, run};

use crate::{DRIVE, INPUT, LIMIT, MEDIUM, bench, discwright, done, names, refused};

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
