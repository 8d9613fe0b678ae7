//! What is written although a standard forbids it, or although some system is known not to read it.
//!
//! A new kind is a variant of [`Warning`] and a function that finds it, called by [`Plan::warnings`]. One with a
//! [`Warning::clause`] is refused by [`crate::Options::strict`]; the others are only told.

mod dates;
mod paths;
mod warning;
mod windows;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

pub use warning::Warning;

use crate::layout::udf::{Form, leaves_out};
use crate::layout::{Content, MAX_EXTENT, System, View};
use crate::names::Reason;
use crate::names::iso9660::Rules;
use crate::options::{IsoLevel, JolietLength, UdfPartition, UdfRevision};
use crate::plan::Plan;
use crate::tree::Kind;
use crate::volume;

/// Most bytes that a link leads to in an image that libisofs reads.
const MAX_LINK: usize = 1023;

impl Plan {
    /// What is written although a standard forbids it, or although some system does not read it.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let mut found = Vec::new();
        let content = &self.content;
        if let Some(primary) = &self.layout.primary {
            relaxed_names(content, &mut found);
            volume_files(content, &mut found);
            volume_texts(content, &mut found);
            paths::of_primary(content, primary, &mut found);
            dates::iso9660(content, &mut found);
            extents(content, &mut found);
            if content.options.iso9660.xa && content.options.file_systems.rock_ridge {
                found.push(Warning::RockRidgeBehindXa);
            }
        }
        if self.layout.joliet.is_some() {
            joliet_names(content, &mut found);
            paths::joliet(content, &mut found);
        }
        if let Some(udf) = &self.layout.udf {
            udf_revision(content, &mut found);
            metadata(udf.form, &mut found);
            attributes(udf.form, content, &mut found);
            paths::udf(content, &mut found);
            dates::udf(content, &mut found);
        }
        dates::volume(content, &mut found);
        case(content, &mut found);
        paths::unopened(content, &mut found);
        windows::names(content, &mut found);
        links(content, &mut found);
        not_recorded(content, &mut found);
        no_place(content, &mut found);
        found
    }
}

/// The first of some entries, and how many follow it.
#[derive(Default)]
struct First {
    item: Option<u32>,
    more: usize,
}

impl First {
    fn add(&mut self, item: u32) {
        if self.item.is_some() {
            self.more += 1;
        }
        self.item.get_or_insert(item);
    }

    fn report(
        self,
        content: &Content,
        warning: impl Fn(String, usize) -> Warning,
    ) -> Option<Warning> {
        self.item.map(|item| warning(path(content, item), self.more))
    }
}

/// The path of an item; that of the root is seen.
fn path(content: &Content, item: u32) -> String {
    if item == 0 { String::from("/") } else { content.path(item) }
}

fn relaxed_names(content: &Content, found: &mut Vec<Warning>) {
    use crate::options::IsoNameLength::{OfLevel, Up37};
    let options = &content.options.iso9660;
    let names = options.names;
    let longer = names.length == Up37 || names.length != OfLevel && options.level == IsoLevel::One;
    let rules = [
        (options.is_shared(), "are those of the enhanced volume descriptor"),
        (names.lower_case, "keep lower case letters"),
        (names.several_dots, "keep several full stops"),
        (names.leading_dot, "keep a full stop at the start"),
        (names.all_ascii, "keep all characters of ASCII"),
        (names.untranslated, "keep # and ~"),
        (longer, "are longer than the level allows"),
        (options.omits_version(), "have no version number"),
        (names.omit_period, "have no full stop without an extension"),
    ];
    let relaxed = rules.into_iter().filter(|(relaxed, _)| *relaxed);
    found.extend(relaxed.map(|(_, rule)| Warning::RelaxedNames { rule }));
}

fn volume_files(content: &Content, found: &mut Vec<Warning>) {
    for (field, name) in volume::files(&content.options) {
        let name = volume::file_identifier(content, View::Primary, name);
        let bare = name.split(';').next().unwrap_or_default();
        let (base, extension) = bare.split_once('.').unwrap_or((bare, ""));
        if base.len() > 8 || extension.len() > 3 {
            found.push(Warning::LongVolumeFile { field, name });
        }
    }
}

/// Texts of the volume of which a descriptor has not all.
fn volume_texts(content: &Content, found: &mut Vec<Warning>) {
    let options = &content.options;
    let (systems, rules) = (options.file_systems, options.iso9660.names);
    let descriptors = [
        (View::Primary, true, "ISO 9660"),
        (View::Enhanced, options.iso9660.level == IsoLevel::Four, "the enhanced descriptor"),
        (View::Joliet, systems.joliet, "Joliet"),
    ];
    // In each of the descriptors either what it has less of, or nothing.
    let changed = |text: &volume::Text<'_>| {
        let there = descriptors.into_iter().filter(|(_, is_there, _)| *is_there);
        let changes = there.map(|(view, _, descriptor)| {
            let recorded = text.in_view(view, rules);
            let is_kept = text.is_kept_by(&recorded);
            (!is_kept).then_some(Warning::TextChanged { field: text.field, descriptor, recorded })
        });
        changes.collect::<Vec<_>>()
    };
    for text in volume::texts(options) {
        found.extend(changed(&text).into_iter().flatten().next());
    }
    // Of a volume with several names systems show one that has it whole.
    let names = changed(&volume::name(options));
    if !systems.udf && names.iter().all(Option::is_some) {
        found.extend(names.into_iter().flatten().next());
    }
    if rules.volume_texts {
        found.push(Warning::RelaxedTexts);
    }
}

fn extents(content: &Content, found: &mut Vec<Warning>) {
    let has_joliet = content.options.file_systems.joliet;
    let is_concerned = |item| {
        content.is_in(item, System::Iso9660) || has_joliet && content.is_in(item, System::Joliet)
    };
    let mut first = First::default();
    for item in content.files.iter().copied() {
        let len = content.file(item).map_or(0, |(_, len)| len);
        if len > MAX_EXTENT && is_concerned(item) {
            first.add(item);
        }
    }
    found.extend(first.report(content, |path, more| Warning::SeveralExtents { path, more }));
}

fn joliet_names(content: &Content, found: &mut Vec<Warning>) {
    let mut first = First::default();
    for item in 1..content.catalog.len() {
        let name = content.recorded_name(View::Joliet, item);
        let is_long = name.len() > JolietLength::Up64.units()
            && name.encode_utf16().count() > JolietLength::Up64.units();
        if is_long && content.is_in(item, System::Joliet) {
            first.add(item);
        }
    }
    found.extend(first.report(content, |path, more| Warning::LongJolietName { path, more }));
}

fn udf_revision(content: &Content, found: &mut Vec<Warning>) {
    if content.options.video.is_some() {
        // The player that it is for asks for it.
        return;
    }
    let revision = content.options.udf.revision;
    let known =
        [(UdfRevision::V1_02, "set-top players"), (UdfRevision::V2_01, "Windows XP and earlier")];
    let lost = known.into_iter().filter(|(last, _)| revision > *last);
    found.extend(lost.map(|(_, readers)| Warning::NewUdf { revision, readers }));
}

/// What has a single partition that is read alone, or written in place, has a metadata partition too.
fn metadata(form: Form, found: &mut Vec<Warning>) {
    let is_asked_for = form.revision >= UdfRevision::V2_50
        && matches!(form.partition, UdfPartition::ReadOnly | UdfPartition::Overwritable);
    if is_asked_for && !form.has_metadata() {
        found.push(Warning::NoMetadataPartition { revision: form.revision });
    }
}

fn attributes(form: Form, content: &Content, found: &mut Vec<Warning>) {
    let mut first = First::default();
    for item in 0..content.catalog.len() {
        if leaves_out(form, content, item) && content.is_in(item, System::Udf) {
            first.add(item);
        }
    }
    found.extend(first.report(content, |path, more| Warning::AttributesNotInUdf { path, more }));
}

/// Names that Windows takes for one, in the file systems that keep case.
fn case(content: &Content, found: &mut Vec<Warning>) {
    let systems = content.options.file_systems;
    let original = |item| content.original_name(item);
    let joliet = |item| content.recorded_name(View::Joliet, item);
    let udf = |item| content.names.udf.name(item, original(item));
    let primary = |item| content.recorded_name(View::Primary, item);
    let keeps_case = content.options.iso9660.is_shared()
        || !Rules::new(&content.options.iso9660).is_upper_case();
    if systems.iso9660 && keeps_case {
        found.extend(case_in(content, System::Iso9660, "ISO 9660", primary));
    }
    if systems.joliet {
        found.extend(case_in(content, System::Joliet, "Joliet", joliet));
    }
    if systems.udf {
        found.extend(case_in(content, System::Udf, "UDF", udf));
    }
}

fn case_in<'c>(
    content: &'c Content,
    system: System,
    file_system: &'static str,
    name: impl Fn(u32) -> &'c str,
) -> Option<Warning> {
    let mut pair = None;
    let mut more = 0;
    for directory in content.catalog.directories() {
        let mut seen = BTreeMap::new();
        for item in directory.children.clone().filter(|item| content.is_in(*item, system)) {
            let folded: String = name(item).chars().map(upper).collect();
            if let Some(other) = seen.insert(folded, item) {
                more += usize::from(pair.is_some());
                pair.get_or_insert((other, item));
            }
        }
    }
    let (first, second) = pair?;
    let (path, other) = (path(content, first), path(content, second));
    Some(Warning::NamesDifferInCase { path, other, more, file_system })
}

/// A character as Windows compares it: in capitals, where that is one character.
fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    upper.next().filter(|_| upper.len() == 0).unwrap_or(c)
}

/// Symbolic links for which some programs read nothing of an image.
fn links(content: &Content, found: &mut Vec<Warning>) {
    if content.catalog.is_plain() {
        return;
    }
    let systems = content.options.file_systems;
    let (mut long, mut in_udf) = (First::default(), First::default());
    for item in 1..content.catalog.len() {
        let Kind::Symlink { target } = content.kind(item) else { continue };
        let is_long = target.len() > MAX_LINK;
        if is_long && systems.rock_ridge && content.is_in(item, System::Iso9660) {
            long.add(item);
        }
        if systems.udf && !systems.iso9660 && content.is_in(item, System::Udf) {
            in_udf.add(item);
        }
    }
    found.extend(long.report(content, |path, more| Warning::LongLink { path, more }));
    found.extend(in_udf.report(content, |path, more| Warning::UdfLink { path, more }));
}

/// What is in none of the file systems. What starts machines may well be hidden: it is found by its address.
fn not_recorded(content: &Content, found: &mut Vec<Warning>) {
    if content.catalog.is_plain() {
        return;
    }
    let systems = content.options.file_systems;
    let written = [
        (systems.iso9660, System::Iso9660),
        (systems.joliet, System::Joliet),
        (systems.udf, System::Udf),
    ];
    let absence =
        |item, system| content.catalog.absence(&content.tree, item, system, systems.rock_ridge);
    let (mut first, mut what) = (First::default(), "");
    let mut hidden = First::default();
    for item in 1..content.catalog.len() {
        let reasons = written.iter().filter(|(written, _)| *written);
        let reasons: Option<Vec<Reason>> =
            reasons.map(|(_, system)| absence(item, *system)).collect();
        let Some(reasons) = reasons else { continue };
        let lost = match reasons.into_iter().find(|reason| *reason != Reason::Hidden) {
            Some(Reason::NoSymlinks) => "they have no symbolic links",
            Some(_) => "they have no devices, pipes and sockets",
            None if content.is_pinned(item) || content.is_recorded(item) => continue,
            None => {
                hidden.add(item);
                continue;
            }
        };
        if first.item.is_none() {
            what = lost;
        }
        first.add(item);
    }
    found.extend(first.report(content, |path, more| Warning::NotRecorded { path, more, what }));
    found.extend(hidden.report(content, |path, more| Warning::HiddenEverywhere { path, more }));
}

/// Named streams and extended attributes where nothing records them.
fn no_place(content: &Content, found: &mut Vec<Warning>) {
    let systems = content.options.file_systems;
    if systems.udf {
        return;
    }
    let (mut streams, mut attributes) = (First::default(), First::default());
    for item in 0..content.catalog.len() {
        let details = content.file_details(item);
        if !details.streams.is_empty() {
            streams.add(item);
        }
        if !details.extended_attributes.is_empty() && !systems.rock_ridge {
            attributes.add(item);
        }
    }
    for (first, what) in [(streams, "named streams"), (attributes, "extended attributes")] {
        found.extend(first.report(content, |path, more| Warning::NoPlaceFor { path, more, what }));
    }
}

#[cfg(test)]
mod tests;
