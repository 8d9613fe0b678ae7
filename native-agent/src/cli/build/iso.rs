//! The options of `discwright build` that concern ISO 9660, Joliet and Rock Ridge.

use clap::ValueEnum;
use image_core::{
    DeepDirectories, DiscTime, EnhancedTree, Iso9660Options, IsoLevel, IsoNameLength, IsoNameRules,
    JolietLength, JolietOptions, Options, RockRidgeOptions, RockRidgeVersion, VolumeDates,
    VolumeIdentifiers,
};

#[derive(Debug, PartialEq, clap::Args)]
#[command(
    next_help_heading = "ISO 9660, Joliet and Rock Ridge (with --append by default as in what is added to)"
)]
pub(crate) struct IsoArgs {
    /// Names in ISO 9660: 1 for 8.3, 2 for up to 31 characters, 3 with files of 4 GiB and more too, 4 with a second
    /// hierarchy of names up to 207 bytes (ISO 9660:1999) [default: 3]
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(1..=4))]
    iso_level: Option<u8>,
    /// Rules for names that are relaxed
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    iso_names: Vec<NameRule>,
    /// What systems that know no level 4 see there [default: own]
    #[arg(long, value_name = "TREE")]
    iso_enhanced: Option<Enhanced>,
    /// What becomes of folders below the eighth level [default: leave]
    #[arg(long, value_name = "WHAT")]
    deep: Option<Deep>,
    /// Record the attributes of CD-ROM XA
    #[arg(long)]
    xa: bool,
    /// Names of up to 103 characters in Joliet instead of 64
    #[arg(long)]
    joliet_long: bool,
    /// Version of Rock Ridge
    #[arg(long, value_name = "VERSION", value_parser = ["1.10", "1.12"], default_value = "1.12")]
    rock_ridge: String,
    /// Times of Rock Ridge to the hundredth of a second, for any year
    #[arg(long)]
    long_times: bool,
    /// Refuse what a standard forbids, and name the clause
    #[arg(long)]
    strict: bool,
    /// Tell what a standard forbids and what some systems do not read; with --json in the answer too
    #[arg(long)]
    pub(super) warnings: bool,
    #[command(flatten)]
    texts: TextArgs,
}

/// Texts and dates of the volume descriptors. What is not given is as in what --append adds to.
#[derive(Debug, PartialEq, clap::Args)]
#[command(
    next_help_heading = "Texts and dates of the volume (with --append by default those of what is added to)"
)]
struct TextArgs {
    /// System that may use the first blocks
    #[arg(long, value_name = "TEXT")]
    system_id: Option<String>,
    /// The set of volumes this one is of
    #[arg(long, value_name = "TEXT")]
    volume_set: Option<String>,
    /// Who published it
    #[arg(long, value_name = "TEXT")]
    publisher: Option<String>,
    /// Who prepared the data
    #[arg(long, value_name = "TEXT")]
    preparer: Option<String>,
    /// What the data are for [default: discwright]
    #[arg(long, value_name = "TEXT")]
    application: Option<String>,
    /// File at the top of the image that holds a copyright statement
    #[arg(long, value_name = "NAME")]
    copyright_file: Option<String>,
    /// File at the top of the image that holds an abstract
    #[arg(long, value_name = "NAME")]
    abstract_file: Option<String>,
    /// File at the top of the image that holds bibliographic records
    #[arg(long, value_name = "NAME")]
    biblio_file: Option<String>,
    /// When the volume was last modified, in seconds since 1970 [default: as --epoch]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    modified: Option<i64>,
    /// When it may be regarded as obsolete, in seconds since 1970
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    expires: Option<i64>,
    /// When it may be used, in seconds since 1970
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    effective: Option<i64>,
}

/// Called as the options of mkisofs are, where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum NameRule {
    /// Keep lower case letters
    AllowLowercase,
    /// Keep several full stops
    AllowMultidot,
    /// Keep a full stop at the start
    AllowLeadingDots,
    /// Keep all characters of ASCII
    RelaxedFilenames,
    /// Keep # and ~
    NoIsoTranslate,
    /// 31 characters at level 1 too
    FullIso9660Filenames,
    /// 37 characters, without a version number
    MaxIso9660Filenames,
    /// No ;1 at the end
    OmitVersionNumber,
    /// No full stop at the end
    OmitPeriod,
    /// Keep all characters of ASCII in the volume's name and texts, as mkisofs always does
    VolumeTexts,
    /// All of it but the length
    UntranslatedFilenames,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Enhanced {
    /// A hierarchy by the rules of level 3
    Own,
    /// The long names, as mkisofs has it
    Shared,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Deep {
    /// They stay where they are
    Leave,
    /// They move to RR_MOVED; Rock Ridge shows them in their place
    Relocate,
}

impl IsoArgs {
    /// The options as given, with these as what is left.
    pub(super) fn apply(&self, options: Options) -> Result<Options, &'static str> {
        let texts = &self.texts;
        let date = |seconds: i64| DiscTime::from_unix(seconds, 0, 0);
        let (known, dates) = (options.identifiers, options.dates);
        let or = |given: &Option<String>, known: String| given.clone().unwrap_or(known);
        Ok(Options {
            iso9660: self.iso9660(&options.iso9660)?,
            joliet: if self.joliet_long {
                JolietOptions { length: JolietLength::Up103 }
            } else {
                options.joliet
            },
            rock_ridge: RockRidgeOptions {
                version: match self.rock_ridge.as_str() {
                    "1.10" => RockRidgeVersion::V1_10,
                    _ => RockRidgeVersion::V1_12,
                },
                long_times: self.long_times,
            },
            identifiers: VolumeIdentifiers {
                system: or(&texts.system_id, known.system),
                volume_set: or(&texts.volume_set, known.volume_set),
                publisher: or(&texts.publisher, known.publisher),
                preparer: or(&texts.preparer, known.preparer),
                copyright_file: or(&texts.copyright_file, known.copyright_file),
                abstract_file: or(&texts.abstract_file, known.abstract_file),
                bibliographic_file: or(&texts.biblio_file, known.bibliographic_file),
            },
            dates: VolumeDates {
                creation: None,
                modification: texts.modified.map(date),
                expiration: texts.expires.map(date).or(dates.expiration),
                effective: texts.effective.map(date).or(dates.effective),
            },
            application: texts.application.clone().unwrap_or(options.application),
            strict: self.strict,
            ..options
        })
    }

    fn iso9660(&self, known: &Iso9660Options) -> Result<Iso9660Options, &'static str> {
        Ok(Iso9660Options {
            level: self.iso_level.map_or(Ok(known.level), IsoLevel::try_from)?,
            names: if self.iso_names.is_empty() { known.names } else { self.names() },
            enhanced: self.iso_enhanced.map_or(known.enhanced, |tree| match tree {
                Enhanced::Own => EnhancedTree::Own,
                Enhanced::Shared => EnhancedTree::Shared,
            }),
            deep_directories: self.deep.map_or(known.deep_directories, |deep| match deep {
                Deep::Leave => DeepDirectories::Leave,
                Deep::Relocate => DeepDirectories::Relocate,
            }),
            xa: self.xa || known.xa,
        })
    }

    fn names(&self) -> IsoNameRules {
        let has = |rule| self.iso_names.contains(&rule);
        if has(NameRule::UntranslatedFilenames) {
            return IsoNameRules::UNTRANSLATED;
        }
        IsoNameRules {
            lower_case: has(NameRule::AllowLowercase),
            several_dots: has(NameRule::AllowMultidot),
            leading_dot: has(NameRule::AllowLeadingDots),
            all_ascii: has(NameRule::RelaxedFilenames),
            untranslated: has(NameRule::NoIsoTranslate),
            length: if has(NameRule::MaxIso9660Filenames) {
                IsoNameLength::Up37
            } else if has(NameRule::FullIso9660Filenames) {
                IsoNameLength::Up31
            } else {
                IsoNameLength::OfLevel
            },
            omit_version: has(NameRule::OmitVersionNumber),
            omit_period: has(NameRule::OmitPeriod),
            volume_texts: has(NameRule::VolumeTexts),
        }
    }
}
