import type { NameReport } from '../planner/messages.ts';
import { t } from '../strings/strings.ts';

/** What a badge says about a name that some file system changes. */
export interface NameBadge {
  systems: string;
  reason: string;
}

type SystemKey = keyof typeof t.systemNames;

/** The name people know a file system by. */
export function systemName(id: string): string {
  return id in t.systemNames ? t.systemNames[id as SystemKey] : id;
}

/** The badge of a row, or `null` when every file system keeps the name. */
export function nameBadge(report: NameReport | undefined): NameBadge | null {
  if (report === undefined || report.changes.length === 0) {
    return null;
  }
  const systems = [...new Set(report.changes.map((change) => systemName(change.fileSystem)))].join(', ');
  const reason = report.changes
    .map((change) => `${systemName(change.fileSystem)}: ${change.name} (${change.reason})`)
    .join('\n');
  return { systems, reason };
}
