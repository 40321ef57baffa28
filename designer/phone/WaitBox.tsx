import type { Flow } from '#flow/flow.ts'
import { phoneMessages as words } from '../messages/phone.ts'
import { afterWords } from './phoneWords.ts'
import type { Wait } from './waiting.ts'

/** What the flow waits for, how long still, and what comes then. */
export function WaitBox({ wait, flow, now }: { wait: Wait; flow: Flow; now: number }) {
  const left = Math.max(0, Math.min(wait.ms, wait.from + wait.ms - now))
  return (
    <div className="phone-wait">
      <p className="strong row">
        {wait.for === 'key' ? words.waiting : words.waitingDigits}
        <span className="space" />
        <span className="figures">{words.left(Math.ceil(left / 1000))}</span>
      </p>
      <div className="phone-meter">
        <span style={{ width: `${(left / wait.ms) * 100}%` }} />
      </div>
      <p className="small">{afterWords(wait, flow)}</p>
    </div>
  )
}
