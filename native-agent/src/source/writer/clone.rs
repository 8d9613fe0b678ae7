//! Files whose blocks are shared instead of copied.

use std::{fs::File, io};

/// Lets `out` have, from byte `at` on, `len` bytes of `input` from `start` on, by sharing the blocks that hold them. All
/// three are multiples of the file system's block, but for a `len` that ends with the file. See ioctl_ficlonerange(2).
#[cfg(target_os = "linux")]
pub(super) fn share(input: &File, start: u64, len: u64, out: &File, at: u64) -> io::Result<()> {
    use std::os::fd::AsRawFd as _;

    use rustix::ioctl;

    /// `struct file_clone_range` of `<linux/fs.h>`.
    #[repr(C)]
    struct FileCloneRange {
        source: i64,
        source_offset: u64,
        source_length: u64,
        destination_offset: u64,
    }
    /// `_IOW(0x94, 13, struct file_clone_range)`.
    const FICLONERANGE: ioctl::Opcode = ioctl::opcode::write::<FileCloneRange>(0x94, 13);

    let range = FileCloneRange {
        source: input.as_raw_fd().into(),
        source_offset: start,
        source_length: len,
        destination_offset: at,
    };
    #[expect(unsafe_code, reason = "nothing else shares a part of a file")]
    // SAFETY: the opcode is that of the structure, which the kernel only reads; it holds no pointer, and both files are
    // open for the whole of the call.
    unsafe {
        ioctl::ioctl(out, ioctl::Setter::<FICLONERANGE, FileCloneRange>::new(range))?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn share(_: &File, _: u64, _: u64, _: &File, _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
