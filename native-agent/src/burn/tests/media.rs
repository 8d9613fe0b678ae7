//! Each medium in each state, with the real clock and the reader thread.

use image_core::{FileSystems, SessionOptions};

use super::*;

const SEQUENTIAL: [MediumKind; 8] = [
    MediumKind::DvdPlusR,
    MediumKind::DvdPlusRDl,
    MediumKind::BdR,
    MediumKind::BdRDl,
    MediumKind::BdRTl,
    MediumKind::BdRQl,
    MediumKind::DvdR,
    MediumKind::DvdRw,
];
const OVERWRITABLE: [MediumKind; 5] = [
    MediumKind::BdRe,
    MediumKind::BdReDl,
    MediumKind::BdReTl,
    MediumKind::DvdPlusRw,
    MediumKind::DvdRam,
];
/// Sequential too, but with rules of their own, which the tests in `cd` and `layers` are about.
const PECULIAR: [MediumKind; 3] = [MediumKind::CdR, MediumKind::CdRw, MediumKind::DvdRDl];

#[test]
fn no_medium_is_left_out() {
    let tested: Vec<_> = SEQUENTIAL.into_iter().chain(OVERWRITABLE).chain(PECULIAR).collect();
    for row in virtual_drive::MEDIA {
        assert!(tested.contains(&row.kind), "{}", row.name);
    }
    assert_eq!(tested.len(), virtual_drive::MEDIA.len());
}

#[test]
fn blank_discs_take_an_image() {
    for kind in SEQUENTIAL.into_iter().chain(OVERWRITABLE) {
        let bench = Bench::new(kind, 1600);
        let mut image = Memory::new(77);
        let outcome = bench.burn(&mut image, &options()).unwrap();
        assert_eq!((outcome.start, outcome.blocks), (0, 77), "{kind:?}");
        let sha256: [u8; 32] =
            sha2::Digest::finalize(<sha2::Sha256 as sha2::Digest>::new_with_prefix(&image.bytes))
                .into();
        assert_eq!(outcome.sha256, sha256, "{kind:?}");
        let found = bench.verify(&mut image, 0, Some(sha256));
        assert!(found.is_good(), "{kind:?}: {found:?}");
        assert_eq!((found.checked_blocks, found.sha256), (77, Some(sha256)), "{kind:?}");
    }
}

#[test]
fn sequential_discs_take_another_session_until_closed() {
    for kind in SEQUENTIAL {
        let bench = Bench::new(kind, 48_000);
        let (mut first, mut second) = (Memory::new(64), Memory::new(40));
        bench.burn(&mut first, &options()).unwrap();
        let between = bench.medium();
        assert_eq!(between.status, MediumStatus::Appendable, "{kind:?}");
        assert_eq!((between.sessions, between.tracks), (1, 1), "{kind:?}");
        let last = Options { close: true, ..options() };
        let outcome = bench.burn(&mut second, &last).unwrap();
        assert_eq!(Some(outcome.start), between.next_writable, "{kind:?}");
        assert_eq!(outcome.finalized, Some(true), "{kind:?}");
        assert!(bench.verify(&mut first, 0, None).is_good(), "{kind:?}");
        assert!(bench.verify(&mut second, outcome.start, None).is_good(), "{kind:?}");
        let full = bench.burn(&mut first, &options()).unwrap_err();
        assert!(matches!(full, BurnError::NotWritable { .. }), "{kind:?}: {full}");
        assert_eq!(full.fate(), DiscFate::Untouched);
    }
}

#[test]
fn overwritable_discs_take_one_image_after_the_other() {
    for kind in OVERWRITABLE {
        let bench = Bench::new(kind, 1600);
        let mut image = Memory::new(100);
        bench.burn(&mut image, &options()).unwrap();
        image.bytes.reverse();
        let outcome = bench.burn(&mut image, &options()).unwrap();
        assert_eq!(outcome.start, 0, "{kind:?}");
        assert!(bench.verify(&mut image, 0, Some(outcome.sha256)).is_good(), "{kind:?}");
    }
}

#[test]
fn an_image_that_fits_exactly_fits_and_one_block_more_does_not() {
    for kind in SEQUENTIAL.into_iter().chain(OVERWRITABLE) {
        let bench = Bench::new(kind, 1600);
        let free = bench.medium().free_blocks;
        let before = bench.medium().fingerprint;
        let error = bench.burn(&mut Memory::new(free + 1), &options()).unwrap_err();
        let BurnError::DoesNotFit { needed, free: told, .. } = error else {
            panic!("{kind:?}: {error}")
        };
        assert_eq!((needed, told), (free + 1, free), "{kind:?}");
        assert_eq!(bench.medium().fingerprint, before, "{kind:?}: the disc is untouched");
        let mut image = Memory::new(free);
        bench.burn(&mut image, &options()).unwrap_or_else(|e| panic!("{kind:?}: {e:?}"));
        assert!(bench.verify(&mut image, 0, None).is_good(), "{kind:?}");
    }
}

/// What an earlier burn can have left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// It was cancelled.
    Begun,
    /// A block could not be written.
    Broken,
}

fn left(kind: MediumKind, how: Left) -> Bench {
    let bench = Bench::new(kind, 48_000);
    match how {
        Left::Begun => upkeep::begin(&bench),
        Left::Broken => {
            let broken = Script::parse(b"write blocks 40: medium-error").unwrap();
            let drive = &mut following(bench.drive(), broken);
            let cancel = AtomicBool::new(false);
            let error = run(drive, &mut Memory::new(64), &options(), &cancel, &mut |_| {});
            assert!(matches!(error, Err(BurnError::Write { .. })), "{kind}: {error:?}");
        }
    }
    bench
}

#[test]
fn what_a_burn_has_left_takes_no_image_until_it_is_closed() {
    for kind in SEQUENTIAL.into_iter().chain(PECULIAR) {
        for (how, reason) in [(Left::Begun, "was begun"), (Left::Broken, "is damaged")] {
            let what = format!("{kind}, {how:?}");
            let bench = left(kind, how);
            let before = bench.medium();
            let error = bench.burn(&mut Memory::new(40), &options()).unwrap_err();
            assert_eq!((error.code(), error.fate()), ("mediumNotWritable", DiscFate::Untouched));
            assert!(error.to_string().contains(reason), "{what}: {error}");
            assert!(error.hint().is_some() && !before.is_writable(), "{what}");
            assert_eq!(bench.medium().fingerprint, before.fingerprint, "{what}");
            let cancel = AtomicBool::new(false);
            let closed = close(&mut bench.drive(), None, &cancel, &mut |_| {});
            if before.profile.is_cd() && how == Left::Broken {
                // Nothing mends the track of a CD.
                assert_eq!(closed.unwrap_err().code(), "nothingToClose", "{what}");
            } else {
                assert_eq!(closed.unwrap().after.unwrap().status, MediumStatus::Complete, "{what}");
            }
        }
    }
    for kind in OVERWRITABLE {
        for how in [Left::Begun, Left::Broken] {
            let (bench, mut image) = (left(kind, how), Memory::new(40));
            bench.burn(&mut image, &options()).unwrap();
            assert!(bench.verify(&mut image, 0, None).is_good(), "{kind}, {how:?}");
        }
    }
}

#[test]
fn another_disc_than_the_confirmed_one_is_refused() {
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let mut image = Memory::new(20);
    let confirmed = Options { medium: Some(bench.medium().fingerprint), ..options() };
    let other = Options { medium: Some("0".repeat(32)), ..options() };
    assert!(matches!(bench.burn(&mut image, &other), Err(BurnError::WrongMedium)));
    bench.burn(&mut image, &confirmed).unwrap();
    assert_ne!(Some(bench.medium().fingerprint), confirmed.medium, "a burned disc is another");
}

#[test]
fn nothing_to_burn_and_nothing_to_burn_to() {
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    assert!(matches!(bench.burn(&mut Memory::new(0), &options()), Err(BurnError::EmptyImage)));
    let cancel = AtomicBool::new(false);
    let mut empty = VirtualDrive::empty(&virtual_drive::DriveOptions::default());
    let error = run(&mut empty, &mut Memory::new(1), &options(), &cancel, &mut |_| {}).unwrap_err();
    assert!(matches!(error, BurnError::NoMedium), "{error}");
}

#[test]
fn an_image_for_an_empty_disc_is_not_appended() {
    let bench = Bench::new(MediumKind::DvdPlusR, 48_000);
    let mut image = Memory::new(64);
    let descriptor = 16 * BLOCK;
    image.bytes[descriptor + 1..descriptor + 6].copy_from_slice(b"CD001");
    image.bytes[descriptor + 158..descriptor + 162].copy_from_slice(&20u32.to_le_bytes());
    bench.burn(&mut image, &options()).unwrap();
    let start = bench.medium().next_writable.unwrap();
    let error = bench.burn(&mut image, &options()).unwrap_err();
    assert!(matches!(error, BurnError::NotForThisSession { .. }), "{error}");
    // As long as it is, an image for an empty disc may name a block behind the start.
    let root = (start + 20).to_le_bytes();
    image.bytes[descriptor + 158..descriptor + 162].copy_from_slice(&root);
    let error = bench.burn(&mut image, &options()).unwrap_err();
    assert!(matches!(error, BurnError::NotForThisSession { .. }), "{error}");
    let record = 20 * BLOCK;
    image.bytes[record + 2..record + 6].copy_from_slice(&root);
    image.bytes[record + 32..record + 34].copy_from_slice(&[1, 0]);
    bench.burn(&mut image, &options()).unwrap();
}

#[test]
fn an_image_of_udf_for_an_empty_disc_is_not_appended() {
    let udf = |start: u32| {
        let file_systems =
            FileSystems { iso9660: false, joliet: false, rock_ridge: false, udf: true };
        let session = SessionOptions { start: Lba(start), boot_catalog: None, udf: None };
        let session = (start > 0).then_some(session);
        let options =
            image_core::Options { file_systems, session, ..image_core::Options::default() };
        let plan = image_core::plan(image_core::Tree::new(), &options).unwrap();
        let mut image = Memory::new(plan.size_blocks());
        plan.render(plan.start(), &mut image.bytes);
        image
    };
    let bench = Bench::new(MediumKind::DvdPlusR, 48_000);
    bench.burn(&mut udf(0), &options()).unwrap();
    let start = bench.medium().next_writable.unwrap();
    for other in [0, start + 32] {
        let error = bench.burn(&mut udf(other), &options()).unwrap_err();
        assert!(matches!(error, BurnError::NotForThisSession { .. }), "{error}");
    }
    bench.burn(&mut udf(start), &options()).unwrap();
}

#[test]
fn simulation_leaves_a_dvd_r_blank_and_is_refused_elsewhere() {
    let simulate = Options { simulate: true, ..options() };
    let bench = Bench::new(MediumKind::DvdR, 1600);
    let before = bench.medium().fingerprint;
    let outcome = bench.burn(&mut Memory::new(50), &simulate).unwrap();
    assert_eq!(outcome.finalized, None);
    assert_eq!(bench.medium().fingerprint, before);
    let bench = Bench::new(MediumKind::BdR, 1600);
    let error = bench.burn(&mut Memory::new(50), &simulate).unwrap_err();
    assert!(matches!(error, BurnError::CannotSimulate { .. }), "{error}");
}

#[test]
fn a_source_that_fails_stops_the_burn_and_says_where() {
    for (kind, fate) in
        [(MediumKind::DvdPlusR, DiscFate::Spoiled), (MediumKind::DvdRam, DiscFate::Rewritable)]
    {
        let bench = Bench::new(kind, 1600);
        let mut image = Memory { broken: Some(530), ..Memory::new(600) };
        let error = bench.burn(&mut image, &options()).unwrap_err();
        assert!(matches!(error, BurnError::Source { block: 528, .. }), "{error:?}");
        assert_eq!(error.fate(), fate);
        assert!(bench.drive_is_free());
    }
}

#[test]
fn cancelling_at_any_time_ends_the_burn_and_frees_the_tray() {
    let image = Memory::new(320);
    for kind in [MediumKind::DvdPlusR, MediumKind::BdRe] {
        let whole = Bench::new(kind, 1600);
        let mut pair = Pair::new(&whole, &options(), &image, |drive| drive);
        pair.drive_to_end().unwrap();
        for moment in 0..pair.commands {
            let bench = Bench::new(kind, 1600);
            let mut pair = Pair::new(&bench, &options(), &image, |drive| drive);
            while pair.commands < moment {
                assert!(pair.step().is_none());
            }
            pair.machine.cancel(pair.now);
            let written = pair.machine.position();
            match pair.drive_to_end() {
                Ok(recorded) => {
                    assert!(written >= recorded.blocks, "{kind:?} at {moment}");
                    drop(pair);
                    assert!(bench.verify(&mut image.clone(), 0, None).is_good());
                }
                Err(error) => {
                    assert!(matches!(error, BurnError::Cancelled { .. }), "{error:?}");
                    let untouched = error.fate() == DiscFate::Untouched;
                    drop(pair);
                    let blank = bench.medium().status == MediumStatus::Blank;
                    assert_eq!(untouched, blank, "{kind:?} at {moment}: {error}");
                }
            }
            assert!(bench.drive_is_free(), "{kind:?} at {moment}");
        }
    }
}

#[test]
fn verification_lists_what_is_different() {
    let bench = Bench::new(MediumKind::BdRe, 1600);
    let mut image = Memory::new(200);
    let sent = bench.burn(&mut image, &options()).unwrap().sha256;
    for block in [5, 6, 130] {
        image.bytes[block * BLOCK + 2047] ^= 1;
    }
    let found = bench.verify(&mut image, 0, Some(sent));
    let range = |first, blocks| BlockRange { first, blocks };
    assert_eq!(found.different, [range(5, 2), range(130, 1)]);
    assert_eq!(found.sha256, Some(sent), "the disc holds what was sent");
    assert!(!found.is_good());
}

#[test]
fn verification_of_a_disc_that_cannot_be_read_in_places() {
    use crate::scsi::{Sense, fault::Effect, opcode::READ_10};
    let bench = Bench::new(MediumKind::BdRe, 1600);
    let mut image = Memory::new(96);
    bench.burn(&mut image, &options()).unwrap();
    // The second piece fails, then its third block, as often as it is tried.
    let bad = Effect::Refuse(Sense::new(3, 0x11, 0));
    let script = Script::default().at(READ_10, 2, bad).repeatedly(READ_10, 5, 2, bad);
    let mut drive = following(bench.drive(), script);
    let cancel = AtomicBool::new(false);
    let found = verify(&mut drive, &mut image, 0, Level::Full, None, &cancel, &mut |_| {}).unwrap();
    assert_eq!(found.unreadable, [BlockRange { first: 34, blocks: 1 }]);
    assert_eq!((found.sha256, found.is_good()), (None, false));
    assert_eq!(found.different, []);
}

#[test]
fn a_write_faster_than_light_is_suspect() {
    let bench = Bench::new(MediumKind::DvdRam, 65_536);
    let mut image = Memory::new(40_000);
    let trusting = bench.burn(&mut image, &options()).unwrap();
    assert_eq!(trusting.suspect, None);
    let fastest = trusting.before.write_speeds[0].kb_per_second;
    assert!(fastest < 30_000, "{fastest} kB/s");
    let wary = bench.burn(&mut image, &Options { check_pace: true, ..options() }).unwrap();
    assert!(wary.suspect.is_some(), "{:?} for 82 MB", wary.write_time);
    let levels = [Level::None, Level::Quick].map(|level| wary.level(level, false));
    assert_eq!(levels, [Level::Full; 2], "GOOD alone is no success");
    assert_eq!(trusting.level(Level::Quick, false), Level::Quick);
    assert_eq!(wary.level(Level::Full, true), Level::None, "a rehearsal leaves nothing");
}

impl Bench {
    /// Whether the tray opens by command, which it does not while it is locked.
    pub(super) fn drive_is_free(&self) -> bool {
        let mut drive = self.drive();
        mmc::probe(&mut drive).unwrap();
        let eject = mmc::start_stop(mmc::TrayAction::Eject);
        eject.send(&mut drive).is_ok()
    }
}

/// An adapter that moves little at once.
struct Narrow(VirtualDrive, usize);

impl Transport for Narrow {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let len = match &data {
            Data::None => 0,
            Data::In(buffer) => buffer.len(),
            Data::Out(buffer) => buffer.len(),
        };
        assert!(len <= self.1, "{len} bytes at once");
        self.0.execute(cdb, data, timeout)
    }

    fn max_transfer(&self) -> Option<u32> {
        u32::try_from(self.1).ok()
    }
}

#[test]
fn narrow_adapters_get_short_writes() {
    // The least there is: adapters that Linux runs with 64 sectors of 512 bytes.
    for kind in [MediumKind::BdRe, MediumKind::BdR, MediumKind::DvdPlusR] {
        let bench = Bench::new(kind, 1600);
        let mut image = Memory::new(33);
        let cancel = AtomicBool::new(false);
        let mut drive = Narrow(bench.drive(), 32 * 1024);
        run(&mut drive, &mut image, &options(), &cancel, &mut |_| {}).unwrap();
        let found =
            verify(&mut drive, &mut image, 0, Level::Full, None, &cancel, &mut |_| {}).unwrap();
        assert!(found.is_good(), "{kind:?}: {found:?}");
    }
}

/// Each command takes longer than the time after which the level of the buffer is asked for.
#[test]
fn a_slow_drive_is_written_to_nevertheless() {
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let image = Memory::new(200);
    let mut pair = Pair::new(&bench, &options(), &image, Recording::new);
    let result = loop {
        pair.now += Duration::from_secs(2);
        if let Some(result) = pair.step() {
            break result;
        }
    };
    assert!(result.is_ok(), "{result:?}");
    let levels = pair.drive.lines().iter().filter(|line| line.starts_with("5c")).count();
    assert!(levels <= 200 / 16, "{levels} questions");
}
