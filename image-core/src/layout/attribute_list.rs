//! Arbitrary attributes of a node in AL entries: names and values, cut to entries and records. AAIP 2.0, which libisofs
//! specifies in `doc/susp_aaip_2_0.txt`.

use alloc::vec::Vec;

use zerocopy::IntoBytes as _;

use super::system_use::{MAX_ENTRY, SystemUse, head};
use crate::wire::rockridge::{AttributeList, CONTINUE, component_flags, namespace};

/// Bytes of records that an entry has room for.
const MAX_AREA: usize = MAX_ENTRY - size_of::<AttributeList>();
/// Flags and length of a record.
const RECORD_HEAD: usize = 2;

/// Most entries that one node gets: in seven to a block, they and all else of a record stay below the 32 continuation areas
/// that Linux follows.
pub(super) const MAX_ENTRIES: usize = 7 * 28;

/// Component areas of the AL entries of one node.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    areas: Vec<Vec<u8>>,
}

impl Attributes {
    /// Adds an attribute. The name is cut off nowhere, nor is the value.
    pub(super) fn add(&mut self, name: &str, value: &[u8]) {
        match namespace::shortened(name) {
            Some((short, rest)) => self.component(&[&[short], rest.as_bytes()].concat()),
            None => self.component(name.as_bytes()),
        }
        self.component(value);
    }

    /// How many entries the attributes take.
    pub(super) const fn entries(&self) -> usize {
        self.areas.len()
    }

    fn component(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        loop {
            let room = self.room().saturating_sub(RECORD_HEAD);
            if room == 0 || (room < rest.len() && room < RECORD_HEAD) {
                self.areas.push(Vec::new());
                continue;
            }
            let (now, later) = rest.split_at(rest.len().min(room));
            let flags = if later.is_empty() { 0 } else { component_flags::CONTINUE };
            if let Some(area) = self.areas.last_mut() {
                area.extend([flags, u8::try_from(now.len()).unwrap_or(u8::MAX)]);
                area.extend_from_slice(now);
            }
            if later.is_empty() {
                return;
            }
            rest = later;
        }
    }

    fn room(&self) -> usize {
        self.areas.last().map_or(0, |area| MAX_AREA - area.len())
    }

    /// Appends the entries to a system use area.
    pub(super) fn write(&self, entries: &mut SystemUse) {
        let last = self.areas.len().saturating_sub(1);
        for (place, area) in self.areas.iter().enumerate() {
            let flags = if place < last { CONTINUE } else { 0 };
            let length = size_of::<AttributeList>() + area.len();
            let entry = AttributeList { head: head(*b"AL", length), flags };
            entries.push(&[entry.as_bytes(), area]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader makes of the areas: components, joined where records continue.
    fn components(attributes: &Attributes) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        let mut open = Vec::new();
        for area in &attributes.areas {
            assert!(area.len() <= MAX_AREA);
            let mut rest = area.as_slice();
            while let [flags, len, tail @ ..] = rest {
                let (bytes, after) = tail.split_at(usize::from(*len));
                open.extend_from_slice(bytes);
                if flags & component_flags::CONTINUE == 0 {
                    found.push(core::mem::take(&mut open));
                }
                rest = after;
            }
            assert_eq!(rest, []);
        }
        assert!(open.is_empty());
        found
    }

    #[test]
    fn attributes_of_any_length_are_read_back() {
        for len in [0, 1, 2, 243, 244, 245, 246, 247, 248, 249, 250, 500, 3000] {
            let value: Vec<u8> = (0..len).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let mut attributes = Attributes::default();
            attributes.add("isofs.cx", &value);
            attributes.add("one", b"more");
            let expected = [b"\x04cx".to_vec(), value, b"one".to_vec(), b"more".to_vec()].to_vec();
            assert_eq!(components(&attributes), expected, "{len}");
        }
    }

    #[test]
    fn the_entry_of_libisofs() {
        let mut attributes = Attributes::default();
        attributes.add("isofs.cx", &[0, 0, 0, 1]);
        assert_eq!(attributes.areas, [b"\0\x03\x04cx\0\x04\0\0\0\x01".to_vec()]);
    }
}
