//! DVD-RW: sequential, formatted, and what BLANK makes of either.

use super::*;

const BLOCKS: u32 = 131_072;
const ILLEGAL_MODE: (u8, u8, u8) = (5, 0x64, 0x00);

fn bench() -> Bench {
    Bench::new(MediumKind::DvdRw, BLOCKS)
}

impl Bench {
    fn blank(&mut self, kind: u8, address: u32) -> Result<usize, (u8, u8, u8)> {
        let mut cdb = [0xa1, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        cdb[2..6].copy_from_slice(&address.to_be_bytes());
        self.none(&cdb)
    }

    fn profile(&mut self) -> u8 {
        self.get(&[0x46, 0, 0, 0, 0, 0, 0, 0, 8, 0]).unwrap()[7]
    }

    /// Whether GET CONFIGURATION reports a feature as current.
    fn has(&mut self, feature: u8) -> bool {
        self.get(&[0x46, 2, 0, feature, 0, 0, 0, 0, 16, 0]).unwrap()[10] & 1 != 0
    }

    /// Write parameters: write type, and multi-session 11b or 00b.
    fn select(&mut self, write_type: u8, open: bool) {
        let mut list = [0; 60];
        list[8..14].copy_from_slice(&[0x05, 50, 0x40 | write_type, 5, 8, 16]);
        list[11] |= if open { 0xc0 } else { 0 };
        self.put(&[0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0], &list).unwrap();
    }

    fn reserve(&mut self, blocks: u8) -> Result<usize, (u8, u8, u8)> {
        self.none(&[0x53, 0, 0, 0, 0, 0, 0, 0, blocks, 0])
    }

    /// READ FORMAT CAPACITIES: (descriptor type, blocks), then (format type, blocks) of each offer.
    fn formats(&mut self) -> ((u8, u32), Vec<(u8, u32)>) {
        let list = self.get(&[0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0]).unwrap();
        let blocks = |entry: &[u8]| u32::from_be_bytes(entry[..4].try_into().unwrap());
        let (current, rest) = list[4..].split_at(8);
        let offers = rest.chunks_exact(8).map(|entry| (entry[4] >> 2, blocks(entry)));
        ((current[4] & 3, blocks(current)), offers.collect())
    }
}

#[test]
fn blanking_makes_a_full_disc_new() {
    let mut bench = bench();
    assert_eq!((bench.profile(), bench.has(0x21), bench.has(0x2f)), (0x14, true, true));
    bench.select(0, false);
    bench.write(0, 32, 1).unwrap();
    bench.close(1, 1).unwrap();
    bench.close(2, 0).unwrap();
    assert_eq!(bench.disc(), (2, 3, 1, 1));
    assert_eq!(bench.write(32, 16, 1), Err((7, 0x27, 0)));
    bench.blank(0, 0).unwrap();
    assert_eq!((bench.disc(), bench.has(0x21)), ((0, 0, 1, 1), true));
    bench.write(0, 16, 2).unwrap();
    bench.sync();
    bench.reopen();
    assert_eq!(bench.read(0, 16), Ok(2));
    assert_eq!(bench.read(16, 16), Err((5, 0x21, 0)), "what was there is gone");
}

#[test]
fn a_disc_blanked_minimally_is_written_at_once_only() {
    let mut bench = bench();
    bench.blank(1, 0).unwrap();
    bench.reopen();
    assert_eq!((bench.profile(), bench.has(0x21), bench.has(0x2f)), (0x14, false, true));
    bench.select(0, true);
    assert_eq!(bench.write(0, 16, 1), Err(ILLEGAL_MODE));
    bench.select(2, false);
    assert_eq!(bench.write(0, 16, 1), Err((5, 0x2c, 0)), "nothing is reserved");
    bench.reserve(40).unwrap();
    bench.write(0, 32, 1).unwrap();
    bench.sync();
    assert_eq!(bench.disc().0, 1, "the track is not full");
    bench.write(32, 8, 2).unwrap();
    bench.sync();
    assert_eq!(bench.disc(), (2, 3, 1, 1));
    assert_eq!((bench.read(32, 8), bench.read(40, 8)), (Ok(2), Ok(0)));
    bench.blank(0, 0).unwrap();
    assert!(bench.has(0x21));
}

#[test]
fn quick_formats_grow_as_they_are_written() {
    let mut bench = bench();
    assert_eq!(bench.formats(), ((1, BLOCKS), vec![(0, BLOCKS), (0x10, BLOCKS), (0x15, BLOCKS)]));
    bench.format(0x15, 0).unwrap();
    assert_eq!((bench.profile(), bench.has(0x21), bench.has(0x2c)), (0x13, false, true));
    assert_eq!((bench.disc().0, bench.disc().1), (1, 1), "the session is open");
    assert_eq!((bench.formats().0.0, bench.formats().1.len()), (3, 3));
    assert_eq!(bench.write(16, 16, 1), Err((5, 0x21, 0x02)), "behind the end of the session");
    assert_eq!(bench.write(0, 8, 1), Err((5, 0x24, 0)), "half an ECC block");
    bench.write(0, 32, 1).unwrap();
    bench.write(0, 16, 2).unwrap();
    bench.write(32, 16, 3).unwrap();
    bench.close(2, 0).unwrap();
    assert_eq!(bench.disc(), (2, 3, 1, 1));
    let (current, offers) = bench.formats();
    assert_eq!(current, (2, 48));
    assert_eq!(offers[3..], [(0x11, BLOCKS - 48), (0x13, BLOCKS - 48)]);
    assert_eq!(bench.write(8, 16, 1), Err((5, 0x21, 0x02)));
    assert_eq!(bench.write(48, 16, 1), Err((5, 0x21, 0)), "the session is closed");

    bench.format(0x13, 0).unwrap();
    bench.write(48, 16, 4).unwrap();
    bench.close(2, 0).unwrap();
    bench.reopen();
    assert_eq!(bench.formats().0, (2, 64));
    let fills = [0, 16, 32, 48].map(|lba| bench.read(lba, 16).unwrap());
    assert_eq!(fills, [2, 1, 3, 4], "growing keeps what is there");
}

#[test]
fn a_full_format_is_written_anywhere_until_blanked() {
    let mut bench = bench();
    bench.write(0, 16, 9).unwrap();
    bench.format(0x00, u32::MAX).unwrap();
    assert_eq!((bench.profile(), bench.formats().0), (0x13, (2, BLOCKS)));
    assert_eq!(bench.formats().1[3..], [(0x11, 0), (0x13, 0)]);
    assert_eq!(bench.read(0, 16), Ok(0), "formatting takes the data away");
    bench.write(BLOCKS - 16, 16, 5).unwrap();
    assert_eq!(bench.read(BLOCKS - 16, 16), Ok(5));
    assert_eq!(bench.close(1, 1), Err((5, 0x24, 0)));
    assert_eq!(bench.blank(6, 0), Err((5, 0x24, 0)), "there are no sessions");
    assert_eq!(bench.format(0x10, 24), Err((5, 0x26, 0)), "half an ECC block");
    bench.format(0x10, 4096).unwrap();
    assert_eq!(bench.formats().0, (2, 4096));
    bench.blank(0, 0).unwrap();
    assert_eq!((bench.profile(), bench.disc()), (0x14, (0, 0, 1, 1)));
}

#[test]
fn parts_of_a_disc_are_blanked() {
    let mut bench = bench();
    for fill in 1..=2 {
        let start = bench.last_track().1.unwrap();
        bench.write(start, 32, fill).unwrap();
        bench.close(2, 0).unwrap();
    }
    let (second, third) = (32 + 28_672, 2 * (32 + 28_672));
    assert_eq!((bench.disc().2, bench.last_track().0), (3, third));
    assert_eq!(bench.blank(4, 0), Err((5, 0x21, 0)), "the session of the block is closed");

    bench.blank(5, 0).unwrap();
    assert_eq!((bench.disc(), bench.last_track().1), ((1, 1, 2, 3), Some(second + 32)));
    assert_eq!(bench.blank(5, 0), Err((5, 0x2c, 0)), "it is open already");
    bench.write(second + 32, 32, 3).unwrap();
    bench.blank(4, second + 48).unwrap();
    assert_eq!(bench.last_track().1, Some(second + 48));
    assert_eq!(bench.read(second + 32, 16), Ok(3));
    bench.blank(4, second + 32).unwrap();
    assert_eq!((bench.disc().3, bench.last_track().1), (3, Some(second + 32)));
    bench.reserve(64).unwrap();
    assert_eq!(bench.blank(3, 2), Err((5, 0x24, 0)), "no reserved track");
    bench.blank(3, 3).unwrap();
    assert_eq!(bench.last_track().1, Some(second + 32));

    bench.blank(6, 0).unwrap();
    assert_eq!((bench.disc(), bench.last_track().1), ((1, 0, 2, 2), Some(second)));
    bench.write(second, 16, 4).unwrap();
    bench.sync();
    assert_eq!(bench.read(second, 16), Ok(4));
    bench.blank(6, 0).unwrap();
    bench.blank(6, 0).unwrap();
    assert_eq!(bench.disc(), (0, 0, 1, 1));
    assert_eq!(bench.blank(6, 0), Err((5, 0x2c, 0)), "there is nothing left");
    assert_eq!(bench.blank(2, 1), Err((5, 0x24, 0)), "for CD-RW");
}

#[test]
fn only_what_can_be_erased_is_blanked() {
    for kind in [MediumKind::DvdR, MediumKind::DvdPlusRw, MediumKind::BdRe] {
        let mut bench = Bench::new(kind, 3200);
        assert_eq!(bench.blank(0, 0), Err((5, 0x30, 0x05)), "{kind}");
    }
}

#[test]
fn blanking_without_waiting_is_polled() {
    let mut bench = bench();
    bench.blank(0x10, 0).unwrap();
    assert_eq!(bench.none(&[0; 6]), Err((2, 0x04, 0x07)));
    assert_eq!(bench.none(&[0; 6]), Err((2, 0x04, 0x07)));
    assert_eq!(bench.none(&[0; 6]), Ok(0));
}
