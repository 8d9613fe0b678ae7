//! Faults by script, in all the places where a drive shows them.

use super::*;
use crate::scsi::fault::Script;

const WRITE_ERROR: (u8, u8, u8) = (3, 0x0c, 0);

/// A drive with a fresh disc that follows a script.
fn bench(kind: MediumKind, script: &str) -> Bench {
    let bench = Bench::new(kind, 1600);
    bench.drive.control().follow(Script::parse(script.as_bytes()).unwrap());
    bench
}

impl Bench {
    /// REQUEST SENSE: response code, key, code, qualifier, and the block if there is one.
    fn sense(&mut self) -> (u8, (u8, u8, u8), Option<u32>) {
        let sense = self.get(&[0x03, 0, 0, 0, 18, 0]).unwrap();
        let block = u32::from_be_bytes(sense[3..7].try_into().unwrap());
        let triple = (sense[2], sense[12], sense[13]);
        (sense[0] & 0x7f, triple, (sense[0] & 0x80 != 0).then_some(block))
    }

    /// GET EVENT STATUS NOTIFICATION of one class: event and status.
    fn event(&mut self, class: u8) -> [u8; 2] {
        let event = self.get(&[0x4a, 1, 0, 0, 1 << class, 0, 0, 0, 8, 0]).unwrap();
        [event[4], event[5]]
    }

    /// READ TRACK INFORMATION of a track: damage bit.
    fn is_damaged(&mut self, track: u8) -> bool {
        self.get(&[0x52, 1, 0, 0, 0, track, 0, 0, 48, 0]).unwrap()[5] & 0x20 != 0
    }

    fn free_buffer(&mut self) -> u32 {
        let answer = self.get(&[0x5c, 0, 0, 0, 0, 0, 0, 0, 12, 0]).unwrap();
        u32::from_be_bytes(answer[8..12].try_into().unwrap())
    }
}

#[test]
fn a_write_that_breaks_off_leaves_a_damaged_track() {
    for kind in [MediumKind::DvdPlusR, MediumKind::DvdR, MediumKind::BdR, MediumKind::DvdPlusRDl] {
        let mut bench = bench(kind, "write blocks 40: medium-error");
        bench.write(0, 32, 1).unwrap();
        assert_eq!(bench.write(32, 32, 2), Err(WRITE_ERROR), "{kind}");
        assert_eq!(bench.sense(), (0x70, WRITE_ERROR, Some(40)), "{kind}");
        assert_eq!(bench.read(32, 8), Ok(2), "{kind}: what came before");
        assert_eq!(bench.read(40, 1), Err((5, 0x21, 0)), "{kind}");
        let (status, session, ..) = bench.disc();
        assert_eq!((status, session, bench.is_damaged(1)), (1, 2, true), "{kind}");
        assert_eq!(bench.write(40, 32, 2), Err((5, 0x21, 2)), "{kind}: it takes no more");
        bench.reopen();
        assert!(bench.is_damaged(1), "{kind}: the disc keeps that");
        bench.close(1, 1).unwrap();
        assert_eq!((bench.is_damaged(1), bench.disc().1), (false, 1), "{kind}");
    }
}

#[test]
fn nothing_is_damaged_where_blocks_are_overwritten() {
    let mut bench = bench(MediumKind::DvdRam, "write blocks 40: medium-error");
    bench.write(32, 32, 1).unwrap_err();
    assert_eq!((bench.read(32, 8), bench.read(40, 8)), (Ok(1), Ok(0)));
    bench.write(32, 32, 1).unwrap();
}

#[test]
fn a_write_that_was_cached_fails_later() {
    let script = "write 2: deferred loss-of-streaming";
    let deferred = (0x71, (3, 0x0c, 9), Some(32));
    let mut bench = bench(MediumKind::DvdPlusR, script);
    bench.write(0, 32, 1).unwrap();
    bench.write(32, 32, 2).unwrap();
    assert!(bench.get(&[0x12, 0, 0, 0, 36, 0]).is_ok(), "INQUIRY has nothing to do with it");
    let error = bench.drive.execute(&[0; 6], Data::None, Duration::ZERO).unwrap_err();
    let ScsiError::Check(sense) = error else { panic!("{error}") };
    assert_eq!((sense.deferred, sense.information), (true, Some(32)));
    assert_eq!(
        (bench.sense(), bench.none(&[0; 6])),
        (deferred, Ok(0)),
        "told once more, then over"
    );
    assert!(bench.is_damaged(1));

    // REQUEST SENSE tells it as well, if it comes first.
    let mut asked = self::bench(MediumKind::DvdPlusR, script);
    asked.write(0, 32, 1).unwrap();
    asked.write(32, 32, 2).unwrap();
    assert_eq!((asked.sense(), asked.none(&[0; 6])), (deferred, Ok(0)));

    // Without a write cache nothing is deferred: WCE of page 08h.
    let mut through = self::bench(MediumKind::DvdPlusR, script);
    let mut page = vec![0, 0, 0, 0, 0, 0, 0, 0, 0x08, 0x0a];
    page.resize(20, 0);
    through.put(&[0x55, 0x10, 0, 0, 0, 0, 0, 0, 20, 0], &page).unwrap();
    through.write(0, 32, 1).unwrap();
    assert_eq!(through.write(32, 32, 2), Err((3, 0x0c, 9)));
    assert_eq!(through.sense().0, 0x70);
}

#[test]
fn what_waited_is_lost_when_synchronizing_fails() {
    let mut bench = bench(MediumKind::DvdPlusR, "synchronize-cache: sense 3/0C/00");
    bench.write(0, 32, 1).unwrap();
    assert_eq!(bench.none(&[0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Err(WRITE_ERROR));
    assert!(bench.is_damaged(1));
}

#[test]
fn a_laser_that_cannot_be_adjusted_leaves_the_disc_as_it_was() {
    for place in ["send-opc-information", "write"] {
        let mut bench = bench(MediumKind::DvdR, &format!("{place}: power-calibration"));
        let before = (bench.disc(), bench.last_track());
        let end = match place {
            "write" => bench.write(0, 32, 1),
            _ => bench.none(&[0x54, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
        };
        assert_eq!((end, bench.sense().1), (Err((3, 0x73, 3)), (3, 0x73, 3)), "{place}");
        assert_eq!((bench.disc(), bench.last_track()), before, "{place}");
        bench.write(0, 32, 1).unwrap();
    }
}

#[test]
fn a_drive_that_is_busy_tells_everyone() {
    let mut bench = bench(MediumKind::DvdPlusR, "write 2: long-write for 4 commands");
    let busy = (2, 0x04, 0x08);
    bench.write(0, 32, 1).unwrap();
    assert_eq!(bench.write(32, 32, 1), Err(busy));
    assert_eq!((bench.event(6), bench.free_buffer()), ([0, 1], 0), "busy, and full");
    assert_eq!((bench.none(&[0; 6]), bench.sense().1), (Err(busy), busy));
    assert_eq!((bench.none(&[0; 6]), bench.event(6)), (Ok(0), [0, 0]));
    assert_eq!(bench.free_buffer(), BUFFER_BYTES);
    bench.write(32, 32, 1).unwrap();

    let mut timed = self::bench(MediumKind::DvdPlusR, "any 1: becoming-ready for 60ms");
    let start = std::time::Instant::now();
    while timed.none(&[0; 6]) == Err((2, 0x04, 0x01)) {
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(start.elapsed() >= Duration::from_millis(60));
}

#[test]
fn unit_attentions_are_events_and_forget_what_was_set() {
    let mut bench = bench(MediumKind::DvdR, "test-unit-ready 1: medium-changed\nwrite: reset");
    assert_eq!(bench.event(4)[0], 2, "the new disc of the beginning");
    assert_eq!((bench.none(&[0; 6]), bench.event(4)), (Err((6, 0x28, 0)), [2, 2]));
    let prevent = [0x1e, 0, 0, 0, 1, 0];
    bench.none(&prevent).unwrap();
    // Disc at once.
    let mut page = vec![0; 8];
    page.extend([0x05, 50, 0x42, 0x05, 8]);
    page.resize(60, 0);
    bench.put(&[0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0], &page).unwrap();
    let write_type =
        |bench: &mut Bench| bench.get(&[0x5a, 8, 5, 0, 0, 0, 0, 0, 60, 0]).unwrap()[10] & 0x0f;
    assert_eq!(write_type(&mut bench), 2);
    assert_eq!(bench.write(0, 16, 1), Err((6, 0x29, 0)));
    assert_eq!(write_type(&mut bench), 0);
    bench.none(&[0x1b, 0, 0, 0, 2, 0]).expect("the lock is gone");
}

#[test]
fn a_disc_that_is_gone_is_gone_and_so_is_a_drive() {
    let mut bench = bench(MediumKind::DvdPlusR, "write 2: no-medium");
    bench.write(0, 32, 1).unwrap();
    bench.write(32, 32, 1).unwrap_err();
    assert_eq!((bench.none(&[0; 6]), bench.event(4)), (Err((2, 0x3a, 0x01)), [3, 0]));

    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a.vdisc");
    create(&path, MediumKind::DvdPlusR, Some(1600)).unwrap();
    std::fs::write(Faults::path_beside(&path), "test-unit-ready 2: gone").unwrap();
    let options = DriveOptions::default();
    let mut drive = VirtualDrive::open_with(&path, &options).unwrap();
    let mut ready = || drive.execute(&[0; 6], Data::None, Duration::ZERO);
    assert!(matches!(ready(), Err(ScsiError::Check(_))), "a new disc");
    assert!((0..3).all(|_| matches!(ready(), Err(ScsiError::Gone))));
    drop(drive);
    let mut again = VirtualDrive::open_with(&path, &options).unwrap();
    let inquiry = again.execute(&[0x12, 0, 0, 0, 36, 0], Data::In(&mut [0; 36]), Duration::ZERO);
    assert!(matches!(inquiry, Err(ScsiError::Gone)), "{inquiry:?}");
    drop(again);
    std::fs::remove_file(Faults::path_beside(&path)).unwrap();
    let mut mended = VirtualDrive::open_with(&path, &options).unwrap();
    mended.execute(&[0x12, 0, 0, 0, 36, 0], Data::In(&mut [0; 36]), Duration::ZERO).unwrap();
}

#[test]
fn scratches_are_read_in_every_way_as_often_as_they_are_tried() {
    let script = "read blocks 20-21: medium-error always\nread 9: sense 1/18/00";
    let mut bench = bench(MediumKind::DvdRam, script);
    let unreadable = Err((3, 0x11, 0));
    for _ in 0..2 {
        assert_eq!((bench.read(0, 32), bench.read(21, 1)), (unreadable, unreadable));
        assert_eq!(bench.sense().2, Some(21));
    }
    assert_eq!((bench.read(0, 20), bench.read(22, 10)), (Ok(0), Ok(0)));
    let read_12 = [0xa8, 0, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0];
    assert_eq!(bench.run(&read_12, Data::In(&mut [0; 2048])), Err((3, 0x11, 0)));
    assert_eq!(bench.none(&transfer_cdb(0x2f, 21, 1)), Err((3, 0x11, 0)), "VERIFY");
    let mut out = [1; 2048];
    let recovered = bench.run(&transfer_cdb(0x28, 0, 1), Data::In(&mut out));
    assert_eq!((recovered, out), (Err((1, 0x18, 0)), [0; 2048]), "and yet it was read");
}

#[test]
fn a_session_at_once_that_breaks_off_spoils_a_cd() {
    let mut bench = bench(MediumKind::CdR, "write: sense 4/44/00");
    let mut page = vec![0; 8];
    page.extend([0x05, 50, 0x42, 0x04, 8]);
    page.resize(60, 0);
    bench.put(&[0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0], &page).unwrap();
    let sheet = crate::mmc::CueSheet::of_data(1, 0, 300).unwrap();
    crate::mmc::send_cue_sheet(&sheet).send(&mut bench.drive).unwrap();
    crate::mmc::write_zeros(-150, 16).send(&mut bench.drive).unwrap_err();
    assert_eq!((bench.disc().0, bench.disc().1), (1, 2), "its lead-in is written");
}

#[test]
fn scripts_that_are_not_understood_are_told_with_their_line() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a.vdisc");
    create(&path, MediumKind::DvdPlusR, Some(1600)).unwrap();
    std::fs::write(Faults::path_beside(&path), "write: gone\nwrite: went\n").unwrap();
    let error = VirtualDrive::open(&path).unwrap_err();
    assert!(error.to_string().contains("a.vdisc.faults") && error.hint().is_some(), "{error}");
    let source = core::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "line 2: `went` is nothing that can happen");
}
