/** Between a disc in the page and a project file. */
import type { DiscSettings } from '../../disc/settings.ts';
import { Slicer } from '../../schedule/slicer.ts';
import { AbsentFile } from '../../store/absent.ts';
import {
  detailsFrom,
  keptDetails,
  split,
  type KeptDetails,
  type KeptStream,
} from '../../store/kept-details.ts';
import { Origins, sourceOf } from '../../store/origins.ts';
import { newProject, type KeptProject, type KeptRoot } from '../../store/project-store.ts';
import { TreeKeeper } from '../../store/tree-pieces.ts';
import { ContentTree, type DirectoryNode } from '../../tree/model.ts';
import type { KindId } from '../kinds.ts';
import type { ProjectEntry, ProjectFile } from './project-file.ts';
import { keptSections } from './kept-sections.ts';

/** All entries of a tree, parents before children, in the order the planner sees them. */
export async function entriesOf(tree: ContentTree, origins: Origins): Promise<ProjectEntry[]> {
  const slicer = new Slicer();
  const entries: ProjectEntry[] = [];
  const open = [{ path: '', children: tree.root.children.values() }];
  for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
    const next = level.children.next();
    if (next.done === true) {
      open.pop();
      continue;
    }
    const node = next.value;
    const path = level.path + node.name;
    const details =
      node.details === null
        ? {}
        : {
            details: keptDetails(node.details, origins, ({ name, source, size, modified }) => ({
              name,
              source,
              size,
              modified,
            })),
          };
    if (node.kind === 'directory') {
      entries.push({ kind: 'directory', path, ...details });
      open.push({ path: `${path}/`, children: node.children.values() });
    } else {
      const origin = origins.get(node.file);
      const source = origin === undefined ? path : sourceOf(origin);
      const { size, lastModified } = node.file;
      entries.push({ kind: 'file', path, source, size, modified: lastModified, ...details });
    }
    if (slicer.due) {
      await slicer.turn();
    }
  }
  return entries;
}

/** A project file as a kept project of its own, whose files have to be found. */
export async function keptFrom(file: ProjectFile, kind: KindId): Promise<KeptProject> {
  const kept = newProject(kind);
  const tree = new ContentTree();
  const origins = new Origins();
  const roots = new Map<string, KeptRoot>();
  const directories = new Map<string, DirectoryNode>([['', tree.root]]);
  const directoryAt = (path: string): DirectoryNode => {
    const found = directories.get(path);
    if (found !== undefined) {
      return found;
    }
    const [parent, name] = split(path);
    const made = tree.addDirectory(directoryAt(parent), name);
    directories.set(path, made);
    return made;
  };
  const rootOf = ({ source }: Pick<KeptStream, 'source'>): number => {
    const [top = ''] = source.split('/');
    const root = roots.get(top) ?? { number: roots.size + 1, name: top, handle: null };
    roots.set(top, root);
    return root.number;
  };
  const detailsOf = (details: KeptDetails | undefined) =>
    details === undefined ? null : detailsFrom(details, origins, rootOf);
  for (const entry of file.entries) {
    if (entry.kind === 'directory') {
      directoryAt(entry.path).details = detailsOf(entry.details);
      continue;
    }
    const [parent, name] = split(entry.path);
    const [directory, own] = split(entry.source);
    const absent = new AbsentFile(entry.size, entry.modified);
    origins.set(absent, { root: rootOf(entry), directory, name: own });
    tree.addFile(directoryAt(parent), name, absent).node.details = detailsOf(entry.details);
  }
  const settings: DiscSettings = {
    volumeId: file.volumeId,
    volumeTouched: true,
    created: file.created,
    medium: file.medium,
    fileSystems: file.fileSystems,
    fileSystemsTouched: true,
    isoLevel: file.options.isoLevel,
    udfRevision: file.options.udfRevision ?? null,
  };
  const { pieces } = await new TreeKeeper(origins).changes(tree, new AbortController().signal);
  const { size, files } = tree.root;
  return {
    header: {
      ...kept.header,
      name: file.name,
      size,
      files,
      settings: { ...settings, ...keptSections(file) },
    },
    pieces: new Map(pieces.map(([[directory, part], piece]) => [`${directory}/${part}`, piece])),
    roots: [...roots.values()],
    isNew: true,
  };
}
