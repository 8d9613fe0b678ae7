import type { Explanation } from '../../state/explain.ts';
import { t } from '../../strings/strings.ts';
import type { BootProblem } from './check.ts';

/** A problem in words: what is wrong, and what to do. */
export function explainBoot(problem: BootProblem): Explanation {
  const words = t.boot.problems;
  switch (problem.kind) {
    case 'floppySize':
      return words.floppySize(problem.path, problem.size, problem.expected, problem.isOther);
    case 'partitions':
      return words.partitions(problem.path, problem.count);
    case 'tooShort':
    case 'tooLarge':
      return words[problem.kind](problem.path, problem.size);
    case 'codeSize':
      return words.codeSize(problem.name, problem.size);
    case 'onlyPrograms':
    case 'missing':
    case 'empty':
    case 'efiProgram':
    case 'noBootRecord':
    case 'notIsolinux':
    case 'codeMissing':
      return words[problem.kind](problem.path);
    default:
      return words[problem.kind]();
  }
}
