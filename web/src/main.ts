import { mount } from 'svelte';
import './app.css';
import { afterwards } from './offline/afterwards.ts';
import { Shell } from './state/shell.svelte.ts';
import { startLanguage } from './strings/strings.ts';
import ShellView from './views/Shell.svelte';

const target = document.getElementById('app');
if (target === null) {
  throw new Error('the page has no #app');
}
await startLanguage();
const shell = new Shell();
mount(ShellView, { target, props: { shell } });
await Promise.all([shell.start(), afterwards(shell)]);
