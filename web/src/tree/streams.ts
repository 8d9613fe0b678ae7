/** Named streams: content beside that of a file, or of a directory, under a name of its own. ECMA-167 4/9.2. */
import type { FileContent } from './content.ts';

export interface NamedStream {
  readonly name: string;
  readonly file: FileContent;
}

/** How Windows writes a stream of an entry. */
export function streamPath(path: string, name: string): string {
  return `${path}:${name}`;
}
