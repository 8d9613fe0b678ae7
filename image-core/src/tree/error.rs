//! Why the tree refuses a change. It is then as it was before.

use alloc::string::String;

/// Why an entry was not added. The tree is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddError {
    /// A component of the path is one that no file system can hold: empty, `.`, `..`, or with a NUL in it. POSIX.1-2017
    /// 3.170.
    #[error("{path:?}: {name:?} is not a name that a file system can hold (POSIX.1-2017 3.170)")]
    InvalidName {
        /// The path given.
        path: String,
        /// The component meant.
        name: String,
    },
    /// Something other than a directory has this path already, or the path is taken by another kind.
    #[error(
        "{path:?} is in the tree already, and a directory has every name once (ECMA-167 4/8.6)"
    )]
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
    #[error("{path:?}: a link cannot point to {target:?} (POSIX.1-2017 3.271)")]
    InvalidTarget {
        /// The path given.
        path: String,
        /// The target given.
        target: String,
    },
    /// A hard link names a directory, which has one name only, or a node that is not in the tree.
    #[error(
        "{path:?}: {target:?} cannot have a second name, which is for files alone (RRIP 4.1.1)"
    )]
    NotLinkable {
        /// The path given.
        path: String,
        /// What was to have this name too.
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
            Self::NotLinkable { .. } => "use a symbolic link, or add the file first",
            Self::Full { .. } => "spread the files over several discs",
        }
    }
}

/// Why an entry was not removed or renamed. The tree is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// Nothing has this path.
    #[error("{path:?} is not in the tree")]
    NotFound {
        /// The path given.
        path: String,
    },
    /// The root can neither be removed nor renamed.
    #[error("the root stays where it is")]
    Root,
    /// A directory cannot go into itself.
    #[error("{from:?} cannot be moved into itself, to {to:?}")]
    IntoItself {
        /// The directory.
        from: String,
        /// Where it was to go.
        to: String,
    },
    /// The new place cannot be taken.
    #[error(transparent)]
    Place(#[from] AddError),
}

impl EditError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "check the path: names in the tree are case-sensitive",
            Self::Root => "name an entry below it",
            Self::IntoItself { .. } => "choose a place outside the directory",
            Self::Place(error) => error.hint(),
        }
    }
}

/// A change point that was rolled back over or locked in. Those of another tree are not told apart from a tree's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the change point is gone")]
pub struct PointGone;

impl PointGone {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        "roll back to an earlier point: this one was rolled back over or locked in"
    }
}
