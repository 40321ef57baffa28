/**
 * What each result means to people, and what likely helps. One entry for each key of results.ts; nothing else holds these texts,
 * so another language is another file like this one. A null remedy: nothing is wrong.
 */
export const resultWords = {
  // How a call ended.
  ended: { words: 'The call ended normally.', remedy: null },
  otherSideLeft: { words: 'The other side hung up.', remedy: null },
  removed: { words: 'Somebody in the call removed the bot.', remedy: null },
  conversationEnded: { words: 'The conversation was ended for everybody.', remedy: null },
  everybodyLeft: { words: 'Everybody else left.', remedy: null },
  initiatorLeft: { words: 'The one who began the group call left, which ends it.', remedy: null },
  leftAlone: { words: 'Nobody else was left in the call.', remedy: null },
  rosterEmpty: { words: 'The list of participants was empty.', remedy: null },
  nobodyJoined: { words: 'Nobody joined the group call.', remedy: 'Call again later, or call other people.' },
  noHost: {
    words: 'No host for the conversation could be found.',
    remedy: 'Call again. If it stays so, give the message to Microsoft support.',
  },
  breakoutOver: { words: 'The time of the breakout room was over.', remedy: null },
  lobbyTimedOut: {
    words: 'Nobody let the bot in from the lobby.',
    remedy: 'Ask the organizer to admit the bot, or to let it bypass the lobby.',
  },
  endedByBot: { words: 'The bot hung up.', remedy: null },
  transferred: { words: 'The call was handed over.', remedy: null },
  keepAliveMissed: {
    words: 'Graph ended the call, since nothing was heard from the bot for 45 minutes.',
    remedy: 'Send keepAlive every 15 minutes for as long as the call lives.',
  },
  notAcknowledged: {
    words: 'The call was accepted, but the acceptance was not confirmed in time.',
    remedy: 'Call again. If it happens often, look at the network of the called device.',
  },
  noSignal: {
    words: 'The device that was called gave no sign.',
    remedy: 'Call again later: the device may be offline.',
  },
  mediaLost: {
    words: 'Sound could not get through between Graph and the bot or the other side.',
    remedy: 'Call again. If it happens often, check firewalls on the way of the media.',
  },
  noEndpoint: {
    words: 'The person is signed in on no device.',
    remedy: 'Call again later, or call somebody else.',
  },
  notReachable: { words: 'The person could not be reached.', remedy: 'Call again later, or call somebody else.' },
  noRoute: {
    words: 'There is no route to the number or the person.',
    remedy: 'Check the number, and whether the resource account may call it.',
  },
  privateCallsOff: {
    words: 'Private calls are turned off for the person.',
    remedy: "An administrator can allow them in the person's calling policy.",
  },
  serverError: {
    words: 'Graph had a fault of its own.',
    remedy: 'Call again. If it stays so, give the DiagCode of the message to Microsoft support.',
  },
  requestTimedOut: {
    words: 'Graph waited for something in vain; no public page says for what.',
    remedy: 'Call again. If it stays so, give the DiagCode of the message to Microsoft support.',
  },
  transferFailed: {
    words: 'The call could not be handed over. The caller is back with the bot.',
    remedy: 'Go on with the caller: offer another person, or take a message.',
  },

  // How an operation on the media ended.
  done: { words: 'It was carried out.', remedy: null },
  cancelled: { words: 'It was cancelled, as the bot asked.', remedy: null },
  recordedToTheLimit: {
    words: 'The recording reached its longest time and was kept.',
    remedy: 'If callers need longer, raise maxRecordDurationInSeconds (at most 120).',
  },
  stopToneHeard: { words: 'The caller pressed a key that ends the recording.', remedy: null },
  silenceAfterSpeech: { words: 'The caller stopped speaking, which ended the recording.', remedy: null },
  nothingSaid: {
    words: 'The caller said nothing, so nothing was recorded.',
    remedy: 'Ask again, or raise initialSilenceTimeoutInSeconds.',
  },
  promptNotPlayed: {
    words: 'The prompt could not be played.',
    remedy: 'Check that its address is public and that it is a WAV: PCM, mono, 16 bit, 16 kHz.',
  },
  beepNotPlayed: { words: 'The beep could not be played.', remedy: 'Record again.' },
  noMedia: {
    words: 'No sound arrived.',
    remedy: 'Record again. If it stays so, check whether the caller is muted or on hold.',
  },
  wrongAudioFormat: {
    words: 'The audio file has the wrong format.',
    remedy: 'Make it a WAV: PCM, mono, 16 bit, 16 kHz.',
  },
  audioNotDownloaded: {
    words: 'Graph could not download the audio file.',
    remedy: 'Check that its address is public, without sign-in, and answers quickly.',
  },
  unknownFailure: {
    words: 'Graph failed and gave no reason.',
    remedy: 'Try again. If it stays so, give the message to Microsoft support.',
  },

  // Why a request was refused.
  wrongMediaMode: {
    words: 'The call has the wrong kind of media for this.',
    remedy: 'Prompts, recordings and key presses need serviceHostedMediaConfig.',
  },
  notEstablished: {
    words: 'The call is not established yet.',
    remedy: 'Wait for the call to be established.',
  },
  invalidArgument: { words: 'Something in the request is invalid.', remedy: 'Compare it with the reference page.' },
  alreadyTerminated: { words: 'The call has ended already.', remedy: 'The call is over: forget it.' },
  wrongState: {
    words: 'The request does not fit the state of the call.',
    remedy: 'The state of the call does not allow it now.',
  },
  notFound: { words: 'There is no such call or participant any more.', remedy: 'Forget it: it is over, or has left.' },
  conflict: {
    words: 'Another action on the call is in the way.',
    remedy: 'Wait for the end of the other action, then try again.',
  },
  incompatibleMedia: {
    words: 'Another action on the media is in the way.',
    remedy: 'Wait for its end or cancel it, then try again.',
  },
  joinTokenInvalid: { words: 'The join token is not valid.', remedy: 'Take the token from a fresh invitation.' },
  meetingIdInvalid: {
    words: 'There is no meeting of this id and passcode.',
    remedy: 'Compare the meeting id and the passcode with the invitation.',
  },
  meetingLocked: { words: 'The meeting is locked.', remedy: 'Ask the organizer to unlock it.' },
  throttled: {
    words: 'There were too many requests on calls.',
    remedy: 'Too many requests: try again after the time that Graph named.',
  },
  tokenInvalid: {
    words: 'Graph took the token for invalid.',
    remedy: 'Check the tenant and the clock of this machine.',
  },
  accessNotEnabled: {
    words: 'The app may not use calls.',
    remedy: 'Enable calling for the bot, and check its permissions.',
  },
  botNotRegistered: {
    words: 'Graph does not know the app as a calling bot.',
    remedy: "Enable calling in the bot's Teams channel, and check the app id.",
  },
  noConsent: {
    words: 'The tenant has not given the app the permissions for this.',
    remedy: 'An administrator of the tenant has to consent to the calling permissions.',
  },
  wrongTenant: {
    words: 'The token belongs to another tenant than the call.',
    remedy: 'Ask for a token of the tenant that the call belongs to.',
  },
  wrongSource: {
    words: 'The call was to come from another app than the token.',
    remedy: 'Call as the app that the token was made for.',
  },

  // What the platform notes of an incoming call.
  incomingNotAcknowledged: {
    words: 'The bot did not take the notification of the incoming call.',
    remedy: 'Answer the webhook with 202 at once and work afterwards.',
  },
  incomingNotAnswered: {
    words: 'The bot did not answer the incoming call within 15 seconds.',
    remedy: 'Answer first and look things up afterwards.',
  },
  invalidJoinResponse: {
    words: "The bot's reply to the join notification of policy recording was not valid.",
    remedy: 'Reply in the documented form.',
  },
  notificationNotAnswered: {
    words: 'The bot did not respond to a notification.',
    remedy: 'Answer the webhook with 202 at once, and check that it can be reached.',
  },

  // Why an invitation failed.
  phoneWithoutContext: {
    words: 'A phone number cannot be invited into this call, which has no phone context.',
    remedy: 'Make or take the call through a resource account that has a phone number.',
  },
  phoneWithoutDialOut: {
    words: 'A phone number was invited, but the call lacks what is needed to dial out.',
    remedy: 'Join the meeting by its organizer, and check that dial-out is allowed and licensed.',
  },
  inviteFailed: {
    words: 'The person could not be brought in from the other call.',
    remedy: 'Check that the replaced call is still established, then invite again.',
  },
} as const satisfies Record<string, { words: string; remedy: string | null }>

export type ResultKey = keyof typeof resultWords

/** A pair that no public page explains is shown as it came. */
export function unexplained(code: number | null, subcode: number | null): string {
  const said = [code, subcode].filter((part) => part !== null).join('/')
  return said === '' ? 'Graph gave no reason.' : `Graph said ${said}, which no public page explains.`
}
