//! How Joliet is written.

/// How long names of Joliet may be, in UTF-16 units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JolietLength {
    /// 64, as its specification has it.
    #[default]
    Up64,
    /// 103, the most that a directory record holds with a version number. Windows and Linux read it: `-joliet-long`.
    Up103,
}

/// How Joliet is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JolietOptions {
    /// How long names may be.
    pub length: JolietLength,
}
