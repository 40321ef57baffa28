import { Button } from '@fluentui/react-components'
import { Icon } from '../icons.tsx'
import { MenuButton } from '../MenuButton.tsx'
import { callsMessages } from '../messages/calls.ts'
import { flowsMessages as words } from '../messages/flows.ts'
import { addresses } from '../shell/api.ts'
import { ProblemCounts } from '../shell/ProblemCounts.tsx'
import { numberWords, whenOf } from '../shell/words.ts'
import type { FlowListItem, FlowListQuery, Publishing } from '../wire.ts'

type Sort = NonNullable<FlowListQuery['sort']>
type Actions = {
  canCall: boolean
  publishings: ReadonlyMap<string, Publishing>
  onDelete: (flow: FlowListItem) => void
}
type Props = { flows: FlowListItem[]; sort: Sort; onSort(sort: Sort): void } & Actions

/** The flows as rows; on a phone each is a card. */
export function FlowTable({ flows, sort, onSort, ...actions }: Props) {
  const { flow, status, problems, lastCall, changed } = words.columns
  return (
    <div className="card flows-card">
      <table className="list flows-table">
        <thead>
          <tr>
            <th style={{ width: '27%' }} aria-sort={sort === 'name' ? 'ascending' : 'none'}>
              <SortButton name={flow} on={sort === 'name'} onClick={() => onSort('name')} />
            </th>
            <th style={{ width: '20%' }}>{status}</th>
            <th style={{ width: '19%' }}>{problems}</th>
            <th style={{ width: '16%' }}>{lastCall}</th>
            <th aria-sort={sort === 'changed' ? 'descending' : 'none'}>
              <SortButton name={changed} on={sort === 'changed'} onClick={() => onSort('changed')} />
            </th>
            <th style={{ width: 96 }}>
              <span className="unseen">{words.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {flows.map((item) => (
            <Row key={item.id} flow={item} {...actions} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SortButton({ name, on, onClick }: { name: string; on: boolean; onClick(): void }) {
  return (
    <button type="button" className="bare flows-sort" title={words.sortBy(name)} onClick={onClick}>
      {name}
      {on && <Icon name="chevronDown" size={12} />}
    </button>
  )
}

function Row({ flow, canCall, publishings, onDelete }: { flow: FlowListItem } & Actions) {
  return (
    <tr>
      <td>
        <div className="flows-name">
          <span className="name-icon">
            <Icon name="phone" />
          </span>
          <div className="cut">
            <a className="strong" href={`/flows/${flow.id}`}>
              {flow.name}
            </a>
            <div className="small quiet cut">{answersOf(flow)}</div>
          </div>
        </div>
      </td>
      <td>
        <Status flow={flow} publishing={publishings.get(flow.id) ?? null} />
      </td>
      <td>
        <Problems {...flow.problems} />
      </td>
      <td>
        <LastCall flow={flow} />
      </td>
      <td>
        <span className="whole">{whenOf(flow.updatedAt)}</span>
        <div className="small quiet cut">{flow.updatedBy}</div>
      </td>
      <td>
        <div className="flows-actions">
          {canCall && (
            <Button
              as="a"
              href={`/flows/${flow.id}?call`}
              appearance="subtle"
              icon={<Icon name="phone" />}
              title={words.test(flow.name)}
              aria-label={words.test(flow.name)}
            />
          )}
          <MenuButton
            title={words.actionsOf(flow.name)}
            choices={[
              {
                icon: 'history',
                label: words.versions,
                act: () => window.location.assign(`/flows/${flow.id}/versions`),
              },
              { icon: 'upload', label: words.exported, act: () => window.location.assign(addresses.file(flow.id)) },
              { icon: 'trash', label: words.remove, act: () => onDelete(flow) },
            ]}
          />
        </div>
      </td>
    </tr>
  )
}

function answersOf({ answers }: FlowListItem): string {
  const named = answers.filter((called) => called !== 'default')
  const [first] = named
  if (first === undefined) return answers.length > 0 ? words.answers.default : words.answers.none
  return first + (named.length > 1 ? words.answers.more(named.length - 1) : '')
}

type StatusProps = { flow: FlowListItem; publishing: Publishing | null }

function Status({ flow: { published, answers, changed }, publishing }: StatusProps) {
  const live = published !== null && answers.length > 0
  const word = live ? words.status.live : published ? words.status.published : words.status.draft
  return (
    <>
      <span className={`mark ${live ? 'fine' : 'quiet'}`}>
        <Icon name={published ? 'okCircle' : 'pencil'} size={16} />
        <span className="strong">{word}</span>
      </span>
      <div className="small quiet figures">
        {publishing
          ? progressOf(publishing)
          : published
            ? words.status.version(published.number, changed)
            : words.status.never}
      </div>
    </>
  )
}

const progressOf = ({ done, total }: Publishing): string =>
  total === 0 ? words.status.publishing : words.status.progress(numberWords(done), numberWords(total))

function Problems({ errors, warnings }: FlowListItem['problems']) {
  if (errors + warnings === 0) return <span className="quiet">{words.noProblems}</span>
  return (
    <span className="words">
      <ProblemCounts errors={errors} warnings={warnings} />
    </span>
  )
}

function LastCall({ flow: { lastCall, liveCalls } }: { flow: FlowListItem }) {
  if (liveCalls > 0) {
    return (
      <>
        <span className="mark">
          <span className="live-dot" />
          <span className="strong">{words.now}</span>
        </span>
        <div className="small quiet">{words.callers(liveCalls)}</div>
      </>
    )
  }
  if (!lastCall) return <span className="quiet">{words.notCalled}</span>
  return (
    <>
      {whenOf(lastCall.startedAt)}
      <div className="small quiet">{callsMessages.outcomes[lastCall.outcome ?? ''] ?? lastCall.outcome}</div>
    </>
  )
}
