import type { Calendar } from '../calendar.ts'
import type { Block, Flow } from '../flow.ts'
import { newBlock } from '../newFlow.ts'
import type { Cells, Table } from '../table.ts'

/** A flow with what it speaks of and does not hold: calendars and tables by the ids that it has for them, and values of the environment. */
export type Template = {
  readonly flow: Flow
  readonly calendars: Readonly<Record<string, Calendar>>
  readonly tables: Readonly<Record<string, { readonly table: Table; readonly rows: readonly Cells[] }>>
  readonly values: Readonly<Record<string, string>>
}

type At = readonly [column: number, y: number]
type Exits = Block['exits']

/** A text. */
export const say = (name: string, text: string, next: string, at: At): Block =>
  newBlock('play', name, { prompts: [text] }, { done: next }, at)

/** The last words. */
export const goodbye = (name: string, text: string, at: At): Block => newBlock('hangUp', name, { prompt: text }, {}, at)

/** A number that people change without publishing: a table knows it. */
export type Team = { readonly tables: Template['tables']; readonly choice: { id: string; name: string } }

/** Whom teams are rung by, one number each. They are empty until somebody has set them: then callers leave a message. */
export const teamNumbers = (id: string, name: string, teams: readonly string[]): Team => ({
  choice: { id, name },
  tables: {
    [id]: {
      table: {
        name,
        columns: [
          { id: 'team', name: 'Team', type: 'text' },
          { id: 'number', name: 'Number', type: 'phone' },
        ],
      },
      rows: teams.map((team) => ({ team })),
    },
  },
})

export const teamVariables: Flow['variables'] = { number: { type: 'phone', initial: '' } }

/**
 * Looks up the number of a team (an expression) and rings it. `nobody` is for callers whom nobody takes, in two places: at the look-up,
 * and at the ringing.
 */
export const ringing = ({ choice }: Team, team: string, [column, y]: At): Flow['blocks'] => ({
  who: newBlock(
    'tableLookUp',
    'Number of the team',
    {
      table: choice,
      match: { kind: 'column', column: 'team', value: team },
      results: [{ column: 'number', variable: 'number' }],
    },
    { found: 'ring', notFound: 'nobody' },
    [column, y],
  ),
  ring: newBlock(
    'transferToNumber',
    'Ring the team',
    { number: '${number}', announcement: 'One moment, please. I am connecting you.' },
    { failed: 'nobody' },
    [column + 1, y],
  ),
  nobody: say('Nobody free', 'Nobody can take your call right now.', 'message', [column + 1, y + 216]),
})

/** Lets callers speak, and says whether that was heard. */
export const messageTaking = ([column, y]: At): Flow['blocks'] => ({
  message: recording({ recorded: 'thanks', noAudio: 'nothing' }, [column, y]),
  thanks: goodbye('Thanks', 'Thank you for your message. Goodbye.', [column + 1, y]),
  nothing: goodbye('Nothing heard', 'I did not hear anything. Please call again. Goodbye.', [column + 1, y + 144]),
})

export const recording = (exits: Exits, at: At): Block =>
  newBlock(
    'recordMessage',
    'Take a message',
    {
      prompt:
        'Please leave your name, your number and a message after the tone. Press the pound key when you are done.',
      maxSeconds: 120,
    },
    exits,
    at,
  )
