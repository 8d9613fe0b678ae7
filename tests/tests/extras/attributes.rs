//! Extended attributes: xorriso gives extracted files what the files had.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rustix::fs::{XattrFlags, getxattr, listxattr, setxattr};
use tests::{cache, packages};

use super::{build, says};

/// Longest value that a Linux file system with blocks of 4 KiB is sure to take beside others.
const LONG: usize = 3000;

type Attributes = BTreeMap<String, Vec<u8>>;

/// Every file and folder that has attributes, and its attributes.
fn of_all(folder: &Path) -> BTreeMap<String, Attributes> {
    let all = walkdir::WalkDir::new(folder).min_depth(1).into_iter().map(Result::unwrap);
    let of_each = all.map(|item| {
        let path = item.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
        (path, of(item.path()))
    });
    of_each.filter(|(_, attributes)| !attributes.is_empty()).collect()
}

fn of(path: &Path) -> Attributes {
    let mut list = vec![0; 1 << 16];
    let len = listxattr(path, list.as_mut_slice()).unwrap();
    let names = list[..len].split(|byte| *byte == 0).filter(|name| name.starts_with(b"user."));
    let value = |name: &[u8]| {
        let name = String::from_utf8(name.to_vec()).unwrap();
        let mut value = vec![0; 1 << 16];
        let len = getxattr(path, &name, value.as_mut_slice()).unwrap();
        value.truncate(len);
        (name, value)
    };
    names.map(value).collect()
}

fn fill(folder: &Path) {
    fs::create_dir_all(folder.join("sub")).unwrap();
    let long: Vec<u8> = (0..LONG).map(|at| (at % 251) as u8).collect();
    let given: [(&str, &str, &[u8]); 5] = [
        ("from afar", "user.xdg.origin.url", b"https://example.org/from/afar"),
        ("from afar", "user.com.apple.metadata:kMDItemWhereFroms", &[0, 1, 2, 255, 0]),
        ("sub", "user.of the folder", b"first"),
        ("sub/long", "user.long", &long),
        ("sub/name", &format!("user.{}", "n".repeat(250)), b"as long as a name can be"),
    ];
    for (path, name, value) in given {
        let path = folder.join(path);
        if !path.exists() {
            fs::write(&path, name).unwrap();
        }
        setxattr(&path, name, value, XattrFlags::empty()).unwrap();
    }
    fs::write(folder.join("plain"), "without").unwrap();
}

fn extracted(image: &Path, into: &Path) -> BTreeMap<String, Attributes> {
    fs::create_dir(into).unwrap();
    let image = format!("stdio:{}", image.display());
    let prepare = ["-no_rc", "-osirrox", "on", "-xattr", "on", "-indev", &image];
    let said =
        says("xorriso", &[prepare.as_slice(), &["-extract", "/", into.to_str().unwrap()]].concat());
    assert!(said.contains("Extracted from ISO image"), "{said}");
    of_all(into)
}

/// Paths of what is not the same in both.
fn differing<'a>(
    given: &'a BTreeMap<String, Attributes>,
    found: &'a BTreeMap<String, Attributes>,
) -> Vec<&'a str> {
    let paths = given.keys().chain(found.keys());
    paths.filter(|path| given.get(*path) != found.get(*path)).map(String::as_str).collect()
}

#[test]
fn xorriso_restores_what_files_and_folders_had() {
    packages::debian().unwrap();
    let scratch = cache::scratch().unwrap();
    let path = |name: &str| scratch.path().join(name);
    let (folder, image) = (path("folder"), path("out.iso"));
    fill(&folder);
    let given = of_all(&folder);
    assert_eq!(given.len(), 4);
    for (number, options) in [
        ["--fs", "iso,rockridge", "--xattr"].as_slice(),
        &["--fs", "iso,rockridge", "--rock-ridge", "1.10", "--xattr", "--checksums=md5"],
        &["--fs", "iso,joliet,rockridge,udf", "--xattr"],
    ]
    .into_iter()
    .enumerate()
    {
        build(&folder, &image, options);
        let found = extracted(&image, &path(&format!("extracted {number}")));
        assert!(found == given, "{options:?}: {:?}", differing(&given, &found));
    }

    // A further session knows them too, from UDF and Rock Ridge together.
    let (more, grown) = (path("more"), path("grown.iso"));
    fs::create_dir(&more).unwrap();
    fs::write(more.join("later"), "came later").unwrap();
    build(&more, &grown, &["--append", image.to_str().unwrap()]);
    let found = extracted(&grown, &path("extracted again"));
    assert!(found == given, "{:?}", differing(&given, &found));
    assert!(path("extracted again").join("later").exists());
}

#[test]
fn what_is_not_asked_for_is_not_recorded() {
    packages::debian().unwrap();
    let scratch = cache::scratch().unwrap();
    let (folder, image) = (scratch.path().join("folder"), scratch.path().join("out.iso"));
    fill(&folder);
    build(&folder, &image, &["--fs", "iso,rockridge"]);
    assert_eq!(extracted(&image, &scratch.path().join("extracted")), BTreeMap::new());
}
