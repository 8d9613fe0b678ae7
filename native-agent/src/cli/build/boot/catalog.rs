//! What stands where the boot catalog goes: that of an earlier image is replaced, a file of the user's is not.

use image_core::boot::BootOptions;
use image_core::tree::Kind;

use super::input;
use crate::cli::CliError;
use crate::source::local::{Scan, content};

/// Longest file that is looked into; a catalog has 64 entries to a block.
const LONGEST: u64 = 64 << 10;

/// Refuses a catalog that would take the place of a file that is none. What an image was copied from has its own there.
pub(super) fn check(boot: &BootOptions, scan: &Scan) -> Result<(), CliError> {
    let path = boot.el_torito.as_ref().and_then(|catalog| catalog.catalog_path.as_deref());
    let Some((path, node)) = path.and_then(|path| Some((path, scan.tree.find(path)?))) else {
        return Ok(());
    };
    let Kind::File { source, len } = scan.tree.kind(node) else { return Ok(()) };
    if len <= LONGEST && is_catalog(&content::read_listed(&scan.files, source).map_err(input)?) {
        return Ok(());
    }
    let message =
        format!("the boot catalog would take the place of {path}, which is no boot catalog");
    Err(CliError::usage(message)
        .hint("give the catalog another path with --boot-catalog, or rename that file"))
}

/// Whether bytes begin with a validation entry. El Torito 1.0, figure 2.
fn is_catalog(bytes: &[u8]) -> bool {
    let Some(entry) = bytes.first_chunk::<32>() else { return false };
    let words = entry.as_chunks::<2>().0.iter().map(|word| u16::from_le_bytes(*word));
    entry.first() == Some(&1)
        && entry.ends_with(&[0x55, 0xAA])
        && words.fold(0, u16::wrapping_add) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catalogs_are_told_from_other_files() {
        let mut entry = [0; 2048];
        entry[0] = 1;
        entry[28..32].copy_from_slice(&[0xAA, 0x55, 0x55, 0xAA]);
        assert!(is_catalog(&entry));
        entry[27] = 1;
        assert!(!is_catalog(&entry));
        assert!(!is_catalog(b"DEFAULT linux\n"));
        assert!(!is_catalog(&[0; 2048]));
    }
}
