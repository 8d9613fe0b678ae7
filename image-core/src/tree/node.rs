//! What a node of the arena holds.

use super::{Attributes, NodeId, Special};
use crate::address::SourceId;

/// A neighbour or a child. The root is neither, so that its number stands for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Link(u32);

impl Link {
    pub(super) const NONE: Self = Self(0);

    pub(super) const fn to(id: NodeId) -> Self {
        Self(id.0)
    }

    pub(super) fn get(self) -> Option<NodeId> {
        (self.0 != 0).then_some(NodeId(self.0))
    }
}

/// A range of the text all names and link targets stand in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Text {
    pub(super) start: u32,
    pub(super) len: u32,
}

impl Text {
    pub(super) fn of(self, text: &str) -> &str {
        let start = self.start as usize;
        text.get(start..start + self.len as usize).unwrap_or("")
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Content {
    Directory { first: Link, last: Link, children: u32 },
    File { source: SourceId, len: u64 },
    Symlink { target: Text },
    Special(Special),
    HardLink { target: NodeId },
}

impl Content {
    pub(super) const EMPTY_DIRECTORY: Self =
        Self::Directory { first: Link::NONE, last: Link::NONE, children: 0 };
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) name: Text,
    /// [`NodeId::NOWHERE`] when it was removed.
    pub(super) parent: NodeId,
    pub(super) previous: Link,
    pub(super) next: Link,
    pub(super) content: Content,
    pub(super) attributes: Attributes,
}
const _: () = assert!(size_of::<Node>() <= 80);
