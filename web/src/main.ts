import { mount } from 'svelte';
import './app.css';
import { App } from './state/app.svelte.ts';
import { t } from './strings/strings.ts';
import Shell from './views/Shell.svelte';

document.documentElement.lang = t.language;
const target = document.getElementById('app');
if (target === null) {
  throw new Error('the page has no #app');
}
const app = new App();
mount(Shell, { target, props: { app } });
void app.agent.start();
