import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { delivery, SERVICE_WORKER } from './src/delivery/plugin.ts';
import { documents } from './src/documents/plugin.ts';

const wasmPackage = fileURLToPath(new URL('../wasm/pkg/image_wasm.js', import.meta.url));

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What no project needs before something is done with it, and what only some kinds need. */
const LATER =
  /\/src\/(burn|inlay|split|strings|projects\/(bootable|video|file|TaskProgress|AgentGate|ConfirmDialog))|\/views\/(record\/|Inlay|Split|BurnProgress|BurnResult)|job-record|finish-notice|state\/(task|splitting)|\/stream-/;

// Vite reads the configuration from the default export.
export default defineConfig({
  plugins: [svelte(), documents(new URL('../', import.meta.url)), delivery()],
  define: { __APP_VERSION__: JSON.stringify(version) },
  resolve: { alias: { 'image-wasm': wasmPackage } },
  // The agent's content security policy allows no data: URLs, so every asset stays a file.
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['index.html', 'src/offline/service-worker.ts'],
      output: {
        codeSplitting: {
          groups: [
            { name: 'page', tags: ['$initial'], test: (id) => !id.includes('/offline/s') },
            // What a job did comes with the first job, boot images and videos with their kinds.
            { name: 'project', minShareCount: 2, test: (id) => !LATER.test(id) },
          ],
        },
        // The service worker keeps its name, by which browsers know it.
        entryFileNames: ({ name }) =>
          name === 'service-worker' ? SERVICE_WORKER : 'assets/[name]-[hash].js',
      },
    },
  },
  worker: { format: 'es' },
  server: {
    fs: { allow: ['..'] },
    proxy: { '/v1': { target: 'http://127.0.0.1:8653', changeOrigin: true } },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
