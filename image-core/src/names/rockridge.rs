//! Rock Ridge names: any bytes, here up to the 255 that POSIX systems can show. RRIP 4.1.4.

use super::{Candidate, Entry, Overrides, Reason, override_some};

const MAX_BYTES: usize = 255;

pub(crate) fn map_directory(entries: &[Entry<'_>], overrides: &mut Overrides) {
    override_some(entries, |name| name.len() <= MAX_BYTES, rewrite, overrides);
}

fn rewrite(entry: &Entry<'_>) -> (Candidate, Reason) {
    (super::udf::shortened(entry.name, MAX_BYTES, char::len_utf8), Reason::Length)
}
