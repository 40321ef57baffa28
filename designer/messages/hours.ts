import { counted } from './counted.ts'
import { inLanguage } from './languages.ts'

declare module './translation.ts' {
  interface English {
    hours: typeof hours
  }
}

/** Words for the page on which hours are edited, and for their state wherever they are chosen. */
const hours = {
  find: 'Find hours',
  choose: 'Hours',
  make: 'New hours',
  newName: 'New hours',
  none: {
    title: 'No hours yet',
    text: 'Opening hours are made once and used by many flows. Calls follow a change at once.',
  },
  noHits: (words: string) => `No hours are called “${words}”.`,
  name: 'Name',
  follow: (count: number) =>
    count === 0
      ? 'No flow uses these hours yet'
      : `Calls that come after saving follow them, in ${counted(count, 'flow', 'flows')}`,
  changes: (count: number) => `${counted(count, 'change', 'changes')}, not saved yet`,
  toMend: (count: number) => `${count} to mend`,
  saved: 'Saved. The next call follows it.',
  save: 'Save',
  discard: 'Discard',
  remove: 'Delete these hours',
  removing: {
    title: (name: string) => `Delete “${name}”?`,
    text: 'This cannot be undone.',
    submit: 'Delete',
    cancel: 'Cancel',
  },
  leave: 'Go on without saving? What was changed here is lost.',

  state: {
    openUntil: (moment: string) => `Open until ${moment}`,
    closedUntil: (moment: string) => `Closed until ${moment}`,
    closedFor: (name: string) => `Closed: ${name}`,
    until: (first: string, moment: string) => `${first}, until ${moment}`,
    always: 'Always open',
    closed: 'Closed',
    never: 'No day set, counts as closed',
    thenOpen: (moment: string) => `Opens ${moment}.`,
    thenClosed: (moment: string) => `Then closed until ${moment}.`,
    now: (day: string, place: string) => `It is ${day} in ${place}.`,
    holiday: (day: string, name: string) => `Closed on ${day}: ${name}.`,
    exit: (exit: string) => `Flows take the exit “${exit}”.`,
  },

  week: {
    title: 'Every week',
    days: {
      monday: 'Monday',
      tuesday: 'Tuesday',
      wednesday: 'Wednesday',
      thursday: 'Thursday',
      friday: 'Friday',
      saturday: 'Saturday',
      sunday: 'Sunday',
    },
    open: (day: string) => `${day}, open`,
    closed: 'Closed',
    from: (day: string) => `${day}, from`,
    to: (day: string) => `${day}, to`,
    and: 'and',
    addBreak: 'Add a break',
    addHours: (day: string) => `${day}, add hours`,
    removeBreak: (day: string) => `${day}, remove the last hours`,
    nextDay: 'the next day',
    copy: (day: string) => `Copy the hours of ${day} to the other open days`,
    copied: (day: string) => `All open days now have the hours of ${day}.`,
    wrongTime: 'A time of day, as 8:00 or 17:30; 24:00 is midnight',
    sameTime: 'It ends when it begins',
  },

  holidays: {
    title: 'Holidays',
    rule: 'The first that fits counts',
    add: 'Add a day',
    none: 'No holidays. The hours of the week count on every day.',
    columns: { from: 'First day', to: 'Last day', name: 'Name', hours: 'Open', source: 'From', actions: 'Actions' },
    closed: 'Closed',
    yours: 'Yours',
    file: 'File',
    yearly: 'Every year',
    openOn: 'Open for some hours',
    overlaps: 'overlaps',
    up: (name: string) => `Move ${name} up`,
    remove: (name: string) => `Remove ${name}`,
    wrongDay: 'A day that there is',
    endsBefore: 'It ends before it begins',
    longerThanYear: 'Longer than a year, and every year',
    nameMissing: 'It needs a name',
    public: 'Public holidays…',
    publicTitle: 'Add public holidays',
    country: 'Country',
    part: 'Part of it',
    wholeCountry: 'The whole country',
    addThem: 'Add them',
    cancel: 'Cancel',
    added: (count: number) => (count === 0 ? 'They are all there already.' : `${counted(count, 'day', 'days')} added.`),
    fromFile: 'From a calendar file (.ics)',
    left: (count: number) =>
      count === 0 ? '' : ` ${counted(count, 'entry is', 'entries are')} over or not of whole days, and left out.`,
    newName: 'New holiday',
  },

  forAWhile: {
    title: 'For a while',
    close: 'Close for a while…',
    open: 'Open for a while…',
    closedNow: (name: string) => (name === '' ? 'Closed' : `Closed: ${name}`),
    openNow: (name: string) => (name === '' ? 'Open' : `Open: ${name}`),
    span: (from: string, until: string) => `${from} – ${until}`,
    ends: (moment: string) => `Ends by itself ${moment}.`,
    over: 'Over.',
    why: 'Why (callers may hear it)',
    from: 'From',
    until: 'Until',
    submit: 'Put in',
    cancel: 'Cancel',
    remove: (name: string) => `Remove ${name}`,
    endsBefore: 'It must end after it begins.',
  },

  tryTime: { title: 'Try a time', day: 'Day', time: 'Time' },
  used: {
    title: 'Used by',
    none: 'No flow yet. Choose them in a block “Business hours”.',
    live: 'What callers hear',
    draft: 'Draft',
    both: 'What callers hear, and the draft',
  },
  zone: {
    title: 'Time zone',
    forward: (day: string) => `Clocks go forward on ${day}.`,
    back: (day: string) => `Clocks go back on ${day}.`,
    never: 'Clocks are not changed there.',
  },

  warnings: {
    title: 'To look at',
    neverOpen: { what: 'No day is set', why: 'It counts as closed: every caller is told so.' },
    holidaysOverlap: {
      what: (first: string, second: string) => `${first} lies on ${second}`,
      why: (day: string, first: string) => `On ${day} callers meet ${first}, because it stands higher in the list.`,
      fix: (second: string) => `${second} first`,
    },
    hoursOverlap: {
      what: (day: string) => `Hours of ${day} overlap`,
      why: 'Nothing is wrong for callers, but one of the times may be a slip.',
    },
    noHolidays: {
      what: (year: number) => `No holidays in ${year}`,
      why: 'Callers would be told on Christmas Day that you are open.',
      fix: (year: number) => `Add those of ${year}`,
    },
    nameLies: {
      what: (name: string) => `“${name}” says otherwise than the hours`,
      openOn: (day: string) => `It is open on ${day}.`,
      closedOn: (day: string) => `It is closed on ${day}.`,
      otherOn: (day: string) => `The hours of ${day} are others.`,
    },
  },
  changedMeanwhile: (by: string) => `${by} has saved these hours in the meantime.`,
  loadTheirs: 'Load theirs',
}

export const hoursMessages = inLanguage('hours', hours)
