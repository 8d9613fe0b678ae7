//! An image with its file systems, as an object of the page.

use image_core::Lba;
use image_core::read::{self, Entry, FileSystem, Image, ReadError};
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::entry::EntryList;
use crate::source::JsSource;
use crate::volume::ReadVolume;

/// Names of the file systems in JavaScript.
const NAMES: [(FileSystem, &str); 5] = [
    (FileSystem::Udf, "udf"),
    (FileSystem::RockRidge, "rockRidge"),
    (FileSystem::Joliet, "joliet"),
    (FileSystem::Enhanced, "enhanced"),
    (FileSystem::Iso9660, "iso9660"),
];

/// An image whose file systems are known.
#[wasm_bindgen]
#[derive(Debug)]
pub struct ImageReader {
    image: Image<JsSource>,
}

#[wasm_bindgen]
impl ImageReader {
    /// Finds the file systems of an image of `blocks` blocks of 2048 bytes. `read` gives blocks or refuses them by
    /// `undefined`; `session` is the block that the session begins with: 0, but for discs of several.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(
            unchecked_param_type = "(lba: number, blocks: number) => Uint8Array | undefined"
        )]
        read: Function,
        blocks: u32,
        session: u32,
    ) -> Result<Self, JsValue> {
        let source = JsSource::new(read, blocks);
        let image = read::open_session(source, Lba(session)).map_err(|error| failure(&error))?;
        Ok(Self { image })
    }

    /// The file systems there are, the one that tells most of a file first.
    #[wasm_bindgen(js_name = fileSystems)]
    #[must_use]
    pub fn file_systems(&self) -> Vec<String> {
        let names = self.image.file_systems().map(|system| name(system).to_owned());
        names.collect()
    }

    /// Why a file system that is there cannot be read.
    #[must_use]
    pub fn problem(&self, system: &str) -> Option<String> {
        Some(self.image.problem(known(system)?)?.to_string())
    }

    /// What a file system says of its volume.
    #[wasm_bindgen(unchecked_return_type = "ReadVolume | undefined")]
    pub fn volume(&self, system: &str) -> Result<JsValue, JsValue> {
        let info = known(system).and_then(|system| self.image.info(system));
        let Some(info) = info else { return Ok(JsValue::UNDEFINED) };
        Ok(serde_wasm_bindgen::to_value(&ReadVolume::from(info))?)
    }

    /// The entry at a path, alone in a list; an empty list where there is none.
    pub fn find(&mut self, system: &str, path: &str) -> Result<EntryList, JsValue> {
        let mut view = self.image.view(wanted(system)?).map_err(|error| failure(&error))?;
        let found = view.find(path).map_err(|error| failure(&error))?;
        Ok(EntryList::new(found.into_iter().collect()))
    }

    /// The entries of a directory that is in a list.
    pub fn list(
        &mut self,
        system: &str,
        entries: &EntryList,
        index: u32,
    ) -> Result<EntryList, JsValue> {
        let directory = entry(entries, index)?;
        let mut view = self.image.view(wanted(system)?).map_err(|error| failure(&error))?;
        view.list(directory).map(EntryList::new).map_err(|error| failure(&error))
    }

    /// The named streams of an entry that is in a list.
    pub fn streams(
        &mut self,
        system: &str,
        entries: &EntryList,
        index: u32,
    ) -> Result<EntryList, JsValue> {
        let entry = entry(entries, index)?;
        let mut view = self.image.view(wanted(system)?).map_err(|error| failure(&error))?;
        view.streams(entry).map(EntryList::new).map_err(|error| failure(&error))
    }
}

fn entry(entries: &EntryList, index: u32) -> Result<&Entry, JsValue> {
    entries.get(index).ok_or_else(|| refusal("outOfRange", "the list has no such entry"))
}

fn name(system: FileSystem) -> &'static str {
    NAMES.into_iter().find(|(known, _)| *known == system).map_or("", |(_, name)| name)
}

fn known(name: &str) -> Option<FileSystem> {
    NAMES.into_iter().find(|(_, known)| *known == name).map(|(system, _)| system)
}

fn wanted(name: &str) -> Result<FileSystem, JsValue> {
    let message = || {
        format!(
            "{name:?} is no file system: there are udf, rockRidge, joliet, enhanced and iso9660"
        )
    };
    known(name).ok_or_else(|| refusal("noFileSystem", &message()))
}

/// What is thrown: a plain object, as the planner throws it.
fn failure(error: &ReadError) -> JsValue {
    let kind = match error {
        ReadError::Unreadable { .. } => "unreadable",
        ReadError::OutOfRange { .. } => "truncated",
        ReadError::Loop { .. } => "loop",
        ReadError::Unsupported { .. } => "unsupported",
        ReadError::TooMuchWork => "tooMuchWork",
        ReadError::NoFileSystem(_) => "noFileSystem",
        ReadError::NotADirectory => "notADirectory",
        _ => "malformed",
    };
    refusal(kind, &error.to_string())
}

fn refusal(kind: &str, message: &str) -> JsValue {
    let object = Object::new();
    for (name, value) in [("kind", kind), ("message", message)] {
        // Setting a new property of a plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    object.into()
}
