//! System use entries of SUSP 1.12 and of the Rock Ridge Interchange Protocol (RRIP) 1.12.
//!
//! Every entry begins with a two-letter signature, its length and its version; that head is [`EntryHead`].

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::both::Both32;

/// Head of every system use entry. SUSP 4.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub struct EntryHead {
    /// Two letters that say what the entry is.
    pub signature: [u8; 2],
    /// Length of the entry, head included, in bytes.
    pub length: u8,
    /// Version, 1.
    pub version: u8,
}

/// Continuation area: where further entries of this record are. SUSP 5.1.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Continuation {
    /// `CE`, 28, 1.
    pub head: EntryHead,
    /// Logical block of the continuation area.
    pub block: Both32,
    /// Offset of its first byte in that block.
    pub offset: Both32,
    /// Its length in bytes.
    pub length: Both32,
}
const _: () = assert!(size_of::<Continuation>() == 28);

/// SUSP indicator, first in the `.` record of the root. SUSP 5.3.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Indicator {
    /// `SP`, 7, 1.
    pub head: EntryHead,
    /// BEh, EFh.
    pub check: [u8; 2],
    /// Bytes to skip at the start of every system use area.
    pub skip: u8,
}
const _: () = assert!(size_of::<Indicator>() == 7);

/// Fixed part of an extensions reference; identifier, descriptor and source follow. SUSP 5.5.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ExtensionReference {
    /// `ER`, its length, 1.
    pub head: EntryHead,
    /// Length of the extension identifier, in bytes.
    pub identifier_length: u8,
    /// Length of the descriptive text, in bytes.
    pub descriptor_length: u8,
    /// Length of the source text, in bytes.
    pub source_length: u8,
    /// Version of the extension, 1.
    pub extension_version: u8,
}
const _: () = assert!(size_of::<ExtensionReference>() == 8);

/// POSIX file attributes. RRIP 1.12 4.1.1; RRIP 1.10 lacks the serial number and is 36 bytes long.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PosixAttributes {
    /// `PX`, 44, 1.
    pub head: EntryHead,
    /// File mode: type and permission bits as in `st_mode`.
    pub mode: Both32,
    /// Number of links.
    pub links: Both32,
    /// User.
    pub uid: Both32,
    /// Group.
    pub gid: Both32,
    /// File serial number: equal for hard links of one file.
    pub serial: Both32,
}
const _: () = assert!(size_of::<PosixAttributes>() == 44);

/// Device numbers. RRIP 4.1.2.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct DeviceNumber {
    /// `PN`, 20, 1.
    pub head: EntryHead,
    /// High 32 bits, or the major number.
    pub high: Both32,
    /// Low 32 bits, or the minor number.
    pub low: Both32,
}
const _: () = assert!(size_of::<DeviceNumber>() == 20);

impl DeviceNumber {
    /// The halves that stand for a device. RRIP leaves them to the system; readers agree on major and minor in one
    /// half where both are small, and Linux takes them from the two halves otherwise. A device of no driver (0) with a number
    /// above 255 has no form that is not another's.
    #[must_use]
    pub const fn halves(major: u32, minor: u32) -> (u32, u32) {
        if major < 1 << 12 && minor < 1 << 8 { (0, major << 8 | minor) } else { (major, minor) }
    }

    /// Major and minor of the halves, as Linux reads them.
    #[must_use]
    pub const fn parts(high: u32, low: u32) -> (u32, u32) {
        if high == 0 { (low >> 8, low & 0xFF) } else { (high, low) }
    }
}

/// Head of a symbolic link entry; component records follow. RRIP 4.1.3.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SymbolicLink {
    /// `SL`, its length, 1.
    pub head: EntryHead,
    /// Bit 0: the link continues in the next SL entry.
    pub flags: u8,
}
const _: () = assert!(size_of::<SymbolicLink>() == 5);

/// Head of an attribute list entry; component records follow, built as those of a symbolic link. AAIP 2.0.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct AttributeList {
    /// `AL`, its length, 1.
    pub head: EntryHead,
    /// Bit 0: the list continues in the next AL entry.
    pub flags: u8,
}
const _: () = assert!(size_of::<AttributeList>() == 5);

/// How names of attributes begin that are recorded shorter than they are: with a byte for the namespace. AAIP 2.0.
pub mod namespace {
    /// What comes is the name as it is, though it begins with a byte below 0x20.
    const ESCAPE: u8 = 0x01;
    /// The others, from 0x02 on.
    const NAMESPACES: [&str; 5] = ["system.", "user.", "isofs.", "trusted.", "security."];

    /// The byte in front of a name, and what then is recorded of the name itself.
    #[must_use]
    pub fn shortened(name: &str) -> Option<(u8, &str)> {
        if name.starts_with(|first: char| ('\u{1}'..' ').contains(&first)) {
            return Some((ESCAPE, name));
        }
        let known = (0x02..).zip(NAMESPACES);
        known.into_iter().find_map(|(byte, namespace)| Some((byte, name.strip_prefix(namespace)?)))
    }

    /// The whole name of what is recorded: what stands for its beginning, and the rest.
    #[must_use]
    pub fn whole(recorded: &[u8]) -> (&'static str, &[u8]) {
        match recorded {
            [ESCAPE, name @ ..] => ("", name),
            [byte @ 0x02..0x20, rest @ ..] => {
                let namespace = NAMESPACES.get(usize::from(*byte) - 0x02);
                namespace.map_or(("", recorded), |namespace| (*namespace, rest))
            }
            _ => ("", recorded),
        }
    }

    #[cfg(test)]
    #[test]
    fn names_are_whole_again() {
        use alloc::format;
        let names = ["user.a", "security.b.c", "com.apple.metadata:kMD", "", "\u{3}abc", "user."];
        for (name, byte) in names.into_iter().zip([3, 6, 0, 0, 1, 3]) {
            let (byte_there, rest) = shortened(name).unwrap_or((0, name));
            assert_eq!(byte_there, byte, "{name:?}");
            let recorded = [&[byte][usize::from(byte == 0)..], rest.as_bytes()].concat();
            let (namespace, rest) = whole(&recorded);
            assert_eq!(format!("{namespace}{}", core::str::from_utf8(rest).unwrap()), name);
        }
        assert_eq!(whole(b"\x07odd"), ("", &b"\x07odd"[..]));
    }
}

/// Flags of a component record of a symbolic link. RRIP 4.1.3.1.
pub mod component_flags {
    /// The component continues in the next record.
    pub const CONTINUE: u8 = 0x01;
    /// The component is `.`.
    pub const CURRENT: u8 = 0x02;
    /// The component is `..`.
    pub const PARENT: u8 = 0x04;
    /// The component is the root.
    pub const ROOT: u8 = 0x08;
}

/// Head of an alternate name entry; name bytes follow. RRIP 4.1.4.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct AlternateName {
    /// `NM`, its length, 1.
    pub head: EntryHead,
    /// Bit 0: the name continues in the next NM entry; bits 1 and 2: `.` and `..`.
    pub flags: u8,
}
const _: () = assert!(size_of::<AlternateName>() == 5);

/// Bit 0 of NM and SL flags: continues in the next entry.
pub const CONTINUE: u8 = 0x01;

/// Child link, parent link: the block of a relocated directory or of its true parent. RRIP 4.1.5.1, 4.1.5.2.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct DirectoryLink {
    /// `CL` or `PL`, 12, 1.
    pub head: EntryHead,
    /// Logical block of the directory meant.
    pub block: Both32,
}
const _: () = assert!(size_of::<DirectoryLink>() == 12);

/// Head of a time stamps entry; the stamps follow, each 7 bytes or each 17. RRIP 4.1.6.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct TimeStamps {
    /// `TF`, its length, 1.
    pub head: EntryHead,
    /// Which stamps follow: see [`time_flags`].
    pub flags: u8,
}
const _: () = assert!(size_of::<TimeStamps>() == 5);

/// Which stamps a TF entry holds, in this order. RRIP 4.1.6.
pub mod time_flags {
    /// Creation.
    pub const CREATION: u8 = 0x01;
    /// Modification.
    pub const MODIFY: u8 = 0x02;
    /// Last access.
    pub const ACCESS: u8 = 0x04;
    /// Attribute change.
    pub const ATTRIBUTES: u8 = 0x08;
    /// Last backup.
    pub const BACKUP: u8 = 0x10;
    /// Expiration.
    pub const EXPIRATION: u8 = 0x20;
    /// Effective.
    pub const EFFECTIVE: u8 = 0x40;
    /// The stamps are in the 17-byte form.
    pub const LONG_FORM: u8 = 0x80;
}

/// File mode bits of POSIX that Rock Ridge records.
pub mod mode {
    /// Mask of the file type.
    pub const TYPE: u32 = 0o170_000;
    /// Directory.
    pub const DIRECTORY: u32 = 0o040_000;
    /// Regular file.
    pub const REGULAR: u32 = 0o100_000;
    /// Symbolic link.
    pub const SYMLINK: u32 = 0o120_000;
    /// FIFO.
    pub const FIFO: u32 = 0o010_000;
    /// Character device.
    pub const CHARACTER_DEVICE: u32 = 0o020_000;
    /// Block device.
    pub const BLOCK_DEVICE: u32 = 0o060_000;
    /// Socket.
    pub const SOCKET: u32 = 0o140_000;
    /// Permission bits, set-id and sticky bits.
    pub const PERMISSIONS: u32 = 0o7777;

    /// The type bits of a special file.
    #[must_use]
    pub const fn of_special(special: crate::tree::Special) -> u32 {
        use crate::tree::Special;
        match special {
            Special::CharacterDevice { .. } => CHARACTER_DEVICE,
            Special::BlockDevice { .. } => BLOCK_DEVICE,
            Special::Fifo => FIFO,
            Special::Socket => SOCKET,
        }
    }
}

/// Length of a PX entry in RRIP 1.10, which has no serial number. RRIP 1.10 4.1.1.
pub const PX_LEN_1_10: usize = size_of::<PosixAttributes>() - size_of::<Both32>();

/// Identifier, descriptive text and source text of RRIP 1.10 in the extensions reference. RRIP 1.10 4.3.
pub const EXTENSION_1_10: [&[u8]; 3] = [
    b"RRIP_1991A",
    b"THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS",
    b"PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.  SEE PUBLISHER IDENTIFIER IN PRIMARY VOLUME DESCRIPTOR FOR CONTACT INFORMATION.",
];

/// Identifier, descriptive text and source text of RRIP 1.12 in the extensions reference. RRIP 4.3.
pub const EXTENSION_1_12: [&[u8]; 3] = [
    b"IEEE_P1282",
    b"THE IEEE P1282 PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS",
    b"PLEASE CONTACT THE IEEE STANDARDS DEPARTMENT, PISCATAWAY, NJ, USA FOR THE P1282 SPECIFICATION",
];
