export * from './pkg/image_wasm.js';
