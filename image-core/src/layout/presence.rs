//! Which entries are in which hierarchy, and which entries are names of one file.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::{Catalog, Content};
use crate::names::Reason;
use crate::order;
use crate::tree::{HiddenIn, Kind, Tree};

/// A hierarchy that entries can be missing from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// ISO 9660, with Rock Ridge where that is written.
    Iso9660,
    Joliet,
    Udf,
}

impl System {
    const fn hides(self) -> HiddenIn {
        match self {
            Self::Iso9660 => HiddenIn::ISO9660,
            Self::Joliet => HiddenIn::JOLIET,
            Self::Udf => HiddenIn::UDF,
        }
    }
}

/// What sets some entries apart. All empty for most trees.
#[derive(Clone, Debug, Default)]
pub(super) struct Presence {
    /// What each item is left out of, by itself or with a directory above it; empty when nothing is.
    hidden: Vec<HiddenIn>,
    /// Whether any entry is neither a file nor a directory.
    pub(super) has_special: bool,
    /// The file that each hard link is a name of.
    files: BTreeMap<u32, u32>,
    /// All names of each file that has several, the first included.
    names: BTreeMap<u32, Vec<u32>>,
}

impl Presence {
    /// Looks at every node that has details or other names.
    pub(super) fn new(tree: &Tree, catalog: &Catalog, has_special: bool) -> Self {
        let mut presence = Self { has_special, ..Self::default() };
        for (target, links) in tree.hard_links() {
            let Some(file) = catalog.item_of(target) else { continue };
            let mut names: Vec<u32> =
                links.iter().filter_map(|link| catalog.item_of(*link)).collect();
            presence.files.extend(names.iter().map(|name| (*name, file)));
            names.push(file);
            order::sort_by_key(&mut names, |name| name);
            presence.names.insert(file, names);
        }
        if tree.detailed().any(|(_, details)| !details.hidden_in.is_empty()) {
            presence.hide(tree, catalog);
        }
        presence
    }

    /// Items begin with the root. Parents come before their children, so that what hides a directory is known when they are reached.
    fn hide(&mut self, tree: &Tree, catalog: &Catalog) {
        let own = |item| tree.details(catalog.node(item)).hidden_in;
        self.hidden = (0..catalog.len()).map(own).collect();
        for directory in catalog.directories() {
            let above = self.hidden.get(directory.item as usize).copied().unwrap_or_default();
            let children = directory.children.start as usize..directory.children.end as usize;
            for child in self.hidden.get_mut(children).unwrap_or_default() {
                *child |= above;
            }
        }
        // A file system has a root, though nothing may be in it.
        if let Some(root) = self.hidden.first_mut() {
            *root = HiddenIn::empty();
        }
    }
}

impl Catalog {
    /// The item whose data and file entry an item shares: itself, unless it is a hard link.
    pub(crate) fn entry_item(&self, item: u32) -> u32 {
        self.presence.files.get(&item).copied().unwrap_or(item)
    }

    /// Every hard link, and the file it is a name of.
    pub(crate) fn hard_links(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.presence.files.iter().map(|(link, file)| (*link, *file))
    }

    /// All items that are names of the same file as this one, in order.
    pub(crate) fn names_of(&self, item: u32) -> Vec<u32> {
        let file = self.entry_item(item);
        self.presence.names.get(&file).cloned().unwrap_or_else(|| Vec::from([file]))
    }

    /// Whether every entry is in every file system: nothing is hidden, and there are but files and directories.
    pub(crate) const fn is_plain(&self) -> bool {
        self.presence.hidden.is_empty() && !self.presence.has_special
    }

    /// Why an item is not in a file system; `None` when it is.
    pub(crate) fn absence(
        &self,
        tree: &Tree,
        item: u32,
        system: System,
        rock_ridge: bool,
    ) -> Option<Reason> {
        if self.is_plain() {
            return None;
        }
        let hidden = self.presence.hidden.get(item as usize).copied().unwrap_or_default();
        if hidden.contains(system.hides()) {
            return Some(Reason::Hidden);
        }
        let holds_all = match system {
            System::Iso9660 => rock_ridge,
            System::Joliet => false,
            System::Udf => true,
        };
        match tree.kind(self.node(item)) {
            Kind::Symlink { .. } if !holds_all => Some(Reason::NoSymlinks),
            Kind::Special(_) if !holds_all => Some(Reason::NoSpecialFiles),
            _ => None,
        }
    }
}

impl Content {
    /// Whether an item is in a file system, which is one that is written.
    pub(crate) fn is_in(&self, item: u32, system: System) -> bool {
        let rock_ridge = self.options.file_systems.rock_ridge;
        self.catalog.absence(&self.tree, item, system, rock_ridge).is_none()
    }

    /// Whether any of the names of an item's file is in any of the file systems that are written.
    pub(crate) fn is_recorded(&self, item: u32) -> bool {
        let written = self.options.file_systems;
        let systems = [
            (written.iso9660, System::Iso9660),
            (written.joliet, System::Joliet),
            (written.udf, System::Udf),
        ];
        let is_in_any =
            |item| systems.iter().any(|(written, system)| *written && self.is_in(item, *system));
        self.catalog.is_plain() || self.catalog.names_of(item).into_iter().any(is_in_any)
    }

    /// How many names a file has in a file system.
    pub(crate) fn links(&self, item: u32, system: System) -> u32 {
        let names = self.catalog.names_of(item);
        super::catalog::number(names.iter().filter(|name| self.is_in(**name, system)).count())
    }

    /// How many directories there are in a file system, the root included, and how many other entries.
    pub(crate) fn counts(&self, system: System) -> (u32, u32) {
        let all = self.catalog.len();
        let directories = super::catalog::number(self.catalog.directories().len());
        if self.catalog.is_plain() {
            return (directories, all - directories);
        }
        let there = |item: &u32| self.is_in(*item, system);
        let items = super::catalog::number((0..all).filter(there).count());
        let of_directories = self.catalog.directories().iter().map(|directory| directory.item);
        let directories = super::catalog::number(of_directories.filter(there).count());
        (directories, items - directories)
    }

    /// How many directories a directory holds in a file system.
    pub(crate) fn subdirectories(&self, position: u32, system: System) -> u32 {
        let Some(directory) = self.catalog.directory(position) else { return 0 };
        if self.catalog.is_plain() {
            return directory.subdirectories;
        }
        let counted =
            |item: &u32| self.catalog.position_of(*item).is_some() && self.is_in(*item, system);
        super::catalog::number(directory.children.clone().filter(counted).count())
    }
}
