import { draw, hangUp, say } from '#flow/testing/draw.ts'
import { later, node, record, type Tree } from './tree.ts'

/** A practice that says its hours and takes messages. */
export const practice: Tree = {
  flow: draw(
    {
      hours: say('You have reached the practice. We are there from Monday to Friday, from eight to twelve.', {
        done: 'record',
      }),
      record: record('Please leave a message after the tone.', { recorded: 'thanks', noAudio: 'bye' }),
      thanks: say('Thank you.', { done: 'bye' }),
      bye: hangUp('Goodbye.'),
    },
    { name: 'Practice', variables: {} },
  ),
  nodes: [
    node('Trigger', 'incoming next'),
    later('say hours', 'a German voice'),
    later('say bye', 'a German voice'),
    node('record message', 'record recorded', 'leave a message after the tone.'),
  ],
}
