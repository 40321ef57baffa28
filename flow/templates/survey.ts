import { newBlock, newFlow } from '../newFlow.ts'
import type { Table } from '../table.ts'
import { goodbye, say, type Template } from './template.ts'

const id = '5ee1b1d4-6f0e-4c34-9c39-0d5a3a1c7b21'

const answers: Table = {
  name: 'Survey answers',
  columns: [
    { id: 'satisfied', name: 'Satisfied (1 to 5)', type: 'number' },
    { id: 'helped', name: 'Quickly helped (1 to 5)', type: 'number' },
    { id: 'recommends', name: 'Recommends us', type: 'text' },
  ],
}

const scale = ['1', '2', '3', '4', '5']

/** Of which answer, and what comes after it. What is not answered leads on as well, so that the answers before it are kept. */
type Question = { name: string; prompt: string; variable: string; allowed: string[]; next: string; without: string }

const question = ({ name, prompt, variable, allowed, next, without }: Question, y: number) =>
  newBlock(
    'collectDigits',
    name,
    {
      ...{ prompt, variable, allowed },
      maxDigits: 1,
      format: 'list',
      noInputRetries: 1,
      invalidRetries: 1,
      noInputPrompt: 'I did not hear a key.',
      invalidPrompt: 'This key is not an answer.',
    },
    { collected: next, invalid: without, noInput: without },
    [0, y],
  )

/** Three questions by keypad; each caller's answers become a row of a table. */
export const survey: Template = {
  calendars: {},
  tables: { [id]: { table: answers, rows: [] } },
  values: {},
  flow: newFlow(
    'Survey',
    {
      incoming: newBlock('incomingCall', 'Survey number', {}, { next: 'intro' }, [0, 0]),
      intro: say('Introduction', 'Thank you for taking part. There are three short questions.', 'first', [0, 144]),
      first: question(
        {
          name: 'Satisfied?',
          prompt: 'How satisfied are you with us? Press a key from 1, not at all, to 5, very.',
          ...{ variable: 'satisfied', allowed: scale, next: 'second', without: 'bye' },
        },
        288,
      ),
      second: question(
        {
          name: 'Quickly helped?',
          prompt: 'Were you helped quickly? Press a key from 1, not at all, to 5, very.',
          ...{ variable: 'helped', allowed: scale, next: 'third', without: 'keep' },
        },
        536,
      ),
      third: question(
        {
          name: 'Recommends us?',
          prompt: 'Would you recommend us to others? For yes, press 1. For no, press 2.',
          ...{ variable: 'recommends', allowed: ['1', '2'], next: 'keep', without: 'keep' },
        },
        784,
      ),
      keep: newBlock(
        'tableUpdate',
        'Keep the answers',
        {
          table: { id, name: answers.name },
          cells: [
            { column: 'satisfied', value: 'satisfied' },
            { column: 'helped', value: 'helped' },
            { column: 'recommends', value: 'recommends == "1" ? "yes" : recommends == "2" ? "no" : ""' },
          ],
        },
        { done: 'thanks', error: 'lost' },
        [1, 536],
      ),
      bye: goodbye('No answers', 'Thank you for calling. Goodbye.', [1, 288]),
      thanks: goodbye('Thanks', 'Thank you. Your answers help us. Goodbye.', [2, 464]),
      lost: goodbye('Not kept', 'I am sorry, your answers could not be kept. Goodbye.', [2, 608]),
    },
    {
      satisfied: { type: 'digits', initial: '' },
      helped: { type: 'digits', initial: '' },
      recommends: { type: 'digits', initial: '' },
    },
  ),
}
