
/**
 * How an image is made. Whatever is left out has the default that the command line has too; a field that is not known is
 * refused. Dates are a `Date` or milliseconds since 1970; blocks are of 2048 bytes.
 */
export interface ImageOptions {
    /** Name of the volume: 1 to 126 characters. ISO 9660 keeps 32 of `A`-`Z`, `0`-`9` and `_`, Joliet 16, UDF all. Default `DISC`. */
    volumeId?: string;
    /**
     * The medium it is for: takes the file systems, the revision of UDF, the alignment and the padding of
     * `mediumDefaults()`. Without one, the image suits every medium.
     */
    medium?: 'cd' | 'dvd' | 'dvd-dl' | 'bd' | 'bd-dl' | 'bd-tl' | 'bd-ql';
    /** File systems to write. All four by default, or those of the medium. They share one copy of the contents. */
    fileSystems?: Partial<ImageFileSystems>;
    /**
     * Level of interchange of ISO 9660. 1: names of 8 and 3 characters. 2: of 31. 3 (default): files of 4 GiB and more, too.
     * 4: names of 207 bytes in an enhanced hierarchy besides. Levels 1 and 2 refuse files of 4 GiB.
     */
    isoLevel?: 1 | 2 | 3 | 4;
    /** When the volume was made, and the time of entries that have none. Default 1970: the clock is the caller's. */
    created?: Date | number;
    /** How ISO 9660 is written. */
    iso9660?: {
        /** Rules for names that are relaxed; none by default. */
        names?: IsoNameRules;
        /** What the primary descriptor shows at level 4: a hierarchy of its `own` (default), or the enhanced one, `shared`. */
        enhanced?: 'own' | 'shared';
        /** Directories below the eighth level stay (`leave`, default), or move to `RR_MOVED` (`relocate`, needs Rock Ridge). */
        deepDirectories?: 'leave' | 'relocate';
        /** Records have the attributes of CD-ROM XA. Default false. */
        xa?: boolean;
    };
    /** How Joliet is written. */
    joliet?: {
        /** Names of up to 103 characters instead of 64. Default false. */
        long?: boolean;
    };
    /** How Rock Ridge is written. */
    rockRidge?: {
        /** Version of the protocol. 1.12 (default) has serial numbers that tell the names of one file. */
        version?: '1.10' | '1.12';
        /** Times in 17 bytes, to the hundredth of a second, for years outside 1900 to 2155. Default false. */
        longTimes?: boolean;
    };
    /** How UDF is written. */
    udf?: {
        /** Revision. Default 1.02, or that of the medium. From 2.50 on, metadata are `duplicated` unless said otherwise. */
        revision?: '1.02' | '1.50' | '2.00' | '2.01' | '2.50' | '2.60';
        /** What the partition is. Default `readOnly`; others let another program go on writing. */
        partition?: 'readOnly' | 'overwritable' | 'pseudoOverwritable' | 'virtual' | 'sparable';
        /** Blocks of a packet of a `sparable` partition: 32 (default) on CD-RW, 16 on DVD-RW. */
        packetBlocks?: 16 | 32;
        /** Whether file entries have a partition of their own, or two. */
        metadata?: 'mixed' | 'separate' | 'duplicated';
        /** Keep small files and directories in their file entries, where UDF is the only file system. Default false. */
        embed?: boolean;
    };
    /** The player it is for: files go where it expects them. None by default. */
    video?: 'dvd' | 'bd';
    /** Texts of the volume descriptors of ISO 9660 and Joliet; all empty by default. */
    identifiers?: {
        /** System that may act on the system area: up to 32 characters. */
        system?: string;
        /** The set this volume is of: up to 128 characters. */
        volumeSet?: string;
        /** Who published it: up to 128 characters. */
        publisher?: string;
        /** Who prepared the data: up to 128 characters. */
        preparer?: string;
        /** Name of a file of the root with a copyright statement. */
        copyrightFile?: string;
        /** Name of a file of the root with an abstract. */
        abstractFile?: string;
        /** Name of a file of the root with bibliographic records. */
        bibliographicFile?: string;
    };
    /** Dates of the volume descriptors. */
    dates?: {
        /** Default `created`. */
        creation?: Date | number;
        /** Default `creation`. */
        modification?: Date | number;
        /** From when on it is obsolete. None by default. */
        expiration?: Date | number;
        /** From when on it may be used. None by default. */
        effective?: Date | number;
    };
    /** What a standard forbids is refused, instead of told in the warnings. Default false. */
    strict?: boolean;
    /** Where things go, and where the image ends. */
    layout?: {
        /** Zero blocks at the end of an image without UDF. Default 150. */
        paddingBlocks?: number;
        /** The length is a multiple of this many blocks. Default 32. */
        lengthMultiple?: number;
        /** Large files begin on a multiple of this many blocks. Default 2. */
        alignment?: number;
        /** From how many bytes on a file is large. Default 1 MiB. */
        alignFrom?: number;
        /** Record files of equal length and `digest` once, but where UDF is written in place. Default false. */
        deduplicate?: boolean;
        /** The most blocks that the image may take; more are refused. No limit by default. */
        maxBlocks?: number;
    };
    /** How the image starts a machine. Nothing of it is there by default. */
    boot?: ImageBoot;
    /** Permissions of files that have none. Default 0o644. */
    fileMode?: number;
    /** Permissions of directories that have none. Default 0o755. */
    directoryMode?: number;
    /** Program that asked for the image: up to 128 characters. Default `discwright`. */
    application?: string;
}

/** Rules for names of ISO 9660 that are relaxed, most after an option of mkisofs. */
export interface IsoNameRules {
    /** `-allow-lowercase` */
    lowerCase?: boolean;
    /** `-allow-multidot` */
    severalDots?: boolean;
    /** `-allow-leading-dots` */
    leadingDot?: boolean;
    /** `-relaxed-filenames` */
    allAscii?: boolean;
    /** `-no-iso-translate` */
    untranslated?: boolean;
    /** `-l` for 31, `-max-iso9660-filenames` for 37. Default: as the level has it. */
    maxLength?: 31 | 37;
    /** `-omit-version-number` */
    omitVersion?: boolean;
    /** `-omit-period` */
    omitPeriod?: boolean;
    /** The name of the volume and its other texts keep all characters of ASCII, as mkisofs has them. */
    volumeTexts?: boolean;
}

/** How an image starts a machine. */
export interface ImageBoot<Bytes = Uint8Array> {
    /** What is started from a disc. The first is started when nobody chooses. El Torito needs ISO 9660. */
    entries?: readonly BootEntry<Bytes>[];
    /** Who made the disc: at most 24 characters of ASCII. */
    id?: string;
    /** Path at which the boot catalog shows as a file. Without one it has blocks, but no name. */
    catalogPath?: string;
    /** File systems in which that file does not show. */
    catalogHiddenIn?: readonly HidingFileSystem[];
    /** Content of the first 16 blocks: at most 32 KiB. What `hybrid` asks for is written over it. */
    systemArea?: Bytes;
    /** Partition tables, for machines that take the image for a disk: a USB stick. */
    hybrid?: {
        /** A master boot record, a GUID partition table, or both. */
        table: 'mbr' | 'gpt' | 'both';
        /** What a BIOS starts from the disk: 432 bytes of ISOLINUX, 512 of GRUB 2, or at most 440 of another. */
        code?: { loader?: 'isolinux' | 'grub2' | 'other'; bytes: Bytes };
        /** Whether the EFI system partition stays where its image is (default), or goes behind all other files. */
        systemPartition?: 'inPlace' | 'appended';
        /** Type of the partition that holds the image. Default 0x17. */
        partitionType?: number;
    };
}

/** Something that can be started. */
export interface BootEntry<Bytes = Uint8Array> {
    /** For which machines it is. A number is one of the standard's. */
    platform: 'bios' | 'uefi' | 'powerPc' | 'mac' | number;
    /** What is loaded: the path of a file of the image, or bytes that have no name there. */
    image: string | Bytes;
    /** What the image pretends to be. Default `none`. */
    emulation?: 'none' | 'floppy1200' | 'floppy1440' | 'floppy2880' | 'hardDisk';
    /** Segment that a BIOS loads it to. Default 0, which stands for 0x7C0. */
    loadSegment?: number;
    /** Sectors of 512 bytes that are loaded. Default: 4 for a BIOS, 1 with emulation, the whole image for others. */
    sectorCount?: number;
    /** Patch in the table that ISOLINUX and others look for. Default false. */
    infoTable?: boolean;
    /** Patch in where the image is, as GRUB 2 wants it. Default false. */
    grub2Pointer?: boolean;
    /** Whether firmware may start it. Default true. */
    bootable?: boolean;
    /** Name of the section of the catalog: neighbours of the same name share one. Entries without are by themselves. */
    section?: string;
    /** Which machine it is for; the first entry has none. */
    criteria?: { kind?: number; bytes: Bytes };
}
