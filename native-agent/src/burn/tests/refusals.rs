//! What cannot work is refused with a reason and a remedy before anything is done to the disc.

use std::{fs, io::Write as _};

use super::*;
use crate::{
    drives::Location,
    scsi::{Sense, fault::Effect, opcode, transport::OpenError},
    source::image_file::ImageFile,
};

/// Commands after which a disc may be another.
const CHANGES: [u8; 9] = [
    opcode::FORMAT_UNIT,
    opcode::WRITE_10,
    opcode::WRITE_12,
    opcode::WRITE_AND_VERIFY,
    opcode::RESERVE_TRACK,
    opcode::SEND_OPC,
    opcode::CLOSE_TRACK_SESSION,
    opcode::SEND_CUE_SHEET,
    opcode::BLANK,
];

/// A drive whose answers to some questions are changed on the way.
pub(super) struct Telling<F> {
    pub(super) drive: VirtualDrive,
    pub(super) change: F,
}

impl<F: FnMut(&[u8], &mut [u8], usize) -> usize + Send> Transport for Telling<F> {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let Data::In(buffer) = data else { return self.drive.execute(cdb, data, timeout) };
        let moved = match self.drive.execute(cdb, Data::In(&mut *buffer), timeout) {
            // The drive does not know what the change makes up.
            Err(ScsiError::Check(sense)) if sense.key == 5 => 0,
            other => other?,
        };
        Ok((self.change)(cdb, buffer, moved))
    }
}

/// Burns, and tells why not; nothing may have happened to the disc.
#[track_caller]
pub(super) fn refused(
    drive: impl Transport,
    image: &mut dyn ImageSource,
    options: &Options,
) -> BurnError {
    let mut drive = Recording::new(drive);
    let cancel = AtomicBool::new(false);
    let error = run(&mut drive, image, options, &cancel, &mut |_| {}).unwrap_err();
    for line in drive.lines() {
        let opcode = u8::from_str_radix(&line[..2], 16).unwrap();
        assert!(!CHANGES.contains(&opcode), "{line}, then {error}");
    }
    assert_eq!(error.fate(), DiscFate::Untouched, "{error}");
    assert!(error.hint().is_some(), "{error} has no remedy");
    error
}

#[track_caller]
fn refused_as(
    code: &str,
    blame: Blame,
    words: &str,
    drive: impl Transport,
    image: &mut dyn ImageSource,
    options: &Options,
) {
    let error = refused(drive, image, options);
    assert_eq!((error.code(), error.blame()), (code, blame), "{error}");
    let said = crate::problem::chain(&error);
    assert!(said.contains(words), "{said:?} does not say {words:?}");
}

#[test]
fn images_that_cannot_be_burned() {
    let bench = Bench::new(MediumKind::BdRe, 1600);
    let mut large = Memory::new(1601);
    refused_as("imageTooLarge", Blame::Medium, "1601", bench.drive(), &mut large, &options());
    let mut none = Memory::new(0);
    refused_as("imageEmpty", Blame::Input, "empty", bench.drive(), &mut none, &options());

    // The disc has not even been formatted for an image that is not what it was.
    let file = |bytes: usize| {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&vec![7; bytes]).unwrap();
        let image = ImageFile::open(file.path()).unwrap();
        (file, image)
    };
    let (kept, mut image) = file(90_000);
    kept.as_file().set_len(4096).unwrap();
    refused_as("sourceFailed", Blame::Input, "cut short", bench.drive(), &mut image, &options());
    let (kept, mut image) = file(90_000);
    kept.as_file().set_modified(std::time::UNIX_EPOCH).unwrap();
    refused_as("sourceFailed", Blame::Input, "changed", bench.drive(), &mut image, &options());
}

#[test]
fn an_image_that_ends_within_a_block_is_filled_up() {
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&[7; 5000]).unwrap();
    let mut image = ImageFile::open(file.path()).unwrap();
    assert_eq!(image.padding(), 3 * 2048 - 5000, "which the command line tells");
    let cancel = AtomicBool::new(false);
    run(&mut bench.drive(), &mut image, &options(), &cancel, &mut |_| {}).unwrap();
    let mut filled = Memory { bytes: vec![7; 3 * 2048], ..Memory::new(1) };
    filled.bytes[5000..].fill(0);
    assert!(bench.verify(&mut filled, 0, None).is_good());
}

#[test]
fn media_that_cannot_be_written() {
    let medium = Blame::Medium;
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let image = &mut Memory::new(40);
    let other = Options { medium: Some("0".repeat(32)), ..options() };
    refused_as("mediumChanged", medium, "confirmed", bench.drive(), image, &other);

    bench.burn(image, &Options { close: true, ..options() }).unwrap();
    refused_as("mediumNotWritable", medium, "closed", bench.drive(), image, &options());

    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let damaged = |cdb: &[u8], answer: &mut [u8], moved| {
        if cdb[0] == opcode::READ_DISC_INFORMATION {
            // Incomplete, with a last session that is damaged.
            answer[2] = answer[2] & !0x0f | 0b1001;
        }
        moved
    };
    let drive = Telling { drive: bench.drive(), change: damaged };
    refused_as("mediumNotWritable", medium, "damaged", drive, image, &options());

    let bench = Bench::new(MediumKind::DvdRam, 1600);
    let drive = Telling { drive: bench.drive(), change: protected_by_its_cartridge };
    refused_as("mediumNotWritable", medium, "write-protected by the tab", drive, image, &options());

    let empty = VirtualDrive::empty(&virtual_drive::DriveOptions::default());
    refused_as("noMedium", medium, "no disc", empty, image, &options());
}

/// A session whose start was laid out from what was read of another disc, or of this one before it was written again.
#[test]
fn a_session_for_another_disc_that_can_be_overwritten() {
    let medium = Blame::Medium;
    for kind in [MediumKind::DvdRam, MediumKind::DvdPlusRw, MediumKind::BdRe] {
        let bench = Bench::new(kind, 1600);
        let mut first = Memory::new(60);
        bench.burn(&mut first, &options()).unwrap();
        let other = Bench::new(kind, 1600);
        first.bytes[40 * BLOCK + 9] ^= 1;
        other.burn(&mut first, &options()).unwrap();
        let more = &mut Memory::behind(70);
        refused_as("mediumChanged", medium, "block 40", other.drive(), more, &options());
        bench.burn(more, &options()).unwrap();
        refused_as("mediumChanged", medium, "block 16", bench.drive(), more, &options());
    }
}

/// With the Write Protect feature behind the others, and CWP in the structure of format C0h.
fn protected_by_its_cartridge(cdb: &[u8], answer: &mut [u8], moved: usize) -> usize {
    const FEATURE: [u8; 8] = [0, 4, 1, 4, 0, 0, 0, 0];
    match (cdb[0], cdb.get(7).copied().unwrap_or_default()) {
        (opcode::GET_CONFIGURATION, _) => {
            answer[moved..moved + FEATURE.len()].copy_from_slice(&FEATURE);
            let len = (moved + FEATURE.len() - 4) as u32;
            answer[..4].copy_from_slice(&len.to_be_bytes());
            moved + FEATURE.len()
        }
        (opcode::READ_DISC_STRUCTURE, 0xc0) => {
            answer[..8].copy_from_slice(&[0, 6, 0, 0, 0x04, 0, 0, 0]);
            8
        }
        _ => moved,
    }
}

#[test]
fn drives_that_are_not_there_any_more() {
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let image = &mut Memory::new(40);
    for opcode in [opcode::TEST_UNIT_READY, opcode::READ_DISC_INFORMATION] {
        let drive = following(bench.drive(), Script::default().at(opcode, 1, Effect::Gone));
        refused_as("driveNotReady", Blame::Drive, "gone", drive, image, &options());
    }
    let gone = Script::default().at(opcode::SET_STREAMING, 1, Effect::Gone);
    let drive = following(bench.drive(), gone);
    refused_as("driveGone", Blame::Drive, "went away", drive, image, &options());
    let busy = Effect::Refuse(Sense::new(2, 0x3a, 0));
    let removed = Script::default().at(opcode::READ_TRACK_INFORMATION, 2, busy);
    let drive = following(bench.drive(), removed);
    refused_as("mediumRemoved", Blame::Medium, "taken out", drive, image, &options());
}

/// The drive is not even opened; who has two jobs for one is told by `server::tests::jobs`.
#[test]
fn drives_that_are_somebody_elses() {
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let held = bench.drive();
    let location = Location::parse(&format!("virtual:{}", bench.path.display())).unwrap();
    let error = location.open().err().unwrap();
    assert!(error.is_busy() && error.hint().is_some(), "{error}");
    assert_eq!(error.problem().code, "driveTaken");
    drop(held);
    location.open().unwrap();

    let path = PathBuf::from("/dev/sr0");
    let mounted = vec![crate::scsi::transport::Holder::Mount("/media/disc".into())];
    for (error, code, words) in [
        (OpenError::InUse { path: path.clone(), by: mounted }, "driveTaken", "/media/disc"),
        (OpenError::InUse { path: path.clone(), by: Vec::new() }, "driveTaken", "sr0"),
        (
            OpenError::Denied { path: path.clone(), remedy: "join the group".to_owned() },
            "driveForbidden",
            "no permission",
        ),
        (OpenError::NotFound(path), "driveNotFound", "no drive"),
    ] {
        let error = crate::drives::DriveError::from(error);
        let problem = error.problem();
        assert_eq!(problem.code, code);
        assert!(problem.detail.contains(words), "{}", problem.detail);
        assert!(error.hint().is_some(), "{error}");
    }
}

/// A source that panics at this block.
struct Panicking(u32);

impl ImageSource for Panicking {
    fn len_blocks(&self) -> u32 {
        1500
    }

    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), SourceError> {
        let blocks = (out.len() / BLOCK) as u32;
        assert!(!(lba..lba + blocks).contains(&self.0), "a bug");
        out.fill(0);
        Ok(())
    }
}

/// Waits for a burn on a thread of its own, which must not hang.
fn ends<T: Send + 'static>(burn: impl FnOnce() -> T + Send + 'static) -> std::thread::Result<T> {
    let burning = std::thread::spawn(burn);
    let start = Instant::now();
    while !burning.is_finished() {
        assert!(start.elapsed() < Duration::from_secs(60), "it hangs");
        std::thread::sleep(Duration::from_millis(5));
    }
    burning.join()
}

#[test]
fn whoever_panics_does_not_let_the_other_wait_for_ever() {
    let narrow = || Options { buffer_bytes: Some(64 << 10), ..options() };
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let mut drive = bench.drive();
    let burned = ends(move || {
        let cancel = AtomicBool::new(false);
        run(&mut drive, &mut Panicking(700), &narrow(), &cancel, &mut |_| {})
    });
    let error = burned.unwrap().unwrap_err();
    assert!(matches!(error, BurnError::Source { fate: DiscFate::Spoiled, .. }), "{error:?}");

    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let mut drive = bench.drive();
    let burned = ends(move || {
        let cancel = AtomicBool::new(false);
        let tell = &mut |event| assert!(!matches!(event, Event::Progress(_)), "a bug");
        run(&mut drive, &mut Memory::new(1500), &narrow(), &cancel, tell)
    });
    assert!(burned.is_err(), "it went on");
}

/// A file that changes later stops the burn: what is told of the disc is true.
#[test]
fn an_image_that_changes_in_the_middle_stops_the_burn() {
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&vec![7; 1500 * BLOCK]).unwrap();
    let mut image = ImageFile::open(file.path()).unwrap();
    let path = file.path().to_owned();
    let mut changed = false;
    let tell = &mut |event| {
        if matches!(event, Event::Progress(_)) && !changed {
            changed = true;
            fs::File::options().append(true).open(&path).unwrap().write_all(b"more").unwrap();
        }
    };
    let narrow = Options { buffer_bytes: Some(64 << 10), ..options() };
    let cancel = AtomicBool::new(false);
    let error = run(&mut bench.drive(), &mut image, &narrow, &cancel, tell).unwrap_err();
    assert!(matches!(error, BurnError::Source { fate: DiscFate::Spoiled, .. }), "{error:?}");
    assert!(error.hint().is_some());
}
