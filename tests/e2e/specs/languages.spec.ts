/** The page in another language, from the right, and as people set up their system to see it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../accessibility.ts';
import type { DiscPage } from '../disc-page.ts';
import { expect, test } from '../fixtures.ts';
import { LONG_NAME, makeFolder } from '../folder.ts';

const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url));
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1440, height: 900 };

/** As long as a name can be, without a place to break it. */
const LONGEST = `${'x'.repeat(251)}.txt`;
const HEBREW = 'תמונות מהחופשה 2021.txt';
const ARABIC = `${'صور '.repeat(30)}.txt`;

type Media = NonNullable<Parameters<Page['emulateMedia']>[0]>;

type Look = readonly [name: string, size: typeof PHONE, media: Media];

/** The ways every screen is looked at; the last is the one axe sees, too. */
const LOOKS: readonly Look[] = [
  ['phone-light', PHONE, { colorScheme: 'light' }],
  ['phone-dark', PHONE, { colorScheme: 'dark' }],
  ['desk-dark', DESK, { colorScheme: 'dark' }],
  ['desk-contrast', DESK, { colorScheme: 'light', contrast: 'more' }],
  ['desk-forced', DESK, { colorScheme: 'dark', forcedColors: 'active' }],
  ['desk-light', DESK, { colorScheme: 'light' }],
];
/** Where only the layout differs. */
const PLAIN_LOOKS = LOOKS.filter(([name]) => /^(phone|desk)-light$/.test(name));
const PLAIN: Media = { reducedMotion: 'reduce', forcedColors: 'none', contrast: 'no-preference' };

/** Nothing may stick out sideways. */
async function expectNoSideways(page: Page, state: string): Promise<void> {
  const { content, room } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
  }));
  expect(content, `width of the page: ${state}`).toBeLessThanOrEqual(room);
}

/** Takes a picture of the screen in every way it is looked at, and has axe look at it. */
function looking(page: Page, language: string, looks: readonly Look[]): (state: string) => Promise<void> {
  return async (state) => {
    for (const [name, size, media] of looks) {
      await page.setViewportSize(size);
      await page.emulateMedia({ ...PLAIN, ...media });
      await expectNoSideways(page, `${state}, ${name}`);
      await page.screenshot({ path: join(OUTPUT, `${language}-${name}-${state}.png`), fullPage: true });
    }
    await expectAccessible(page, `${language}: ${state}`);
  };
}

function toSpanish(page: Page): Promise<unknown> {
  return page.getByLabel('Language').selectOption('Español');
}

/** Goes by the address, which no language changes. */
async function go(page: Page, route: string): Promise<void> {
  await page.goto(new URL(`/${route}`, page.url()).href);
}

test('a disc is made, saved and burned in Spanish, on screens that can be seen and read', async ({
  start,
  page,
  scratch,
}) => {
  test.setTimeout(480_000);
  const look = looking(page, 'es', LOOKS);
  await toSpanish(page);
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('¿Qué desea hacer?');
  await expect(page.getByRole('link', { name: 'Guía del usuario' })).toHaveAttribute('hreflang', 'en');
  await look('a-start');

  await page.getByRole('button', { name: 'Disco de datos' }).click();
  await look('1-empty');
  await start.drop(await makeFolder(scratch, 'Año 2021'));
  await start.plannedSize();
  await expect(page.getByRole('status').getByText('Se añadieron 7 archivos y 15 carpetas.')).toBeVisible();
  await expect(page.getByTestId('summary')).toContainText('7 archivos, 15 carpetas, 5,25 MB');
  const tree = page.getByRole('treegrid', { name: 'Contenido del disco' });
  await tree.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  const rows = tree.getByRole('row');
  await rows.filter({ hasText: LONG_NAME }).click();
  await expect(rows.filter({ hasText: 'read me.txt' })).toContainText('4 mar 2021');
  await expect(page.getByTestId('names')).toContainText('es más largo de lo que allí se permite');
  await look('2-contents');

  await rows.filter({ hasText: 'films' }).click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: 'Propiedades' })).toBeVisible();
  await look('2-menu');
  await page.getByRole('menuitem', { name: 'Propiedades' }).click();
  await expect(page.getByRole('dialog', { name: 'Propiedades de «films»' })).toBeVisible();
  await look('2-properties');
  await page.keyboard.press('Escape');

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Guardar imagen' }).click();
  await (await download).saveAs(join(scratch, 'saved.iso'));
  await page.getByRole('button', { name: 'Grabar disco' }).click();
  await expect(page.getByRole('dialog', { name: '¿Grabar este disco?' })).toBeVisible();
  await look('3-question');
  await page.getByRole('dialog').getByRole('button', { name: 'Grabar', exact: true }).click();
  await expect(start.result).toHaveAttribute('data-result', 'okVerified', { timeout: 60_000 });
  await expect(start.result).toContainText('Su disco está listo');
  await look('5-burned');

  await go(page, '#/erase');
  await expect(page.getByTestId('on-disc')).toContainText('1 sesión con 1 pista');
  await expect(page).toHaveTitle('Borrar un disco – discwright');
  await look('e-erase');
  await page.getByRole('button', { name: 'Borrar disco' }).click();
  await look('e-question');
  await page.keyboard.press('Escape');
  await go(page, '#/copy');
  await expect(page.getByRole('button', { name: 'Leer disco' })).toBeVisible();
  await look('f-copy');
  await page.getByRole('button', { name: 'Leer disco' }).click();
  await expect(page.getByTestId('task-result')).toHaveAttribute('data-state', 'succeeded', {
    timeout: 60_000,
  });
  await look('f-read');

  // The choice is kept, whatever the browser's languages are.
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  await go(page, '#/');
  await expect(page.getByTestId('recent')).toContainText('7 archivos');
  await look('b-start-with-projects');
  await page.getByLabel('Idioma').selectOption('English');
  await expect(page.getByTestId('recent')).toContainText('7 files');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

/** Turns the page, as a language from the right would. None is there yet. */
function turn(page: Page): Promise<void> {
  return page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
}

async function dropNames(disc: DiscPage, scratch: string): Promise<void> {
  const folder = await makeFolder(scratch, 'חופשה');
  for (const name of [LONGEST, HEBREW, ARABIC.slice(0, 120)]) {
    await writeFile(join(folder, name), name);
  }
  await disc.drop(folder);
  await disc.plannedSize();
}

test('the page runs from the right where a language does', async ({ disc, page, scratch }) => {
  test.setTimeout(480_000);
  const look = looking(page, 'rtl', PLAIN_LOOKS);
  await turn(page);
  await look('1-empty');
  await dropNames(disc, scratch);

  // The way into a folder leads to the left: WAI-ARIA has the arrows follow the line.
  await disc.tree.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowLeft');
  const folder = disc.row('חופשה');
  await expect(folder).toHaveAttribute('aria-expanded', 'true');
  await expect(disc.row('films').locator('.chevron svg')).toHaveCSS('transform', /^matrix\(-1, 0/);
  await page.keyboard.press('ArrowRight');
  await expect(folder).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(folder).not.toHaveAttribute('aria-selected', 'true');
  await disc.row(HEBREW).click();
  const [outer, inner] = await Promise.all([
    folder.locator('.chevron').boundingBox(),
    disc.row(HEBREW).locator('.icon').boundingBox(),
  ]);
  expect(inner?.x, 'deeper is further to the left').toBeLessThan(outer?.x ?? 0);
  await look('2-contents');

  await page.keyboard.press('Shift+F10');
  const menu = page.getByRole('menu');
  await expect(menu).toBeVisible();
  await look('2-menu');
  await menu.getByRole('menuitem', { name: 'Properties' }).click();
  await expect(page.getByRole('dialog')).toContainText(HEBREW);
  await look('2-properties');
  await page.keyboard.press('Escape');
  await page.getByLabel('Search names').fill('txt');
  await look('2-search');
  await page.getByRole('button', { name: 'End the search' }).click();

  await page.getByRole('button', { name: 'Burn disc' }).click();
  await look('3-question');
  await page.getByRole('dialog').getByRole('button', { name: 'Burn', exact: true }).click();
  await disc.burned();
  await look('5-burned');
  await go(page, '#/erase');
  await expect(page.getByTestId('on-disc')).toBeVisible();
  await look('e-erase');
  await go(page, '#/copy');
  await expect(page.getByRole('button', { name: 'Read disc' })).toBeVisible();
  await look('f-copy');
  await go(page, '#/');
  await expect(page.getByTestId('recent')).toBeVisible();
  await look('b-start-with-projects');
  await page.getByRole('button', { name: 'Burn an image' }).click();
  await page
    .getByTestId('image-file')
    .setInputFiles({ name: HEBREW, mimeType: '', buffer: Buffer.alloc(4096) });
  await expect(page.getByTestId('image-facts')).toContainText(HEBREW);
  await look('d-image');
});

test.describe('on a phone', () => {
  test.use({ viewport: PHONE });

  test('names of any length and direction break neither rows nor sentences', async ({
    disc,
    page,
    scratch,
  }) => {
    const shot = async (state: string) => {
      await expectNoSideways(page, state);
      await page.screenshot({ path: join(OUTPUT, `names-${state}.png`) });
    };
    await dropNames(disc, scratch);
    await disc.open('חופשה');
    const height = (await disc.row(HEBREW).boundingBox())?.height;
    for (const [index, name] of [LONGEST, HEBREW, ARABIC.slice(0, 120)].entries()) {
      await disc.row(name).click();
      expect((await disc.row(name).boundingBox())?.height).toBe(height);
      await expect(page.getByTestId('names')).toContainText('UDF');
      await shot(`row-${index}`);
      await page.keyboard.press('Alt+Enter');
      await expect(page.getByRole('dialog')).toBeVisible();
      await shot(`dialog-${index}`);
      await page.keyboard.press('Escape');
    }

    await writeFile(join(scratch, 'חופשה', HEBREW), 'something else altogether');
    await page.getByRole('button', { name: 'Save image' }).click();
    // Isolated, so that the path does not draw the end of the sentence into itself.
    await expect(page.getByRole('alert')).toContainText(`“\u2068חופשה/${HEBREW}\u2069” has changed`);
    await shot('notice');
  });
});

test.describe('a browser set to Spanish of Mexico', () => {
  test.use({ locale: 'es-MX' });

  test('gets the page in Spanish, with the numbers of Mexico', async ({ page, agent }) => {
    await page.goto(agent.address);
    await expect(page.getByLabel('Agente', { exact: true })).toContainText('conectado');
    await page.getByRole('button', { name: 'Disco de datos' }).click();
    await expect(
      page.getByLabel('Tamaño del disco').getByRole('option', { name: 'DVD, 4.7 GB' }),
    ).toHaveCount(1);
    await expect(page.getByLabel('Velocidad').getByRole('option', { name: /MB\/s/ }).first()).toBeAttached();
  });
});

test.describe('without a service worker', () => {
  // It would have kept the language by the time it is chosen, and that is no failure.
  test.use({ serviceWorkers: 'block' });

  test('a language that cannot be loaded leaves the page as it is, and is said to be missing', async ({
    start,
    page,
  }) => {
    await page.route(/assets\/es-.*\.js/, (route) => route.abort());
    await toSpanish(page);
    await expect(page.getByRole('alert')).toContainText('This language could not be loaded.');
    await expect(page.getByLabel('Language')).toHaveValue('en');
    await expect(start.page.getByRole('heading', { level: 1 })).toHaveText('What would you like to do?');
  });
});
