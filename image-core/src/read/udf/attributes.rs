//! Extended attributes: in the file entry, and in a file of their own. ECMA-167 4/9.1, 4/14.10; UDF 3.3.4.

use alloc::string::String;
use alloc::vec::Vec;

use zerocopy::FromBytes as _;

use super::super::blocks::Blocks;
use super::super::entry::{Entry, text};
use super::super::{BlockSource, ReadError};
use super::icb::{self, Icb};
use super::partition::Side;
use super::volume::Volume;
use super::{Position, allocation};
use crate::time::DiscTime;
use crate::wire::udf::{
    AttributeHead, DescriptorTag, DeviceSpecification, ExtendedAttributesHead, FileTimesAttribute,
    Timestamp, UseAttribute, attribute_type, tag_id,
};

/// Largest file of extended attributes that is read, in bytes.
const MAX_SPACE: usize = 1 << 24;

/// An extended attribute of a UDF file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtendedAttribute {
    /// What it is: 5 file times, 12 device specification, 2048 implementation use, 65536 application use ... ECMA-167 4/14.10.
    pub attribute_type: u32,
    /// Its subtype.
    pub subtype: u8,
    /// Whose it is, for implementation and application use.
    pub identifier: Option<String>,
    /// For implementation and application use that use; otherwise all that follows the head.
    pub value: Vec<u8>,
}

/// All extended attributes of an entry.
pub(in super::super) fn extended_attributes<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    volume: &Volume,
    entry: &Entry,
) -> Result<Vec<ExtendedAttribute>, ReadError> {
    let space = &volume.space;
    let Some(address) = entry.node.icb else { return Ok(Vec::new()) };
    let icb = icb::find(blocks, space, address, space.position(entry.id))?;
    let mut found = Vec::new();
    let here = icb.bytes.get(icb.attributes.clone()).unwrap_or_default();
    take(here, icb.position, &mut found)?;
    let Some(further) = icb.attributes_icb else { return Ok(found) };
    let further = icb::find(blocks, space, further, icb.position)?;
    let len = usize::try_from(further.len).ok().filter(|len| *len <= MAX_SPACE);
    let len =
        len.ok_or(ReadError::Unsupported { what: "extended attributes of more than 16 MiB" })?;
    let extents = allocation::extents(blocks, space, &further, Side::Main)?;
    let mut bytes = alloc::vec![0; len];
    blocks.read_at(&extents, 0, &mut bytes)?;
    take(&bytes, further.position, &mut found)?;
    Ok(found)
}

/// Takes in a space of extended attributes. `at` is where it is told of.
fn take(space: &[u8], at: Position, found: &mut Vec<ExtendedAttribute>) -> Result<(), ReadError> {
    if space.is_empty() {
        return Ok(());
    }
    let is_head = |tag: DescriptorTag| tag.identifier.get() == tag_id::EXTENDED_ATTRIBUTE_HEADER;
    if !DescriptorTag::intact(space).is_some_and(is_head) {
        return Err(at.malformed("an intact extended attribute header (ECMA-167 4/14.10.1)"));
    }
    for attribute in Attributes::of(space) {
        let (head, bytes) = attribute
            .ok_or_else(|| at.malformed("a whole extended attribute (ECMA-167 4/14.10.2)"))?;
        found.push(parse(head, bytes).ok_or_else(|| {
            at.malformed("a use within its extended attribute (ECMA-167 4/14.10.8)")
        })?);
    }
    Ok(())
}

fn parse(head: AttributeHead, bytes: &[u8]) -> Option<ExtendedAttribute> {
    let attribute_type = head.attribute_type.get();
    let (identifier, value) = match attribute_type {
        attribute_type::IMPLEMENTATION_USE | attribute_type::APPLICATION_USE => {
            let (fixed, rest) = UseAttribute::read_from_prefix(bytes).ok()?;
            let value = rest.get(..usize::try_from(fixed.use_length.get()).ok()?)?;
            let name = fixed.identifier.identifier;
            let len = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
            (Some(text(name.get(..len).unwrap_or_default())), value)
        }
        _ => (None, bytes.get(size_of::<AttributeHead>()..)?),
    };
    Some(ExtendedAttribute {
        attribute_type,
        subtype: head.subtype,
        identifier,
        value: value.to_vec(),
    })
}

/// The attributes of a space one by one, each with all its bytes; `None` for the first that is not whole.
struct Attributes<'a> {
    rest: &'a [u8],
}

impl<'a> Attributes<'a> {
    fn of(space: &'a [u8]) -> Self {
        Self { rest: space.get(size_of::<ExtendedAttributesHead>()..).unwrap_or_default() }
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Option<(AttributeHead, &'a [u8])>;

    fn next(&mut self) -> Option<Self::Item> {
        let head = AttributeHead::read_from_prefix(self.rest).ok();
        // Nothing but zeros is padding.
        let is_zero = |(head, _): &(AttributeHead, _)| head.length.get() == 0;
        if head.as_ref().is_none_or(is_zero) && self.rest.iter().all(|byte| *byte == 0) {
            return None;
        }
        let whole = head.and_then(|(head, _)| {
            let len = usize::try_from(head.length.get()).ok()?;
            let len = (len >= size_of::<AttributeHead>()).then_some(len)?;
            Some((head, self.rest.split_at_checked(len)?))
        });
        let Some((head, (bytes, rest))) = whole else {
            self.rest = &[];
            return Some(None);
        };
        self.rest = rest;
        Some(Some((head, bytes)))
    }
}

/// The first attribute of a type that stands in a file entry.
fn first(icb: &Icb, wanted: u32) -> Option<&[u8]> {
    let space = icb.bytes.get(icb.attributes.clone()).unwrap_or_default();
    let mut all = Attributes::of(space).map_while(|attribute| attribute);
    all.find(|(head, _)| head.attribute_type.get() == wanted).map(|(_, bytes)| bytes)
}

/// The major and minor number of a device. ECMA-167 4/14.10.7.
pub(super) fn device(icb: &Icb) -> Option<(u32, u32)> {
    let bytes = first(icb, attribute_type::DEVICE_SPECIFICATION)?;
    let (device, _) = DeviceSpecification::read_from_prefix(bytes).ok()?;
    Some((device.major.get(), device.minor.get()))
}

/// When a file was created, by its file times. ECMA-167 4/14.10.5.
pub(super) fn creation(icb: &Icb) -> Option<DiscTime> {
    let bytes = first(icb, attribute_type::FILE_TIMES)?;
    let (times, rest) = FileTimesAttribute::read_from_prefix(bytes).ok()?;
    // The creation time is the first when it is there at all.
    let has_creation = times.existence.get() & 1 != 0;
    Timestamp::read_from_prefix(rest).ok().filter(|_| has_creation)?.0.parse()
}
