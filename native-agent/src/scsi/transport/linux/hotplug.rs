//! Events of the kernel and of udev about optical drives, from the netlink socket both send them to.
//!
//! Any user may listen. Nothing arrives inside most containers; then polling finds what changed, a little later.

use std::{
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    sync::Arc,
    thread::JoinHandle,
};

use rustix::{
    event::{EventfdFlags, PollFd, PollFlags, eventfd, poll},
    io::Errno,
    net::{AddressFamily, RecvFlags, SocketFlags, SocketType, bind, netlink, recv, socket_with},
};

use super::{super::DeviceEvent, is_drive};

/// The groups of the kernel's events (1), and of the same events once udev has set the permissions (2).
const GROUPS: u32 = 1 | 2;
/// The kernel keeps within 2 KiB; udev adds properties.
const MESSAGE: usize = 16 * 1024;

/// Listens until it is dropped.
#[derive(Debug)]
pub struct Hotplug {
    /// Readable once the thread is to end.
    stop: Arc<OwnedFd>,
    thread: Option<JoinHandle<()>>,
}

impl Hotplug {
    /// Tells every event from now on; none where the system does not let it listen.
    #[must_use]
    pub fn start(tell: impl Fn(DeviceEvent) + Send + Sync + 'static) -> Option<Self> {
        let (socket, stop) = (listener().ok()?, Arc::new(eventfd(0, EventfdFlags::CLOEXEC).ok()?));
        let stopped = Arc::clone(&stop);
        let builder = std::thread::Builder::new().name("hotplug".to_owned());
        let thread = builder.spawn(move || listen(&socket, &stopped, &tell)).ok()?;
        Some(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Hotplug {
    fn drop(&mut self) {
        let told = rustix::io::write(&*self.stop, &1u64.to_ne_bytes());
        if let (Ok(_), Some(thread)) = (told, self.thread.take()) {
            let _ = thread.join();
        }
    }
}

fn listener() -> Result<OwnedFd, Errno> {
    let (family, flags) = (AddressFamily::NETLINK, SocketFlags::CLOEXEC);
    let socket = socket_with(family, SocketType::DGRAM, flags, Some(netlink::KOBJECT_UEVENT))?;
    bind(&socket, &netlink::SocketAddrNetlink::new(0, GROUPS))?;
    Ok(socket)
}

fn listen(socket: &OwnedFd, stop: &OwnedFd, tell: &dyn Fn(DeviceEvent)) {
    let mut message = vec![0; MESSAGE];
    loop {
        let mut ready = [PollFd::new(socket, PollFlags::IN), PollFd::new(stop, PollFlags::IN)];
        match poll(&mut ready, None) {
            Ok(_) if ready[1].revents().is_empty() => {}
            Err(Errno::INTR) => continue,
            Ok(_) | Err(_) => return,
        }
        match recv(socket, message.as_mut_slice(), RecvFlags::DONTWAIT) {
            Ok((_, len)) => {
                if let Some(event) = parse(message.get(..len).unwrap_or_default()) {
                    tell(event);
                }
            }
            // Too many came at once: some event was among those lost.
            Err(Errno::NOBUFS) => tell(DeviceEvent::Drives),
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(errno) => {
                tracing::debug!("no more events of drives: {errno}");
                return;
            }
        }
    }
}

/// The properties of a message, each ended by a NUL. udev puts a binary header before them, which looks like none.
fn parse(message: &[u8]) -> Option<DeviceEvent> {
    let mut device = None;
    let (mut action, mut is_block, mut is_new_medium) = ("", false, false);
    for field in message.split(|byte| *byte == 0).filter_map(|field| str::from_utf8(field).ok()) {
        match field.split_once('=') {
            Some(("ACTION", value)) => action = value,
            Some(("SUBSYSTEM", value)) => is_block = value == "block",
            Some(("DISK_MEDIA_CHANGE", value)) => is_new_medium = value == "1",
            Some(("DEVNAME", value)) => device = drive(value),
            _ => {}
        }
    }
    let device = device.filter(|_| is_block)?;
    match action {
        "add" | "remove" => Some(DeviceEvent::Drives),
        "change" if is_new_medium => Some(DeviceEvent::Medium(device)),
        _ => None,
    }
}

/// The kernel says `sr0`, udev `/dev/sr0`.
fn drive(name: &str) -> Option<PathBuf> {
    let name = name.strip_prefix("/dev/").unwrap_or(name);
    is_drive(name).then(|| Path::new("/dev").join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGE: &[u8] = b"change@/devices/x/block/sr0\0ACTION=change\0DEVPATH=/devices/x/block/sr0\0\
        SUBSYSTEM=block\0DISK_MEDIA_CHANGE=1\0MAJOR=11\0MINOR=0\0DEVNAME=sr0\0DEVTYPE=disk\0SEQNUM=9\0";

    #[test]
    fn events_of_drives_are_understood() {
        let medium = DeviceEvent::Medium(PathBuf::from("/dev/sr0"));
        assert_eq!(parse(CHANGE), Some(medium.clone()));
        let mut udev = b"libudev\0\xfe\xed\xca\xfe\x28\0\0\0\x28\0\0\0".to_vec();
        udev.extend_from_slice(
            b"ACTION=change\0SUBSYSTEM=block\0DEVNAME=/dev/sr0\0DISK_MEDIA_CHANGE=1\0",
        );
        assert_eq!(parse(&udev), Some(medium));
        let eject = b"ACTION=change\0SUBSYSTEM=block\0DEVNAME=sr0\0DISK_EJECT_REQUEST=1\0";
        assert_eq!(parse(eject), None);
        let gone = b"ACTION=remove\0SUBSYSTEM=block\0DEVNAME=sr12\0";
        assert_eq!(parse(gone), Some(DeviceEvent::Drives));
        let disk = b"ACTION=add\0SUBSYSTEM=block\0DEVNAME=sda\0";
        assert_eq!(parse(disk), None);
        assert_eq!(parse(b""), None);
    }

    #[test]
    fn listening_starts_and_ends() {
        drop(Hotplug::start(|_| {}));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(message: Vec<u8>) {
            let _ = parse(&message);
        }
    }
}
