import { readFileSync, readdirSync } from 'node:fs';
import type { Plugin } from 'vite';
import { type Document, type Page, renderAll } from './render.ts';

/** Reads the documents of a repository. */
export function readDocuments(repository: URL): Document[] {
  const inFolder = readdirSync(new URL('docs/', repository)).filter((name) => name.endsWith('.md'));
  const paths = ['README.md', 'CONTRIBUTING.md', ...inFolder.map((name) => `docs/${name}`)];
  return paths.map((path) => ({ path, markdown: readFileSync(new URL(path, repository), 'utf8') }));
}

/** Puts the documents of the repository into the app, under `docs/`. */
export function documents(repository: URL): Plugin {
  const pages = (): Page[] => renderAll(readDocuments(repository));
  return {
    name: 'documents',
    generateBundle() {
      for (const { name, html } of pages()) {
        this.emitFile({ type: 'asset', fileName: `docs/${name}`, source: html });
      }
    },
    configureServer(server) {
      server.middlewares.use('/docs', (request, response, next) => {
        const page = pages().find(({ name }) => request.url === `/${name}`);
        if (page === undefined) {
          next();
          return;
        }
        response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page.html);
      });
    },
  };
}
