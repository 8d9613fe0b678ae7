/** The paper in the case of a disc, in English. */
import { items } from './words.ts';

export const inlay = {
  inlay: {
    print: 'Print an inlay',
    copy: 'Copy the contents as text',
    copied: 'Copied.',
    copyFailed: 'The browser did not allow copying.',
    words: {
      volume: 'Volume',
      medium: 'Disc',
      date: 'Burned',
      size: 'Size',
      checksum: 'SHA-256',
      more: (n: number) => `and ${items(n, 'more entry', 'more entries')}`,
    },
    front: 'Front of the case, 120 by 120 mm',
    back: 'Back of the case, 151 by 118 mm',
    contents: 'Contents',
    onSheet: (n: number) => `and ${items(n, 'more entry', 'more entries')} on the next page`,
  },
};
