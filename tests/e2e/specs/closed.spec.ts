/** A browser that is closed in the middle of a save. */
import { join } from 'node:path';
import { DiscPage } from '../disc-page.ts';
import { expect, test } from '../fixtures.ts';
import { makeFolder, sha256 } from '../folder.ts';
import { BEFORE, chooseFile, chosenFile, chosenSha256, makeChosenFile } from '../own-file.ts';

test('leaves the file as it was and the project whole, after a question', async ({
  agent,
  context,
  disc,
  page,
  scratch,
}) => {
  const folder = await makeFolder(scratch, 'Holiday 2021');
  await disc.drop(folder);
  const size = await disc.plannedSize();
  await disc.kept();
  await makeChosenFile(page);

  await chooseFile(page, 300);
  await page.getByRole('button', { name: 'Save image' }).click();
  const progress = page.getByRole('progressbar');
  await expect.poll(() => progress.getAttribute('value').then(Number)).toBeGreaterThan(size / 10);
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.accept();
  await expect.poll(() => page.isClosed()).toBe(true);

  const next = await context.newPage();
  const again = new DiscPage(next);
  await next.goto(agent.origin);
  await again.connected();
  expect(await chosenFile(next)).toEqual({ size: BEFORE.length, start: BEFORE });
  const recent = next.getByTestId('recent').getByRole('link', { name: /Holiday 2021/ });
  await recent.click();
  await expect(again.row('Holiday 2021')).toBeVisible();
  const reunion = next.getByTestId('reunion');
  await expect(reunion).toBeVisible();
  await again.dropOn(reunion, folder);
  await expect(reunion).toHaveCount(0);
  expect(await again.plannedSize()).toBe(size);

  await chooseFile(next, 0);
  await next.getByRole('button', { name: 'Save image' }).click();
  await expect(next.getByRole('button', { name: 'Save image' })).toBeEnabled();
  await expect.poll(() => chosenFile(next).then((file) => file.size)).toBe(size);
  await next.evaluate(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'));
  const downloaded = join(scratch, 'downloaded.iso');
  await again.save(downloaded);
  expect(await chosenSha256(next)).toBe(await sha256(downloaded));
});
