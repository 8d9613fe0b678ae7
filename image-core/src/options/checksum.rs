//! Sums of the data, recorded on the disc and beside it.

/// Which sums are made while an image is written. What is on the disc takes room, so that the plan has to know.
///
/// Tags and implanted sum exclude each other: each would cover the other. Where both [`Self::md5`] and [`Self::isomd5`] are
/// wanted, the array with the sums of the files is recorded and the tags are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChecksumOptions {
    /// The MD5 of every file in an array behind the data, and of the blocks before it in three tags, as libisofs records
    /// them: `xorriso -md5 on -indev IMAGE -check_md5_r sorry / --` verifies them. Needs Rock Ridge.
    pub md5: bool,
    /// The MD5 that `implantisomd5` writes into the primary volume descriptor, for `checkisomd5`. It is known last and
    /// stands first: see [`crate::checksum::Sums::implant`]. Needs ISO 9660.
    pub isomd5: bool,
    /// SHA-256 of the image, for the caller to record elsewhere.
    pub sha256: bool,
    /// SHA-256 of every file, likewise; in a further session, of those that it records.
    pub sha256_files: bool,
}

impl ChecksumOptions {
    /// Whether any sum is wanted.
    #[must_use]
    pub const fn any(self) -> bool {
        self.md5 || self.isomd5 || self.sha256 || self.sha256_files
    }
}
