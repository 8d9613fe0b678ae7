import { Marked, type RendererObject, type Tokens } from 'marked';

/** A document of the repository. */
export interface Document {
  /** Its path there: `docs/guide.md`. */
  readonly path: string;
  readonly markdown: string;
}

/** A page of the app. */
export interface Page {
  /** Its name under `docs/`: `guide.html`. */
  readonly name: string;
  readonly html: string;
}

/** Pages that come first in the list of pages; the others follow by name. */
const FIRST = ['index', 'guide', 'http', 'library', 'imapi'];

/**
 * Makes a page of each document. Links between them lead from page to page; links to other files of the repository,
 * which the app does not have, become their text. So do pictures, but for those whose paths are in `pictures`.
 */
export function renderAll(documents: readonly Document[], pictures: readonly string[] = []): Page[] {
  const sorted = [...documents].sort((a, b) => rank(a) - rank(b) || compare(a.path, b.path));
  const titles = sorted.map((document) => ({ href: pageOf(document.path), title: titleOf(document) }));
  const known = new Map([
    ...documents.map(({ path }) => [path, pageOf(path)] as const),
    ...pictures.map((path) => [path, path.replace(/^docs\//, '')] as const),
  ]);
  return sorted.map((document) => {
    const name = pageOf(document.path);
    const links = titles.map(({ href, title }) => {
      const here = href === name ? ' aria-current="page"' : '';
      return `<a href="${href}"${here}>${escape(title)}</a>`;
    });
    return { name, html: framed(titleOf(document), links.join('\n'), body(document, known)) };
  });
}

/** What a heading is called in links, as GitHub has it. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(' ', '-')
    .replace(/[^\p{L}\p{N}_-]/gu, '');
}

function pageOf(path: string): string {
  const name = path.replace(/^docs\//, '').replace(/\.md$/, '');
  return `${name === 'README' ? 'index' : name.toLowerCase()}.html`;
}

function rank(document: Document): number {
  const place = FIRST.indexOf(pageOf(document.path).replace('.html', ''));
  return place < 0 ? FIRST.length : place;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function titleOf(document: Document): string {
  return /^# (.*)$/m.exec(document.markdown)?.[1] ?? document.path;
}

function body(document: Document, known: ReadonlyMap<string, string>): string {
  const renderer: RendererObject = {
    heading(token: Tokens.Heading): string {
      const text = this.parser.parseInline(token.tokens);
      return `<h${token.depth} id="${anchor(token.text)}">${text}</h${token.depth}>\n`;
    },
    link(token: Tokens.Link): string {
      const text = this.parser.parseInline(token.tokens);
      const href = target(document.path, token.href, known);
      return href === undefined ? text : `<a href="${escape(href)}">${text}</a>`;
    },
    image(token: Tokens.Image): string {
      const src = token.href.includes('://') ? undefined : target(document.path, token.href, known);
      const alt = escape(token.text);
      return src === undefined ? alt : `<img src="${escape(src)}" alt="${alt}" loading="lazy" />`;
    },
    table(token: Tokens.Table): string {
      const row = (cells: string): string => `<tr>${cells}</tr>\n`;
      const cell = (tag: string, { tokens }: Tokens.TableCell): string =>
        `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`;
      const head = row(token.header.map((found) => cell('th', found)).join(''));
      const rows = token.rows.map((cells) => row(cells.map((found) => cell('td', found)).join('')));
      // Wide tables scroll by themselves, and by keys too.
      return `<div class="table" tabindex="0"><table><thead>${head}</thead><tbody>${rows.join('')}</tbody></table></div>\n`;
    },
  };
  return new Marked({ renderer }).parse(document.markdown, { async: false });
}

/** Where a link of a document leads in the app, if anywhere. */
function target(from: string, href: string, known: ReadonlyMap<string, string>): string | undefined {
  if (href.includes('://') || href.startsWith('#')) {
    return href;
  }
  const { pathname, hash } = new URL(href, `file:///${from}`);
  const found = known.get(pathname.slice(1));
  return found === undefined ? undefined : found + hash;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function framed(title: string, links: string, content: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/documents.css" />
    <title>${escape(title)} – discwright</title>
  </head>
  <body>
    <nav aria-label="Documents">
<a href="/">To the app</a>
${links}
    </nav>
    <main>
${content}    </main>
  </body>
</html>
`;
}
