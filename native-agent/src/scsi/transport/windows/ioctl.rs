//! Requests to device drivers.

use core::{ffi::c_void, ptr};
use std::{
    fs::{File, OpenOptions},
    io,
    os::windows::{fs::OpenOptionsExt, io::AsRawHandle},
    path::Path,
};

use windows_sys::Win32::{
    Devices::Cdrom::{CDROM_EXCLUSIVE_ACCESS, CDROM_EXCLUSIVE_LOCK},
    Foundation::{GENERIC_READ, GENERIC_WRITE, GetLastError},
    Storage::{
        FileSystem::{FILE_DEVICE_CD_ROM, FILE_SHARE_READ, FILE_SHARE_WRITE},
        IscsiDisc::IOCTL_SCSI_PASS_THROUGH_DIRECT,
    },
    System::{
        IO::DeviceIoControl,
        Ioctl::{
            IOCTL_STORAGE_GET_DEVICE_NUMBER, IOCTL_STORAGE_QUERY_PROPERTY, PropertyStandardQuery,
            STORAGE_ADAPTER_DESCRIPTOR, STORAGE_DEVICE_NUMBER, STORAGE_PROPERTY_QUERY,
            StorageAdapterProperty,
        },
    },
};
use zerocopy::{FromBytes, FromZeros, IntoBytes};

use super::device::PassThrough;

/// Opens a device. Without access its driver can be asked what it is, and no file system is mounted for it.
pub(super) fn open(path: &Path, access: bool) -> io::Result<File> {
    let access = if access { GENERIC_READ | GENERIC_WRITE } else { 0 };
    let mut options = OpenOptions::new();
    options.access_mode(access).share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE);
    options.open(path)
}

/// Structures a driver only reads.
///
/// # Safety
/// The type is `repr(C)` and has no pointers.
#[expect(unsafe_code, reason = "an unsafe trait keeps the list of request types in one place")]
pub(super) unsafe trait Request {}

#[expect(unsafe_code, reason = "see the trait")]
// SAFETY: two and three fields of plain integers.
unsafe impl Request for CDROM_EXCLUSIVE_ACCESS {}
#[expect(unsafe_code, reason = "see the trait")]
// SAFETY: integers and an array of bytes.
unsafe impl Request for CDROM_EXCLUSIVE_LOCK {}
#[expect(unsafe_code, reason = "see the trait")]
// SAFETY: integers and an array of bytes.
unsafe impl Request for STORAGE_PROPERTY_QUERY {}

/// A request without parameters.
pub(super) fn order(file: &File, code: u32) -> Result<(), u32> {
    control(file, code, (ptr::null(), 0), (ptr::null_mut(), 0)).map(|_| ())
}

/// A request with parameters.
pub(super) fn tell<R: Request>(file: &File, code: u32, request: &R) -> Result<(), u32> {
    control(file, code, input(request), (ptr::null_mut(), 0)).map(|_| ())
}

/// A request with an answer; what the driver leaves out of it is zero.
pub(super) fn ask<R: Request, A: FromBytes + IntoBytes>(
    file: &File,
    code: u32,
    request: &R,
) -> Result<A, u32> {
    let mut answer = A::new_zeroed();
    control(file, code, input(request), output(&mut answer))?;
    Ok(answer)
}

/// Which device of which kind.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes)]
#[repr(C)]
pub(super) struct DeviceNumber {
    kind: u32,
    pub(super) number: u32,
    partition: u32,
}

const _: () = assert!(size_of::<DeviceNumber>() == size_of::<STORAGE_DEVICE_NUMBER>());

impl DeviceNumber {
    pub(super) const fn is_cd_rom(self) -> bool {
        self.kind == FILE_DEVICE_CD_ROM
    }
}

/// The N of `\\.\CdRomN`.
pub(super) fn device_number(file: &File) -> Result<DeviceNumber, u32> {
    let mut answer = DeviceNumber::new_zeroed();
    let code = IOCTL_STORAGE_GET_DEVICE_NUMBER;
    control(file, code, (ptr::null(), 0), output(&mut answer))?;
    Ok(answer)
}

/// What the adapter can do, as far as STORAGE_ADAPTER_DESCRIPTOR was in the first Windows with it.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes)]
#[repr(C)]
pub(super) struct Adapter {
    version: u32,
    size: u32,
    pub(super) max_transfer: u32,
    pub(super) max_pages: u32,
    /// 0, 1, 3 or 7: the bits of an address that must be zero.
    pub(super) alignment_mask: u32,
    rest: [u8; 12],
}

const _: () = assert!(size_of::<Adapter>() == size_of::<STORAGE_ADAPTER_DESCRIPTOR>());
const _: () = assert!(core::mem::offset_of!(STORAGE_ADAPTER_DESCRIPTOR, AlignmentMask) == 16);

/// The limits of the adapter the drive hangs on.
pub(super) fn adapter(file: &File) -> Result<Adapter, u32> {
    let query = STORAGE_PROPERTY_QUERY {
        PropertyId: StorageAdapterProperty,
        QueryType: PropertyStandardQuery,
        AdditionalParameters: [0],
    };
    ask(file, IOCTL_STORAGE_QUERY_PROPERTY, &query)
}

/// Passes a command on; the driver writes status, sense and the bytes moved into the same structure.
///
/// # Safety
/// `DataBuffer` is null or points to `DataTransferLength` bytes, which the driver may write to if `DataIn` says so.
#[expect(unsafe_code, reason = "the structure holds a raw pointer")]
pub(super) unsafe fn pass(file: &File, command: &mut PassThrough) -> Result<(), u32> {
    let len = size_of::<PassThrough>() as u32;
    let at = ptr::from_mut(command).cast::<c_void>();
    control(file, IOCTL_SCSI_PASS_THROUGH_DIRECT, (at, len), (at, len)).map(|_| ())
}

fn input<R: Request>(request: &R) -> (*const c_void, u32) {
    (ptr::from_ref(request).cast(), size_of::<R>() as u32)
}

fn output<A: FromBytes + IntoBytes>(answer: &mut A) -> (*mut c_void, u32) {
    (ptr::from_mut(answer).cast(), size_of::<A>() as u32)
}

/// The call itself, on a handle without FILE_FLAG_OVERLAPPED: it returns when the driver is done.
#[expect(unsafe_code, reason = "drivers are reached through untyped buffers")]
fn control(
    file: &File,
    code: u32,
    (input, input_len): (*const c_void, u32),
    (output, output_len): (*mut c_void, u32),
) -> Result<u32, u32> {
    let mut moved = 0;
    // SAFETY: private to this file, whose functions pass either null with 0, or a pointer to a live value of a
    // `Request` type, of a `FromBytes` type (for which all bytes a driver writes are valid), or to the structure of
    // `pass`, each with its own size. The handle is open as long as `file` is borrowed.
    let done = unsafe {
        let handle = file.as_raw_handle();
        DeviceIoControl(
            handle,
            code,
            input,
            input_len,
            output,
            output_len,
            &mut moved,
            ptr::null_mut(),
        )
    };
    if done == 0 {
        // SAFETY: reads a number of this thread.
        return Err(unsafe { GetLastError() });
    }
    Ok(moved)
}
