import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { documents } from './src/documents/plugin.ts';

const wasmPackage = fileURLToPath(new URL('../wasm/pkg/image_wasm.js', import.meta.url));

// Vite reads the configuration from the default export.
export default defineConfig({
  plugins: [svelte(), documents(new URL('../', import.meta.url))],
  resolve: { alias: { 'image-wasm': wasmPackage } },
  // The agent's content security policy allows no data: URLs, so every asset stays a file.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  worker: { format: 'es' },
  server: {
    fs: { allow: ['..'] },
    proxy: { '/v1': { target: 'http://127.0.0.1:8653', changeOrigin: true } },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
