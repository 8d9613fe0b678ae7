import { readFileSync, readdirSync } from 'node:fs';
import type { Plugin } from 'vite';
import { type Document, type Page, renderAll } from './render.ts';

/** Where the pictures are, in the repository and in the app. */
export const PICTURES = 'docs/pictures/';

/** Reads the documents of a repository. */
export function readDocuments(repository: URL): Document[] {
  const inFolder = readdirSync(new URL('docs/', repository)).filter((name) => name.endsWith('.md'));
  const paths = ['README.md', 'CONTRIBUTING.md', ...inFolder.map((name) => `docs/${name}`)];
  return paths.map((path) => ({ path, markdown: readFileSync(new URL(path, repository), 'utf8') }));
}

/** The paths of the pictures that documents show. */
export function listPictures(repository: URL): string[] {
  return readdirSync(new URL(PICTURES, repository)).map((name) => PICTURES + name);
}

/** Puts the documents of the repository into the app, under `docs/`, and their pictures beside them. */
export function documents(repository: URL): Plugin {
  const pages = (): Page[] => renderAll(readDocuments(repository), listPictures(repository));
  return {
    name: 'documents',
    generateBundle() {
      for (const { name, html } of pages()) {
        this.emitFile({ type: 'asset', fileName: `docs/${name}`, source: html });
      }
      for (const fileName of listPictures(repository)) {
        this.emitFile({ type: 'asset', fileName, source: readFileSync(new URL(fileName, repository)) });
      }
    },
    configureServer(server) {
      server.middlewares.use('/docs', (request, response, next) => {
        const picture = listPictures(repository).find((path) => `/docs${request.url}` === `/${path}`);
        if (picture !== undefined) {
          response.setHeader('Content-Type', 'image/webp').end(readFileSync(new URL(picture, repository)));
          return;
        }
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
