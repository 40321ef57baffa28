import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { compile } from '#flow/compile.ts'
import type { Flow } from '#flow/flow.ts'
import { begin, step } from '#flow/step.ts'
import type { Command, FlowEvent } from '#flow/talk.ts'
import { libraryOf } from '#flow/testing/subFlows.ts'
import { type Act, anyAct, anyBeginning, anyFlow, anyOthers, otherIds, shared } from './flows.ts'
import { heardOf, ReferenceCall } from './reference.ts'
import { ProductCall } from './world.ts'

const gapMs = 400

/** The flows that may be entered, as the reference is told of them. */
const referenceOf = ({ sub, other }: { sub: Flow; other: Flow }) => ({
  [otherIds.sub]: { flow: sub, prefix: 'sub.' },
  [otherIds.other]: { flow: other, prefix: 'other.' },
})

function transfers(how: Extract<Act, { do: 'transfer' }>['how'], reference: ReferenceCall, product: ProductCall) {
  if (how === 'ended') {
    if (!reference.isTransferring) return
    reference.hears({ type: 'ended', transferred: true })
    product.tells({ type: 'callEnded', reason: { code: 200, subcode: 7015 }, transferred: true })
  } else if (how === 'refused') {
    reference.hears({ type: 'transferRefused' })
    product.refusesTransfer()
  } else {
    const type = how === 'accepted' ? 'transferAccepted' : 'transferFailed'
    reference.hears({ type })
    product.tells({ type })
  }
}

function act(doing: Act, reference: ReferenceCall, product: ProductCall) {
  switch (doing.do) {
    case 'press':
      for (const key of doing.keys) {
        reference.presses(key)
        product.tells(...product.keys(key))
      }
      break
    case 'pressTogether': {
      // A key numbered 1 may be the first of all: nobody can know that one numbered 0 is on its way (tones.ts).
      if (product.nextSequence === 0) return act({ do: 'press', keys: doing.keys }, reference, product)
      const delay = reference.waitsForKey || doing.keys.length === 1 ? 0 : doing.delay
      const [first, ...others] = product.keys(doing.keys)
      product.tells(...others.reverse())
      product.passes(delay)
      reference.passes(delay)
      reference.presses(doing.keys)
      if (first) product.tells(first)
      break
    }
    case 'pressAfterLoss':
      reference.pressesAfterLoss(doing.keys, gapMs)
      product.tells(...product.keys(doing.keys, 2))
      break
    case 'wait':
      reference.passes(doing.ms)
      product.passes(doing.ms)
      break
    case 'prompt':
      reference.hears({ type: doing.how === 'promptFinished' ? 'promptEnds' : 'promptFails' })
      product.ends(doing.how)
      break
    case 'record':
      if (doing.how === 'silent') reference.hears({ type: 'nothingSaid' })
      else if (doing.how === 'refused') reference.hears({ type: 'recordFails' })
      else reference.hears({ type: 'recorded', byKey: doing.how === 'byKey' })
      product.recorded(doing.how)
      break
    case 'fetch':
      if (doing.spokenMs === null) reference.hears({ type: 'fileFails' })
      else reference.hears({ type: 'fileComes', spokenMs: doing.spokenMs })
      product.fetched(doing.spokenMs)
      break
    case 'tones':
      reference.hears({ type: doing.how === 'sent' ? 'tonesSent' : 'tonesRefused' })
      product.sends(doing.how)
      break
    case 'transfer':
      transfers(doing.how, reference, product)
      break
    case 'service':
      reference.hears(doing.how === 'refused' ? { type: 'requestRefused' } : { type: 'responded', how: doing.how })
      product.responds(doing.how)
      break
    case 'hangUp':
      reference.hears({ type: 'ended', transferred: false })
      product.tells({ type: 'callEnded', reason: { code: 200, subcode: 4521 }, transferred: false })
      break
    default:
      doing satisfies never
  }
}

/** What the telephone does about an answer and about a subscription to keys, whenever they are asked for. */
function takeUp(
  { answer, media, subscription }: { answer: string; media: string; subscription: string },
  reference: ReferenceCall,
  product: ProductCall,
) {
  const { answering } = product
  product.answering = null
  if (answering !== null && answer === 'refused') {
    reference.hears({ type: 'answerRefused' })
    product.tells({ type: 'commandFailed', command: 'answer', visit: answering, problem: '404' })
  } else if (answering !== null) {
    const establish = (audio: boolean) => {
      reference.hears({ type: 'established', audio })
      product.tells({ type: 'callEstablished', audio })
    }
    if (media !== 'at once') {
      establish(false)
      act({ do: 'wait', ms: media === 'never' ? 3000 : 1000 }, reference, product)
    }
    if (media !== 'never') establish(true)
  }
  const { subscribing } = product
  if (subscribing === null) return
  product.subscribing = null
  if (subscription === 'refused') {
    reference.hears({ type: 'subscriptionRefused' })
    product.tells({ type: 'commandFailed', command: 'subscribeTones', visit: subscribing, problem: '403' })
  } else {
    reference.hears({ type: 'subscribed' })
    product.tells({ type: 'tonesSubscribed', visit: subscribing })
  }
  takeUp({ answer, media, subscription }, reference, product)
}

const outcome = ({
  visited,
  heard,
  silenced,
  transferredTo,
  sentAway,
  answers,
  values,
  hangUps,
  at,
  callbacks,
}: ReferenceCall | ProductCall) => ({
  ...{ visited, silenced, transferredTo, sentAway, answers, values, hangUps, at },
  heard: heardOf(...heard),
  callbacks: callbacks.list.map(({ number, reason, owner, due, times }) => ({ number, reason, owner, due, times })),
})

it('does what the rules say, whatever the flow, the caller and the network', { timeout: 120_000 }, () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(
      anyFlow,
      anyOthers,
      anyBeginning,
      fc.array(anyAct, { minLength: 5, maxLength: 40, size: 'max' }),
      fc.infiniteStream(fc.nat()),
      (flow, others, { answer, media, subscription, early, hangUpAnswers, firstSequence, maxSteps }, acts, dice) => {
        const reference = new ReferenceCall(flow, maxSteps, hangUpAnswers, referenceOf(others))
        const product = new ProductCall(flow, maxSteps, hangUpAnswers, {
          firstSequence,
          flows: libraryOf({ [otherIds.sub]: [others.sub], [otherIds.other]: [others.other] }),
          dice: () => dice.next().value ?? 0,
        })
        const line = { answer, media, subscription }
        product.tells({ type: 'callOffered' })
        if (early !== null) act({ do: 'press', keys: early }, reference, product)
        takeUp(line, reference, product)
        for (const doing of acts) {
          act(doing, reference, product)
          takeUp(line, reference, product)
        }
        expect(outcome(product)).toEqual(outcome(reference))
        for (const line of product.visited) seen.add(line.replace(/^.*:/, ':').replace(/^>.*/, '>'))
      },
    ),
    { numRuns: 2500 },
  )
  // What so many calls came by: a property over flows in which nothing happens would prove nothing.
  for (const exit of [
    'collected',
    'invalid',
    'noInput',
    'noMatch',
    'maxRetries',
    'interrupted',
    'recorded',
    'noAudio',
    'tooShort',
    'found',
    'notFound',
    '2xx',
    '404',
    'other',
    'timeout',
    'network',
    'badBody',
    'created',
    'merged',
    'noNumber',
    'accepted',
    'redo',
    'gaveUp',
    'chosen',
    'finished',
    'Done',
    'Other',
    'Unexpected',
    'stopped',
    'empty',
    'error',
    'limit',
    'anywhere',
    'back',
    'none',
    'hangup',
    'missed',
    'lost',
  ]) {
    expect(seen).toContain(`:${exit}`)
  }
})

const anyVisit = fc.integer({ min: -1, max: 12 })
const anyAnswer = fc.constantFrom<Extract<FlowEvent, { type: 'responded' }>['answer']>(
  { status: 200, ms: 1, values: { t: 'told' } },
  { status: 404, ms: 1, values: {} },
  { failed: 'timeout', problem: 'x', ms: 1 },
)
const anyEvent: fc.Arbitrary<FlowEvent> = fc.oneof(
  fc.constant<FlowEvent>({ type: 'callOffered' }),
  fc.boolean().map((audio): FlowEvent => ({ type: 'callEstablished', audio })),
  anyVisit.map((visit): FlowEvent => ({ type: 'tonesSubscribed', visit })),
  fc.constantFrom(...'0123456789*#ABCD').map((key): FlowEvent => ({ type: 'tonePressed', key })),
  anyVisit.map((visit): FlowEvent => ({ type: 'promptFinished', visit })),
  anyVisit.map((visit): FlowEvent => ({ type: 'tonesSent', visit })),
  anyVisit.map((visit): FlowEvent => ({ type: 'promptFailed', visit, problem: 'x' })),
  anyVisit.map((visit): FlowEvent => ({ type: 'timerElapsed', timer: 'block', visit })),
  fc.constantFrom('answersLate', 'rejectsLate').map((timer): FlowEvent => ({ type: 'timerElapsed', timer, visit: 1 })),
  anyVisit.chain((visit) =>
    fc.constantFrom<FlowEvent>(
      { type: 'recordingEnded', visit, byKey: true },
      { type: 'nothingSaid', visit },
      { type: 'recordingTaken', visit, spokenMs: 5_000 },
    ),
  ),
  fc.record({ visit: anyVisit, answer: anyAnswer }).map((told): FlowEvent => ({ type: 'responded', ...told })),
  fc.record({ visit: anyVisit, merged: fc.boolean() }).map((kept): FlowEvent => ({ type: 'callbackKept', ...kept })),
  fc.constantFrom<FlowEvent>({ type: 'transferAccepted' }, { type: 'transferFailed' }),
  fc
    .record({
      visit: anyVisit,
      command: fc.constantFrom(
        'answer',
        'reject',
        'redirect',
        'subscribeTones',
        'play',
        'record',
        'sendTones',
        'takeRecording',
        'cancelMedia',
        'startTimer',
        'transfer',
        'request',
        'createCallback',
        'hangUp',
      ),
    })
    .map((failed): FlowEvent => ({ type: 'commandFailed', problem: 'x', ...failed })),
)
const anyEnd: fc.Arbitrary<FlowEvent> = fc
  .boolean()
  .map((transferred) => ({ type: 'callEnded', reason: { code: null, subcode: null }, transferred }))

it('keeps its word in any soup of events', () => {
  fc.assert(
    fc.property(
      anyFlow,
      anyOthers,
      fc.array(fc.oneof({ weight: 40, arbitrary: anyEvent }, { weight: 1, arbitrary: anyEnd }), {
        maxLength: 60,
        size: 'max',
      }),
      fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
      (flow, { sub, other }, events, current) => {
        const flows = libraryOf({ [otherIds.sub]: [sub], [otherIds.other]: [other] })
        const program = compile(flow, { maxSteps: 30, shared, flows })
        const nobody = { id: '', name: '', phone: '' }
        let state = begin(program, { caller: nobody, called: nobody })
        const hangUps: Command[] = []
        let callEnded = false
        // The bot hangs up where a flow has nothing more to ask for (advance.ts).
        let givenUp = false
        for (const [n, soup] of events.entries()) {
          // Half of the events are aimed at the turn that runs, or hardly any would be heard.
          const now = soup.type === 'responded' ? (state.asking ?? state.visit) : state.visit
          const event = 'visit' in soup && current[n] ? { ...soup, visit: now } : soup
          const before = state
          const { state: after, commands, trail } = step(program, before, event, n * 1000)
          expect(after.visit).toBeGreaterThanOrEqual(before.visit)
          expect(commands.length).toBeLessThan(250)
          expect(trail.length).toBeLessThan(500)
          if (before.at === null) expect([commands, trail, after === before]).toEqual([[], [], true])
          if (after.at === null) expect(commands).toEqual([])
          for (const command of commands) {
            expect(command.visit).toBeLessThanOrEqual(after.visit)
            if (command.type === 'play') expect(command.prompts.length).toBeLessThanOrEqual(20)
          }
          const asked = commands.filter(({ type }) => type === 'hangUp')
          // The first is outstanding until its timer has rung.
          if (hangUps.length > 0 && asked.length > 0)
            expect(event).toMatchObject({ type: 'timerElapsed', timer: 'block' })
          hangUps.push(...asked)
          expect(hangUps.length).toBeLessThanOrEqual(2)
          callEnded ||= event.type === 'callEnded'
          givenUp ||= trail.some(({ exit }) => exit === 'lost' || exit === 'missed')
          // No call is forgotten on the line.
          if (after.at === null) expect(callEnded || givenUp || hangUps.length === 2).toBe(true)
          state = after
        }
      },
    ),
    { numRuns: 500 },
  )
})
