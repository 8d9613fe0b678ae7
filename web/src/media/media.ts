/** The discs a person may have at hand, how much one holds, and what an image for one is made of. */
import type { FileSystems } from '../disc/volume.ts';
import list from './media.json';

export const BLOCK_SIZE = 2048;

export type MediumId = 'cd' | 'dvd' | 'dvd-dl' | 'bd' | 'bd-dl' | 'bd-tl' | 'bd-ql';

export interface Medium {
  readonly id: MediumId;
  readonly label: string;
  /** Usable blocks of the smallest variety of the kind, so that what fits here fits any such disc. */
  readonly blocks: number;
  /** File systems an image for it has unless others are chosen. */
  readonly fileSystems: FileSystems;
  /** Revision of UDF that such an image has. */
  readonly udfRevision: string;
}

/** From the library, which holds its list and this file to each other. */
export const MEDIA: readonly Medium[] = list.map((medium) => ({
  id: medium.id as MediumId,
  // The size is shown beside it.
  label: medium.label.replace(/ \(.*\)$/, ''),
  blocks: medium.capacityBlocks,
  fileSystems: medium.fileSystems,
  udfRevision: medium.udfRevision,
}));

/** The smallest disc that holds this many bytes. */
export function smallestFor(bytes: number): Medium | undefined {
  return MEDIA.find((medium) => medium.blocks * BLOCK_SIZE >= bytes);
}

export function mediumById(id: MediumId): Medium | undefined {
  return MEDIA.find((medium) => medium.id === id);
}

/** What suits a disc of a kind (`dvd+r`, `bd-re`) that holds so many blocks: the largest medium of its family that it is no smaller than. */
export function mediumOf(kind: string, blocks: number): Medium | undefined {
  const [family] = kind.split(/[-+]/);
  const ofFamily = MEDIA.filter((medium) => medium.id.split('-')[0] === family);
  return ofFamily.findLast((medium) => medium.blocks <= blocks) ?? ofFamily[0];
}
