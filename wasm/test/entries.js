/** Lists of entries as objects, and as the arrays that cross into WebAssembly. */

export const FILE = 0;
export const DIRECTORY = 1;
export const SYMLINK = 2;
export const HARD_LINK = 3;

/** 2026-03-01 12:00:00 UTC. */
export const CREATED = 1772366400000;

export function toArrays(entries) {
  const encoder = new TextEncoder();
  const encoded = entries.map(({ path }) => encoder.encode(path));
  const paths = new Uint8Array(encoded.reduce((sum, { length }) => sum + length, 0));
  const pathEnds = new Uint32Array(entries.length);
  let end = 0;
  encoded.forEach((bytes, i) => {
    paths.set(bytes, end);
    end += bytes.length;
    pathEnds[i] = end;
  });
  return {
    paths,
    pathEnds,
    kinds: Uint8Array.from(entries, ({ kind }) => kind),
    sizes: Float64Array.from(entries, ({ size }) => size),
    modified: Float64Array.from(entries, ({ modified }) => modified ?? NaN),
    targets: entries.filter(({ kind }) => kind === SYMLINK || kind === HARD_LINK).map(({ target }) => target),
    modes: Uint32Array.from(entries, ({ mode }) => mode ?? 0xffffffff),
    uids: Uint32Array.from(entries, ({ uid }) => uid ?? 0xffffffff),
    gids: Uint32Array.from(entries, ({ gid }) => gid ?? 0xffffffff),
    details: entries.flatMap(detailsOf),
  };
}

const DETAILS = ['accessed', 'created', 'changed', 'hidden', 'hiddenIn', 'weight', 'realTime', 'streams'];

function detailsOf(entry, index) {
  const details = Object.fromEntries(
    DETAILS.filter((name) => name in entry).map((name) => [name, entry[name]]),
  );
  if (entry.content !== undefined) {
    details.content = Uint8Array.from(entry.content);
  }
  if (entry.digest !== undefined) {
    details.digest = Uint8Array.from(entry.digest);
  }
  if (entry.extendedAttributes !== undefined) {
    details.extendedAttributes = entry.extendedAttributes.map(([name, value]) => ({
      name,
      value: Uint8Array.from(value),
    }));
  }
  if (entry.device !== undefined) {
    details.device = { major: entry.device[0], minor: entry.device[1] };
  }
  return Object.keys(details).length > 0 ? [{ entry: index, ...details }] : [];
}

export function options(changes = {}) {
  return {
    volumeId: 'TEST',
    fileSystems: { iso9660: true, joliet: true, rockRidge: true, udf: true },
    isoLevel: 3,
    created: CREATED,
    ...changes,
  };
}
