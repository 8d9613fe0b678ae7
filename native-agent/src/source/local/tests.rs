use std::fs;

use image_core::tree::Kind;
use image_core::{AddError, NodeId, Options, SourceId};

use super::*;
use crate::source::{BLOCK_SIZE, BlockRange, DamagedFile, ImageSource, SourceError};

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
    assert_eq!(Graft::named("t/u=/no/such=folder".as_ref()), graft("t/u", "/no/such=folder"));
    assert_eq!(Graft::named("=a=b".as_ref()), graft("", "a=b"));
}

#[cfg(unix)]
#[test]
fn a_path_need_not_be_utf8() {
    use std::os::unix::ffi::OsStrExt as _;
    let odd = |bytes| OsStr::from_bytes(bytes);
    assert_eq!(Graft::named(odd(b"t=caf\xE9")), graft("t", odd(b"caf\xE9")));
    assert_eq!(Graft::named(odd(b"caf\xE9/a")), graft("", odd(b"caf\xE9/a")));
    assert_eq!(Graft::named(odd(b"caf\xE9=a")), graft("", odd(b"caf\xE9=a")));
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

    use image_core::{Attributes, Details, DiscTime};

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
        let options = ScanOptions { outputs: vec![output.clone()], ..ScanOptions::default() };
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
        let odd = OsStr::from_bytes(b"caf\xe9.txt");
        fs::write(folder.path().join("b").join(odd), "x").unwrap();
        let error = scan_with(folder.path(), &ScanOptions::default()).unwrap_err();
        assert!(error.to_string().contains("b/caf\\xe9.txt is not UTF-8"), "{error}");
        assert!(error.to_string().contains("UDF 2.1.1"), "{error}");
        assert!(error.hint().unwrap().contains("convmv"));
        let exclude = Exclude::new(&["b"]).unwrap();
        let options = ScanOptions { exclude, ..ScanOptions::default() };
        assert!(scan_with(folder.path(), &options).is_ok());
    }

    #[test]
    fn names_that_are_no_text_are_left_out_or_spelt_where_that_is_asked_for() {
        let folder = folder();
        let odd = |bytes| OsStr::from_bytes(bytes);
        fs::create_dir(folder.path().join(odd(b"d\xff"))).unwrap();
        fs::write(folder.path().join(odd(b"d\xff/caf\xe9.txt")), "odd").unwrap();
        unix::symlink(odd(b"d\xff/caf\xe9.txt"), folder.path().join("link")).unwrap();
        let error = scan_with(folder.path(), &ScanOptions::default()).unwrap_err();
        assert!(matches!(error, ScanError::NotUtf8 { more: 1, .. }), "{error:?}");
        let with = |odd_names| ScanOptions { odd_names, ..ScanOptions::default() };

        let without = scan_with(folder.path(), &with(OddNames::LeaveOut)).unwrap();
        let reasons: Vec<_> = without.notices.iter().map(|notice| notice.reason).collect();
        assert_eq!(reasons, [LeftOut::OddTarget, LeftOut::OddName]);
        assert_eq!(paths(&without.tree).len(), 6);

        let spelt = scan_with(folder.path(), &with(OddNames::Spell)).unwrap();
        assert_eq!(spelt.spelt, ["link", "d%FF", "d%FF/caf%E9.txt"]);
        let node = spelt.tree.find("d%FF/caf%E9.txt").unwrap();
        let link = spelt.tree.kind(spelt.tree.find("link").unwrap());
        assert_eq!(link, Kind::Symlink { target: "d%FF/caf%E9.txt" });
        let Kind::File { source, .. } = spelt.tree.kind(node) else { panic!("no file") };
        assert_eq!(fs::read(spelt.files.path(source)).unwrap(), b"odd");
    }

    #[test]
    fn all_times_are_recorded_where_that_is_asked_for_and_none_is_too_late() {
        let folder = folder();
        let at = |seconds| std::time::UNIX_EPOCH + core::time::Duration::from_secs(seconds);
        let file = fs::File::open(folder.path().join("a.txt")).unwrap();
        let times = fs::FileTimes::new().set_accessed(at(2_000)).set_modified(at(1_000));
        file.set_times(times).unwrap();
        let seconds = |time: Option<DiscTime>| time.map(DiscTime::to_unix);
        let found = |options: &ScanOptions| {
            let scan = scan_with(folder.path(), options).unwrap();
            let node = scan.tree.find("a.txt").unwrap();
            (scan.tree.attributes(node).modified, scan.tree.details(node).clone())
        };
        let (modified, details) = found(&ScanOptions::default());
        assert_eq!((seconds(modified), details), (Some(1_000), Details::default()));

        let all = ScanOptions { times: RecordedTimes::All, ..ScanOptions::default() };
        let (modified, details) = found(&all);
        assert_eq!((seconds(modified), seconds(details.accessed)), (Some(1_000), Some(2_000)));
        assert!(seconds(details.changed) > Some(1_000_000_000), "{details:?}");

        let (modified, details) = found(&ScanOptions { latest: Some(1_500), ..all.clone() });
        assert_eq!((seconds(modified), seconds(details.accessed)), (Some(1_000), Some(1_500)));
        assert_eq!(seconds(details.changed), Some(1_500));

        let portable = ScanOptions { recorded: Recorded::Portable, ..all };
        assert_eq!(found(&portable).1, Details::default());

        file.set_modified(at(10_428_697_296)).unwrap();
        // What the file system made of it, which may end earlier.
        let kept = Moment::from(file.metadata().unwrap().modified().unwrap());
        assert_eq!(seconds(found(&ScanOptions::default()).0), Some(kept.seconds));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn attributes_of_users_are_recorded_where_that_is_asked_for() {
        use rustix::fs::{XattrFlags, setxattr};
        let folder = folder();
        let file = folder.path().join("a.txt");
        if setxattr(&file, "user.origin", b"here", XattrFlags::empty()).is_err() {
            eprintln!("not tested: the temporary folder has no extended attributes");
            return;
        }
        let scan = |extended_attributes| {
            let options = ScanOptions { extended_attributes, ..ScanOptions::default() };
            let scan = scan_with(folder.path(), &options).unwrap();
            let node = scan.tree.find("a.txt").unwrap();
            scan.tree.details(node).extended_attributes.clone()
        };
        assert_eq!(scan(true), [("user.origin".to_owned(), b"here".to_vec())]);
        assert_eq!(scan(false), []);
    }

    #[test]
    fn a_scan_is_cancelled() {
        let folder = folder();
        let grafts = [graft("", folder.path())];
        let cancelled = AtomicBool::new(true);
        let error = scan_until(&grafts, &ScanOptions::default(), &cancelled).unwrap_err();
        assert!(matches!(error, ScanError::Cancelled), "{error:?}");
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

/// A folder that was listed, with one of its files.
fn listed() -> (tempfile::TempDir, Scan, NodeId, SourceId) {
    let folder = folder();
    let scan = scan_with(folder.path(), &ScanOptions::default()).unwrap();
    let node = scan.tree.find("a.txt").unwrap();
    let Kind::File { source, .. } = scan.tree.kind(node) else { panic!("no file") };
    (folder, scan, node, source)
}

#[test]
fn what_is_taken_into_the_tree_is_what_was_listed() {
    let (folder, mut scan, node, source) = listed();
    let bytes = content::read_content(node, source, &mut scan).unwrap();
    assert_eq!(&bytes[..], b"hello");
    let file = folder.path().join("a.txt");
    fs::write(&file, "world").unwrap();
    fs::File::options().write(true).open(&file).unwrap().set_modified(clock_later()).unwrap();
    let error = content::read_content(node, source, &mut scan).unwrap_err();
    assert!(matches!(error, SourceError::Changed { path } if path == file));
    assert_eq!(scan.tree.details(node).content.as_deref(), Some(&b"hello"[..]));
}

#[cfg(unix)]
#[test]
fn a_pipe_in_place_of_a_file_is_not_waited_for() {
    let (folder, mut scan, node, source) = listed();
    let file = folder.path().join("a.txt");
    fs::remove_file(&file).unwrap();
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &file, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    let error = content::read_content(node, source, &mut scan).unwrap_err();
    assert!(matches!(error, SourceError::Truncated { path, .. } if path == file));
    fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", &file).unwrap();
    let error = content::read_content(node, source, &mut scan).unwrap_err();
    assert!(matches!(error, SourceError::Io { path, .. } if path == file));
}

fn clock_later() -> std::time::SystemTime {
    crate::clock::now() + core::time::Duration::from_secs(60)
}

#[test]
fn a_plan_names_the_files_of_damaged_blocks() {
    let folder = folder();
    fs::write(folder.path().join("b/same.bin"), [3; 5000]).unwrap();
    let scan = scan_with(folder.path(), &ScanOptions::default()).unwrap();
    let plan = image_core::plan(scan.tree, &Options::default()).unwrap();
    let node = plan.tree().find("b/deep/c.bin").unwrap();
    let (lba, blocks) = plan.extent(node).unwrap();
    let mut source = PlanSource::new(plan, scan.files);
    let range = |first, blocks| BlockRange { first, blocks };
    let file = |path: &str, blocks| DamagedFile { path: path.to_owned(), blocks };
    assert_eq!(blocks, 3);
    assert_eq!(source.files_in(0, &[range(lba.0 + 1, 2)]), [file("b/deep/c.bin", 2)]);
    assert_eq!(source.files_in(0, &[range(0, 17)]), []);
    let all = source.files_in(0, &[range(0, u32::MAX)]);
    let wanted = [("a.txt", 1), ("b/deep/c.bin", 3), ("b/same.bin", 3), ("b/x.tmp", 1)];
    assert_eq!(all, wanted.map(|(path, blocks)| file(path, blocks)));
}
