//! Adding entries by path.

use alloc::string::ToString as _;
use alloc::vec::Vec;

use super::node::{Content, Link, Node, Text};
use super::points::Undo;
use super::{AddError, Attributes, Kind, NodeId, Special, Tree, components, index};
use crate::address::SourceId;

impl Tree {
    /// Adds a directory and those on the way to it; one that is there already takes these attributes.
    ///
    /// Paths are `/`-separated and relative to the root, which is the empty path; a leading `/` is allowed.
    ///
    /// # Errors
    /// See [`AddError`].
    pub fn add_directory(
        &mut self,
        path: &str,
        attributes: Attributes,
    ) -> Result<NodeId, AddError> {
        let id = self.ensure_directory(path, path)?;
        self.set_attributes(id, attributes);
        Ok(id)
    }

    /// Adds a file of `len` bytes, and the directories on the way to it.
    ///
    /// # Errors
    /// See [`AddError`].
    pub fn add_file(
        &mut self,
        path: &str,
        source: SourceId,
        len: u64,
        attributes: Attributes,
    ) -> Result<NodeId, AddError> {
        let id = self.add(path, Content::File { source, len }, attributes)?;
        self.counts.files += 1;
        Ok(id)
    }

    /// Adds a symbolic link, and the directories on the way to it.
    ///
    /// # Errors
    /// See [`AddError`].
    pub fn add_symlink(
        &mut self,
        path: &str,
        target: &str,
        attributes: Attributes,
    ) -> Result<NodeId, AddError> {
        if target.is_empty() || target.contains('\0') {
            return Err(AddError::InvalidTarget {
                path: path.to_string(),
                target: target.to_string(),
            });
        }
        let text_len = self.text.len();
        let target = self.store(target).ok_or_else(|| AddError::Full { path: path.to_string() })?;
        let added = self.add(path, Content::Symlink { target }, attributes);
        if added.is_err() {
            self.text.truncate(text_len);
        }
        added
    }

    /// Adds a device, FIFO or socket, and the directories on the way to it. Rock Ridge and UDF record it.
    ///
    /// # Errors
    /// See [`AddError`].
    pub fn add_special(
        &mut self,
        path: &str,
        special: Special,
        attributes: Attributes,
    ) -> Result<NodeId, AddError> {
        self.add(path, Content::Special(special), attributes)
    }

    /// Adds another name of a file, symbolic link or special file, and the directories on the way to it.
    ///
    /// The names share one content, recorded once; Rock Ridge and UDF tell readers that they are one file.
    ///
    /// # Errors
    /// See [`AddError`].
    pub fn add_hard_link(&mut self, path: &str, target: NodeId) -> Result<NodeId, AddError> {
        let target = self.link_of(target);
        if matches!(self.kind(target), Kind::Directory) || !self.is_in_tree(target) {
            let target = self.path(target);
            return Err(AddError::NotLinkable { path: path.to_string(), target });
        }
        let id = self.add(path, Content::HardLink { target }, Attributes::default())?;
        let mut names = self.links.get(&target).cloned().unwrap_or_default();
        names.push(id);
        self.set_links(target, Some(names));
        Ok(id)
    }

    /// Replaces the list of hard links to a node.
    pub(super) fn set_links(&mut self, target: NodeId, names: Option<Vec<NodeId>>) {
        let old = match names {
            Some(names) => self.links.insert(target, names),
            None => self.links.remove(&target),
        };
        self.record(Undo::Links { target, names: old });
    }

    fn add(
        &mut self,
        path: &str,
        content: Content,
        attributes: Attributes,
    ) -> Result<NodeId, AddError> {
        let (parent, name) = self.place(path)?;
        self.append(parent, name, content, attributes)
            .ok_or_else(|| AddError::Full { path: path.to_string() })
    }

    /// The directory that an entry of this path goes into, made where it is missing, and the entry's name, which is free.
    pub(super) fn place<'p>(&mut self, path: &'p str) -> Result<(NodeId, &'p str), AddError> {
        let trimmed = path.trim_start_matches('/');
        let (parent, name) = trimmed.rsplit_once('/').unwrap_or(("", trimmed));
        check_name(name, path)?;
        let parent = self.ensure_directory(parent, path)?;
        if self.child(parent, name).is_some() {
            return Err(AddError::Exists { path: path.to_string() });
        }
        Ok((parent, name))
    }

    /// The directory at `directory`, made where it is missing; `path` is what the caller asked for.
    fn ensure_directory(&mut self, directory: &str, path: &str) -> Result<NodeId, AddError> {
        if self.last.0 == directory {
            return Ok(self.last.1);
        }
        for name in components(directory) {
            check_name(name, path)?;
        }
        let mut at = NodeId::ROOT;
        for name in components(directory) {
            at = match self.child(at, name) {
                Some(child) if matches!(self.kind(child), Kind::Directory) => child,
                Some(child) => {
                    let parent = self.path(child);
                    return Err(AddError::NotADirectory { path: path.to_string(), parent });
                }
                None => {
                    let made =
                        self.append(at, name, Content::EMPTY_DIRECTORY, Attributes::default());
                    self.counts.directories += u32::from(made.is_some());
                    made.ok_or_else(|| AddError::Full { path: path.to_string() })?
                }
            };
        }
        self.last = (directory.to_string(), at);
        Ok(at)
    }

    fn append(
        &mut self,
        parent: NodeId,
        name: &str,
        content: Content,
        attributes: Attributes,
    ) -> Option<NodeId> {
        let id = NodeId(u32::try_from(self.nodes.len()).ok().filter(|id| *id < u32::MAX)?);
        let name_text = self.store(name)?;
        self.nodes.push(Node {
            name: name_text,
            parent,
            previous: Link::NONE,
            next: Link::NONE,
            content,
            attributes,
        });
        self.link_last(parent, id);
        self.index.insert(index::hash(parent, name), id);
        self.counts.nodes += 1;
        self.record(Undo::Appended { count: 1 });
        Some(id)
    }

    /// Makes a node without neighbours the last child of `parent`.
    pub(super) fn link_last(&mut self, parent: NodeId, id: NodeId) {
        let Some(Content::Directory { last, .. }) = self.node(parent).map(|node| node.content)
        else {
            return;
        };
        self.link_after(parent, last, id);
    }

    /// Puts a node without neighbours behind this child of `parent`; behind none, it becomes the first.
    pub(super) fn link_after(&mut self, parent: NodeId, before: Link, id: NodeId) {
        let Some(Content::Directory { mut first, mut last, children }) =
            self.node(parent).map(|node| node.content)
        else {
            return;
        };
        let behind = before.get().and_then(|before| self.nodes.get_mut(before.0 as usize));
        let slot = behind.map_or(&mut first, |before| &mut before.next);
        let next = core::mem::replace(slot, Link::to(id));
        let ahead = next.get().and_then(|next| self.nodes.get_mut(next.0 as usize));
        *ahead.map_or(&mut last, |next| &mut next.previous) = Link::to(id);
        if let Some(node) = self.nodes.get_mut(parent.0 as usize) {
            node.content = Content::Directory { first, last, children: children + 1 };
        }
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            (node.parent, node.previous, node.next) = (parent, before, next);
        }
    }

    pub(super) fn store(&mut self, text: &str) -> Option<Text> {
        let start = u32::try_from(self.text.len()).ok()?;
        let len = u32::try_from(text.len()).ok()?;
        start.checked_add(len)?;
        self.text.push_str(text);
        Some(Text { start, len })
    }
}

fn check_name(name: &str, path: &str) -> Result<(), AddError> {
    let held = !matches!(name, "" | "." | "..") && !name.contains('\0');
    held.then_some(())
        .ok_or_else(|| AddError::InvalidName { path: path.to_string(), name: name.to_string() })
}
