//! Discs that come and go, as Disk Arbitration tells. Drives without a disc it does not tell of: polling finds them.

use core::{ffi::c_void, ptr::NonNull};

use dispatch2::{DispatchQueue, DispatchRetained};
use objc2_core_foundation::CFRetained;
use objc2_disk_arbitration::{
    DADisk, DARegisterDiskAppearedCallback, DARegisterDiskDisappearedCallback, DASession,
};

use super::super::DeviceEvent;

type Tell = Box<dyn Fn(DeviceEvent) + Send + Sync>;

/// Listens until it is dropped.
#[derive(Debug)]
pub struct Hotplug {
    session: CFRetained<DASession>,
    queue: DispatchRetained<DispatchQueue>,
    tell: NonNull<c_void>,
}

#[expect(unsafe_code, reason = "objects of frameworks have to be vouched for")]
// SAFETY: sessions and queues may be used and released on any thread; what `tell` points to is `Send` and `Sync`.
unsafe impl Send for Hotplug {}
#[expect(unsafe_code, reason = "objects of frameworks have to be vouched for")]
// SAFETY: nothing can be done through a shared reference.
unsafe impl Sync for Hotplug {}

impl Hotplug {
    /// Tells every event from now on; none where the system refuses.
    #[must_use]
    pub fn start(tell: impl Fn(DeviceEvent) + Send + Sync + 'static) -> Option<Self> {
        let queue = DispatchQueue::new("discwright.hotplug", None);
        let tell: *mut Tell = Box::into_raw(Box::new(Box::new(tell)));
        #[expect(unsafe_code, reason = "callbacks")]
        // SAFETY: `tell` was just made, so it is not null. It lives until `drop` has ended the callbacks, which take
        // it as their context; without a session it is leaked, once.
        unsafe {
            let session = DASession::new(None)?;
            let context = tell.cast();
            DARegisterDiskAppearedCallback(&session, None, Some(on_event), context);
            DARegisterDiskDisappearedCallback(&session, None, Some(on_event), context);
            session.set_dispatch_queue(Some(&queue));
            Some(Self { session, queue, tell: NonNull::new_unchecked(context) })
        }
    }
}

impl Drop for Hotplug {
    fn drop(&mut self) {
        #[expect(unsafe_code, reason = "ends what `start` began")]
        // SAFETY: once the session has no queue nothing new is put on it, and the queue is serial: after the empty block
        // no callback runs. `tell` was made by `Box::into_raw` in `start`.
        unsafe {
            self.session.set_dispatch_queue(None);
            self.queue.exec_sync(|| {});
            drop(Box::from_raw(self.tell.as_ptr().cast::<Tell>()));
        }
    }
}

/// Called on the queue.
#[expect(unsafe_code, reason = "the system hands over raw pointers")]
unsafe extern "C-unwind" fn on_event(_: NonNull<DADisk>, context: *mut c_void) {
    // SAFETY: the context is `tell` of a `Hotplug` that is not dropped yet.
    let tell = unsafe { &*context.cast::<Tell>() };
    tell(DeviceEvent::Drives);
}
