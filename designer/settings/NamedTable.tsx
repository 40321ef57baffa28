import { Button } from '@fluentui/react-components'
import { settingsMessages as words } from '../messages/settings.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { whenOf } from '../shell/words.ts'
import type { NamedItem } from '../wire.ts'
import type { Given } from './NamedValueDialog.tsx'

type Props = { items: readonly NamedItem[]; onReplace(given: Given): void; onRemove(item: NamedItem): void }

/** All that is set, each with what it is, unless it is a secret, and the flows that name it. */
export function NamedTable({ items, onReplace, onRemove }: Props) {
  if (items.length === 0) {
    return (
      <div className="card notice">
        <h2>{words.none.title}</h2>
        <p>{words.none.text}</p>
      </div>
    )
  }
  const { name, value, usedIn, changed, actions } = words.columns
  return (
    <div className="card">
      <table className="list settings-table">
        <thead>
          <tr>
            <th style={{ width: '24%' }}>{name}</th>
            <th style={{ width: '28%' }}>{value}</th>
            <th>{usedIn}</th>
            <th style={{ width: '16%' }}>{changed}</th>
            <th style={{ width: 150 }}>
              <span className="unseen">{actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row key={`${item.kind} ${item.name}`} item={item} onReplace={onReplace} onRemove={onRemove} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ item, onReplace, onRemove }: { item: NamedItem } & Omit<Props, 'items'>) {
  const { name, kind, plain, hosts, fixed, updatedAt, updatedBy, usedIn } = item
  return (
    <tr>
      <td>
        <div className="strong cut">{name}</div>
        <div className="small quiet">{words.kinds[kind]}</div>
      </td>
      <td className="cut">
        {plain ?? <span className="quiet">{words.hidden}</span>}
        {kind === 'secret' && (
          <div className={hosts.length > 0 ? 'small' : 'small caution'}>
            {hosts.length > 0 ? words.goesTo(hosts.join(', ')) : words.goesNowhere}
          </div>
        )}
      </td>
      <td className="cut">
        {usedIn.length === 0 ? (
          <span className="quiet">{words.nowhere}</span>
        ) : (
          usedIn.map((flow, n) => (
            <span key={flow.id}>
              {n > 0 && ', '}
              <a href={`/flows/${flow.id}`}>{flow.name}</a>
            </span>
          ))
        )}
      </td>
      <td>
        {updatedAt !== null && <span>{whenOf(updatedAt)}</span>}
        <div className="small quiet cut">{fixed ? words.fixed : updatedBy !== null && words.by(updatedBy)}</div>
      </td>
      <td>
        {!fixed && (
          <div className="row settings-actions">
            <Button aria-label={words.replace(name)} onClick={() => onReplace({ name, kind, hosts })}>
              {words.replaceShort}
            </Button>
            <IconButton icon="trash" title={words.remove(name)} onClick={() => onRemove(item)} />
          </div>
        )}
      </td>
    </tr>
  )
}
