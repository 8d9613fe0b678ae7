//! What the drive tells of a CD, takes for it, and does to it as a whole.

use super::*;

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
    assert_eq!(bench.toc(6, false), Err((5, 0x24, 0)));
}

#[test]
fn the_program_memory_area_keeps_tracks_by_themselves() {
    let mut bench = Bench::cd(MediumKind::CdR);
    assert_eq!(bench.toc(3, true).unwrap(), [0, 2, 0, 0]);
    bench.page(TAO, 0xc4, MODE_1).unwrap();
    bench.track_at_once(0, 1000, 1);
    // 500 blocks are set aside at block 1152.
    bench.none(&[0x53, 0, 0, 0, 0, 0, 0, 1, 0xf4, 0]).unwrap();
    #[rustfmt::skip]
    assert_eq!(bench.toc(3, true).unwrap(), [
        0, 24, 0, 0,
        0, 0x14, 0, 1, 0, 15, 27, 0, 0, 2, 0,
        0, 0x14, 0, 2, 0, 24, 2, 0, 0, 17, 27,
    ]);
    let mut bench = Bench::cd(MediumKind::CdR);
    bench.page(SAO, 0x04, MODE_1).unwrap();
    bench.cue(&data_session(1, 0, 320)).unwrap();
    bench.write_sectors(-150, 150, 2048, 0).unwrap();
    bench.write(0, 320, 1).unwrap();
    assert_eq!(
        bench.toc(3, true).unwrap(),
        [0, 2, 0, 0],
        "a session at once tells all in its lead-in"
    );
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
        (RAW_MODE, 4, 1, true),
        (RAW_MODE, 4, 3, true),
        (RAW_MODE, 4, 2, false),
        (RAW_MODE, 4, MODE_1, false),
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
