import { counted } from './counted.ts'
import { inLanguage } from './languages.ts'

declare module './translation.ts' {
  interface English {
    shell: typeof shell
  }
}

/** Words for what surrounds every page. */
const shell = {
  product: 'Call flows',
  /** The pages that stand in the bar, in its order, by their addresses: `flows` is at /flows. */
  sections: {
    flows: 'Flows',
    calls: 'Calls',
    messages: 'Messages',
    answers: 'Numbers',
    hours: 'Hours',
    tables: 'Tables',
    settings: 'Settings',
  },
  sectionBar: 'Sections',
  help: 'Help and tour',
  titleOf: (name: string) => `${name} · Call flows`,
  loading: 'Loading…',
  tryAgain: 'Try again',
  toFlows: 'Go to the flows',
  service: {
    running: 'Test service running',
    away: 'Test service stopped',
    howToStart: 'Test calls do not work. Start everything again with “npm start”.',
    databaseAway: 'Database stopped',
    howToStartDatabase: 'Nothing can be saved. Start everything again with “npm start”.',
  },
  notFound: { title: 'There is nothing here', text: 'It may have been deleted, or the address has a slip in it.' },
  broken: {
    title: 'This page has stopped working',
    text: 'Drafts are saved as you work, so at most the last two seconds are lost. Load the page again.',
  },
  signIn: {
    title: 'Sign-in is not set up yet',
    text: 'Flows and calls are shown only to people who are signed in, and this server does not know anybody yet.',
    steps: [
      'To build and test on your own machine, stop this server and start it with “npm start”: it needs no account.',
      'Sign-in through Teams is not part of this version, so nothing is shown there yet.',
    ],
  },
  foreignHost: {
    title: 'Open this page by localhost',
    text: 'The server runs in local mode, where it answers only on this machine. Use localhost or 127.0.0.1 in the address.',
  },
  problemCounts: {
    errors: (count: number) => counted(count, 'error', 'errors'),
    warnings: (count: number) => counted(count, 'warning', 'warnings'),
    todo: (count: number) => counted(count, 'thing to do', 'things to do'),
  },
  failed: { title: 'This could not be loaded' },
  /** By the code of an error; what is not here is said in the server's own words. */
  errors: {
    offline: 'The server does not answer. It may have been stopped, or the connection is lost.',
    unavailable: 'The database does not answer. Nothing was lost; try again in a moment.',
    databaseFull:
      'The disk of the database is full, so nothing can be saved. Your changes are kept here. Whoever looks after the server must give it room.',
    databaseReadOnly:
      'The database can only be read at the moment, so nothing can be saved. Your changes are kept here. Whoever looks after the server must point it at one that takes writes.',
    databaseLocked: 'Others write in this at the same moment. Try again in a moment.',
    databaseBusy: 'The database has too much to do. Try again in a moment.',
    emulatorAway: 'The test service does not answer. Start everything again with “npm start”, then call again.',
    notFound: 'It is not there any more. Somebody may have deleted it.',
    removed: 'It was deleted. Restore it under Deleted flows; until then nothing of it is saved.',
    changedMeanwhile: 'Somebody else has changed it in the meantime. Load it again.',
    flowNameTaken: 'Another flow has this name already. Give this one another name; until then nothing of it is saved.',
    nameTaken: 'Another one has this name already. Choose another name, and save again.',
    inUse: 'Flows use it. Take it out of them first.',
    notPublished: 'Nothing is published yet, so there is nothing for callers to hear. Publish first.',
    internal: 'Something is wrong in the program itself.',
  } as Readonly<Record<string, string>>,
  days: {
    today: (time: string) => `Today, ${time}`,
    yesterday: (time: string) => `Yesterday, ${time}`,
    dayBefore: 'Yesterday',
  },
}

export const shellMessages = inLanguage('shell', shell)
