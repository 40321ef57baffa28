import { counted } from './counted.ts'
import { inLanguage } from './languages.ts'

declare module './translation.ts' {
  interface English {
    settings: typeof settings
  }
}

/** Words for the secrets and values that flows name and do not hold. */
const settings = {
  title: 'Values and secrets',
  text: 'Flows name these and do not hold them: a flow that is exported takes none along, and each place has its own.',
  add: 'Add',
  columns: { name: 'Name', value: 'Value', usedIn: 'Used in', changed: 'Changed', actions: 'Actions' },
  kinds: { value: 'Value', secret: 'Secret' },
  hidden: 'Set, and never shown',
  goesTo: (hosts: string) => `Sent only to ${hosts}`,
  goesNowhere: 'Sent nowhere yet: no host is allowed.',
  fixed: 'Set by the server',
  nowhere: 'Nowhere yet',
  by: (by: string) => `by ${by}`,
  none: {
    title: 'Nothing is set yet',
    text: 'An HTTP request signs in with a secret by its name, and its address may begin with a value: ${env.crmUrl}.',
  },
  missing: {
    title: 'Named by flows, and not here',
    secret: (name: string, flows: string) => `The secret ${name}, in ${flows}`,
    value: (name: string, flows: string) => `The value ${name}, in ${flows}`,
    set: (name: string) => `Set ${name}`,
  },
  noKey: 'Secrets cannot be kept here: DATA_KEY is not set for this server. Values can.',
  replace: (name: string) => `Replace ${name}`,
  replaceShort: 'Replace',
  remove: (name: string) => `Delete ${name}`,
  form: {
    title: 'Add a value or a secret',
    titleOf: (name: string) => `Set ${name}`,
    kind: 'Kind',
    kindHint: { value: 'Everybody who draws flows can read it.', secret: 'Nobody can read it again, also you.' },
    name: 'Name',
    nameHint: 'Letters, digits and _, beginning with a letter.',
    text: 'What it is',
    textStays: 'Leave it empty to keep the secret, and change only its hosts.',
    hosts: 'Hosts it may be sent to',
    hostsHint: 'With commas between. A request to any other host is not made.',
    notHosts: 'Hosts only, such as crm.example.com or crm.example.com:8443.',
    submit: 'Save',
    cancel: 'Cancel',
  },
  removing: {
    title: (name: string) => `Delete ${name}?`,
    text: (flows: number) =>
      flows === 0
        ? 'No draft names it.'
        : `${counted(flows, 'flow names', 'flows name')} it. Their requests fail from the next call on.`,
    submit: 'Delete',
    cancel: 'Cancel',
  },
  saved: (name: string) => `${name} is set. Calls use it from now on.`,
  removed: (name: string) => `${name} is deleted.`,
}

export const settingsMessages = inLanguage('settings', settings)
