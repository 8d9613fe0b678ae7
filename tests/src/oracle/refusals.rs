//! Forms of UDF that readers are known not to read.

use super::View;
use crate::forms::Form;

/// Why the reader of this name cannot read `view` of an image with UDF of this form; `None` when it can.
pub fn refusal(reader: &str, view: View, form: Form) -> Option<&'static str> {
    let (spared, table) = (form.is_sparable(), form.is_virtual());
    let laid_over = table || form.has_metadata_partition();
    if view != View::Udf {
        return (reader == "pycdlib" && laid_over)
            .then_some("it opens UDF whatever it is asked for");
    }
    match reader {
        "libcdio" if form.has_extended_entries() => Some("it looks for NSR02 only"),
        "libcdio" if table => Some("it knows no virtual partitions"),
        "libudfread" if spared || table => Some("it knows plain and metadata partitions only"),
        "7-Zip" if spared || table => Some("it calls these partitions unsupported"),
        "pycdlib" if laid_over => Some("it looks for everything in the plain partition"),
        "grub" if spared || laid_over => Some("it takes every map for one of the partition itself"),
        _ => None,
    }
}

/// Warnings of udfinfo that are not about a fault: those that contain this, in images of this form and of several sessions or
/// one.
pub fn is_known_warning(form: Form, sessions: bool, warning: &str) -> bool {
    // The last block is for the entry of the virtual allocation table, within the partition; so is the anchor 256 blocks
    // before it, which a closed volume needs as its second. UDF 2.2.3, 2.2.11. The partition of a further session has the files
    // of those before, and with them what lies between. UDF 6.10.3.
    let overlaps = form.is_virtual() || sessions;
    overlaps && warning.contains("Partition Space overlaps with other blocks")
}
