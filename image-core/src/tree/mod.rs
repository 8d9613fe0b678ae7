//! What the user wants on the disc: directories, files, links and special files with their attributes.
//!
//! A tree is an arena. Names stand in one string, children are found by hash, and a node takes some 80 bytes, so that
//! a million files fit in memory with ease. A file holds no content, only the caller's [`SourceId`] and a length; what
//! few nodes have stands aside, in [`Details`].
//!
//! ```
//! use image_core::{Attributes, SourceId, Tree};
//!
//! let mut tree = Tree::new();
//! tree.add_file("photos/2026/beach.jpg", SourceId(0), 1_234_567, Attributes::default())?;
//! tree.add_symlink("latest", "photos/2026", Attributes::default())?;
//! let before = tree.change_point();
//! tree.rename("photos/2026", "photos/last year")?;
//! tree.roll_back(before)?;
//! assert!(tree.find("photos/2026/beach.jpg").is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod add;
mod details;
mod edit;
mod error;
mod index;
mod node;
mod overlay;
mod points;
#[cfg(test)]
mod tests;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

pub use details::{Details, HiddenIn, Stream};
pub use error::{AddError, EditError, PointGone};
pub use points::ChangePoint;

use crate::address::SourceId;
use crate::time::DiscTime;
use index::ChildIndex;
use node::{Content, Link, Node};
use points::Journal;

/// A node of a [`Tree`]. The id of one that was removed is not used again, unless the tree is rolled back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// The root directory of every tree.
    pub const ROOT: Self = Self(0);
    /// Parent of what was removed.
    const NOWHERE: Self = Self(u32::MAX);
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

/// What a node is. A hard link is what it names.
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
    /// A device, FIFO or socket.
    Special(Special),
}

/// A file without content that POSIX systems give a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// A character device.
    CharacterDevice {
        /// Which driver.
        major: u32,
        /// Which of its devices.
        minor: u32,
    },
    /// A block device.
    BlockDevice {
        /// Which driver.
        major: u32,
        /// Which of its devices.
        minor: u32,
    },
    /// A named pipe.
    Fifo,
    /// A socket.
    Socket,
}

/// How many nodes there are of each kind that is counted.
#[derive(Clone, Copy, Debug)]
struct Counts {
    nodes: usize,
    files: u32,
    directories: u32,
}

/// Directories, files and links to be put on a disc.
#[derive(Clone, Debug)]
pub struct Tree {
    /// All nodes ever added; those removed are reached from nowhere.
    nodes: Vec<Node>,
    text: String,
    index: ChildIndex,
    counts: Counts,
    /// The directory the last entry went to, with its path: entries come a directory at a time.
    last: (String, NodeId),
    details: BTreeMap<NodeId, Details>,
    /// The hard links to each node that has any.
    links: BTreeMap<NodeId, Vec<NodeId>>,
    journal: Journal,
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
        Self::with_capacity(0)
    }

    /// The same, with room for so many entries: a large tree that grows as it must takes twice the memory while it does.
    #[must_use]
    pub fn with_capacity(entries: usize) -> Self {
        let root = Node {
            name: node::Text::default(),
            parent: NodeId::ROOT,
            previous: Link::NONE,
            next: Link::NONE,
            content: Content::EMPTY_DIRECTORY,
            attributes: Attributes::default(),
        };
        let mut nodes = Vec::with_capacity(entries.saturating_add(1));
        nodes.push(root);
        Self {
            nodes,
            text: String::new(),
            index: ChildIndex::with_capacity(entries),
            counts: Counts { nodes: 1, files: 0, directories: 1 },
            last: (String::new(), NodeId::ROOT),
            details: BTreeMap::new(),
            links: BTreeMap::new(),
            journal: Journal::default(),
        }
    }

    /// How many files there are; directories, links and special files are not counted.
    #[must_use]
    pub const fn file_count(&self) -> u32 {
        self.counts.files
    }

    /// How many directories there are, the root included.
    #[must_use]
    pub const fn directory_count(&self) -> u32 {
        self.counts.directories
    }

    /// How many nodes there are, the root included.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.counts.nodes
    }

    /// Whether there is nothing but the root.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.counts.nodes == 1
    }

    /// One more than the largest number of a node, removed ones included.
    pub(crate) const fn id_limit(&self) -> usize {
        self.nodes.len()
    }

    /// The name of a node in its directory; empty for the root.
    #[must_use]
    pub fn name(&self, id: NodeId) -> &str {
        self.node(id).map_or("", |node| node.name.of(&self.text))
    }

    /// What a node is.
    #[must_use]
    pub fn kind(&self, id: NodeId) -> Kind<'_> {
        match self.node(id).map(|node| node.content) {
            Some(Content::File { source, len }) => Kind::File { source, len },
            Some(Content::Symlink { target }) => Kind::Symlink { target: target.of(&self.text) },
            Some(Content::Special(special)) => Kind::Special(special),
            Some(Content::HardLink { target }) if target != id => self.kind(target),
            Some(Content::Directory { .. } | Content::HardLink { .. }) | None => Kind::Directory,
        }
    }

    /// The attributes of a node, as they were given; those of a hard link are its file's.
    #[must_use]
    pub fn attributes(&self, id: NodeId) -> Attributes {
        self.node(self.link_of(id)).map(|node| node.attributes).unwrap_or_default()
    }

    /// What else was given for a node.
    #[must_use]
    pub fn details(&self, id: NodeId) -> &Details {
        static NONE: Details = Details::NONE;
        self.details.get(&id).unwrap_or(&NONE)
    }

    /// The nodes that have details, in no meaningful order.
    pub fn detailed(&self) -> impl Iterator<Item = (NodeId, &Details)> + '_ {
        self.details.iter().map(|(id, details)| (*id, details))
    }

    /// The nodes that have other names, and these.
    pub(crate) fn hard_links(&self) -> impl Iterator<Item = (NodeId, &[NodeId])> + '_ {
        self.links.iter().map(|(id, names)| (*id, names.as_slice()))
    }

    /// The path of a node from the root, without a leading `/`.
    #[must_use]
    pub fn path(&self, id: NodeId) -> String {
        let mut names = Vec::new();
        let mut at = id;
        while at != NodeId::ROOT {
            names.push(self.name(at));
            at = self.parent(at);
        }
        names.reverse();
        names.join("/")
    }

    /// The directory that a node is in; the root is its own.
    pub(crate) fn parent(&self, id: NodeId) -> NodeId {
        self.node(id).map_or(NodeId::ROOT, |node| node.parent)
    }

    /// The children of a directory in the order they were added; none of anything else.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let first = match self.node(id).map(|node| node.content) {
            Some(Content::Directory { first, .. }) => first.get(),
            _ => None,
        };
        core::iter::successors(first, |id| self.node(*id).and_then(|node| node.next.get()))
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

    fn child(&self, parent: NodeId, name: &str) -> Option<NodeId> {
        self.index.find(index::hash(parent, name), |id| {
            self.node(id).is_some_and(|node| node.parent == parent) && self.name(id) == name
        })
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }
}

/// Hash under which the index knows a node.
fn hash_of(nodes: &[Node], text: &str, id: NodeId) -> u32 {
    nodes.get(id.0 as usize).map_or(0, |node| index::hash(node.parent, node.name.of(text)))
}

fn components(path: &str) -> impl Iterator<Item = &str> {
    let path = path.trim_start_matches('/');
    path.split('/').filter(move |_| !path.is_empty())
}
