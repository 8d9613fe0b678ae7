/** Lists of entries as objects, and as the arrays that cross into WebAssembly. */

export const FILE = 0;
export const DIRECTORY = 1;
export const SYMLINK = 2;

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
    targets: entries.filter(({ kind }) => kind === SYMLINK).map(({ target }) => target),
  };
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
