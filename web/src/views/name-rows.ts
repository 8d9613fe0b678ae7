import type { FileSystems } from '../disc/volume.ts';
import type { NameReport } from '../planner/messages.ts';
import { reasonOf, systemName } from './name-badge.ts';

/** One line of the names panel. `name` is `null` where the file system leaves the entry out. */
export interface NameRow {
  system: string;
  name: string | null;
  reasons: string[];
  kept: boolean;
}

/** The lines of the names panel: one for each file system the disc gets. */
export function nameRows(name: string, report: NameReport, systems: FileSystems): NameRow[] {
  const line = (id: 'iso' | 'joliet' | 'rockRidge' | 'udf', aliases: string[]): NameRow => ({
    system: systemName(id),
    name: report[id] ?? null,
    kept: report[id] === name,
    reasons: report.changes.filter((change) => aliases.includes(change.fileSystem)).map(reasonOf),
  });
  return [
    ...(systems.iso9660 ? [line('iso', ['iso', 'iso9660'])] : []),
    ...(systems.joliet ? [line('joliet', ['joliet'])] : []),
    ...(systems.rockRidge ? [line('rockRidge', ['rockRidge'])] : []),
    ...(systems.udf ? [line('udf', ['udf'])] : []),
  ];
}
