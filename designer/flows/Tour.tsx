import { Button } from '@fluentui/react-components'
import { Icon } from '../icons.tsx'
import { flowsMessages } from '../messages/flows.ts'
import type { FlowListItem } from '../wire.ts'

const words = flowsMessages.tour

/** Three steps to a first call. */
export function Tour({ flow, canCall, onSkip }: { flow: FlowListItem; canCall: boolean; onSkip: () => void }) {
  const steps = [
    ...(canCall
      ? [
          {
            ...words.call,
            href: `/flows/${flow.id}?call`,
            button: words.call.button(flow.name),
            title: words.call.title(flow.name),
          },
        ]
      : []),
    { ...words.change, href: `/flows/${flow.id}`, button: words.change.button(flow.name) },
    { ...words.follow, href: '/calls' },
  ]
  return (
    <section className="card tour" aria-labelledby="tour">
      <div className="row">
        <h2 id="tour">{words.title}</h2>
        <span className="space" />
        <Button appearance="subtle" onClick={onSkip}>
          {words.skip}
        </Button>
      </div>
      <ol>
        {steps.map(({ title, text, href, button }, n) => (
          <li key={href}>
            <span className="tour-number" aria-hidden="true">
              {n + 1}
            </span>
            <div>
              <h3>{title}</h3>
              <p className="quiet">{text}</p>
              <Button
                as="a"
                href={href}
                appearance={n === 0 ? 'primary' : 'secondary'}
                {...(canCall && n === 0 && { icon: <Icon name="phone" /> })}
              >
                {button}
              </Button>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
