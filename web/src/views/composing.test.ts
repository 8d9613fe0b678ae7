import { expect, test } from 'vitest';
import { isComposing } from './composing.ts';

test('Enter that ends a composition is not Enter', () => {
  const press = (composing: boolean, keyCode: number) =>
    isComposing({ isComposing: composing, keyCode } as unknown as KeyboardEvent);
  expect(press(true, 13), 'Chromium and Firefox').toBe(true);
  expect(press(false, 229), 'Safari').toBe(true);
  expect(press(false, 13)).toBe(false);
});
