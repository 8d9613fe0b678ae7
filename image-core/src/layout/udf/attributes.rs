//! Extended attributes: creation times of the older entries, device numbers, and what the user gives. ECMA-167 4/14.10;
//! UDF 3.3.4.

use alloc::vec::Vec;

use zerocopy::{FromZeros as _, IntoBytes as _};

use super::form::Form;
use crate::layout::{Content, System};
use crate::time::DiscTime;
use crate::tree::{Kind, Special};
use crate::wire::udf::{
    AttributeHead, DeviceSpecification, EntityId, ExtendedAttributesHead, FileTimesAttribute,
    Timestamp, UseAttribute, attribute_type,
};

/// Longest name of an attribute: an entity identifier. ECMA-167 1/7.4.
const MAX_NAME: usize = 23;
/// Kinds of attribute that do not occur. UDF 3.3.4.1.
const NOWHERE: u32 = u32::MAX;
/// File times: the creation alone. ECMA-167 4/14.10.5.6.
const CREATION: u32 = 1;

/// The attributes of an item as they stand in its file entry, but for the tag that heads them; nothing when there are none.
pub(crate) fn attributes(form: Form, content: &Content, item: u32) -> Vec<u8> {
    let standard = standard(form, content, item);
    let given: Vec<u8> = given(form, content, item, standard.len()).flatten().flatten().collect();
    if standard.is_empty() && given.is_empty() {
        return Vec::new();
    }
    let mut head = ExtendedAttributesHead::new_zeroed();
    let end = size_of::<ExtendedAttributesHead>() + standard.len();
    // Earlier revisions have both point to the end of the attributes.
    let nowhere = if form.has_extended_entries() { NOWHERE } else { number(end + given.len()) };
    let implementation = if given.is_empty() { nowhere } else { number(end) };
    head.implementation_attributes = implementation.into();
    head.application_attributes = nowhere.into();
    let mut bytes = head.as_bytes().to_vec();
    bytes.extend(standard);
    bytes.extend(given);
    bytes
}

/// What the standard has attributes for: the time of creation where the entry has no field for it, and device numbers.
fn standard(form: Form, content: &Content, item: u32) -> Vec<u8> {
    let mut standard = Vec::new();
    let created = content.file_details(item).created;
    if let Some(created) = created.filter(|_| !form.has_extended_entries()) {
        standard.extend(file_times(created));
    }
    if let Kind::Special(special) = content.kind(item) {
        standard.extend(device(special));
    }
    standard
}

/// Most bytes of the attributes of an item: room for the descriptors of a file and the pointer to further ones has to stay.
pub(super) fn limit(form: Form) -> usize {
    form.entry_room() - 4 * form.descriptor_len()
}

/// Whether an entity identifier holds a name: zeros fill up what it leaves of the field.
pub(super) fn is_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len()) && !name.contains('\0')
}

/// Whether Rock Ridge records attributes of an item that have no place here.
pub(crate) fn leaves_out(form: Form, content: &Content, item: u32) -> bool {
    !content.file_details(item).extended_attributes.is_empty()
        && given(form, content, item, standard(form, content, item).len()).any(|one| one.is_none())
}

/// What the user gives, behind `standard` bytes of other attributes; `None` in place of one that has no place here, and that
/// Rock Ridge has.
fn given(
    form: Form,
    content: &Content,
    item: u32,
    standard: usize,
) -> impl Iterator<Item = Option<Vec<u8>>> {
    let may_leave_out = are_in_rock_ridge(content, item);
    let mut room = limit(form) - size_of::<ExtendedAttributesHead>() - standard;
    content.file_details(item).extended_attributes.iter().map(move |(name, value)| {
        let attribute = user(form, name, value);
        if may_leave_out && !(is_name(name) && attribute.len() <= room) {
            return None;
        }
        room = room.saturating_sub(attribute.len());
        Some(attribute)
    })
}

/// Whether Rock Ridge records all attributes of an item.
pub(super) fn are_in_rock_ridge(content: &Content, item: u32) -> bool {
    content.options.file_systems.rock_ridge && content.is_in(item, System::Iso9660)
}

/// UDF 3.3.4.3.
fn file_times(created: DiscTime) -> Vec<u8> {
    let created = Timestamp::new(created);
    let len = size_of::<FileTimesAttribute>() + size_of::<Timestamp>();
    let attribute = FileTimesAttribute {
        head: head(attribute_type::FILE_TIMES, len),
        data_length: number(size_of::<Timestamp>()).into(),
        existence: CREATION.into(),
    };
    [attribute.as_bytes(), created.as_bytes()].concat()
}

/// UDF 3.3.4.4.
fn device(special: Special) -> Vec<u8> {
    let (Special::CharacterDevice { major, minor } | Special::BlockDevice { major, minor }) =
        special
    else {
        return Vec::new();
    };
    let implementation = EntityId::new(b"*discwright", [0; 8]);
    let len = size_of::<DeviceSpecification>() + size_of::<EntityId>();
    let attribute = DeviceSpecification {
        head: head(attribute_type::DEVICE_SPECIFICATION, len),
        implementation_use_length: number(size_of::<EntityId>()).into(),
        major: major.into(),
        minor: minor.into(),
    };
    [attribute.as_bytes(), implementation.as_bytes()].concat()
}

/// An attribute of the user's; a sum of its head goes before the value. UDF 3.3.4.5.
fn user(form: Form, name: &str, value: &[u8]) -> Vec<u8> {
    let suffix = if name.starts_with("*UDF ") {
        EntityId::udf_suffix(form.revision.number())
    } else {
        [0; 8]
    };
    let used = size_of::<u16>() + value.len();
    let len = (size_of::<UseAttribute>() + used).next_multiple_of(4);
    let attribute = UseAttribute {
        head: head(attribute_type::IMPLEMENTATION_USE, len),
        use_length: number(used).into(),
        identifier: EntityId::new(name.as_bytes(), suffix),
    };
    let fixed = attribute.as_bytes();
    let sum = fixed.iter().fold(0u16, |sum, byte| sum.wrapping_add((*byte).into()));
    let mut bytes = [fixed, &sum.to_le_bytes(), value].concat();
    bytes.resize(len, 0);
    bytes
}

fn head(attribute_type: u32, len: usize) -> AttributeHead {
    AttributeHead {
        attribute_type: attribute_type.into(),
        subtype: 1,
        reserved: [0; 3],
        length: number(len).into(),
    }
}

fn number(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
