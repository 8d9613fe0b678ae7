//! Rules for names of ISO 9660 that are relaxed. What stands behind a rule is the option of mkisofs for it.

/// How long names of the primary hierarchy may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IsoNameLength {
    /// As the interchange level has it. ECMA-119 clause 10.
    #[default]
    OfLevel,
    /// 31 characters, at level 1 too: `-l`.
    Up31,
    /// 37 characters, which takes the place of the version number: `-max-iso9660-filenames`.
    Up37,
}

/// Rules for names of ISO 9660 that are relaxed; by default none is. ECMA-119 7.5 and 7.6 forbid all of it, and most
/// systems in use read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IsoNameRules {
    /// Lower case letters stay: `-allow-lowercase`.
    pub lower_case: bool,
    /// Files may have more than one full stop, directories some: `-allow-multidot`.
    pub several_dots: bool,
    /// A full stop may come first: `-allow-leading-dots`.
    pub leading_dot: bool,
    /// All characters of ASCII stay, lower case letters, `/` and `;` aside: `-relaxed-filenames`.
    pub all_ascii: bool,
    /// `#` and `~` stay: `-no-iso-translate`.
    pub untranslated: bool,
    /// How long they may be.
    pub length: IsoNameLength,
    /// Files have no version number: `-omit-version-number`.
    pub omit_version: bool,
    /// Files without an extension have no full stop at the end: `-omit-period`.
    pub omit_period: bool,
    /// The name of the volume and its other texts keep all characters of ASCII, for what looks for a volume by its name.
    /// mkisofs always has them so. ECMA-119 8.4.5, 8.4.6 and 8.4.19 to 8.4.22 forbid it.
    pub volume_texts: bool,
}

impl IsoNameRules {
    /// Everything is relaxed but the length: `-untranslated-filenames`.
    pub const UNTRANSLATED: Self = Self {
        lower_case: true,
        several_dots: true,
        leading_dot: true,
        all_ascii: true,
        untranslated: true,
        length: IsoNameLength::Up31,
        omit_version: true,
        omit_period: true,
        volume_texts: true,
    };
}
