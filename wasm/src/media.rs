//! What an image for a medium is made of unless something else is chosen.

use image_core::media::Medium;
use js_sys::Array;
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::options::ImageFileSystems;

/// The published defaults of a kind of medium, smallest first in the list. Blocks are of 2048 bytes.
#[derive(Clone, Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct MediumDefaults {
    /// Name on the command line: `dvd-dl`.
    pub id: &'static str,
    /// Name for people.
    pub label: &'static str,
    pub file_systems: ImageFileSystems,
    /// Revision of UDF, where that is written: `1.02`.
    pub udf_revision: &'static str,
    /// Large files begin on a multiple of this many blocks.
    pub alignment: u32,
    /// From how many bytes on a file is large.
    pub align_from: u32,
    /// Zero blocks at the end of an image without UDF.
    pub padding_blocks: u32,
    /// The length of an image is a multiple of this many blocks.
    pub length_multiple: u32,
    /// Blocks that fit.
    pub capacity_blocks: u32,
}

impl From<Medium> for MediumDefaults {
    fn from(medium: Medium) -> Self {
        let defaults = medium.defaults();
        let systems = defaults.file_systems;
        Self {
            id: medium.id(),
            label: medium.label(),
            file_systems: ImageFileSystems {
                iso9660: systems.iso9660,
                joliet: systems.joliet,
                rock_ridge: systems.rock_ridge,
                udf: systems.udf,
            },
            udf_revision: defaults.udf_revision.name(),
            alignment: defaults.alignment,
            align_from: u32::try_from(defaults.align_from).unwrap_or(u32::MAX),
            padding_blocks: defaults.padding_blocks,
            length_multiple: defaults.length_multiple,
            capacity_blocks: defaults.capacity_blocks,
        }
    }
}

/// The defaults of every kind of medium.
#[wasm_bindgen(js_name = mediumDefaults, unchecked_return_type = "MediumDefaults[]")]
pub fn medium_defaults() -> Result<Array, JsValue> {
    let list = Array::new();
    for medium in Medium::ALL {
        list.push(&serde_wasm_bindgen::to_value(&MediumDefaults::from(medium))?);
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page lists the media before the module is loaded. Run with `DISCWRIGHT_WRITE_DOCS=1` to write its list anew.
    #[test]
    fn the_page_has_the_list() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src/media/media.json");
        let list: Vec<MediumDefaults> = Medium::ALL.into_iter().map(Into::into).collect();
        let text = serde_json::to_string_pretty(&list).unwrap() + "\n";
        if std::env::var_os("DISCWRIGHT_WRITE_DOCS").is_some() {
            return std::fs::write(path, text).unwrap();
        }
        let found = std::fs::read_to_string(path).unwrap();
        assert_eq!(found, text, "web/src/media/media.json is not that of the library");
    }

    #[test]
    fn every_medium_is_in_the_list_as_the_page_reads_it() {
        let list: Vec<MediumDefaults> = Medium::ALL.into_iter().map(Into::into).collect();
        let json = serde_json::to_value(&list).unwrap();
        assert_eq!(json[0]["id"], "cd");
        assert_eq!(json[0]["fileSystems"]["udf"], false);
        assert_eq!(json[1]["udfRevision"], "1.02");
        assert_eq!(json[3]["lengthMultiple"], 32);
        assert_eq!(json.as_array().unwrap().len(), Medium::ALL.len());
    }
}
