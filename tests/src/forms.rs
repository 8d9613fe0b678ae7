//! Every revision of UDF with every form of partition that it has, and which readers know which.

use image_core::{UdfMetadata, UdfOptions, UdfPartition, UdfRevision};

/// How UDF is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    pub revision: UdfRevision,
    pub partition: UdfPartition,
    pub metadata: UdfMetadata,
}

const FEW: [&str; 6] = [
    "udf 1.02 read-only",
    "udf 1.50 virtual",
    "udf 2.00 overwritable",
    "udf 2.01 sparable",
    "udf 2.50 read-only separate",
    "udf 2.60 pseudo-overwritable duplicated",
];

impl Form {
    /// All of them, the earliest revision first.
    pub fn all() -> Vec<Self> {
        UdfRevision::ALL.into_iter().flat_map(Self::of).collect()
    }

    /// One of each revision, every form of partition among them.
    pub fn few() -> Vec<Self> {
        let all = Self::all();
        let wanted = |name: &&str| all.iter().copied().find(|form| form.name() == *name);
        FEW.iter().filter_map(wanted).collect()
    }

    /// Those of one revision.
    pub fn of(revision: UdfRevision) -> Vec<Self> {
        let mut found = Vec::new();
        let mut add = |partition, metadata| found.push(Self { revision, partition, metadata });
        let separate = [UdfMetadata::Separate, UdfMetadata::Duplicated];
        let kinds: &[UdfMetadata] =
            if revision >= UdfRevision::V2_50 { &separate } else { &[UdfMetadata::Mixed] };
        for metadata in kinds {
            add(UdfPartition::ReadOnly, *metadata);
            add(UdfPartition::Overwritable, *metadata);
            if revision >= UdfRevision::V1_50 {
                add(UdfPartition::Sparable { packet_blocks: 32 }, *metadata);
            }
            if revision >= UdfRevision::V2_60 {
                add(UdfPartition::PseudoOverwritable, *metadata);
            }
        }
        if revision >= UdfRevision::V1_50 {
            add(UdfPartition::Virtual, UdfMetadata::Mixed);
        }
        found
    }

    /// A short name for reports: `2.50 sparable separate`.
    pub fn name(self) -> String {
        let partition = match self.partition {
            UdfPartition::ReadOnly => "read-only",
            UdfPartition::Overwritable => "overwritable",
            UdfPartition::PseudoOverwritable => "pseudo-overwritable",
            UdfPartition::Virtual => "virtual",
            UdfPartition::Sparable { .. } => "sparable",
        };
        let metadata = match self.metadata {
            UdfMetadata::Mixed => "",
            UdfMetadata::Separate => " separate",
            UdfMetadata::Duplicated => " duplicated",
        };
        format!("udf {} {partition}{metadata}", self.revision)
    }

    pub fn options(self) -> UdfOptions {
        let Self { revision, partition, metadata } = self;
        UdfOptions { revision, partition, metadata, ..UdfOptions::default() }
    }

    /// The options of `discwright build` for it.
    pub fn arguments(self) -> [String; 3] {
        let partition = match self.partition {
            UdfPartition::ReadOnly => "read-only",
            UdfPartition::Overwritable => "overwritable",
            UdfPartition::PseudoOverwritable => "pow",
            UdfPartition::Virtual => "vat",
            UdfPartition::Sparable { .. } => "sparable",
        };
        let metadata = match self.metadata {
            UdfMetadata::Mixed => "mixed",
            UdfMetadata::Separate => "separate",
            UdfMetadata::Duplicated => "duplicated",
        };
        [
            format!("--udf={}", self.revision),
            format!("--udf-partition={partition}"),
            format!("--udf-metadata={metadata}"),
        ]
    }

    /// Whether a further session can go on with it.
    pub fn is_continued(self) -> bool {
        matches!(self.partition, UdfPartition::ReadOnly | UdfPartition::Virtual)
    }

    pub fn is_virtual(self) -> bool {
        self.partition == UdfPartition::Virtual
    }

    pub fn is_sparable(self) -> bool {
        matches!(self.partition, UdfPartition::Sparable { .. })
    }

    pub fn has_metadata_partition(self) -> bool {
        self.metadata != UdfMetadata::Mixed
    }

    pub fn has_extended_entries(self) -> bool {
        self.revision >= UdfRevision::V2_00
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_few_are_there() {
        assert_eq!(Form::few().len(), FEW.len());
        assert_eq!(Form::all().len(), 30);
    }
}
