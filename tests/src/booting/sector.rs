//! A boot sector that says a word on the serial line, when the BIOS starts it from a drive of the right number.

/// Code for any address: it finds itself by where it was called from.
const CODE: [u8; 42] = [
    0x80, 0xfa, 0x00, // cmp dl, the drive
    0x75, 0x22, // jne halt
    0xfa, // cli: the BIOS writes its screen to the same line, by the timer's interrupt
    0x0e, // push cs
    0x1f, // pop ds
    0xfc, // cld
    0xe8, 0x00, 0x00, // call next
    0x5e, // next: pop si
    0x83, 0xc6, 0x1e, // add si, word - next
    0xac, // more: lodsb
    0x84, 0xc0, // test al, al
    0x74, 0x12, // jz halt
    0x88, 0xc4, // mov ah, al
    0xba, 0xfd, 0x03, // mov dx, line status
    0xec, // wait: in al, dx
    0xa8, 0x20, // test al, transmitter empty
    0x74, 0xfb, // jz wait
    0x88, 0xe0, // mov al, ah
    0xba, 0xf8, 0x03, // mov dx, transmitter
    0xee, // out dx, al
    0xeb, 0xe9, // jmp more
    0xf4, // halt: hlt
    0xeb, 0xfd, // jmp halt
];

/// The sector, for the drive with this number: 0 for a diskette, 0x80 for a hard disk.
pub(super) fn sector(drive: u8, word: &str) -> [u8; 512] {
    let mut sector = [0; 512];
    sector[..CODE.len()].copy_from_slice(&CODE);
    sector[2] = drive;
    sector[CODE.len()..CODE.len() + word.len()].copy_from_slice(word.as_bytes());
    sector[510..].copy_from_slice(&[0x55, 0xaa]);
    sector
}
