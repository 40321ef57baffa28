import type { Activity } from './activity.ts'

/** A way to answer in chat. What stands behind it can be replaced: Bot Framework is at the end of its support. */
export interface ChatAdapter {
  /** Answers one activity that has passed the gate. */
  handle(activity: Activity): Promise<void>
}

/** What the bot says to an activity, as texts; none to most. */
export type Answer = (activity: Activity) => Promise<string[]>
