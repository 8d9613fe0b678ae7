//! Drives that come and go, as the configuration manager tells. Media it does not tell of: polling finds them.

use core::{ffi::c_void, ptr};

use windows_sys::Win32::{
    Devices::DeviceAndDriverInstallation::{
        CM_NOTIFY_ACTION, CM_NOTIFY_ACTION_DEVICEINTERFACEARRIVAL,
        CM_NOTIFY_ACTION_DEVICEINTERFACEREMOVAL, CM_NOTIFY_EVENT_DATA, CM_NOTIFY_FILTER,
        CM_NOTIFY_FILTER_0, CM_NOTIFY_FILTER_0_0, CM_NOTIFY_FILTER_TYPE_DEVICEINTERFACE,
        CM_Register_Notification, CM_Unregister_Notification, CR_SUCCESS, HCMNOTIFICATION,
    },
    Foundation::ERROR_SUCCESS,
    System::Ioctl::GUID_DEVINTERFACE_CDROM,
};

use super::super::DeviceEvent;

type Tell = Box<dyn Fn(DeviceEvent) + Send + Sync>;

/// Listens until it is dropped.
pub struct Hotplug {
    registration: HCMNOTIFICATION,
    /// What the system holds a pointer to, one box deeper so that the pointer is thin.
    tell: *mut Tell,
}

impl core::fmt::Debug for Hotplug {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Hotplug").finish_non_exhaustive()
    }
}

#[expect(unsafe_code, reason = "raw pointers have to be vouched for")]
// SAFETY: the handle may be given up from any thread but that of a callback, which never has this value; `tell` is only
// freed here, and what it points to is `Send` and `Sync`.
unsafe impl Send for Hotplug {}
#[expect(unsafe_code, reason = "raw pointers have to be vouched for")]
// SAFETY: nothing can be done through a shared reference.
unsafe impl Sync for Hotplug {}

impl Hotplug {
    /// Tells every event from now on; none where the system refuses.
    #[must_use]
    pub fn start(tell: impl Fn(DeviceEvent) + Send + Sync + 'static) -> Option<Self> {
        let tell: *mut Tell = Box::into_raw(Box::new(Box::new(tell)));
        let filter = CM_NOTIFY_FILTER {
            cbSize: size_of::<CM_NOTIFY_FILTER>() as u32,
            Flags: 0,
            FilterType: CM_NOTIFY_FILTER_TYPE_DEVICEINTERFACE,
            Reserved: 0,
            u: CM_NOTIFY_FILTER_0 {
                DeviceInterface: CM_NOTIFY_FILTER_0_0 { ClassGuid: GUID_DEVINTERFACE_CDROM },
            },
        };
        let mut registration = ptr::null_mut();
        #[expect(unsafe_code, reason = "the system keeps a pointer")]
        // SAFETY: the filter is only read during the call; `tell` lives until `drop` has unregistered, or until below
        // if nothing was registered.
        let done = unsafe {
            CM_Register_Notification(&filter, tell.cast(), Some(on_event), &mut registration)
        };
        if done == CR_SUCCESS {
            return Some(Self { registration, tell });
        }
        tracing::debug!("no events of drives: configuration manager error {done}");
        #[expect(unsafe_code, reason = "takes the box back")]
        // SAFETY: it was made above and nobody has it.
        drop(unsafe { Box::from_raw(tell) });
        None
    }
}

impl Drop for Hotplug {
    #[expect(unsafe_code, reason = "ends what `start` began")]
    fn drop(&mut self) {
        // SAFETY: the handle is from `start` and not used again; the call waits for callbacks under way to return.
        let done = unsafe { CM_Unregister_Notification(self.registration) };
        if done == CR_SUCCESS {
            // SAFETY: made by `Box::into_raw` in `start`; no callback comes any more.
            drop(unsafe { Box::from_raw(self.tell) });
        }
    }
}

/// Called on a thread of the system.
#[expect(unsafe_code, reason = "the system hands over a raw pointer")]
unsafe extern "system" fn on_event(
    _: HCMNOTIFICATION,
    context: *const c_void,
    action: CM_NOTIFY_ACTION,
    _: *const CM_NOTIFY_EVENT_DATA,
    _: u32,
) -> u32 {
    if let CM_NOTIFY_ACTION_DEVICEINTERFACEARRIVAL | CM_NOTIFY_ACTION_DEVICEINTERFACEREMOVAL =
        action
    {
        // SAFETY: the context is `tell` of a `Hotplug` that is not dropped yet.
        let tell = unsafe { &*context.cast::<Tell>() };
        tell(DeviceEvent::Drives);
    }
    ERROR_SUCCESS
}
