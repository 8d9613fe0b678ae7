/**
 * Makes the icons of the installed app from the project's own mark, `public/favicon.svg`, with Chromium: `npm run icons`.
 * The pictures are committed, because a build needs no browser.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PUBLIC = fileURLToPath(new URL('public/', import.meta.url));
const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';
const mark = readFileSync(join(PUBLIC, 'favicon.svg'), 'utf8');
const colour = /fill="(#[0-9a-f]{6})"/.exec(mark)[1];

/** Systems cut maskable icons to their own shapes; what is within four fifths of the width is always seen. */
const KINDS = {
  icon: { share: 1, ground: 'transparent' },
  maskable: { share: 0.8, ground: colour },
};

for (const [kind, { share, ground }] of Object.entries(KINDS)) {
  for (const size of [192, 512]) {
    const folder = mkdtempSync(join(tmpdir(), 'discwright-icons-'));
    const page = join(folder, 'icon.html');
    const side = size * share;
    writeFileSync(
      page,
      `<!doctype html><style>html{background:${ground}}body{margin:0;height:${size}px;display:grid;place-items:center}` +
        `svg{width:${side}px;height:${side}px}</style>${mark}`,
    );
    execFileSync(BROWSER, [
      '--headless',
      '--no-sandbox',
      '--hide-scrollbars',
      '--force-device-scale-factor=1',
      '--default-background-color=00000000',
      `--user-data-dir=${join(folder, 'profile')}`,
      `--window-size=${size},${size}`,
      `--screenshot=${join(PUBLIC, 'icons', `${kind}-${size}.png`)}`,
      pathToFileURL(page).href,
    ]);
    rmSync(folder, { recursive: true, force: true });
  }
}
