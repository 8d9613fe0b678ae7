//! How the image starts a machine, as the caller asks for it.

use image_core::boot::{
    BootEntry, BootImage, BootOptions, BootSection, Bytes, ElTorito, Emulation, Hybrid, MbrCode,
    PartitionTable, Platform, SelectionCriteria, SystemPartition,
};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::details::hidden_in;
use crate::fields::{Fields, Read};

pub(crate) fn read(fields: &mut Fields, boot: &mut BootOptions) -> Read {
    catalog(fields, &mut boot.el_torito)?;
    boot.system_area = fields.bytes("systemArea")?.map(Bytes::from);
    fields.object("hybrid", &mut |fields| hybrid(fields, &mut boot.hybrid))?;
    Ok(())
}

fn catalog(fields: &mut Fields, catalog: &mut Option<ElTorito>) -> Read {
    let mut before: Option<String> = None;
    fields.objects("entries", &mut |fields| {
        let (platform, entry) = (platform(fields)?, entry(fields)?);
        let section = fields.optional_text("section")?;
        match catalog {
            None => *catalog = Some(ElTorito::new(platform, entry)),
            Some(catalog) => match catalog.sections.last_mut() {
                Some(last) if section.is_some() && section == before => last.entries.push(entry),
                _ => {
                    let mut made = BootSection::of(platform, entry);
                    made.id = section.clone().unwrap_or_default();
                    catalog.sections.push(made);
                    before = section;
                }
            },
        }
        Ok(())
    })?;
    let mut id = String::new();
    fields.text("id", &mut id)?;
    let path = fields.optional_text("catalogPath")?;
    let hidden = hidden_in(fields, "catalogHiddenIn")?;
    if let Some(catalog) = catalog {
        (catalog.id, catalog.catalog_path, catalog.catalog_hidden_in) = (id, path, hidden);
    }
    Ok(())
}

fn platform(fields: &mut Fields) -> Read<Platform> {
    let platforms = [
        ("bios", Some(Platform::BIOS)),
        ("powerPc", Some(Platform::POWER_PC)),
        ("mac", Some(Platform::MAC)),
        ("uefi", Some(Platform::UEFI)),
    ];
    let mut platform = None;
    if fields.value("platform").is_some_and(|value| value.as_f64().is_some()) {
        platform = fields.u8("platform")?.map(Platform);
    } else {
        fields.choice("platform", &platforms, &mut platform)?;
    }
    platform.ok_or_else(|| fields.refusal("platform", "bios, uefi, powerPc, mac or a number"))
}

fn entry(fields: &mut Fields) -> Read<BootEntry> {
    let image = fields.value("image").as_ref().and_then(boot_image);
    let image = image.ok_or_else(|| fields.refusal("image", "a path or a Uint8Array"))?;
    let mut entry = BootEntry::new(image);
    let emulations = [
        ("none", Emulation::None),
        ("floppy1200", Emulation::Floppy1200),
        ("floppy1440", Emulation::Floppy1440),
        ("floppy2880", Emulation::Floppy2880),
        ("hardDisk", Emulation::HardDisk),
    ];
    fields.flag("bootable", &mut entry.bootable)?;
    fields.choice("emulation", &emulations, &mut entry.emulation)?;
    entry.load_segment = fields.u16("loadSegment")?.unwrap_or_default();
    entry.sector_count = fields.u16("sectorCount")?;
    fields.object("criteria", &mut |fields| {
        let kind = fields.u8("kind")?.unwrap_or(1);
        let bytes = fields.bytes("bytes")?.unwrap_or_default();
        entry.criteria = Some(SelectionCriteria { kind, bytes });
        Ok(())
    })?;
    fields.flag("infoTable", &mut entry.info_table)?;
    fields.flag("grub2Pointer", &mut entry.grub2_pointer)?;
    Ok(entry)
}

fn boot_image(value: &JsValue) -> Option<BootImage> {
    if let Some(path) = value.as_string() {
        return Some(BootImage::File(path.trim_start_matches('/').to_owned()));
    }
    Some(BootImage::Unnamed(value.dyn_ref::<Uint8Array>()?.to_vec().into()))
}

fn hybrid(fields: &mut Fields, place: &mut Option<Hybrid>) -> Read {
    let tables = [
        ("mbr", Some(PartitionTable::Mbr)),
        ("gpt", Some(PartitionTable::Gpt)),
        ("both", Some(PartitionTable::Both)),
    ];
    let mut table = None;
    fields.choice("table", &tables, &mut table)?;
    let table = table.ok_or_else(|| fields.refusal("table", "mbr, gpt or both"))?;
    let mut hybrid = Hybrid::new(table);
    fields.object("code", &mut |fields| mbr_code(fields, &mut hybrid.code))?;
    let places = [("inPlace", SystemPartition::InPlace), ("appended", SystemPartition::Appended)];
    fields.choice("systemPartition", &places, &mut hybrid.system_partition)?;
    hybrid.partition_type = fields.u8("partitionType")?.unwrap_or(hybrid.partition_type);
    *place = Some(hybrid);
    Ok(())
}

fn mbr_code(fields: &mut Fields, code: &mut Option<MbrCode>) -> Read {
    type Make = fn(Bytes) -> MbrCode;
    let loaders: [(&str, Make); 3] =
        [("isolinux", MbrCode::Isolinux), ("grub2", MbrCode::Grub2), ("other", MbrCode::Other)];
    let mut made: Make = MbrCode::Other;
    fields.choice("loader", &loaders, &mut made)?;
    let bytes = fields.bytes("bytes")?.ok_or_else(|| fields.refusal("bytes", "a Uint8Array"))?;
    *code = Some(made(bytes.into()));
    Ok(())
}
