//! Options that speak of what an image has not: they would do nothing, and nobody would know.

use image_core::{FileSystems, IsoLevel, Options, UdfPartition};

use super::{CliError, given::Given};

/// What an option needs.
#[derive(Clone, Copy, Debug)]
enum Need {
    Iso9660,
    Joliet,
    RockRidge,
    Udf,
    /// What records more than names, lengths and one time.
    Attributes,
    UdfAlone,
    LevelFour,
    Sparable,
    FullAttributes,
    Append,
}

const NEEDS: [(&str, Need); 32] = [
    ("--iso-level", Need::Iso9660),
    ("--iso-names", Need::Iso9660),
    ("--iso-enhanced", Need::LevelFour),
    ("--deep", Need::Iso9660),
    ("--xa", Need::Iso9660),
    ("--hide-iso", Need::Iso9660),
    ("--system-id", Need::Iso9660),
    ("--volume-set", Need::Iso9660),
    ("--publisher", Need::Iso9660),
    ("--preparer", Need::Iso9660),
    ("--copyright-file", Need::Iso9660),
    ("--abstract-file", Need::Iso9660),
    ("--biblio-file", Need::Iso9660),
    ("--modified", Need::Iso9660),
    ("--expires", Need::Iso9660),
    ("--effective", Need::Iso9660),
    ("--joliet-long", Need::Joliet),
    ("--hide-joliet", Need::Joliet),
    ("--rock-ridge", Need::RockRidge),
    ("--long-times", Need::RockRidge),
    ("--udf", Need::Udf),
    ("--udf-partition", Need::Udf),
    ("--udf-packet", Need::Sparable),
    ("--udf-metadata", Need::Udf),
    ("--udf-embed", Need::UdfAlone),
    ("--hide-udf", Need::Udf),
    ("--video", Need::Udf),
    ("--times", Need::Attributes),
    ("--times", Need::FullAttributes),
    ("--xattr", Need::Attributes),
    ("--xattr", Need::FullAttributes),
    ("--update", Need::Append),
];

/// Options that say how UDF is made: whoever gives one wants UDF.
const OF_UDF: [&str; 4] = ["--udf", "--udf-partition", "--udf-packet", "--udf-metadata"];

/// What is known of an image beside its options.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Whether `--fs` says which file systems there are.
    pub(super) chosen: bool,
    /// Whether it goes on with the file systems of something.
    pub(super) continued: bool,
    /// Whether it may be added to something.
    pub(super) appended: bool,
    /// Whether attributes are those that a browser sees.
    pub(super) portable: bool,
}

/// All options that are looked for.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NEEDS.iter().map(|(option, _)| *option).chain(OF_UDF)
}

/// Whether one of the options says how UDF is made.
pub(super) fn wants_udf(given: &Given) -> bool {
    OF_UDF.iter().any(|option| given.has(option))
}

/// Refuses options that would do nothing. What a medium has no file system for may be wanted on others.
pub(super) fn check(given: &Given, options: &Options, known: Known) -> Result<(), CliError> {
    let lacking = NEEDS.iter().find(|(option, need)| {
        given.has(option) && need.is_checked(known) && !need.is_met(options, known)
    });
    let Some((option, need)) = lacking else { return Ok(()) };
    let (needed, remedy) = need.words();
    let of_fs = need.is_of_file_systems();
    let (why, add) = match (of_fs, known.chosen) {
        (true, true) => (", which --fs leaves out", format!("add {remedy} to --fs, or ")),
        (true, false) => (", which is not in what is added to", String::new()),
        _ => ("", format!("add {remedy}, or ")),
    };
    Err(CliError::usage(format!("{option} needs {needed}{why}"))
        .hint(format!("{add}leave {option} out")))
}

impl Need {
    const fn is_of_file_systems(self) -> bool {
        matches!(
            self,
            Self::Iso9660 | Self::Joliet | Self::RockRidge | Self::Udf | Self::Attributes
        )
    }

    const fn is_checked(self, known: Known) -> bool {
        !self.is_of_file_systems() || known.chosen || known.continued
    }

    fn is_met(self, options: &Options, known: Known) -> bool {
        let FileSystems { iso9660, joliet, rock_ridge, udf } = options.file_systems;
        match self {
            Self::Iso9660 => iso9660,
            Self::Joliet => joliet,
            Self::RockRidge => rock_ridge,
            Self::Udf => udf,
            Self::Attributes => rock_ridge || udf,
            Self::UdfAlone => udf && !iso9660,
            Self::LevelFour => options.iso9660.level == IsoLevel::Four,
            Self::Sparable => matches!(options.udf.partition, UdfPartition::Sparable { .. }),
            Self::FullAttributes => !known.portable,
            Self::Append => known.appended,
        }
    }

    /// What is needed, and what to write for it.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Iso9660 => ("ISO 9660", "iso"),
            Self::Joliet => ("Joliet", "joliet"),
            Self::RockRidge => ("Rock Ridge", "rockridge"),
            Self::Udf => ("UDF", "udf"),
            Self::Attributes => ("Rock Ridge or UDF", "rockridge or udf"),
            Self::UdfAlone => ("UDF alone", "--fs udf"),
            Self::LevelFour => ("level 4 of ISO 9660", "--iso-level 4"),
            Self::Sparable => ("a sparable partition", "--udf-partition sparable"),
            Self::FullAttributes => ("all attributes", "--attributes full"),
            Self::Append => ("something to be added to", "--append"),
        }
    }
}
