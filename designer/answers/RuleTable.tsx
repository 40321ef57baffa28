import { isDefault, verdictOf } from '#flow/routing.ts'
import { Icon, type IconName } from '../icons.tsx'
import { MenuButton } from '../MenuButton.tsx'
import { answersMessages as words } from '../messages/answers.ts'
import { IconButton } from '../shell/IconButton.tsx'
import type { RouteItem } from '../wire.ts'
import { calledHint, calledWords, callerWords, type Hours, whenWords } from './ruleWords.ts'
import type { Asked } from './useAnswers.ts'

type Props = {
  rules: readonly RouteItem[]
  hours: Hours
  now: number
  onAsk(asked: Asked): void
  onMove(id: string, by: 1 | -1): void
}

/** The rules in their order, and last what happens otherwise; on a phone each is a card. */
export function RuleTable(props: Props) {
  const { rules } = props
  const { called, when, flow, now, actions } = words.columns
  return (
    <div className="card">
      <table className="list answers-table">
        <thead>
          <tr>
            <th style={{ width: '30%' }}>{called}</th>
            <th style={{ width: '24%' }}>{when}</th>
            <th>{flow}</th>
            <th style={{ width: 72 }}>{now}</th>
            <th style={{ width: 136 }}>
              <span className="unseen">{actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule, n) => (
            <Row key={rule.id} {...props} rule={rule} n={n} />
          ))}
          {!rules.some(isDefault) && <Nobody onAsk={props.onAsk} />}
        </tbody>
      </table>
    </div>
  )
}

function Row({ rule, n, rules, hours, now, onAsk, onMove }: Props & { rule: RouteItem; n: number }) {
  const last = rules.filter((one) => !isDefault(one)).length - 1
  const line = words.line(n + 1)
  return (
    <tr>
      <td>
        <Called icon={iconOf(rule)} name={calledWords(rule)} hint={calledHint(rule)} />
      </td>
      <td>
        {whenWords(rule, hours)}
        <div className="small quiet">{callerWords(rule)}</div>
      </td>
      <td>
        <a className="strong" href={`/flows/${rule.flowId}`}>
          {rule.flow}
        </a>
        <div className="small quiet">{words.version(rule.version)}</div>
      </td>
      <td>
        <Now holds={holdsNow(rule, hours, now)} />
      </td>
      <td>
        <div className="answers-actions">
          {!isDefault(rule) && (
            <>
              <IconButton
                icon="chevronUp"
                title={words.up(line)}
                disabledFocusable={n === 0}
                onClick={() => onMove(rule.id, -1)}
              />
              <IconButton
                icon="chevronDown"
                title={words.down(line)}
                disabledFocusable={n === last}
                onClick={() => onMove(rule.id, 1)}
              />
            </>
          )}
          <MenuButton
            title={words.actionsOf(isDefault(rule) ? words.everythingElse : line)}
            choices={[
              { icon: 'pencil', label: words.edit, act: () => onAsk({ what: 'edit', rule, line }) },
              { icon: 'trash', label: words.remove, act: () => onAsk({ what: 'remove', rule, line }) },
            ]}
          />
        </div>
      </td>
    </tr>
  )
}

const iconOf = (rule: RouteItem): IconName =>
  rule.called === null ? 'skip' : rule.called.startsWith('+') ? 'phone' : 'person'

/** Whether a rule is for a call of this moment, whoever calls. */
const holdsNow = (rule: RouteItem, hours: Hours, at: number): boolean =>
  verdictOf(
    { ...rule, called: null, caller: null },
    { dialled: [], caller: { id: '', phone: '' }, at },
    hours.get(rule.when?.calendarId ?? ''),
  ) === 'fits'

const Called = ({ icon, name, hint }: { icon: IconName; name: string; hint: string }) => (
  <div className="row answers-called">
    <span className="name-icon">
      <Icon name={icon} />
    </span>
    <div className="answers-name">
      <span className="strong">{name}</span>
      <div className="small quiet">{hint}</div>
    </div>
  </div>
)

const Now = ({ holds }: { holds: boolean }) => (
  <span className="row">
    <span className={holds ? 'answers-dot answers-holds' : 'answers-dot'} />
    {holds ? words.yes : words.no}
  </span>
)

const Nobody = ({ onAsk }: Pick<Props, 'onAsk'>) => (
  <tr>
    <td>
      <Called icon="skip" name={words.everythingElse} hint={words.everythingElseHint} />
    </td>
    <td>{words.always}</td>
    <td>
      <span className="caution row">
        <Icon name="warn" size={16} />
        <span className="strong">{words.nobody}</span>
      </span>
      <div className="small quiet">{words.nobodyHint}</div>
    </td>
    <td />
    <td>
      <div className="answers-actions">
        <MenuButton
          title={words.actionsOf(words.everythingElse)}
          choices={[{ icon: 'pencil', label: words.gap.fix, act: () => onAsk({ what: 'default' }) }]}
        />
      </div>
    </td>
  </tr>
)
