//! Sessions at once, and the cue sheets that describe them.

use super::*;

#[test]
fn a_session_at_once_begins_below_zero_and_ends_by_itself() {
    for (multi, status, sessions) in [(0x00, (2, 3), 1), (0xc0, (1, 0), 2)] {
        let mut bench = Bench::cd(MediumKind::CdR);
        assert_eq!(bench.cue(&data_session(1, 0, 320)), Err((5, 0x2c, 0)), "page 05h first");
        bench.page(SAO, multi | 4, MODE_1).unwrap();
        assert_eq!(bench.write(0, 16, 1), Err((5, 0x2c, 0)), "and then the cue sheet");
        bench.cue(&data_session(1, 0, 320)).unwrap();
        assert_eq!(bench.write_sectors(0, 16, 2048, 1), Err((5, 0x21, 0x02)));
        assert_eq!(bench.write_sectors(-150, 150, 2048, 0), Ok(150 * 2048));
        assert_eq!(bench.write_sectors(0, 319, 2048, 1), Ok(319 * 2048));
        assert_eq!(bench.write_sectors(319, 2, 2048, 1), Err((5, 0x63, 0)));
        assert_eq!(bench.disc(), (1, 2, 1, 1), "not at its end");
        assert_eq!(bench.last_track().1, None);
        bench.write(319, 1, 1).unwrap();
        let (disc, last, count, _) = bench.disc();
        assert_eq!(((disc, last), count), (status, sessions));
        bench.sync();
        assert_eq!(bench.read(0, 320), Ok(1));
        assert_eq!(bench.read(320, 1), Err((5, 0x21, 0)), "no run-out");
        let toc = bench.toc(0, false).unwrap();
        assert_eq!(toc[16..20], 320u32.to_be_bytes());
        bench.reopen();
        assert_eq!(bench.read(0, 320), Ok(1));
    }
}

#[test]
fn a_second_session_at_once() {
    let mut bench = Bench::cd(MediumKind::CdRw);
    bench.page(SAO, 0xc4, MODE_1).unwrap();
    for (track, start) in [(1, 0), (2, 11_700)] {
        bench.cue(&data_session(track, start, 300)).unwrap();
        bench.write_sectors(start - 150, 150, 2048, 0).unwrap();
        bench.write_sectors(start, 300, 2048, track).unwrap();
    }
    assert_eq!((bench.read(0, 300), bench.read(11_700, 300)), (Ok(1), Ok(2)));
    assert_eq!(bench.last_track().0, 11_700 + 300 + 6900);
}

#[test]
fn a_session_that_breaks_off_is_damaged() {
    let mut bench = Bench::cd(MediumKind::CdR);
    bench.page(SAO, 0x04, MODE_1).unwrap();
    bench.cue(&data_session(1, 0, 320)).unwrap();
    bench.write_sectors(-150, 150, 2048, 0).unwrap();
    bench.write(0, 100, 7).unwrap();
    bench.reopen();
    assert_eq!(bench.disc(), (1, 2, 1, 1));
    assert_eq!(bench.last_track().1, None);
    bench.page(SAO, 0x04, MODE_1).unwrap();
    assert_eq!(bench.cue(&data_session(1, 0, 320)), Err((5, 0x2c, 0)));
    assert_eq!(bench.close(2, 0), Err((5, 0x72, 0x03)));
    assert_eq!(bench.close(1, 1), Err((5, 0x72, 0x03)));
    bench.page(TAO, 0x04, MODE_1).unwrap();
    assert_eq!(bench.write(100, 1, 1), Err((5, 0x2c, 0)));
    assert_eq!(bench.read(0, 100), Ok(7));
}

#[test]
fn cue_sheets_that_no_drive_records() {
    let good = data_session(1, 0, 320);
    let with = |index: usize, entry: [u8; 8]| {
        let mut sheet = good.clone();
        sheet[index] = entry;
        sheet
    };
    let without = |index: usize| {
        let mut sheet = good.clone();
        sheet.remove(index);
        sheet
    };
    let sheets = [
        ("nothing", Vec::new()),
        ("no lead-in", without(0)),
        ("no pause", without(1)),
        ("no data", without(2)),
        ("no lead-out", without(3)),
        ("CD-Text in the lead-in", with(0, at(0x41, 0, 0, 0x41, -150))),
        ("a lead-in sent by the host", with(0, at(0x41, 0, 0, 0x10, -150))),
        ("track 2 first", data_session(2, 0, 320)),
        ("not from the start", data_session(1, 10, 320)),
        ("a track of 299 blocks", data_session(1, 0, 299)),
        ("a pause that is too short", with(2, at(0x41, 1, 1, 0x10, -1))),
        ("time that goes back", with(2, at(0x41, 1, 1, 0x10, -150))),
        ("behind the disc", data_session(1, 0, 60_001)),
        ("data that are audio", with(2, at(0x01, 1, 1, 0x10, 0))),
        ("audio that is data", with(2, at(0x41, 1, 1, 0x00, 0))),
        ("two kinds in a track", with(1, at(0x01, 1, 0, 0x00, -150))),
        ("an unknown form", with(2, at(0x41, 1, 1, 0x15, 0))),
        ("no second", with(2, [0x41, 1, 1, 0x10, 0, 0, 60, 0])),
        ("an unknown ADR", with(2, at(0x47, 1, 1, 0x10, 0))),
        ("a second index 1", with(1, at(0x41, 1, 1, 0x10, -150))),
    ];
    let mut bench = Bench::cd(MediumKind::CdR);
    bench.page(SAO, 0x04, MODE_1).unwrap();
    for (what, sheet) in sheets {
        assert_eq!(bench.cue(&sheet), Err((5, 0x26, 0)), "{what}");
    }
    assert_eq!(bench.put(&[0x5d, 0, 0, 0, 0, 0, 0, 0, 9, 0], &[0; 9]), Err((5, 0x26, 0)));
    assert_eq!(bench.put(&[0x5d, 0, 0, 0, 0, 0, 0, 0, 16, 0], &[0; 8]), Err((0x0b, 0x4b, 0)));
    bench.cue(&good).unwrap();
    // A catalog number and an ISRC go along.
    let mut named = good.clone();
    named.insert(0, [0x02, b'0', b'1', b'2', b'3', b'4', b'5', b'6']);
    named.insert(1, [0x02, b'7', b'8', b'9', b'0', b'1', b'2', 0]);
    named.insert(3, [0x43, 1, b'X', b'X', b'A', b'A', b'A', b'2']);
    named.insert(4, [0x43, 1, b'6', b'0', b'0', b'0', b'0', b'1']);
    bench.cue(&named).unwrap();
}

#[test]
fn tracks_of_both_kinds_in_one_session() {
    let mut bench = Bench::cd(MediumKind::CdR);
    bench.page(SAO, 0x04, MODE_1).unwrap();
    let sheet = [
        at(0x41, 0, 0, 0x14, -150),
        at(0x41, 1, 0, 0x14, -150),
        at(0x41, 1, 1, 0x10, 0),
        at(0x01, 2, 0, 0x01, 300),
        at(0x01, 2, 1, 0x00, 450),
        at(0x01, 3, 1, 0x00, 800),
        at(0x01, 0xaa, 1, 0x01, 1100),
    ];
    bench.cue(&sheet).unwrap();
    // What the drive makes itself is not sent.
    bench.write_sectors(0, 300, 2048, 1).unwrap();
    assert_eq!(bench.write_sectors(300, 1, 2352, 2), Err((5, 0x21, 0x02)));
    bench.write_sectors(450, 650, 2352, 2).unwrap();
    assert_eq!(bench.disc(), (2, 3, 1, 3));
    let toc = bench.toc(0, false).unwrap();
    let entries: Vec<_> = toc[4..].chunks(8).map(|entry| (entry[1], entry[2], entry[7])).collect();
    assert_eq!(
        entries,
        [
            (0x14, 1, 0),
            (0x10, 2, 450u16 as u8),
            (0x10, 3, 800u16 as u8),
            (0x10, 0xaa, 1100u16 as u8)
        ]
    );
    assert_eq!(bench.read(0, 300), Ok(1));
    assert_eq!(bench.read(450, 1), Err((5, 0x64, 0)), "audio");
    assert_eq!(bench.read_cd(450, 1, 0x10).unwrap(), [2; 2352]);
    assert_eq!(bench.read_cd(450, 2, 0x10), Err((5, 0x64, 0)));
}
