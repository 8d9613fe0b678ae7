//! Sectors with all that is around their user data, read and written.

use image_core::cd::{Position, SubChannel, mode_1_sector, mode_2_form_1_sector};

use super::*;

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
    for (field, value) in [(9, 0xfe), (10, 3), (10, 4), (4, 60), (8, 4)] {
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

/// Sectors with all sub-channels, of which only Q says something.
fn raw_sectors(
    first: i32,
    end: i32,
    main: impl Fn(i32) -> [u8; 2352],
    q: impl Fn(i32) -> Position,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    for lba in first..end {
        bytes.extend_from_slice(&main(lba));
        bytes.extend(SubChannel { p: false, q: q(lba).to_q() }.to_interleaved());
    }
    bytes
}

fn position(track: u8, index: u8, relative: i32, absolute: Msf) -> Position {
    let relative = Msf::from_lba(relative - 150).unwrap();
    Position { control: 4, adr: 1, track, index, relative, absolute }
}

/// The lead-in of one data track, the lead-out of which begins at this block.
fn lead_in(lead_out: i32) -> impl Fn(i32) -> Position {
    move |lba| {
        let point = |index, lba| position(0, index, 0, Msf::from_lba(lba).unwrap());
        let number = |index| position(0, index, 0, Msf { minute: 1, second: 0, frame: 0 });
        match lba.rem_euclid(4) {
            0 => number(0xa0),
            1 => number(0xa1),
            2 => point(0xa2, lead_out),
            _ => point(0x01, 0),
        }
    }
}

fn scrambled(lba: i32) -> [u8; 2352] {
    let address = Msf::from_lba(lba).unwrap();
    let mut sector = mode_1_sector(address, &[lba as u8; 2048]);
    image_core::cd::scramble(&mut sector);
    sector
}

#[test]
fn raw_writing_is_told_everything() {
    const LEAD_IN: i32 = -13_650;
    const LEAD_OUT: i32 = 310;
    let mut bench = Bench::cd(MediumKind::CdR);
    bench.page(RAW_MODE, 0x04, 3).unwrap();
    let write = |bench: &mut Bench, first: i32, bytes: &[u8]| {
        for (index, piece) in (0..).zip(bytes.chunks(300 * 2448)) {
            let blocks = (piece.len() / 2448) as u16;
            let cdb = transfer_cdb(0x2a, (first + index * 300).cast_unsigned(), blocks);
            bench.put(&cdb, piece)?;
        }
        Ok::<_, (u8, u8, u8)>(())
    };
    assert_eq!(bench.write_sectors(0, 1, 2448, 0), Err((5, 0x21, 0x02)), "the lead-in first");
    let silence = |_: i32| [0; 2352];
    write(&mut bench, LEAD_IN, &raw_sectors(LEAD_IN, -150, silence, lead_in(LEAD_OUT))).unwrap();
    assert_eq!(bench.disc(), (1, 2, 1, 1), "a lead-in cannot be undone");
    let track = |lba: i32| {
        let index = u8::from(lba >= 0);
        position(1, index, lba.abs(), Msf::from_lba(lba).unwrap())
    };
    write(&mut bench, -150, &raw_sectors(-150, LEAD_OUT, scrambled, track)).unwrap();
    assert_eq!(bench.disc(), (2, 3, 1, 1));
    let lead_out = |lba: i32| position(0xaa, 1, lba, Msf::from_lba(lba).unwrap());
    write(&mut bench, LEAD_OUT, &raw_sectors(LEAD_OUT, LEAD_OUT + 6750, silence, lead_out))
        .unwrap();
    assert_eq!(bench.write_sectors(LEAD_OUT + 6750, 1, 2448, 0), Err((5, 0x63, 0)));
    bench.sync();
    bench.reopen();
    for lba in [0, 155, 309] {
        assert_eq!(bench.read(lba, 1), Ok(lba as u8));
        let address = Msf::from_lba(lba.cast_signed()).unwrap();
        let whole = mode_1_sector(address, &[lba as u8; 2048]);
        assert_eq!(bench.read_cd(lba, 2, 0xf8).unwrap(), whole);
    }
    assert_eq!(bench.toc(0, false).unwrap()[16..20], 310u32.to_be_bytes());
}

#[test]
fn raw_writing_needs_a_lead_in_that_can_be_read() {
    const LEAD_IN: i32 = -13_650;
    for lead_out in [0, 60_001] {
        let mut bench = Bench::cd(MediumKind::CdR);
        bench.page(RAW_MODE, 0x04, 3).unwrap();
        let bytes = raw_sectors(LEAD_IN, -150, |_| [0; 2352], lead_in(lead_out));
        bench.put(&transfer_cdb(0x2a, LEAD_IN.cast_unsigned(), 13_500), &bytes).unwrap();
        assert_eq!(bench.write_sectors(-150, 1, 2448, 0), Err((5, 0x26, 0)), "{lead_out}");
        assert_eq!(bench.disc(), (1, 2, 1, 1));
        bench.page(RAW_MODE, 0x04, 3).unwrap();
        assert_eq!(bench.write_sectors(LEAD_IN, 1, 2448, 0), Err((5, 0x2c, 0)), "begun already");
    }
}

/// READ CD of one sector with what is beside it: bits 2-1 of byte 9, bits 2-0 of byte 10.
fn read_beside(bench: &mut Bench, lba: u32, errors: u8, sub_channels: u8) -> Vec<u8> {
    let [a, b, c, d] = lba.to_be_bytes();
    let mut out = vec![0xa5; 2352 + 296 + 96];
    let cdb = [0xbe, 0, a, b, c, d, 0, 0, 1, 0xf8 | errors << 1, sub_channels, 0];
    let moved = bench.run(&cdb, Data::In(&mut out)).unwrap();
    out.truncate(moved);
    out
}

#[test]
fn errors_and_sub_channels_beside_a_sector() {
    let mut bench = Bench::cd(MediumKind::CdR);
    bench.page(TAO, 0xc4, MODE_1).unwrap();
    bench.track_at_once(0, 400, 1);
    bench.track_at_once(552, 400, 2);
    bench.close(2, 0).unwrap();
    let sector = bench.read_cd(560, 2, 0xf8).unwrap();
    for (errors, bits) in [(0, 0), (1, 294), (2, 296)] {
        assert_eq!(
            read_beside(&mut bench, 560, errors, 0),
            [sector.clone(), vec![0; bits]].concat()
        );
    }
    // Track 2 begins behind the run-out of the first and a pause.
    let position = position(0x02, 1, 8, Msf::from_lba(560).unwrap());
    let q = read_beside(&mut bench, 560, 1, 2);
    assert_eq!(q[2352 + 294..], SubChannel { p: false, q: position.to_q() }.to_p_and_q());
    let all = read_beside(&mut bench, 560, 2, 1);
    assert_eq!(all[2352 + 296..], SubChannel { p: false, q: position.to_q() }.to_interleaved());
    // Sub-channels alone.
    let mut out = [0; 16];
    bench.run(&[0xbe, 0, 0, 0, 2, 0x30, 0, 0, 1, 0, 2, 0], Data::In(&mut out)).unwrap();
    assert_eq!(out, q[2352 + 294..]);
}
