//! Checksums: xorriso, isomd5sum and coreutils find that they are right, and what is not.

use std::fs;
use std::path::Path;

use tests::{cache, packages, run};

use super::{LIMIT, build, says};

/// Files of many lengths, in folders, with bytes that nothing else on the disc has.
fn fill(folder: &Path) {
    for number in 0..300_usize {
        let directory = folder.join(format!("folder {}", number % 7));
        fs::create_dir_all(&directory).unwrap();
        let len = [0, 1, 2048, 5000, 70_000][number % 5];
        let bytes: Vec<u8> = (0..len).map(|at| (at * number / 3 + at / 255) as u8).collect();
        fs::write(directory.join(format!("file {number}")), bytes).unwrap();
    }
    fs::write(folder.join("marked"), "a mark that is easy to find").unwrap();
}

/// Changes a byte of the file that is marked.
fn spoil(image: &Path) {
    let mut bytes = fs::read(image).unwrap();
    let mark = b"a mark that is easy to find";
    let at = bytes.windows(mark.len()).position(|window| window == mark).unwrap();
    bytes[at] ^= 1;
    fs::write(image, bytes).unwrap();
}

fn xorriso(image: &Path) -> String {
    let image = format!("stdio:{}", image.display());
    let check = ["-check_md5_r", "sorry", "/", "--", "-check_media", "--"];
    says("xorriso", &[&["-no_rc", "-md5", "on", "-indev", &image], check.as_slice()].concat())
}

#[test]
fn xorriso_finds_files_and_tags_intact() {
    packages::debian().unwrap();
    let scratch = cache::scratch().unwrap();
    let (folder, image) = (scratch.path().join("folder"), scratch.path().join("out.iso"));
    fill(&folder);
    for systems in ["iso,rockridge", "iso,joliet,rockridge,udf"] {
        build(&folder, &image, &["--fs", systems, "--checksums"]);
        let said = xorriso(&image);
        assert!(said.contains("File contents and their MD5 checksums match."), "{said}");
        for tag in ["superblock tag", "tree tag", "session tag"] {
            assert!(said.contains(&format!("Found matching MD5 {tag}")), "{systems}: {said}");
        }
        assert!(said.contains("+ md5_match"), "{said}");
        spoil(&image);
        let said = xorriso(&image);
        assert!(said.contains("MD5 MISMATCH: '/marked'"), "{said}");
        assert!(said.contains("0 md5_mismatch"), "{said}");
    }
}

/// What is continued has other volume descriptors than those that were summed up.
#[test]
fn xorriso_reads_what_is_added_to_an_image_with_sums() {
    packages::debian().unwrap();
    let scratch = cache::scratch().unwrap();
    let (folder, image) = (scratch.path().join("folder"), scratch.path().join("out.iso"));
    fill(&folder);
    let more = scratch.path().join("more");
    fs::create_dir(&more).unwrap();
    fs::write(more.join("what is new"), "new").unwrap();
    let path = image.to_str().unwrap();
    let theirs = format!("stdio:{path}");
    for make in [true, false] {
        if make {
            build(&folder, &image, &["--checksums"]);
        } else {
            fs::remove_file(&image).unwrap();
            let folder = folder.to_str().unwrap();
            says("xorriso", &["-no_rc", "-outdev", &theirs, "-md5", "on", "-map", folder, "/"]);
        }
        build(&more, &image, &["--append", path]);
        let said =
            says("xorriso", &["-no_rc", "-md5", "on", "-indev", &theirs, "-find", "/", "--"]);
        assert!(said.contains("'/what is new'") && said.contains("'/marked'"), "{said}");
        assert!(!said.contains("mismatch"), "{said}");
    }
}

#[test]
fn checkisomd5_passes_images_of_any_size() {
    packages::debian().unwrap();
    let scratch = cache::scratch().unwrap();
    let (folder, image) = (scratch.path().join("folder"), scratch.path().join("out.iso"));
    let path = image.to_str().unwrap();
    fs::create_dir(&folder).unwrap();
    for arguments in [["--fs", "iso"], ["--fs", "iso,udf"], ["--fs", "iso,joliet,rockridge"]] {
        build(&folder, &image, &[&arguments, ["--checksums=isomd5"].as_slice()].concat());
        let said = says("checkisomd5", &[path]);
        assert!(said.contains("the result is: PASS"), "{said}");
        fill(&folder);
    }
    // Their own program writes the same.
    let ours = fs::read(&image).unwrap();
    says("implantisomd5", &["--force", path]);
    assert!(fs::read(&image).unwrap() == ours);
    spoil(&image);
    let said = says("checkisomd5", &[path]);
    assert!(said.contains("the result is: FAIL"), "{said}");
}

#[test]
fn all_of_them_go_together() {
    packages::debian().unwrap();
    let scratch = cache::scratch().unwrap();
    let (folder, image) = (scratch.path().join("folder"), scratch.path().join("out.iso"));
    fill(&folder);
    let list = scratch.path().join("SHA256SUMS");
    let list = list.to_str().unwrap();
    let told = build(&folder, &image, &["--checksums=md5,isomd5,sha256", "--sha256-file", list]);
    let said = says("checkisomd5", &[image.to_str().unwrap()]);
    assert!(said.contains("the result is: PASS"), "{said}");
    let said = xorriso(&image);
    assert!(said.contains("File contents and their MD5 checksums match."), "{said}");
    assert_eq!(told, says("sha256sum", &[image.to_str().unwrap()]));
    let mut check = run::command("sha256sum");
    check.args(["-c", list]).current_dir(&folder);
    let done = run::output(&mut check, LIMIT).unwrap();
    assert!(done.status.success(), "{}", done.text());
    assert_eq!(done.text().lines().count(), 301);
}
