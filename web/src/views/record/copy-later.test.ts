import { afterEach, expect, test, vi } from 'vitest';
import { copyLater } from './copy-later.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a text that is not there yet is copied by the click that asked for it', async () => {
  const copied: string[] = [];
  class Item {
    constructor(readonly content: Record<string, Promise<Blob>>) {}
  }
  const write = vi.fn(async ([item]: Item[]) => {
    copied.push((await (await item?.content['text/plain'])?.text()) ?? '');
  });
  vi.stubGlobal('navigator', { clipboard: { write } });
  vi.stubGlobal('ClipboardItem', Item);
  let ready: (text: string) => void = () => undefined;
  const copying = copyLater(new Promise((resolve) => (ready = resolve)));
  expect(write, 'at once').toHaveBeenCalledOnce();
  ready('the log');
  await copying;
  expect(copied).toEqual(['the log']);
});

test('a browser that cannot wait is given the text when it is there', async () => {
  const copied: string[] = [];
  const writeText = (text: string) => Promise.resolve(void copied.push(text));
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  await copyLater(Promise.resolve('the log'));
  expect(copied).toEqual(['the log']);
});
