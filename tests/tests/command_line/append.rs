//! `build --append`.

use std::fs;

use tests::{image, run};

use crate::{INPUT, LIMIT, MEDIUM, bench, discwright, done, names, refused};

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
