//! Which optical drives there are: the device interfaces of the class CD-ROM, by drive letter where they have one.

use core::ptr;
use std::path::{Path, PathBuf};

use windows_sys::Win32::{
    Devices::DeviceAndDriverInstallation::{
        CM_GET_DEVICE_INTERFACE_LIST_PRESENT, CM_Get_Device_Interface_List_SizeW,
        CM_Get_Device_Interface_ListW, CR_BUFFER_SMALL, CR_SUCCESS,
    },
    Storage::FileSystem::{GetDriveTypeW, GetLogicalDrives},
    System::Ioctl::GUID_DEVINTERFACE_CDROM,
};

use super::{codes, ioctl};

/// What GetDriveTypeW says of optical drives (`winbase.h`).
const DRIVE_CDROM: u32 = 5;
/// The list may grow between asking for its size and for itself.
const TRIES: u32 = 4;

/// The optical drives of this machine.
#[must_use]
pub fn devices() -> Vec<PathBuf> {
    let letters = lettered();
    let mut numbers: Vec<u32> =
        interfaces().iter().filter_map(|path| number(Path::new(path))).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let name = |number: u32| {
        let letter = letters.iter().find(|(_, lettered)| *lettered == number);
        letter.map_or_else(|| format!(r"\\.\CdRom{number}"), |(path, _)| path.clone()).into()
    };
    numbers.into_iter().map(name).collect()
}

/// Asks the driver without opening the volume, so that no disc is touched.
fn number(path: &Path) -> Option<u32> {
    let file = ioctl::open(path, false).ok()?;
    ioctl::device_number(&file).ok().filter(|number| number.is_cd_rom()).map(|number| number.number)
}

/// `\\.\D:` and the number of its drive, for each letter of an optical drive.
fn lettered() -> Vec<(String, u32)> {
    #[expect(unsafe_code, reason = "a call without parameters")]
    // SAFETY: it has no parameters and returns a bit per letter.
    let letters = unsafe { GetLogicalDrives() };
    let named = |letter: u8| {
        let path = format!(r"\\.\{}:", letter as char);
        is_optical(letter).then(|| number(Path::new(&path))).flatten().map(|number| (path, number))
    };
    (b'A'..=b'Z').filter(|letter| letters >> (letter - b'A') & 1 != 0).filter_map(named).collect()
}

fn is_optical(letter: u8) -> bool {
    let root = [u16::from(letter), u16::from(b':'), u16::from(b'\\'), 0];
    #[expect(unsafe_code, reason = "the call reads a string through a pointer")]
    // SAFETY: the string ends with a NUL and lives until the call returns.
    let kind = unsafe { GetDriveTypeW(root.as_ptr()) };
    kind == DRIVE_CDROM
}

/// The paths of all interfaces of the class that are present.
fn interfaces() -> Vec<String> {
    for _ in 0..TRIES {
        let mut len = 0;
        #[expect(unsafe_code, reason = "the call writes a number through a pointer")]
        // SAFETY: `len` and the GUID outlive the call; no device id means all devices.
        let sized = unsafe {
            CM_Get_Device_Interface_List_SizeW(
                &mut len,
                &GUID_DEVINTERFACE_CDROM,
                ptr::null(),
                CM_GET_DEVICE_INTERFACE_LIST_PRESENT,
            )
        };
        if sized != CR_SUCCESS {
            return Vec::new();
        }
        let mut list = vec![0u16; len as usize];
        #[expect(unsafe_code, reason = "the call fills a buffer")]
        // SAFETY: the buffer has room for the units announced beside it.
        let listed = unsafe {
            CM_Get_Device_Interface_ListW(
                &GUID_DEVINTERFACE_CDROM,
                ptr::null(),
                list.as_mut_ptr(),
                len,
                CM_GET_DEVICE_INTERFACE_LIST_PRESENT,
            )
        };
        match listed {
            CR_SUCCESS => return codes::strings(&list),
            CR_BUFFER_SMALL => {}
            _ => return Vec::new(),
        }
    }
    Vec::new()
}
