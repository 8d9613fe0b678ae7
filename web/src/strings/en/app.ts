/** The frame of the page, the agent and pairing, in English. */

export const app = {
  app: {
    name: 'discwright',
    tagline: 'Discs, made and burned',
    skip: 'Skip to the contents',
    language: 'Language',
  },
  agent: {
    label: 'Agent',
    looking: 'Looking for the agent…',
    connected: (version: string) => `Agent ${version} connected`,
    lost: 'Agent lost, trying again…',
    none: 'No agent',
    unpaired: 'Not paired',
  },
  pair: {
    title: 'Pair with the agent',
    text: 'Burning needs a program on this computer, the agent. Run “discwright pair” there and type the code it shows.',
    code: 'Pairing code',
    submit: 'Pair',
    busy: 'Pairing…',
    done: 'Paired with the agent.',
    noneTitle: 'Burning needs the agent',
    noneText:
      'This page was not opened by the agent, so it can make and save images but not burn them. Run “discwright start” on this computer and use the address it prints.',
    lookAgain: 'Look again',
  },
};
