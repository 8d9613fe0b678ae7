//! What of another image's boot set-up is not made anew.

use image_core::read::BootSetup;
use image_core::wire::partition::{PartitionRecord, SECTOR, partition_type};

use super::BLOCK_SIZE;

/// How an Apple partition map begins its descriptor and each of its entries. Inside Macintosh: Devices, chapter 3.
const DRIVER_DESCRIPTOR: &[u8] = b"ER";
const MAP_ENTRY: &[u8] = b"PM";

/// What is to be told, if anything is.
pub(super) fn told(setup: &BootSetup, path: &str) -> Option<String> {
    let map = has_apple_map(&setup.system_area).then(|| "its Apple partition map".to_owned());
    let others = others(setup.partitions.mbr.iter().flatten()).map(|record| {
        let (kind, start) = (record.partition_type, record.start.get());
        format!("its partition of type {kind:#04x} from sector {start} on")
    });
    let lost: Vec<_> = map.into_iter().chain(others).collect();
    (!lost.is_empty()).then(|| format!("not taken over from {path}: {}", lost.join(", ")))
}

/// Partitions of the master boot record besides the first, which is the image, those of EFI, and those that only keep programs
/// away.
fn others<'r>(
    records: impl Iterator<Item = &'r PartitionRecord>,
) -> impl Iterator<Item = &'r PartitionRecord> {
    use partition_type::{EFI_SYSTEM, NONE, PROTECTIVE, UNUSED};
    let made = [EFI_SYSTEM, PROTECTIVE, UNUSED, NONE];
    records.filter(move |record| !made.contains(&record.partition_type)).skip(1)
}

fn has_apple_map(area: &[u8]) -> bool {
    let begins = |at: usize, with| area.get(at..).is_some_and(|rest| rest.starts_with(with));
    begins(0, DRIVER_DESCRIPTOR) || begins(SECTOR, MAP_ENTRY) || begins(BLOCK_SIZE, MAP_ENTRY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_made_anew_is_named() {
        let record = |partition_type| {
            let start = 4000.into();
            PartitionRecord { partition_type, start, ..PartitionRecord::default() }
        };
        let records = [0x17, partition_type::EFI_SYSTEM, 0x83].map(record);
        let mut setup = BootSetup::default();
        setup.partitions.mbr = Some(records[..2].to_vec());
        assert_eq!(told(&setup, "x.iso"), None);
        setup.partitions.mbr = Some(records.to_vec());
        setup.system_area = [&[0; SECTOR][..], b"PM"].concat();
        let expected = "not taken over from x.iso: its Apple partition map, its partition of type 0x83 from \
                        sector 4000 on";
        assert_eq!(told(&setup, "x.iso").as_deref(), Some(expected));
    }
}
