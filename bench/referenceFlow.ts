import { draw, hangUp, menu, say } from '#flow/testing/draw.ts'

/** What the reference flow says, by the names that the shared bench has for it. */
export const promptTexts = {
  greet: 'Welcome to Contoso.',
  menu: 'For sales, press 1. For support, press 2. For directions, press 3.',
  'menu-retry': 'This key is not in use.',
  'branch-1': 'Sales is here from eight to five.',
  'branch-2': 'Support is here from nine to six.',
  'branch-3': 'You find us at 1 Harbour Street.',
}

const branch = (key: '1' | '2' | '3') => say(promptTexts[`branch-${key}`], { done: 'bye' })

/**
 * The flow that all engines of the shared bench run: greet, a menu of three keys with one retry, a branch, hang up.
 * Seven Graph requests, if the caller presses one wrong key and then a right one, each after the prompt.
 */
export const referenceFlow = draw(
  {
    greet: say(promptTexts.greet, { done: 'menu' }),
    menu: menu(
      '123',
      { '1': 'branch1', '2': 'branch2', '3': 'branch3', noInput: 'bye', noMatch: 'bye' },
      { prompt: promptTexts.menu, waitSeconds: 20, noMatchRetries: 1, noMatchPrompt: promptTexts['menu-retry'] },
    ),
    branch1: branch('1'),
    branch2: branch('2'),
    branch3: branch('3'),
    bye: hangUp(),
  },
  { name: 'Reference', apology: '', variables: {} },
)
