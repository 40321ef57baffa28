'use client'
import dynamic from 'next/dynamic'
import { EmptyShell } from '#designer/shell/EmptyShell.tsx'

/**
 * The pages are drawn in the browser alone: what they look like depends on its theme and on Teams, which the server cannot
 * know. Until then there is an empty page in the right colours. Each is a bundle of its own.
 */
export const FlowsPage = dynamic(async () => (await import('#designer/flows/FlowsPage.tsx')).FlowsPage, {
  ssr: false,
  loading: EmptyShell,
})
export const CallsPage = dynamic(async () => (await import('#designer/calls/CallsPage.tsx')).CallsPage, {
  ssr: false,
  loading: EmptyShell,
})
export const DesignerPage = dynamic(async () => (await import('#designer/flows/DesignerPage.tsx')).DesignerPage, {
  ssr: false,
  loading: EmptyShell,
})
