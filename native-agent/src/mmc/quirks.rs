//! Drives that differ from the standard, as others found them: what this program does otherwise with each.
//!
//! Only differences that change what is done stand here. What every drive may do is simply borne: waiting (`patience`),
//! refusals of CLOSE TRACK and of speeds, buffers with more room than they have.

use super::{Closing, Configuration, feature};
use crate::scsi::Inquiry;

/// A difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quirk {
    /// A DVD+R DL is finalized with close function 101b only, where the lead-out reaches at least 30 mm. MMC-6 table 254.
    FinalizeMinimum,
    /// FORMAT UNIT type 30h with quick certification is refused although the feature offers it. MMC-6 5.3.10.
    NoQuickCertification,
    /// READ BUFFER CAPACITY disturbs the drive before its buffer was full once.
    LateBufferQuestions,
    /// WRITE(12) with the streaming bit does harm, or nothing.
    NoStreaming,
}

/// A model: vendor in full, the product from its start or anywhere in it, and its revisions, if only some are meant.
struct Model {
    vendor: &'static str,
    product: &'static str,
    revisions: &'static [&'static str],
    quirk: Quirk,
    source: &'static str,
}

const MODELS: [Model; 4] = [
    Model {
        vendor: "HP",
        product: "520n",
        revisions: &[],
        quirk: Quirk::FinalizeMinimum,
        source: "growisofs 7.1, plus_r_finalize",
    },
    Model {
        vendor: "HL-DT-ST",
        product: "GGW-H20L",
        revisions: &["YL03"],
        quirk: Quirk::NoQuickCertification,
        source: "libburn, formatting of BD-RE (2008-11-29)",
    },
    Model {
        vendor: "PIONEER",
        product: "DVR-216D",
        revisions: &["1.09"],
        quirk: Quirk::LateBufferQuestions,
        source: "libburn, writing of DVD-R",
    },
    Model {
        vendor: "MATSHITA",
        product: "UJ",
        revisions: &[],
        quirk: Quirk::NoStreaming,
        source: "libburn cookbook, stream recording",
    },
];

/// The differences of one drive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quirks(Vec<Quirk>);

impl Quirks {
    /// Those of the model that a drive says it is.
    #[must_use]
    pub fn of(inquiry: &Inquiry) -> Self {
        let known = MODELS.iter().filter(|model| model.matches(inquiry));
        Self(known.inspect(|model| model.tell()).map(|model| model.quirk).collect())
    }

    /// Whether the drive has this one.
    #[must_use]
    pub fn has(&self, quirk: Quirk) -> bool {
        self.0.contains(&quirk)
    }

    /// Takes back what the drive claims and cannot do.
    pub(super) fn correct(&self, configuration: &mut Configuration) {
        /// Bit 1 of byte 4 of the Formattable feature.
        const QUICK: u8 = 0b10;
        if !self.has(Quirk::NoQuickCertification) {
            return;
        }
        let formattable = |feature: &&mut super::Feature| feature.code == feature::FORMATTABLE;
        if let Some(bits) =
            configuration.features.iter_mut().find(formattable).and_then(|f| f.data.first_mut())
        {
            *bits &= !QUICK;
        }
    }

    /// How to close where the standard wants `closing`.
    #[must_use]
    pub fn closing(&self, closing: Closing) -> Closing {
        match closing {
            Closing::Finalize if self.has(Quirk::FinalizeMinimum) => Closing::FinalizeMinimum,
            other => other,
        }
    }
}

impl Model {
    fn matches(&self, inquiry: &Inquiry) -> bool {
        inquiry.vendor.eq_ignore_ascii_case(self.vendor)
            && inquiry.product.contains(self.product)
            && (self.revisions.is_empty() || self.revisions.contains(&inquiry.revision.as_str()))
    }

    fn tell(&self) {
        let Self { vendor, product, quirk, source, .. } = self;
        tracing::debug!("{vendor} {product} is known for {quirk:?} ({source})");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_known_by_what_they_say() {
        let inquiry = |vendor: &str, product: &str, revision: &str| Inquiry {
            device_type: 5,
            vendor: vendor.to_owned(),
            product: product.to_owned(),
            revision: revision.to_owned(),
        };
        for (vendor, product, revision, quirks) in [
            ("hp", "DVD Writer 520n", "0.84", &[Quirk::FinalizeMinimum][..]),
            ("HL-DT-ST", "BD-RE  GGW-H20L", "YL03", &[Quirk::NoQuickCertification]),
            ("HL-DT-ST", "BD-RE  GGW-H20L", "YL05", &[]),
            ("PIONEER", "DVD-RW  DVR-216D", "1.09", &[Quirk::LateBufferQuestions]),
            ("MATSHITA", "BD-MLT UJ240AS", "1.20", &[Quirk::NoStreaming]),
            ("DISCWRT", "Virtual Burner", "0100", &[]),
        ] {
            let found = Quirks::of(&inquiry(vendor, product, revision));
            assert_eq!(found.0, quirks, "{vendor} {product} {revision}");
        }
    }
}
