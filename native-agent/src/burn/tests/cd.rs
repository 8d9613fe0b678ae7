//! CD-R and CD-RW in each state and each write mode.

use super::*;

const CDS: [MediumKind; 2] = [MediumKind::CdR, MediumKind::CdRw];
const MODES: [WriteMode; 4] =
    [WriteMode::Automatic, WriteMode::TrackAtOnce, WriteMode::SessionAtOnce, WriteMode::Raw];

fn closing() -> Options {
    Options { close: true, ..options() }
}

pub(super) fn in_mode(write_mode: WriteMode, close: bool) -> Options {
    Options { write_mode, close, ..options() }
}

#[test]
fn blank_discs_take_an_image_in_every_mode() {
    for (kind, mode) in CDS.into_iter().flat_map(|kind| MODES.map(|mode| (kind, mode))) {
        for (blocks, close) in [(77, false), (77, true), (500, false), (500, true)] {
            if mode == WriteMode::Raw && !close {
                continue;
            }
            let what = format!("{kind} {mode:?} {blocks} {close}");
            let bench = Bench::new(kind, 16_000);
            let mut image = Memory::new(blocks);
            let outcome = bench.burn(&mut image, &in_mode(mode, close)).unwrap();
            assert_eq!((outcome.start, outcome.finalized), (0, Some(close)), "{what}");
            let found = bench.verify(&mut image, 0, Some(outcome.sha256));
            assert!(found.is_good(), "{what}: {found:?}");
            let medium = bench.medium();
            let status = if close { MediumStatus::Complete } else { MediumStatus::Appendable };
            assert_eq!((medium.status, medium.sessions, medium.tracks), (status, 1, 1), "{what}");
            // Only a track by itself has a run-out.
            let at_once = match mode {
                WriteMode::SessionAtOnce | WriteMode::Raw => true,
                WriteMode::Automatic => close,
                WriteMode::TrackAtOnce => false,
            };
            let capacity = mmc::Capacity::parse(&bench.ask(&mmc::read_capacity())).unwrap();
            let run_out = if at_once { 0 } else { 2 };
            assert_eq!(capacity.blocks, blocks.max(300) + run_out, "{what}");
        }
    }
}

/// ECMA-130 20.1: a track is four seconds long.
#[test]
fn a_short_image_is_filled_up_to_a_track_and_needs_the_room_of_one() {
    for (kind, mode) in CDS.into_iter().flat_map(|kind| MODES.map(|mode| (kind, mode))) {
        let bench = Bench::new(kind, 16_000);
        let mut drive = Recording::new(bench.drive());
        let cancel = AtomicBool::new(false);
        let image = &mut Memory::new(40);
        run(&mut drive, image, &in_mode(mode, true), &cancel, &mut |_| {}).unwrap();
        if mode == WriteMode::TrackAtOnce {
            let writes = drive.lines().iter().filter(|line| line.starts_with("2a "));
            let byte = |line: &str, at| u32::from_str_radix(line.split(' ').nth(at).unwrap(), 16);
            let blocks = writes.map(|line| byte(line, 8).unwrap()).sum::<u32>();
            assert_eq!(blocks, 300, "{kind}");
        }
        drop(drive);
        let track = bench.medium().track.unwrap();
        assert!(track.size >= 300, "{kind} {mode:?}: {track:?}");
        let error = Bench::new(kind, 299).burn(image, &in_mode(mode, true)).unwrap_err();
        assert!(matches!(error, BurnError::DoesNotFit { needed: 300, .. }), "{kind}: {error:?}");
    }
}

#[test]
fn sessions_are_added_until_one_closes_the_disc() {
    for kind in CDS {
        let bench = Bench::new(kind, 48_000);
        let mut images = [Memory::new(400), Memory::new(310), Memory::new(320)];
        let starts = [0, 402 + 11_400, 402 + 11_400 + 312 + 6900];
        for (index, image) in images.iter_mut().enumerate() {
            let last = index == 2;
            let medium = bench.medium();
            assert_eq!(
                (medium.next_writable, medium.sessions),
                (Some(starts[index]), index as u16)
            );
            let outcome = bench.burn(image, &in_mode(WriteMode::Automatic, last)).unwrap();
            assert_eq!((outcome.start, outcome.finalized), (starts[index], Some(last)), "{kind}");
        }
        for (image, start) in images.iter_mut().zip(starts) {
            assert!(bench.verify(image, start, None).is_good(), "{kind} {start}");
        }
        let error = bench.burn(&mut images[0], &options()).unwrap_err();
        assert_eq!(error.fate(), DiscFate::Untouched);
        let hint = if kind == MediumKind::CdRw { "erased first" } else { "nothing can be added" };
        assert!(error.to_string().contains(hint), "{error}");
        assert_eq!(error.hint().unwrap().contains("erase"), kind == MediumKind::CdRw);
    }
}

#[test]
fn what_fits_exactly_fits_and_one_block_more_does_not() {
    for mode in MODES {
        let bench = Bench::new(MediumKind::CdR, 1600);
        let options = in_mode(mode, true);
        assert_eq!(bench.medium().free_blocks, 1598);
        let error = bench.burn(&mut Memory::new(1599), &options).unwrap_err();
        assert!(matches!(error, BurnError::DoesNotFit { needed: 1599, free: 1598, .. }), "{error}");
        let mut image = Memory::new(1598);
        bench.burn(&mut image, &options).unwrap();
        assert!(bench.verify(&mut image, 0, None).is_good());
    }
}

#[test]
fn no_room_for_another_session_is_told() {
    let bench = Bench::new(MediumKind::CdR, 5000);
    bench.burn(&mut Memory::new(400), &options()).unwrap();
    let error = bench.burn(&mut Memory::new(1), &options()).unwrap_err();
    assert!(matches!(error, BurnError::DoesNotFit { free: 0, .. }), "{error}");
}

#[test]
fn sessions_at_once_are_added_to_what_there_is() {
    for (kind, first) in CDS.into_iter().flat_map(|kind| MODES[..3].iter().map(move |m| (kind, *m)))
    {
        let bench = Bench::new(kind, 48_000);
        let mut images = [Memory::new(400), Memory::new(310), Memory::new(320)];
        let modes = [first, WriteMode::SessionAtOnce, WriteMode::SessionAtOnce];
        let mut starts = Vec::new();
        for (index, (image, mode)) in images.iter_mut().zip(modes).enumerate() {
            let outcome = bench.burn(image, &in_mode(mode, index == 2)).unwrap();
            assert_eq!(outcome.finalized, Some(index == 2), "{kind} {first:?}");
            starts.push(outcome.start);
        }
        let run_out = if first == WriteMode::SessionAtOnce { 0 } else { 2 };
        let second = 400 + run_out + 11_400;
        assert_eq!(starts, [0, second, second + 310 + 6900], "{kind} {first:?}");
        for (image, start) in images.iter_mut().zip(starts) {
            assert!(bench.verify(image, start, None).is_good(), "{kind} {start}");
        }
        let medium = bench.medium();
        assert_eq!((medium.status, medium.sessions, medium.tracks), (MediumStatus::Complete, 3, 3));
    }
}

#[test]
fn no_session_at_once_goes_on_with_an_open_one() {
    let bench = Bench::new(MediumKind::CdR, 48_000);
    bench.burn(&mut Memory::new(400), &options()).unwrap();
    let before = bench.medium().fingerprint;
    let mode = in_mode(WriteMode::SessionAtOnce, true);
    let outcome = burn_oddly(&bench, &mode, |cdb, data, result| {
        if let (0x51, Data::In(bytes)) = (cdb[0], data) {
            bytes[2] = bytes[2] & !0x0c | 0x04;
        }
        result
    });
    let error = outcome.unwrap_err();
    assert!(matches!(error, BurnError::NotWritable { .. }), "{error}");
    assert_eq!(bench.medium().fingerprint, before);
}

#[test]
fn modes_in_the_wrong_place_are_refused() {
    let bench = Bench::new(MediumKind::DvdR, 1600);
    for mode in [WriteMode::TrackAtOnce, WriteMode::SessionAtOnce, WriteMode::Raw] {
        let error = bench.burn(&mut Memory::new(40), &in_mode(mode, true)).unwrap_err();
        assert!(matches!(error, BurnError::NoWriteMode { .. }), "{error}");
        assert!(error.hint().is_some());
    }
}

#[test]
fn a_session_that_broke_off_spoils_the_disc() {
    let bench = Bench::new(MediumKind::CdR, 16_000);
    let mut image = Memory { broken: Some(350), ..Memory::new(400) };
    let error = bench.burn(&mut image, &closing()).unwrap_err();
    assert_eq!(error.fate(), DiscFate::Spoiled, "{error}");
    let medium = bench.medium();
    assert_eq!(medium.status, MediumStatus::Damaged);
    assert!(medium.refusal.unwrap().contains("damaged"));
}

#[test]
fn a_rehearsal_leaves_the_disc_blank() {
    // There is none of raw writing.
    for mode in MODES.into_iter().filter(|mode| *mode != WriteMode::Raw) {
        let bench = Bench::new(MediumKind::CdR, 1600);
        let before = bench.medium().fingerprint;
        let simulate = Options { simulate: true, ..in_mode(mode, true) };
        let outcome = bench.burn(&mut Memory::new(400), &simulate).unwrap();
        assert_eq!(outcome.finalized, None);
        assert_eq!(bench.medium().fingerprint, before, "{mode:?}");
        bench.burn(&mut Memory::new(400), &in_mode(mode, true)).unwrap();
    }
}

#[test]
fn a_medium_is_known_by_its_groove() {
    let medium = Bench::new(MediumKind::CdRw, 359_849).medium();
    assert_eq!(medium.media_id.as_deref(), Some("97m00s00f"));
    assert_eq!((medium.capacity_blocks, medium.free_blocks), (359_847, 359_847));
    assert_eq!((medium.kind(), medium.rewritable), ("cd-rw", true));
    let speeds: Vec<_> = medium.write_speeds.iter().map(|s| (s.kb_per_second, s.times)).collect();
    assert_eq!(speeds, [(4234, 24.0), (2822, 16.0), (1764, 10.0), (706, 4.0)]);
}

/// A drive with habits of its own.
pub(super) struct Odd<F>(VirtualDrive, F);

impl<F> Transport for Odd<F>
where
    F: FnMut(&[u8], &mut Data<'_>, Result<usize, ScsiError>) -> Result<usize, ScsiError> + Send,
{
    fn execute(
        &mut self,
        cdb: &[u8],
        mut data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let reborrowed = match &mut data {
            Data::None => Data::None,
            Data::In(bytes) => Data::In(bytes),
            Data::Out(bytes) => Data::Out(bytes),
        };
        let result = self.0.execute(cdb, reborrowed, timeout);
        (self.1)(cdb, &mut data, result)
    }
}

pub(super) fn burn_oddly(
    bench: &Bench,
    options: &Options,
    habit: impl FnMut(&[u8], &mut Data<'_>, Result<usize, ScsiError>) -> Result<usize, ScsiError> + Send,
) -> Result<Outcome, BurnError> {
    let cancel = AtomicBool::new(false);
    let mut drive = Odd(bench.drive(), habit);
    run(&mut drive, &mut Memory::new(400), options, &cancel, &mut |_| {})
}

pub(super) const REFUSED: ScsiError = ScsiError::Check(crate::scsi::Sense::new(5, 0x26, 0));

/// Of CDEmu: the feature is missing, the way is open. And of drives where neither is.
#[test]
fn a_drive_that_hides_sessions_at_once_is_asked_for_one() {
    for takes in [true, false] {
        let bench = Bench::new(MediumKind::CdR, 16_000);
        let mut modes = Vec::new();
        let outcome = burn_oddly(&bench, &closing(), |cdb, data, result| match (cdb[0], data) {
            // GET CONFIGURATION: another number for the feature.
            (0x46, Data::In(bytes)) => {
                let at = bytes.windows(4).position(|w| w[..2] == [0, 0x2e] && w[3] == 4).unwrap();
                bytes[at + 1] = 0x99;
                result
            }
            (0x55, Data::Out(list)) => {
                modes.push(list[10] & 0x0f);
                if takes || list[10] & 0x0f == 1 { result } else { Err(REFUSED) }
            }
            _ => result,
        });
        assert_eq!(outcome.unwrap().finalized, Some(true));
        // Before another way is taken, the page is tried without BUFE.
        assert_eq!(modes, if takes { vec![2] } else { vec![2, 2, 1] });
        assert!(bench.verify(&mut Memory::new(400), 0, None).is_good());
    }
}

#[test]
fn a_refused_cue_sheet_is_no_end_unless_it_was_asked_for() {
    for mode in [WriteMode::Automatic, WriteMode::SessionAtOnce] {
        let bench = Bench::new(MediumKind::CdR, 16_000);
        let before = bench.medium().fingerprint;
        let outcome = burn_oddly(&bench, &in_mode(mode, true), |cdb, _, result| match cdb[0] {
            0x5d => Err(REFUSED),
            _ => result,
        });
        match mode {
            WriteMode::Automatic => assert_eq!(outcome.unwrap().finalized, Some(true)),
            _ => {
                assert_eq!(outcome.unwrap_err().fate(), DiscFate::Untouched);
                assert_eq!(bench.medium().fingerprint, before);
            }
        }
    }
}

/// Of the Pioneer BDR-205 and the LITE-ON LTR-48125S while the disc is blank, of CDEmu when it is written as well.
#[test]
fn a_disc_that_begins_with_its_pause() {
    for mode in MODES {
        let bench = Bench::new(MediumKind::CdR, 16_000);
        let outcome = burn_oddly(&bench, &in_mode(mode, true), |cdb, data, result| {
            if let (0x52, Data::In(bytes)) = (cdb[0], data) {
                bytes[8..12].copy_from_slice(&(-150i32).to_be_bytes());
                bytes[12..16].copy_from_slice(&(-150i32).to_be_bytes());
                let size = u32::from_be_bytes([bytes[24], bytes[25], bytes[26], bytes[27]]) + 150;
                bytes[24..28].copy_from_slice(&size.to_be_bytes());
            }
            result
        });
        assert_eq!(outcome.unwrap().start, 0, "{mode:?}");
    }
}

#[test]
fn a_drive_that_does_not_count_free_blocks() {
    let bench = Bench::new(MediumKind::CdR, 16_000);
    let outcome = burn_oddly(&bench, &closing(), |cdb, data, result| {
        if let (0x52, Data::In(bytes)) = (cdb[0], data) {
            bytes[16..20].fill(0);
        }
        result
    });
    assert_eq!(outcome.unwrap().before.free_blocks, 15_998);
}

#[test]
fn narrow_adapters_get_short_writes_of_the_pause_as_well() {
    let bench = Bench::new(MediumKind::CdR, 16_000);
    let mut longest = 0;
    let outcome = burn_oddly(&bench, &closing(), |cdb, data, result| {
        if let (0x2a, Data::Out(bytes)) = (cdb[0], data) {
            longest = longest.max(bytes.len());
        }
        result
    });
    outcome.unwrap();
    assert_eq!(longest, 32 * 1024);
}

#[test]
fn cancelling_at_any_time_ends_the_burn() {
    let image = Memory::new(400);
    for options in [options(), closing()] {
        let whole = Bench::new(MediumKind::CdR, 16_000);
        let mut pair = Pair::new(&whole, &options, &image, |drive| drive);
        pair.drive_to_end().unwrap();
        for moment in 0..pair.commands {
            let bench = Bench::new(MediumKind::CdR, 16_000);
            let mut pair = Pair::new(&bench, &options, &image, |drive| drive);
            while pair.commands < moment {
                assert!(pair.step().is_none());
            }
            pair.machine.cancel(pair.now);
            let result = pair.drive_to_end();
            drop(pair);
            match result {
                Ok(recorded) => {
                    assert!(bench.verify(&mut image.clone(), recorded.start, None).is_good())
                }
                Err(error) => {
                    assert!(matches!(error, BurnError::Cancelled { .. }), "{error:?}");
                    let untouched = error.fate() == DiscFate::Untouched;
                    let blank = bench.medium().status == MediumStatus::Blank;
                    assert_eq!(untouched, blank, "at {moment}: {error}");
                }
            }
        }
    }
}

/// The run-out of a track by itself, which READ CAPACITY counts, is no damage.
#[test]
fn discs_are_read_without_their_run_out() {
    let cancel = AtomicBool::new(false);
    for mode in [WriteMode::TrackAtOnce, WriteMode::SessionAtOnce] {
        let bench = Bench::new(MediumKind::CdR, 48_000);
        let images = [Memory::new(400), Memory::new(310)];
        bench.burn(&mut images[0].clone(), &in_mode(mode, false)).unwrap();
        let whole = bench.read_out(ReadOptions::default(), &cancel);
        assert!(whole == images[0].bytes, "{mode:?}: {} bytes", whole.len());
        let second = bench.burn(&mut images[1].clone(), &options()).unwrap().start;
        for (number, image) in (1..).zip(&images) {
            let wanted = Wanted::Session(number);
            let session = bench.read_out(ReadOptions { wanted, ..ReadOptions::default() }, &cancel);
            assert!(session == image.bytes, "{mode:?}, session {number}: {} bytes", session.len());
        }
        let whole = bench.read_out(ReadOptions::default(), &cancel);
        assert_eq!(whole.len(), (second + 310) as usize * BLOCK, "{mode:?}");
        assert!(whole.starts_with(&images[0].bytes) && whole.ends_with(&images[1].bytes));
    }
}

impl Bench {
    /// Reads all that is wanted, none of which may be damaged.
    fn read_out(&self, options: ReadOptions, cancel: &AtomicBool) -> Vec<u8> {
        use std::io::{Read as _, Seek as _};
        let mut drive = self.drive();
        let mut reading = Reading::open(&mut drive, options).unwrap();
        let (mut file, mut map) = (tempfile::tempfile().unwrap(), reading.new_map());
        let save = &mut |_: &std::fs::File, _: &ReadMap, _: u32| Ok(());
        let outcome = reading.run(&mut file, &mut map, save, cancel, &mut |_| {}).unwrap();
        assert_eq!(outcome.unreadable, []);
        let mut bytes = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut bytes).unwrap();
        bytes
    }
}
