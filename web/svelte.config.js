import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export const preprocess = vitePreprocess();

// Svelte's tools read the configuration from the default export.
export default { preprocess, compilerOptions: { runes: true } };
