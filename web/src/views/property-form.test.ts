import { describe, expect, test } from 'vitest';
import { RANGES, type Details } from '../tree/details.ts';
import { ContentTree } from '../tree/model.ts';
import { PropertyForm } from './property-form.svelte.ts';

/** A form for files with these details, or for a folder and one of them. */
function formOf(details: readonly (Details | null)[], withFolder = false): PropertyForm {
  const tree = new ContentTree();
  const nodes = details.map((said, at) => {
    const { node } = tree.addFile(tree.root, String(at), { size: 0, lastModified: 0 });
    node.details = said;
    return node;
  });
  return new PropertyForm(withFolder ? [tree.addDirectory(tree.root, 'folder'), ...nodes] : nodes);
}

describe('properties that are being edited', () => {
  test('take numbers within their range, and nothing for the default', () => {
    for (const key of ['uid', 'gid', 'weight'] as const) {
      const form = formOf([null]);
      const [least, most] = RANGES[key];
      for (const good of [least, most, 7]) {
        form.type(key, ` ${good} `);
        expect([form.patch[key], form.isUsable]).toEqual([good, true]);
      }
      for (const bad of [String(least - 1), String(most + 1), '1.5', '1e3', '0x10', '--1', 'root']) {
        form.type(key, bad);
        expect([form.patch[key], form.problems.has(key)], bad).toEqual([7, true]);
      }
      form.type(key, '');
      expect([form.patch, form.isUsable]).toEqual([{ [key]: undefined }, true]);
    }
  });

  test('take permissions in octal', () => {
    const form = formOf([null]);
    form.typeMode('4755');
    expect(form.patch).toEqual({ mode: 0o4755 });
    form.typeMode('8');
    expect(form.problems.has('mode')).toBe(true);
    form.typeMode('');
    expect([form.patch, form.mode]).toEqual([{ mode: undefined }, { same: true, value: 0o644 }]);
  });

  test('have permissions in common where the planner gives the same', () => {
    expect(formOf([null, { mode: 0o644 }]).mode).toEqual({ same: true, value: 0o644 });
    expect(formOf([null, { mode: 0o600 }]).mode).toEqual({ same: false });
    expect(formOf([null], true).mode).toEqual({ same: false });
    expect(formOf([{ mode: 0o755 }], true).mode).toEqual({ same: true, value: 0o755 });
  });
});
