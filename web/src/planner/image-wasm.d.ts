/** The planner's interface, as `wasm/pkg` exports it. Declared here so that the app type-checks before it is built. */
declare module 'image-wasm' {
  export interface EntryArrays {
    /** All paths as UTF-8, one after the other, each relative to the root and separated by slashes. */
    paths: Uint8Array;
    /** Where each path ends in `paths`. */
    pathEnds: Uint32Array;
    /** 0 file, 1 directory, 2 symbolic link. */
    kinds: Uint8Array;
    sizes: Float64Array;
    /** Unix milliseconds, NaN for none. */
    modified: Float64Array;
    /** Targets of the symbolic links, in order. */
    targets?: string[];
    /** POSIX permissions, 0xffffffff where unknown. */
    modes?: Uint32Array;
    /** POSIX users, 0xffffffff where unknown. */
    uids?: Uint32Array;
    /** POSIX groups, 0xffffffff where unknown. */
    gids?: Uint32Array;
    /** What few entries have, in the order of the entries. */
    details?: readonly ImageEntryDetails[];
  }

  export interface ImageEntryDetails {
    /** The entry: its position in the arrays. */
    entry: number;
    /** Unix milliseconds. */
    created?: number;
    /** File systems that it and all below it are left out of. */
    hiddenIn?: readonly ('iso9660' | 'joliet' | 'udf')[];
    /** Recorded as hidden. */
    hidden?: boolean;
    /** Files of more weight come earlier on the disc. */
    weight?: number;
    /** The bytes of a file that the planner has to know. */
    content?: Uint8Array;
    /** Named streams. Their sources are numbered behind all entries. */
    streams?: readonly { name: string; size: number }[];
  }

  export interface PlanOptions {
    volumeId: string;
    fileSystems: { iso9660: boolean; joliet: boolean; rockRidge: boolean; udf: boolean };
    isoLevel: number;
    /** What it is for, if that is known: takes the defaults of the medium. */
    medium?: string;
    /** Unix milliseconds. */
    created: number;
    /** How it starts machines. */
    boot?: ImageBoot;
    /** The player it is for. */
    video?: 'dvd' | 'bd';
    udf?: { revision: '1.02' | '1.50' | '2.00' | '2.01' | '2.50' | '2.60' };
  }

  export interface ImageBoot {
    entries: readonly {
      platform: 'bios' | 'uefi';
      /** Path of a file of the image. */
      image: string;
      emulation: 'none' | 'floppy1200' | 'floppy1440' | 'floppy2880' | 'hardDisk';
      loadSegment: number;
      sectorCount?: number;
      infoTable: boolean;
      grub2Pointer: boolean;
    }[];
    id: string;
    hybrid?: {
      table: 'mbr' | 'gpt' | 'both';
      code?: { loader: 'isolinux' | 'grub2' | 'other'; bytes: Uint8Array };
      systemPartition: 'inPlace' | 'appended';
    };
  }

  export interface NameChange {
    fileSystem: string;
    name: string;
    cause: 'characters' | 'length' | 'collision' | 'noSymlinks' | 'noSpecialFiles' | 'hidden';
    reason: string;
  }

  export interface NameReport {
    iso?: string;
    joliet?: string;
    rockRidge?: string;
    udf?: string;
    changes: NameChange[];
  }

  /** What one should know of an image before it is written. */
  export interface ImageWarning {
    /** What programs call it: `severalExtents`. */
    kind: string;
    message: string;
    hint: string;
    path?: string;
    /** Who does not read it, where it is some readers that mind. */
    reader?: string;
    clause?: string;
  }

  export interface SegmentArrays {
    /** 0 metadata, 1 file, 2 zeros. */
    kinds: Uint8Array;
    /** Index of the file in the entry list; of a named stream, its place behind them all. */
    sources: Uint32Array;
    /** First block of a metadata segment; first byte within a file. */
    starts: Float64Array;
    /** Bytes. */
    lengths: Float64Array;
  }

  export class ImagePlan {
    readonly sizeBytes: number;
    readonly sizeBlocks: number;
    segments(): SegmentArrays;
    renderInto(startBlock: number, out: Uint8Array): void;
    names(firstEntry: number, count: number): NameReport[];
    warnings(): ImageWarning[];
    free(): void;
  }

  export function planImage(entries: EntryArrays, options: PlanOptions): ImagePlan;

  const init: (source?: { module_or_path: string | URL | BufferSource }) => Promise<unknown>;
  export default init;
}
