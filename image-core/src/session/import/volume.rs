//! How a volume of ISO 9660 was written, as far as it tells: a further session is to be like it.

use alloc::string::String;

use crate::address::Lba;
use crate::names::iso9660::d_character;
use crate::options::{
    DeepDirectories, EnhancedTree, Iso9660Options, IsoLevel, IsoNameLength, IsoNameRules,
    JolietLength, JolietOptions, VolumeDates, VolumeIdentifiers,
};
use crate::read::{BlockSource, DescriptorInfo, Entry, EntryKind, FileSystem, Image, Place};
use crate::tree::{Kind, NodeId, Tree};
use crate::volume::is_a_character;

/// Most characters of a name at level 1, with its full stop. ECMA-119 10.1.
const SHORT: usize = 12;
/// Most characters of a name at levels 2 and 3. ECMA-119 7.5.1.
const LONG: usize = 31;
/// What holds directories from below the eighth level.
const RELOCATED: [&str; 3] = ["RR_MOVED", "_RR_MOVED", ".RR_MOVED"];

/// How a volume of ISO 9660 was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordedVolume {
    /// Texts of its descriptors.
    pub identifiers: VolumeIdentifiers,
    /// How its data are recorded, where it says so.
    pub application: Option<String>,
    /// When it may be used, and until when.
    pub dates: VolumeDates,
    /// Level and rules of its names, and what else it has.
    pub iso9660: Iso9660Options,
    /// How long names of Joliet may be.
    pub joliet: JolietOptions,
}

/// What an image tells of this. What it cannot tell is as it is by default; `tree` is what was taken over.
pub(super) fn recorded<S: BlockSource>(image: &mut Image<S>, tree: &Tree) -> RecordedVolume {
    let of = |system| image.info(system).and_then(|info| info.descriptor);
    let Some(primary) = of(FileSystem::Iso9660) else { return RecordedVolume::default() };
    let joliet = of(FileSystem::Joliet).unwrap_or_default();
    let (texts, wide) = (&primary.identifiers, &joliet.identifiers);
    let identifiers = VolumeIdentifiers {
        system: whole(&texts.system, &wide.system),
        volume_set: whole(&texts.volume_set, &wide.volume_set),
        publisher: whole(&texts.publisher, &wide.publisher),
        preparer: whole(&texts.preparer, &wide.preparer),
        copyright_file: file(image, tree, &texts.copyright_file),
        abstract_file: file(image, tree, &texts.abstract_file),
        bibliographic_file: file(image, tree, &texts.bibliographic_file),
    };
    let application = whole(&primary.application, &joliet.application);
    let VolumeDates { expiration, effective, .. } = primary.dates;
    RecordedVolume {
        identifiers,
        application: Some(application).filter(|text| !text.is_empty()),
        dates: VolumeDates { expiration, effective, ..VolumeDates::default() },
        iso9660: iso9660(image, tree, &primary),
        joliet: JolietOptions { length: joliet_length(image) },
    }
}

/// What a volume is called that has no UDF.
pub(super) fn name<S: BlockSource>(image: &Image<S>) -> String {
    let of = |system| image.info(system).map(|info| info.volume_id).unwrap_or_default();
    let primary = whole(&of(FileSystem::Iso9660), &of(FileSystem::Enhanced));
    whole(&primary, &of(FileSystem::Joliet))
}

/// A text as the other descriptor has it, in characters of its own. Where that is cut (the fields of Joliet have half as many)
/// the primary one has the end.
fn whole(primary: &str, other: &str) -> String {
    let stands_for = |(c, other): (char, char)| c.eq_ignore_ascii_case(&other) || c == '_';
    let is_its_start = !other.is_empty() && primary.chars().zip(other.chars()).all(stands_for);
    let rest: String = primary.chars().skip(other.chars().count()).collect();
    if rest.is_empty() || is_its_start { [other, &rest].concat() } else { primary.into() }
}

/// What the tree calls the file of the root that ISO 9660 calls so.
fn file<S: BlockSource>(image: &mut Image<S>, tree: &Tree, recorded: &str) -> String {
    let bare = recorded.split(';').next().unwrap_or_default().trim_end_matches('.');
    if bare.is_empty() {
        return String::new();
    }
    let entry = image.view(FileSystem::Iso9660).and_then(|mut view| view.find(bare));
    let place = entry.ok().flatten().as_ref().and_then(start);
    let is_there = |id: &NodeId| {
        let recorded = tree.details(tree.link_of(*id)).recorded;
        place.is_some() && recorded == place
    };
    // libisofs has an underscore for the full stop.
    let plain = |name: &str| name.replace('.', "_").to_ascii_uppercase();
    let is_called = |id: &NodeId| plain(tree.name(*id)) == plain(bare);
    let files =
        || tree.children(NodeId::ROOT).filter(|id| matches!(tree.kind(*id), Kind::File { .. }));
    let found = files().find(is_there).or_else(|| files().find(is_called));
    found.map_or_else(String::new, |id| tree.name(id).into())
}

/// Where the bytes of a file begin.
fn start(entry: &Entry) -> Option<Lba> {
    match entry.extents.first()?.place {
        Place::Recorded { lba, skip: 0 } => Some(lba),
        _ => None,
    }
}

fn iso9660<S: BlockSource>(
    image: &mut Image<S>,
    tree: &Tree,
    primary: &DescriptorInfo,
) -> Iso9660Options {
    let root = |image: &mut Image<S>, system| start(&image.view(system).ok()?.root());
    let has_rock_ridge = image.file_systems().any(|system| system == FileSystem::RockRidge);
    let enhanced = root(image, FileSystem::Enhanced);
    let is_shared = enhanced.is_some() && enhanced == root(image, FileSystem::Iso9660);
    let mut options = Iso9660Options { xa: primary.xa, ..Iso9660Options::default() };
    options.names.volume_texts = has_relaxed_texts(image, primary);
    let mut are_short = true;
    let Ok(view) = image.view(FileSystem::Iso9660) else { return options };
    for entry in view.walk().map_while(Result::ok) {
        let is_directory = entry.kind == EntryKind::Directory;
        let name = entry.path.rsplit('/').next().unwrap_or_default();
        let is_home =
            is_directory && RELOCATED.iter().any(|home| entry.path.eq_ignore_ascii_case(home));
        if is_home && has_rock_ridge {
            options.deep_directories = DeepDirectories::Relocate;
        } else if !is_shared {
            are_short &= is_short(name);
            relax(&mut options.names, name, is_directory);
        }
    }
    if enhanced.is_some() {
        options.level = IsoLevel::Four;
        options.enhanced = if is_shared { EnhancedTree::Shared } else { EnhancedTree::Own };
    } else if are_short && has_long_names(tree) {
        options.level = IsoLevel::One;
    }
    options
}

/// Whether the descriptor has texts of other characters than the standard allows.
fn has_relaxed_texts<S: BlockSource>(image: &Image<S>, primary: &DescriptorInfo) -> bool {
    let name = image.info(FileSystem::Iso9660).map(|info| info.volume_id).unwrap_or_default();
    let texts = &primary.identifiers;
    let of_d = [&name, &texts.volume_set];
    let of_a = [&texts.system, &texts.publisher, &texts.preparer, &primary.application];
    of_d.iter().any(|text| text.chars().any(|c| c != d_character(c)))
        || of_a.iter().any(|text| text.chars().any(|c| !is_a_character(c)))
}

/// Whether level 1 has a name. ECMA-119 10.1.
fn is_short(name: &str) -> bool {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    stem.chars().count() <= 8 && extension.chars().count() <= 3
}

/// Whether anything would have a longer name at another level.
fn has_long_names(tree: &Tree) -> bool {
    let mut pending = alloc::vec![NodeId::ROOT];
    while let Some(directory) = pending.pop() {
        for node in tree.children(directory) {
            if tree.name(node).chars().count() > SHORT {
                return true;
            }
            if matches!(tree.kind(node), Kind::Directory) {
                pending.push(node);
            }
        }
    }
    false
}

/// Relaxes the rules so far that they allow a name.
fn relax(rules: &mut IsoNameRules, name: &str, is_directory: bool) {
    let has = |is_one: fn(char) -> bool| name.chars().any(is_one);
    rules.lower_case |= has(|c| c.is_ascii_lowercase());
    rules.several_dots |= name.matches('.').count() > usize::from(!is_directory);
    rules.leading_dot |= name.starts_with('.');
    rules.untranslated |= has(|c| matches!(c, '#' | '~'));
    rules.all_ascii |=
        has(|c| c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | '#' | '~'));
    if name.chars().count() > LONG {
        rules.length = IsoNameLength::Up37;
    }
}

fn joliet_length<S: BlockSource>(image: &mut Image<S>) -> JolietLength {
    let is_long = |entry: Entry| {
        let name = entry.path.rsplit('/').next().unwrap_or_default();
        name.encode_utf16().count() > JolietLength::Up64.units()
    };
    let Ok(view) = image.view(FileSystem::Joliet) else { return JolietLength::default() };
    let has_long = view.walk().map_while(Result::ok).any(is_long);
    if has_long { JolietLength::Up103 } else { JolietLength::Up64 }
}

#[cfg(test)]
mod tests {
    use super::super::{super::tests::render, import};
    use super::*;
    use crate::read::{self, SliceSource};
    use crate::tree::Attributes;
    use crate::{DiscTime, FileSystems, Options, SourceId};

    /// What is told of an image with these options and files.
    fn told(options: &Options, files: &[&str]) -> RecordedVolume {
        let mut tree = Tree::new();
        for path in files {
            tree.add_file(path, SourceId(1), 5, Attributes::default()).unwrap();
        }
        let image = render(&crate::plan(tree, options).unwrap());
        import(&mut read::open(SliceSource::new(&image)).unwrap(), true).unwrap().volume
    }

    #[test]
    fn texts_and_dates_are_told() {
        let time = |seconds| Some(DiscTime::from_unix(seconds, 0, 0));
        let options = Options {
            identifiers: VolumeIdentifiers {
                system: "SYS".into(),
                volume_set: "The Set".into(),
                publisher: "Müller & Söhne".into(),
                preparer: "p".repeat(100),
                copyright_file: "Copyright notice.txt".into(),
                abstract_file: "a".into(),
                bibliographic_file: String::new(),
            },
            dates: VolumeDates {
                expiration: time(9_000),
                effective: time(8_000),
                ..VolumeDates::default()
            },
            application: "Mine".into(),
            ..Options::default()
        };
        let files = ["Copyright notice.txt", "a", "b"];
        let found = told(&options, &files);
        // Joliet has 64 of it, and the others are as ISO 9660 has them.
        let preparer = ["p".repeat(64), "P".repeat(36)].concat();
        assert_eq!(
            found.identifiers,
            VolumeIdentifiers { preparer, ..options.identifiers.clone() }
        );
        assert_eq!((found.application.as_deref(), found.dates), (Some("Mine"), options.dates));
        // Without Joliet they are what ISO 9660 makes of them.
        let rock_ridge = FileSystems { joliet: false, udf: false, ..FileSystems::default() };
        let found = told(&Options { file_systems: rock_ridge, ..options }, &files).identifiers;
        assert_eq!((&*found.publisher, &*found.copyright_file), ("M_LLER & S_HNE", files[0]));
    }

    /// The name of a volume that is added to stays what it is in each of its descriptors.
    #[test]
    fn names_of_volumes_are_told_in_full() {
        let iso = FileSystems { joliet: false, udf: false, ..FileSystems::default() };
        let joliet = FileSystems { joliet: true, ..iso };
        let relaxed = IsoNameRules { volume_texts: true, ..IsoNameRules::default() };
        let long = "Ubuntu 22.04 LTS amd64";
        for (file_systems, level, names, given, expected) in [
            (iso, IsoLevel::Three, IsoNameRules::default(), long, "UBUNTU_22_04_LTS_AMD64"),
            (iso, IsoLevel::Three, relaxed, long, long),
            (iso, IsoLevel::Four, IsoNameRules::default(), long, long),
            (joliet, IsoLevel::Three, IsoNameRules::default(), "Sch\u{f6}n", "Sch\u{f6}n"),
            (joliet, IsoLevel::Three, IsoNameRules::default(), long, "Ubuntu 22.04 LTS_AMD64"),
            (joliet, IsoLevel::Three, relaxed, long, long),
            (FileSystems::default(), IsoLevel::Three, IsoNameRules::default(), long, long),
        ] {
            let iso9660 = Iso9660Options { level, names, ..Iso9660Options::default() };
            let volume_id = given.into();
            let options = Options { file_systems, iso9660, volume_id, ..Options::default() };
            let plan = crate::plan(Tree::new(), &options).unwrap();
            let image = render(&plan);
            let found = import(&mut read::open(SliceSource::new(&image)).unwrap(), true).unwrap();
            assert_eq!(found.volume_id, expected);
            assert_eq!(found.volume.iso9660.names, names, "{given}");
            let volume_id = found.volume_id;
            let again = crate::plan(Tree::new(), &Options { volume_id, ..options }).unwrap();
            let names = |plan: &crate::Plan| {
                let report = plan.volume_names();
                [report.iso9660, report.enhanced, report.joliet, report.udf]
                    .map(|name| name.map(|name| name.name))
            };
            assert_eq!(names(&again), names(&plan));
        }
        assert_eq!(whole("NEW", "Neue Disc"), "Neue Disc");
        assert_eq!(whole("ONE THING", "Another"), "ONE THING");
    }

    #[test]
    fn levels_and_names_are_told_where_they_can_be() {
        let with = |iso9660| Options { iso9660, ..Options::default() };
        let level = |level| Iso9660Options { level, ..Iso9660Options::default() };
        let files = ["a long name of a file.text", "b"];
        for options in [
            level(IsoLevel::One),
            level(IsoLevel::Three),
            level(IsoLevel::Four),
            Iso9660Options { enhanced: EnhancedTree::Shared, ..level(IsoLevel::Four) },
            Iso9660Options { xa: true, ..level(IsoLevel::Three) },
            Iso9660Options {
                names: IsoNameRules {
                    lower_case: true,
                    all_ascii: true,
                    ..IsoNameRules::default()
                },
                ..level(IsoLevel::Three)
            },
        ] {
            assert_eq!(told(&with(options.clone()), &files).iso9660, options);
        }
        let relocate =
            Iso9660Options { deep_directories: DeepDirectories::Relocate, ..Default::default() };
        assert_eq!(told(&with(relocate.clone()), &["1/2/3/4/5/6/7/8/9"]).iso9660, relocate);
    }

    #[test]
    fn long_names_of_joliet_are_told() {
        let long = "n".repeat(89);
        for length in [JolietLength::Up64, JolietLength::Up103] {
            let joliet = JolietOptions { length };
            let found = told(&Options { joliet, ..Options::default() }, &[&long]);
            assert_eq!(found.joliet, joliet);
        }
    }
}
