//! A drive that writes in real time: its buffer fills, and it says so.

use std::time::Instant;

use super::*;

const LONG_WRITE: (u8, u8, u8) = (2, 0x04, 0x08);

/// A DVD+R drive at 2.4x: 3324 kB a second.
fn paced() -> Bench {
    let options = DriveOptions { pace: Some(2.4), ..DriveOptions::default() };
    Bench::with_options(MediumKind::DvdPlusR, 65536, &options)
}

fn free_buffer(bench: &mut Bench) -> u32 {
    let answer = bench.get(&[0x5c, 0, 0, 0, 0, 0, 0, 0, 12, 0]).unwrap();
    u32::from_be_bytes(answer[8..12].try_into().unwrap())
}

#[test]
fn a_full_buffer_refuses_and_drains() {
    let mut bench = paced();
    assert_eq!(free_buffer(&mut bench), BUFFER_BYTES);
    let start = Instant::now();
    let mut lba = 0;
    while bench.write(lba, 32, 1) != Err(LONG_WRITE) {
        lba += 32;
    }
    let drained = start.elapsed().as_secs_f64() * 3_324_000.0;
    let taken = f64::from(lba) * 2048.0;
    assert!(taken > f64::from(BUFFER_BYTES) - 65536.0, "{taken}");
    assert!(taken <= f64::from(BUFFER_BYTES) + drained + 65536.0, "{taken} in {drained}");
    let free = free_buffer(&mut bench);
    assert!(free < 1 << 20, "{free}");
    std::thread::sleep(Duration::from_millis(100));
    assert!(free_buffer(&mut bench) >= free + 300_000);
    bench.write(lba, 32, 1).unwrap();
}

#[test]
fn synchronizing_lasts_as_long_as_the_buffer_does() {
    let mut bench = paced();
    for lba in (0..512).step_by(32) {
        bench.write(lba, 32, 1).unwrap();
    }
    let left = f64::from(BUFFER_BYTES - free_buffer(&mut bench)) / 3_324_000.0;
    let start = Instant::now();
    bench.none(&[0x35, 2, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    while bench.none(&[0; 6]) == Err(LONG_WRITE) {
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(start.elapsed().as_secs_f64() >= left * 0.9, "{left}");
    assert_eq!(free_buffer(&mut bench), BUFFER_BYTES);
}

#[test]
fn a_host_that_comes_late_is_an_underrun_unless_it_said_that_it_has_no_more() {
    let mut bench = paced();
    let control = bench.drive.control();
    bench.write(0, 32, 1).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    bench.write(32, 32, 1).unwrap();
    let underruns = control.underruns();
    assert_eq!(underruns.times, 1);
    // 64 KiB take 20 ms.
    assert!(underruns.duration >= Duration::from_millis(79), "{underruns:?}");
    bench.none(&[0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    bench.write(64, 32, 1).unwrap();
    assert_eq!(control.underruns(), underruns);
}
