import { callbackRequest } from './callbackRequest.ts'
import { emergencyMessage } from './emergencyMessage.ts'
import { openingHours } from './openingHours.ts'
import { phoneMenu } from './phoneMenu.ts'
import { survey } from './survey.ts'
import type { Template } from './template.ts'
import { ticketLookUp } from './ticketLookUp.ts'
import { voicemail } from './voicemail.ts'

/** Flows to begin with, in the order in which they are offered. Each can be published and called as it stands. */
export const templates = {
  phoneMenu,
  openingHours,
  voicemail,
  callbackRequest,
  ticketLookUp,
  survey,
  emergencyMessage,
} as const satisfies Readonly<Record<string, Template>>

export type TemplateId = keyof typeof templates

export const templateIds = Object.keys(templates) as TemplateId[] // its keys are those ids
