//! What is on a disc before anything is recorded: its maker, what protects it, where its layers end.

use super::{Asker, DriveFacts, ProbeError};
use crate::mmc::{
    Atip, DiscStructure, LayerBoundary, Profile, Protection, StructureMedium, feature, read_atip,
    read_disc_structure, structure_format,
};

/// The groove of a recordable CD.
pub(super) fn probe_atip(
    asker: &mut Asker<'_>,
    profile: Profile,
) -> Result<Option<Atip>, ProbeError> {
    if matches!(profile, Profile::CD_R | Profile::CD_RW) {
        return asker.may("READ TOC/PMA/ATIP", &read_atip(), Atip::parse);
    }
    Ok(None)
}

/// Maker and type of a recordable DVD or BD; on a CD the groove has the maker.
pub(super) fn probe_media_id(
    asker: &mut Asker<'_>,
    profile: Profile,
) -> Result<Option<String>, ProbeError> {
    let (medium, format) = match profile {
        Profile::BD_R | Profile::BD_R_RANDOM | Profile::BD_RE => {
            (StructureMedium::Bd, structure_format::PHYSICAL)
        }
        Profile::DVD_PLUS_R
        | Profile::DVD_PLUS_R_DL
        | Profile::DVD_PLUS_RW
        | Profile::DVD_PLUS_RW_DL => (StructureMedium::Dvd, structure_format::ADIP),
        Profile::DVD_R
        | Profile::DVD_RW
        | Profile::DVD_RW_OVERWRITE
        | Profile::DVD_R_DL
        | Profile::DVD_R_DL_JUMP => (StructureMedium::Dvd, structure_format::DVD_MINUS_MEDIA_ID),
        _ => return Ok(None),
    };
    let question = read_disc_structure(medium, format);
    let structure = asker.may("READ DISC STRUCTURE", &question, DiscStructure::parse)?;
    Ok(structure.and_then(|structure| match (medium, format) {
        (StructureMedium::Bd, _) => structure.bd_media_id(),
        (_, structure_format::DVD_MINUS_MEDIA_ID) => structure.prerecorded_media_id(),
        _ => structure.adip_media_id(),
    }))
}

/// Drives that know of protection say so in the Write Protect feature, which is current then.
pub(super) fn probe_protection(
    asker: &mut Asker<'_>,
    drive: &DriveFacts,
) -> Result<Protection, ProbeError> {
    let configuration = &drive.configuration;
    let medium = StructureMedium::of(configuration.current);
    let Some(medium) = medium.filter(|_| configuration.is_current(feature::WRITE_PROTECT)) else {
        return Ok(Protection::default());
    };
    let question = read_disc_structure(medium, structure_format::PROTECTION);
    let structure = asker.may("READ DISC STRUCTURE", &question, DiscStructure::parse)?;
    Ok(structure.map(|structure| Protection::parse(&structure)).unwrap_or_default())
}

pub(super) fn probe_layer_boundary(
    asker: &mut Asker<'_>,
    profile: Profile,
) -> Result<Option<LayerBoundary>, ProbeError> {
    let Some(format) = profile.layer_boundary_format() else { return Ok(None) };
    let question = read_disc_structure(StructureMedium::Dvd, format);
    let structure = asker.may("READ DISC STRUCTURE", &question, DiscStructure::parse)?;
    Ok(structure.and_then(|structure| structure.layer_boundary()))
}
