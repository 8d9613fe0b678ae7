//! Every node in one canonical order, whatever order it was added in.
//!
//! Items are numbered breadth first, the children of a directory by name: item 0 is the root, and the children of
//! every directory are consecutive. UDF file entries stand in this order, so that block and item follow from each other.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::ops::Range;

use super::presence::Presence;
use crate::names::Entry;
use crate::tree::{Kind, NodeId, Tree};

/// Item of a node that was removed.
const NOT_THERE: u32 = u32::MAX;

/// A directory, with the items it holds.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    pub(crate) item: u32,
    /// Position of the parent among the directories; the root is its own.
    pub(crate) parent: u32,
    pub(crate) children: Range<u32>,
    /// How many of the children are directories.
    pub(crate) subdirectories: u32,
}

/// The canonical order of a tree.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    nodes: Vec<NodeId>,
    /// The item of each node.
    items: Vec<u32>,
    directories: Vec<Directory>,
    pub(super) presence: Presence,
    /// Directories that the primary hierarchy has elsewhere: a record of a file stands in their place.
    pub(super) moved: BTreeSet<u32>,
}

impl Catalog {
    pub(crate) fn new(tree: &Tree) -> Self {
        let root = Directory { item: 0, parent: 0, children: 1..1, subdirectories: 0 };
        let mut nodes = Vec::with_capacity(tree.len());
        nodes.push(NodeId::ROOT);
        let directories = alloc::vec![root];
        let mut catalog = Self {
            nodes,
            items: Vec::new(),
            directories,
            presence: Presence::default(),
            moved: BTreeSet::new(),
        };
        let mut at = 0;
        while at < catalog.directories.len() {
            catalog.visit(tree, at);
            at += 1;
        }
        catalog.items = alloc::vec![NOT_THERE; tree.id_limit()];
        for (item, node) in (0..).zip(&catalog.nodes) {
            if let Some(slot) = catalog.items.get_mut(node.0 as usize) {
                *slot = item;
            }
        }
        catalog.presence = Presence::new(tree, &catalog, catalog.presence.has_special);
        catalog
    }

    /// Numbers the children of the directory at this position and appends those that are directories.
    fn visit(&mut self, tree: &Tree, position: usize) {
        let Some(directory) = self.directories.get(position) else { return };
        let start = self.nodes.len();
        let node = self.node(directory.item);
        self.nodes.reserve(tree.child_count(node) as usize);
        self.nodes.extend(tree.children(node));
        let children = self.nodes.get_mut(start..).unwrap_or_default();
        children.sort_unstable_by(|a, b| tree.name(*a).cmp(tree.name(*b)));
        let range = number(start)..number(self.nodes.len());
        let parent = number(position);
        let before = self.directories.len();
        for item in range.clone() {
            match tree.kind(self.node(item)) {
                Kind::Directory => {
                    let found = Directory { item, parent, children: 0..0, subdirectories: 0 };
                    self.directories.push(found);
                }
                Kind::Symlink { .. } | Kind::Special(_) => self.presence.has_special = true,
                Kind::File { .. } => {}
            }
        }
        let subdirectories = number(self.directories.len() - before);
        if let Some(directory) = self.directories.get_mut(position) {
            directory.children = range;
            directory.subdirectories = subdirectories;
        }
    }

    pub(crate) fn node(&self, item: u32) -> NodeId {
        self.nodes.get(item as usize).copied().unwrap_or(NodeId::ROOT)
    }

    /// How many items there are.
    pub(crate) fn len(&self) -> u32 {
        number(self.nodes.len())
    }

    pub(crate) fn directories(&self) -> &[Directory] {
        &self.directories
    }

    pub(crate) fn directory(&self, position: u32) -> Option<&Directory> {
        self.directories.get(position as usize)
    }

    /// Position among the directories of the item, if it is one.
    pub(crate) fn position_of(&self, item: u32) -> Option<u32> {
        self.directories.binary_search_by_key(&item, |directory| directory.item).ok().map(number)
    }

    /// The children of a directory as the name rules take them.
    pub(crate) fn entries<'t>(&self, tree: &'t Tree, directory: &Directory) -> Vec<Entry<'t>> {
        let entry = |item| {
            let node = self.node(item);
            let is_directory =
                matches!(tree.kind(node), Kind::Directory) && !self.moved.contains(&item);
            Entry { item, name: tree.name(node), is_directory }
        };
        directory.children.clone().map(entry).collect()
    }

    /// The item of a node; none of one that was removed.
    pub(crate) fn item_of(&self, node: NodeId) -> Option<u32> {
        self.items.get(node.0 as usize).copied().filter(|item| *item != NOT_THERE)
    }
}

/// A count of nodes as the 32-bit number that the tree guarantees it to be.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::{Attributes, SourceId};

    #[test]
    fn order_does_not_depend_on_insertion() {
        let paths = ["b/y", "a", "b/x/1", "c", "b/x/0"];
        let mut orders = Vec::new();
        for paths in [paths.to_vec(), paths.iter().rev().copied().collect()] {
            let mut tree = Tree::new();
            for path in paths {
                tree.add_file(path, SourceId(0), 0, Attributes::default()).unwrap();
            }
            let catalog = Catalog::new(&tree);
            orders.push((0..catalog.len()).map(|i| tree.path(catalog.node(i))).collect::<Vec<_>>());
        }
        assert_eq!(orders[0], ["", "a", "b", "c", "b/x", "b/y", "b/x/0", "b/x/1"]);
        assert_eq!(orders[0], orders[1]);
    }
}
