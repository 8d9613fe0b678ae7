/** Discs that players play: DVD-Video and Blu-ray. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expectAccessible } from '../accessibility.ts';
import { discwright } from '../agent.ts';
import { expect, test } from '../fixtures.ts';
import { sha256 } from '../folder.ts';

const run = promisify(execFile);
const BLOCK = 2048;
const KIND = 'DVD or Blu-ray video';

/** Information of a title set: its identifier, its last sector, and where its titles begin, in sectors from its own. */
function information(identifier: string, last: number, titles: number): Buffer {
  const bytes = Buffer.alloc(3 * BLOCK);
  bytes.write(identifier, 'latin1');
  bytes.writeUInt32BE(last, 12);
  bytes.writeUInt32BE(titles, 196);
  return bytes;
}

async function write(root: string, files: Record<string, Buffer>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

function dvdFiles(folder: string, name = (text: string) => text): Record<string, Buffer> {
  // The titles begin behind a gap that nothing but the information tells of.
  const set = information('DVDVIDEO-VTS', 20 + 40 + 3 - 1, 20);
  const menu = information('DVDVIDEO-VMG', 0, 0);
  return Object.fromEntries(
    [
      ['VIDEO_TS.IFO', menu] as const,
      ['VIDEO_TS.BUP', menu] as const,
      ['VTS_01_0.IFO', set] as const,
      ['VTS_01_0.BUP', set] as const,
      ['VTS_01_1.VOB', Buffer.alloc(40 * BLOCK, 0xba)] as const,
    ].map(([file, content]) => [`${folder}/${name(file)}`, content]),
  );
}

/** The first block of each file of a folder, by its name, as xorriso sees it. */
async function firstBlocks(image: string, folder: string): Promise<Map<string, number>> {
  const { stdout } = await run('xorriso', [
    '-indev',
    image,
    '-find',
    folder,
    '-type',
    'f',
    '-exec',
    'report_lba',
  ]);
  const lines = stdout.matchAll(/^File data lba:\s*\d+\s*,\s*(\d+)\s*,.*'([^']+)'$/gm);
  return new Map(
    [...lines].map(([, block, path = '']) => [path.slice(path.lastIndexOf('/') + 1), Number(block)]),
  );
}

test('a VIDEO_TS folder becomes a DVD that players play', async ({ start, page, scratch }) => {
  const card = page.getByTestId('video');
  await start.begin(KIND);
  await expectAccessible(page, 'an empty video disc');
  await start.drop(await write(join(scratch, 'Holiday film'), dvdFiles('VIDEO_TS')));
  await start.plannedSize();
  await expect(start.row('VIDEO_TS')).toBeVisible();
  await expect(start.row('Holiday film')).toHaveCount(0);
  await expect(card.getByLabel('Plays in')).toHaveValue('dvd');
  await expect(page.getByLabel('Joliet')).not.toBeChecked();
  await expect(card).toContainText('There is no AUDIO_TS folder.');
  await card.getByRole('button', { name: 'Add an empty AUDIO_TS' }).click();
  await expect(card).toContainText('All that players look for is there.');
  await start.plannedSize();
  await expectAccessible(page, 'a DVD that is whole');

  const image = join(scratch, 'dvd.iso');
  await start.save(image);
  const project = join(scratch, 'film.discwright');
  await start.saveProject(project);
  const built = join(scratch, 'built.iso');
  await discwright('build', project, '-o', built);
  expect(await sha256(built), 'the page and the command line').toBe(await sha256(image));
  expect((await readFile(image)).includes('NSR02'), 'UDF 1.02').toBe(true);
  const blocks = await firstBlocks(image, '/VIDEO_TS');
  const first = blocks.get('VTS_01_0.IFO') ?? 0;
  expect(first % 16, 'the set begins with an ECC block').toBe(0);
  expect(blocks.get('VTS_01_1.VOB'), 'where the information says').toBe(first + 20);
  expect(blocks.get('VTS_01_0.BUP')).toBe(first + 60);

  await start.kept();
  await page.reload();
  await start.connected();
  await start.plannedSize();
  await expect(card).toContainText('All that players look for is there.');
});

test('names that differ in their case are corrected, and what is missing is told', async ({
  start,
  page,
  scratch,
}) => {
  const card = page.getByTestId('video');
  await start.begin(KIND);
  await start.drop(
    await write(
      join(scratch, 'small'),
      dvdFiles('video_ts', (name) => name.toLowerCase()),
    ),
  );
  await expect(card).toContainText(
    '“video_ts” and 5 other names have capital or small letters in the wrong place',
  );
  await expectAccessible(page, 'a DVD with wrong names');
  await card.getByRole('button', { name: 'Correct the names' }).click();
  await start.plannedSize();
  await start.open('VIDEO_TS');
  await start.row('VIDEO_TS.IFO').click();
  await page.keyboard.press('Delete');
  await expect(card).toContainText('VIDEO_TS/VIDEO_TS.IFO is missing.');
  await expect(page.getByRole('button', { name: 'Save image' })).toBeDisabled();
  await page.getByRole('button', { name: /^Undo/ }).first().click();
  await start.plannedSize();
  await page.getByLabel('UDF').uncheck();
  await expect(card).toContainText('DVD players look for ISO 9660 and UDF.');
});

test('a BDMV folder becomes a Blu-ray', async ({ start, page, scratch }) => {
  const card = page.getByTestId('video');
  await start.begin(KIND);
  const root = await write(join(scratch, 'disc'), {
    'BDMV/index.bdmv': Buffer.alloc(100, 1),
    'BDMV/MovieObject.bdmv': Buffer.alloc(100, 2),
    'BDMV/PLAYLIST/00000.mpls': Buffer.alloc(200, 3),
    'BDMV/CLIPINF/00000.clpi': Buffer.alloc(300, 4),
    'BDMV/STREAM/00000.m2ts': Buffer.alloc(61_440, 5),
    'BDMV/BACKUP/index.bdmv': Buffer.alloc(100, 1),
    'CERTIFICATE/id.bdmv': Buffer.alloc(100, 6),
  });
  await start.drop(root);
  await start.plannedSize();
  await expect(card.getByLabel('Plays in')).toHaveValue('bd');
  await expect(card).toContainText('All that players look for is there.');
  await expect(start.row('CERTIFICATE')).toBeVisible();
  const image = join(scratch, 'bd.iso');
  await start.save(image);
  const project = join(scratch, 'bd.discwright');
  await start.saveProject(project);
  const built = join(scratch, 'built.iso');
  await discwright('build', project, '-o', built);
  expect(await sha256(built), 'the page and the command line').toBe(await sha256(image));
  const bytes = await readFile(image);
  expect(bytes.includes('NSR03'), 'UDF 2.50').toBe(true);
  expect(bytes.includes('CD001'), 'no ISO 9660').toBe(false);
  expect((bytes.indexOf(Buffer.alloc(BLOCK, 5)) / BLOCK) % 32, 'the stream begins with a cluster').toBe(0);
});
