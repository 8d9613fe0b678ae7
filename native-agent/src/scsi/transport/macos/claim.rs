//! Disc Arbitration: unmounting a disc and keeping it unmounted.

use core::{ffi::c_void, ptr::NonNull, time::Duration};
use std::{
    ffi::CString,
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use dispatch2::{DispatchQueue, DispatchRetained};
use objc2_core_foundation::{CFRetained, CFString};
use objc2_disk_arbitration::{
    DADisk, DADissenter, DASession, kDADiskClaimOptionDefault, kDADiskUnmountOptionWhole,
    kDAReturnBusy, kDAReturnNotMounted,
};

use super::super::Holder;

/// How long the system may take to unmount: it flushes caches and asks other programs.
const PATIENCE: Duration = Duration::from_secs(30);

/// A disc that nobody mounts as long as this lives.
#[derive(Debug)]
pub(super) struct Claim {
    session: CFRetained<DASession>,
    disk: CFRetained<DADisk>,
    /// Where the system calls back.
    _queue: DispatchRetained<DispatchQueue>,
}

/// What the system answered: nothing yet, consent, or who dissents.
#[derive(Debug, Default)]
struct Answer {
    given: Mutex<Option<Result<(), String>>>,
    changed: Condvar,
}

impl Claim {
    /// Unmounts all of a disc, which fails while a file on it is open, and claims it.
    pub(super) fn take(bsd_name: &str) -> Result<Self, Vec<Holder>> {
        let queue = DispatchQueue::new("discwright.claim", None);
        let name = CString::new(bsd_name).map_err(|_| Vec::new())?;
        #[expect(unsafe_code, reason = "C strings and callbacks")]
        // SAFETY: the name ends with a NUL and is only read during the call; the queue is kept with the session.
        let claim = unsafe {
            let session = DASession::new(None).ok_or_else(Vec::new)?;
            session.set_dispatch_queue(Some(&queue));
            let name = NonNull::from(name.as_c_str()).cast();
            let disk = DADisk::from_bsd_name(None, &session, name).ok_or_else(Vec::new)?;
            Self { session, disk, _queue: queue }
        };
        let dissent = |text| vec![Holder::Named(text)];
        wait(|context| {
            #[expect(unsafe_code, reason = "a callback")]
            // SAFETY: `context` is what `answered` takes, and it is called once.
            unsafe {
                claim.disk.unmount(kDADiskUnmountOptionWhole, Some(answered), context);
            }
        })
        .map_err(dissent)?;
        wait(|context| {
            #[expect(unsafe_code, reason = "callbacks")]
            // SAFETY: as above; `refuse_release` takes no context.
            unsafe {
                let (none, options) = (core::ptr::null_mut(), kDADiskClaimOptionDefault);
                claim.disk.claim(options, Some(refuse_release), none, Some(answered), context);
            }
        })
        .map_err(dissent)?;
        Ok(claim)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        #[expect(unsafe_code, reason = "the bindings do not know that these are harmless")]
        // SAFETY: disk and session are held; unclaiming what is not claimed does nothing, and after the second call no
        // callback comes, none of which has a context that this value owns.
        unsafe {
            self.disk.unclaim();
            self.session.set_dispatch_queue(None);
        }
    }
}

/// Makes a request with a context for [`answered`] and waits for the answer.
fn wait(request: impl FnOnce(*mut c_void)) -> Result<(), String> {
    let answer = Arc::new(Answer::default());
    request(Arc::into_raw(Arc::clone(&answer)).cast_mut().cast());
    let given = answer.given.lock().unwrap_or_else(PoisonError::into_inner);
    let waited = answer.changed.wait_timeout_while(given, PATIENCE, |given| given.is_none());
    let (mut given, _) = waited.unwrap_or_else(PoisonError::into_inner);
    given.take().unwrap_or_else(|| Err("a program that does not answer".to_owned()))
}

/// Called once for each request. If that is never, the context is leaked and not dangling.
#[expect(unsafe_code, reason = "the system hands over raw pointers")]
unsafe extern "C-unwind" fn answered(
    _: NonNull<DADisk>,
    dissenter: *const DADissenter,
    context: *mut c_void,
) {
    // SAFETY: made by `Arc::into_raw` in `wait`, for this one call.
    let answer = unsafe { Arc::from_raw(context.cast_const().cast::<Answer>()) };
    // SAFETY: null, or a dissenter that lives during the call.
    let result = unsafe { dissenter.as_ref() }.map_or(Ok(()), dissent);
    *answer.given.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    answer.changed.notify_all();
}

/// Why not, in words; a disc that is not mounted needs no unmounting.
fn dissent(dissenter: &DADissenter) -> Result<(), String> {
    #[expect(unsafe_code, reason = "the bindings do not know that these are harmless")]
    // SAFETY: both only read the dissenter.
    let (status, text) = unsafe { (dissenter.status(), dissenter.status_string()) };
    if status == kDAReturnNotMounted {
        return Ok(());
    }
    let unknown = || format!("a program with open files on the disc (status {status:#x})");
    Err(text.map_or_else(unknown, |text| text.to_string()))
}

/// Another program wants the disc: not while it is written. The caller gets a reference of its own.
#[expect(unsafe_code, reason = "the system hands over raw pointers")]
unsafe extern "C-unwind" fn refuse_release(
    _: NonNull<DADisk>,
    _: *mut c_void,
) -> *const DADissenter {
    let why = CFString::from_str("discwright uses the drive");
    // SAFETY: creates an object from a number and a string.
    let dissenter = unsafe { DADissenter::new(None, kDAReturnBusy, Some(&why)) };
    CFRetained::into_raw(dissenter).as_ptr()
}
