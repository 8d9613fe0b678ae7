//! The names of all items in all file systems.

use alloc::string::String;

use super::iso9660::IsoNames;
use super::{Entry, MappedName, NameReport, Overrides, Reason, joliet, rockridge, udf};
use crate::layout::Catalog;
use crate::options::{FileSystems, Options};
use crate::tree::{Kind, Tree};

/// Name maps of the file systems that are written; the others stay empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameTable {
    pub(crate) iso9660: IsoNames,
    pub(crate) joliet: Overrides,
    pub(crate) rock_ridge: Overrides,
    pub(crate) udf: Overrides,
}

impl NameTable {
    pub(crate) fn new(tree: &Tree, catalog: &Catalog, options: &Options) -> Self {
        let mut table = Self::default();
        table.iso9660.push_end();
        for directory in catalog.directories() {
            let entries = catalog.entries(tree, directory);
            table.map_directory(tree, catalog, &entries, options);
        }
        table
    }

    fn map_directory(
        &mut self,
        tree: &Tree,
        catalog: &Catalog,
        entries: &[Entry<'_>],
        options: &Options,
    ) {
        let systems = options.file_systems;
        let is_link = |item| matches!(tree.kind(catalog.node(item)), Kind::Symlink { .. });
        if systems.iso9660 {
            let included = |item| systems.rock_ridge || !is_link(item);
            self.iso9660.push_directory(entries, options.iso9660.level, included);
        }
        if systems.joliet && catalog.symlinks > 0 {
            let there = entries.iter().filter(|entry| !is_link(entry.item)).copied();
            joliet::map_directory(&there.collect::<alloc::vec::Vec<_>>(), &mut self.joliet);
        } else if systems.joliet {
            joliet::map_directory(entries, &mut self.joliet);
        }
        if systems.rock_ridge {
            rockridge::map_directory(entries, &mut self.rock_ridge);
        }
        if systems.udf {
            udf::map_directory(entries, &mut self.udf);
        }
    }

    /// What became of the name of one item.
    pub(crate) fn report(
        &self,
        tree: &Tree,
        catalog: &Catalog,
        item: u32,
        systems: FileSystems,
    ) -> NameReport {
        let node = catalog.node(item);
        let original = tree.name(node);
        let kind = tree.kind(node);
        let is_link = matches!(kind, Kind::Symlink { .. });
        let absent = MappedName { name: None, reason: Some(Reason::NoSymlinks) };
        let overridden = |names: &Overrides| MappedName {
            name: Some(String::from(names.name(item, original))),
            reason: names.reason(item),
        };
        let plain = || {
            let mut name = String::from(self.iso9660.name(item));
            if matches!(kind, Kind::File { .. } | Kind::Symlink { .. }) {
                name.push_str(";1");
            }
            MappedName { name: Some(name), reason: self.iso9660.reason(item, original) }
        };
        let iso9660 = || if is_link && !systems.rock_ridge { absent.clone() } else { plain() };
        let joliet = || if is_link { absent.clone() } else { overridden(&self.joliet) };
        NameReport {
            iso9660: systems.iso9660.then(iso9660),
            joliet: systems.joliet.then(joliet),
            rock_ridge: systems.rock_ridge.then(|| overridden(&self.rock_ridge)),
            udf: systems.udf.then(|| overridden(&self.udf)),
        }
    }
}
