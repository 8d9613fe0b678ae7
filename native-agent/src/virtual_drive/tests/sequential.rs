//! DVD+R, BD-R and DVD-R from blank to closed.

use super::*;

const INVALID_ADDRESS: (u8, u8, u8) = (5, 0x21, 0x02);
const OUT_OF_RANGE: (u8, u8, u8) = (5, 0x21, 0x00);

#[test]
fn dvd_plus_r_from_blank_to_complete() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 8192);
    assert_eq!(bench.disc(), (0, 0, 1, 1));
    assert_eq!(bench.last_track(), (0, Some(0), 8192, 8192));
    assert_eq!(bench.read(0, 1), Err(OUT_OF_RANGE));

    assert_eq!(bench.write(16, 16, 1), Err(INVALID_ADDRESS));
    bench.write(0, 32, 1).unwrap();
    assert_eq!(bench.disc(), (1, 1, 1, 1));
    assert_eq!(bench.last_track(), (0, Some(32), 8160, 8192));
    assert_eq!(bench.write(0, 16, 9), Err(INVALID_ADDRESS));
    bench.write(32, 10, 2).unwrap();
    bench.sync();
    assert_eq!(bench.last_track().1, Some(48), "the ECC block is filled");
    assert_eq!(bench.read(42, 6), Ok(0));

    bench.close(1, 1).unwrap();
    assert_eq!(bench.disc(), (1, 1, 1, 2));
    assert_eq!(bench.last_track(), (48, Some(48), 8144, 8144));
    bench.write(48, 16, 3).unwrap();
    bench.close(2, 0).unwrap();
    assert_eq!(bench.disc(), (1, 0, 2, 3));
    let (start, next, free, _) = bench.last_track();
    assert_eq!((start, next, free), (64 + 2048, Some(2112), 8192 - 2112));

    bench.reopen();
    bench.write(2112, 16, 4).unwrap();
    bench.close(6, 0).unwrap();
    assert_eq!(bench.disc(), (2, 3, 2, 3));
    assert_eq!(bench.last_track(), (2112, None, 0, 16));
    assert_eq!(bench.write(2128, 16, 5), Err((7, 0x27, 0)));
    assert_eq!(bench.close(2, 0), Err((5, 0x72, 0)));

    bench.reopen();
    let fills = [(0, 32, 1), (32, 10, 2), (48, 16, 3), (2112, 16, 4)];
    for (lba, blocks, fill) in fills {
        assert_eq!(bench.read(lba, blocks), Ok(fill));
    }
    assert_eq!(bench.read(64, 1), Err((3, 0x11, 0)), "nothing is recorded between sessions");
    assert_eq!(bench.read(2128, 1), Err(OUT_OF_RANGE));
    assert_eq!(bench.get(&[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap()[..4], 2127u32.to_be_bytes());
}

#[test]
fn a_full_disc_takes_no_more() {
    let mut bench = Bench::new(MediumKind::BdR, 64);
    bench.write(0, 32, 1).unwrap();
    assert_eq!(bench.write(32, 33, 1), Err((5, 0x63, 0)));
    assert_eq!(bench.last_track().1, Some(32), "a refused write moves nothing");
    bench.write(32, 32, 1).unwrap();
    assert_eq!(bench.last_track(), (0, None, 0, 64));
    assert_eq!(bench.write(64, 1, 1), Err(OUT_OF_RANGE));
    bench.close(1, 1).unwrap();
    bench.close(2, 0).unwrap();
    assert_eq!(bench.read(0, 64), Ok(1));
}

#[test]
fn reserved_tracks_are_written_apart() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 4096);
    let reserve = |blocks: u32| {
        let mut cdb = vec![0x53, 0, 0, 0, 0];
        cdb.extend_from_slice(&blocks.to_be_bytes());
        cdb.push(0);
        cdb
    };
    assert_eq!(bench.none(&reserve(0)), Err((5, 0x24, 0)));
    assert_eq!(bench.none(&reserve(4097)), Err((5, 0x24, 0)));
    bench.none(&reserve(100)).unwrap();
    assert_eq!(bench.last_track(), (112, Some(112), 3984, 3984));
    bench.write(112, 16, 2).unwrap();
    assert_eq!(bench.close(2, 0), Err((5, 0x72, 4)), "the reserved track is still empty");
    bench.write(0, 16, 1).unwrap();
    assert_eq!(bench.write(16, 112, 1), Err((5, 0x63, 0)));
    bench.close(2, 0).unwrap();
    assert_eq!(bench.disc(), (1, 0, 2, 3));
    assert_eq!((bench.read(0, 16), bench.read(16, 96), bench.read(112, 16)), (Ok(1), Ok(0), Ok(2)));
}

#[test]
fn closing_nothing_is_refused() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 4096);
    assert_eq!(bench.close(1, 1), Err((5, 0x72, 4)));
    assert_eq!(bench.close(1, 0), Err((5, 0x24, 0)));
    assert_eq!(bench.close(1, 9), Err((5, 0x24, 0)));
    assert_eq!(bench.close(2, 0), Err((5, 0x72, 0)));
    assert_eq!(bench.close(6, 0), Err((5, 0x72, 0)));
    assert_eq!(bench.close(7, 0), Err((5, 0x24, 0)));
    assert_eq!(bench.disc(), (0, 0, 1, 1));
}

#[test]
fn a_test_write_leaves_dvd_r_blank() {
    let mut bench = Bench::new(MediumKind::DvdR, 65536);
    let page = |flags: u8| {
        let mut list = vec![0; 8 + 52];
        list[8..11].copy_from_slice(&[0x05, 50, flags]);
        (list[11], list[12], list[21]) = (0xc5, 8, 16);
        list
    };
    let select = [0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0];
    bench.put(&select, &page(0x50)).unwrap();
    bench.write(0, 64, 7).unwrap();
    assert_eq!(bench.last_track().1, Some(64));
    bench.close(2, 0).unwrap();
    bench.put(&select, &page(0x40)).unwrap();
    assert_eq!((bench.disc(), bench.last_track().1), ((0, 0, 1, 1), Some(0)));
    bench.write(0, 16, 8).unwrap();
    bench.close(2, 0).unwrap();
    assert_eq!(bench.disc(), (1, 0, 2, 2));
    assert_eq!(bench.read(0, 16), Ok(8));
}

#[test]
fn a_disc_taken_out_in_a_write_is_gone_at_the_next_command() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 4096);
    bench.write(0, 16, 1).unwrap();
    bench.sync();
    bench.write(16, 16, 2).unwrap();
    let control = bench.drive.control();
    control.remove_medium();
    assert_eq!(bench.write(32, 16, 3), Err((2, 0x3a, 1)));
    assert!(!control.has_medium());
    let path = bench.path.clone();
    control.insert(&path).unwrap();
    assert_eq!(bench.write(32, 16, 3), Err((6, 0x28, 0)));
    assert_eq!(bench.last_track().1, Some(16), "only what was synchronized is on the disc");
}
