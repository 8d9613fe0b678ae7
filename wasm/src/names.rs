//! What became of names, in words for a person.

use image_core::{MappedName, NameReport, Reason};
use serde::Serialize;
use tsify::Tsify;

/// What each file system calls an entry; absent where the entry is not in that file system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ImageNames {
    /// In plain ISO 9660, with the version number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub iso: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub joliet: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub rock_ridge: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub udf: Option<String>,
    /// The file systems that do not keep the entry's own name.
    pub changes: Vec<ImageNameChange>,
}

/// A file system that calls an entry something else, or leaves it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ImageNameChange {
    #[tsify(type = "\"iso9660\" | \"joliet\" | \"rockRidge\" | \"udf\"")]
    pub file_system: &'static str,
    /// The name there; empty when the entry is left out.
    pub name: String,
    /// Why, for programs: the words of another language go by it.
    #[tsify(
        type = "\"characters\" | \"length\" | \"collision\" | \"noSymlinks\" | \"noSpecialFiles\" | \"hidden\""
    )]
    pub cause: &'static str,
    /// Why, in words that follow "because".
    pub reason: &'static str,
}

impl From<NameReport> for ImageNames {
    fn from(report: NameReport) -> Self {
        let systems = [
            ("iso9660", &report.iso9660),
            ("joliet", &report.joliet),
            ("rockRidge", &report.rock_ridge),
            ("udf", &report.udf),
        ];
        let changes = systems
            .into_iter()
            .filter_map(|(file_system, mapped)| change(file_system, mapped.as_ref()?))
            .collect();
        let name = |mapped: Option<MappedName>| mapped.and_then(|mapped| mapped.name);
        Self {
            iso: name(report.iso9660),
            joliet: name(report.joliet),
            rock_ridge: name(report.rock_ridge),
            udf: name(report.udf),
            changes,
        }
    }
}

fn change(file_system: &'static str, mapped: &MappedName) -> Option<ImageNameChange> {
    let (cause, reason) = cause_and_words(mapped.reason?);
    let name = mapped.name.clone().unwrap_or_default();
    Some(ImageNameChange { file_system, name, cause, reason })
}

const fn cause_and_words(reason: Reason) -> (&'static str, &'static str) {
    match reason {
        Reason::Characters => ("characters", "it has characters that are not allowed there"),
        Reason::Length => ("length", "it is longer than is allowed there"),
        Reason::Collision => ("collision", "another name in the folder became the same"),
        Reason::NoSymlinks => ("noSymlinks", "there are no symbolic links there"),
        Reason::NoSpecialFiles => {
            ("noSpecialFiles", "there are no devices, pipes and sockets there")
        }
        Reason::Hidden => ("hidden", "it is hidden there"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(name: Option<&str>, reason: Option<Reason>) -> Option<MappedName> {
        Some(MappedName { name: name.map(Into::into), reason })
    }

    #[test]
    fn kept_names_are_no_changes_and_left_out_entries_are() {
        let names = ImageNames::from(NameReport {
            enhanced: None,
            iso9660: mapped(None, Some(Reason::NoSymlinks)),
            joliet: mapped(Some("GRE~1"), Some(Reason::Collision)),
            rock_ridge: mapped(Some("grey"), None),
            udf: None,
        });
        assert_eq!((names.iso, names.udf), (None, None));
        assert_eq!(names.rock_ridge.as_deref(), Some("grey"));
        let changes: Vec<_> =
            names.changes.iter().map(|change| (change.file_system, change.name.as_str())).collect();
        assert_eq!(changes, [("iso9660", ""), ("joliet", "GRE~1")]);
        let causes: Vec<_> = names.changes.iter().map(|change| change.cause).collect();
        assert_eq!(causes, ["noSymlinks", "collision"]);
    }
}
