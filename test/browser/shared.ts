import type { TestProject } from 'vitest/node'
import { browserIsHere } from './browser.ts'
import { npmStart, type Place } from './npmStart.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    product: Place
  }
}

/** One product for all files that do not mind each other. It is the first to start: those of single files find everything built. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!browserIsHere) return undefined
  const { place, close } = await npmStart()
  project.provide('product', place)
  return close
}
