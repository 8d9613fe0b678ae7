import { expect, test } from 'vitest';
import { listPictures, readDocuments } from './plugin.ts';
import { anchor, renderAll } from './render.ts';

const repository = new URL('../../../', import.meta.url);

test('headings are called as on GitHub', () => {
  expect(anchor('What can go wrong')).toBe('what-can-go-wrong');
  expect(anchor('`IDiscMaster2`, events')).toBe('idiscmaster2-events');
});

test('links lead from page to page, and files that are not in the app become text', () => {
  const [page] = renderAll([
    {
      path: 'docs/guide.md',
      markdown: '# A & B\n[a](http.md#x) [b](../native-agent/openapi.json) [c](https://x.example)\n',
    },
    { path: 'docs/http.md', markdown: '# H\n' },
  ]);
  expect(page?.name).toBe('guide.html');
  expect(page?.html).toContain('<title>A &amp; B – discwright</title>');
  expect(page?.html).toContain('<a href="http.html#x">a</a> b <a href="https://x.example">c</a>');
});

test('pictures are shown where the app has them, and are their words otherwise', () => {
  const markdown =
    '# A\n![One "1"](docs/pictures/one.webp) ![two](two.png) ![three](https://x.example/3.png)\n';
  const [page] = renderAll([{ path: 'README.md', markdown }], ['docs/pictures/one.webp']);
  expect(page?.html).toContain(
    '<p><img src="pictures/one.webp" alt="One &quot;1&quot;" loading="lazy" /> two three</p>',
  );
});

test('every picture is shown by a document, with words for who does not see it', () => {
  const pictures = listPictures(repository);
  const shown = new Set<string>();
  for (const { html } of renderAll(readDocuments(repository), pictures)) {
    for (const [, src = '', alt = ''] of html.matchAll(/<img src="([^"]*)" alt="([^"]*)"/g)) {
      expect(alt.length, src).toBeGreaterThan(10);
      shown.add(`docs/${src}`);
    }
  }
  expect([...shown].sort()).toEqual([...pictures].sort());
});

test('every link within the documents of the app leads somewhere', () => {
  const pages = new Map(renderAll(readDocuments(repository)).map(({ name, html }) => [name, html]));
  expect(pages.size).toBeGreaterThan(8);
  let links = 0;
  for (const [name, html] of pages) {
    for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) {
      if (href.includes('://') || href.startsWith('/')) {
        continue;
      }
      const [page, id] = href.split('#');
      const found = pages.get(page === undefined || page === '' ? name : page);
      expect(found, `${href} of ${name}`).toBeDefined();
      expect(id === undefined || found?.includes(`id="${id}"`), `${href} of ${name}`).toBe(true);
      links += 1;
    }
  }
  expect(links).toBeGreaterThan(100);
});
