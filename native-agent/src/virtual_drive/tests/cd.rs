//! CD-R and CD-RW: track at once, session at once, several sessions, and what comes back.

use image_core::cd::{Msf, mode_1_sector, mode_2_form_1_sector};

use super::*;

const TAO: u8 = 1;
const SAO: u8 = 2;
const MODE_1: u8 = 8;
const RAW: u8 = 0;
const XA: u8 = 10;

impl Bench {
    fn cd(kind: MediumKind) -> Self {
        Self::new(kind, 60_000)
    }

    /// MODE SELECT of page 05h: write type with test write, multi-session with track mode, data block type.
    fn page(&mut self, write: u8, track: u8, block: u8) -> Result<usize, (u8, u8, u8)> {
        let mut list = [0; 60];
        list[8..13].copy_from_slice(&[0x05, 0x32, 0x40 | write, track, block]);
        list[23] = 150;
        self.put(&[0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0], &list)
    }

    /// WRITE(10) of blocks of another length than 2048, and of addresses below zero.
    fn write_sectors(
        &mut self,
        lba: i32,
        blocks: u16,
        block: usize,
        fill: u8,
    ) -> Result<usize, (u8, u8, u8)> {
        let cdb = transfer_cdb(0x2a, lba.cast_unsigned(), blocks);
        self.put(&cdb, &vec![fill; usize::from(blocks) * block])
    }

    fn cue(&mut self, entries: &[[u8; 8]]) -> Result<usize, (u8, u8, u8)> {
        let list = entries.concat();
        let [high, low] = u16::try_from(list.len()).unwrap().to_be_bytes();
        self.put(&[0x5d, 0, 0, 0, 0, 0, 0, high, low, 0], &list)
    }

    /// READ TOC/PMA/ATIP of a format.
    fn toc(&mut self, format: u8, msf: bool) -> Result<Vec<u8>, (u8, u8, u8)> {
        self.get(&[0x43, u8::from(msf) << 1, format, 0, 0, 0, 0, 0, 252, 0])
    }

    /// READ CD of one sector: any type, these parts.
    fn read_cd(&mut self, lba: u32, expected: u8, parts: u8) -> Result<Vec<u8>, (u8, u8, u8)> {
        let [a, b, c, d] = lba.to_be_bytes();
        let mut out = vec![0xa5; 2352];
        let cdb = [0xbe, expected << 2, a, b, c, d, 0, 0, 1, parts, 0, 0];
        let moved = self.run(&cdb, Data::In(&mut out))?;
        out.truncate(moved);
        Ok(out)
    }

    /// One track at once, of one fill.
    fn track_at_once(&mut self, lba: u32, blocks: u16, fill: u8) {
        self.write(lba, blocks, fill).unwrap();
        self.sync();
    }
}

/// Entry of a cue sheet at a block address.
fn at(control_adr: u8, track: u8, index: u8, form: u8, lba: i32) -> [u8; 8] {
    let Msf { minute, second, frame } = Msf::from_lba(lba).unwrap();
    [control_adr, track, index, form, 0, minute, second, frame]
}

/// A session of one data track of this many blocks, as libburn tells it.
fn data_session(track: u8, start: i32, blocks: i32) -> Vec<[u8; 8]> {
    vec![
        at(0x41, 0, 0, 0x01, -150),
        at(0x41, track, 0, 0x10, start - 150),
        at(0x41, track, 1, 0x10, start),
        at(0x41, 0xaa, 1, 0x01, start + blocks),
    ]
}

#[test]
fn tracks_at_once_end_with_their_run_out() {
    let mut bench = Bench::cd(MediumKind::CdR);
    assert_eq!(bench.disc(), (0, 0, 1, 1));
    assert_eq!(bench.last_track(), (0, Some(0), 59_998, 59_998));
    bench.page(TAO, 0xc4, MODE_1).unwrap();
    bench.write(0, 400, 1).unwrap();
    assert_eq!(bench.last_track(), (0, Some(400), 59_598, 59_998));
    assert_eq!(bench.write(399, 1, 1), Err((5, 0x21, 0x02)));
    bench.sync();
    // Behind two blocks of run-out and a pause of 150.
    assert_eq!(bench.last_track(), (552, Some(552), 59_446, 59_446));
    // A track has 300 blocks at least.
    bench.track_at_once(552, 10, 2);
    assert_eq!(bench.last_track().0, 552 + 302 + 150);
    assert_eq!(bench.disc(), (1, 1, 1, 3));
    assert_eq!(bench.close(1, 2), Ok(0), "it is closed already");
    assert_eq!((bench.read(399, 1), bench.read(561, 1), bench.read(562, 1)), (Ok(1), Ok(2), Ok(0)));
    for run_out in [400, 401, 402, 551, 852] {
        assert_eq!(bench.read(run_out, 1), Err((3, 0x11, 0)), "{run_out}");
    }
    assert_eq!(bench.read(854, 1), Err((5, 0x21, 0)));
}

#[test]
fn sessions_follow_each_other_until_one_is_the_last() {
    let mut bench = Bench::cd(MediumKind::CdR);
    bench.page(TAO, 0xc4, MODE_1).unwrap();
    assert_eq!(bench.close(2, 0), Err((5, 0x72, 0)), "there is nothing to close");
    bench.track_at_once(0, 1000, 1);
    bench.close(2, 0).unwrap();
    assert_eq!(bench.disc(), (1, 0, 2, 2));
    assert_eq!(bench.last_track().0, 1002 + 11_400);
    bench.track_at_once(12_402, 500, 2);
    bench.close(2, 0).unwrap();
    assert_eq!(bench.last_track().0, 12_402 + 502 + 6900);
    bench.reopen();
    bench.page(TAO, 0x04, MODE_1).unwrap();
    bench.track_at_once(19_804, 500, 3);
    bench.close(2, 0).unwrap();
    assert_eq!(bench.disc(), (2, 3, 3, 3));
    assert_eq!(bench.write(20_306, 1, 1), Err((7, 0x27, 0)));
    assert_eq!(bench.close(2, 0), Err((5, 0x72, 0)));
    assert_eq!((bench.read(0, 16), bench.read(12_402, 16)), (Ok(1), Ok(2)));
    let capacity = bench.get(&[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    assert_eq!(capacity[..4], (19_804u32 + 502 - 1).to_be_bytes());
    let info = bench.get(&[0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]).unwrap();
    assert_eq!(info[16..24], [0xff; 8], "no further session");
}

#[test]
fn tables_of_contents() {
    let mut bench = Bench::cd(MediumKind::CdRw);
    for format in [0, 1, 2] {
        assert_eq!(bench.toc(format, false), Err((5, 0x24, 0)), "format {format} of a blank disc");
    }
    bench.page(TAO, 0xc4, MODE_1).unwrap();
    bench.track_at_once(0, 1000, 1);
    assert_eq!(bench.toc(0, false), Err((5, 0x24, 0)), "the session is open");
    bench.close(2, 0).unwrap();
    let info = bench.get(&[0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]).unwrap();
    assert_eq!(info[2], 0x11, "erasable, incomplete, and its last session is empty");
    // The next lead-in begins 4650 blocks before block 12402: 00:02:00 + 7752 blocks.
    assert_eq!(info[16..24], [0, 1, 45, 27, 0, 13, 22, 0]);
    bench.page(TAO, 0x04, MODE_1).unwrap();
    bench.track_at_once(12_402, 500, 2);
    bench.close(2, 0).unwrap();
    #[rustfmt::skip]
    assert_eq!(bench.toc(0, false).unwrap(), [
        0, 26, 1, 2, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x14, 2, 0, 0, 0, 0x30, 0x72, 0, 0x14, 0xaa, 0, 0, 0, 0x32, 0x68,
    ]);
    assert_eq!(bench.toc(1, true).unwrap(), [0, 10, 1, 2, 0, 0x14, 2, 0, 0, 2, 47, 27]);
    #[rustfmt::skip]
    assert_eq!(bench.toc(2, true).unwrap(), [
        0, 112, 1, 2,
        1, 0x14, 0, 0xa0, 0, 0, 0, 0, 1, 0, 0,
        1, 0x14, 0, 0xa1, 0, 0, 0, 0, 1, 0, 0,
        1, 0x14, 0, 0xa2, 0, 0, 0, 0, 0, 15, 27,
        1, 0x14, 0, 1, 0, 0, 0, 0, 0, 2, 0,
        1, 0x54, 0, 0xb0, 2, 45, 27, 2, 13, 22, 0,
        1, 0x54, 0, 0xc0, 0, 0, 0, 0, 97, 0, 0,
        2, 0x14, 0, 0xa0, 0, 0, 0, 0, 2, 0, 0,
        2, 0x14, 0, 0xa1, 0, 0, 0, 0, 2, 0, 0,
        2, 0x14, 0, 0xa2, 0, 0, 0, 0, 2, 54, 4,
        2, 0x14, 0, 2, 0, 0, 0, 0, 2, 47, 27,
    ]);
    assert_eq!(bench.toc(5, false).unwrap(), [0, 2, 0, 0]);
    assert_eq!(bench.toc(3, false), Err((5, 0x24, 0)));
}

#[test]
fn the_groove_tells_kind_and_size() {
    for (kind, erasable) in [(MediumKind::CdR, 0), (MediumKind::CdRw, 0x40)] {
        let mut bench = Bench::new(kind, kind.describe().capacity);
        let atip = bench.toc(4, true).unwrap();
        assert_eq!((atip.len(), &atip[..2]), (28, &[0, 26][..]));
        assert_eq!(atip[6], 0x80 | erasable);
        assert_eq!(atip[8..11], [97, 0, 0]);
        assert_eq!(atip[12..15], [79, 59, 74]);
        assert_eq!(bench.last_track().2, 359_847);
        let info = bench.get(&[0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]).unwrap();
        assert_eq!((info[2], info[8]), (erasable >> 2, 0xff));
        assert_eq!(info[16..24], [0, 97, 0, 0, 0, 79, 59, 74]);
    }
}

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

#[test]
fn raw_sectors_are_made_around_user_data() {
    let mut bench = Bench::cd(MediumKind::CdR);
    bench.page(TAO, 0x04, MODE_1).unwrap();
    bench.track_at_once(0, 400, 0x5a);
    let whole = mode_1_sector(Msf { minute: 0, second: 4, frame: 5 }, &[0x5a; 2048]);
    assert_eq!(bench.read_cd(155, 0, 0xf8).unwrap(), whole);
    assert_eq!(bench.read_cd(155, 2, 0x10).unwrap(), whole[16..2064]);
    assert_eq!(bench.read_cd(155, 2, 0x20).unwrap(), whole[12..16]);
    assert_eq!(bench.read_cd(155, 2, 0x78).unwrap(), whole[12..]);
    assert!(bench.read_cd(155, 2, 0x00).unwrap().is_empty());
    assert_eq!(bench.read_cd(155, 2, 0x90), Err((5, 0x24, 0)), "header left out");
    assert_eq!(bench.read_cd(155, 4, 0x10), Err((5, 0x64, 0)), "mode 1");
    assert_eq!(bench.read_cd(400, 0, 0x10), Err((3, 0x11, 0)));
    let mut out = vec![0; 2352];
    let msf = [0xb9, 0, 0, 0, 4, 5, 0, 4, 6, 0xf8, 0, 0];
    assert_eq!(bench.run(&msf, Data::In(&mut out)), Ok(2352));
    assert_eq!(out, whole);
    for (field, value) in [(9, 0xfa), (10, 1), (4, 60), (8, 4)] {
        let mut bad = msf;
        bad[field] = value;
        assert_eq!(bench.get(&bad), Err((5, 0x24, 0)), "{field}: {value:#x}");
    }
    // The same sector sent raw.
    bench.page(TAO, 0x04, RAW).unwrap();
    let cdb = transfer_cdb(0x2a, 552, 1);
    bench.put(&cdb, &mode_1_sector(Msf::from_lba(552).unwrap(), &[3; 2048])).unwrap();
    assert_eq!(bench.read(552, 1), Ok(3));
    assert_eq!(bench.write_sectors(553, 1, 2048, 1), Err((0x0b, 0x4b, 0)));
    bench.page(TAO, 0x04, MODE_1).unwrap();
    assert_eq!(bench.write(553, 1, 1), Err((5, 0x64, 0)), "the track is raw");
}

/// As wodim writes sessions that others follow.
#[test]
fn tracks_of_mode_2() {
    let mut bench = Bench::cd(MediumKind::CdR);
    bench.page(TAO, 0xc4, XA).unwrap();
    bench.track_at_once(0, 400, 0x5a);
    bench.close(2, 0).unwrap();
    assert_eq!(bench.read(0, 400), Ok(0x5a));
    let address = Msf { minute: 0, second: 4, frame: 5 };
    let whole = mode_2_form_1_sector(address, [0; 4], &[0x5a; 2048]);
    assert_eq!(bench.read_cd(155, 4, 0xf8).unwrap(), whole);
    assert_eq!(bench.read_cd(155, 0, 0x50).unwrap(), whole[16..2072]);
    assert_eq!(bench.read_cd(155, 2, 0x10), Err((5, 0x64, 0)));
    assert_eq!(bench.toc(2, true).unwrap()[13], 0x20, "the disc is of CD-ROM XA");
    let track = bench.get(&[0x52, 1, 0, 0, 0, 1, 0, 0, 48, 0]).unwrap();
    assert_eq!(track[6] & 0x0f, 2);
    let info = bench.get(&[0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]).unwrap();
    assert_eq!(info[8], 0x20);
}

#[test]
fn the_page_for_cds_takes_what_is_written_on_cds() {
    let mut bench = Bench::cd(MediumKind::CdR);
    for (write, track, block, taken) in [
        (TAO, 4, MODE_1, true),
        (TAO, 0, RAW, true),
        (TAO, 0, MODE_1, false),
        (TAO, 4, XA, true),
        (TAO, 0, XA, false),
        (TAO, 4, 9, false),
        (SAO, 0, RAW, true),
        (SAO, 0, MODE_1, true),
        (0, 5, MODE_1, false),
        (3, 4, 3, false),
        (4, 4, MODE_1, false),
    ] {
        let wanted = if taken { Ok(60) } else { Err((5, 0x26, 0)) };
        assert_eq!(bench.page(write, track, block), wanted, "{write} {track} {block}");
    }
    let mut dvd = Bench::new(MediumKind::DvdR, 1600);
    assert_eq!(dvd.page(TAO, 4, MODE_1), Err((5, 0x26, 0)));
    let mut bench = Bench::cd(MediumKind::CdR);
    assert_eq!(bench.write(0, 1, 1), Err((5, 0x64, 0)), "the page is as it was switched on");
}

#[test]
fn a_test_write_leaves_the_disc_blank() {
    const TEST: u8 = 0x10;
    let mut bench = Bench::cd(MediumKind::CdR);
    bench.page(TAO | TEST, 0x04, MODE_1).unwrap();
    bench.track_at_once(0, 400, 1);
    assert_eq!(bench.last_track().0, 552, "the drive plays along");
    bench.page(SAO | TEST, 0x04, MODE_1).unwrap();
    assert_eq!(bench.disc().0, 0);
    bench.cue(&data_session(1, 0, 320)).unwrap();
    bench.write_sectors(-150, 150, 2048, 0).unwrap();
    bench.write(0, 320, 1).unwrap();
    assert_eq!(bench.disc().0, 2);
    bench.reopen();
    assert_eq!(bench.disc(), (0, 0, 1, 1));
    assert_eq!(bench.read(0, 1), Err((5, 0x21, 0)));
}

#[test]
fn reserved_tracks_are_filled_up() {
    let mut bench = Bench::cd(MediumKind::CdR);
    let reserve = |blocks: u16| {
        let [high, low] = blocks.to_be_bytes();
        [0x53, 0, 0, 0, 0, 0, 0, high, low, 0]
    };
    assert_eq!(bench.none(&reserve(1000)), Err((5, 0x2c, 0)), "track at once only");
    bench.page(TAO, 0xc4, MODE_1).unwrap();
    assert_eq!(bench.none(&reserve(0)), Err((5, 0x24, 0)));
    assert_eq!(bench.none(&reserve(60_000)), Err((5, 0x24, 0)));
    bench.none(&reserve(1000)).unwrap();
    assert_eq!(bench.last_track().0, 1152);
    bench.track_at_once(1152, 400, 2);
    assert_eq!(bench.close(2, 0), Err((5, 0x72, 0x04)), "track 1 is empty");
    bench.write(0, 10, 1).unwrap();
    bench.close(2, 0).unwrap();
    assert_eq!((bench.read(9, 1), bench.read(999, 1)), (Ok(1), Ok(0)));
    assert_eq!(bench.read(1000, 1), Err((3, 0x11, 0)));
    assert_eq!(bench.last_track().0, 1152 + 402 + 11_400);
}

#[test]
fn a_track_may_fill_the_disc() {
    let mut bench = Bench::new(MediumKind::CdR, 1000);
    bench.page(TAO, 0xc4, MODE_1).unwrap();
    assert_eq!(bench.last_track().2, 998);
    assert_eq!(bench.write(0, 999, 1), Err((5, 0x63, 0)));
    bench.write(0, 998, 1).unwrap();
    assert_eq!(bench.write(998, 1, 1), Err((5, 0x21, 0x02)));
    bench.close(2, 0).unwrap();
    assert_eq!(bench.read(0, 998), Ok(1));
    assert_eq!(bench.last_track(), (1000, None, 0, 0), "another session does not fit");
}

#[test]
fn a_cd_rw_is_new_again_once_it_is_blanked() {
    let blank = |kind: u8| [0xa1, 0x10 | kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for kind in [0, 1] {
        let mut bench = Bench::cd(MediumKind::CdRw);
        bench.page(TAO, 0x04, MODE_1).unwrap();
        bench.track_at_once(0, 400, 1);
        bench.close(2, 0).unwrap();
        for refused in 2..8 {
            assert_eq!(bench.none(&blank(refused)), Err((5, 0x24, 0)), "type {refused}");
        }
        bench.none(&blank(kind)).unwrap();
        assert_eq!(bench.none(&[0; 6]), Err((2, 0x04, 0x07)));
        while bench.none(&[0; 6]).is_err() {}
        assert_eq!(bench.disc(), (0, 0, 1, 1));
        assert_eq!(bench.last_track(), (0, Some(0), 59_998, 59_998));
        bench.track_at_once(0, 300, 2);
        assert_eq!(bench.read(0, 300), Ok(2));
    }
    let mut bench = Bench::cd(MediumKind::CdR);
    assert_eq!(bench.none(&blank(0)), Err((5, 0x30, 0x05)));
}

#[test]
fn commands_of_cds_on_other_media() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 1600);
    assert_eq!(bench.read_cd(0, 0, 0x10), Err((5, 0x30, 0x02)));
    assert_eq!(bench.cue(&data_session(1, 0, 320)), Err((5, 0x30, 0x05)));
    let mut bench = Bench::cd(MediumKind::CdR);
    assert_eq!(bench.get(&[0xad, 0, 0, 0, 0, 0, 0, 0, 0, 200, 0, 0]), Err((5, 0x30, 0x02)));
    assert_eq!(bench.none(&[0x5b, 0, 6, 0, 0, 0, 0, 0, 0, 0]), Err((5, 0x24, 0)));
    assert_eq!(bench.format(0, 0), Err((5, 0x30, 0x06)));
}
