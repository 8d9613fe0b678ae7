
/** The entries of an image as parallel arrays: one position in each is one entry. */
export interface ImageEntries {
    /**
     * All paths in UTF-8, one after the other, with nothing between. `/` separates folders; none leads.
     *
     * Names of Windows can hold halves of UTF-16 pairs, which no text on a disc can. A `TextEncoder` makes U+FFFD of them
     * without a word: rename such files before (`name.isWellFormed()` tells), or what differed may become the same.
     */
    paths: Uint8Array;
    /** Where each path ends in `paths`. */
    pathEnds: Uint32Array;
    /**
     * 0 is a file, 1 a directory, 2 a symbolic link, 3 another name of a file before it (a hard link), 4 a character
     * device, 5 a block device, 6 a FIFO, 7 a socket.
     */
    kinds: Uint8Array;
    /** Lengths of the files in bytes; ignored for other kinds. */
    sizes: Float64Array;
    /** Milliseconds since 1970, or NaN where unknown. */
    modified: Float64Array;
    /** What the symbolic links point to and the paths that hard links are other names of, in the order of the links. */
    targets?: readonly string[];
    /** POSIX permissions, 0xffffffff where unknown. */
    modes?: Uint32Array;
    /** POSIX users, 0xffffffff where unknown. */
    uids?: Uint32Array;
    /** POSIX groups, 0xffffffff where unknown. */
    gids?: Uint32Array;
    /** What few entries have, in the order of the entries. */
    details?: readonly ImageEntryDetails[];
}

/** What few entries have. */
export interface ImageEntryDetails extends ImageAttributeDetails {
    /** The entry: its position in the arrays. */
    entry: number;
    /** Named streams; UDF 2.00 and later records them. Their sources are numbered behind all entries. */
    streams?: readonly { name: string; size: number }[];
    /** The bytes of a file, where the image must know them: to patch a boot image, to embed in a UDF file entry. */
    content?: Uint8Array;
    /** Numbers of a device. */
    device?: { major: number; minor: number };
}

/** What is recorded of an entry beyond permissions, owner and time of modification. */
export interface ImageAttributeDetails {
    /** When the content was last read. */
    accessed?: Date | number;
    /** When the entry was made. */
    created?: Date | number;
    /** When its attributes last changed. */
    changed?: Date | number;
    /** File systems that it and all below it are left out of. Rock Ridge hides with ISO 9660. */
    hiddenIn?: readonly HidingFileSystem[];
    /** Recorded as hidden: readers that know the bit do not show it. */
    hidden?: boolean;
    /** Files of more weight come earlier on the disc; 0 by default, a whole number of 32 bits. */
    weight?: number;
    /** Recorded as a real-time file; UDF 2.01 and later. */
    realTime?: boolean;
    /** Extended attributes; UDF records them. */
    extendedAttributes?: readonly { name: string; value: Uint8Array }[];
    /** SHA-256 of the bytes: with `layout.deduplicate`, files of equal digest and length are recorded once. */
    digest?: Uint8Array;
}

/** A file system that entries can be left out of. */
export type HidingFileSystem = 'iso9660' | 'joliet' | 'udf';

/** The image from its first byte to its last, as parallel arrays: one position in each is one segment. */
export interface ImageSegments {
    /** 0 is metadata (to be rendered), 1 a part of a file, 2 zeros. */
    kinds: Uint8Array;
    /** For a file, the position of its entry in the list that was planned; named streams are numbered behind all entries. */
    sources: Uint32Array;
    /** For metadata its first block in the image, for a file the first byte of the part. */
    starts: Float64Array;
    /** Bytes; together they are `sizeBytes`. */
    lengths: Float64Array;
}
