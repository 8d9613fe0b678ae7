use core::sync::atomic::Ordering;
use std::fs;

use image_core::Options;
use sha2::Digest as _;

use super::*;
use crate::source::SourceError;
use crate::source::{
    BLOCK_SIZE as BLOCK, ImageSource as _,
    local::{Graft, PlanSource, ScanOptions, scan},
};

/// Files around the lengths at which they are treated differently.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (number, len) in [0, 1, 2048, 2049, 262_143, 262_144, 262_145, 3_000_000].iter().enumerate()
    {
        let bytes: Vec<u8> = (0..*len).map(|at| (at * 7 + number * 31 + at / 251) as u8).collect();
        let directory = folder.path().join(format!("{}", number % 3));
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join(format!("{len}")), bytes).unwrap();
    }
    folder
}

fn planned(folder: &Path) -> (Plan, LocalFiles) {
    let graft = Graft { target: String::new(), path: folder.into() };
    let found = scan(&[graft], &ScanOptions::default()).unwrap();
    (image_core::plan(found.tree, &Options::default()).unwrap(), found.files)
}

fn write(folder: &Path, out: &Path) -> Result<(), WriteError> {
    let (plan, files) = planned(folder);
    write_planned(&plan, &files, out)
}

fn write_planned(plan: &Plan, files: &LocalFiles, out: &Path) -> Result<(), WriteError> {
    let watch = Watch { progress: &|_| {}, cancelled: &AtomicBool::new(false) };
    write_file(plan, files, out, Reflink::Auto, watch).map(drop)
}

fn with_checksums(folder: &Path, checksums: image_core::ChecksumOptions) -> (Plan, LocalFiles) {
    let graft = Graft { target: String::new(), path: folder.into() };
    let found = scan(&[graft], &ScanOptions::default()).unwrap();
    let options = Options { checksums, ..Options::default() };
    (image_core::plan(found.tree, &options).unwrap(), found.files)
}

fn names_in(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.map(|name| name.into_string().unwrap()).collect()
}

#[test]
fn the_file_is_what_random_access_gives() {
    let (folder, target) = (folder(), tempfile::tempdir().unwrap());
    let out = target.path().join("out.iso");
    fs::write(&out, "what was there").unwrap();
    write(folder.path(), &out).unwrap();
    let (plan, files) = planned(folder.path());
    let mut expected = vec![0; plan.size_blocks() as usize * BLOCK];
    PlanSource::new(plan, files).read(0, &mut expected).unwrap();
    assert!(fs::read(&out).unwrap() == expected);
    assert_eq!(names_in(target.path()), ["out.iso"]);
}

#[test]
fn a_new_image_has_the_permissions_of_any_new_file() {
    let (folder, target) = (folder(), tempfile::tempdir().unwrap());
    let (out, other) = (target.path().join("out.iso"), target.path().join("other"));
    write(folder.path(), &out).unwrap();
    fs::write(&other, "").unwrap();
    let permissions = |path: &Path| fs::metadata(path).unwrap().permissions();
    assert_eq!(permissions(&out), permissions(&other));
}

/// Plans, does something to a file, and expects an error that leaves what was there.
fn spoiled(name: &str, spoil: impl FnOnce(&Path)) -> WriteError {
    let (folder, target) = (folder(), tempfile::tempdir().unwrap());
    let out = target.path().join("out.iso");
    fs::write(&out, "what was there").unwrap();
    let (plan, files) = planned(folder.path());
    spoil(&folder.path().join(name));
    let error = write_planned(&plan, &files, &out).unwrap_err();
    assert_eq!(fs::read_to_string(&out).unwrap(), "what was there");
    assert_eq!(names_in(target.path()), ["out.iso"]);
    error
}

#[test]
fn files_that_shrink_grow_or_go_are_noticed() {
    for (name, len) in [("2/2048", 2048), ("2/262144", 262_144), ("1/3000000", 3_000_000)] {
        let set_len = |len| {
            move |path: &Path| File::options().write(true).open(path).unwrap().set_len(len).unwrap()
        };
        let error = spoiled(name, set_len(len - 1));
        let WriteError::Source(SourceError::Truncated { path, expected, found }) = &error else {
            panic!("{name}: {error}");
        };
        assert!(path.ends_with(name), "{}", path.display());
        assert_eq!((*expected, *found), (len, len - 1));
        let error = spoiled(name, set_len(len + 1));
        assert!(
            matches!(error, WriteError::Source(SourceError::Changed { .. })),
            "{name}: {error}"
        );
        let error = spoiled(name, |path| fs::remove_file(path).unwrap());
        assert!(matches!(error, WriteError::Source(SourceError::Io { .. })), "{name}: {error}");
    }
}

/// Writes other bytes of the same length; the time of modification tells it, on file systems of any precision.
fn rewrite(path: &Path) {
    let len = fs::metadata(path).unwrap().len();
    fs::write(path, vec![0xEE; len as usize]).unwrap();
    let later = crate::clock::now() + core::time::Duration::from_secs(10);
    File::options().write(true).open(path).unwrap().set_modified(later).unwrap();
}

#[test]
fn files_that_are_rewritten_at_the_same_length_are_noticed() {
    for name in ["1/1", "2/2048", "1/262143", "2/262144", "1/3000000"] {
        let error = spoiled(name, rewrite);
        let WriteError::Source(SourceError::Changed { path }) = &error else {
            panic!("{name}: {error}");
        };
        assert!(path.ends_with(name), "{}", path.display());
    }
}

#[test]
fn an_image_that_changes_is_not_continued() {
    let (folder, target) = (folder(), tempfile::tempdir().unwrap());
    let (base, out) = (target.path().join("base.iso"), target.path().join("out.iso"));
    write(folder.path(), &base).unwrap();
    let opened = ImageFile::open(&base).unwrap();
    let graft = Graft { target: String::new(), path: folder.path().into() };
    let found = scan(&[graft], &ScanOptions::default()).unwrap();
    let session = image_core::SessionOptions {
        start: image_core::session::next_start(image_core::Lba(opened.len_blocks())),
        boot_catalog: None,
        udf: None,
    };
    let file_systems = image_core::FileSystems { udf: false, ..Options::default().file_systems };
    let options = Options { session: Some(session), file_systems, ..Options::default() };
    let plan = image_core::plan(found.tree, &options).unwrap();
    let watch = Watch { progress: &|_| {}, cancelled: &AtomicBool::new(false) };
    let grow = || grow_file((&opened, &[]), &plan, &found.files, &out, Reflink::Never, watch);
    grow().unwrap();
    let image = fs::read(&out).unwrap();
    assert!(image.starts_with(&fs::read(&base).unwrap()));
    rewrite(&base);
    let error = grow().unwrap_err();
    assert!(matches!(error, WriteError::Source(SourceError::Changed { .. })), "{error}");
    File::options().write(true).open(&base).unwrap().set_len(2048).unwrap();
    let error = grow().unwrap_err();
    assert!(matches!(error, WriteError::Source(SourceError::Truncated { .. })), "{error}");
    assert!(fs::read(&out).unwrap() == image);
}

#[test]
fn sums_of_files_that_are_rewritten_are_not_made() {
    let folder = folder();
    let wanted = image_core::ChecksumOptions { isomd5: true, sha256: true, ..Default::default() };
    let (plan, files) = with_checksums(folder.path(), wanted);
    rewrite(&folder.path().join("2/2048"));
    let watch = Watch { progress: &|_| {}, cancelled: &AtomicBool::new(false) };
    let error = checksums(&plan, &files, watch).unwrap_err();
    assert!(matches!(error, WriteError::Source(SourceError::Changed { .. })), "{error}");
}

#[cfg(unix)]
#[test]
fn a_file_that_became_a_pipe_or_a_link_is_not_waited_for() {
    let pipe = |path: &Path| {
        fs::remove_file(path).unwrap();
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    };
    assert!(matches!(spoiled("2/2048", pipe), WriteError::Source(_)));
    let link = |path: &Path| {
        fs::remove_file(path).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", path).unwrap();
    };
    assert!(matches!(spoiled("2/2048", link), WriteError::Source(_)));
}

#[test]
fn a_stop_leaves_nothing() {
    let (folder, target) = (folder(), tempfile::tempdir().unwrap());
    let (plan, files) = planned(folder.path());
    let cancelled = AtomicBool::new(false);
    let stop = |done| cancelled.store(done > 300_000, Ordering::Relaxed);
    let watch = Watch { progress: &stop, cancelled: &cancelled };
    let out = target.path().join("out.iso");
    let error = write_file(&plan, &files, &out, Reflink::Auto, watch).unwrap_err();
    assert!(matches!(error, WriteError::Cancelled), "{error}");
    assert_eq!(names_in(target.path()), Vec::<String>::new());
}

#[cfg(target_os = "linux")]
#[test]
fn devices_are_written_to_and_a_full_one_is_told() {
    let folder = folder();
    write(folder.path(), Path::new("/dev/null")).unwrap();
    let error = write(folder.path(), Path::new("/dev/full")).unwrap_err();
    assert!(matches!(error, WriteError::NoSpace { needed: 3_000_000.., .. }), "{error}");
    use std::os::unix::fs::FileTypeExt as _;
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}

#[test]
fn a_folder_in_the_place_of_the_image_is_refused() {
    let (folder, target) = (folder(), tempfile::tempdir().unwrap());
    let error = write(folder.path(), target.path()).unwrap_err();
    assert!(matches!(error, WriteError::Output { .. }), "{error}");
    let error = write(folder.path(), &target.path().join("no/such/out.iso")).unwrap_err();
    assert!(matches!(error, WriteError::Output { .. }), "{error}");
}

const KINDS: [[bool; 3]; 5] = [
    [true, false, false],
    [true, false, true],
    [false, true, false],
    [true, true, false],
    [true, true, true],
];

#[test]
fn checksums_are_the_same_in_a_file_in_a_pipe_and_read_in_any_order() {
    let (folder, target) = (folder(), tempfile::tempdir().unwrap());
    let watch = Watch { progress: &|_| {}, cancelled: &AtomicBool::new(false) };
    for [md5, isomd5, sha256] in KINDS {
        let wanted = image_core::ChecksumOptions { md5, isomd5, sha256, sha256_files: sha256 };
        let (plan, files) = with_checksums(folder.path(), wanted);
        let (out, other) = (target.path().join("out.iso"), target.path().join("other.iso"));
        let sums = write_file(&plan, &files, &out, Reflink::Auto, watch).unwrap();
        let stream = File::create(&other).unwrap();
        let streamed = write_stream(&plan, &files, &stream, &other, watch).unwrap();
        let image = fs::read(&out).unwrap();
        assert!(image == fs::read(&other).unwrap(), "{wanted:?}");
        assert_eq!(sums, streamed);
        let digest: [u8; 32] = sha2::Sha256::digest(&image).into();
        assert_eq!(sums.image_sha256, sha256.then_some(digest));
        let (patches, _) = checksums(&plan, &files, watch).unwrap();
        let mut whole = vec![0; image.len()];
        let mut source = PlanSource::new(plan, files).patched(patches);
        for (lba, part) in (0..).step_by(77).zip(whole.chunks_mut(77 * BLOCK)) {
            source.read(lba, part).unwrap();
        }
        assert!(whole == image, "{wanted:?}");
        let text = b"ISO MD5SUM = ";
        assert_eq!(image[16 * BLOCK + 883..].starts_with(text), isomd5);
    }
}

#[test]
fn a_stop_ends_the_checksums_too() {
    let (folder, target) = (folder(), tempfile::tempdir().unwrap());
    let wanted =
        image_core::ChecksumOptions { md5: true, isomd5: true, sha256: true, sha256_files: false };
    let (plan, files) = with_checksums(folder.path(), wanted);
    let watch = Watch { progress: &|_| {}, cancelled: &AtomicBool::new(true) };
    let out = target.path().join("out.iso");
    let error = write_file(&plan, &files, &out, Reflink::Auto, watch).unwrap_err();
    assert!(matches!(error, WriteError::Cancelled), "{error}");
    assert!(matches!(checksums(&plan, &files, watch), Err(WriteError::Cancelled)));
}

/// What is written is the same however it is shared. Where the file system of this machine cannot share blocks, that is
/// said, and nothing is left.
#[test]
fn sharing_blocks_changes_no_byte() {
    let folder = folder();
    let target = tempfile::tempdir_in(folder.path().parent().unwrap()).unwrap();
    let watch = Watch { progress: &|_| {}, cancelled: &AtomicBool::new(false) };
    let (plan, files) = planned(folder.path());
    let image = |reflink| {
        let out = target.path().join("out.iso");
        let written = write_file(&plan, &files, &out, reflink, watch);
        written.map(|_| fs::read(&out).unwrap())
    };
    let copied = image(Reflink::Never).unwrap();
    assert!(image(Reflink::Auto).unwrap() == copied);
    match image(Reflink::Always) {
        Ok(shared) => assert!(shared == copied),
        Err(error) => {
            let WriteError::Reflink { from, .. } = &error else { panic!("{error}") };
            assert!(from.ends_with("3000000"), "{error}");
            assert!(error.hint().unwrap().contains("--reflink auto"));
        }
    }
}
