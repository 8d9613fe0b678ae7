//! Tracks and sessions, one after the other.

use super::*;

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
