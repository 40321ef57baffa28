import { teamNumbers } from './template.ts'

/** Two templates ring the same people: whoever makes both sets their number once. */
export const frontDesk = teamNumbers('5ee1b1d4-6f0e-4c34-9c39-0d5a3a1c7b02', 'Front desk numbers', ['Front desk'])
export const frontDeskTeam = '"Front desk"'
