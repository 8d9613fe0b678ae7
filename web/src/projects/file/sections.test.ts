import { describe, expect, test } from 'vitest';
import { keepChoice, keptChoice, NO_CHOICE } from '../bootable/boot-settings.ts';
import type { BootSection } from './boot-section.ts';
import { keptSections } from './kept-sections.ts';
import { ProjectFileError, readProjectFile, writeProjectFile, type ProjectFile } from './project-file.ts';

const BOOT: BootSection = {
  entries: [
    {
      platform: 'bios',
      image: 'isolinux/isolinux.bin',
      emulation: 'none',
      loadSegment: 0x7c0,
      sectorCount: 4,
      infoTable: true,
      grub2Pointer: false,
    },
    {
      platform: 'uefi',
      image: 'boot/efi.img',
      emulation: 'none',
      loadSegment: 0,
      sectorCount: null,
      infoTable: false,
      grub2Pointer: false,
    },
  ],
  id: 'RESCUE',
  hybrid: {
    table: 'both',
    code: { loader: 'isolinux', name: 'isohdpfx.bin', bytes: Uint8Array.from({ length: 432 }, (_, n) => n) },
    systemPartition: 'inPlace',
  },
};

function projectOf(more: Partial<ProjectFile>): ProjectFile {
  return {
    kind: 'bootable',
    name: 'Rescue',
    volumeId: 'RESCUE',
    created: 1_600_000_000_000,
    medium: null,
    fileSystems: { iso9660: true, joliet: true, rockRidge: true, udf: true },
    options: { isoLevel: 3 },
    entries: [],
    ...more,
  };
}

type Section = Record<string, unknown>;

async function problemOf(change: (boot: Section) => void): Promise<unknown> {
  const file = JSON.parse(await writeProjectFile(projectOf({ boot: BOOT })).text()) as { boot: Section };
  change(file.boot);
  try {
    readProjectFile(JSON.stringify(file));
  } catch (error) {
    return error instanceof ProjectFileError ? error.problem : error;
  }
  return null;
}

describe('a project file', () => {
  test.each<[string, BootSection]>([
    ['with code of its own', BOOT],
    [
      'with code that is on the disc',
      {
        ...BOOT,
        hybrid: {
          table: 'mbr',
          code: { loader: 'grub2', path: 'boot_hybrid.img' },
          systemPartition: 'appended',
        },
      },
    ],
    ['without tables', { ...BOOT, id: '', hybrid: null }],
  ])('says how the image starts machines: %s', async (_, boot) => {
    const project = projectOf({ boot });
    expect(readProjectFile(await writeProjectFile(project).text())).toEqual(project);
  });

  test.each(['dvd', 'bd'] as const)('says that the disc is for a player: %s', async (video) => {
    const project = projectOf({ kind: 'video', video });
    expect(readProjectFile(await writeProjectFile(project).text())).toEqual(project);
  });

  test('of a kind without its section is damaged', async () => {
    const text = await writeProjectFile(projectOf({})).text();
    const problem = (kind: string) => {
      try {
        readProjectFile(text.replace('bootable', kind));
      } catch (error) {
        return (error as ProjectFileError).problem;
      }
      return null;
    };
    expect(problem('bootable')).toEqual({ kind: 'damaged', where: 'boot' });
    expect(problem('video')).toEqual({ kind: 'damaged', where: 'video' });
    expect(problem('data')).toBeNull();
  });

  const first = (boot: Section): Section => (boot['entries'] as Section[])[0] ?? {};
  const hybrid = (boot: Section): Section => boot['hybrid'] as Section;
  test.each<[string, (boot: Section) => void]>([
    ['boot.entries', (boot) => (boot['entries'] = 'none')],
    ['boot.entries[0].platform', (boot) => (first(boot)['platform'] = 'amiga')],
    ['boot.entries[0].image', (boot) => (first(boot)['image'] = '../x')],
    ['boot.entries[0].emulation', (boot) => (first(boot)['emulation'] = 'floppy')],
    ['boot.entries[0].loadSegment', (boot) => (first(boot)['loadSegment'] = 0x10000)],
    ['boot.entries[0].sectorCount', (boot) => delete first(boot)['sectorCount']],
    ['boot.entries[0].infoTable', (boot) => (first(boot)['infoTable'] = 1)],
    ['boot.entries[0].criteria', (boot) => (first(boot)['criteria'] = {})],
    ['boot.id', (boot) => delete boot['id']],
    ['boot.systemArea', (boot) => (boot['systemArea'] = '')],
    ['boot.hybrid.table', (boot) => (hybrid(boot)['table'] = 'apm')],
    ['boot.hybrid.systemPartition', (boot) => (hybrid(boot)['systemPartition'] = null)],
    ['boot.hybrid.code.bytes', (boot) => ((hybrid(boot)['code'] as Section)['bytes'] = '*')],
    ['boot.hybrid.code.loader', (boot) => ((hybrid(boot)['code'] as Section)['loader'] = 'lilo')],
  ])('with a wrong %s says so', async (where, change) => {
    expect(await problemOf(change)).toEqual({ kind: 'damaged', where });
  });
});

describe('the store', () => {
  test('keeps what was chosen, and what was not is found anew', () => {
    const all = { entries: BOOT.entries, hybrid: BOOT.hybrid, id: 'ME' };
    expect(keptChoice({ boot: keepChoice(all) })).toEqual(all);
    expect(keptChoice({ boot: keepChoice(NO_CHOICE) })).toEqual(NO_CHOICE);
    const none = { entries: null, hybrid: 'none' as const, id: '' };
    expect(keptChoice({ boot: keepChoice(none) })).toEqual(none);
  });

  test('takes up a project file, and nothing of what is damaged', () => {
    const kept = keptChoice(keptSections({ boot: BOOT }));
    expect(kept).toEqual({ entries: BOOT.entries, hybrid: BOOT.hybrid, id: 'RESCUE' });
    expect(keptChoice(keptSections({ boot: { ...BOOT, hybrid: null } })).hybrid).toBe('none');
    expect(keptChoice({ boot: { section: { entries: 7 } } })).toEqual(NO_CHOICE);
    expect(keptChoice(null)).toEqual(NO_CHOICE);
    expect(keptSections({ video: 'bd' })).toEqual({ video: 'bd' });
  });
});
