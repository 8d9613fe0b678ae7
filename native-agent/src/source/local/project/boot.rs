//! `boot` of a project: how its image starts machines.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image_core::boot::{
    BootEntry, BootImage, BootOptions, BootSection, Bytes, ElTorito, Emulation, Hybrid, MbrCode,
    PartitionTable, Platform, SystemPartition,
};
use image_core::tree::Kind;
use serde::Deserialize;

use super::ProjectError;
use crate::source::local::{Scan, content};

/// The section. What is not known would make another image, and is refused.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Section {
    entries: Vec<Entry>,
    id: String,
    hybrid: Option<HybridSection>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    platform: PlatformName,
    /// Path in the image.
    image: String,
    emulation: EmulationName,
    load_segment: u16,
    /// `None` for what the platform expects.
    sector_count: Option<u16>,
    info_table: bool,
    grub2_pointer: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum PlatformName {
    Bios,
    Uefi,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum EmulationName {
    None,
    Floppy1200,
    Floppy1440,
    Floppy2880,
    HardDisk,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HybridSection {
    table: TableName,
    code: Option<CodeSection>,
    system_partition: SystemPartitionName,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum TableName {
    Mbr,
    Gpt,
    Both,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum SystemPartitionName {
    InPlace,
    Appended,
}

/// Code of a master boot record: a file of the image by its path there, or bytes that are no file of it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CodeSection {
    loader: LoaderName,
    path: Option<String>,
    /// What the file was called that the bytes are from.
    #[serde(rename = "name")]
    _name: Option<String>,
    /// In base64.
    bytes: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum LoaderName {
    Isolinux,
    Grub2,
    Other,
}

impl Section {
    /// The options for it; content that the image must know goes into the tree.
    pub(super) fn options(&self, scan: &mut Scan) -> Result<BootOptions, ProjectError> {
        let Some((first, others)) = self.entries.split_first() else {
            return Err(ProjectError::NothingToStart);
        };
        let mut catalog = ElTorito::new(first.platform.platform(), first.entry(scan)?);
        for other in others {
            let section = BootSection::of(other.platform.platform(), other.entry(scan)?);
            catalog.sections.push(section);
        }
        catalog.id.clone_from(&self.id);
        let hybrid = self.hybrid.as_ref().map(|hybrid| hybrid.hybrid(scan)).transpose()?;
        Ok(BootOptions { el_torito: Some(catalog), hybrid, ..BootOptions::default() })
    }
}

impl Entry {
    fn entry(&self, scan: &mut Scan) -> Result<BootEntry, ProjectError> {
        // Code and tables that speak of the image are for a BIOS. What is no file the planner refuses.
        if self.platform == PlatformName::Bios
            && let Some(node) = scan.tree.find(&self.image)
            && let Kind::File { source, .. } = scan.tree.kind(node)
        {
            content::read_content(node, source, scan)?;
        }
        let mut entry = BootEntry::new(BootImage::File(self.image.clone()));
        entry.emulation = self.emulation.emulation();
        entry.load_segment = self.load_segment;
        entry.sector_count = self.sector_count;
        entry.info_table = self.info_table;
        entry.grub2_pointer = self.grub2_pointer;
        Ok(entry)
    }
}

impl PlatformName {
    const fn platform(self) -> Platform {
        match self {
            Self::Bios => Platform::BIOS,
            Self::Uefi => Platform::UEFI,
        }
    }
}

impl EmulationName {
    const fn emulation(self) -> Emulation {
        match self {
            Self::None => Emulation::None,
            Self::Floppy1200 => Emulation::Floppy1200,
            Self::Floppy1440 => Emulation::Floppy1440,
            Self::Floppy2880 => Emulation::Floppy2880,
            Self::HardDisk => Emulation::HardDisk,
        }
    }
}

impl HybridSection {
    fn hybrid(&self, scan: &Scan) -> Result<Hybrid, ProjectError> {
        let mut hybrid = Hybrid::new(match self.table {
            TableName::Mbr => PartitionTable::Mbr,
            TableName::Gpt => PartitionTable::Gpt,
            TableName::Both => PartitionTable::Both,
        });
        if matches!(self.system_partition, SystemPartitionName::Appended) {
            hybrid.system_partition = SystemPartition::Appended;
        }
        hybrid.code = self.code.as_ref().map(|code| code.code(scan)).transpose()?;
        Ok(hybrid)
    }
}

impl CodeSection {
    fn code(&self, scan: &Scan) -> Result<MbrCode, ProjectError> {
        let bytes = Bytes::from(self.bytes(scan)?);
        Ok(match self.loader {
            LoaderName::Isolinux => MbrCode::Isolinux(bytes),
            LoaderName::Grub2 => MbrCode::Grub2(bytes),
            LoaderName::Other => MbrCode::Other(bytes),
        })
    }

    fn bytes(&self, scan: &Scan) -> Result<Vec<u8>, ProjectError> {
        match (&self.path, &self.bytes) {
            (Some(path), None) => {
                let kind = scan.tree.find(path).map(|node| scan.tree.kind(node));
                let Some(Kind::File { source, .. }) = kind else {
                    return Err(ProjectError::NoCode { path: path.clone() });
                };
                Ok(content::read_listed(&scan.files, source)?)
            }
            (None, Some(text)) => {
                STANDARD.decode(text).map_err(|_| unknown("boot.hybrid.code.bytes", text))
            }
            _ => Err(unknown("boot.hybrid.code", "neither a path nor bytes")),
        }
    }
}

fn unknown(what: &'static str, value: &str) -> ProjectError {
    ProjectError::Unknown { what, value: value.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::source::local::{self, Graft, ScanOptions};

    const SECTION: &str = r#"{ "entries": [
        { "platform": "bios", "image": "boot/loader", "emulation": "none", "loadSegment": 1984, "sectorCount": 4,
          "infoTable": true, "grub2Pointer": false },
        { "platform": "uefi", "image": "boot/efi.img", "emulation": "none", "loadSegment": 0, "sectorCount": null,
          "infoTable": false, "grub2Pointer": false } ],
        "id": "DISCWRIGHT",
        "hybrid": { "table": "both", "systemPartition": "appended", "code": { "loader": "other", "name": "x", "bytes": "6/4=" } } }"#;

    fn scan() -> (tempfile::TempDir, Scan) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("boot")).unwrap();
        fs::write(folder.path().join("boot/loader"), [7; 3000]).unwrap();
        fs::write(folder.path().join("boot/efi.img"), [8; 4096]).unwrap();
        fs::write(folder.path().join("boot/code"), [9; 400]).unwrap();
        let graft = Graft { target: String::new(), path: folder.path().to_path_buf() };
        let scan = local::scan(&[graft], &ScanOptions::default()).unwrap();
        (folder, scan)
    }

    fn options(text: &str) -> Result<BootOptions, ProjectError> {
        let (_folder, mut scan) = scan();
        serde_json::from_str::<Section>(text).unwrap().options(&mut scan)
    }

    #[test]
    fn a_section_says_what_starts() {
        let (_folder, mut scan) = scan();
        let boot = serde_json::from_str::<Section>(SECTION).unwrap().options(&mut scan).unwrap();
        let catalog = boot.el_torito.unwrap();
        assert_eq!((catalog.platform, catalog.id.as_str()), (Platform::BIOS, "DISCWRIGHT"));
        assert_eq!((catalog.initial.load_segment, catalog.initial.sector_count), (1984, Some(4)));
        assert!(catalog.initial.info_table && !catalog.initial.grub2_pointer);
        let [section] = catalog.sections.as_slice() else { panic!("{:?}", catalog.sections) };
        assert_eq!((section.platform, section.entries[0].sector_count), (Platform::UEFI, None));
        let hybrid = boot.hybrid.unwrap();
        assert_eq!(hybrid.system_partition, SystemPartition::Appended);
        assert_eq!(hybrid.code, Some(MbrCode::Other(vec![0xeb, 0xfe].into())));
        let node = scan.tree.find("boot/loader").unwrap();
        assert_eq!(scan.tree.details(node).content.as_deref(), Some(&[7; 3000][..]));
    }

    #[test]
    fn code_may_be_a_file_of_the_image() {
        let code = r#""path": "boot/code""#;
        let from_tree = SECTION.replace(r#""name": "x", "bytes": "6/4=""#, code);
        let hybrid = options(&from_tree).unwrap().hybrid.unwrap();
        assert_eq!(hybrid.code, Some(MbrCode::Other(vec![9; 400].into())));
        let missing = options(&from_tree.replace("boot/code", "boot/none")).unwrap_err();
        assert!(matches!(missing, ProjectError::NoCode { .. }), "{missing}");
        let broken = options(&SECTION.replace("6/4=", "no base64")).unwrap_err();
        assert!(matches!(broken, ProjectError::Unknown { .. }), "{broken}");
        let none = SECTION.replace(r#", "name": "x", "bytes": "6/4=""#, "");
        assert!(matches!(options(&none), Err(ProjectError::Unknown { .. })));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for (known, unknown) in [
            ("\"bios\"", "\"amiga\""),
            ("\"id\"", "\"maker\""),
            ("\"emulation\": \"none\"", "\"emulation\": \"floppy\""),
            ("1984", "65536"),
        ] {
            let text = SECTION.replacen(known, unknown, 1);
            assert!(serde_json::from_str::<Section>(&text).is_err(), "{unknown}");
        }
        let nothing = r#"{ "entries": [], "id": "", "hybrid": null }"#;
        assert!(matches!(options(nothing), Err(ProjectError::NothingToStart)));
    }
}
