//! The boot record volume descriptor. ECMA-119 8.2, El Torito 1.0 figure 7.

use zerocopy::{FromZeros as _, IntoBytes as _};

use super::put;
use crate::plan::Plan;
use crate::wire::eltorito::{BOOT_SYSTEM_IDENTIFIER, BootRecord};
use crate::wire::iso9660::{STANDARD_IDENTIFIER, descriptor_type};

impl Plan {
    pub(super) fn boot_record(&self, block: &mut [u8]) {
        let mut record = BootRecord::new_zeroed();
        record.descriptor_type = descriptor_type::BOOT_RECORD;
        record.standard_identifier = STANDARD_IDENTIFIER;
        record.version = 1;
        put(&mut record.boot_system_identifier, 0, &BOOT_SYSTEM_IDENTIFIER);
        let kept = || self.options().session.and_then(|session| session.boot_catalog);
        let catalog = self.layout.boot.catalog_start().or_else(kept);
        record.catalog = catalog.unwrap_or_default().0.into();
        put(block, 0, record.as_bytes());
    }
}
