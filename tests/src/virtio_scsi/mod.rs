//! Drives for a guest: a `vhost-user-scsi` device, behind which virtual drives (or any other [`Transport`]) answer.
//!
//! The kernel of the guest sees optical drives as it sees real ones, `/dev/sr0` and `/dev/sg0`, so that burning programs of
//! others can be let loose on them. Virtual I/O Device (VIRTIO) 1.2, 5.6; the vhost-user protocol of QEMU.

mod request;

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use native_agent::scsi::{Data, Transport};
use vhost::vhost_user::Listener;
use vhost::vhost_user::message::{VhostUserProtocolFeatures, VhostUserVirtioFeatures};
use vhost_user_backend::{VhostUserBackendMut, VhostUserDaemon, VringRwLock, VringT};
use virtio_queue::{DescriptorChain, QueueT};
use vm_memory::{GuestAddressSpace, GuestMemoryAtomic, GuestMemoryLoadGuard, GuestMemoryMmap};
use vmm_sys_util::epoll::EventSet;
use vmm_sys_util::event::{
    EventConsumer, EventFlag, EventNotifier, new_event_consumer_and_notifier,
};

use request::{REQUEST_LEN, RESPONSE_LEN, Request, malformed};

/// Task management, events, and one queue of commands. 5.6.2.
const QUEUES: usize = 3;
const CONTROL: u16 = 0;
const COMMANDS: u16 = 2;
const QUEUE_SIZE: usize = 256;
/// Features of any device: VERSION_1, and those that every queue here has anyway. QEMU accepts all of them in the name of the
/// guest without asking whether they were offered. 6.
const FEATURES: u64 = 1 << 32 | 1 << 28 | 1 << 27 | 1 << 24;
/// HOTPLUG and CHANGE, of which there are no events. 5.6.3.
const SCSI_FEATURES: u64 = 1 << 1 | 1 << 2;
/// No command of a guest moves more: its kernel cuts transfers to far less.
const MOST: usize = 16 << 20;
/// Virtual drives answer at once or wait by themselves.
const PATIENCE: Duration = Duration::from_secs(600);

/// The memory of the guest while a request is worked on.
type Memory = GuestMemoryLoadGuard<GuestMemoryMmap>;

/// Drives that wait for a guest, or serve one.
#[derive(Debug)]
pub struct Served {
    thread: Option<JoinHandle<Result<()>>>,
}

/// Offers drives at a socket, for one guest; the place in the list is the target number.
pub fn serve(socket: &Path, drives: Vec<Box<dyn Transport>>) -> Result<Served> {
    let mut listener = Listener::new(socket, true).context("cannot listen for a guest")?;
    let memory = GuestMemoryAtomic::new(GuestMemoryMmap::new());
    let device =
        Arc::new(Mutex::new(Device { drives: Mutex::new(drives), memory: memory.clone() }));
    let mut daemon = VhostUserDaemon::new("drives".to_owned(), device, memory)
        .map_err(|error| anyhow!("cannot make the device: {error}"))?;
    let thread = thread::spawn(move || {
        daemon.start(&mut listener).map_err(|error| anyhow!("no guest came: {error}"))?;
        // It ends with the guest, whose closing of the socket is no error here.
        let _ = daemon.wait();
        Ok(())
    });
    Ok(Served { thread: Some(thread) })
}

impl Served {
    /// Waits until the guest has gone.
    pub fn wait(mut self) -> Result<()> {
        let thread = self.thread.take().context("waited for already")?;
        thread.join().map_err(|_| anyhow!("serving the drives failed"))?
    }
}

struct Device {
    drives: Mutex<Vec<Box<dyn Transport>>>,
    memory: GuestMemoryAtomic<GuestMemoryMmap>,
}

impl VhostUserBackendMut for Device {
    type Bitmap = ();
    type Vring = VringRwLock;

    fn num_queues(&self) -> usize {
        QUEUES
    }

    fn max_queue_size(&self) -> usize {
        QUEUE_SIZE
    }

    fn features(&self) -> u64 {
        FEATURES | SCSI_FEATURES | VhostUserVirtioFeatures::PROTOCOL_FEATURES.bits()
    }

    fn protocol_features(&self) -> VhostUserProtocolFeatures {
        VhostUserProtocolFeatures::MQ | VhostUserProtocolFeatures::REPLY_ACK
    }

    fn set_event_idx(&mut self, _enabled: bool) {}

    fn update_memory(&mut self, memory: GuestMemoryAtomic<GuestMemoryMmap>) -> io::Result<()> {
        self.memory = memory;
        Ok(())
    }

    fn exit_event(&self, _thread: usize) -> Option<(EventConsumer, EventNotifier)> {
        new_event_consumer_and_notifier(EventFlag::NONBLOCK).ok()
    }

    fn handle_event(
        &mut self,
        queue: u16,
        _events: EventSet,
        vrings: &[VringRwLock],
        _thread: usize,
    ) -> io::Result<()> {
        let Some(vring) = vrings.get(usize::from(queue)) else { return Ok(()) };
        if queue != COMMANDS && queue != CONTROL {
            return Ok(());
        }
        let memory = self.memory.memory();
        loop {
            let chain = vring.get_mut().get_queue_mut().pop_descriptor_chain(memory.clone());
            let Some(chain) = chain else { return Ok(()) };
            let head = chain.head_index();
            let written = if queue == CONTROL { acknowledge(chain)? } else { self.command(chain)? };
            vring.add_used(head, written).map_err(io::Error::other)?;
            vring.signal_used_queue()?;
        }
    }
}

impl Device {
    /// Carries one command out; gives how many bytes went to the guest.
    fn command(&mut self, chain: DescriptorChain<Memory>) -> io::Result<u32> {
        let memory = chain.memory().clone();
        let mut reader = chain.clone().reader(&memory).map_err(io::Error::other)?;
        let mut writer = chain.writer(&memory).map_err(io::Error::other)?;
        let mut header = [0; REQUEST_LEN];
        reader.read_exact(&mut header)?;
        let request = Request::parse(&header);
        let given = reader.available_bytes();
        let wanted = writer
            .available_bytes()
            .checked_sub(RESPONSE_LEN)
            .ok_or_else(|| malformed("no room for a response"))?;
        if given > MOST || wanted > MOST {
            return Err(malformed("a transfer that no kernel asks for"));
        }
        let mut out = vec![0; given];
        reader.read_exact(&mut out)?;
        let mut back = vec![0; wanted];
        let response = self.execute(&request, &out, &mut back);
        writer.write_all(&response)?;
        writer.write_all(&back)?;
        Ok(writer.bytes_written() as u32)
    }

    fn execute(&mut self, request: &Request, out: &[u8], back: &mut [u8]) -> [u8; RESPONSE_LEN] {
        let drives = self.drives.get_mut().unwrap_or_else(PoisonError::into_inner);
        let drive = drives.get_mut(usize::from(request.target)).filter(|_| request.lun == 0);
        let Some(drive) = drive else { return request::nobody() };
        let wanted = out.len().max(back.len());
        if request.cdb().first() == Some(&REPORT_LUNS) {
            return request::response(&Ok(report_luns(back)), wanted);
        }
        let data = match (out.is_empty(), back.is_empty()) {
            (false, _) => Data::Out(out),
            (true, false) => Data::In(back),
            (true, true) => Data::None,
        };
        request::response(&drive.execute(request.cdb(), data, PATIENCE), wanted)
    }
}

/// Of the device that the drives hang on, not of MMC. SPC-4 6.33.
const REPORT_LUNS: u8 = 0xa0;

/// One logical unit, number 0.
fn report_luns(back: &mut [u8]) -> usize {
    let list = [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let len = back.len().min(list.len());
    back[..len].copy_from_slice(&list[..len]);
    len
}

/// Task management: there is never a command left to abort when it is asked for. 5.6.6.2.
fn acknowledge(chain: DescriptorChain<Memory>) -> io::Result<u32> {
    let memory = chain.memory().clone();
    let mut writer = chain.writer(&memory).map_err(io::Error::other)?;
    let zeros = vec![0; writer.available_bytes().min(64)];
    writer.write_all(&zeros)?;
    Ok(writer.bytes_written() as u32)
}
