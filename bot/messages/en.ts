/** What the bot says, in English. */
export const en = {
  /** In chat. */
  chat: {
    whoIAm: 'I answer calls with flows that your organisation draws.',
    nothingAnswers: 'No flow is published yet, so callers hear that nobody answers.',
    answers: (flow: string, version: number) => `Callers hear **${flow}**, version ${version}.`,
    answersFor: (called: string, flow: string, version: number) => `${called}: **${flow}**, version ${version}`,
    more: (count: number) => (count === 1 ? 'And one more.' : `And ${count} more.`),
    whereToDraw: (url: string) => `Flows are drawn and published here: ${url}`,
    notNow: 'I cannot look up the flows right now. Calls are answered all the same. Try again in a minute.',
  },
  /** About how it stands, to whoever runs it: what is wrong, what that does to calls, and what to do. */
  health: {
    noKeys:
      "Microsoft's signing keys could not be loaded, so no call is taken. Check that this machine reaches the address of the keys; they are asked for every 30 seconds.",
    tokenRefused:
      "The login service does not take the bot's id, secret, certificate or tenant, so no call is answered. Check BOT_APP_ID, BOT_APP_SECRET or the certificate, and BOT_TENANT_ID; a secret may have run out.",
    tokenAsked: 'The login service has not answered yet.',
    notWarm: 'It has just begun, and makes itself ready for the first call. That takes a second or two.',
    noRoutes:
      'It is not known yet which flow answers which call, because the database has not answered. Check DATABASE_URL and the database.',
    loginAway:
      'The login service does not answer. Calls are taken, and answered when it is there again. Check that this machine reaches it.',
    databaseAway:
      'The database does not answer. Calls are answered with the flows known so far, and the history waits. Check the database.',
    historyWaits:
      'The history of calls cannot be written and waits in memory. Check that the disk of the database is not full and that it may be written.',
    noJournal:
      'The journal of live calls cannot be written in DATA_DIR. After a crash only the database knows who is on the line. Check the folder and its disk.',
    callersLeft:
      'Callers of a process that is no more are being hung up. If that does not end, check that this machine reaches Graph.',
  },
}
