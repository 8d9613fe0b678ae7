use std::fs;

use image_core::{Options, SourceId, tree::Kind};

use super::*;
use crate::source::{BLOCK_SIZE, ImageSource, SourceError};

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir_all(path.join("b/deep")).unwrap();
    fs::create_dir(path.join("empty")).unwrap();
    fs::write(path.join("b/deep/c.bin"), [3; 5000]).unwrap();
    fs::write(path.join("b/x.tmp"), "x").unwrap();
    fs::write(path.join("a.txt"), "hello").unwrap();
    folder
}

fn graft(target: &str, path: impl Into<PathBuf>) -> Graft {
    Graft { target: target.into(), path: path.into() }
}

fn scan_with(folder: &Path, options: &ScanOptions) -> Result<Scan, ScanError> {
    scan(&[graft("", folder)], options)
}

/// Paths in the order of the tree, directories with a slash.
fn paths(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    let mut pending = vec![NodeId::ROOT];
    while let Some(node) = pending.pop() {
        for child in tree.children(node) {
            let slash = if matches!(tree.kind(child), Kind::Directory) { "/" } else { "" };
            found.push(tree.path(child) + slash);
            pending.push(child);
        }
    }
    found.sort();
    found
}

#[test]
fn everything_is_found_and_can_be_opened() {
    let folder = folder();
    let scan = scan_with(folder.path(), &ScanOptions::default()).unwrap();
    let expected = ["a.txt", "b/", "b/deep/", "b/deep/c.bin", "b/x.tmp", "empty/"];
    assert_eq!(paths(&scan.tree), expected);
    assert_eq!((scan.files.len(), scan.notices.len()), (3, 0));
    for source in 0..3 {
        let path = scan.files.path(SourceId(source));
        let (_, file) = scan.files.get(SourceId(source)).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), file.len, "{}", path.display());
    }
}

#[test]
fn grafts_say_where_things_go() {
    let folder = folder();
    let file = folder.path().join("a.txt");
    let grafts = [
        graft("photos/2026", folder.path().join("b")),
        graft("", &file),
        graft("/renamed.txt", &file),
        graft("into/", &file),
    ];
    let scan = scan(&grafts, &ScanOptions::default()).unwrap();
    let expected = [
        "a.txt",
        "into/",
        "into/a.txt",
        "photos/",
        "photos/2026/",
        "photos/2026/deep/",
        "photos/2026/deep/c.bin",
        "photos/2026/x.tmp",
        "renamed.txt",
    ];
    assert_eq!(paths(&scan.tree), expected);
    let Ok(parsed) = "t/u=/no/such=folder".parse::<Graft>();
    assert_eq!(parsed, graft("t/u", "/no/such=folder"));
    let Ok(parsed) = "=a=b".parse::<Graft>();
    assert_eq!(parsed, graft("", "a=b"));
}

#[test]
fn what_is_excluded_is_not_entered() {
    let folder = folder();
    let exclude = Exclude::new(&["*.tmp", "b/deep"]).unwrap();
    let options = ScanOptions { exclude, ..ScanOptions::default() };
    let scan = scan_with(folder.path(), &options).unwrap();
    assert_eq!(paths(&scan.tree), ["a.txt", "b/", "empty/"]);
}

#[test]
fn two_files_in_one_place_are_refused() {
    let folder = folder();
    let file = folder.path().join("a.txt");
    let error = scan(&[graft("x", &file), graft("x", &file)], &ScanOptions::default()).unwrap_err();
    assert!(matches!(error, ScanError::Add { source: AddError::Exists { .. }, .. }), "{error}");
    assert!(error.hint().is_some());
}

#[test]
fn what_is_missing_is_named() {
    let error = scan(&[graft("", "no/such")], &ScanOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "cannot read no/such");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::{ffi::OsStrExt as _, fs as unix, net::UnixListener};

    use super::*;

    #[test]
    fn links_and_owners_are_recorded_unless_portable() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = folder();
        unix::symlink("b/deep", folder.path().join("link")).unwrap();
        let mode = fs::Permissions::from_mode(0o640);
        fs::set_permissions(folder.path().join("a.txt"), mode).unwrap();

        let full = scan_with(folder.path(), &ScanOptions::default()).unwrap();
        let link = full.tree.find("link").unwrap();
        assert_eq!(full.tree.kind(link), Kind::Symlink { target: "b/deep" });
        let file = full.tree.attributes(full.tree.find("a.txt").unwrap());
        assert_eq!(file.mode, Some(0o640));
        assert!(file.uid.is_some() && file.gid.is_some() && file.modified.is_some());

        let options = ScanOptions { recorded: Recorded::Portable, ..ScanOptions::default() };
        let portable = scan_with(folder.path(), &options).unwrap();
        assert_eq!(portable.tree.find("link"), None);
        assert_eq!(portable.notices[0].reason, LeftOut::Symlink);
        let file = portable.tree.attributes(portable.tree.find("a.txt").unwrap());
        let modified = file.modified.unwrap();
        assert_eq!(file, Attributes { modified: Some(modified), ..Attributes::default() });
        assert_eq!(modified.nanosecond % 1_000_000, 0);
        let directory = portable.tree.attributes(portable.tree.find("b").unwrap());
        assert_eq!(directory, Attributes::default());
    }

    #[test]
    fn names_of_one_file_and_special_files_are_recorded_unless_portable() {
        let folder = folder();
        fs::hard_link(folder.path().join("a.txt"), folder.path().join("b/again")).unwrap();
        unix::symlink("x", folder.path().join("link")).unwrap();
        fs::hard_link(folder.path().join("link"), folder.path().join("link2")).unwrap();
        let _socket = UnixListener::bind(folder.path().join("socket")).unwrap();
        let options = ScanOptions { special_files: true, ..ScanOptions::default() };
        let full = scan_with(folder.path(), &options).unwrap();
        let at = |path: &str| full.tree.find(path).unwrap();
        assert_eq!(full.tree.link_of(at("b/again")), at("a.txt"));
        assert_eq!(full.tree.link_of(at("link2")), at("link"));
        assert_eq!(full.tree.kind(at("socket")), Kind::Special(image_core::Special::Socket));
        assert!(full.notices.is_empty());

        let options = ScanOptions { recorded: Recorded::Portable, ..options };
        let portable = scan_with(folder.path(), &options).unwrap();
        let again = portable.tree.find("b/again").unwrap();
        assert!(!portable.tree.is_hard_link(again));
        assert_eq!(portable.tree.find("socket"), None);
    }

    #[test]
    fn sockets_and_the_image_itself_are_left_out_with_a_notice() {
        let folder = folder();
        let _socket = UnixListener::bind(folder.path().join("socket")).unwrap();
        let output = folder.path().join("a.txt");
        let options = ScanOptions { output: Some(output.clone()), ..ScanOptions::default() };
        let scan = scan_with(folder.path(), &options).unwrap();
        let notices: Vec<_> =
            scan.notices.iter().map(|notice| (&notice.path, notice.reason)).collect();
        let socket = folder.path().join("socket");
        assert_eq!(notices, [(&output, LeftOut::Output), (&socket, LeftOut::Special)]);
        assert_eq!(scan.tree.find("a.txt"), None);
    }

    #[test]
    fn names_that_are_no_text_are_spelt_out() {
        let folder = folder();
        let odd = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
        fs::write(folder.path().join("b").join(odd), "x").unwrap();
        let error = scan_with(folder.path(), &ScanOptions::default()).unwrap_err();
        assert!(error.to_string().ends_with("b/caf\\xe9.txt is not UTF-8"), "{error}");
        assert!(error.hint().unwrap().contains("convmv"));
        let exclude = Exclude::new(&["b"]).unwrap();
        let options = ScanOptions { exclude, ..ScanOptions::default() };
        assert!(scan_with(folder.path(), &options).is_ok());
    }
}

fn plan_source(folder: &Path) -> PlanSource {
    let scan = scan_with(folder, &ScanOptions::default()).unwrap();
    let plan = image_core::plan(scan.tree, &Options::default()).unwrap();
    PlanSource::new(plan, scan.files)
}

#[test]
fn a_plan_is_read_in_any_order() {
    let folder = folder();
    let mut source = plan_source(folder.path());
    let blocks = source.len_blocks() as usize;
    let mut whole = vec![0xa5; blocks * BLOCK_SIZE];
    source.read(0, &mut whole).unwrap();
    let mut single = vec![0xa5; blocks * BLOCK_SIZE];
    for lba in (0..blocks).rev() {
        let block = &mut single[lba * BLOCK_SIZE..][..BLOCK_SIZE];
        source.read(u32::try_from(lba).unwrap(), block).unwrap();
    }
    assert!(whole == single);
    let content = [vec![3; 5000], vec![0; 6144 - 5000]].concat();
    assert!(whole.windows(6144).any(|window| window == content));
    assert!(source.read(source.len_blocks(), &mut [0; BLOCK_SIZE]).is_err());
}

#[test]
fn a_plan_notices_files_that_change() {
    let folder = folder();
    let file = folder.path().join("b/deep/c.bin");
    let mut source = plan_source(folder.path());
    let node = source.plan().tree().find("b/deep/c.bin").unwrap();
    let (start, _) = source.plan().extent(node).unwrap();
    let read = |source: &mut PlanSource| source.read(start.0, &mut [0; 2 * BLOCK_SIZE]);
    read(&mut source).unwrap();
    fs::write(&file, [4; 5000]).unwrap();
    let later = clock_later();
    fs::File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();
    assert!(matches!(read(&mut source), Err(SourceError::Changed { path }) if path == file));
    fs::write(&file, [4; 4999]).unwrap();
    let error = read(&mut source).unwrap_err();
    assert!(matches!(error, SourceError::Truncated { expected: 5000, found: 4999, .. }), "{error}");
    fs::remove_file(&file).unwrap();
    assert!(matches!(read(&mut source), Err(SourceError::Io { path, .. }) if path == file));
}

fn clock_later() -> std::time::SystemTime {
    crate::clock::now() + core::time::Duration::from_secs(60)
}
