import { describe, expect, test } from 'vitest';
import { ContentTree } from '../tree/model.ts';
import type { NamedStream } from '../tree/streams.ts';
import { PropertyForm } from './property-form.svelte.ts';
import { StreamForm } from './stream-form.svelte.ts';

const OLD: NamedStream = { name: 'old', file: { size: 3, lastModified: 0 } };

function formsOf(...streams: NamedStream[]): { form: PropertyForm; streams: StreamForm } {
  const tree = new ContentTree();
  const { node } = tree.addFile(tree.root, 'a', { size: 0, lastModified: 0 });
  node.details = streams.length === 0 ? null : { streams };
  const form = new PropertyForm([node]);
  return { form, streams: new StreamForm(form, node) };
}

function named(form: PropertyForm): readonly string[] | undefined {
  return form.patch.streams?.map(({ name }) => name);
}

describe('streams that are being edited', () => {
  test('are those of the node until something is changed', () => {
    const { form, streams } = formsOf(OLD);
    expect(streams.drafts).toMatchObject([OLD]);
    expect([form.isChanged, form.isUsable, streams.fresh]).toEqual([false, true, []]);
  });

  test('come with their files and handles, and go with them', () => {
    const { form, streams } = formsOf(OLD);
    const [note, map] = [new File(['n'], 'note'), new File(['m'], 'map')];
    const handle = {} as FileSystemHandle;
    expect(streams.add([note, map], new Map([['map', handle]]))).toBe(0);
    expect(named(form)).toEqual(['old', 'note', 'map']);
    expect(streams.fresh).toEqual([
      [note, undefined],
      [map, handle],
    ]);
    streams.remove(streams.drafts[1]?.key ?? 0);
    expect(named(form)).toEqual(['old', 'map']);
    expect(streams.fresh).toEqual([[map, handle]]);
    for (const { key } of streams.drafts) {
      streams.remove(key);
    }
    expect([form.isChanged, form.patch]).toEqual([true, { streams: undefined }]);
  });

  test('a file of the same name takes the place of the earlier one', () => {
    const { form, streams } = formsOf(OLD);
    const anew = new File(['changed'], 'old');
    expect(streams.add([anew])).toBe(1);
    expect(form.patch.streams).toEqual([{ name: 'old', file: anew }]);
  });

  test('a name that cannot be one, or is there twice, keeps them from being applied', () => {
    const { form, streams } = formsOf(OLD);
    streams.add([new File([], 'note'), Object.assign(new Blob(), { name: 'half \ud83d' }) as File]);
    const [first, second, third] = streams.drafts.map(({ key }) => key);
    expect(named(form)).toEqual(['old', 'note', 'half [U+D83D]']);
    streams.rename(second ?? 0, 'old');
    expect([streams.problems.get(first ?? 0), streams.problems.get(second ?? 0)]).toEqual(['taken', 'taken']);
    streams.rename(third ?? 0, 'a/b');
    expect([form.isUsable, streams.problems.get(third ?? 0)]).toEqual([false, 'slash']);
    streams.remove(third ?? 0);
    streams.rename(second ?? 0, 'Old');
    expect([form.isUsable, streams.problems.size, named(form)]).toEqual([true, 0, ['old', 'Old']]);
  });
});
