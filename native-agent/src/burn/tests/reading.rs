//! Discs become images, damaged ones too.

use core::sync::atomic::Ordering;
use std::{
    collections::HashMap,
    fs::File,
    io::{Read as _, Seek as _},
};

use sha2::{Digest as _, Sha256};

use super::*;
use crate::scsi::{
    Sense,
    fault::{Effect, Fault, Target},
    moved_by, opcode,
};

/// A drive in which blocks cannot be read: for so many attempts, and cancelling after so many READs.
struct Scratched {
    drive: VirtualDrive,
    failures: HashMap<u32, u32>,
    /// Address and length of every READ.
    reads: Vec<(u32, u32)>,
    cancel_after: usize,
    cancel: Option<std::sync::Arc<AtomicBool>>,
}

impl Scratched {
    fn new(bench: &Bench, failures: impl IntoIterator<Item = (u32, u32)>) -> Self {
        Self {
            drive: bench.drive(),
            failures: failures.into_iter().collect(),
            reads: Vec::new(),
            cancel_after: usize::MAX,
            cancel: None,
        }
    }

    fn for_ever(bench: &Bench, bad: &[(u32, u32)]) -> Self {
        Self::new(bench, bad.iter().flat_map(|hole| hole.0..hole.1).map(|block| (block, u32::MAX)))
    }
}

impl Transport for Scratched {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        if cdb[0] == opcode::READ_10 {
            let lba = u32::from_be_bytes([cdb[2], cdb[3], cdb[4], cdb[5]]);
            let count = u32::from(u16::from_be_bytes([cdb[7], cdb[8]]));
            self.reads.push((lba, count));
            if let Some(cancel) =
                self.cancel.as_ref().filter(|_| self.reads.len() >= self.cancel_after)
            {
                cancel.store(true, Ordering::Relaxed);
            }
            for at in lba..lba + count {
                if let Some(left) = self.failures.get_mut(&at).filter(|left| **left > 0) {
                    *left = left.saturating_sub(u32::from(*left != u32::MAX));
                    return Err(ScsiError::Check(Sense::new(3, 0x11, 0)));
                }
            }
        }
        self.drive.execute(cdb, data, timeout)
    }
}

/// A closed disc with this image on it.
fn disc(kind: MediumKind, image: &Memory) -> Bench {
    let bench = Bench::new(kind, 1600);
    bench.burn(&mut image.clone(), &Options { close: true, ..options() }).unwrap();
    bench
}

struct Copy {
    file: File,
    map: ReadMap,
    saved: u32,
}

impl Copy {
    fn bytes(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.file.rewind().unwrap();
        self.file.read_to_end(&mut bytes).unwrap();
        bytes
    }
}

fn read_with(
    drive: &mut dyn Transport,
    options: ReadOptions,
    earlier: Option<Copy>,
    cancel: &AtomicBool,
) -> (Result<ReadOutcome, BurnError>, Copy) {
    let mut reading = Reading::open(drive, options).unwrap();
    let new = || Copy { file: tempfile::tempfile().unwrap(), map: reading.new_map(), saved: 0 };
    let mut copy = earlier.unwrap_or_else(new);
    reading.take_bounds(&copy.map).unwrap();
    let (mut saved, mut most_bad) = (0, 0);
    let save = &mut |_: &File, _: &ReadMap, _: u32| {
        saved += 1;
        Ok(())
    };
    let tell = &mut |event| {
        if let Event::Progress(progress) = event {
            most_bad = most_bad.max(progress.bad_blocks);
        }
    };
    let outcome = reading.run(&mut copy.file, &mut copy.map, save, cancel, tell);
    copy.saved = saved;
    (outcome, copy)
}

fn read(drive: &mut dyn Transport, options: ReadOptions) -> (ReadOutcome, Copy) {
    let (outcome, copy) = read_with(drive, options, None, &AtomicBool::new(false));
    (outcome.unwrap(), copy)
}

/// Zeros where blocks are missing.
fn with_holes(image: &Memory, holes: &[(u32, u32)]) -> Vec<u8> {
    let mut bytes = image.bytes.clone();
    for hole in holes {
        bytes[hole.0 as usize * BLOCK..hole.1 as usize * BLOCK].fill(0);
    }
    bytes
}

#[test]
fn a_disc_is_read_to_an_image() {
    for kind in [MediumKind::DvdPlusR, MediumKind::BdR] {
        let image = Memory::new(96);
        let bench = disc(kind, &image);
        let (outcome, mut copy) = read(&mut bench.drive(), ReadOptions::default());
        let sha256: [u8; 32] = Sha256::digest(&image.bytes).into();
        assert_eq!((outcome.first, outcome.blocks, outcome.sha256), (0, 96, sha256), "{kind:?}");
        assert_eq!((outcome.unreadable, copy.map.is_complete()), (vec![], true));
        assert!(copy.bytes() == image.bytes, "{kind:?}");
        assert!(copy.saved > 0);
    }
}

#[test]
fn whatever_is_damaged_all_else_is_read() {
    let image = Memory::new(1504);
    let bench = disc(MediumKind::DvdPlusR, &image);
    for holes in [
        vec![(0, 1)],
        vec![(1503, 1504)],
        vec![(700, 701), (703, 704), (720, 722)],
        vec![(31, 33)],
        vec![(0, 64), (100, 101), (1000, 1200)],
        vec![(0, 1504)],
        (0..1504).step_by(7).map(|at| (at, at + 1)).collect(),
    ] {
        let mut drive = Scratched::for_ever(&bench, &holes);
        let (outcome, mut copy) =
            read(&mut drive, ReadOptions { retries: 1, ..ReadOptions::default() });
        let wanted = with_holes(&image, &holes);
        assert!(copy.bytes() == wanted, "{holes:?}");
        assert_eq!(outcome.sha256, <[u8; 32]>::from(Sha256::digest(&wanted)), "{holes:?}");
        let ranges = holes.iter().map(|hole| BlockRange { first: hole.0, blocks: hole.1 - hole.0 });
        assert_eq!(outcome.unreadable, ranges.collect::<Vec<_>>(), "{holes:?}");
        assert_eq!(copy.map.bad(), copy.map.count(BlockState::Bad));
    }
}

/// Large pieces over all of the disc come before the first small one, and no piece reaches over an ECC block.
#[test]
fn the_good_part_of_a_disc_comes_first() {
    let image = Memory::new(1504);
    let bench = disc(MediumKind::DvdPlusR, &image);
    let mut drive = Scratched::for_ever(&bench, &[(500, 501)]);
    read(&mut drive, ReadOptions { retries: 0, ..ReadOptions::default() });
    // Before it, the volume descriptor was looked at.
    let reads = &drive.reads[drive.reads.iter().position(|read| read.1 > 1).unwrap()..];
    let large: Vec<_> = reads.iter().take_while(|read| read.1 == 32).collect();
    let mut pieces: Vec<_> = large.iter().map(|read| read.0).collect();
    pieces.sort_unstable();
    assert_eq!(pieces, (0..1504).step_by(32).collect::<Vec<_>>());
    let rest = &reads[large.len()..];
    assert_eq!(rest[..2], [(480, 16), (496, 16)]);
    assert_eq!(rest[2..], (496..512).map(|lba| (lba, 1)).collect::<Vec<_>>());
    // It leaps over what follows damage, and comes back to it from behind.
    let order: Vec<_> = large.iter().map(|read| read.0).collect();
    let at = order.iter().position(|lba| *lba == 480).unwrap();
    assert_eq!(order[at + 1], 544, "one piece was leapt over");
    assert_eq!(*order.last().unwrap(), 512);
}

#[test]
fn what_fails_sometimes_is_tried_as_often_as_was_asked() {
    let image = Memory::new(1504);
    let bench = disc(MediumKind::DvdPlusR, &image);
    // Once as a piece, once as half a piece, once alone.
    for (failures, retries, lost) in [(3, 0, 1), (3, 1, 0), (5, 2, 1), (5, 3, 0)] {
        let mut drive = Scratched::new(&bench, [(300, failures)]);
        let (outcome, _) = read(&mut drive, ReadOptions { retries, ..ReadOptions::default() });
        assert_eq!(outcome.unreadable.len(), lost, "{failures} failures, {retries} retries");
    }
}

#[test]
fn reading_stops_at_any_time_and_goes_on() {
    let image = Memory::new(1504);
    let bench = disc(MediumKind::DvdPlusR, &image);
    let holes = [(500, 502), (900, 901)];
    let mut earlier = None;
    for attempt in 0.. {
        assert!(attempt < 100, "it gets nowhere");
        let cancel = std::sync::Arc::new(AtomicBool::new(false));
        let mut drive = Scratched::for_ever(&bench, &holes);
        (drive.cancel_after, drive.cancel) = (25, Some(cancel.clone()));
        let (outcome, copy) = read_with(&mut drive, ReadOptions::default(), earlier, &cancel);
        assert_eq!(copy.saved, 1, "what was read is kept");
        match outcome {
            Err(BurnError::Cancelled { fate: DiscFate::AsItWas }) => {}
            Err(error) => panic!("{error:?}"),
            Ok(outcome) => {
                let mut copy = copy;
                assert!(copy.bytes() == with_holes(&image, &holes));
                assert_eq!(outcome.unreadable.len(), 2);
                assert!(attempt > 2, "it was stopped {attempt} times");
                return;
            }
        }
        // A crash keeps no more than the file and the text of the map.
        let map = ReadMap::from_mapfile(&copy.map.to_mapfile(0)).unwrap();
        earlier = Some(Copy { map, ..copy });
    }
}

#[test]
fn a_drive_that_goes_away_leaves_what_was_read() {
    let image = Memory::new(1504);
    let bench = disc(MediumKind::DvdPlusR, &image);
    for (effect, code) in [
        (Effect::Gone, "driveGone"),
        (Effect::Timeout, "readFailed"),
        (Effect::Broken, "readFailed"),
        (Effect::Refuse(Sense::new(2, 0x3a, 0)), "mediumRemoved"),
    ] {
        let script = Script::default().repeatedly(opcode::READ_10, 10, u32::MAX, effect);
        let mut drive = following(bench.drive(), script);
        let cancel = AtomicBool::new(false);
        let (outcome, copy) = read_with(&mut drive, ReadOptions::default(), None, &cancel);
        let error = outcome.unwrap_err();
        assert_eq!((error.code(), copy.saved), (code, 1), "{error:?}");
        assert!(copy.map.count(BlockState::Read) >= 32 * 7, "{effect:?}");
        drop(drive);
        let again = read_with(&mut bench.drive(), ReadOptions::default(), Some(copy), &cancel);
        assert!(again.0.unwrap().unreadable.is_empty(), "{effect:?}");
    }
}

/// A drive as the systems pass it on, which tell how much came with a recovered error.
struct Passed(VirtualDrive);

impl Transport for Passed {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let wanted = if let Data::In(buffer) = &data { buffer.len() } else { 0 };
        match self.0.execute(cdb, data, timeout) {
            Ok(moved) => moved_by(Ok(()), moved, wanted),
            Err(error) => moved_by(Err(error), wanted, wanted),
        }
    }
}

/// A drive that gives up on a place in silence, resets the bus, or says each time that it had to help itself.
#[test]
fn what_a_drive_does_at_one_place_does_not_end_the_rest() {
    let image = Memory::new(1504);
    let bench = disc(MediumKind::DvdPlusR, &image);
    let recovered = Effect::Report(Sense::new(1, 0x17, 1));
    for (effect, times, lost) in [
        (Effect::Timeout, 1, 0),
        (Effect::Broken, 1, 0),
        (Effect::Timeout, u32::MAX, 1),
        (Effect::Broken, u32::MAX, 1),
        (recovered, u32::MAX, 0),
    ] {
        let what = format!("{effect:?}, {times} times");
        let target = Target::Opcode(opcode::READ_10);
        let fault = Fault { target, blocks: Some(700..701), after: 0, first: 1, times, effect };
        let drive = || Passed(following(bench.drive(), Script::default().with(fault.clone())));
        let (outcome, mut copy) = read(&mut drive(), ReadOptions::default());
        let ranges = [BlockRange { first: 700, blocks: 1 }];
        assert_eq!(outcome.unreadable, ranges[..lost], "{what}");
        assert!(copy.bytes() == with_holes(&image, &[(700, 700 + lost as u32)]), "{what}");

        let cancel = AtomicBool::new(false);
        let (drive, image) = (&mut drive(), &mut image.clone());
        let found = verify(drive, image, 0, Level::Full, None, &cancel, &mut |_| {}).unwrap();
        assert_eq!(
            (found.unreadable, found.different),
            (ranges[..lost].to_vec(), vec![]),
            "{what}"
        );
    }
}

#[test]
fn another_disc_does_not_spoil_what_was_read() {
    let (image, mut other) = (Memory::new(1504), Memory::new(1504));
    let bench = disc(MediumKind::DvdPlusR, &image);
    let (_, mut copy) =
        read(&mut Scratched::for_ever(&bench, &[(700, 720)]), ReadOptions::default());
    other.bytes.reverse();
    let bench = disc(MediumKind::DvdPlusR, &other);
    // A file that goes on behind the image was never of this map.
    copy.file.set_len(2000 * BLOCK as u64).unwrap();
    let before = copy.bytes();
    let cancel = AtomicBool::new(false);
    let (outcome, mut copy) =
        read_with(&mut bench.drive(), ReadOptions::default(), Some(copy), &cancel);
    let error = outcome.unwrap_err();
    assert!(matches!(error, BurnError::OtherDisc { .. }), "{error:?}");
    assert!(error.hint().is_some() && copy.bytes() == before);
    let small = disc(MediumKind::DvdPlusR, &Memory::new(64));
    let mut drive = small.drive();
    let mut reading = Reading::open(&mut drive, ReadOptions::default()).unwrap();
    let refused = reading.take_bounds(&copy.map);
    assert!(matches!(refused, Err(BurnError::MapDoesNotFit { end: 1504, .. })));
}

#[test]
fn any_session_is_read() {
    let bench = Bench::new(MediumKind::DvdPlusR, 48_000);
    let (mut first, mut second) = (Memory::new(64), Memory::new(48));
    second.bytes.reverse();
    bench.burn(&mut first, &options()).unwrap();
    let start = bench.burn(&mut second, &options()).unwrap().start;
    for (number, image, from) in [(1, &first, 0), (2, &second, start)] {
        let options = ReadOptions { wanted: Wanted::Session(number), ..ReadOptions::default() };
        let (outcome, mut copy) = read(&mut bench.drive(), options);
        assert_eq!((outcome.first, outcome.blocks), (from, (image.bytes.len() / BLOCK) as u32));
        assert!(copy.bytes() == image.bytes, "session {number}");
    }
    let (outcome, mut copy) = read(&mut bench.drive(), ReadOptions::default());
    assert_eq!(outcome.unreadable, []);
    let bytes = copy.bytes();
    let gap = &bytes[first.bytes.len()..start as usize * BLOCK];
    assert!(bytes.starts_with(&first.bytes) && bytes.ends_with(&second.bytes));
    assert!(gap.iter().all(|byte| *byte == 0));
    for number in [0, 3] {
        let options = ReadOptions { wanted: Wanted::Session(number), ..ReadOptions::default() };
        let mut drive = bench.drive();
        let refused = Reading::open(&mut drive, options).err().unwrap();
        assert!(matches!(refused, BurnError::NoSession { sessions: 2, .. }), "{refused:?}");
    }
}

#[test]
fn blank_and_missing_discs_are_told_apart() {
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let mut drive = bench.drive();
    let blank = Reading::open(&mut drive, ReadOptions::default()).err().unwrap();
    assert_eq!((blank.code(), blank.fate()), ("mediumBlank", DiscFate::AsItWas));
    drive.control().remove_medium();
    let missing = Reading::open(&mut drive, ReadOptions::default()).err().unwrap();
    assert_eq!(missing.code(), "noMedium");
}

#[test]
fn the_speed_of_reading_is_set_where_the_drive_lets_it() {
    let bench = disc(MediumKind::DvdPlusR, &Memory::new(64));
    let options = ReadOptions { speed: Some(4.0), ..ReadOptions::default() };
    let mut drive = Recording::new(bench.drive());
    assert!(!Reading::open(&mut drive, options).unwrap().speed_refused());
    let set = drive.lines().iter().find(|line| line.starts_with("b6")).unwrap();
    // 4 times 1385 kB/s.
    assert!(set.contains("00 00 15 a4 00 00 03 e8"), "{set}");
    let refuse = Effect::Refuse(Sense::new(5, 0x20, 0));
    let script =
        Script::default().at(opcode::SET_STREAMING, 1, refuse).at(opcode::SET_CD_SPEED, 1, refuse);
    let mut drive = following(drive.into_inner(), script);
    assert!(Reading::open(&mut drive, options).unwrap().speed_refused());
}

/// A CD some of whose tracks are audio.
struct Audio {
    drive: VirtualDrive,
    tracks: core::ops::RangeInclusive<u8>,
}

impl Transport for Audio {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let Data::In(buffer) = data else { return self.drive.execute(cdb, data, timeout) };
        let moved = self.drive.execute(cdb, Data::In(&mut *buffer), timeout)?;
        if cdb[0] == opcode::READ_TRACK_INFORMATION && self.tracks.contains(&buffer[2]) {
            buffer[5] &= 0xf0;
        }
        Ok(moved)
    }
}

#[test]
fn audio_tracks_are_left_out() {
    let bench = Bench::new(MediumKind::CdR, 48_000);
    let (mut first, mut second) = (Memory::new(320), Memory::new(400));
    second.bytes.reverse();
    bench.burn(&mut first, &options()).unwrap();
    let start = bench.burn(&mut second, &options()).unwrap().start as usize * BLOCK;
    let mut drive = Audio { drive: bench.drive(), tracks: 1..=1 };
    assert_eq!(Reading::open(&mut drive, ReadOptions::default()).unwrap().audio_tracks(), 1);
    let (outcome, mut copy) = read(&mut drive, ReadOptions::default());
    assert_eq!(outcome.unreadable, []);
    let bytes = copy.bytes();
    assert!(bytes[..start].iter().all(|byte| *byte == 0));
    assert!(bytes[start..start + second.bytes.len()] == second.bytes);
    let all = ReadOptions { wanted: Wanted::Session(1), ..ReadOptions::default() };
    let refused = Reading::open(&mut drive, all).err().unwrap();
    assert_eq!((refused.code(), refused.hint().is_some()), ("onlyAudio", true));
}

#[test]
fn data_cds_are_read_to_the_end_of_the_image() {
    let mut image = Memory::new(400);
    image.bytes[16 * BLOCK..16 * BLOCK + 6].copy_from_slice(b"\x01CD001");
    image.bytes[16 * BLOCK + 80..16 * BLOCK + 84].copy_from_slice(&400u32.to_le_bytes());
    for close in [true, false] {
        let bench = Bench::new(MediumKind::CdR, 16_000);
        bench.burn(&mut image.clone(), &Options { close, ..options() }).unwrap();
        let (outcome, mut copy) = read(&mut bench.drive(), ReadOptions::default());
        assert_eq!((outcome.blocks, outcome.unreadable.len()), (400, 0), "closed: {close}");
        assert!(copy.bytes() == image.bytes);
    }
}
