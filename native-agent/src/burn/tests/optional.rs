//! What is done on request only: more than fits, streams; and what is done before: adjusting the laser.

use super::*;
use crate::scsi::{Sense, fault::Effect, opcode};

/// A drive that says that less is free than there is.
struct Modest {
    drive: VirtualDrive,
    free: u32,
}

impl Transport for Modest {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let Data::In(buffer) = data else { return self.drive.execute(cdb, data, timeout) };
        let moved = self.drive.execute(cdb, Data::In(&mut *buffer), timeout)?;
        if cdb[0] == opcode::READ_TRACK_INFORMATION && moved >= 20 {
            buffer[16..20].copy_from_slice(&self.free.to_be_bytes());
        }
        Ok(moved)
    }
}

fn burn_on(
    drive: &mut dyn Transport,
    image: &mut dyn ImageSource,
    options: &Options,
) -> (Result<Outcome, BurnError>, Vec<Event>) {
    let mut events = Vec::new();
    let cancel = AtomicBool::new(false);
    let result = run(drive, image, options, &cancel, &mut |event| events.push(event));
    (result, events)
}

#[test]
fn more_than_fits_is_written_on_request_and_never_believed() {
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let mut drive = Modest { drive: bench.drive(), free: 1000 };
    let mut image = Memory::new(1200);
    let (refused, _) = burn_on(&mut drive, &mut image, &options());
    assert!(matches!(refused, Err(BurnError::DoesNotFit { needed: 1200, free: 1000, .. })));
    let overburn = Options { overburn: true, close: true, ..options() };
    let (burned, events) = burn_on(&mut drive, &mut image, &overburn);
    let burned = burned.unwrap();
    assert!(events.contains(&Event::Overburn(200)), "{events:?}");
    assert_eq!(burned.level(Level::None, false), Level::Full, "{:?}", burned.suspect);
    drop(drive);
    assert!(bench.verify(&mut image, 0, Some(burned.sha256)).is_good());
}

/// A drive that says after a burn that nothing can be added.
struct Closing {
    drive: VirtualDrive,
    /// How often it was asked.
    asked: u32,
}

impl Transport for Closing {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let Data::In(buffer) = data else { return self.drive.execute(cdb, data, timeout) };
        let moved = self.drive.execute(cdb, Data::In(&mut *buffer), timeout)?;
        if cdb[0] == opcode::READ_DISC_INFORMATION {
            self.asked += 1;
            if self.asked > 1 {
                buffer[2] = buffer[2] & !0x0f | 0b1110;
            }
        }
        Ok(moved)
    }
}

#[test]
fn a_disc_that_was_to_stay_open_and_is_closed_is_told_of_and_not_believed() {
    for (close, suspected) in [(false, true), (true, false)] {
        let bench = Bench::new(MediumKind::DvdR, 1600);
        let mut drive = Closing { drive: bench.drive(), asked: 0 };
        let options = Options { close, ..options() };
        let (burned, _) = burn_on(&mut drive, &mut Memory::new(100), &options);
        let burned = burned.unwrap();
        assert_eq!((burned.finalized, burned.suspect.is_some()), (Some(true), suspected));
    }
}

#[test]
fn a_disc_that_really_ends_is_spoiled_by_too_much() {
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let overburn = Options { overburn: true, ..options() };
    let (result, _) = burn_on(&mut bench.drive(), &mut Memory::new(1700), &overburn);
    let error = result.unwrap_err();
    assert!(matches!(error, BurnError::Write { lba: 1600, .. }), "{error:?}");
    assert_eq!(error.fate(), DiscFate::Spoiled);
    // Where blocks are overwritten there is nothing behind the last.
    let bench = Bench::new(MediumKind::DvdRam, 1600);
    let (result, _) = burn_on(&mut bench.drive(), &mut Memory::new(1700), &overburn);
    assert!(matches!(result, Err(BurnError::DoesNotFit { .. })));
}

/// An image that tells where its files begin.
struct WithFiles(Memory, u32);

impl ImageSource for WithFiles {
    fn len_blocks(&self) -> u32 {
        self.0.len_blocks()
    }

    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), SourceError> {
        self.0.read(lba, out)
    }

    fn files_start(&mut self) -> Option<u32> {
        Some(self.1)
    }
}

fn streaming() -> Options {
    Options { stream: true, ..options() }
}

#[test]
fn files_are_written_as_a_stream_and_directories_are_not() {
    for kind in [MediumKind::BdRe, MediumKind::DvdRam] {
        let bench = Bench::new(kind, 1600);
        let mut image = WithFiles(Memory::new(200), 70);
        let mut drive = Recording::new(bench.drive());
        let (result, _) = burn_on(&mut drive, &mut image, &streaming());
        result.unwrap();
        let writes: Vec<_> = drive
            .lines()
            .iter()
            .filter(|line| line.starts_with("2a") || line.starts_with("aa"))
            .map(|line| line.split("  ").next().unwrap())
            .collect();
        let short = ["00", "20", "40"].map(|lba| format!("2a 00 00 00 00 {lba} 00 00 20 00"));
        assert_eq!(writes[..3], short, "{kind:?}");
        let (last, blocks) = if kind == MediumKind::BdRe { ("c0", "20") } else { ("c0", "10") };
        let stream = [("60", "20"), ("80", "20"), ("a0", "20"), (last, blocks)]
            .map(|(lba, blocks)| format!("aa 00 00 00 00 {lba} 00 00 00 {blocks} 80 00"));
        assert_eq!(writes[3..], stream, "{kind:?}");
        drop(drive);
        assert!(bench.verify(&mut image.0, 0, None).is_good(), "{kind:?}");
    }
}

#[test]
fn a_drive_without_streams_is_written_the_common_way() {
    let bench = Bench::new(MediumKind::BdRe, 1600);
    let mut image = WithFiles(Memory::new(200), 70);
    let refuse = Effect::Refuse(Sense::new(5, 0x20, 0));
    let script = Script::default().repeatedly(opcode::WRITE_12, 1, u32::MAX, refuse);
    let mut drive = following(bench.drive(), script);
    burn_on(&mut drive, &mut image, &streaming()).0.unwrap();
    assert_eq!(drive.control().struck(), 1);
    drop(drive);
    assert!(bench.verify(&mut image.0, 0, None).is_good());
}

/// An adapter that moves 32 KiB at once.
struct Narrow(VirtualDrive);

impl Transport for Narrow {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        self.0.execute(cdb, data, timeout)
    }

    fn max_transfer(&self) -> Option<u32> {
        Some(32 << 10)
    }
}

#[test]
fn streams_are_refused_where_they_would_do_harm() {
    let plus = Bench::new(MediumKind::DvdPlusR, 1600);
    let narrow = Bench::new(MediumKind::BdRe, 1600);
    let drives: [Box<dyn Transport>; 2] =
        [Box::new(plus.drive()), Box::new(Narrow(narrow.drive()))];
    for mut drive in drives {
        let (result, _) = burn_on(drive.as_mut(), &mut Memory::new(40), &streaming());
        let error = result.unwrap_err();
        assert_eq!((error.code(), error.fate()), ("cannotStream", DiscFate::Untouched));
        assert!(error.hint().is_some());
    }
}

#[test]
fn a_laser_that_cannot_be_adjusted_does_not_touch_the_disc() {
    for ((key, asc, ascq), goes_on) in [
        ((5, 0x20, 0), true),
        ((5, 0x27, 0), true),
        ((5, 0x2c, 0), true),
        ((5, 0x30, 0x02), true),
        ((6, 0x5a, 0x03), true),
        ((3, 0x73, 0x01), true),
        ((3, 0x73, 0x03), false),
        ((4, 0x44, 0), false),
    ] {
        let bench = Bench::new(MediumKind::DvdR, 1600);
        let before = bench.medium().fingerprint;
        let effect = Effect::Refuse(Sense::new(key, asc, ascq));
        let image = Memory::new(40);
        let mut pair = Pair::new(&bench, &options(), &image, |drive| {
            following(drive, Script::default().at(opcode::SEND_OPC, 1, effect))
        });
        let result = pair.drive_to_end();
        assert_eq!(pair.drive.control().struck(), 1);
        drop(pair);
        assert_eq!(result.is_ok(), goes_on, "{key:x}/{asc:02x}: {result:?}");
        if let Err(error) = result {
            assert_eq!(error.fate(), DiscFate::Untouched);
            assert_eq!(bench.medium().fingerprint, before);
        }
    }
}

/// A drive that does not know BUFE, as the first burners did not.
struct Old(VirtualDrive);

impl Transport for Old {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        if let (opcode::MODE_SELECT_10, Data::Out(list)) = (cdb[0], &data)
            && list[10] & 0x40 != 0
        {
            return Err(ScsiError::Check(Sense::new(5, 0x26, 0)));
        }
        self.0.execute(cdb, data, timeout)
    }
}

#[test]
fn drives_that_cannot_wait_for_data_are_written_without_it() {
    for kind in [MediumKind::DvdR, MediumKind::CdR] {
        let bench = Bench::new(kind, 16_000);
        let mut image = Memory::new(320);
        let close = Options { close: true, ..options() };
        let mut drive = Recording::new(Old(bench.drive()));
        burn_on(&mut drive, &mut image, &close).0.unwrap();
        let selects = drive.lines().iter().filter(|line| line.starts_with("55"));
        assert_eq!(selects.count(), 2, "{kind:?}: with, then without");
        drop(drive);
        assert!(bench.verify(&mut image, 0, None).is_good(), "{kind:?}");
    }
}
