//! BD-RE, DVD-RAM and DVD+RW: formatting, and blocks written at any address.

use super::*;

#[test]
fn bd_re_is_formatted_before_it_is_written() {
    let mut bench = Bench::new(MediumKind::BdRe, 6400);
    assert_eq!(bench.disc(), (0, 0, 1, 1));
    assert_eq!(bench.write(0, 32, 1), Err((5, 0x30, 0x05)));
    assert_eq!(bench.read(0, 1), Err((5, 0x30, 0x02)));
    let unformatted = bench.get(&[0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0]).unwrap();
    assert_eq!(unformatted[4..9], [0, 0, 0x19, 0, 1]);
    assert_eq!(bench.format(0x26, 6400), Err((5, 0x26, 0)), "a DVD+RW format");
    assert_eq!(bench.format(0x30, 6400), Err((5, 0x26, 0)), "no room left for spares");

    bench.format(0x30, 0).unwrap();
    assert_eq!(bench.disc(), (2, 3, 1, 1));
    let size = bench.last_track().3;
    assert_eq!(size, 6400 - 192);
    bench.write(size - 1, 1, 3).unwrap();
    assert_eq!(bench.write(size, 1, 3), Err((5, 0x21, 0)));
    bench.write(1000, 5, 4).unwrap();
    bench.write(1002, 1, 5).unwrap();
    bench.sync();
    bench.reopen();
    let read = [(1000, 2), (1002, 1), (1003, 2), (size - 1, 1), (0, 64)];
    let fills = read.map(|(lba, blocks)| bench.read(lba, blocks).unwrap());
    assert_eq!(fills, [4, 5, 4, 3, 0]);

    bench.format(0x31, u32::MAX).unwrap();
    assert_eq!((bench.last_track().3, bench.read(1000, 5)), (6400, Ok(0)));
}

#[test]
fn formatting_without_waiting_is_polled() {
    let mut bench = Bench::new(MediumKind::BdRe, 6400);
    let list = [0, 0x02, 0, 8, 0, 0, 0, 0, 0x31 << 2, 0, 0, 0];
    bench.put(&[0x04, 0x11, 0, 0, 0, 0], &list).unwrap();
    let mut progress = Vec::new();
    while let Err(ScsiError::Check(sense)) =
        bench.drive.execute(&[0; 6], Data::None, Duration::ZERO)
    {
        assert_eq!((sense.key, sense.asc, sense.ascq), (2, 0x04, 0x04));
        progress.push(sense.progress.unwrap());
        // The drive still says what it is.
        assert!(bench.get(&[0x46, 0, 0, 0, 0, 0, 0, 0, 252, 0]).is_ok());
    }
    assert_eq!(progress, [0, 0x4000, 0x8000, 0xc000]);
    bench.write(0, 32, 1).unwrap();
}

#[test]
fn dvd_plus_rw_formats_in_the_background() {
    let mut bench = Bench::new(MediumKind::DvdPlusRw, 1600);
    let background =
        |bench: &mut Bench| bench.get(&[0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]).unwrap()[7] & 3;
    assert_eq!(background(&mut bench), 0);
    bench.format(0x26, u32::MAX).unwrap();
    assert_eq!(background(&mut bench), 2);
    bench.write(800, 16, 1).unwrap();
    bench.close(0, 0).unwrap();
    assert_eq!(background(&mut bench), 1);
    let restart = [0, 0, 0, 8, 0xff, 0xff, 0xff, 0xff, 0x26 << 2, 0, 0, 1];
    bench.put(&[0x04, 0x11, 0, 0, 0, 0], &restart).unwrap();
    for _ in 0..16 {
        bench.none(&[0; 6]).unwrap();
    }
    assert_eq!((background(&mut bench), bench.read(800, 16)), (3, Ok(1)));
}

#[test]
fn dvd_ram_comes_formatted_and_verifies() {
    let mut bench = Bench::new(MediumKind::DvdRam, 3200);
    assert_eq!(bench.disc(), (3, 3, 1, 1));
    let cdb = transfer_cdb(0x2e, 100, 2);
    bench.put(&cdb, &[6; 4096]).unwrap();
    assert_eq!(bench.read(100, 2), Ok(6));
    let mut verify = transfer_cdb(0x2f, 100, 1);
    verify[1] = 2;
    assert_eq!(bench.put(&verify, &[6; 2048]), Ok(2048));
    assert_eq!(bench.put(&verify, &[7; 2048]), Err((0x0e, 0x1d, 0)));
    assert_eq!(bench.close(2, 0), Err((5, 0x24, 0)));
}
