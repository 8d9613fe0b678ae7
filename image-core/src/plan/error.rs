//! Why a tree cannot become an image.

use alloc::string::String;

use crate::address::bytes_in;
use crate::layout::boot::BootError;
use crate::options::UdfRevision;
use crate::warnings::Warning;

/// Why a tree cannot become an image with these options.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The volume name is empty, has control characters in it, or is longer than 126 characters (or 63 beyond Latin-1).
    #[error("{name:?} cannot be the name of a volume (ECMA-167 1/7.2.12)")]
    InvalidVolumeName {
        /// The name given.
        name: String,
    },
    /// No file system is asked for.
    #[error("an image needs a file system")]
    NoFileSystem,
    /// Joliet, Rock Ridge or El Torito is asked for, or a boot catalog kept, without ISO 9660, which they extend.
    #[error("{extension} needs ISO 9660")]
    NeedsIso9660 {
        /// The extension asked for.
        extension: &'static str,
    },
    /// Sums are to be recorded in a file system that is not asked for.
    #[error("{checksums} need {needs}")]
    ChecksumsNeed {
        /// Which sums.
        checksums: &'static str,
        /// What they need.
        needs: &'static str,
    },
    /// A file is longer than one of the file systems can record.
    #[error("{path:?} has {len} bytes, and {file_system} records at most {limit} ({clause})")]
    FileTooLarge {
        /// The file.
        path: String,
        /// Its length in bytes.
        len: u64,
        /// The most bytes the file system records.
        limit: u64,
        /// Which file system.
        file_system: &'static str,
        /// Where its limit is set.
        clause: &'static str,
    },
    /// A time with a field out of its range, such as a month 13.
    #[error("the time of {path:?} is none that a calendar has ({clause})", clause = TIME_CLAUSES)]
    InvalidTime {
        /// The entry.
        path: String,
    },
    /// A time of the volume with a field out of its range.
    #[error("the {field} time of the volume is none that a calendar has ({clause})", clause = TIME_CLAUSES)]
    InvalidVolumeTime {
        /// Which time.
        field: &'static str,
    },
    /// A part of what a symbolic link points to is longer than 255 bytes. ECMA-167 4/14.16.1.2.
    #[error(
        "a part of what the link {path:?} points to is too long for UDF (ECMA-167 4/14.16.1.2)"
    )]
    LinkTooLong {
        /// The link.
        path: String,
    },
    /// A later revision of UDF is needed.
    #[error("UDF {revision} has no {what}: UDF {since} {clause}", what = what.trim_start_matches("a "))]
    UdfForm {
        /// What was asked for.
        what: &'static str,
        /// The revision that brought it.
        since: UdfRevision,
        /// Where it is defined there.
        clause: &'static str,
        /// The revision asked for.
        revision: UdfRevision,
    },
    /// Named streams came with 2.00.
    #[error("{path:?} has named streams, which UDF {revision} does not have (UDF 2.00 3.3.5)")]
    UdfStreams {
        /// The file.
        path: String,
        /// The revision asked for.
        revision: UdfRevision,
    },
    /// Real-time files came with 2.01.
    #[error(
        "{path:?} is a real-time file, which UDF {revision} does not have (UDF 2.01 2.3.5.2.1)"
    )]
    UdfRealTime {
        /// The file.
        path: String,
        /// The revision asked for.
        revision: UdfRevision,
    },
    /// A name of a stream is none that a file could have, longer than 255 bytes, or there twice.
    #[error("{name:?} cannot be the name of a stream of {path:?} (UDF 2.3.4.6)")]
    UdfStreamName {
        /// The file.
        path: String,
        /// The name.
        name: String,
    },
    /// A named stream has more extents than its file entry has room to describe. ECMA-167 4/14.9, 4/14.14.
    #[error(
        "the stream {name:?} of {path:?} has {len} bytes, and its file entry describes at most {limit} (ECMA-167 4/14.9, \
         4/14.14)"
    )]
    UdfStreamTooLarge {
        /// The file.
        path: String,
        /// The stream.
        name: String,
        /// Its length in bytes.
        len: u64,
        /// The most bytes that are described.
        limit: u64,
    },
    /// The name of an extended attribute is empty, longer than an entity identifier, or has a NUL in it.
    #[error("{name:?} cannot be the name of an extended attribute of {path:?} (ECMA-167 1/7.4)")]
    UdfAttributeName {
        /// The file.
        path: String,
        /// The name.
        name: String,
    },
    /// The extended attributes of a file do not fit into its file entry.
    #[error(
        "the extended attributes of {path:?} take {len} bytes of the {limit} there are (UDF 3.3.4)"
    )]
    UdfAttributes {
        /// The file.
        path: String,
        /// What they take.
        len: usize,
        /// What there is for them.
        limit: usize,
    },
    /// The name of an extended attribute has a NUL in it.
    #[error("{name:?} cannot be the name of an extended attribute of {path:?} (AAIP 2.0)")]
    RockRidgeAttributeName {
        /// The file.
        path: String,
        /// The name.
        name: String,
    },
    /// The extended attributes of a file take more continuation areas than Linux follows.
    #[error(
        "the extended attributes of {path:?} take {entries} entries of Rock Ridge, of {limit} that Linux follows"
    )]
    RockRidgeAttributes {
        /// The file.
        path: String,
        /// AL entries that they take, of up to 255 bytes.
        entries: usize,
        /// The most that are recorded.
        limit: usize,
    },
    /// A file has more names than 16 bits count. ECMA-167 4/14.9.6.
    #[error("{path:?} has more than 65535 names (ECMA-167 4/14.9.6)")]
    UdfLinks {
        /// One of them.
        path: String,
    },
    /// A player would not play it.
    #[error("{path:?}: {rule}")]
    Video {
        /// The file or folder.
        path: String,
        /// What a player expects.
        rule: &'static str,
    },
    /// Packets of a sparable partition have 32 blocks, or 16 on DVD. UDF 2.2.9.
    #[error("packets of {packet_blocks} blocks are not those of a sparable partition (UDF 2.2.9)")]
    UdfPacket {
        /// The length asked for.
        packet_blocks: u16,
    },
    /// A virtual partition cannot be combined with a metadata partition. UDF 2.50 2.2.10.
    #[error("a virtual partition excludes a metadata partition (UDF 2.2.10)")]
    UdfVirtualMetadata,
    /// A pseudo-overwritable partition needs a metadata partition. UDF 2.60 2.2.10.
    #[error("a pseudo-overwritable partition needs a metadata partition (UDF 2.2.10)")]
    UdfPseudoOverwritable,
    /// A path table numbers directories in 16 bits. ECMA-119 9.4.4.
    #[error(
        "{directories} directories are too many for ISO 9660, which numbers 65535 (ECMA-119 9.4.4): {path:?} is the \
         first that has no number"
    )]
    TooManyDirectories {
        /// The first that is not numbered.
        path: String,
        /// How many there are.
        directories: usize,
    },
    /// A directory records its length in 32 bits. ECMA-119 9.1.4.
    #[error("the directory {path:?} has more entries than 4 GiB hold (ECMA-119 9.1.4)")]
    DirectoryTooLarge {
        /// The directory.
        path: String,
    },
    /// What is to start machines cannot be as it is asked for.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// A text of the volume descriptors is longer than its field.
    #[error("the {field} of the volume has more than {limit} characters ({clause})")]
    IdentifierTooLong {
        /// Which text.
        field: &'static str,
        /// Where its length is said.
        clause: &'static str,
        /// The most characters it can have.
        limit: usize,
    },
    /// A file that the volume descriptors are to name is not in the root. ECMA-119 8.4.23 to 8.4.25.
    #[error(
        "the {field} file {name:?} is not in the root of the image (ECMA-119 8.4.23 to 8.4.25)"
    )]
    NotInRoot {
        /// What kind of file.
        field: &'static str,
        /// Its name, as given.
        name: String,
    },
    /// Deep directories are to be moved without Rock Ridge, which alone could tell where they belong.
    #[error("deep directories can be relocated with Rock Ridge only (RRIP 4.1.5)")]
    RelocationNeedsRockRidge,
    /// A standard forbids it, and [`crate::Options::strict`] is asked for.
    #[error("{0}, which {clause} forbids", clause = .0.clause().unwrap_or_default())]
    Forbidden(Warning),
    /// A further session has no such thing yet.
    #[error("a further session cannot have {what}")]
    NotInSession {
        /// What was asked for.
        what: &'static str,
    },
    /// A file is said to be on the disc, but not before the session that refers to it.
    #[error("{path:?} is not on the disc before this session")]
    NotOnDisc {
        /// The file.
        path: String,
    },
    /// Blocks are addressed in 32 bits. ECMA-119 8.4.8, ECMA-167 4/7.1.
    #[error(
        "the image would have {blocks} blocks of 2048 bytes, more than 32 bits can address (ECMA-119 8.4.8, ECMA-167 \
         4/7.1){}",
        largest(path)
    )]
    TooManyBlocks {
        /// How many there would be.
        blocks: u64,
        /// The largest file; empty when there is none.
        path: String,
    },
    /// The image takes more blocks than [`crate::LayoutOptions::max_blocks`] allows.
    #[error(
        "the image takes {} bytes, {} more than the {} allowed",
        bytes_in(*blocks), bytes_in(blocks.saturating_sub(*max_blocks)), bytes_in(*max_blocks)
    )]
    OverBudget {
        /// How many blocks it takes.
        blocks: u32,
        /// How many are allowed.
        max_blocks: u32,
    },
}

impl PlanError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::InvalidVolumeName { .. } => {
                "give it 1 to 126 characters, none of them a control character"
            }
            Self::NoFileSystem => "choose ISO 9660 or UDF, or both",
            Self::NeedsIso9660 { .. } => "add ISO 9660, or leave the extension out",
            Self::ChecksumsNeed { .. } => "add it, or leave these checksums out",
            Self::FileTooLarge { .. } => {
                "use level 3 for files of 4 GiB and more, or split the file"
            }
            Self::InvalidTime { .. } => "give the entry another time, or none",
            Self::InvalidVolumeTime { .. } => "give another time",
            Self::LinkTooLong { .. } => "shorten the link, or leave UDF out",
            Self::UdfForm { .. } => "take that revision, or a read-only partition without metadata",
            Self::UdfStreams { .. } | Self::UdfRealTime { .. } => "take a later revision",
            Self::UdfStreamName { .. } => {
                "give it 1 to 254 characters, 127 beyond Latin-1, none of them `/` or NUL"
            }
            Self::UdfStreamTooLarge { .. } => "shorten the stream, or make it a file",
            Self::UdfAttributeName { .. } => {
                "give it 1 to 23 bytes, none of them NUL, or add Rock Ridge, which has room for it"
            }
            Self::UdfAttributes { .. } => {
                "leave some out, or shorten them, or add Rock Ridge, which has room for them"
            }
            Self::RockRidgeAttributeName { .. } => "give it a name without NUL",
            Self::RockRidgeAttributes { .. } => "leave some out, or shorten them",
            Self::UdfLinks { .. } => "record some of them as files of their own",
            Self::Video { .. } => "mend that, or leave the video profile out",
            Self::UdfPacket { .. } => "take 32 for CD-RW, 16 for DVD-RW",
            Self::UdfVirtualMetadata => "leave one of them out",
            Self::UdfPseudoOverwritable => "add the metadata partition",
            Self::TooManyDirectories { .. } => {
                "use UDF alone, or spread the folders over several discs"
            }
            Self::DirectoryTooLarge { .. } => "spread its entries over several folders",
            Self::Boot(error) => error.hint(),
            Self::IdentifierTooLong { .. } => "shorten it",
            Self::NotInRoot { .. } => "name a file at the top of the image",
            Self::RelocationNeedsRockRidge => {
                "add Rock Ridge, or leave deep directories where they are"
            }
            Self::Forbidden(warning) => warning.hint(),
            Self::NotInSession { .. } => "leave it out, or begin a new disc",
            Self::NotOnDisc { .. } => "give its bytes, or the session it is in",
            Self::TooManyBlocks { .. } => "spread the files over several images",
            Self::OverBudget { .. } => "leave files out, or allow more",
        }
    }

    /// The path that is meant, if one is.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::FileTooLarge { path, .. }
            | Self::LinkTooLong { path }
            | Self::UdfStreams { path, .. }
            | Self::UdfRealTime { path, .. }
            | Self::UdfStreamName { path, .. }
            | Self::UdfStreamTooLarge { path, .. }
            | Self::UdfAttributeName { path, .. }
            | Self::UdfAttributes { path, .. }
            | Self::RockRidgeAttributeName { path, .. }
            | Self::RockRidgeAttributes { path, .. }
            | Self::UdfLinks { path }
            | Self::Video { path, .. }
            | Self::InvalidTime { path }
            | Self::TooManyDirectories { path, .. }
            | Self::NotOnDisc { path }
            | Self::DirectoryTooLarge { path } => Some(path),
            Self::TooManyBlocks { path, .. } => Some(path.as_str()).filter(|path| !path.is_empty()),
            Self::Boot(error) => error.path(),
            Self::Forbidden(warning) => warning.path(),
            _ => None,
        }
    }
}

/// Where timestamps are defined: in directory records, in volume descriptors, and in UDF.
const TIME_CLAUSES: &str = "ECMA-119 8.4.26.1 and 9.1.5, ECMA-167 1/7.3";

fn largest(path: &str) -> String {
    if path.is_empty() { String::new() } else { alloc::format!("; the largest file is {path:?}") }
}
