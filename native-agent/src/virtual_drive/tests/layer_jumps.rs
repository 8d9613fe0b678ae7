//! DVD-R DL recorded with layer jumps.

use super::*;

/// MODE SELECT of page 05h with this write type and the bits for further sessions.
fn select(bench: &mut Bench, write_type: u8) -> Result<usize, (u8, u8, u8)> {
    let mut list = vec![0; 8];
    list.extend([0x05, 50, 0x40 | write_type, 0xc5, 8]);
    list.resize(60, 0);
    bench.put(&[0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0], &list)
}

fn profile(bench: &mut Bench) -> u8 {
    bench.get(&[0x46, 2, 0, 0, 0, 0, 0, 0, 252, 0]).unwrap()[7]
}

/// Whether a feature is current.
fn is_current(bench: &mut Bench, feature: u8) -> bool {
    bench.get(&[0x46, 2, 0, feature, 0, 0, 0, 0, 252, 0]).unwrap()[10] & 1 != 0
}

/// READ DISC STRUCTURE: the number in it.
fn structure(bench: &mut Bench, format: u8) -> Result<u32, (u8, u8, u8)> {
    let answer = bench.get(&[0xad, 0, 0, 0, 0, 0, 0, format, 0, 12, 0, 0])?;
    assert_eq!(answer.len(), 12);
    Ok(u32::from_be_bytes(answer[8..12].try_into().unwrap()))
}

fn send(bench: &mut Bench, format: u8, number: u32) -> Result<usize, (u8, u8, u8)> {
    let mut list = vec![0, 10, 0, 0, 0, 0, 0, 0];
    list.extend(number.to_be_bytes());
    bench.put(&[0xbf, 0, 0, 0, 0, 0, 0, format, 0, 12, 0, 0], &list)
}

/// READ TRACK INFORMATION: layer jump status, last address, next and last layer jump.
fn jumps(bench: &mut Bench, track: u8) -> (u8, u32, u32, u32) {
    let info = bench.get(&[0x52, 1, 0, 0, 0, track, 0, 0, 48, 0]).unwrap();
    let word = |at: usize| u32::from_be_bytes(info[at..at + 4].try_into().unwrap());
    (info[5] >> 6, word(24), word(40), word(44))
}

#[test]
fn the_first_block_decides_how_a_disc_is_recorded() {
    let mut bench = Bench::new(MediumKind::DvdRDl, 160_000);
    assert_eq!((profile(&mut bench), is_current(&mut bench, 0x33)), (0x15, true));
    assert_eq!((structure(&mut bench, 0x22), structure(&mut bench, 0x23)), (Ok(0), Ok(79_999)));
    assert_eq!((send(&mut bench, 0x22, 0), send(&mut bench, 0x23, 79_999)), (Ok(12), Ok(12)));
    assert_eq!(send(&mut bench, 0x23, 40_000), Err((5, 0x26, 0)), "not in the middle");
    select(&mut bench, 4).unwrap();
    bench.write(0, 32, 1).unwrap();
    assert_eq!(profile(&mut bench), 0x16);
    let features = [0x21, 0x2f, 0x33].map(|feature| is_current(&mut bench, feature));
    assert_eq!(features, [false, true, true]);
    assert_eq!(jumps(&mut bench, 1), (2, 159_999, 79_999, 0));
    select(&mut bench, 0).unwrap();
    assert_eq!(bench.write(32, 32, 1), Err((5, 0x64, 0)), "it goes on as it was begun");

    let mut sequential = Bench::new(MediumKind::DvdRDl, 1600);
    sequential.write(0, 32, 1).unwrap();
    assert_eq!((profile(&mut sequential), is_current(&mut sequential, 0x33)), (0x15, false));
    assert_eq!(structure(&mut sequential, 0x23), Err((5, 0x24, 0)));
    select(&mut sequential, 4).unwrap();
    assert_eq!(sequential.write(32, 32, 1), Err((5, 0x64, 0)));
    let mut plus = Bench::new(MediumKind::DvdPlusRDl, 1600);
    assert_eq!(select(&mut plus, 4), Err((5, 0x26, 0)));
}

#[test]
fn sessions_end_opposite_to_where_they_begin() {
    let mut bench = Bench::new(MediumKind::DvdRDl, 160_000);
    select(&mut bench, 4).unwrap();
    bench.write(0, 32, 1).unwrap();
    bench.sync();
    bench.close(1, 1).unwrap();
    bench.close(2, 0).unwrap();
    assert_eq!(jumps(&mut bench, 1), (2, 159_999, 0, 31));
    let next = 32 + 28_672;
    assert_eq!(bench.last_track().1, Some(next));
    assert_eq!(bench.last_track().2, 2 * (80_000 - next));
    assert_eq!(jumps(&mut bench, 2), (2, 159_999 - next, 79_999, 0));
    assert_eq!((bench.disc(), profile(&mut bench)), ((1, 0, 2, 2), 0x16));
    bench.reopen();
    assert_eq!(
        (bench.last_track().1, profile(&mut bench)),
        (Some(next), 0x16),
        "the disc keeps it"
    );
}

#[test]
fn blocks_go_on_behind_the_end_of_the_first_layer() {
    let mut bench = Bench::new(MediumKind::DvdRDl, 1600);
    select(&mut bench, 4).unwrap();
    for lba in (0..896).step_by(32) {
        bench.write(lba, 32, lba as u8).unwrap();
    }
    assert_eq!((bench.read(800, 32), jumps(&mut bench, 1)), (Ok(800u32 as u8), (2, 1599, 0, 799)));
    bench.sync();
    bench.close(1, 1).unwrap();
    assert_eq!(bench.last_track().2, 0, "nothing is left of the first layer");
}
