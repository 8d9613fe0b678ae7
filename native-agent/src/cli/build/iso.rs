//! The options of `discwright build` that concern ISO 9660, Joliet and Rock Ridge.

use clap::ValueEnum;
use image_core::{
    DeepDirectories, DiscTime, EnhancedTree, Iso9660Options, IsoLevel, IsoNameLength, IsoNameRules,
    JolietLength, JolietOptions, Options, RockRidgeOptions, RockRidgeVersion, VolumeDates,
    VolumeIdentifiers,
};

#[derive(Debug, PartialEq, clap::Args)]
#[command(next_help_heading = "ISO 9660, Joliet and Rock Ridge")]
pub(crate) struct IsoArgs {
    /// Names in ISO 9660: 1 for 8.3, 2 for up to 31 characters, 3 with files of 4 GiB and more too, 4 with a second
    /// hierarchy of names up to 207 bytes (ISO 9660:1999)
    #[arg(long, value_name = "LEVEL", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=4))]
    iso_level: u8,
    /// Rules for names that are relaxed
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    iso_names: Vec<NameRule>,
    /// What systems that know no level 4 see there
    #[arg(long, value_name = "TREE", default_value = "own")]
    iso_enhanced: Enhanced,
    /// What becomes of folders below the eighth level
    #[arg(long, value_name = "WHAT", default_value = "leave")]
    deep: Deep,
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

/// Texts and dates of the volume descriptors.
#[derive(Debug, PartialEq, clap::Args)]
#[command(next_help_heading = "Texts and dates of the volume")]
struct TextArgs {
    /// System that may use the first blocks
    #[arg(long, value_name = "TEXT", default_value = "")]
    system_id: String,
    /// The set of volumes this one is of
    #[arg(long, value_name = "TEXT", default_value = "")]
    volume_set: String,
    /// Who published it
    #[arg(long, value_name = "TEXT", default_value = "")]
    publisher: String,
    /// Who prepared the data
    #[arg(long, value_name = "TEXT", default_value = "")]
    preparer: String,
    /// What the data are for [default: discwright]
    #[arg(long, value_name = "TEXT")]
    application: Option<String>,
    /// File at the top of the image that holds a copyright statement
    #[arg(long, value_name = "NAME", default_value = "")]
    copyright_file: String,
    /// File at the top of the image that holds an abstract
    #[arg(long, value_name = "NAME", default_value = "")]
    abstract_file: String,
    /// File at the top of the image that holds bibliographic records
    #[arg(long, value_name = "NAME", default_value = "")]
    biblio_file: String,
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

/// The names are those of mkisofs' options.
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
        Ok(Options {
            iso9660: self.iso9660()?,
            joliet: JolietOptions {
                length: if self.joliet_long { JolietLength::Up103 } else { JolietLength::Up64 },
            },
            rock_ridge: RockRidgeOptions {
                version: match self.rock_ridge.as_str() {
                    "1.10" => RockRidgeVersion::V1_10,
                    _ => RockRidgeVersion::V1_12,
                },
                long_times: self.long_times,
            },
            identifiers: VolumeIdentifiers {
                system: texts.system_id.clone(),
                volume_set: texts.volume_set.clone(),
                publisher: texts.publisher.clone(),
                preparer: texts.preparer.clone(),
                copyright_file: texts.copyright_file.clone(),
                abstract_file: texts.abstract_file.clone(),
                bibliographic_file: texts.biblio_file.clone(),
            },
            dates: VolumeDates {
                creation: None,
                modification: texts.modified.map(date),
                expiration: texts.expires.map(date),
                effective: texts.effective.map(date),
            },
            application: texts.application.clone().unwrap_or(options.application),
            strict: self.strict,
            ..options
        })
    }

    fn iso9660(&self) -> Result<Iso9660Options, &'static str> {
        Ok(Iso9660Options {
            level: IsoLevel::try_from(self.iso_level)?,
            names: self.names(),
            enhanced: match self.iso_enhanced {
                Enhanced::Own => EnhancedTree::Own,
                Enhanced::Shared => EnhancedTree::Shared,
            },
            deep_directories: match self.deep {
                Deep::Leave => DeepDirectories::Leave,
                Deep::Relocate => DeepDirectories::Relocate,
            },
            xa: self.xa,
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
        }
    }
}
