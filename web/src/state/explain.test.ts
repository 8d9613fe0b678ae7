import { afterEach, expect, test } from 'vitest';
import { chooseLanguage } from '../strings/strings.ts';
import { explain, explainPlanner, explainProblem } from './explain.ts';

const REFUSED = { code: 'writeFailed', title: 'Write failed', status: 500, detail: 'block 7 was refused' };
const UNKNOWN = { code: 'newInThisAgent', title: 'New', status: 500, detail: 'it rains', hint: 'wait' };

afterEach(() => chooseLanguage('en'));

test('in English the agent and the planner speak for themselves', () => {
  expect(explainProblem({ ...REFUSED, hint: 'use another disc' })).toEqual({
    what: 'Block 7 was refused.',
    todo: 'Use another disc.',
  });
  expect(explainPlanner({ kind: 'tooManyBlocks', message: 'too many blocks', hint: 'take less' })).toEqual({
    what: 'Too many blocks.',
    todo: 'Take less.',
  });
});

test('in another language they are told in its words, with what the drive answered', async () => {
  await chooseLanguage('es');
  const { what, todo } = explainProblem({ ...REFUSED, sense: { key: 3, asc: 0x0c, ascq: 0 } });
  expect(what).toBe('La unidad no pudo escribir en el disco. La unidad respondió 3/0c/00.');
  expect(todo).toBe('Inténtelo con otro disco, o más despacio.');
  expect(explainPlanner({ kind: 'fileTooLarge', message: 'too long', path: 'a/b' }).what).toContain('«a/b»');
});

test('what there are no words for is shown as it was said, with a word about it', async () => {
  await chooseLanguage('es');
  expect(explainProblem(UNKNOWN).what).toBe('Mensaje original, en inglés: «It rains. Wait.»');
  expect(explainPlanner({ kind: 'new', message: 'it snows' }).what).toContain('«It snows.»');
  expect(explain(new Error('broken')).what).toContain('«Broken.»');
});
