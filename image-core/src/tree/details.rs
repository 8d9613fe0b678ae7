//! What few nodes have: kept aside, so that a plain file costs nothing for it.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::address::{Lba, SourceId};
use crate::time::DiscTime;

bitflags::bitflags! {
    /// File systems that an entry, with all below it, is left out of.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct HiddenIn: u8 {
        /// The primary hierarchy of ISO 9660, and the enhanced one of level 4.
        const ISO9660 = 0x01;
        /// Rock Ridge, which is recorded in the hierarchy of ISO 9660 and hides with it.
        const ROCK_RIDGE = 0x01;
        /// Joliet.
        const JOLIET = 0x02;
        /// UDF.
        const UDF = 0x04;
    }
}

/// A named stream of a file or directory: UDF 2.00 and later record it. ECMA-167 4/9.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Its name among the streams of its file.
    pub name: String,
    /// Where its bytes come from.
    pub source: SourceId,
    /// Its length in bytes.
    pub len: u64,
    /// Its bytes, where nobody else has them.
    pub content: Option<Arc<[u8]>>,
    /// Where the bytes are on the disc already: see [`Details::recorded`].
    pub recorded: Option<Lba>,
}

impl Stream {
    /// One with its bytes in a source.
    #[must_use]
    pub fn new(name: impl Into<String>, source: SourceId, len: u64) -> Self {
        Self { name: name.into(), source, len, content: None, recorded: None }
    }
}

/// What is recorded of a node beyond [`super::Attributes`]. Most nodes have none of it.
///
/// Where it is on the disc, and in which file systems, goes by name: `hidden_in` and `hidden` of a hard link are its own.
/// All else is the file's, and is taken from [`super::Tree::link_of`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// When the content was last read.
    pub accessed: Option<DiscTime>,
    /// When the entry was made.
    pub created: Option<DiscTime>,
    /// When its attributes last changed.
    pub changed: Option<DiscTime>,
    /// File systems that it and all below it are left out of.
    pub hidden_in: HiddenIn,
    /// Recorded as hidden: readers that know the bit do not show it. ECMA-119 9.1.6 bit 0, ECMA-167 4/14.4.3 bit 0.
    pub hidden: bool,
    /// Files of more weight come earlier on the disc.
    pub weight: i32,
    /// Recorded as a real-time file. UDF 2.01 2.3.5.2.1.
    pub real_time: bool,
    /// Named streams.
    pub streams: Vec<Stream>,
    /// Extended attributes by name.
    pub extended_attributes: Vec<(String, Vec<u8>)>,
    /// The bytes of the file, where the image must know them: to patch, to embed.
    pub content: Option<Arc<[u8]>>,
    /// Where the bytes are on the disc already, one behind the other: for an image that is a further session of it.
    pub recorded: Option<Lba>,
    /// SHA-256 of the bytes: equal files are recorded once where that is asked for.
    pub digest: Option<[u8; 32]>,
}

impl Details {
    /// Nothing.
    pub(super) const NONE: Self = Self {
        accessed: None,
        created: None,
        changed: None,
        hidden_in: HiddenIn::empty(),
        hidden: false,
        weight: 0,
        real_time: false,
        streams: Vec::new(),
        extended_attributes: Vec::new(),
        content: None,
        recorded: None,
        digest: None,
    };

    /// These of a directory that is laid over another with those `below`.
    pub(super) fn over(&self, below: &Self) -> Self {
        let mut both = self.clone();
        both.accessed = self.accessed.or(below.accessed);
        both.created = self.created.or(below.created);
        both.changed = self.changed.or(below.changed);
        both.hidden_in |= below.hidden_in;
        both.hidden |= below.hidden;
        let is_new = |known: &&Stream| self.streams.iter().all(|stream| stream.name != known.name);
        both.streams.extend(below.streams.iter().filter(is_new).cloned());
        both.extended_attributes.clone_from(&below.extended_attributes);
        both.set_extended_attributes(&self.extended_attributes);
        both
    }

    /// Adds extended attributes, in place of those of the same name.
    pub(crate) fn set_extended_attributes(&mut self, listed: &[(String, Vec<u8>)]) {
        let known = &mut self.extended_attributes;
        known.retain(|(known, _)| listed.iter().all(|(name, _)| name != known));
        known.extend_from_slice(listed);
    }
}

impl Default for Details {
    fn default() -> Self {
        Self::NONE
    }
}
