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

/** Not awaited: what is loaded later comes from the same file, and would wait for this to end. */
async function start(into: HTMLElement): Promise<void> {
  await startLanguage();
  const shell = new Shell();
  mount(ShellView, { target: into, props: { shell } });
  await Promise.all([shell.start(), afterwards(shell)]);
}

void start(target);
