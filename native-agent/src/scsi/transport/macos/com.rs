//! The interfaces of the SCSITask plug-in (`IOKit/scsi/SCSITaskLib.h`), which are COM: a pointer to a pointer to a table
//! of functions, each of which takes the former. The order of the functions is the binary interface.

use core::{ffi::c_void, ptr::NonNull};

/// Interface ids and plug-in types, by value as CFUUIDBytes.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct Uuid(pub(super) [u8; 16]);

/// `kIOMMCDeviceUserClientTypeID`: the plug-in for authoring drives.
pub(super) const MMC_CLIENT: Uuid = Uuid([
    0x97, 0xab, 0xcf, 0x2c, 0x23, 0xcc, 0x11, 0xd5, 0xa0, 0xe8, 0x00, 0x30, 0x65, 0x70, 0x48, 0x66,
]);
/// `kIOMMCDeviceInterfaceID`.
pub(super) const MMC_INTERFACE: Uuid = Uuid([
    0x1f, 0x65, 0x11, 0x06, 0x23, 0xcc, 0x11, 0xd5, 0xbb, 0xdb, 0x00, 0x30, 0x65, 0x70, 0x48, 0x66,
]);
/// `kIOCFPlugInInterfaceID` (`IOKit/IOCFPlugIn.h`).
pub(super) const PLUG_IN_INTERFACE: Uuid = Uuid([
    0xc2, 0x44, 0xe8, 0x58, 0x10, 0x9c, 0x11, 0xd4, 0x91, 0xd4, 0x00, 0x50, 0xe4, 0xc6, 0x42, 0x6f,
]);

/// `this` of every function.
pub(super) type This = *mut c_void;
type Sense = *mut [u8; 18];
type Status = *mut u32;
/// A function that is not called here.
type Unused = Option<unsafe extern "C" fn()>;

/// `IUNKNOWN_C_GUTS`.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Unknown {
    _reserved: *mut c_void,
    pub(super) query_interface: unsafe extern "C" fn(This, Uuid, *mut *mut c_void) -> i32,
    pub(super) add_ref: unsafe extern "C" fn(This) -> u32,
    pub(super) release: unsafe extern "C" fn(This) -> u32,
}

/// What every table begins with, and the version of the rest.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Head {
    pub(super) unknown: Unknown,
    _version: u16,
    _revision: u16,
}

/// `IOVirtualRange` of a 64-bit process.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Range {
    pub(super) address: u64,
    pub(super) length: u64,
}

/// `SCSITaskInterface`: one command.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Task {
    _head: Head,
    _is_task_active: Unused,
    _set_task_attribute: Unused,
    _get_task_attribute: Unused,
    pub(super) set_command_descriptor_block: unsafe extern "C" fn(This, *const u8, u8) -> i32,
    _get_command_descriptor_block_size: Unused,
    _get_command_descriptor_block: Unused,
    pub(super) set_scatter_gather_entries:
        unsafe extern "C" fn(This, *const Range, u8, u64, u8) -> i32,
    pub(super) set_timeout_duration: unsafe extern "C" fn(This, u32) -> i32,
    _get_timeout_duration: Unused,
    _set_task_completion_callback: Unused,
    _execute_task_async: Unused,
    pub(super) execute_task_sync: unsafe extern "C" fn(This, Sense, Status, *mut u64) -> i32,
    _abort_task: Unused,
    pub(super) get_scsi_service_response: unsafe extern "C" fn(This, *mut u32) -> i32,
    _get_task_state: Unused,
    _get_task_status: Unused,
    _get_realized_data_transfer_count: Unused,
    _get_auto_sense_data: Unused,
    _set_auto_sense_data_buffer: Unused,
}

/// `SCSITaskDeviceInterface`: the way to exclusive access and to tasks.
#[derive(Debug)]
#[repr(C)]
pub(super) struct TaskDevice {
    _head: Head,
    pub(super) is_exclusive_access_available: unsafe extern "C" fn(This) -> u8,
    _add_callback_dispatcher_to_run_loop: Unused,
    _remove_callback_dispatcher_from_run_loop: Unused,
    pub(super) obtain_exclusive_access: unsafe extern "C" fn(This) -> i32,
    pub(super) release_exclusive_access: unsafe extern "C" fn(This) -> i32,
    pub(super) create_scsi_task: unsafe extern "C" fn(This) -> *mut *const Task,
}

/// `MMCDeviceInterface`: questions that need no exclusive access.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Mmc {
    _head: Head,
    pub(super) inquiry: unsafe extern "C" fn(This, *mut u8, u32, Status, Sense) -> i32,
    pub(super) test_unit_ready: unsafe extern "C" fn(This, Status, Sense) -> i32,
    _get_performance: Unused,
    pub(super) get_configuration:
        unsafe extern "C" fn(This, u8, u16, *mut u8, u16, Status, Sense) -> i32,
    pub(super) mode_sense_10:
        unsafe extern "C" fn(This, u8, u8, u8, u8, *mut u8, u16, Status, Sense) -> i32,
    _set_write_parameters_mode_page: Unused,
    pub(super) get_tray_state: unsafe extern "C" fn(This, *mut u8) -> i32,
    _set_tray_state: Unused,
    pub(super) read_table_of_contents:
        unsafe extern "C" fn(This, u8, u8, u8, *mut u8, u16, Status, Sense) -> i32,
    pub(super) read_disc_information:
        unsafe extern "C" fn(This, *mut u8, u16, Status, Sense) -> i32,
    pub(super) read_track_information:
        unsafe extern "C" fn(This, u8, u32, *mut u8, u16, Status, Sense) -> i32,
    pub(super) read_dvd_structure:
        unsafe extern "C" fn(This, u32, u8, u8, *mut u8, u16, Status, Sense) -> i32,
    pub(super) get_scsi_task_device_interface: unsafe extern "C" fn(This) -> *mut *const TaskDevice,
    pub(super) get_performance_v2:
        unsafe extern "C" fn(This, u8, u32, u16, u8, *mut u8, u16, Status, Sense) -> i32,
    _set_cd_speed: Unused,
    pub(super) read_format_capacities:
        unsafe extern "C" fn(This, *mut u8, u16, Status, Sense) -> i32,
}

const _: () = assert!(size_of::<Range>() == 16);
#[cfg(target_pointer_width = "64")]
const _: () = {
    use core::mem::offset_of;
    assert!(size_of::<Head>() == 40);
    assert!(size_of::<Task>() == 192 && size_of::<TaskDevice>() == 88 && size_of::<Mmc>() == 168);
    assert!(offset_of!(Task, set_command_descriptor_block) == 64);
    assert!(offset_of!(Task, execute_task_sync) == 128);
    assert!(offset_of!(TaskDevice, create_scsi_task) == 80);
    assert!(offset_of!(Mmc, get_scsi_task_device_interface) == 136);
};

/// Tables that begin with [`Unknown`].
///
/// # Safety
/// The type is `repr(C)` and its first field is [`Head`] or [`Unknown`].
#[expect(unsafe_code, reason = "the tables differ, their beginning does not")]
pub(super) unsafe trait Table {}

#[expect(unsafe_code, reason = "see the trait")]
// SAFETY: see the type.
unsafe impl Table for Task {}
#[expect(unsafe_code, reason = "see the trait")]
// SAFETY: see the type.
unsafe impl Table for TaskDevice {}
#[expect(unsafe_code, reason = "see the trait")]
// SAFETY: see the type.
unsafe impl Table for Mmc {}

/// A reference to an interface, given back when dropped.
#[derive(Debug)]
pub(super) struct Interface<T: Table>(NonNull<*const T>);

impl<T: Table> Interface<T> {
    /// Takes over a reference.
    ///
    /// # Safety
    /// The pointer is null or to an interface with this table, and the caller owns one reference to it.
    #[expect(unsafe_code, reason = "the pointer comes from C")]
    pub(super) unsafe fn from_raw(pointer: *mut *const T) -> Option<Self> {
        NonNull::new(pointer).map(Self)
    }

    pub(super) const fn this(&self) -> This {
        self.0.as_ptr().cast()
    }

    pub(super) fn table(&self) -> &T {
        #[expect(unsafe_code, reason = "COM: a pointer to a pointer")]
        // SAFETY: by `from_raw` the interface lives as long as this reference to it, and its table as long as the
        // plug-in is loaded, which the reference sees to.
        unsafe {
            &**self.0.as_ptr()
        }
    }
}

impl<T: Table> Drop for Interface<T> {
    fn drop(&mut self) {
        #[expect(unsafe_code, reason = "COM: a pointer to a pointer")]
        // SAFETY: the table begins with that of IUnknown by `Table`, and the reference is ours to give back.
        unsafe {
            let unknown = *self.0.as_ptr().cast::<*const Unknown>();
            ((*unknown).release)(self.this());
        }
    }
}
