//! Objects of JavaScript, read field by field. What is there must make sense, and a field that nobody knows is refused
//! by name: a slip of the pen would else be taken for a default.
//!
//! Options are many and each is read once, so what they share is kept out of generics: it is in the module that every
//! page loads.

use image_core::DiscTime;
use js_sys::{Array, JSON, JsString, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::entries::date;
use crate::failure::ImageFailure;
use crate::plan::disc_time;

/// An object whose fields are taken one by one.
#[derive(Debug)]
pub(crate) struct Fields {
    object: Object,
    /// What stands before the name of a field in messages: `udf.`.
    prefix: String,
    kind: &'static str,
    known: Vec<&'static str>,
}

/// A failure is rare and large: it stands aside.
pub(crate) type Read<T = ()> = Result<T, Box<ImageFailure>>;

/// Values that are longer than this are not repeated in a message.
const LONGEST_SHOWN: u32 = 60;

/// What reads the fields of an object.
pub(crate) type Reader<'r> = &'r mut dyn FnMut(&mut Fields) -> Read;

impl Fields {
    /// Reads an object that is called `name` with `read`, after which none of its fields may be left. Failures are of `kind`.
    pub(crate) fn read(kind: &'static str, name: &str, value: &JsValue, read: Reader<'_>) -> Read {
        let prefix = if name.is_empty() { String::new() } else { format!("{name}.") };
        let Some(object) = value.dyn_ref::<Object>().cloned() else {
            let name = if name.is_empty() { "the options" } else { name };
            let message = format!("{name}: expected an object");
            return Err(Box::new(ImageFailure::new(kind, message)));
        };
        let mut fields = Self { object, prefix, kind, known: Vec::new() };
        read(&mut fields)?;
        fields.finish()
    }

    fn finish(&self) -> Read {
        for key in Object::keys(&self.object).iter().filter_map(|key| key.as_string()) {
            if !self.known.contains(&key.as_str()) {
                let message = format!("{}{key} is not known", self.prefix);
                let hint = format!("known are {}", self.known.join(", "));
                return Err(Box::new(ImageFailure::new(self.kind, message).hint(hint)));
            }
        }
        Ok(())
    }

    /// The value of a field as it is, if there is one.
    pub(crate) fn value(&mut self, name: &'static str) -> Option<JsValue> {
        self.known.push(name);
        let value = Reflect::get(&self.object, &JsValue::from_str(name)).ok()?;
        (!value.is_undefined() && !value.is_null()).then_some(value)
    }

    /// Whether a field is there.
    pub(crate) fn has(&mut self, name: &'static str) -> bool {
        self.value(name).is_some()
    }

    /// A refusal of what a field holds.
    pub(crate) fn refusal(&self, name: &str, expected: &str) -> Box<ImageFailure> {
        let value = Reflect::get(&self.object, &JsValue::from_str(name)).unwrap_or_default();
        let shown = match JSON::stringify(&value) {
            _ if value.is_undefined() => String::from(" is missing"),
            Ok(text) if text.length() <= LONGEST_SHOWN => format!(" is {}", String::from(text)),
            _ => String::new(),
        };
        let message = format!("{}{name}{shown}: expected {expected}", self.prefix);
        Box::new(ImageFailure::new(self.kind, message))
    }

    pub(crate) fn flag(&mut self, name: &'static str, place: &mut bool) -> Read {
        let Some(value) = self.value(name) else { return Ok(()) };
        *place = value.as_bool().ok_or_else(|| self.refusal(name, "true or false"))?;
        Ok(())
    }

    pub(crate) fn text(&mut self, name: &'static str, place: &mut String) -> Read {
        let Some(value) = self.value(name) else { return Ok(()) };
        let text = value.dyn_ref().filter(|text: &&JsString| text.is_valid_utf16());
        *place = text.map(String::from).ok_or_else(|| self.refusal(name, "well-formed text"))?;
        Ok(())
    }

    /// A text, or none.
    pub(crate) fn optional_text(&mut self, name: &'static str) -> Read<Option<String>> {
        let mut text = String::new();
        self.text(name, &mut text)?;
        Ok(self.has(name).then_some(text))
    }

    /// A whole number that is at most `most`.
    fn whole(&mut self, name: &'static str, most: u64) -> Read<Option<u64>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        match value.as_f64().and_then(whole) {
            Some(value) if value <= most => Ok(Some(value)),
            _ => Err(self.refusal(name, &format!("a whole number from 0 to {most}"))),
        }
    }

    pub(crate) fn u64(&mut self, name: &'static str, place: &mut u64) -> Read {
        *place = self.whole(name, (1 << 53) - 1)?.unwrap_or(*place);
        Ok(())
    }

    pub(crate) fn u32(&mut self, name: &'static str, place: &mut u32) -> Read {
        *place = self.optional_u32(name)?.unwrap_or(*place);
        Ok(())
    }

    pub(crate) fn optional_u32(&mut self, name: &'static str) -> Read<Option<u32>> {
        Ok(self.whole(name, u32::MAX.into())?.and_then(|value| u32::try_from(value).ok()))
    }

    pub(crate) fn u16(&mut self, name: &'static str) -> Read<Option<u16>> {
        Ok(self.whole(name, u16::MAX.into())?.and_then(|value| u16::try_from(value).ok()))
    }

    pub(crate) fn u8(&mut self, name: &'static str) -> Read<Option<u8>> {
        Ok(self.whole(name, u8::MAX.into())?.and_then(|value| u8::try_from(value).ok()))
    }

    #[expect(clippy::cast_possible_truncation, reason = "checked to be a whole number of 32 bits")]
    pub(crate) fn i32(&mut self, name: &'static str, place: &mut i32) -> Read {
        let Some(value) = self.value(name) else { return Ok(()) };
        let fits = |value: &f64| value.fract() == 0.0 && value.abs() <= f64::from(i32::MAX);
        let value = value.as_f64().filter(fits);
        *place = value.ok_or_else(|| self.refusal(name, "a whole number of 32 bits"))? as i32;
        Ok(())
    }

    /// A `Date`, or milliseconds since 1970.
    pub(crate) fn date(&mut self, name: &'static str) -> Read<Option<DiscTime>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let date_of = || Some(value.dyn_ref::<js_sys::Date>()?.get_time());
        let milliseconds = value.as_f64().or_else(date_of);
        match milliseconds.map(date) {
            Some(Ok(Some(date))) => Ok(Some(disc_time(date))),
            _ => Err(self.refusal(name, "a date")),
        }
    }

    pub(crate) fn bytes(&mut self, name: &'static str) -> Read<Option<Vec<u8>>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let bytes: Option<&Uint8Array> = value.dyn_ref();
        bytes.map(|bytes| Some(bytes.to_vec())).ok_or_else(|| self.refusal(name, "a Uint8Array"))
    }

    /// One of these words: the value that it stands for.
    #[inline]
    pub(crate) fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        choices: &[(&str, T)],
        place: &mut T,
    ) -> Read {
        let found = self.word(name, &mut choices.iter().map(|(word, _)| *word))?;
        if let Some((_, choice)) = found.and_then(|found| choices.get(found)) {
            *place = *choice;
        }
        Ok(())
    }

    /// Which of these words it is.
    fn word(
        &mut self,
        name: &'static str,
        words: &mut dyn Iterator<Item = &str>,
    ) -> Read<Option<usize>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let word = value.as_string().unwrap_or_default();
        let words: Vec<&str> = words.collect();
        let found = words.iter().position(|known| *known == word);
        found.map(Some).ok_or_else(|| self.refusal(name, &words.join(", ")))
    }

    /// An object within the object; tells whether it is there.
    pub(crate) fn object(&mut self, name: &'static str, read: Reader<'_>) -> Read<bool> {
        let Some(value) = self.value(name) else { return Ok(false) };
        Self::read(self.kind, &format!("{}{name}", self.prefix), &value, read).map(|()| true)
    }

    /// The objects of a list.
    pub(crate) fn objects(&mut self, name: &'static str, read: Reader<'_>) -> Read {
        for (index, value) in (0u32..).zip(self.list(name)?) {
            Self::read(self.kind, &format!("{}{name}[{index}]", self.prefix), &value, read)?;
        }
        Ok(())
    }

    /// The values of a list.
    pub(crate) fn list(&mut self, name: &'static str) -> Read<Vec<JsValue>> {
        let Some(value) = self.value(name) else { return Ok(Vec::new()) };
        let list: Option<&Array> = value.dyn_ref();
        Ok(list.ok_or_else(|| self.refusal(name, "an array"))?.to_vec())
    }
}

/// A number that is whole, not negative, and exact in JavaScript.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be a whole number from 0 to 2^53"
)]
pub(crate) fn whole(value: f64) -> Option<u64> {
    const UNSAFE_INTEGER: f64 = 9_007_199_254_740_992.0;
    ((0.0..UNSAFE_INTEGER).contains(&value) && value.fract() == 0.0).then_some(value as u64)
}
