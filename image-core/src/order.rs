//! Putting in order with few copies of the code that does it.
//!
//! The standard library's sorts are compiled anew for every kind of element and of comparison, and so is the sort with
//! which a `BTreeMap` or `BTreeSet` is collected: a dozen of them took a sixth of the module that a page loads.

use alloc::collections::{BTreeMap, BTreeSet};
use core::cmp::Ordering;

/// Sorts numbers of whatever it is by `compare`; what is equal keeps its order.
pub(crate) fn sort_by(numbers: &mut [u32], compare: &mut dyn FnMut(u32, u32) -> Ordering) {
    numbers.sort_by(|a, b| compare(*a, *b));
}

/// Sorts numbers by a key; what has the same keeps its order.
pub(crate) fn sort_by_key<K: Ord>(numbers: &mut [u32], key: impl Fn(u32) -> K) {
    sort_by(numbers, &mut |a, b| key(a).cmp(&key(b)));
}

/// What `collect` makes.
pub(crate) fn set<T: Ord>(elements: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(elements);
    set
}

/// What `collect` makes.
pub(crate) fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}
