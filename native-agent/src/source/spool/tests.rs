use super::*;
use crate::source::ImageSource as _;

const DAY: Duration = Duration::from_secs(86_400);
/// `printf 'hello world' | sha256sum`
const HELLO_WORLD: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

fn open(folder: &Path) -> Spool {
    Spool::open(folder.to_path_buf(), DAY).unwrap()
}

fn append(spool: &Spool, id: &str, offset: u64, bytes: &[u8]) -> Result<(), SpoolError> {
    let mut appender = spool.append(id, offset)?;
    appender.write(bytes)?;
    appender.finish()
}

#[test]
fn receives_in_parts_and_hashes_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let id = spool.create("greeting.iso", 11, Some("filename Z3JlZXRpbmc=")).unwrap().id;
    append(&spool, &id, 0, b"hello ").unwrap();
    assert!(!spool.info(&id).unwrap().is_complete());
    assert!(matches!(spool.read(&id), Err(SpoolError::Incomplete { offset: 6, length: 11, .. })));
    append(&spool, &id, 6, b"world").unwrap();
    assert_eq!(spool.info(&id).unwrap().sha256.as_deref(), Some(HELLO_WORLD));
    let mut image = spool.read(&id).unwrap();
    let mut block = [0xa5; 2048];
    image.read(0, &mut block).unwrap();
    assert_eq!((&block[..11], image.padding()), (&b"hello world"[..], 2037));
    assert!(block[11..].iter().all(|&byte| byte == 0));
}

#[test]
fn a_restart_resumes_from_what_is_certain_and_hashes_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let id = spool.create("a", 11, None).unwrap().id;
    append(&spool, &id, 0, b"hello ").unwrap();
    let mut appender = spool.append(&id, 6).unwrap();
    appender.write(b"wor").unwrap();
    drop((appender, spool));

    let spool = open(folder.path());
    assert_eq!(spool.info(&id).unwrap().offset, 6, "the last three bytes were never made durable");
    append(&spool, &id, 6, b"world").unwrap();
    drop(spool);
    assert_eq!(open(folder.path()).info(&id).unwrap().sha256.as_deref(), Some(HELLO_WORLD));
}

#[test]
fn a_cut_connection_keeps_what_came() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let id = spool.create("a", 11, None).unwrap().id;
    let mut appender = spool.append(&id, 0).unwrap();
    appender.write(b"hello ").unwrap();
    drop(appender);
    let mut last = spool.append(&id, 6).unwrap();
    last.write(b"world").unwrap();
    // Cut before anyone could say that this was the end.
    drop(last);
    assert_eq!(spool.info(&id).unwrap().sha256.as_deref(), Some(HELLO_WORLD));
}

#[test]
fn discarded_bytes_leave_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let id = spool.create("a", 11, None).unwrap().id;
    append(&spool, &id, 0, b"hello ").unwrap();
    let mut appender = spool.append(&id, 6).unwrap();
    appender.make_provisional();
    appender.write(b"xxxxx").unwrap();
    drop(appender);
    assert!(!spool.info(&id).unwrap().is_complete());
    assert_eq!(spool.info(&id).unwrap().offset, 6);
    append(&spool, &id, 6, b"world").unwrap();
    assert_eq!(spool.info(&id).unwrap().sha256.as_deref(), Some(HELLO_WORLD));
}

#[test]
fn refuses_what_does_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let id = spool.create("a", 4, None).unwrap().id;
    let wrong = append(&spool, &id, 1, b"x").unwrap_err();
    assert!(matches!(wrong, SpoolError::WrongOffset { expected: 0, given: 1 }), "{wrong}");
    let long = append(&spool, &id, 0, b"hello").unwrap_err();
    assert!(matches!(long, SpoolError::TooLong { length: 4 }), "{long}");
    let first = spool.append(&id, 0).unwrap();
    assert!(matches!(spool.append(&id, 0), Err(SpoolError::Busy { .. })));
    assert!(matches!(spool.remove(&id), Err(SpoolError::Busy { .. })));
    drop(first);
    for length in [0, MAX_LENGTH + 1] {
        assert!(matches!(spool.create("a", length, None), Err(SpoolError::BadLength { .. })));
    }
    let free = fs4::available_space(folder.path()).unwrap();
    if free < MAX_LENGTH {
        assert!(matches!(spool.create("a", free, None), Err(SpoolError::NoSpace { .. })));
    }
}

#[test]
fn space_already_promised_is_not_promised_again() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let most = fs4::available_space(folder.path()).unwrap().min(MAX_LENGTH) / 10 * 6;
    spool.create("a", most, None).unwrap();
    let free = fs4::available_space(folder.path()).unwrap();
    if free < MAX_LENGTH {
        assert!(matches!(spool.create("b", most, None), Err(SpoolError::NoSpace { .. })));
    }
}

#[test]
fn images_in_use_stay_and_old_ones_go() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let id = spool.create("a", 5, None).unwrap().id;
    append(&spool, &id, 0, b"hello").unwrap();
    let pin = spool.pin(&id).unwrap();
    let later = clock::now() + DAY + DAY;
    assert!(matches!(spool.remove(&id), Err(SpoolError::InUse { .. })));
    assert!(spool.sweep(later).is_empty());
    drop(pin);
    assert!(spool.sweep(clock::now()).is_empty());
    assert_eq!(spool.sweep(later), vec![id.clone()]);
    assert!(matches!(spool.info(&id), Err(SpoolError::Unknown { .. })));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn data_without_a_record_is_swept_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("orphan.image"), "x").unwrap();
    assert!(open(folder.path()).all().is_empty());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_does_not_belong_or_is_damaged_costs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let ids = ["a", "b"].map(|name| spool.create(name, 11, None).unwrap().id);
    for id in &ids {
        append(&spool, id, 0, b"hello world").unwrap();
    }
    drop(spool);
    let file = |id: &str, extension: &str| folder.path().join(id).with_extension(extension);
    fs::write(file(&ids[0], "json"), "{").unwrap();
    fs::create_dir(folder.path().join("lost+found")).unwrap();
    let spool = open(folder.path());
    assert!(matches!(spool.info(&ids[0]), Err(SpoolError::Unknown { .. })));
    assert!(!file(&ids[0], "json").exists() && !file(&ids[0], "image").exists());
    assert!(spool.info(&ids[1]).unwrap().is_complete());
}

#[test]
fn what_a_job_did_not_finish_is_gone_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let ids = ["a", "b"].map(|name| spool.create(name, 4096, None).unwrap().id);
    for id in &ids {
        let mut filler = spool.fill(id).unwrap();
        filler.file().set_len(4096).unwrap();
        if *id == ids[0] {
            filler.finish(HELLO_WORLD).unwrap();
        }
    }
    drop(spool);
    let spool = open(folder.path());
    assert!(spool.info(&ids[0]).unwrap().is_complete());
    assert!(matches!(spool.info(&ids[1]), Err(SpoolError::Unknown { .. })));
}

/// The disk has less room for what is there of an image already.
#[cfg(unix)]
#[test]
fn what_is_there_of_an_image_needs_no_more_room() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let length = 8 << 20;
    let id = spool.create("a", length, None).unwrap().id;
    let missing = || spool.slot(&id).unwrap().missing();
    assert_eq!(missing(), length);
    let mut filler = spool.fill(&id).unwrap();
    filler.file().set_len(length).unwrap();
    std::io::Write::write_all(filler.file(), &vec![7; 4 << 20]).unwrap();
    filler.file().sync_data().unwrap();
    assert!(missing() <= 4 << 20, "{}", missing());
}
