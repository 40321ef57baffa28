import { expect, it } from 'vitest'
import { contract, contractIsHere } from '#test/contract.ts'
import { type LineState, refusalOf } from './telephone.ts'

const states: LineState[] = [
  'incoming',
  'establishing',
  'established',
  'transferring',
  'transferAccepted',
  'terminating',
  'terminated',
]
const operations = {
  answer: 'call-answer',
  subscribeTones: 'call-subscribetotone',
  play: 'call-playprompt',
  cancelMedia: 'call-cancelmediaprocessing',
  sendTones: 'call-senddtmftones',
  transfer: 'call-transfer',
  hangUp: 'call-delete',
} as const

it.skipIf(!contractIsHere)('takes in each state what the contract says that Graph takes', () => {
  const { allowed } = contract('state-machine.json') as { allowed: Record<string, string[]> } // its README says so
  for (const [command, operation] of Object.entries(operations)) {
    const taken = states.filter((state) => refusalOf(state, command as keyof typeof operations) === null)
    expect([command, taken]).toEqual([command, states.filter((state) => allowed[operation]?.includes(state))])
  }
})

it.each<[LineState, keyof typeof operations, string]>([
  ['incoming', 'play', '400/8501'],
  ['establishing', 'subscribeTones', '400/8501'],
  ['established', 'answer', '400/8585'],
  ['transferring', 'play', '400/8585'],
  ['establishing', 'sendTones', '400/8501'],
  ['transferring', 'sendTones', '400/8585'],
  ['transferring', 'cancelMedia', '400/8585'],
  ['transferAccepted', 'transfer', '400/8585'],
  ['terminating', 'hangUp', '400/8528'],
  ['terminated', 'hangUp', '404'],
])('while %s refuses %s with %s', (state, command, code) => expect(refusalOf(state, command)).toBe(code))

it('leaves timers alone, which are nobody else’s', () => expect(refusalOf('transferring', 'startTimer')).toBeNull())
