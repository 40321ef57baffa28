import { newBlock, newFlow } from '../newFlow.ts'
import { frontDesk, frontDeskTeam } from './frontDesk.ts'
import { officeHours } from './officeHours.ts'
import { messageTaking, ringing, say, type Template, teamVariables } from './template.ts'

/** The front desk is rung while it is there; else callers hear when that is, or which holiday it is. */
export const openingHours: Template = {
  calendars: officeHours.calendars,
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
        { calendar: officeHours.choice, variable: 'reason' },
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
