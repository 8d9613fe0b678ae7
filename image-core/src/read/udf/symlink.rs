//! What a symbolic link points to: its content is path components. ECMA-167 4/14.16; UDF 2.3.8.

use alloc::string::String;

use zerocopy::FromBytes as _;

use super::super::blocks::Blocks;
use super::super::entry::Extent;
use super::super::{BlockSource, ReadError};
use super::icb::Icb;
use crate::wire::udf::{PathComponent, component_type, cs0};

/// Longest recorded target of a link.
const MAX_TARGET: u64 = 1 << 16;

pub(super) fn target<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    icb: &Icb,
    extents: &[Extent],
) -> Result<String, ReadError> {
    let malformed = || icb.position.malformed("the path components of a link (ECMA-167 4/14.16)");
    if icb.len > MAX_TARGET {
        return Err(malformed());
    }
    let mut bytes = alloc::vec![0; usize::try_from(icb.len).unwrap_or_default()];
    let read = blocks.read_at(extents, 0, &mut bytes)?;
    components(bytes.get(..read).unwrap_or_default()).ok_or_else(malformed)
}

/// The path that these components make up; `None` when they are not whole.
fn components(bytes: &[u8]) -> Option<String> {
    let mut path = String::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (component, after) = PathComponent::read_from_prefix(rest).ok()?;
        let (identifier, after) =
            after.split_at_checked(usize::from(component.identifier_length))?;
        if !path.is_empty() && !path.ends_with('/') {
            path.push('/');
        }
        match component.component_type {
            component_type::ROOT => path = String::from("/"),
            component_type::PARENT => path.push_str(".."),
            component_type::CURRENT => path.push('.'),
            component_type::NAME => path.push_str(&cs0::decode(identifier)?),
            // Type 1 is for the root of some other system; what it means is for the two sides to agree on.
            1 => path = String::from("/"),
            _ => return None,
        }
        rest = after;
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_make_a_path() {
        let path = b"\x02\0\0\0\x05\x04\0\0\x08usr\x03\0\0\0\x04\0\0\0\x05\x03\0\0\x10\x65\xe5";
        assert_eq!(components(path).as_deref(), Some("/usr/.././\u{65e5}"));
        assert_eq!(components(b"").as_deref(), Some(""));
        assert_eq!(components(b"\x05\x04\0\0\x08us"), None);
        assert_eq!(components(b"\x09\0\0\0"), None);
    }
}
