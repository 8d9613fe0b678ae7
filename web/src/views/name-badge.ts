import type { NameChange, NameReport } from '../planner/messages.ts';
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

/** Plain ISO 9660 changes nearly every name; that matters only where no other file system keeps it. */
function notable(report: NameReport | undefined): readonly NameChange[] {
  if (report === undefined) {
    return [];
  }
  const longNames = [report.joliet, report.rockRidge, report.udf].some((name) => name !== undefined);
  return report.changes.filter((change) => !longNames || change.fileSystem !== 'iso9660');
}

/** Why a file system changes a name, in the language of the page. */
export function reasonOf({ cause, reason }: NameChange): string {
  return t.told?.nameCauses[cause] ?? reason;
}

/** The badge of a row, or `null` when every file system keeps the name. */
export function nameBadge(report: NameReport | undefined): NameBadge | null {
  const changes = notable(report);
  if (changes.length === 0) {
    return null;
  }
  const systems = [...new Set(changes.map((change) => systemName(change.fileSystem)))].join(', ');
  const reason = changes
    .map((change) => `${systemName(change.fileSystem)}: ${change.name} (${reasonOf(change)})`)
    .join('\n');
  return { systems, reason };
}
