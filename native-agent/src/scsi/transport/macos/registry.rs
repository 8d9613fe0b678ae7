//! Optical drives in the registry of IOKit.

use core::ffi::{CStr, c_uint};
use std::path::{Path, PathBuf};

use objc2_core_foundation::{CFNumber, CFRetained, CFString, CFType, CFUUID, CFUUIDBytes};
use objc2_io_kit::{
    IO_OBJECT_NULL, IOCreatePlugInInterfaceForService, IOIteratorNext, IOObjectRelease,
    IORegistryEntryGetRegistryEntryID, IORegistryEntrySearchCFProperty,
    IOServiceGetMatchingServices, IOServiceMatching, io_object_t, kIOMainPortDefault,
    kIORegistryIterateParents, kIORegistryIterateRecursively,
};

use super::{
    codes::{self, Name, Refusal},
    com::{Interface, MMC_CLIENT, MMC_INTERFACE, Mmc, PLUG_IN_INTERFACE, Unknown, Uuid},
};

/// Each drive has one of these, by the best media it knows.
const CLASSES: [&CStr; 3] = [c"IOBDServices", c"IODVDServices", c"IOCompactDiscServices"];
const SERVICE_PLANE: &CStr = c"IOService";

/// An object of the registry, given back when dropped.
#[derive(Debug)]
pub(super) struct Service(io_object_t);

impl Drop for Service {
    fn drop(&mut self) {
        IOObjectRelease(self.0);
    }
}

/// All optical drives.
pub(super) fn services() -> Vec<Service> {
    CLASSES.into_iter().flat_map(of_class).collect()
}

fn of_class(class: &CStr) -> Vec<Service> {
    let mut iterator = IO_OBJECT_NULL;
    #[expect(unsafe_code, reason = "C strings and an out parameter")]
    // SAFETY: the name ends with a NUL; the call consumes the dictionary and writes one iterator, which is ours.
    let found = unsafe {
        let Some(matching) = IOServiceMatching(class.as_ptr()) else { return Vec::new() };
        let matching = CFRetained::cast_unchecked(matching);
        IOServiceGetMatchingServices(kIOMainPortDefault, Some(matching), &mut iterator)
    };
    if found != 0 {
        return Vec::new();
    }
    let iterator = Service(iterator);
    let next = || Some(IOIteratorNext(iterator.0)).filter(|object| *object != IO_OBJECT_NULL);
    core::iter::from_fn(next).map(Service).collect()
}

/// The drive with this name.
pub(super) fn find(path: &Path) -> Option<Service> {
    let name = codes::name(path)?;
    let is_named = |service: &Service| match name {
        Name::Entry(id) => service.id() == Some(id),
        Name::Disk(disk) => service.disk().as_deref() == Some(disk),
    };
    services().into_iter().find(is_named)
}

impl Service {
    /// The number the registry knows it by as long as it is attached.
    pub(super) fn id(&self) -> Option<u64> {
        let mut id = 0;
        #[expect(unsafe_code, reason = "an out parameter")]
        // SAFETY: the object is held, and `id` outlives the call.
        let found = unsafe { IORegistryEntryGetRegistryEntryID(self.0, &mut id) };
        (found == 0).then_some(id)
    }

    /// A name that stays when the disc is changed.
    pub(super) fn path(&self) -> Option<PathBuf> {
        self.id().map(|id| PathBuf::from(format!("drive-{id:x}")))
    }

    /// The BSD name of the disc in it, blank ones included: `disk4`.
    pub(super) fn disk(&self) -> Option<String> {
        let name = self.property("BSD Name", kIORegistryIterateRecursively)?;
        let name = name.downcast::<CFString>().ok()?.to_string();
        codes::whole_disk(&name).map(str::to_owned)
    }

    /// The most bytes the driver says one transfer may have, both ways.
    pub(super) fn max_transfer(&self) -> Option<u32> {
        let limit = |key| {
            let number =
                self.property(key, kIORegistryIterateRecursively | kIORegistryIterateParents)?;
            let bytes = number.downcast::<CFNumber>().ok()?.as_i64()?;
            u32::try_from(bytes).ok().filter(|bytes| *bytes > 0)
        };
        let limits = [limit("IOMaximumByteCountRead"), limit("IOMaximumByteCountWrite")];
        limits.into_iter().flatten().min()
    }

    fn property(&self, key: &str, how: c_uint) -> Option<CFRetained<CFType>> {
        let key = CFString::from_str(key);
        // The plane is an `io_name_t` of up to 128 bytes and read up to its NUL.
        let plane = SERVICE_PLANE.as_ptr().cast_mut().cast();
        #[expect(unsafe_code, reason = "a C string")]
        // SAFETY: the object is held; the name of the plane ends with a NUL and is only read.
        unsafe {
            IORegistryEntrySearchCFProperty(self.0, plane, Some(&key), None, how)
        }
    }

    /// Loads the plug-in for authoring drives and asks it for the interface of MMC drives.
    pub(super) fn mmc(&self, path: &Path) -> Result<Interface<Mmc>, Refusal> {
        let (client, interface) = (uuid(MMC_CLIENT), uuid(PLUG_IN_INTERFACE));
        let (mut plug_in, mut score) = (core::ptr::null_mut(), 0);
        #[expect(unsafe_code, reason = "COM")]
        // SAFETY: the service is held, the ids are, and the out parameters outlive the call.
        let made = unsafe {
            IOCreatePlugInInterfaceForService(
                self.0,
                client.as_deref(),
                interface.as_deref(),
                &mut plug_in,
                &mut score,
            )
        };
        if made != 0 || plug_in.is_null() {
            return Err(codes::refusal(path, made));
        }
        let plug_in = plug_in.cast::<*const Unknown>();
        let mut mmc = core::ptr::null_mut();
        #[expect(unsafe_code, reason = "COM")]
        // SAFETY: the plug-in is an interface that begins with IUnknown and ours to release; what it returns for this id
        // is an `MMCDeviceInterface`, with a reference for us. Releasing is what IODestroyPlugInInterface does.
        let mmc = unsafe {
            let table = &**plug_in;
            let asked = (table.query_interface)(plug_in.cast(), MMC_INTERFACE, &mut mmc);
            (table.release)(plug_in.cast());
            if asked == 0 { Interface::<Mmc>::from_raw(mmc.cast()) } else { None }
        };
        mmc.ok_or_else(|| codes::refusal(path, made))
    }
}

fn uuid(Uuid(bytes): Uuid) -> Option<CFRetained<CFUUID>> {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = bytes;
    let bytes = CFUUIDBytes {
        byte0: a,
        byte1: b,
        byte2: c,
        byte3: d,
        byte4: e,
        byte5: f,
        byte6: g,
        byte7: h,
        byte8: i,
        byte9: j,
        byte10: k,
        byte11: l,
        byte12: m,
        byte13: n,
        byte14: o,
        byte15: p,
    };
    CFUUID::from_uuid_bytes(None, bytes)
}
