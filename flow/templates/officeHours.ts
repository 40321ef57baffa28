import type { Calendar } from '../calendar.ts'

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

/** Two templates ask for the same hours: whoever makes both sets them once. */
export const officeHours = { calendars: { [id]: hours }, choice: { id, name: hours.name } }
