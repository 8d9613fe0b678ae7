//! Operation codes, byte 0 of a CDB. MMC-6 table 227, SPC-4 table D.2.

/// What a command is called that is in no table.
const UNKNOWN: &str = "unknown command";

/// Whether an operation code has a name here.
#[must_use]
pub fn is_known(opcode: u8) -> bool {
    name(opcode) != UNKNOWN
}

macro_rules! opcodes {
    ($($(#[$doc:meta])* $constant:ident = $value:literal, $name:literal;)*) => {
        $($(#[$doc])* pub const $constant: u8 = $value;)*

        /// What the standard calls an operation code.
        #[must_use]
        pub const fn name(opcode: u8) -> &'static str {
            match opcode {
                $($value => $name,)*
                _ => UNKNOWN,
            }
        }
    };
}

opcodes! {
    /// SPC-4 6.47.
    TEST_UNIT_READY = 0x00, "TEST UNIT READY";
    /// SPC-4 6.39.
    REQUEST_SENSE = 0x03, "REQUEST SENSE";
    /// MMC-6 6.4.
    FORMAT_UNIT = 0x04, "FORMAT UNIT";
    /// SPC-4 6.6.
    INQUIRY = 0x12, "INQUIRY";
    /// MMC-6 6.42.
    START_STOP_UNIT = 0x1b, "START STOP UNIT";
    /// MMC-6 6.14.
    PREVENT_ALLOW = 0x1e, "PREVENT ALLOW MEDIUM REMOVAL";
    /// MMC-6 6.23.
    READ_FORMAT_CAPACITIES = 0x23, "READ FORMAT CAPACITIES";
    /// MMC-6 6.16.
    READ_CAPACITY = 0x25, "READ CAPACITY";
    /// MMC-6 6.15.
    READ_10 = 0x28, "READ(10)";
    /// MMC-6 6.44.
    WRITE_10 = 0x2a, "WRITE(10)";
    /// MMC-6 6.32.
    SEEK_10 = 0x2b, "SEEK(10)";
    /// MMC-6 6.47.
    WRITE_AND_VERIFY = 0x2e, "WRITE AND VERIFY(10)";
    /// MMC-6 6.43.
    VERIFY_10 = 0x2f, "VERIFY(10)";
    /// MMC-6 6.41.
    SYNCHRONIZE_CACHE = 0x35, "SYNCHRONIZE CACHE";
    /// MMC-6 6.25.
    READ_TOC = 0x43, "READ TOC/PMA/ATIP";
    /// MMC-6 6.5.
    GET_CONFIGURATION = 0x46, "GET CONFIGURATION";
    /// MMC-6 6.6.
    GET_EVENT_STATUS = 0x4a, "GET EVENT STATUS NOTIFICATION";
    /// MMC-6 6.21.
    READ_DISC_INFORMATION = 0x51, "READ DISC INFORMATION";
    /// MMC-6 6.26.
    READ_TRACK_INFORMATION = 0x52, "READ TRACK INFORMATION";
    /// MMC-6 6.31.
    RESERVE_TRACK = 0x53, "RESERVE TRACK";
    /// MMC-6 6.35.
    SEND_OPC = 0x54, "SEND OPC INFORMATION";
    /// SPC-4 6.12.
    MODE_SELECT_10 = 0x55, "MODE SELECT(10)";
    /// SPC-4 6.14.
    MODE_SENSE_10 = 0x5a, "MODE SENSE(10)";
    /// MMC-6 6.3.
    CLOSE_TRACK_SESSION = 0x5b, "CLOSE TRACK/SESSION";
    /// MMC-6 6.18.
    READ_BUFFER_CAPACITY = 0x5c, "READ BUFFER CAPACITY";
    /// MMC-6 6.33.
    SEND_CUE_SHEET = 0x5d, "SEND CUE SHEET";
    /// MMC-6 6.2.
    BLANK = 0xa1, "BLANK";
    /// MMC-6 6.15.
    READ_12 = 0xa8, "READ(12)";
    /// MMC-6 6.45.
    WRITE_12 = 0xaa, "WRITE(12)";
    /// MMC-6 6.7.
    GET_PERFORMANCE = 0xac, "GET PERFORMANCE";
    /// MMC-6 6.22.
    READ_DISC_STRUCTURE = 0xad, "READ DISC STRUCTURE";
    /// MMC-6 6.39.
    SET_STREAMING = 0xb6, "SET STREAMING";
    /// MMC-6 6.20.
    READ_CD_MSF = 0xb9, "READ CD MSF";
    /// MMC-6 6.37.
    SET_CD_SPEED = 0xbb, "SET CD SPEED";
    /// MMC-6 6.36.
    SEND_DISC_STRUCTURE = 0xbf, "SEND DISC STRUCTURE";
    /// MMC-6 6.11.
    MECHANISM_STATUS = 0xbd, "MECHANISM STATUS";
    /// MMC-6 6.19.
    READ_CD = 0xbe, "READ CD";
}
