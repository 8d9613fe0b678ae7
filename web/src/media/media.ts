/** The discs a person may have at hand and how much one holds, in 2048-byte logical blocks. */

export const BLOCK_SIZE = 2048;

export type MediumId = 'cd' | 'dvd' | 'dvd-dl' | 'bd' | 'bd-dl' | 'bd-tl' | 'bd-ql';

export interface Medium {
  readonly id: MediumId;
  readonly label: string;
  readonly blocks: number;
}

/**
 * Usable blocks, always of the smaller variety of a kind, so that what fits here fits any such disc: an
 * 80-minute CD less pre-gap and run-out, DVD+R (DVD-R holds 3,392 blocks more), DVD-R DL (DVD+R DL holds
 * 2,112 more), Blu-ray formatted without spare areas.
 */
export const MEDIA: readonly Medium[] = [
  { id: 'cd', label: 'CD', blocks: 359_844 },
  { id: 'dvd', label: 'DVD', blocks: 2_295_104 },
  { id: 'dvd-dl', label: 'DVD DL', blocks: 4_171_712 },
  { id: 'bd', label: 'BD', blocks: 12_219_392 },
  { id: 'bd-dl', label: 'BD DL', blocks: 24_438_784 },
  { id: 'bd-tl', label: 'BD XL', blocks: 48_878_592 },
  { id: 'bd-ql', label: 'BD XL 4', blocks: 62_500_864 },
];

/** The smallest disc that holds this many bytes. */
export function smallestFor(bytes: number): Medium | undefined {
  return MEDIA.find((medium) => medium.blocks * BLOCK_SIZE >= bytes);
}

export function mediumById(id: MediumId): Medium | undefined {
  return MEDIA.find((medium) => medium.id === id);
}
