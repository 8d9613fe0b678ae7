//! UDF: the volume, its files, its directories. ECMA-167 parts 2 to 4; UDF 1.02 to 2.60 on plain partitions.

mod directory;
mod file;
mod volume;

pub(super) use directory::list;
pub(super) use volume::{Volume, detect};
