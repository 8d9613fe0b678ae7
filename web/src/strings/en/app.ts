/** The frame of the page, the agent and pairing, in English. */

export const app = {
  app: {
    name: 'discwright',
    tagline: 'Discs, made and burned',
    skip: 'Skip to the contents',
    language: 'Language',
    languageFailed: 'This language could not be loaded.',
    languageFailedTodo: 'Check that the agent runs, then choose it again.',
  },
  agent: {
    label: 'Agent',
    looking: 'Looking for the agent…',
    connected: (version: string) => `Agent ${version} connected`,
    lost: 'Agent lost, trying again…',
    none: 'No agent',
    unpaired: 'Not paired',
  },
  update: {
    ready: 'A new version of this page is here.',
    otherVersion: (page: string, agent: string) =>
      `This page is version ${page}, the agent is version ${agent}.`,
    safe: 'Your projects are kept.',
    go: 'Reload to use the new version',
    busy: 'Reloading…',
    later: 'Later',
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
    elsewhereText:
      'Burning needs a program on this computer, the agent. Start it with “discwright start”, run “discwright pair” and type the code it shows. Your browser may then ask whether this page may reach it.',
    connect: 'Connect',
    connecting: 'Connecting…',
    knownText: 'This page is paired with the agent. Your browser may ask whether this page may reach it.',
    asking:
      'Your browser is asking whether this page may reach programs on this computer. Choose “Allow” there.',
    ownPage: 'Open the agent’s own page',
    ownPageHelp: 'It needs no permission.',
    notFound: {
      denied:
        'Your browser does not let this page reach programs on this computer. Allow it in the browser’s settings for this site, at “Apps on device” or “Local network access”, and try again.',
      dismissed: 'The browser’s question was put away. Try again, and choose “Allow”.',
      silent:
        'No agent answers. See that “discwright start” is running, and that the code from “discwright pair” is new: it is good for two minutes.',
    },
  },
};
