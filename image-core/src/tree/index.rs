//! Finds a child by parent and name in constant time; the tree itself holds the names.

use alloc::vec;
use alloc::vec::Vec;

use super::NodeId;

/// A node and the hash of its parent and name, which saves looking at most names that are others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    hash: u32,
    id: u32,
}

const EMPTY: Slot = Slot { hash: 0, id: u32::MAX };

/// Open-addressing table of node ids. It is never iterated, so its order shows nowhere.
#[derive(Clone, Debug)]
pub(super) struct ChildIndex {
    slots: Vec<Slot>,
    used: usize,
}

/// Slots of a table that is not empty, at least.
const FEWEST: usize = 64;

impl ChildIndex {
    /// A table that takes so many children without growing.
    pub(super) fn with_capacity(children: usize) -> Self {
        let slots = match children {
            0 => Vec::new(),
            _ => vec![EMPTY; (children.saturating_mul(4) / 3 + 1).next_power_of_two().max(FEWEST)],
        };
        Self { slots, used: 0 }
    }

    /// The child with this hash for which `is_it` holds.
    pub(super) fn find(&self, hash: u32, is_it: impl Fn(NodeId) -> bool) -> Option<NodeId> {
        self.probe(hash)
            .map_while(|at| self.slots.get(at).copied().filter(|slot| *slot != EMPTY))
            .filter(|slot| slot.hash == hash)
            .map(|slot| NodeId(slot.id))
            .find(|id| is_it(*id))
    }

    /// Adds a child that is not in the table.
    pub(super) fn insert(&mut self, hash: u32, id: NodeId) {
        if self.slots.len() * 3 < (self.used + 1) * 4 {
            let grown = vec![EMPTY; (self.slots.len() * 2).max(FEWEST)];
            let old = core::mem::replace(&mut self.slots, grown);
            old.into_iter().filter(|slot| *slot != EMPTY).for_each(|slot| self.place(slot));
        }
        self.place(Slot { hash, id: id.0 });
        self.used += 1;
    }

    /// Takes out a child that is in the table under this hash, and closes the gap behind it.
    pub(super) fn remove(&mut self, hash: u32, id: NodeId) {
        let gone = Slot { hash, id: id.0 };
        let Some(mut gap) = self.probe(hash).find(|at| self.slots.get(*at) == Some(&gone)) else {
            return;
        };
        let mask = self.slots.len() - 1;
        let mut at = gap;
        loop {
            at = (at + 1) & mask;
            let Some(next) = self.slots.get(at).copied().filter(|next| *next != EMPTY) else {
                break;
            };
            // What may not stand before its own first slot stays where it is.
            let home = self.probe(next.hash).next().unwrap_or(at);
            if at.wrapping_sub(home) & mask >= at.wrapping_sub(gap) & mask {
                self.set(gap, next);
                gap = at;
            }
        }
        self.set(gap, EMPTY);
        self.used -= 1;
    }

    fn set(&mut self, at: usize, to: Slot) {
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = to;
        }
    }

    fn place(&mut self, slot: Slot) {
        if let Some(free) = self.probe(slot.hash).find(|at| self.slots.get(*at) == Some(&EMPTY)) {
            self.set(free, slot);
        }
    }

    /// Slots to look at, in order; the table's length is a power of two and a quarter of it is free.
    fn probe(&self, hash: u32) -> impl Iterator<Item = usize> + use<> {
        let len = self.slots.len();
        (0..len).map(move |step| (hash as usize).wrapping_add(step) & (len - 1))
    }
}

/// Hash of a parent and a name: FNV-1a with the high half folded in.
pub(super) fn hash(parent: NodeId, name: &str) -> u32 {
    let seed = 0xCBF2_9CE4_8422_2325 ^ u64::from(parent.0).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let hash = name
        .bytes()
        .fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
    #[expect(clippy::cast_possible_truncation, reason = "folded")]
    let folded = (hash ^ hash >> 32) as u32;
    folded
}
