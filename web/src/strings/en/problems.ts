/** What can go wrong, and what to do, in English. */
import type { Told } from '../told.ts';
import { quoted } from './words.ts';

export const problems = {
  problems: {
    title: 'That did not work',
    dismiss: 'Dismiss',
    fallbackTodo: 'Try again. If it happens again, look at what the agent printed.',
    sense: (key: number, asc: number, ascq: number) =>
      `The drive said ${key.toString(16)}/${hex(asc)}/${hex(ascq)}.`,
    fileChanged: (path: string) =>
      `${quoted(path)} has changed, moved or become unreadable since it was added.`,
    fileChangedTodo: 'Nothing else is lost. Add that file again, or remove it, and start over.',
    readFailed: 'Some file could not be read to the end.',
    readFailedTodo: 'Check that the disk the files are on is still connected, then start over.',
    targetFull: 'There is not enough room where you are saving.',
    targetFullTodo: 'Free some space or choose another place. No half image was left behind.',
    targetRefused: 'The browser may not write there.',
    targetRefusedTodo: 'Choose another place, or allow writing when the browser asks.',
    plan: 'The image cannot be made like this.',
    workerFailed: 'The planner stopped, most likely for want of memory.',
    workerFailedTodo: 'Close other tabs, or take some files out, and change anything to try again.',
  },
  /** What the agent's refusals mean, by their code: what happened, and what to do. */
  agentProblems: {
    agentUnreachable: [
      'The agent does not answer.',
      'Start it with “discwright start”. What you put together here stays as long as this page is open.',
    ],
    notTheAgent: ['Something other than the agent answered.', 'Check the address this page was opened with.'],
    tokenMissing: ['The agent does not know this page.', 'Pair again.'],
    pairingCodeWrong: ['That is not the code.', 'Look at the code again; after five tries it is void.'],
    pairingCodeVoid: [
      'That code is void.',
      'A code is good for two minutes, once. Run “discwright pair” for another.',
    ],
    originNotPaired: [
      'The agent does not trust the address of this page.',
      'Open the page the agent prints.',
    ],
    wrongHost: [
      'The agent does not answer under this address.',
      'Open the page at 127.0.0.1, as the agent prints it.',
    ],
    noSpace: [
      'The agent has not enough room for the image.',
      'Free some space on the disk where it keeps its files, then try again.',
    ],
    driveTaken: ['The drive is doing something else.', 'Wait until that is done, or cancel it.'],
    driveNotFound: ['The drive is gone.', 'Connect it again, or choose another.'],
    driveForbidden: [
      'The agent may not use the drive.',
      'Give your user access to it; on Linux that is membership of the group “cdrom”.',
    ],
    noMedium: ['There is no disc in the drive.', 'Put one in and close the tray.'],
    mediumChanged: [
      'The disc in the drive is not the one you agreed to.',
      'Nothing was written. Look at what is in the drive and burn again.',
    ],
    confirmMismatch: [
      'The disc in the drive is not the one you agreed to.',
      'Nothing was written. Look at what is in the drive and burn again.',
    ],
    mediumNotWritable: [
      'This disc cannot be written.',
      'Nothing was written. Put in a blank or rewritable disc.',
    ],
    imageTooLarge: [
      'The image does not fit on this disc.',
      'Nothing was written. Use a larger disc, or take something out.',
    ],
    agentStopped: [
      'The agent was stopped while it worked.',
      'Start it again. A disc that was being written may be lost.',
    ],
  } as Record<string, readonly [what: string, todo: string] | undefined>,
  /** What the agent and the planner say, in other words: none where they speak the language themselves. */
  told: null as Told | null,
};

function hex(n: number): string {
  return n.toString(16).padStart(2, '0');
}
