import { inLanguage } from './languages.ts'

declare module './translation.ts' {
  interface English {
    calls: typeof calls
  }
}

/** Words for calls: how they went, and why they ended. */
const calls = {
  list: 'Calls',
  now: 'Now',
  today: 'Earlier today',
  earlier: 'Earlier',
  test: 'Test',
  unknownCaller: 'Unknown caller',
  in: (flow: string, block: string) => `${flow} · in ${block}`,
  more: 'Show more',
  back: 'Back to all calls',
  disconnected: 'Connection lost. Trying again.',
  running: (number: number) => `${number} ${number === 1 ? 'call is' : 'calls are'} running`,
  empty: {
    title: 'No calls yet',
    text: 'Call a flow to see it here: open one and choose “Test call”.',
    button: 'Go to the flows',
  },
  choose: 'Choose a call to see the way it took.',
  flowVersion: (flow: string, version: number | null) =>
    version === null ? `${flow}, test of a draft` : `${flow}, version ${version}`,
  openFlow: 'Open the flow',
  steps: 'Steps',
  noSteps: 'Nothing has happened yet.',
  readOnly: 'Shown as it was. Open the flow to edit it.',
  step: (number: number, all: number) => `Step ${number} of ${all}`,
  stepBar: 'Steps of the call',
  previous: 'Previous step',
  next: 'Next step',
  copy: 'Copy for support',
  copied: 'Copied',
  again: { noInput: 'nothing pressed', noMatch: 'wrong key', invalid: 'wrong number' } as Readonly<
    Record<string, string>
  >,
  askedAgain: (times: number) => (times === 1 ? 'asked again once' : `asked again ${times} times`),
  pressed: (key: string, label: string) => (label === '' ? `Pressed ${key}` : `Pressed ${key}: ${label}`),
  digits: (count: number) => `${count} ${count === 1 ? 'digit' : 'digits'}`,
  /** Blocks that no one drew. */
  apology: 'Apology',
  end: 'Call ended',
  /** What a flow does by itself when nothing else is drawn. */
  said: (code: string) => `The service said: ${code}`,
  failedStep: 'This block failed',
  failures: {
    promptMissing: 'A message has no audio. Publish the flow again.',
    '400/8535': 'A message is not in the form that Teams plays. Publish the flow again, so that it is spoken anew.',
    '400/8536': 'Teams could not fetch a message. Check that the bot can be reached at its public address.',
    '403/7504': 'A permission is missing. An administrator has to grant what this block needs.',
    '500/8511': 'A message could not be played. Call again; if it stays so, publish the flow again.',
    timedOut: 'The service took too long to answer.',
  } as Readonly<Record<string, string>>,
  failureHelp: 'The call went on by the exit that is marked, or by the failure path of the flow.',
  /** The bot's word for how a call came out. */
  outcomes: {
    transferred: 'Transferred',
    endedByFlow: 'Ended by the flow',
    callerHungUp: 'Caller hung up',
    notAnswered: 'Over before it was answered',
    notTransferred: 'Transfer failed',
    failed: 'Failed',
    lost: 'Connection lost',
  } as Readonly<Record<string, string>>,
  outcomeIn: {
    callerHungUp: (block: string) => `Caller hung up in ${block}`,
    failed: (block: string) => `Failed in ${block}`,
    lost: (block: string) => `Connection lost in ${block}`,
    transferred: (block: string) => `Transferred by ${block}`,
  } as Readonly<Record<string, (block: string) => string>>,
  /** By code/subcode of a call's end; the contract's result codes name the source of each. */
  ends: {
    '200/0': 'The call ended as it should',
    '200/4097': 'The caller hung up',
    '200/4521': 'The caller hung up',
    '200/5000': 'Somebody removed the bot from the call',
    '200/5001': 'The conversation ended',
    '200/5002': 'Everybody else left',
    '200/5003': 'The conversation ended',
    '200/5007': 'Whoever began the group call left it',
    '200/5010': 'Nobody else was left in the call',
    '200/5012': 'Nobody was in the call any more',
    '200/5013': 'Nobody joined the group call',
    '200/5014': 'No host could be found for the call',
    '200/5020': 'Nobody else was left in the call',
    '200/5030': 'The time of the breakout room was over',
    '200/5300': 'Somebody removed the bot from the call',
    '200/5855': 'Nobody let the bot in from the lobby',
    '200/7000': 'The flow hung up',
    '200/7015': 'The call was transferred',
    '0/7015': 'The call was transferred',
    '200/10550': 'The flow hung up',
    '200/18503': 'The caller hung up',
    '200/540000': 'The caller hung up',
    '200/560000': 'The caller hung up',
    '408/8537': 'The service ended the call: nothing was heard of the bot for too long',
    '408/1106': 'The answer did not reach the service in time',
    '408/10057': 'The other side did not answer',
    '410/301005': 'The sound connection was lost',
    '480/10037': 'No phone of the person could be rung',
    '480/10076': 'The person could not be reached',
    '480/10134': 'There is no way to this number',
    '480/10199': 'The person does not take calls like this',
    '500/1005': 'The sound connection was lost',
    '500/7106': 'The service had a fault',
    '500/3003': 'The service had a fault',
    '500/3002': 'The service had a fault',
    '500/1999': 'The service had a fault',
    '408/13025': 'A request of the service took too long',
  } as Readonly<Record<string, string>>,
  endUnknown: (code: string) => `Ended with ${code}`,
}

export const callsMessages = inLanguage('calls', calls)
