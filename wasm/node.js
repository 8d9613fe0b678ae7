/**
 * The package for Node: the module is read from disk at import, so that every export works at once.
 */
import { readFileSync } from 'node:fs';

import { initSync } from './pkg/image_wasm.js';

initSync({ module: readFileSync(new URL('./pkg/image_wasm_bg.wasm', import.meta.url)) });

export * from './pkg/image_wasm.js';
