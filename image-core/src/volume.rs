//! The texts of the volume descriptors: what fits, and the files of the root that some of them name.

use alloc::string::String;

use crate::layout::{Content, System, View};
use crate::names::iso9660::d_character;
use crate::names::{MappedName, NameReport, Reason, joliet};
use crate::options::{IsoLevel, IsoNameRules, Options};
use crate::plan::{Plan, PlanError};
use crate::tree::{Kind, NodeId};
use crate::wire::udf::cs0;

/// Longest system identifier. ECMA-119 8.4.5.
const SYSTEM_LEN: usize = 32;
/// Longest name of a volume in ISO 9660, in bytes. ECMA-119 8.4.6.
const NAME_LEN: usize = 32;
/// Longest volume set, publisher and data preparer identifier. ECMA-119 8.4.19 to 8.4.21.
const TEXT_LEN: usize = 128;
/// The texts that take d-characters.
const NAME: &str = "name";
const VOLUME_SET: &str = "volume set identifier";
/// The texts that name a file when they begin with `_`.
const PUBLISHER: &str = "publisher";
const PREPARER: &str = "data preparer";
const APPLICATION: &str = "application";
/// Bytes of the field for the name of a volume in UDF. ECMA-167 3/10.6.4.
const UDF_NAME_LEN: usize = 128;

/// A text that every volume descriptor has a field for.
pub(crate) struct Text<'a> {
    /// What the field is called.
    pub(crate) field: &'static str,
    given: &'a str,
    /// Bytes of the field.
    len: usize,
    clause: &'static str,
}

/// The texts, in the order of their fields.
pub(crate) fn texts(options: &Options) -> [Text<'_>; 5] {
    let identifiers = &options.identifiers;
    [
        ("system identifier", &identifiers.system, SYSTEM_LEN, "ECMA-119 8.4.5"),
        (VOLUME_SET, &identifiers.volume_set, TEXT_LEN, "ECMA-119 8.4.19"),
        (PUBLISHER, &identifiers.publisher, TEXT_LEN, "ECMA-119 8.4.20"),
        (PREPARER, &identifiers.preparer, TEXT_LEN, "ECMA-119 8.4.21"),
        (APPLICATION, &options.application, TEXT_LEN, "ECMA-119 8.4.22"),
    ]
    .map(|(field, given, len, clause)| Text { field, given, len, clause })
}

impl Text<'_> {
    /// What the descriptor of a hierarchy has of it: a-characters (d-characters for the volume set) in the primary one
    /// unless that rule is relaxed, UTF-16 in Joliet's, and what was given in the enhanced one, as far as there is room.
    /// ECMA-119 7.4.1, 8.4; Joliet specification, "Allowed Character Set".
    pub(crate) fn in_view(&self, view: View, rules: IsoNameRules) -> String {
        let character = match self.field {
            _ if rules.volume_texts => printable,
            NAME | VOLUME_SET => d_character,
            _ => a_character,
        };
        match view {
            View::Primary => {
                let text: String = self.given.chars().map(character).take(self.len).collect();
                // One at the start would say that a file has the text. ECMA-119 8.4.20 to 8.4.22.
                match text.strip_prefix('_') {
                    Some(rest) if self.may_be_file() && !self.given.starts_with('_') => {
                        ["?", rest].concat()
                    }
                    _ => text,
                }
            }
            View::Enhanced => cut(self.given, self.len, char::len_utf8).into(),
            View::Joliet => cut(&joliet::allowed(self.given), self.len / 2, char::len_utf16).into(),
        }
    }

    fn may_be_file(&self) -> bool {
        matches!(self.field, PUBLISHER | PREPARER | APPLICATION)
    }

    /// Whether this says the same, capital letters or not.
    pub(crate) fn is_kept_by(&self, recorded: &str) -> bool {
        self.given.eq_ignore_ascii_case(recorded)
    }
}

/// The a-character that stands for this one: upper case, and `_` for what is not allowed. ECMA-119 7.4.1.
fn a_character(c: char) -> char {
    let upper = c.to_ascii_uppercase();
    if is_a_character(upper) { upper } else { '_' }
}

/// ECMA-119 7.4.1 and annex A.
pub(crate) fn is_a_character(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || " !\"%&'()*+,-./:;<=>?_".contains(c)
}

/// The character of ASCII that stands for this one.
const fn printable(c: char) -> char {
    if matches!(c, ' '..='~') { c } else { '_' }
}

/// Refuses what does not fit its field.
pub(crate) fn check(options: &Options) -> Result<(), PlanError> {
    let too_long = texts(options).into_iter().find(|text| text.given.chars().count() > text.len);
    too_long.map_or(Ok(()), |Text { field, len, clause, .. }| {
        Err(PlanError::IdentifierTooLong { field, clause, limit: len })
    })
}

/// What the volume is called. It has no limit of its own but that of UDF: the descriptors have of it what they have room for.
pub(crate) fn name(options: &Options) -> Text<'_> {
    Text { field: NAME, given: &options.volume_id, len: NAME_LEN, clause: "ECMA-119 8.4.6" }
}

/// As many characters from the start as have so many units at most.
fn cut(text: &str, units: usize, units_of: impl Fn(char) -> usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += units_of(*c);
        used > units
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

impl Plan {
    /// What every file system calls the volume, and why that differs from the name it was given.
    #[must_use]
    pub fn volume_names(&self) -> NameReport {
        let systems = self.options().file_systems;
        let given = self.options().volume_id.as_str();
        let mapped = |name: String| {
            let is_cut = name.chars().count() < given.chars().count();
            let reason = if is_cut { Reason::Length } else { Reason::Characters };
            MappedName { reason: (name != given).then_some(reason), name: Some(name) }
        };
        let rules = self.options().iso9660.names;
        let in_view = |view| mapped(name(self.options()).in_view(view, rules));
        let has_enhanced = systems.iso9660 && self.options().iso9660.level == IsoLevel::Four;
        let in_udf = || cs0::dstring_text(&cs0::dstring::<UDF_NAME_LEN>(given));
        NameReport {
            iso9660: systems.iso9660.then(|| in_view(View::Primary)),
            enhanced: has_enhanced.then(|| in_view(View::Enhanced)),
            joliet: systems.joliet.then(|| in_view(View::Joliet)),
            rock_ridge: None,
            udf: systems.udf.then(|| mapped(in_udf().unwrap_or_default())),
        }
    }
}

/// The files that the descriptors are to name, with what each is called in an error.
pub(crate) fn files(options: &Options) -> [(&'static str, &str); 3] {
    let identifiers = &options.identifiers;
    [
        ("copyright", &identifiers.copyright_file),
        ("abstract", &identifiers.abstract_file),
        ("bibliographic", &identifiers.bibliographic_file),
    ]
}

/// Refuses to name a file that is not there.
pub(crate) fn check_files(content: &Content) -> Result<(), PlanError> {
    let missing = |name: &str| !name.is_empty() && item(content, name).is_none();
    match files(&content.options).into_iter().find(|(_, name)| missing(name)) {
        Some((field, name)) => Err(PlanError::NotInRoot { field, name: name.into() }),
        None => Ok(()),
    }
}

/// The file of the root with this name, if ISO 9660 has it.
fn item(content: &Content, name: &str) -> Option<u32> {
    let node = content.tree.children(NodeId::ROOT).find(|id| content.tree.name(*id) == name)?;
    let is_file = matches!(content.tree.kind(node), Kind::File { .. });
    let item = content.catalog.item_of(node).filter(|_| is_file)?;
    content.is_in(item, System::Iso9660).then_some(item)
}

/// What a hierarchy calls this file of the root, version number included; nothing for no file, and where Joliet hides it.
pub(crate) fn file_identifier(content: &Content, view: View, name: &str) -> String {
    let system = if view == View::Joliet { System::Joliet } else { System::Iso9660 };
    let Some(item) = item(content, name).filter(|item| content.is_in(*item, system)) else {
        return String::new();
    };
    let mut identifier = String::from(content.recorded_name(view, item));
    if content.has_version(view) {
        identifier.push_str(";1");
    }
    identifier
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Iso9660Options;
    use crate::read::{FileSystem, SliceSource, open};
    use crate::tree::Tree;
    use crate::{BLOCK_SIZE, Lba};

    #[test]
    fn every_file_system_calls_the_volume_what_the_report_says() {
        let iso9660 = Iso9660Options { level: IsoLevel::Four, ..Iso9660Options::default() };
        for (name, iso, enhanced, joliet, udf) in [
            ("DISC", None, None, None, None),
            (
                "A: B/C? x of the best of the best of",
                Some(("A__B_C__X_OF_THE_BEST_OF_THE_BES", Reason::Length)),
                Some(("A: B/C? x of the best of the bes", Reason::Length)),
                Some(("A_ B_C_ x of the", Reason::Length)),
                None,
            ),
            ("caf\u{e9} 1", Some(("CAF__1", Reason::Characters)), None, None, None),
        ] {
            let options =
                Options { iso9660: iso9660.clone(), volume_id: name.into(), ..Options::default() };
            let plan = crate::plan(Tree::new(), &options).unwrap();
            let report = plan.volume_names();
            let mut image = alloc::vec![0; plan.size_blocks() as usize * BLOCK_SIZE];
            plan.read_at(Lba(0), &mut image, |_, _, _| Ok::<(), ()>(())).unwrap();
            let read = open(SliceSource::new(&image)).unwrap();
            for (system, mapped, expected) in [
                (FileSystem::Iso9660, report.iso9660, iso),
                (FileSystem::Enhanced, report.enhanced, enhanced),
                (FileSystem::Joliet, report.joliet, joliet),
                (FileSystem::Udf, report.udf, udf),
            ] {
                let mapped = mapped.unwrap();
                let found = mapped.name.unwrap();
                let (text, reason) = expected.map_or((name, None), |(text, why)| (text, Some(why)));
                assert_eq!((found.as_str(), mapped.reason), (text, reason), "{system}");
                let info = read.info(system).unwrap();
                assert_eq!(info.volume_id, found, "{system}");
            }
        }
    }
}
