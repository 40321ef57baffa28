import type { Calendar } from '../calendar.ts'
import { newBlock, newFlow } from '../newFlow.ts'
import { frontDesk, frontDeskTeam } from './frontDesk.ts'
import { messageTaking, ringing, say, type Template, teamVariables } from './template.ts'

const id = '5ee1b1d4-6f0e-4c34-9c39-0d5a3a1c7b11'
const day = [{ from: '08:00', to: '17:00' }]
const every = { yearly: true, hours: [], source: null }

/** Whoever makes a flow of it puts their own zone in. */
const hours: Calendar = {
  name: 'Opening hours',
  timeZone: 'UTC',
  week: { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day, saturday: [], sunday: [] },
  holidays: [
    { ...every, name: 'New Year', from: '2026-01-01', to: '2026-01-01' },
    { ...every, name: 'Christmas', from: '2026-12-25', to: '2026-12-26' },
  ],
  overrides: [],
}

/** The front desk is rung while it is there; else callers hear when that is, or which holiday it is. */
export const openingHours: Template = {
  calendars: { [id]: hours },
  tables: frontDesk.tables,
  values: {},
  flow: newFlow(
    'Opening hours',
    {
      incoming: newBlock('incomingCall', 'Main number', {}, { next: 'welcome' }, [0, 0]),
      welcome: say('Welcome', 'Hello, and thank you for calling.', 'hours', [0, 144]),
      hours: newBlock(
        'businessHours',
        'Open?',
        { calendar: { id, name: hours.name }, variable: 'reason' },
        { open: 'who', closed: 'closed', holiday: 'holiday' },
        [0, 288],
      ),
      ...ringing(frontDesk, frontDeskTeam, [1, 0]),
      closed: say(
        'Closed',
        'We are closed now. Our hours are Monday to Friday, from eight to five.',
        'message',
        [1, 360],
      ),
      holiday: say('Holiday', 'Today we are closed for ${reason}.', 'message', [1, 504]),
      ...messageTaking([2, 360]),
    },
    { ...teamVariables, reason: { type: 'text', initial: '' } },
  ),
}
