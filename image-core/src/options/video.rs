//! Discs that players play.

/// What a player expects of the order of files on the disc.
///
/// The files that it looks for are recorded by themselves, though the tree has them as hard links, and are not to be hidden, nor in
/// an earlier session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum VideoProfile {
    /// DVD-Video: the files of `VIDEO_TS` come first, each title set in one piece: its information (IFO), its video (VOB)
    /// and its backup (BUP), which is never in the ECC block of the original. Needs ISO 9660 and UDF 1.02. Where the tree
    /// has the bytes of an IFO, what it tells of stands where it says: the files of its title set and, by the titles in
    /// `VIDEO_TS.IFO`, the title sets. What cannot is refused, and so are links and a further session.
    Dvd,
    /// BD-Video: the streams of `BDMV/STREAM` each begin with a cluster and are in one piece, and the backups come last.
    /// Needs UDF 2.50 with a metadata partition.
    Bd,
}
