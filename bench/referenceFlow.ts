import { type Flow, readFlow, schemaVersion } from '#flow/flow.ts'

/** What the reference flow says, by the names that the shared bench has for it. */
export const promptTexts = {
  greet: 'Welcome to Contoso.',
  menu: 'For sales, press 1. For support, press 2. For directions, press 3.',
  'menu-retry': 'This key is not in use.',
  'branch-1': 'Sales is here from eight to five.',
  'branch-2': 'Support is here from nine to six.',
  'branch-3': 'You find us at 1 Harbour Street.',
}

/** The keys of the menu. */
const branchKeys = ['1', '2', '3'] as const

const nowhere = { x: 0, y: 0 }
const branch = (key: (typeof branchKeys)[number]) => ({
  type: 'play',
  name: `Branch ${key}`,
  settings: { prompts: [promptTexts[`branch-${key}`]] },
  exits: { done: 'bye' },
  position: nowhere,
})

/**
 * The flow that all engines of the shared bench run: greet, a menu of three keys with one retry, a branch, hang up.
 * Seven Graph requests, if the caller presses one wrong key and then a right one, each after the prompt.
 */
export const referenceFlow: Flow = readFlow({
  schemaVersion,
  name: 'Reference',
  language: 'en-US',
  start: 'in',
  onHangUp: null,
  onError: null,
  apology: '',
  variables: {},
  blocks: {
    in: { type: 'incomingCall', name: 'In', settings: {}, exits: { next: 'greet' }, position: nowhere },
    greet: {
      type: 'play',
      name: 'Greet',
      settings: { prompts: [promptTexts.greet] },
      exits: { done: 'menu' },
      position: nowhere,
    },
    menu: {
      type: 'menu',
      name: 'Menu',
      settings: {
        prompt: promptTexts.menu,
        options: branchKeys.map((key) => ({ key, label: '' })),
        waitSeconds: 20,
        noMatchRetries: 1,
        noMatchPrompt: promptTexts['menu-retry'],
      },
      exits: { '1': 'branch1', '2': 'branch2', '3': 'branch3', noInput: 'bye', noMatch: 'bye' },
      position: nowhere,
    },
    branch1: branch('1'),
    branch2: branch('2'),
    branch3: branch('3'),
    bye: { type: 'hangUp', name: 'Bye', settings: {}, exits: {}, position: nowhere },
  },
})
