//! Removing and renaming entries.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::node::{Content, Link};
use super::points::Undo;
use super::{Attributes, Details, EditError, NodeId, Tree, index};

impl Tree {
    /// Gives a node other attributes; those of a hard link are its file's.
    pub fn set_attributes(&mut self, id: NodeId, attributes: Attributes) {
        let id = self.link_of(id);
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            let old = core::mem::replace(&mut node.attributes, attributes);
            self.record(Undo::Attributes { id, attributes: old });
        }
    }

    /// Gives a node other details; [`Details::default`] takes them away.
    pub fn set_details(&mut self, id: NodeId, details: Details) {
        if self.node(id).is_none() {
            return;
        }
        let old = if details == Details::NONE {
            self.details.remove(&id)
        } else {
            self.details.insert(id, details)
        };
        self.record(Undo::Details { id, details: old.map(Into::into) });
    }

    /// Removes an entry with all below it. A file that has other names stays under those.
    ///
    /// # Errors
    /// See [`EditError`].
    pub fn remove(&mut self, path: &str) -> Result<(), EditError> {
        let id = self.found(path)?;
        self.detach(id);
        let mut gone = Vec::from([id]);
        while let Some(id) = gone.pop() {
            gone.extend(self.children(id));
            self.counts.nodes -= 1;
            match self.node(id).map(|node| node.content) {
                Some(Content::Directory { .. }) => self.counts.directories -= 1,
                Some(Content::File { .. }) => self.counts.files -= 1,
                _ => {}
            }
        }
        if !self.links.is_empty() {
            self.keep_linked(id);
        }
        Ok(())
    }

    /// Gives an entry another path; what is below it goes with it. It becomes the last entry of its new directory.
    ///
    /// # Errors
    /// See [`EditError`]. What has the new path already is not replaced.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<(), EditError> {
        let id = self.found(from)?;
        let below = super::components(to).collect::<Vec<_>>();
        let own = super::components(from).collect::<Vec<_>>();
        if below == own {
            return Ok(());
        }
        if below.starts_with(&own) {
            return Err(EditError::IntoItself { from: from.to_string(), to: to.to_string() });
        }
        let (parent, name) = self.batch(|tree| tree.place(to))?;
        let full = || super::AddError::Full { path: to.to_string() };
        let text = self.store(name).ok_or_else(full)?;
        self.detach(id);
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            let old = core::mem::replace(&mut node.name, text);
            self.record(Undo::Attached { id, name: old });
        }
        self.link_last(parent, id);
        self.index.insert(index::hash(parent, name), id);
        Ok(())
    }

    fn found(&self, path: &str) -> Result<NodeId, EditError> {
        match self.find(path) {
            Some(NodeId::ROOT) => Err(EditError::Root),
            Some(id) => Ok(id),
            None => Err(EditError::NotFound { path: path.to_string() }),
        }
    }

    /// Takes a node out of its directory, with all below it.
    fn detach(&mut self, id: NodeId) {
        let Some(node) = self.node(id) else { return };
        let (parent, previous) = (node.parent, node.previous);
        self.unlink(id);
        self.record(Undo::Detached { id, parent, previous });
    }

    /// Does the same and remembers nothing.
    pub(super) fn unlink(&mut self, id: NodeId) {
        let Some(node) = self.nodes.get(id.0 as usize) else { return };
        let (parent, previous, next) = (node.parent, node.previous, node.next);
        self.index.remove(super::hash_of(&self.nodes, &self.text, id), id);
        self.last = (String::new(), NodeId::ROOT);
        if let Some(before) = previous.get().and_then(|id| self.nodes.get_mut(id.0 as usize)) {
            before.next = next;
        }
        if let Some(after) = next.get().and_then(|id| self.nodes.get_mut(id.0 as usize)) {
            after.previous = previous;
        }
        if let Some(parent) = self.nodes.get_mut(parent.0 as usize)
            && let Content::Directory { first, last, children } = &mut parent.content
        {
            *children -= 1;
            if previous == Link::NONE {
                *first = next;
            }
            if next == Link::NONE {
                *last = previous;
            }
        }
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            (node.parent, node.previous, node.next) = (NodeId::NOWHERE, Link::NONE, Link::NONE);
        }
    }

    /// Hands what was removed but has other names on to the first of these.
    fn keep_linked(&mut self, removed: NodeId) {
        let mut gone = Vec::from([removed]);
        while let Some(id) = gone.pop() {
            gone.extend(self.children(id));
            let Some(names) = self.links.get(&id) else { continue };
            let mut left = names.iter().copied().filter(|name| self.is_in_tree(*name));
            let Some(heir) = left.next() else { continue };
            let others: Vec<_> = left.collect();
            self.inherit(id, heir);
            for name in &others {
                self.set_content(*name, Content::HardLink { target: heir });
            }
            self.set_links(id, None);
            self.set_links(heir, (!others.is_empty()).then_some(others));
        }
    }

    /// Makes a hard link the file it names.
    fn inherit(&mut self, from: NodeId, heir: NodeId) {
        let Some(node) = self.node(from) else { return };
        let (content, attributes) = (node.content, node.attributes);
        self.set_content(heir, content);
        self.set_attributes(heir, attributes);
        self.counts.files += u32::from(matches!(content, Content::File { .. }));
        let own = self.details(heir);
        let (hidden_in, hidden) = (own.hidden_in, own.hidden);
        let details = Details { hidden_in, hidden, ..self.details(from).clone() };
        self.set_details(heir, details);
    }

    /// Makes a hard link a file of its own, equal to the one that it names.
    pub(crate) fn part(&mut self, link: NodeId) {
        let file = self.link_of(link);
        let Some(names) = self.links.get(&file).filter(|_| file != link) else { return };
        let others: Vec<_> = names.iter().copied().filter(|name| *name != link).collect();
        self.inherit(file, link);
        self.set_links(file, (!others.is_empty()).then_some(others));
    }

    fn set_content(&mut self, id: NodeId, content: Content) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            let old = core::mem::replace(&mut node.content, content);
            self.record(Undo::Content { id, content: old });
        }
    }

    /// Whether a node is reached from the root: what was removed is not.
    pub(super) fn is_in_tree(&self, id: NodeId) -> bool {
        let parent = |id: &NodeId| self.node(*id).map(|node| node.parent);
        let mut way = core::iter::successors(Some(id), parent);
        way.any(|id| id == NodeId::ROOT)
    }

    /// The node whose content and attributes a hard link shares; any other node itself.
    #[must_use]
    pub fn link_of(&self, id: NodeId) -> NodeId {
        match self.node(id).map(|node| node.content) {
            Some(Content::HardLink { target }) => target,
            _ => id,
        }
    }

    /// Whether a node is a hard link.
    #[must_use]
    pub fn is_hard_link(&self, id: NodeId) -> bool {
        self.link_of(id) != id
    }
}
