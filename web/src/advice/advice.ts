/**
 * Which systems read a disc, by what the planner found out about it. What hurts whom is decided there, by its warnings;
 * here it is put together for each system, with what can be changed by a click.
 */
import type { FileSystemId, FileSystems } from '../disc/volume.ts';
import type { ImageWarning } from '../planner/messages.ts';

export const SYSTEMS = ['windows', 'windowsXp', 'macos', 'linux', 'players', 'old'] as const;
export type SystemId = (typeof SYSTEMS)[number];

export type Verdict = 'reads' | 'partly' | 'no';

/** Why a system does not read all of a disc as it is meant. */
export type Reason = 'noFileSystem' | 'newUdf' | 'shortNames' | 'largeFiles' | 'deep' | 'names' | 'longPaths';

/** What one system makes of the disc. */
export interface Advice {
  readonly system: SystemId;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  /** A file system that mends it when it is turned on. */
  readonly turnOn: FileSystemId | null;
}

/** Warnings that are told by system, and need no words of their own. */
const TOLD_BY_SYSTEM: ReadonlySet<string> = new Set(['newUdf', 'severalExtents']);

interface Disc {
  readonly systems: FileSystems;
  readonly warns: (kind: string, reader?: string) => boolean;
}

/** Reasons that leave nothing to read. */
const FATAL: ReadonlySet<Reason> = new Set<Reason>(['noFileSystem', 'newUdf']);

function advice(system: SystemId, reasons: readonly Reason[], turnOn: FileSystemId | null): Advice {
  const fatal = reasons.some((reason) => FATAL.has(reason));
  return {
    system,
    verdict: fatal ? 'no' : reasons.length > 0 ? 'partly' : 'reads',
    reasons,
    turnOn: reasons.length === 0 ? null : turnOn,
  };
}

function when(is: boolean, reason: Reason): Reason[] {
  return is ? [reason] : [];
}

/** Windows takes UDF first, then Joliet; without both it shows the short names of ISO 9660. */
function windows({ systems, warns }: Disc): Advice {
  const short = !systems.udf && !systems.joliet;
  const reasons = [
    ...when(short, 'shortNames'),
    ...when(warns('notForWindows') || warns('namesDifferInCase'), 'names'),
    ...when(warns('unopenedPath', 'Windows'), 'longPaths'),
  ];
  return advice('windows', reasons, short ? 'joliet' : null);
}

function windowsXp(disc: Disc): Advice {
  const { systems, warns } = disc;
  const udf = systems.udf && !warns('newUdf', 'Windows XP and earlier');
  if (!udf && !systems.iso9660) {
    return advice('windowsXp', ['newUdf'], 'joliet');
  }
  const { reasons } = windows({ systems: { ...systems, udf }, warns });
  return advice('windowsXp', reasons, reasons.includes('shortNames') ? 'joliet' : null);
}

function macos({ systems, warns }: Disc): Advice {
  const large = !systems.udf && warns('severalExtents');
  const short = !systems.udf && !systems.joliet && !systems.rockRidge;
  const reasons = [
    ...when(large, 'largeFiles'),
    ...when(short, 'shortNames'),
    ...when(warns('unopenedPath', 'macOS'), 'longPaths'),
  ];
  return advice('macos', reasons, large ? 'udf' : short ? 'joliet' : null);
}

function linux({ systems, warns }: Disc): Advice {
  const short = !systems.udf && !systems.joliet && !systems.rockRidge;
  const reasons = [...when(short, 'shortNames'), ...when(warns('unopenedPath', 'Linux'), 'longPaths')];
  return advice('linux', reasons, short ? 'rockRidge' : null);
}

/** Players below a television: ISO 9660, or UDF as on DVD-Video. */
function players({ systems, warns }: Disc): Advice {
  const reasons = systems.iso9660
    ? when(warns('deepDirectory'), 'deep')
    : when(warns('newUdf', 'set-top players'), 'newUdf');
  return advice('players', reasons, systems.iso9660 ? null : 'iso9660');
}

/** Radios in cars, game consoles and players from before UDF: ISO 9660 and nothing else. */
function old({ systems, warns }: Disc): Advice {
  if (!systems.iso9660) {
    return advice('old', ['noFileSystem'], 'iso9660');
  }
  return advice(
    'old',
    [...when(warns('deepDirectory'), 'deep'), ...when(warns('severalExtents'), 'largeFiles')],
    null,
  );
}

/** What each system makes of a disc with these file systems, of which the planner says this. */
export function adviceFor(systems: FileSystems, warnings: readonly ImageWarning[]): readonly Advice[] {
  const warns = (kind: string, reader?: string): boolean =>
    warnings.some((each) => each.kind === kind && (reader === undefined || each.reader === reader));
  const disc = { systems, warns };
  return [windows(disc), windowsXp(disc), macos(disc), linux(disc), players(disc), old(disc)];
}

/** Warnings that stand for themselves: those that a system is not blamed for already. */
export function otherWarnings(warnings: readonly ImageWarning[]): readonly ImageWarning[] {
  return warnings.filter(({ kind }) => !TOLD_BY_SYSTEM.has(kind));
}
