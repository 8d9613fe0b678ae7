/** What the start screen offers besides discs of files. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAccessible } from '../accessibility.ts';
import { discwright } from '../agent.ts';
import { expect, test } from '../fixtures.ts';
import { makeFolder, sha256 } from '../folder.ts';

async function makeImage(scratch: string): Promise<string> {
  const image = join(scratch, 'system.iso');
  await discwright('build', '-o', image, await makeFolder(scratch, 'system'));
  return image;
}

test('an image is burned as it is, and summed up on request', async ({ start, page, scratch, agent }) => {
  const image = await makeImage(scratch);
  await start.dropOn(page.locator('#contents'), image);
  const question = page.getByRole('dialog', { name: 'What shall become of “system.iso”?' });
  await expectAccessible(page, 'question about an image');
  await question.getByRole('button', { name: /Burn this image/ }).click();

  const facts = page.getByTestId('image-facts');
  await expect(facts).toContainText('system.iso');
  await expect(facts).toContainText('CD');
  await facts.getByRole('button', { name: 'Work out' }).click();
  const digest = await sha256(image);
  await expect(page.getByTestId('sha256')).toHaveText(digest);
  await expectAccessible(page, 'an image');

  await start.burn();
  await start.burned();
  await expect(start.burnCard).toContainText(digest);
  await agent.stop();
  const back = join(scratch, 'back.iso');
  await discwright('read', `virtual:${agent.disc(0)}`, '-o', back);
  const read = await readFile(back);
  expect(read.subarray(0, (await readFile(image)).length).equals(await readFile(image))).toBe(true);
});

test('an image can go on a disc as a file, too', async ({ start, page, scratch }) => {
  await start.dropOn(page.locator('#contents'), await makeImage(scratch));
  await page.getByRole('button', { name: /Put it on a disc as a file/ }).click();
  await start.plannedSize();
  await expect(start.row('system.iso')).toBeVisible();
});

test('a disc is read, saved and burned again', async ({ start, page, scratch, agent }) => {
  const image = await makeImage(scratch);
  await agent.stop();
  await discwright('burn', `virtual:${agent.disc(0)}`, image, '--verify', 'none');
  await agent.start();
  await start.connected();
  await page.getByRole('button', { name: 'Copy or read a disc' }).click();
  await expectAccessible(page, 'reading a disc');
  await page.getByRole('button', { name: 'Read disc' }).click();
  await expect(page.getByTestId('task-result')).toHaveAttribute('data-state', 'succeeded', {
    timeout: 60_000,
  });
  const digest = await page.getByTestId('sha256').innerText();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as a file' }).click();
  const saved = join(scratch, 'read.iso');
  await (await download).saveAs(saved);
  expect(await sha256(saved)).toBe(digest);
  await expectAccessible(page, 'a disc that was read');

  await start.burn();
  await start.burned();
  await expect(start.burnCard).toContainText(digest);
});

test.describe('a rewritable disc', () => {
  test.use({ discs: [{ media: 'dvd-rw' }] });

  test('is erased after a question that says what is lost', async ({ start, page, scratch, agent }) => {
    const image = await makeImage(scratch);
    await agent.stop();
    await discwright('burn', `virtual:${agent.disc(0)}`, image, '--verify', 'none');
    await agent.start();
    await start.connected();
    await page.getByRole('button', { name: 'Erase a disc' }).click();
    await expect(page.getByTestId('on-disc')).toContainText('On it now:');
    await expectAccessible(page, 'erasing');
    await page.getByRole('button', { name: 'Erase disc' }).click();
    const question = page.getByRole('dialog', { name: 'Erase this disc?' });
    await expect(question).toContainText('will be lost');
    await expectAccessible(page, 'question before erasing');
    await question.getByRole('button', { name: 'Erase', exact: true }).click();
    await expect(page.getByTestId('task-result')).toHaveAttribute('data-state', 'succeeded', {
      timeout: 60_000,
    });
    await page.getByRole('button', { name: 'Erase another' }).click();
    await expect(page.getByTestId('on-disc')).toContainText('blank already');
  });
});

test.describe('a disc that is written once', () => {
  test.use({ discs: [{ media: 'dvd+r' }] });

  test('is not offered to be erased', async ({ start, page }) => {
    await page.getByRole('button', { name: 'Erase a disc' }).click();
    const button = page.getByRole('button', { name: 'Erase disc' });
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await expect(button).toHaveAccessibleDescription(/only once/);
    await expect(start.page.getByTestId('erase')).toContainText('DVD+R');
  });
});
