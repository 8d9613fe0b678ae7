//! Spare areas of BD, pseudo-overwrite of BD-R, and where the first layer of a DVD+R DL ends.

use super::*;

/// A BD of which a two hundredth is there: 61088 blocks.
const BD: u32 = 12_219_392 / 200 - 12_219_392 / 200 % 32;

impl Bench {
    /// FORMAT UNIT with a sub-type.
    fn format_as(&mut self, code: u8, sub_code: u8, blocks: u32) -> Result<usize, (u8, u8, u8)> {
        let mut list = vec![0, 0x80, 0, 8, 0, 0, 0, 0, code << 2 | sub_code, 0, 0, 0];
        list[4..8].copy_from_slice(&blocks.to_be_bytes());
        self.put(&[0x04, 0x11, 0, 0, 0, 0], &list)
    }

    /// The formats on offer: type and blocks.
    fn offers(&mut self) -> Vec<(u8, u32)> {
        let list = self.get(&[0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0]).unwrap();
        let blocks = |entry: &[u8]| u32::from_be_bytes(entry[..4].try_into().unwrap());
        list[12..].chunks_exact(8).map(|entry| (entry[4] >> 2, blocks(entry))).collect()
    }

    fn is_current(&mut self, feature: u8) -> bool {
        self.get(&[0x46, 2, 0, feature, 0, 0, 0, 0, 16, 0]).unwrap()[10] & 1 != 0
    }
}

#[test]
fn full_discs_offer_the_sizes_they_are_known_for() {
    let mut bench = Bench::new(MediumKind::BdRe, 12_219_392);
    let sizes = [(0, 11_826_176), (0x30, 11_826_176), (0x30, 11_564_032), (0x30, 12_088_320)];
    assert_eq!(bench.offers()[..4], sizes);
    assert_eq!(bench.offers()[4..], [(0x31, 12_219_392)]);
    // Steps of 32 MiB between the most and the least.
    bench.format(0x30, 12_088_320 - 16_384).unwrap();
    assert_eq!(bench.last_track().3, 12_088_320 - 16_384);
    bench.format(0x30, 11_776_000).unwrap();
    assert_eq!(bench.last_track().3, 12_219_392 - 27 * 16_384, "no less than was asked for");
    bench.format(0x30, 12_088_320 - 32).unwrap();
    assert_eq!(bench.last_track().3, 12_088_320);
    assert_eq!(bench.format(0x30, 12_088_320 + 16_384), Err((5, 0x26, 0)));
    let mut bench = Bench::new(MediumKind::BdR, 12_219_392);
    let sizes = sizes.map(|(code, blocks)| (if code == 0 { 0 } else { 0x32 }, blocks));
    assert_eq!(bench.offers(), sizes);
}

#[test]
fn a_bd_r_is_formatted_once_and_stays_sequential() {
    let mut bench = Bench::new(MediumKind::BdR, BD);
    assert_eq!(bench.format_as(0x32, 2, 0), Err((5, 0x26, 0)), "no such sub-type");
    bench.format_as(0x32, 1, 0).unwrap();
    let room = bench.offers()[1].1;
    assert_eq!((bench.disc(), bench.last_track()), ((0, 0, 1, 1), (0, Some(0), room, room)));
    assert!(!bench.is_current(0x38));
    assert_eq!(bench.format_as(0x32, 1, 0), Err((5, 0x30, 0x06)), "only once");
    bench.write(0, 32, 1).unwrap();
    assert_eq!(bench.write(0, 32, 2), Err((5, 0x21, 0x02)));
    bench.close(2, 0).unwrap();
    assert_eq!(bench.last_track(), (32, Some(32), room - 32, room - 32));
    bench.reopen();
    assert_eq!((bench.read(0, 32), bench.disc().2), (Ok(1), 2));
}

#[test]
fn pseudo_overwriting_costs_other_blocks() {
    let mut bench = Bench::new(MediumKind::BdR, BD);
    bench.format_as(0x00, 0, u32::MAX).unwrap();
    assert!(bench.is_current(0x38));
    bench.write(0, 64, 1).unwrap();
    let free = bench.last_track().2;
    assert_eq!(bench.write(96, 32, 2), Err((5, 0x21, 0x02)), "nothing is recorded there");
    // Two blocks in one cluster, then two across a border: one and two clusters more are used up.
    bench.write(10, 2, 2).unwrap();
    assert_eq!((bench.last_track().1, bench.last_track().2), (Some(96), free - 32));
    bench.write(31, 2, 3).unwrap();
    assert_eq!(bench.last_track().1, Some(160));
    bench.reopen();
    let fills = [(0, 10, 1), (10, 2, 2), (12, 19, 1), (31, 2, 3), (33, 31, 1), (64, 96, 0)];
    for (lba, blocks, fill) in fills {
        assert_eq!(bench.read(lba, blocks), Ok(fill), "{lba}");
    }
    let resources = bench.get(&[0x51, 2, 0, 0, 0, 0, 0, 0, 16, 0]).unwrap();
    assert_eq!(resources[..4], [0, 14, 0x40, 0]);
    assert_eq!(resources[4..8], ((free - 96) / 32).to_be_bytes());
    bench.close(1, 1).unwrap();
    bench.write(0, 1, 4).unwrap();
    assert_eq!(bench.close(2, 0), Err((5, 0x24, 0)), "its session stays open");
    bench.close(6, 0).unwrap();
    assert_eq!((bench.disc().0, bench.read(0, 1)), (2, Ok(4)));
    assert_eq!(bench.write(0, 1, 5), Err((7, 0x27, 0)));
}

#[test]
fn pseudo_overwriting_ends_with_the_blank_rest() {
    let mut bench = Bench::new(MediumKind::BdR, 128);
    bench.format_as(0x32, 0, 0).unwrap();
    bench.write(0, 96, 1).unwrap();
    bench.write(0, 32, 2).unwrap();
    assert_eq!(bench.write(0, 32, 3), Err((5, 0x21, 0x02)), "there is no block left");
    assert_eq!((bench.read(0, 32), bench.read(32, 64)), (Ok(2), Ok(1)));
}

#[test]
fn the_layer_break_is_set_once_and_before_anything_is_recorded() {
    let mut bench = Bench::new(MediumKind::DvdPlusRDl, 4096);
    let boundary = |bench: &mut Bench| {
        let reply = bench.get(&[0xad, 0, 0, 0, 0, 0, 0, 0x20, 0, 12, 0, 0]).unwrap();
        assert_eq!(reply[..2], [0, 10]);
        (reply[4] & 0x80 != 0, u32::from_be_bytes(reply[8..12].try_into().unwrap()))
    };
    let send = |bench: &mut Bench, blocks: u32| {
        let mut list = vec![0, 10, 0, 0, 0, 0, 0, 0];
        list.extend(blocks.to_be_bytes());
        bench.put(&[0xbf, 0, 0, 0, 0, 0, 0, 0x20, 0, 12, 0, 0], &list)
    };
    assert_eq!(boundary(&mut bench), (false, 2048));
    for bad in [0, 8, 2064, u32::MAX] {
        assert_eq!(send(&mut bench, bad), Err((5, 0x26, 0)), "{bad}");
    }
    assert_eq!(bench.put(&[0xbf, 0, 0, 0, 0, 0, 0, 0x21, 0, 0, 0, 0], &[]), Err((5, 0x24, 0)));
    assert_eq!(bench.put(&[0xbf, 0, 0, 0, 0, 0, 0, 0x20, 0, 4, 0, 0], &[0; 4]), Err((5, 0x1a, 0)));
    send(&mut bench, 1024).unwrap();
    bench.reopen();
    assert_eq!(boundary(&mut bench), (true, 1024));
    assert_eq!(bench.last_track(), (0, Some(0), 2048, 2048), "layer 1 is as long as layer 0");
    assert_eq!(send(&mut bench, 512), Err((5, 0x2c, 0)));
    bench.write(0, 16, 1).unwrap();
    bench.close(2, 0).unwrap();

    let mut bench = Bench::new(MediumKind::DvdPlusRDl, 4096);
    bench.write(0, 16, 1).unwrap();
    assert_eq!((boundary(&mut bench), send(&mut bench, 1024)), ((true, 2048), Err((5, 0x2c, 0))));
    let mut bench = Bench::new(MediumKind::DvdPlusR, 4096);
    assert_eq!(send(&mut bench, 1024), Err((5, 0x24, 0)), "there is one layer");
}
