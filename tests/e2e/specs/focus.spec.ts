/** Where the keyboard is after what had it has gone. */
import { expect, test } from '../fixtures.ts';
import { makeFolder } from '../folder.ts';

test('a name that is being typed stays when files come in above it', async ({ disc, page, scratch }) => {
  await disc.drop(await makeFolder(scratch, 'middle'));
  await disc.plannedSize();
  await page.getByRole('treegrid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('F2');
  const field = page.getByLabel('New name for middle');
  await page.keyboard.type('half a na');
  await disc.drop(await makeFolder(scratch, 'above'));
  await expect(disc.row('above')).toBeVisible();
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('half a na');
});
