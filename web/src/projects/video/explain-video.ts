import type { Explanation } from '../../state/explain.ts';
import { t } from '../../strings/strings.ts';
import type { VideoError, VideoWarning } from './check.ts';

/** A finding in words: what is wrong, and what to do. */
export function explainVideo(found: VideoError | VideoWarning): Explanation {
  const words = t.video.problems;
  switch (found.kind) {
    case 'case':
      return words.case(found.first, found.should, found.count);
    case 'size':
      return words.size(found.path, found.size);
    case 'strangers':
      return words.strangers(found.first, found.count);
    case 'missing':
    case 'noBackup':
    case 'noVideo':
    case 'noClip':
    case 'notInformation':
    case 'noSet':
      return words[found.kind](found.path);
    default:
      return words[found.kind]();
  }
}
