//! Directories below the eighth level, moved to one near the root: Rock Ridge tells readers where they belong. RRIP 4.1.5.
//!
//! Where a directory was, a record of a file without content points to it (CL). Its own record, in the directory that
//! holds all that were moved, says that it is not at home there (RE), and its record of its parent tells the true one (PL).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Catalog;
use super::content::Content;
use super::hierarchy::View;
use super::presence::System;
use crate::names::Entry;
use crate::names::iso9660::Rules;
use crate::options::{DeepDirectories, Options};
use crate::order;
use crate::tree::{Attributes, Details, HiddenIn, Kind, NodeId, Tree};

/// Most levels of a hierarchy, the root being one. ECMA-119 6.8.2.1.
pub(crate) const MAX_LEVELS: u32 = 8;
/// The level of what is moved: below the root and the directory it goes to.
const LEVEL_OF_MOVED: u32 = 3;
/// What is moved goes here; readers look for this name, or for it with a full stop before it.
const HOME: [&str; 2] = ["rr_moved", ".rr_moved"];

/// Which directories are somewhere else in the primary hierarchy.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relocation {
    /// Position of the directory that holds them.
    home: u32,
    /// The item of each, with its identifier there.
    moved: BTreeMap<u32, String>,
}

/// The tree with a directory for what is to be moved, where there is anything to move.
pub(crate) fn prepare(tree: Arc<Tree>, options: &Options) -> Arc<Tree> {
    if !is_wanted(options) || !is_deep(&tree) || home(&tree).is_some() {
        return tree;
    }
    let mut tree = Arc::unwrap_or_clone(tree);
    for name in HOME {
        if let Ok(id) = tree.add_directory(name, Attributes::default()) {
            let hidden_in = HiddenIn::JOLIET | HiddenIn::UDF;
            tree.set_details(id, Details { hidden_in, ..Details::default() });
            break;
        }
    }
    Arc::new(tree)
}

fn home(tree: &Tree) -> Option<NodeId> {
    let is_directory = |id: &NodeId| matches!(tree.kind(*id), Kind::Directory);
    HOME.into_iter().find_map(|name| tree.find(name).filter(is_directory))
}

/// Whether any directory lies below the eighth level.
fn is_deep(tree: &Tree) -> bool {
    let mut level = Vec::from([NodeId::ROOT]);
    for _ in 0..MAX_LEVELS {
        let children = level.iter().flat_map(|directory| tree.children(*directory));
        level = children.filter(|child| matches!(tree.kind(*child), Kind::Directory)).collect();
    }
    !level.is_empty()
}

/// Whether deep directories are moved.
fn is_wanted(options: &Options) -> bool {
    options.iso9660.deep_directories == DeepDirectories::Relocate && options.file_systems.rock_ridge
}

impl Catalog {
    /// Finds the directories that are to be moved, if there is a place for them.
    pub(crate) fn relocate(&mut self, tree: &Tree, options: &Options) {
        let home = home(tree).filter(|_| is_wanted(options));
        let is_there = |item: &u32| self.absence(tree, *item, System::Iso9660, true).is_none();
        if home.and_then(|node| self.item_of(node)).filter(is_there).is_some() {
            self.moved = order::set(deep(tree, self));
        }
    }
}

impl Relocation {
    pub(super) fn new(content: &Content) -> Self {
        let home = home(&content.tree).and_then(|node| content.catalog.item_of(node));
        let Some(home) = home.and_then(|item| content.catalog.position_of(item)) else {
            return Self::default();
        };
        let mut relocation = Self { home, moved: BTreeMap::new() };
        relocation.name(content);
        relocation
    }

    /// Gives what is moved names that are unique where it goes.
    fn name(&mut self, content: &Content) {
        let deep = &content.catalog.moved;
        let Some(home) = content.catalog.directory(self.home) else { return };
        let name = |item| content.recorded_name(View::Primary, item).into();
        let taken: BTreeSet<Vec<u8>> = order::set(home.children.clone().map(name));
        let entries: Vec<_> = deep
            .iter()
            .map(|item| Entry {
                item: *item,
                name: content.original_name(*item),
                is_directory: true,
            })
            .collect();
        let names = Rules::new(&content.options.iso9660).unique(&entries, taken);
        self.moved = order::map(deep.iter().copied().zip(names.into_iter().map(|(name, _)| name)));
    }

    pub(super) fn any(&self) -> bool {
        !self.moved.is_empty()
    }

    pub(super) fn is_moved(&self, item: u32) -> bool {
        self.moved.contains_key(&item)
    }

    /// Whether this is the directory that holds what was moved.
    pub(super) fn is_home(&self, position: u32) -> bool {
        !self.moved.is_empty() && position == self.home
    }

    /// Items that were moved to the directory at this position.
    pub(super) fn moved_to(&self, position: u32) -> impl Iterator<Item = u32> + '_ {
        let is_home = self.is_home(position);
        self.moved.keys().copied().filter(move |_| is_home)
    }

    /// The identifier that an item has where it was moved to.
    pub(super) fn name_at_home(&self, item: u32) -> Option<&str> {
        self.moved.get(&item).map(String::as_str)
    }

    /// Position of the directory that holds the one at `position` in the primary hierarchy.
    pub(super) fn parent(&self, content: &Content, position: u32) -> u32 {
        match content.catalog.directory(position) {
            Some(directory) if self.is_moved(directory.item) => self.home,
            Some(directory) => directory.parent,
            None => 0,
        }
    }
}

/// Items of the directories that are too deep, counted anew below each that is moved.
fn deep(tree: &Tree, catalog: &Catalog) -> Vec<u32> {
    let directories = catalog.directories();
    let mut levels = alloc::vec![1; directories.len()];
    let mut deep = Vec::new();
    for (position, directory) in directories.iter().enumerate().skip(1) {
        let parent = levels.get(directory.parent as usize).copied().unwrap_or(1);
        let is_deep = parent >= MAX_LEVELS;
        if is_deep && catalog.absence(tree, directory.item, System::Iso9660, true).is_none() {
            deep.push(directory.item);
        }
        if let Some(slot) = levels.get_mut(position) {
            *slot = if is_deep { LEVEL_OF_MOVED } else { parent + 1 };
        }
    }
    deep
}
