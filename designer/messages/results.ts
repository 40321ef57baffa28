import { inLanguage } from './languages.ts'

declare module './translation.ts' {
  interface English {
    results: typeof results
  }
}

/**
 * Why something with a call went wrong: the title over its step, the reason as the end of a sentence, and what to do, step by step.
 * `permissions` are those that the block needs. Which code means what stands in calls/resultKeys.ts.
 */
const results = {
  /** What only an administrator of the tenant can mend. */
  noConsent: {
    title: 'The app lacks a permission',
    cause: ({ permissions }) => `the permission ${permissions} is missing or no longer granted`,
    todo: [
      ({ permissions }) => `Ask an administrator to grant ${permissions} to the app in Microsoft Entra.`,
      'Call again a few minutes later: a new permission takes a while.',
    ],
  },
  accessNotEnabled: {
    title: 'The app may not use calls',
    cause: 'calling is not enabled for the bot',
    todo: [
      'Ask an administrator to turn on calling in the Teams channel of the bot.',
      ({ permissions }) => `See that the app has ${permissions}.`,
    ],
  },
  botNotRegistered: {
    title: 'Teams does not know the bot',
    cause: 'the app is not registered as a bot that takes calls',
    todo: [
      'Turn on calling in the Teams channel of the bot.',
      'Compare the app id of the bot with the setting BOT_APP_ID.',
    ],
  },
  wrongTenant: {
    title: 'The app and the call belong to two organisations',
    cause: 'the bot signed in to another organisation than the one that the call belongs to',
    todo: ['Compare the setting BOT_TENANT_ID with the organisation of the caller.'],
  },
  wrongSource: {
    title: 'The call came from another app',
    cause: 'the bot signed in as another app than the one that calls',
    todo: ['Compare the setting BOT_APP_ID with the app id of the bot.'],
  },
  tokenInvalid: {
    title: 'Teams did not accept the sign-in of the bot',
    cause: 'the bot’s token was not valid',
    todo: [
      'Compare BOT_TENANT_ID, BOT_APP_ID and the secret with Microsoft Entra.',
      'See that the clock of the bot’s machine is right.',
    ],
  },
  noRoute: {
    title: 'There is no way to this number',
    cause: 'Teams knows no way to the number or person',
    todo: ['Compare the number or the person with the directory.', 'Ask whether the resource account may call it.'],
  },
  privateCallsOff: {
    title: 'The person may not be called',
    cause: 'private calls are turned off for the person',
    todo: ['Ask an administrator to allow them in the person’s calling policy, or choose somebody else.'],
  },

  // Of transfers.
  notTaken: {
    title: 'Nobody took the call',
    cause: 'nobody took the call: declined, busy or no answer, Teams does not say which',
    todo: ['Lead “Not reached” to somebody else, or to words that say when to call again.'],
  },
  noAnswer: {
    title: 'Nobody answered',
    cause: 'nobody took the call within two minutes',
    todo: ['Lead “Not reached” to somebody else, or to words that say when to call again.'],
  },
  noEndpoint: {
    title: 'The person is signed in nowhere',
    cause: 'no phone of the person could be rung',
    todo: ['Lead “Not reached” to somebody else.', 'Ask the person to sign in to Teams.'],
  },
  notReachable: {
    title: 'The person could not be reached',
    cause: 'the person could not be reached',
    todo: ['Lead “Not reached” to somebody else.'],
  },
  noSignal: {
    title: 'The device of the person gave no sign',
    cause: 'the device that was rung gave no sign; it may be offline',
    todo: ['Lead “Not reached” to somebody else.', 'Call again later.'],
  },
  notFound: {
    title: 'There is no such person or call',
    cause: 'Teams does not know the person any more, or the call was over',
    todo: ['Choose the person again in the block.'],
  },
  inviteFailed: {
    title: 'The person could not be brought in',
    cause: 'the person could not be brought in from the other call',
    todo: ['Call again. If it stays so, choose somebody else.'],
  },
  phoneWithoutContext: {
    title: 'A phone number cannot be brought into this call',
    cause: 'the call came in without a phone number of its own',
    todo: ['Let the flow answer a resource account that has a phone number.'],
  },
  phoneWithoutDialOut: {
    title: 'The call may not dial out',
    cause: 'dialling out is not allowed or not licensed',
    todo: ['Ask an administrator whether the resource account may dial out and has a licence for it.'],
  },

  // Of what is spoken, and of keys.
  promptMissing: {
    title: 'A message has no audio',
    cause: 'its message was never spoken and kept',
    todo: ['Publish the flow again: every message is spoken then.'],
  },
  wrongAudioFormat: {
    title: 'A message is in the wrong format',
    cause: 'Teams cannot play the format of its message',
    todo: ['Publish the flow again, so that the message is spoken anew.'],
  },
  audioNotDownloaded: {
    title: 'Teams could not fetch a message',
    cause: 'Teams did not get its message from the bot',
    todo: [
      'See that the address in the setting PUBLIC_URL can be reached from the internet, without sign-in.',
      'Call again.',
    ],
  },
  promptNotPlayed: {
    title: 'A message could not be played',
    cause: 'Teams could not play its message',
    todo: ['Call again.', 'If it stays so, publish the flow again.'],
  },
  beepNotPlayed: { title: 'The beep could not be played', cause: 'the beep was not played', todo: ['Call again.'] },
  noMedia: {
    title: 'No sound arrived',
    cause: 'no sound came from the caller, who may have been muted or on hold',
    todo: ['Call again. If it stays so, ask whether firewalls let the sound through.'],
  },
  nothingSaid: {
    title: 'The caller said nothing',
    cause: 'the caller said nothing before the time was over',
    todo: ['Ask again, or give callers more time.'],
  },
  cancelled: { title: 'It was stopped', cause: 'it was stopped before its end', todo: ['Call again.'] },

  // Between the bot and the platform.
  wrongMediaMode: {
    title: 'The call has the wrong kind of sound',
    cause: 'messages and keys need sound that Teams hosts',
    todo: ['Update the bot. If it stays so, copy this for support.'],
  },
  notEstablished: {
    title: 'The call was not through yet',
    cause: 'the call was not established yet',
    todo: ['Call again. If it stays so, copy this for support.'],
  },
  invalidArgument: {
    title: 'Teams did not understand a request',
    cause: 'something in the request of the bot was wrong',
    todo: ['See that all settings of the block are right.', 'If they are, copy this for support.'],
  },
  alreadyTerminated: {
    title: 'The call was over already',
    cause: 'the call had ended meanwhile',
    todo: ['Nothing is to be mended if the caller hung up.'],
  },
  wrongState: {
    title: 'It did not fit the state of the call',
    cause: 'the state of the call did not allow it then',
    todo: ['Call again. If it stays so, copy this for support.'],
  },
  conflict: {
    title: 'Something else was under way',
    cause: 'another action on the call was in the way',
    todo: ['Call again. If it stays so, copy this for support.'],
  },
  incompatibleMedia: {
    title: 'Another message was under way',
    cause: 'another message was still being played',
    todo: ['Call again. If it stays so, copy this for support.'],
  },
  joinTokenInvalid: {
    title: 'The invitation is not valid',
    cause: 'the join token is not valid',
    todo: ['Take the link from a fresh invitation.'],
  },
  meetingIdInvalid: {
    title: 'There is no such meeting',
    cause: 'no meeting has this id and passcode',
    todo: ['Compare the id and the passcode with the invitation.'],
  },
  meetingLocked: {
    title: 'The meeting is locked',
    cause: 'the meeting is locked',
    todo: ['Ask the organizer to unlock it.'],
  },
  throttled: {
    title: 'There were too many requests',
    cause: 'Teams had too many requests at once',
    todo: ['Call again in a minute.', 'If it happens often, spread the calls over more bots.'],
  },
  timedOut: {
    title: 'Teams took too long',
    cause: 'Teams did not answer in time',
    todo: ['Call again. If it stays so, look at the service health of Microsoft 365.'],
  },
  requestTimedOut: {
    title: 'Teams waited for something in vain',
    cause: 'Teams waited for something in vain; no public page says for what',
    todo: ['Call again. If it stays so, copy this for Microsoft support.'],
  },
  network: {
    title: 'Teams was not reached',
    cause: 'the bot had no connection to Teams',
    todo: ['See that the bot’s machine reaches the internet.', 'Call again.'],
  },
  serverError: {
    title: 'Teams had a fault of its own',
    cause: 'Teams had a fault of its own',
    todo: ['Call again. If it stays so, copy this for Microsoft support.'],
  },
  unknownFailure: {
    title: 'Teams gave no reason',
    cause: 'it failed, and Teams gave no reason',
    todo: ['Call again. If it stays so, copy this for Microsoft support.'],
  },

  // How a call is lost.
  lost: {
    title: 'The connection was lost',
    cause: 'the connection was lost, and nobody knows why',
    todo: ['Ask the caller to call again.', 'If it happens often, see whether the bot was started anew then.'],
  },
  mediaLost: {
    title: 'The sound connection was lost',
    cause: 'sound no longer got through between the caller and Teams, or Teams and the bot',
    todo: ['Ask the caller to call again.', 'If it happens often, ask whether firewalls let the sound through.'],
  },
  keepAliveMissed: {
    title: 'Teams ended the call: nothing was heard of the bot',
    cause: 'Teams heard nothing of the bot for 45 minutes',
    todo: ['See whether the bot was running then.'],
  },
  notAcknowledged: {
    title: 'The call did not get through',
    cause: 'the call was answered, and the answer was not confirmed in time',
    todo: ['Ask the caller to call again.', 'If it happens often, look at the network of the caller.'],
  },
  incomingNotAcknowledged: {
    title: 'The bot did not take the call',
    cause: 'the bot did not take the news of the call',
    todo: ['See that the bot is running and that Teams reaches it at PUBLIC_URL.'],
  },
  incomingNotAnswered: {
    title: 'The bot answered too late',
    cause: 'the bot did not answer within 15 seconds',
    todo: ['See how busy the machine of the bot was then.'],
  },
  invalidJoinResponse: {
    title: 'The bot’s answer was not understood',
    cause: 'the bot answered the invitation to record in another form than the documented one',
    todo: ['Update the bot. If it stays so, copy this for support.'],
  },
  notificationNotAnswered: {
    title: 'The bot did not hear what happened',
    cause: 'the bot did not take news of the call',
    todo: ['See that the bot is running and that Teams reaches it at PUBLIC_URL.'],
  },

  // Of the flow itself.
  unknownBlock: {
    title: 'The block cannot run',
    cause: 'the block is missing, or its settings have errors',
    todo: ['Open the flow, and mend what its problems say.'],
  },
  exitOpen: {
    title: 'A way out leads nowhere',
    cause: 'the way out that was taken leads to no block',
    todo: ['Open the block, and lead this way out to another one.'],
  },
  stepLimit: {
    title: 'The call went on without an end',
    cause: 'the call came to more than 1,000 blocks',
    todo: ['Open the flow, and give the way round a way out.'],
  },
  endlessLoop: {
    title: 'The flow goes round in circles',
    cause: 'the call came here again and again, and nothing asked the caller',
    todo: ['Open the flow, and ask for a key on this way, or count the rounds.'],
  },
  expressionFailed: {
    title: 'An expression could not be worked out',
    cause: 'one of its expressions had no result',
    todo: ['Open the block, and see that its expressions hold for every value.'],
  },
  callerGone: {
    title: 'The caller had left',
    cause: 'the block needs a caller, and the caller had left',
    todo: ['Open the flow, and take the block off the hang-up path.'],
  },
  failed: {
    title: 'This block failed',
    cause: 'it failed, and nothing is known of the reason',
    todo: ['Call again. If it stays so, copy this for support.'],
  },
} satisfies Record<string, Explanation>

type Names = { permissions: string }
type Sentence = string | ((names: Names) => string)
export type Explanation = { title: string; cause: Sentence; todo: readonly Sentence[] }
export type ResultKey = keyof typeof results

export const resultMessages: Readonly<Record<ResultKey, Explanation>> = inLanguage('results', results)
