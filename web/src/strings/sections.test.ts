/** Words that come with the views that show them. */
import { afterEach, expect, test } from 'vitest';
import { chooseLanguage, loadWords, t, withWords } from './strings.ts';

afterEach(() => chooseLanguage('en'));

test('are there when the code that shows them is', async () => {
  expect(t.boot).toBeUndefined();
  expect(await withWords(Promise.resolve('a view'), 'boot')).toBe('a view');
  expect(t.boot.yes).toBe('Yes');
});

test('are there in a language chosen later', async () => {
  await loadWords('erase');
  await chooseLanguage('es');
  expect(t.erase.title).toBe('¿Qué disco?');
  await loadWords('copy');
  expect(t.copy.title).toBe('¿Qué disco?');
});

test('are there in whichever language is shown, when wanted while another one loads', async () => {
  const spanish = chooseLanguage('es');
  await loadWords('reunion');
  expect(t.reunion.allow).toBe(t.language === 'es' ? 'Permitir la lectura' : 'Allow reading');
  await spanish;
  expect(t.reunion.allow).toBe('Permitir la lectura');
});

test('that cannot be loaded leave their view unloaded', async () => {
  await expect(withWords(Promise.reject(new Error('gone')), 'video')).rejects.toThrow('gone');
});
