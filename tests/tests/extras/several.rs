//! Images with several sessions behind each other, as of discs that are written once: programs see the first, and what is added
//! goes on with the last.

use std::fs;
use std::path::Path;

use tests::{cache, image, packages, run};

use super::{LIMIT, says};

/// Runs discwright, and gives its exit status and what it says.
fn discwright(arguments: &[&str]) -> (i32, String) {
    let mut command = image::discwright().unwrap();
    let done = run::output(command.args(arguments), LIMIT).unwrap();
    (done.status.code().unwrap(), done.stderr)
}

#[track_caller]
fn done(arguments: &[&str]) -> String {
    let (status, said) = discwright(arguments);
    assert_eq!(status, 0, "{arguments:?}: {said}");
    said
}

/// Folders of one file each.
fn folders(scratch: &Path) -> [String; 4] {
    ["a", "b", "c", "d"].map(|name| {
        let folder = scratch.join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(format!("{name}.txt")), format!("this is {name}\n")).unwrap();
        folder.to_str().unwrap().to_owned()
    })
}

/// Whether programs find the files of all folders, and their bytes.
fn shows_all(image: &str) {
    let listed = says("isoinfo", &["-R", "-f", "-i", image]);
    let joliet = says("isoinfo", &["-J", "-f", "-i", image]);
    let found = says("xorriso", &["-indev", image, "-find", "/", "-type", "f"]);
    for name in ["a", "b", "c", "d"] {
        let path = format!("{name}/{name}.txt");
        for listing in [&listed, &joliet, &found] {
            assert!(listing.contains(&path), "{path}: {listing}");
        }
        let bytes = format!("this is {name}\n");
        assert_eq!(says("bsdtar", &["-xOf", image, &path]), bytes);
        assert_eq!(says("7zz", &["x", "-so", image, &path]), bytes);
    }
}

#[test]
fn what_was_read_of_a_disc_is_continued_with_its_last_session() {
    packages::debian().unwrap();
    for (kind, systems) in [("bd-r", "iso,joliet,rockridge,udf"), ("cd-r", "iso,joliet,rockridge")]
    {
        let scratch = cache::scratch().unwrap();
        let at = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
        let folders = folders(scratch.path());
        let (disc, other) = (at("disc.vdisc"), at("other.vdisc"));
        done(&["virtual", "create", "--media", kind, &disc]);
        done(&["virtual", "create", "--media", kind, &other]);
        let (drive, other) = (format!("virtual:{disc}"), format!("virtual:{other}"));
        for (name, folder) in ["a", "b", "c"].iter().zip(&folders) {
            let added = format!("{name}={folder}");
            done(&["burn", &drive, "--append", "--fs", systems, &added]);
        }
        let (image, all) = (at("disc.iso"), at("all.iso"));
        let said = done(&["read", &drive, "-o", &image]);
        assert!(said.contains("the disc has 3 sessions"), "{said}");
        assert!(!says("isoinfo", &["-R", "-f", "-i", &image]).contains("/b"), "the first is seen");
        let said = done(&["build", "--append", &image, "-o", &all, &format!("d={}", folders[3])]);
        assert!(said.contains("the last is continued"), "{said}");
        shows_all(&all);
        // Once all is shown from the start, it goes on from there.
        let more = done(&["build", "--append", &all, "-o", &all, &format!("e={}", folders[0])]);
        assert_eq!(more, "");
        shows_all(&all);
        done(&["burn", &other, &all]);
        done(&["verify", &other, &all]);
    }
}

#[test]
fn sessions_of_others_are_continued() {
    packages::debian().unwrap();
    let scratch = cache::scratch().unwrap();
    let at = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
    let folders = folders(scratch.path());
    let (image, all) = (at("g.iso"), at("all.iso"));
    let mut bytes: Vec<u8> = Vec::new();
    let mut last = 0;
    // A session of a CD, and one of a DVD+R.
    for (folder, gap) in folders.iter().zip([0, 11_402, 16]) {
        let name = &folder[folder.len() - 1..];
        let start = (bytes.len() / 2048).next_multiple_of(16) + gap;
        let place = format!("{last},{start}");
        let more = ["-C", &place, "-M", &image];
        let mut command = run::command("genisoimage");
        command.args(["-quiet", "-R", "-J"]).args(if start > 0 { &more[..] } else { &[] });
        command.args(["-graft-points", &format!("{name}={folder}")]);
        let made = run::output(&mut command, LIMIT).unwrap();
        assert!(made.status.success(), "{}", made.stderr);
        bytes.resize(start * 2048, 0);
        bytes.extend(made.stdout);
        fs::write(&image, &bytes).unwrap();
        last = start;
    }
    let said = done(&["build", "--append", &image, "-o", &all, &format!("d={}", folders[3])]);
    assert!(said.contains(&format!("begins at block {last}")), "{said}");
    shows_all(&all);
    // What ends before its files do is not all there.
    fs::write(&image, &bytes[..(last + 18) * 2048]).unwrap();
    let (status, said) = discwright(&["build", "--append", &image, "-o", &all, &folders[3]]);
    assert!(status == 3 && said.contains("hint: the image is cut short"), "{said}");
}

/// xorriso shows the newest session at the start of a file.
#[test]
fn what_shows_the_newest_at_its_start_is_continued_there() {
    packages::debian().unwrap();
    let scratch = cache::scratch().unwrap();
    let at = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
    let folders = folders(scratch.path());
    let (image, all) = (at("x.iso"), at("all.iso"));
    for (folder, name) in folders.iter().zip(["/a", "/b", "/c"]) {
        says("xorriso", &["-dev", &image, "-joliet", "on", "-map", folder, name]);
    }
    let said = done(&["build", "--append", &image, "-o", &all, &format!("d={}", folders[3])]);
    assert!(!said.contains("several sessions"), "{said}");
    shows_all(&all);
}

/// What is left behind an image on a disc that was overwritten was its newest session once.
#[test]
fn sessions_of_an_earlier_use_of_a_disc_are_not_continued() {
    let scratch = cache::scratch().unwrap();
    let at = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
    let [a, b, ..] = folders(scratch.path());
    let (disc, image, all) = (at("re.vdisc"), at("re.iso"), at("all.iso"));
    done(&["virtual", "create", "--media", "bd-re", "--capacity", "64000", &disc]);
    let drive = format!("virtual:{disc}");
    fs::write(Path::new(&a).join("large"), vec![7; 9_000_000]).unwrap();
    done(&["burn", &drive, "--epoch", "1000", &a]);
    done(&["burn", &drive, "--epoch", "1001", "--append", &b]);
    done(&["burn", &drive, "--epoch", "2000", "--overwrite", &b]);
    done(&["read", &drive, "-o", &image, "--whole"]);
    let (status, said) = discwright(&["build", "--append", &image, "-o", &all, &a]);
    assert!(status == 3 && said.contains("not clear which session is the newest"), "{said}");
    assert!(!Path::new(&all).exists());
    done(&["read", &drive, "-o", &image, "--force"]);
    done(&["build", "--append", &image, "-o", &all, &a]);
}

/// A later session refers to blocks of its disc: nothing opens it alone.
#[test]
fn a_later_session_is_not_burned_alone() {
    packages::debian().unwrap();
    for systems in ["iso", "udf"] {
        let scratch = cache::scratch().unwrap();
        let at = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
        let [a, b, ..] = folders(scratch.path());
        let (disc, image) = (at("r.vdisc"), at("2.iso"));
        let (drive, other) = (format!("virtual:{disc}"), format!("virtual:{}", at("o.vdisc")));
        done(&["virtual", "create", "--media", "bd-r", &disc]);
        done(&["burn", &drive, "--append", "--fs", systems, &a]);
        let (status, said) = discwright(&["burn", &drive, "--fs", systems, &b]);
        assert!(status == 3 && said.contains("hint: --append adds to what is on"), "{said}");
        done(&["burn", &drive, "--append", "--fs", systems, &b]);
        assert!(!done(&["read", &drive, "-o", &at("1.iso"), "--session", "1"]).contains("note"));
        let said = done(&["read", &drive, "-o", &image, "--session", "2"]);
        assert!(said.contains("no program opens it alone"), "{said}");
        let program = if systems == "iso" { "bsdtar" } else { "7zz" };
        let listed = says(program, &[if systems == "iso" { "-tvf" } else { "l" }, &image]);
        assert!(!listed.contains("b.txt"), "{listed}");
        for medium in ["bd-r", "bd-re"] {
            done(&["virtual", "create", "--media", medium, &at("o.vdisc")]);
            let (status, said) = discwright(&["burn", &other, &image]);
            assert!(status == 3 && said.contains("is a later session of a disc"), "{said}");
            fs::remove_file(at("o.vdisc")).unwrap();
        }
        let (_, said) = discwright(&["copy", &drive, &other]);
        assert!(said.contains("`discwright read` takes all of them"), "{said}");
    }
}

#[test]
fn files_that_start_machines_are_told_when_they_are_replaced() {
    let scratch = cache::scratch().unwrap();
    let at = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
    let [a, b, ..] = folders(scratch.path());
    fs::write(Path::new(&a).join("boot.img"), [7; 4096]).unwrap();
    let (image, all) = (at("x.iso"), at("all.iso"));
    done(&["build", "-o", &image, "--boot", "bios=boot.img", &a]);
    let said = done(&["build", "--append", &image, "-o", &all, &a]);
    assert!(said.contains("note: \"boot.img\" is replaced"), "{said}");
    assert!(said.contains("--replay-boot"), "{said}");
    for more in [&["--update", a.as_str()][..], &[b.as_str()]] {
        let append = [&["build", "--append", &image, "-o", &all], more].concat();
        assert_eq!(done(&append), "");
    }
}

/// An update leaves the bytes where they are, and takes the permissions anew.
#[test]
fn an_update_takes_the_permissions_anew() {
    use std::os::unix::fs::PermissionsExt as _;

    packages::debian().unwrap();
    let scratch = cache::scratch().unwrap();
    let at = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
    let [a, ..] = folders(scratch.path());
    let (image, all) = (at("x.iso"), at("all.iso"));
    let mode = |mode| {
        fs::set_permissions(Path::new(&a).join("a.txt"), fs::Permissions::from_mode(mode)).unwrap();
    };
    let listed = |image: &str| {
        let said = says("isoinfo", &["-R", "-l", "-i", image]);
        let line = said.lines().find(|line| line.contains("a.txt")).unwrap();
        let place = line.split('[').nth(1).unwrap().to_owned();
        (line[..10].to_owned(), place)
    };
    mode(0o600);
    done(&["build", "-o", &image, &a]);
    let (before, place) = listed(&image);
    mode(0o755);
    done(&["build", "--append", &image, "--update", "-o", &all, &a]);
    assert_eq!(before, "-rw-------");
    assert_eq!(listed(&all), ("-rwxr-xr-x".to_owned(), place));
}
