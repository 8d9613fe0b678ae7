//! Where an image goes, and what may not be written over.

use std::fs;

use tests::{image, run};

use crate::{INPUT, LIMIT, MEDIUM, bench, discwright, done, names, refused};

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

/// A list is checked against what is seen of the disc.
#[test]
fn a_list_of_names_that_the_disc_has_not_is_told() {
    let bench = bench();
    let at = bench.path();
    let build = |systems| {
        let line = ["build", "--fs", systems, "-o", "x.iso", "--sha256-file", "sums", "folder"];
        let (status, said) = discwright(at, &line);
        assert_eq!(status, 0, "{said}");
        said.contains("the list has the names that were given")
    };
    assert!(build("iso") && !build("iso,rockridge") && !build("udf"));
}
