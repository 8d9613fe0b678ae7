//! Entries of an image, as they become those of a tree.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::{ImportError, RECORDED_SOURCE, bit, hide, udf};
use crate::address::Lba;
use crate::names::joliet;
use crate::options::JolietLength;
use crate::read::{BlockSource, Entry, EntryKind, FileSystem, View};
use crate::tree::{Attributes, Details, HiddenIn, Kind, NodeId, Tree};

/// A tree while it is filled.
#[derive(Default)]
pub(super) struct Taking {
    pub(super) tree: Tree,
    /// Whether anything stands in its file entry.
    pub(super) embeds: bool,
    /// Files that say they have several names, by their number and place.
    files: BTreeMap<(u64, Option<Lba>), NodeId>,
    /// Where files with bytes are.
    places: BTreeSet<Lba>,
    /// All that was taken.
    nodes: Vec<NodeId>,
    /// Paths of what no tree holds.
    pub(super) left_out: BTreeSet<String>,
}

impl Taking {
    /// Takes in all that a file system shows.
    pub(super) fn take_all<S: BlockSource>(
        &mut self,
        mut view: View<'_, S>,
    ) -> Result<(), ImportError> {
        udf::check_volume(&mut view)?;
        let root = view.root();
        self.embeds |= udf::is_embedded(&root);
        self.tree.set_attributes(NodeId::ROOT, attributes(&root));
        let details = details(&mut view, &root)?;
        self.tree.set_details(NodeId::ROOT, details);
        let mut walk = view.walk();
        while let Some(entry) = walk.next() {
            self.take(walk.view(), &entry?, HiddenIn::empty())?;
        }
        Ok(())
    }

    /// Adds what another file system shows, `hidden_in` those that do not, and hides from it what it does not show.
    pub(super) fn add_all<S: BlockSource>(
        &mut self,
        view: View<'_, S>,
        system: FileSystem,
        hidden_in: HiddenIn,
    ) -> Result<(), ImportError> {
        self.files.clear();
        let shown = if system == FileSystem::RockRidge {
            self.add_by_name(view, hidden_in)?
        } else {
            self.add_by_place(view, system, hidden_in)?
        };
        for node in self.nodes.iter().filter(|node| !shown.contains(*node)) {
            hide(&mut self.tree, *node, bit(system));
        }
        Ok(())
    }

    /// Adds what a file system of whole names shows besides; it may know users and permissions better. Returns what it shows.
    fn add_by_name<S: BlockSource>(
        &mut self,
        view: View<'_, S>,
        hidden_in: HiddenIn,
    ) -> Result<BTreeSet<NodeId>, ImportError> {
        let (mut shown, mut removed) = (BTreeSet::new(), BTreeSet::new());
        let mut walk = view.walk();
        while let Some(entry) = walk.next() {
            let entry = entry?;
            check_encoding(&entry)?;
            let node = self.tree.find(&entry.path);
            shown.extend(node);
            match node {
                Some(node) if self.is_hollow(node, &entry) => {
                    // It is there, so that it can be removed.
                    let _ = self.tree.remove(&entry.path);
                    removed.insert(node);
                    shown.extend(self.take(walk.view(), &entry, HiddenIn::empty())?);
                }
                Some(node) => self.complete(node, &entry),
                None => shown.extend(self.take(walk.view(), &entry, hidden_in)?),
            }
        }
        self.nodes.retain(|node| !removed.contains(node));
        Ok(shown)
    }

    /// Adds what a file system shows besides whose names are not whole, and in which files are told by their place. Returns what
    /// it shows, and what it may show by another name.
    fn add_by_place<S: BlockSource>(
        &mut self,
        view: View<'_, S>,
        system: FileSystem,
        hidden_in: HiddenIn,
    ) -> Result<BTreeSet<NodeId>, ImportError> {
        let is_joliet = system == FileSystem::Joliet;
        let mut places = BTreeSet::new();
        let mut found = Vec::new();
        let mut walk = view.walk();
        while let Some(entry) = walk.next() {
            let entry = entry?;
            let place = if entry.kind == EntryKind::File { udf::start(&entry)? } else { None };
            places.extend(place);
            let node = self.tree.find(&entry.path);
            // What has no place, as a file of UDF that stands in its file entry, is told by its name alone.
            let known = node.filter(|node| place.is_none() || self.place_of(*node).is_none());
            let is_new = match place {
                Some(place) => !self.places.contains(&place),
                None => is_joliet && self.is_of_whole_names(&entry.path),
            };
            if known.is_none() && is_new {
                self.add_folders(&entry.path, hidden_in)?;
                found.extend(self.take(walk.view(), &entry, hidden_in)?);
            }
            found.extend(known);
        }
        let may_show = |node: NodeId| match (self.place_of(node), self.tree.kind(node)) {
            (Some(place), _) => places.contains(&place),
            (None, Kind::Directory | Kind::File { .. }) => {
                !is_joliet || !self.tree.path(node).split('/').all(is_whole)
            }
            (None, _) => true,
        };
        found.extend(self.nodes.iter().copied().filter(|node| may_show(*node)));
        // What is shown is in folders that are.
        let mut shown = BTreeSet::from([NodeId::ROOT]);
        for node in found {
            let mut way = node;
            while shown.insert(way) {
                way = self.tree.parent(way);
            }
        }
        Ok(shown)
    }

    /// Whether all that is beside an entry would be called as it is in Joliet, so that the entry is none of that.
    fn is_of_whole_names(&self, path: &str) -> bool {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let Some(folder) = self.tree.find(folder) else { return false };
        self.tree.children(folder).all(|child| is_whole(self.tree.name(child)))
    }

    /// Makes the folders on the way to an entry that are missing.
    fn add_folders(&mut self, path: &str, hidden_in: HiddenIn) -> Result<(), ImportError> {
        for (end, _) in path.match_indices('/') {
            let folder = path.get(..end).unwrap_or_default();
            if self.tree.find(folder).is_none() {
                let node = self.tree.add_directory(folder, Attributes::default())?;
                hide(&mut self.tree, node, hidden_in);
                self.nodes.push(node);
            }
        }
        Ok(())
    }

    /// Where the bytes of a file are.
    fn place_of(&self, node: NodeId) -> Option<Lba> {
        self.tree.details(self.tree.link_of(node)).recorded
    }

    /// Whether a file without bytes stands for what UDF could have told as well: genisoimage does that to links and to the boot
    /// catalog.
    fn is_hollow(&self, node: NodeId, entry: &Entry) -> bool {
        let is_empty = matches!(self.tree.kind(node), Kind::File { len: 0, .. });
        let is_more = match entry.kind {
            EntryKind::Symlink | EntryKind::Special => true,
            EntryKind::File => entry.len > 0,
            EntryKind::Directory => false,
        };
        is_empty && is_more && is_held(entry)
    }

    /// Some programs record in UDF no users and the same permissions for all.
    fn complete(&mut self, node: NodeId, entry: &Entry) {
        let known = self.tree.attributes(node);
        // Where nobody was given, Rock Ridge says 0.
        let given = |id: Option<u32>| id.filter(|id| *id != 0);
        let completed = Attributes {
            modified: known.modified.or(entry.modified),
            mode: entry.mode.or(known.mode),
            uid: known.uid.or_else(|| given(entry.uid)),
            gid: known.gid.or_else(|| given(entry.gid)),
        };
        self.tree.set_attributes(node, completed);
        let listed: Vec<_> = extended_attributes(entry).collect();
        self.complete_attributes(node, &listed);
    }

    /// Of an attribute that both have, UDF fills the value up to a multiple of four bytes.
    fn complete_attributes(&mut self, node: NodeId, listed: &[(String, Vec<u8>)]) {
        if listed.is_empty() {
            return;
        }
        let mut details = self.tree.details(node).clone();
        details.set_extended_attributes(listed);
        self.tree.set_details(node, details);
    }

    fn take<S: BlockSource>(
        &mut self,
        view: &mut View<'_, S>,
        entry: &Entry,
        hidden_in: HiddenIn,
    ) -> Result<Option<NodeId>, ImportError> {
        check_encoding(entry)?;
        if !is_held(entry) {
            self.left_out.insert(entry.path.clone());
            return Ok(None);
        }
        let (path, attributes) = (entry.path.as_str(), attributes(entry));
        let details = Details { hidden_in, ..details(view, entry)? };
        self.embeds |= udf::is_embedded(entry);
        self.places.extend(details.recorded);
        let is_shared =
            entry.kind != EntryKind::Directory && entry.links.is_some_and(|links| links > 1);
        // RRIP 1.10 has no number of a file: its names are where its bytes are.
        let number = entry.inode.or_else(|| details.recorded.map(|_| 0));
        let shared = number.filter(|_| is_shared).map(|number| (number, details.recorded));
        let tree = &mut self.tree;
        if let Some(first) = shared.and_then(|shared| self.files.get(&shared)) {
            let node = tree.add_hard_link(path, *first)?;
            let Details { hidden, hidden_in, .. } = details;
            tree.set_details(node, Details { hidden, hidden_in, ..Details::default() });
            self.nodes.push(node);
            return Ok(Some(node));
        }
        let node = match (entry.kind, &entry.target, entry.special) {
            (EntryKind::Directory, ..) => tree.add_directory(path, attributes)?,
            (EntryKind::File, ..) => tree.add_file(path, RECORDED_SOURCE, entry.len, attributes)?,
            (EntryKind::Symlink, Some(target), _) => tree.add_symlink(path, target, attributes)?,
            (EntryKind::Special, _, Some(special)) => {
                tree.add_special(path, special, attributes)?
            }
            (EntryKind::Symlink | EntryKind::Special, ..) => return Ok(None),
        };
        self.nodes.push(node);
        self.files.extend(shared.map(|shared| (shared, node)));
        if details != Details::default() {
            tree.set_details(node, details);
        }
        Ok(Some(node))
    }
}

/// Refuses a file whose bytes are not recorded as they are: a tree does not tell.
fn check_encoding(entry: &Entry) -> Result<(), ImportError> {
    match entry.encoding {
        Some(encoding) => Err(ImportError::Encoded { path: entry.path.clone(), encoding }),
        None => Ok(()),
    }
}

/// Whether a tree holds an entry: no link to nothing, and no device of no known kind or number.
fn is_held(entry: &Entry) -> bool {
    match entry.kind {
        EntryKind::Symlink => {
            let target = entry.target.as_deref().unwrap_or_default();
            !target.is_empty() && !target.contains('\0')
        }
        EntryKind::Special => entry.special.is_some(),
        EntryKind::Directory | EntryKind::File => true,
    }
}

/// Whether Joliet has a name as it is, whoever wrote it.
fn is_whole(name: &str) -> bool {
    name.is_ascii() && !name.ends_with(' ') && joliet::keeps(name, JolietLength::Up64.units())
}

fn attributes(entry: &Entry) -> Attributes {
    Attributes { modified: entry.modified, mode: entry.mode, uid: entry.uid, gid: entry.gid }
}

/// What Rock Ridge has but for what libisofs keeps there of the image itself, such as places of checksums.
fn extended_attributes(entry: &Entry) -> impl Iterator<Item = (String, Vec<u8>)> {
    let listed = entry.attributes.iter();
    listed.filter(|(name, _)| !name.starts_with("isofs.")).cloned()
}

fn details<S: BlockSource>(view: &mut View<'_, S>, entry: &Entry) -> Result<Details, ImportError> {
    let content = match entry.kind {
        EntryKind::File => udf::embedded(view, entry)?,
        _ => None,
    };
    let recorded = match entry.kind {
        EntryKind::File if content.is_none() => udf::start(entry)?,
        _ => None,
    };
    let mut details = Details {
        accessed: entry.accessed,
        created: entry.created,
        changed: entry.changed,
        hidden: entry.hidden,
        content,
        recorded,
        extended_attributes: extended_attributes(entry).collect(),
        ..Details::default()
    };
    udf::describe(view, entry, &mut details)?;
    Ok(details)
}
