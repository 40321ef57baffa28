import { Button, useRestoreFocusTarget } from '@fluentui/react-components'
import { Icon } from '../icons.tsx'
import { MenuButton } from '../MenuButton.tsx'
import { versionsMessages as words } from '../messages/versions.ts'
import { addresses } from '../shell/api.ts'
import { whenOf } from '../shell/words.ts'
import type { FlowVersions, VersionItem } from '../wire.ts'
import type { VersionActions } from './useVersionActions.ts'

type Props = { flowId: string; list: FlowVersions; heard: number; actions: VersionActions }

/** The published versions as rows, the latest first; on a phone each is a card. */
export function VersionTable({ flowId, list, heard, actions }: Props) {
  const { version, published, note } = words.columns
  return (
    <div className="card">
      <table className="list versions-table">
        <thead>
          <tr>
            <th style={{ width: '34%' }}>{version}</th>
            <th style={{ width: '20%' }}>{published}</th>
            <th>{note}</th>
            <th style={{ width: 160 }}>
              <span className="unseen">{words.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.versions.map((item) => (
            <Row
              key={item.number}
              flowId={flowId}
              item={item}
              answers={item.number === heard ? list.answers : null}
              actions={actions}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

type RowProps = {
  flowId: string
  item: VersionItem
  /** What it answers; null unless callers hear it. */
  answers: string[] | null
  actions: VersionActions
}

function Row({ flowId, item, answers, actions }: RowProps) {
  const takesFocusBack = useRestoreFocusTarget()
  const name = words.name(item.number)
  const { id, number } = item
  return (
    <tr>
      <td>
        <div className="words versions-name">
          <a className="strong" href={`/flows/${flowId}/versions/${number}`}>
            {name}
          </a>
          {answers && <Heard answers={answers} />}
        </div>
        {answers && answers.length > 0 && <div className="small quiet">{answersWords(answers)}</div>}
        {item.liveCalls > 0 && <div className="small quiet">{words.live(item.liveCalls)}</div>}
      </td>
      <td>
        {whenOf(item.at)}
        <div className="small quiet cut">{words.by(item.by)}</div>
      </td>
      <td>{item.note === '' ? <span className="quiet">{words.noNote}</span> : item.note}</td>
      <td>
        <div className="versions-actions">
          {!answers && (
            <Button
              {...takesFocusBack}
              aria-label={words.rollBack.action(number)}
              onClick={() => actions.askRollBack({ id, number })}
            >
              {words.rollBack.short}
            </Button>
          )}
          <MenuButton
            title={words.actionsOf(name)}
            choices={[
              { icon: 'history', label: words.restore.action, act: () => actions.askRestore({ id, number }) },
              {
                icon: 'upload',
                label: words.exported,
                act: () => window.location.assign(addresses.file(flowId, { version: String(number) })),
              },
            ]}
          />
        </div>
      </td>
    </tr>
  )
}

/** What nobody can dial is not heard, though it is the latest. */
const Heard = ({ answers }: { answers: string[] }) =>
  answers.length === 0 ? (
    <span className="quiet">{words.heardByNobody}</span>
  ) : (
    <span className="mark fine">
      <Icon name="okCircle" size={16} />
      <span className="strong">{words.heard}</span>
    </span>
  )

const answersWords = (answers: string[]): string =>
  words.heardBy(answers.map((called) => (called === 'default' ? words.everythingElse : called)))
