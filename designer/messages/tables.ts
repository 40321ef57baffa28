import { counted } from './counted.ts'
import { inLanguage } from './languages.ts'

declare module './translation.ts' {
  interface English {
    tables: typeof tables
  }
}

const cell = (row: number, column: string, what: string) => `Row ${row}, ${column}: ${what}`

/** Words for the page on which tables are edited. */
const tables = {
  find: 'Find a table',
  choose: 'Tables',
  make: 'New table',
  newName: 'New table',
  newColumns: { name: 'Name', phone: 'Phone' },
  none: {
    title: 'No tables yet',
    text: 'Numbers, messages, switches, who is on call: what changes more often than flows stands in tables. Calls follow a change at once.',
  },
  noHits: (words: string) => `No table is called “${words}”.`,
  rows: (count: number) => counted(count, 'row', 'rows'),
  name: 'Name',
  follow: (count: number) =>
    count === 0
      ? 'No flow uses this table yet'
      : `The next call follows a saved change, in ${counted(count, 'flow', 'flows')}`,
  written: (flow: string) => `Written by “${flow}”, read only`,
  changes: (count: number) => `${counted(count, 'change', 'changes')}, not saved yet`,
  toMend: (changes: number, count: number) => `${counted(changes, 'change', 'changes')}, ${count} to mend`,
  saved: 'Saved. The next call follows it.',
  save: 'Save',
  discard: 'Discard',
  undo: 'Undo',
  remove: 'Delete this table',
  removing: {
    title: (name: string) => `Delete “${name}”?`,
    text: 'Its rows and their history go with it. This cannot be undone.',
    submit: 'Delete',
    cancel: 'Cancel',
  },
  changedMeanwhile: (by: string) => `${by || 'A call'} has changed this table in the meantime.`,
  loadTheirs: 'Load theirs',

  headline: {
    today: (who: string) => `Today: ${who}.`,
    until: (who: string, day: string) => `Today: ${who}. Until ${day}.`,
    nobody: 'No row holds today.',
    on: (count: number, names: string) => `${counted(count, 'switch', 'switches')} on: ${names}`,
    off: 'No switch is on.',
  },

  grid: {
    find: (count: number) => `Find in ${counted(count, 'row', 'rows')}`,
    add: 'Add a row',
    removeRow: (row: number) => `Delete row ${row}`,
    more: 'Show more rows',
    actions: 'Delete',
    on: 'On',
    off: 'Off',
    empty: 'Empty',
    changed: 'changed, not saved yet',
    hint: 'Enter edits a cell, Tab goes on, Ctrl+V pastes rows from a spreadsheet. A bar at the left of a cell: changed, not saved yet.',
    noRows: 'No rows yet.',
    full: (most: number) => `A table has at most ${most} rows.`,
    use: (fix: string) => `Use ${fix}`,
    remove: 'Empty the cell',
  },

  faults: {
    noNumber: (row: number, column: string) => cell(row, column, 'this is no number. Decimals have a point.'),
    countryMissing: (row: number, column: string) => cell(row, column, 'the country is missing, so it cannot be rung.'),
    noPhone: (row: number, column: string) => cell(row, column, 'this is no phone number, as +49 30 5550 0142.'),
    noDay: (row: number, column: string) =>
      cell(row, column, 'this is no day, or it could be two. Write it as 2026-12-31.'),
    noPerson: (row: number, column: string) =>
      cell(row, column, 'the object id is missing. Write the name, then the id in angle brackets.'),
    noSwitch: (row: number, column: string) => cell(row, column, 'this is neither on nor off.'),
    tooLong: (row: number, column: string) => cell(row, column, 'this is longer than 1,000 characters.'),
  },

  file: {
    import: 'Import CSV',
    export: 'Export CSV',
    title: 'Import a CSV file',
    choose: 'Choose a file',
    how: 'The first line names the columns. A line changes the row with the same first column; all others stay as they are.',
    what: (added: number, changed: number) => `${added} new, ${changed} changed`,
    unread: (rows: readonly number[]) =>
      `${rows.length} cannot be read: row ${rows.slice(0, 10).join(', ')}${rows.length > 10 ? ', …' : ''}`,
    unknown: (names: readonly string[]) => `No column is called ${names.map((name) => `“${name}”`).join(', ')}.`,
    tooMany: (count: number) => `${counted(count, 'row has', 'rows have')} no room.`,
    nothing: 'Nothing would change.',
    take: 'Take it over',
    cancel: 'Cancel',
    taken: 'Taken over, not saved yet.',
  },

  beside: 'About this table',
  tabs: { history: 'History', uses: 'Used by', columns: 'Columns' },
  history: {
    unsaved: 'Not saved yet',
    you: 'You',
    call: 'A call',
    none: 'Nothing was changed yet.',
    added: 'added',
    removed: 'deleted',
    empty: 'Empty',
    many: (count: number, what: string) => `${counted(count, 'row', 'rows')} ${what}`,
    back: 'Go back to this',
    backDone: 'As it was then, not saved yet.',
  },
  used: {
    none: 'No flow speaks of this table.',
    live: 'in what callers hear',
    draft: 'in its draft',
    both: 'in what callers hear, and in its draft',
    writes: 'writes rows',
  },
  columns: {
    name: (n: number) => `Name of column ${n}`,
    type: (n: number) => `Type of column ${n}`,
    remove: (name: string) => `Remove column ${name}`,
    add: 'Add a column',
    newName: 'Column',
    types: { text: 'Text', number: 'Number', phone: 'Phone', day: 'Day', person: 'Person', switch: 'Switch' },
    wrong: 'Each column needs a name of its own.',
  },
}

export const tablesMessages = inLanguage('tables', tables)
