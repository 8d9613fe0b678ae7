//! Entries of an image, as they become those of a tree.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::{ImportError, RECORDED_SOURCE, hide, udf};
use crate::address::Lba;
use crate::read::{BlockSource, Entry, EntryKind, View};
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

    /// Adds what another file system shows besides. Where its names are whole (`by_name`), it has no part in what it does not
    /// show, and it may know users and permissions better; elsewhere, files are told by their place.
    pub(super) fn add_all<S: BlockSource>(
        &mut self,
        view: View<'_, S>,
        by_name: bool,
    ) -> Result<(), ImportError> {
        self.files.clear();
        let mut shown = BTreeSet::from([NodeId::ROOT]);
        let mut walk = view.walk();
        while let Some(entry) = walk.next() {
            let entry = entry?;
            let node = if by_name { self.tree.find(&entry.path) } else { None };
            shown.extend(node);
            match node {
                Some(node) if self.is_hollow(node, &entry) => {
                    // It is there, so that it can be removed.
                    let _ = self.tree.remove(&entry.path);
                    shown.extend(self.take(walk.view(), &entry, HiddenIn::empty())?);
                }
                Some(node) => self.complete(node, &entry),
                None if by_name || self.is_elsewhere(&entry)? => {
                    shown.extend(self.take(walk.view(), &entry, HiddenIn::UDF)?);
                }
                None => {}
            }
        }
        let nodes = core::mem::take(&mut self.nodes);
        for node in nodes.into_iter().filter(|node| by_name && !shown.contains(node)) {
            hide(&mut self.tree, node, HiddenIn::ISO9660);
        }
        Ok(())
    }

    /// Whether a file without bytes stands for what UDF could have told as well: genisoimage does that to links.
    fn is_hollow(&self, node: NodeId, entry: &Entry) -> bool {
        let is_empty = matches!(self.tree.kind(node), Kind::File { len: 0, .. });
        is_empty && matches!(entry.kind, EntryKind::Symlink | EntryKind::Special)
    }

    /// Whether an entry is a file with bytes that no file here has.
    fn is_elsewhere(&self, entry: &Entry) -> Result<bool, ImportError> {
        let place = if entry.kind == EntryKind::File { udf::start(entry)? } else { None };
        Ok(place.is_some_and(|place| !self.places.contains(&place)))
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
        let (path, attributes) = (entry.path.as_str(), attributes(entry));
        let details = Details { hidden_in, ..details(view, entry)? };
        self.embeds |= udf::is_embedded(entry);
        self.places.extend(details.recorded);
        let shared = entry.inode.filter(|_| entry.links.is_some_and(|links| links > 1));
        let shared = shared.filter(|_| entry.kind != EntryKind::Directory);
        let shared = shared.map(|number| (number, details.recorded));
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
            // A link to nowhere, or a device that is none: there is nothing to record of it.
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
