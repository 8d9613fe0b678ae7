//! What the user wants on the disc: directories, files and symbolic links with their attributes.
//!
//! A tree is an arena. Names stand in one string, children are found by hash, and a node takes some 70 bytes, so that
//! a million files fit in memory with ease. A file holds no content, only the caller's [`SourceId`] and a length.
//!
//! ```
//! use image_core::{Attributes, SourceId, Tree};
//!
//! let mut tree = Tree::new();
//! tree.add_file("photos/2026/beach.jpg", SourceId(0), 1_234_567, Attributes::default())?;
//! tree.add_symlink("latest", "photos/2026", Attributes::default())?;
//! assert_eq!(tree.file_count(), 1);
//! # Ok::<(), image_core::AddError>(())
//! ```

mod index;

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::address::SourceId;
use crate::time::DiscTime;
use index::ChildIndex;

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// The root directory of every tree.
    pub const ROOT: Self = Self(0);
}

/// What is recorded of a node besides its name and content. What is `None` takes the defaults of [`crate::Options`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// When the content was last modified.
    pub modified: Option<DiscTime>,
    /// POSIX permission bits, set-id and sticky bits included (07777).
    pub mode: Option<u32>,
    /// POSIX user.
    pub uid: Option<u32>,
    /// POSIX group.
    pub gid: Option<u32>,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// A directory.
    Directory,
    /// A regular file of `len` bytes.
    File {
        /// Where its bytes come from.
        source: SourceId,
        /// Its length in bytes.
        len: u64,
    },
    /// A symbolic link.
    Symlink {
        /// What it points to, `/`-separated.
        target: &'a str,
    },
}

/// Why an entry was not added. The tree is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddError {
    /// A component of the path is one that no file system can hold: empty, `.`, `..`, or with a NUL or line separator
    /// in it. Rename it.
    #[error("{path:?}: {name:?} is not a name that a file system can hold")]
    InvalidName {
        /// The path given.
        path: String,
        /// The component meant.
        name: String,
    },
    /// Something other than a directory has this path already, or the path is taken by another kind.
    #[error("{path:?} is in the tree already")]
    Exists {
        /// The path given.
        path: String,
    },
    /// A component on the way is a file or a link, not a directory.
    #[error("{path:?}: {parent:?} is not a directory")]
    NotADirectory {
        /// The path given.
        path: String,
        /// The component that is in the way.
        parent: String,
    },
    /// A link's target is empty or has a NUL in it.
    #[error("{path:?}: a link cannot point to {target:?}")]
    InvalidTarget {
        /// The path given.
        path: String,
        /// The target given.
        target: String,
    },
    /// More entries, or longer names together, than 32-bit offsets can reach.
    #[error("{path:?}: the tree is full")]
    Full {
        /// The path given.
        path: String,
    },
}

impl AddError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::InvalidName { .. } => "rename it, or give it another name in the image",
            Self::Exists { .. } => "two sources want the same place: rename one or leave it out",
            Self::NotADirectory { .. } => "rename the file that stands where a directory should be",
            Self::InvalidTarget { .. } => "mend the link or leave it out",
            Self::Full { .. } => "spread the files over several discs",
        }
    }
}

/// A range of the text all names and link targets stand in.
#[derive(Clone, Copy, Debug, Default)]
struct Text {
    start: u32,
    len: u32,
}

#[derive(Clone, Copy, Debug)]
enum Content {
    Directory { first_child: Option<NodeId>, last_child: Option<NodeId>, children: u32 },
    File { source: SourceId, len: u64 },
    Symlink { target: Text },
}

#[derive(Clone, Debug)]
struct Node {
    name: Text,
    parent: NodeId,
    next_sibling: Option<NodeId>,
    content: Content,
    attributes: Attributes,
}

/// Directories, files and links to be put on a disc.
#[derive(Clone, Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    text: String,
    index: ChildIndex,
    files: u32,
    directories: u32,
    /// The directory the last entry went to, with its path: entries come a directory at a time.
    last: (String, NodeId),
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

impl Tree {
    /// A tree with nothing but its root.
    #[must_use]
    pub fn new() -> Self {
        let root = Node {
            name: Text::default(),
            parent: NodeId::ROOT,
            next_sibling: None,
            content: Content::Directory { first_child: None, last_child: None, children: 0 },
            attributes: Attributes::default(),
        };
        Self {
            nodes: alloc::vec![root],
            text: String::new(),
            index: ChildIndex::default(),
            files: 0,
            directories: 1,
            last: (String::new(), NodeId::ROOT),
        }
    }

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
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.attributes = attributes;
        }
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
        self.files += 1;
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

    /// How many files there are, directories and links not counted.
    #[must_use]
    pub const fn file_count(&self) -> u32 {
        self.files
    }

    /// How many directories there are, the root included.
    #[must_use]
    pub const fn directory_count(&self) -> u32 {
        self.directories
    }

    /// How many nodes there are, the root included.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing but the root.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.nodes.len() == 1
    }

    /// The name of a node in its directory; empty for the root.
    #[must_use]
    pub fn name(&self, id: NodeId) -> &str {
        self.node(id).map_or("", |node| self.text_of(node.name))
    }

    /// What a node is.
    #[must_use]
    pub fn kind(&self, id: NodeId) -> Kind<'_> {
        match self.node(id).map(|node| node.content) {
            Some(Content::File { source, len }) => Kind::File { source, len },
            Some(Content::Symlink { target }) => Kind::Symlink { target: self.text_of(target) },
            Some(Content::Directory { .. }) | None => Kind::Directory,
        }
    }

    /// The attributes of a node, as they were given.
    #[must_use]
    pub fn attributes(&self, id: NodeId) -> Attributes {
        self.node(id).map(|node| node.attributes).unwrap_or_default()
    }

    /// The path of a node from the root, without a leading `/`.
    #[must_use]
    pub fn path(&self, id: NodeId) -> String {
        let mut names = Vec::new();
        let mut at = id;
        while at != NodeId::ROOT {
            names.push(self.name(at));
            at = self.node(at).map_or(NodeId::ROOT, |node| node.parent);
        }
        names.reverse();
        names.join("/")
    }

    /// The children of a directory in the order they were added; none of anything else.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let first = match self.node(id).map(|node| node.content) {
            Some(Content::Directory { first_child, .. }) => first_child,
            _ => None,
        };
        core::iter::successors(first, |id| self.node(*id).and_then(|node| node.next_sibling))
    }

    /// How many children a directory has.
    pub(crate) fn child_count(&self, id: NodeId) -> u32 {
        match self.node(id).map(|node| node.content) {
            Some(Content::Directory { children, .. }) => children,
            _ => 0,
        }
    }

    /// The node at this path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<NodeId> {
        components(path).try_fold(NodeId::ROOT, |parent, name| self.child(parent, name))
    }

    fn add(
        &mut self,
        path: &str,
        content: Content,
        attributes: Attributes,
    ) -> Result<NodeId, AddError> {
        let trimmed = path.trim_start_matches('/');
        let (parent, name) = trimmed.rsplit_once('/').unwrap_or(("", trimmed));
        check_name(name, path)?;
        let parent = self.ensure_directory(parent, path)?;
        if self.child(parent, name).is_some() {
            return Err(AddError::Exists { path: path.to_string() });
        }
        self.append(parent, name, content, attributes)
            .ok_or_else(|| AddError::Full { path: path.to_string() })
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
                    let content =
                        Content::Directory { first_child: None, last_child: None, children: 0 };
                    let made = self.append(at, name, content, Attributes::default());
                    self.directories += u32::from(made.is_some());
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
        self.nodes.push(Node { name: name_text, parent, next_sibling: None, content, attributes });
        let previous = self.link_last(parent, id);
        if let Some(node) = previous.and_then(|previous| self.nodes.get_mut(previous.0 as usize)) {
            node.next_sibling = Some(id);
        }
        let (nodes, text) = (&self.nodes, &self.text);
        self.index.insert(index::hash(parent, name), id, |id| {
            nodes
                .get(id.0 as usize)
                .map_or(0, |node| index::hash(node.parent, slice(text, node.name)))
        });
        Some(id)
    }

    /// Makes `id` the last child of `parent` and returns the one that was.
    fn link_last(&mut self, parent: NodeId, id: NodeId) -> Option<NodeId> {
        let node = self.nodes.get_mut(parent.0 as usize)?;
        let Content::Directory { first_child, last_child, children } = &mut node.content else {
            return None;
        };
        first_child.get_or_insert(id);
        *children += 1;
        last_child.replace(id)
    }

    fn child(&self, parent: NodeId, name: &str) -> Option<NodeId> {
        self.index.find(index::hash(parent, name), |id| {
            self.node(id).is_some_and(|node| node.parent == parent) && self.name(id) == name
        })
    }

    fn store(&mut self, text: &str) -> Option<Text> {
        let start = u32::try_from(self.text.len()).ok()?;
        let len = u32::try_from(text.len()).ok()?;
        start.checked_add(len)?;
        self.text.push_str(text);
        Some(Text { start, len })
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    fn text_of(&self, text: Text) -> &str {
        slice(&self.text, text)
    }
}

fn slice(text: &str, range: Text) -> &str {
    let start = range.start as usize;
    text.get(start..start + range.len as usize).unwrap_or("")
}

fn components(path: &str) -> impl Iterator<Item = &str> {
    let path = path.trim_start_matches('/');
    path.split('/').filter(move |_| !path.is_empty())
}

fn check_name(name: &str, path: &str) -> Result<(), AddError> {
    let held = !matches!(name, "" | "." | "..") && !name.contains('\0');
    held.then_some(())
        .ok_or_else(|| AddError::InvalidName { path: path.to_string(), name: name.to_string() })
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;

    #[test]
    fn parents_are_made_and_found() {
        let mut tree = Tree::new();
        let file = tree.add_file("a/b/c.txt", SourceId(7), 3, Attributes::default()).unwrap();
        assert_eq!(tree.path(file), "a/b/c.txt");
        assert_eq!(tree.find("/a/b/c.txt"), Some(file));
        assert_eq!(tree.find(""), Some(NodeId::ROOT));
        assert_eq!(tree.kind(file), Kind::File { source: SourceId(7), len: 3 });
        assert_eq!((tree.len(), tree.file_count(), tree.directory_count()), (4, 1, 3));
    }

    #[test]
    fn directories_take_new_attributes() {
        let mut tree = Tree::new();
        let made = tree.add_directory("a", Attributes::default()).unwrap();
        let mode = Attributes { mode: Some(0o700), ..Attributes::default() };
        assert_eq!(tree.add_directory("a", mode), Ok(made));
        assert_eq!(tree.attributes(made), mode);
    }

    #[test]
    fn refusals_leave_the_tree_alone() {
        let mut tree = Tree::new();
        tree.add_file("a", SourceId(0), 0, Attributes::default()).unwrap();
        for path in ["", "/", "x//y", "x/./y", "x/..", "nul\0"] {
            let refused = tree.add_file(path, SourceId(1), 0, Attributes::default());
            assert!(matches!(refused, Err(AddError::InvalidName { .. })), "{path:?}: {refused:?}");
        }
        let again = tree.add_symlink("a", "b", Attributes::default());
        assert_eq!(again, Err(AddError::Exists { path: "a".into() }));
        let below = tree.add_file("a/b", SourceId(1), 0, Attributes::default());
        assert!(matches!(below, Err(AddError::NotADirectory { .. })));
        let empty = tree.add_symlink("l", "", Attributes::default());
        assert!(matches!(empty, Err(AddError::InvalidTarget { .. })));
        assert_eq!(tree.file_count(), 1);
        assert_eq!(tree.text, "a");
    }

    #[test]
    fn many_children_are_found() {
        let mut tree = Tree::new();
        for i in 0..5000 {
            tree.add_file(&format!("d/f{i}"), SourceId(i), 1, Attributes::default()).unwrap();
        }
        for i in 0..5000 {
            let id = tree.find(&format!("d/f{i}")).unwrap();
            assert_eq!(tree.name(id), format!("f{i}"));
        }
        assert_eq!(tree.find("d/f5000"), None);
        assert_eq!(tree.children(tree.find("d").unwrap()).count(), 5000);
    }
}
