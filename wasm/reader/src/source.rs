//! Blocks that JavaScript gives.

use image_core::BLOCK_SIZE;
use image_core::read::{BlockSource, ReadError};
use js_sys::{Function, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// A function `(lba, blocks) => Uint8Array | undefined`.
#[derive(Debug)]
pub(crate) struct JsSource {
    read: Function,
    blocks: u32,
}

impl JsSource {
    pub(crate) const fn new(read: Function, blocks: u32) -> Self {
        Self { read, blocks }
    }
}

impl BlockSource for JsSource {
    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), ReadError> {
        let count = u32::try_from(out.len() / BLOCK_SIZE).unwrap_or(u32::MAX);
        let answer = self.read.call2(&JsValue::UNDEFINED, &lba.into(), &count.into());
        let bytes: Option<Uint8Array> = answer.ok().and_then(|answer| answer.dyn_into().ok());
        let bytes = bytes.filter(|bytes| bytes.length() as usize == out.len());
        bytes.ok_or(ReadError::Unreadable { lba })?.copy_to(out);
        Ok(())
    }

    fn blocks(&self) -> u32 {
        self.blocks
    }
}
