//! A further session of a disc.

use crate::address::Lba;

/// Where a further session begins, and what of the disc it keeps.
///
/// The image has the blocks from [`Self::start`] on, and its addresses are those of the disc. Files that say where they are
/// [recorded](crate::Details::recorded) are referred to and not recorded again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionOptions {
    /// The first block of the session: where the drive says that writing continues, or, where blocks can be overwritten,
    /// [`crate::session::next_start`].
    pub start: Lba,
    /// The boot catalog of the disc, which goes on starting machines. It is found by a volume descriptor beside that of ISO
    /// 9660, which the session then needs too. El Torito 1.0, 2.0.
    pub boot_catalog: Option<Lba>,
    /// The UDF volume of the session before, if there is one.
    pub udf: Option<EarlierVolume>,
}

/// What a UDF volume has in common with that of the session before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarlierVolume {
    /// The first block of the partition: that of the new volume begins there too, or before it.
    pub partition: Lba,
    /// The block that the file entry of the virtual allocation table is in, which the new one tells of. UDF 2.2.11.
    pub virtual_table: Option<Lba>,
}
