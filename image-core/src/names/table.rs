//! The names of all items in all file systems.

use alloc::borrow::Cow;
use alloc::string::String;

use super::iso9660::{IsoNames, Rules};
use super::{Entry, MappedName, NameReport, Overrides, enhanced, joliet, rockridge, udf};
use crate::layout::{Catalog, System};
use crate::options::{IsoLevel, Options};
use crate::tree::{Kind, Tree};
use crate::wire::iso9660::{DirectoryRecord, MAX_DIRECTORY_RECORD};
use crate::wire::rockridge::Continuation;
use crate::wire::xa::XaAttributes;

/// Name maps of the file systems that are written; the others stay empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameTable {
    pub(crate) iso9660: IsoNames,
    pub(crate) enhanced: Overrides,
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
        let is_in =
            |item, system| catalog.absence(tree, item, system, systems.rock_ridge).is_none();
        let there = |system| -> Cow<'_, [Entry<'_>]> {
            if catalog.is_plain() {
                return Cow::Borrowed(entries);
            }
            entries.iter().filter(|entry| is_in(entry.item, system)).copied().collect()
        };
        if systems.iso9660 {
            let included = |item| is_in(item, System::Iso9660);
            self.iso9660.push_directory(entries, Rules::new(&options.iso9660), included);
        }
        if systems.iso9660 && options.iso9660.level == IsoLevel::Four {
            let max = longest_enhanced(options);
            enhanced::map_directory(&there(System::Iso9660), max, &mut self.enhanced);
        }
        if systems.joliet {
            let length = options.joliet.length;
            joliet::map_directory(&there(System::Joliet), length, &mut self.joliet);
        }
        if systems.rock_ridge {
            rockridge::map_directory(&there(System::Iso9660), &mut self.rock_ridge);
        }
        if systems.udf {
            udf::map_directory(&there(System::Udf), &mut self.udf);
        }
    }

    /// What became of the name of one item.
    pub(crate) fn report(
        &self,
        tree: &Tree,
        catalog: &Catalog,
        item: u32,
        options: &Options,
    ) -> NameReport {
        let systems = options.file_systems;
        let node = catalog.node(item);
        let original = tree.name(node);
        let named = |system, name: &dyn Fn() -> MappedName| {
            let absence = catalog.absence(tree, item, system, systems.rock_ridge);
            absence.map_or_else(name, |reason| MappedName { name: None, reason: Some(reason) })
        };
        let overridden = |names: &Overrides| MappedName {
            name: Some(String::from(names.name(item, original))),
            reason: names.reason(item),
        };
        let plain = || {
            let mut name = String::from(self.iso9660.name(item));
            if !matches!(tree.kind(node), Kind::Directory) && !options.iso9660.omits_version() {
                name.push_str(";1");
            }
            MappedName { name: Some(name), reason: self.iso9660.reason(item, original) }
        };
        let is_shared = options.iso9660.is_shared();
        let long = || overridden(&self.enhanced);
        // Rock Ridge is recorded in the primary hierarchy: one beside it has no links and special files.
        let enhanced = || match catalog.absence(tree, item, System::Iso9660, false) {
            Some(reason) if !is_shared => MappedName { name: None, reason: Some(reason) },
            _ => named(System::Iso9660, &long),
        };
        let iso9660 = || named(System::Iso9660, if is_shared { &long } else { &plain });
        let joliet = || named(System::Joliet, &|| overridden(&self.joliet));
        let rock_ridge = || named(System::Iso9660, &|| overridden(&self.rock_ridge));
        let udf = || named(System::Udf, &|| overridden(&self.udf));
        NameReport {
            iso9660: systems.iso9660.then(iso9660),
            enhanced: (systems.iso9660 && options.iso9660.level == IsoLevel::Four).then(enhanced),
            joliet: systems.joliet.then(joliet),
            rock_ridge: systems.rock_ridge.then(rock_ridge),
            udf: systems.udf.then(udf),
        }
    }
}

/// Longest identifier at level 4, in bytes: where Rock Ridge or CD-ROM XA use the rest of the record, they need room.
fn longest_enhanced(options: &Options) -> usize {
    if !options.iso9660.is_shared() {
        return enhanced::MAX_BYTES;
    }
    let continuation = if options.file_systems.rock_ridge { size_of::<Continuation>() } else { 0 };
    let xa = if options.iso9660.xa { size_of::<XaAttributes>() } else { 0 };
    let room = MAX_DIRECTORY_RECORD - size_of::<DirectoryRecord>() - continuation - xa;
    // An identifier of even length takes a pad byte. ECMA-119 9.1.12.
    enhanced::MAX_BYTES.min(room - usize::from(room.is_multiple_of(2)))
}
