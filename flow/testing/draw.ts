import { compile, type ProgramOptions } from '../compile.ts'
import type { Condition } from '../condition.ts'
import { type Block, type Flow, schemaVersion } from '../flow.ts'
import { begin, step } from '../step.ts'
import type { Command, FlowEvent } from '../talk.ts'
import type { Value } from '../values.ts'

type Settings = Readonly<Record<string, Value>>
type Exits = Record<string, string>

/** A block for a test; only what the test is about needs saying. */
export const block = (type: string, settings: Settings = {}, exits: Exits = {}): Block => ({
  type,
  name: type,
  settings,
  exits,
  position: { x: 0, y: 0 },
})

export const say = (text: string, exits: Exits = {}, more: Settings = {}): Block =>
  block('play', { prompts: [text], ...more }, exits)

/** A menu with one option for each key. */
export const menu = (keys: string, exits: Exits = {}, more: Settings = {}): Block =>
  block('menu', { prompt: 'Menu?', options: [...keys].map((key) => ({ key, label: '' })), ...more }, exits)

/** Asks for digits and keeps them in `entry`, which `draw` declares. */
export const collect = (exits: Exits = {}, more: Settings = {}): Block =>
  block('collectDigits', { prompt: 'Number?', variable: 'entry', ...more }, exits)

export const assign = (assignments: Record<string, string>, exits: Exits = {}): Block =>
  block(
    'setVariable',
    { assignments: Object.entries(assignments).map(([variable, value]) => ({ variable, value })) },
    exits,
  )

/** A branch with an expression for each exit. */
export const when = (expressions: Record<string, string>, exits: Exits = {}): Block =>
  block(
    'branch',
    {
      conditions: Object.entries(expressions).map(
        ([id, expression]): Condition => ({ id, label: id, when: { kind: 'expression', expression } }),
      ),
    },
    exits,
  )

export const adele = { id: 'b1f5a3d2-7c1e-4b8e-9a55-0c1d2e3f4a5b', name: 'Adele Vance' }

export const transfer = (exits: Exits = {}, announcement = ''): Block =>
  block('transferToPerson', { person: adele, announcement }, exits)

export const hangUp = (prompt = ''): Block => block('hangUp', { prompt, reason: '' })

/** A flow that begins with these blocks, the first one first. Variables: `entry` (digits), `n` (number), `t` (text). */
export function draw(blocks: Record<string, Block>, rest: Partial<Omit<Flow, 'blocks'>> = {}): Flow {
  const first = Object.keys(blocks)[0]
  return {
    schemaVersion,
    name: 'Test',
    language: 'en-US',
    start: 'incoming',
    onHangUp: null,
    onError: null,
    apology: 'Sorry.',
    variables: {
      entry: { type: 'digits', initial: '' },
      n: { type: 'number', initial: 0 },
      t: { type: 'text', initial: '' },
    },
    ...rest,
    blocks: { incoming: block('incomingCall', {}, first === undefined ? {} : { next: first }), ...blocks },
  }
}

/** The same, but it rings until a block answers, rejects or redirects. */
export function rings(
  blocks: Record<string, Block>,
  rest: Partial<Omit<Flow, 'blocks'>> = {},
  late: 'answer' | 'reject' = 'answer',
) {
  const flow = draw(blocks, rest)
  const exits = flow.blocks.incoming?.exits ?? {}
  return { ...flow, blocks: { ...flow.blocks, incoming: block('incomingCall', { answers: false, late }, exits) } }
}

/** A call that answers nothing by itself: each event gives back the commands that it led to. */
export function silentCall(flow: Flow, options?: ProgramOptions) {
  const program = compile(flow, options)
  const nobody = { id: '', name: '', phone: '' }
  let state = begin(program, { caller: nobody, called: nobody })
  return {
    program,
    get state() {
      return state
    },
    tell(event: FlowEvent): readonly Command[] {
      const result = step(program, state, event, 0)
      state = result.state
      return result.commands
    },
  }
}
