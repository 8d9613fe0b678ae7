//! Finds a child by parent and name in constant time; the tree itself holds the names.

use alloc::vec;
use alloc::vec::Vec;

use super::NodeId;

const EMPTY: u32 = u32::MAX;

/// Open-addressing table of node ids. It is never iterated, so its order shows nowhere.
#[derive(Clone, Debug, Default)]
pub(super) struct ChildIndex {
    slots: Vec<u32>,
    used: usize,
}

impl ChildIndex {
    /// The child with this hash for which `is_it` holds.
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(NodeId) -> bool) -> Option<NodeId> {
        self.probe(hash)
            .map_while(|slot| self.slots.get(slot).copied().filter(|id| *id != EMPTY))
            .map(NodeId)
            .find(|id| is_it(*id))
    }

    /// Adds a child that is not in the table; `hash_of` gives the hash of those that are, for when it grows.
    pub(super) fn insert(&mut self, hash: u64, id: NodeId, hash_of: impl Fn(NodeId) -> u64) {
        if self.slots.len() < (self.used + 1) * 2 {
            let grown = vec![EMPTY; (self.slots.len() * 2).max(64)];
            for old in core::mem::replace(&mut self.slots, grown) {
                if old != EMPTY {
                    self.place(hash_of(NodeId(old)), old);
                }
            }
        }
        self.place(hash, id.0);
        self.used += 1;
    }

    /// Takes out a child that is in the table under this hash, and closes the gap behind it.
    pub(super) fn remove(&mut self, hash: u64, id: NodeId, hash_of: impl Fn(NodeId) -> u64) {
        let found = self.probe(hash).find(|slot| self.slots.get(*slot) == Some(&id.0));
        let Some(mut gap) = found else { return };
        let mask = self.slots.len() - 1;
        let mut at = gap;
        loop {
            at = (at + 1) & mask;
            let Some(next) = self.slots.get(at).copied().filter(|next| *next != EMPTY) else {
                break;
            };
            // What may not stand before its own first slot stays where it is.
            let home = self.probe(hash_of(NodeId(next))).next().unwrap_or(at);
            if at.wrapping_sub(home) & mask >= at.wrapping_sub(gap) & mask {
                self.set(gap, next);
                gap = at;
            }
        }
        self.set(gap, EMPTY);
        self.used -= 1;
    }

    fn set(&mut self, slot: usize, id: u32) {
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = id;
        }
    }

    fn place(&mut self, hash: u64, id: u32) {
        let free = self.probe(hash).find(|slot| self.slots.get(*slot) == Some(&EMPTY));
        if let Some(slot) = free.and_then(|slot| self.slots.get_mut(slot)) {
            *slot = id;
        }
    }

    /// Slots to look at, in order; the table's length is a power of two and half of it is free.
    fn probe(&self, hash: u64) -> impl Iterator<Item = usize> + use<> {
        let len = self.slots.len();
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits choose a slot")]
        let start = hash as usize;
        (0..len).map(move |step| start.wrapping_add(step) & (len - 1))
    }
}

/// Hash of a parent and a name: FNV-1a with the high half folded in.
pub(super) fn hash(parent: NodeId, name: &str) -> u64 {
    let seed = 0xCBF2_9CE4_8422_2325 ^ u64::from(parent.0).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let hash = name
        .bytes()
        .fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
    hash ^ hash >> 32
}
