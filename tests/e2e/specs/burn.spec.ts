import { basename, join } from 'node:path';
import { discwright } from '../agent.ts';
import { expect, test } from '../fixtures.ts';
import { DEEPEST, EMOJI_NAME, LONG_NAME, makeFolder, sha256 } from '../folder.ts';
import { createdSeconds } from '../image.ts';

test.describe('a folder that is dropped', () => {
  for (const media of ['bd-re', 'dvd+r']) {
    test.describe(`with ${media}`, () => {
      test.use({ discs: [{ media }] });

      test('is shown, saved, burned, and read back byte for byte', async ({ disc, agent, scratch }) => {
        const folder = await makeFolder(scratch, 'Holiday 2021');
        await disc.drop(folder);
        const size = await disc.plannedSize();

        await disc.open('Holiday 2021');
        for (const name of ['empty folder', 'empty.dat', EMOJI_NAME, LONG_NAME, 'read me.txt']) {
          await expect(disc.row(name)).toBeVisible();
        }
        for (const level of DEEPEST) {
          await disc.open(level);
        }
        await expect(disc.row('treasure.txt')).toBeVisible();
        await expect(disc.page.getByLabel('Volume name')).toHaveValue('Holiday 2021');

        const saved = join(scratch, 'saved.iso');
        expect(await disc.save(saved)).toBe('Holiday 2021.iso');
        const digest = await sha256(saved);

        const built = join(scratch, 'built.iso');
        const epoch = String(await createdSeconds(saved));
        const same = ['--attributes', 'portable', '--epoch', epoch, '--volume', 'Holiday 2021'];
        await discwright('build', '-o', built, ...same, `${basename(folder)}=${folder}`);
        expect(await sha256(built), 'the page and the command line make the same image').toBe(digest);

        await disc.burn();
        await disc.burned();
        await expect(disc.burnCard).toContainText(digest);

        await agent.stop();
        const back = join(scratch, 'back.iso');
        await discwright('read', `virtual:${agent.disc(0)}`, '-o', back);
        expect(await sha256(back), 'the disc holds the image').toBe(digest);
        expect(size).toBeGreaterThan(5 * 1024 * 1024);
      });
    });
  }
});
