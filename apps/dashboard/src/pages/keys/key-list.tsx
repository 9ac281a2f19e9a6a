import type { Key } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { classNames } from '../../ui/class-names.ts';
import { formatRelative } from '../../ui/format.ts';
import { useMedia } from '../../ui/use-media.ts';

const columns = ['Name', 'Key', 'May do', 'Created', 'Last used', 'Expires'];

type Props = { rows: readonly Key[]; onRevoke: (key: Key) => void };

/** A table on a wide screen, a list on a phone. */
export function KeyList(props: Props) {
  const isWide = useMedia('(min-width: 64rem)');
  return <Card className="overflow-hidden">{isWide ? <Table {...props} /> : <List {...props} />}</Card>;
}

function Table({ rows, onRevoke }: Props) {
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="border-line border-b text-left text-faint text-xs">
          {columns.map((name) => (
            <th key={name} scope="col" className="px-3 py-2.5 font-medium first:pl-5">
              {name}
            </th>
          ))}
          <th scope="col" className="py-2.5 pr-5 pl-3">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((key) => (
          <Row key={key.id} apiKey={key} onRevoke={onRevoke} />
        ))}
      </tbody>
    </table>
  );
}

function List({ rows, onRevoke }: Props) {
  return (
    <ul className="divide-y divide-line">
      {rows.map((key) => (
        <Item key={key.id} apiKey={key} onRevoke={onRevoke} />
      ))}
    </ul>
  );
}

type RowProps = { apiKey: Key; onRevoke: (key: Key) => void };

function Row({ apiKey, onRevoke }: RowProps) {
  return (
    <tr className={classNames('border-line border-b last:border-0', isOver(apiKey) && 'text-faint')}>
      <td className="max-w-56 py-3 pr-3 pl-5">
        <p className="truncate font-medium" title={apiKey.name}>
          {apiKey.name}
        </p>
        <p className="truncate text-faint text-xs">{apiKey.environment}</p>
      </td>
      <td className="whitespace-nowrap px-3 py-3">
        <Masked apiKey={apiKey} />
      </td>
      <td className="px-3 py-3">
        <May apiKey={apiKey} />
      </td>
      <td className="whitespace-nowrap px-3 py-3 text-soft">
        <When iso={apiKey.created_at} otherwise="" />
      </td>
      <td className="whitespace-nowrap px-3 py-3 text-soft" title={apiKey.last_used_ip ?? undefined}>
        <When iso={apiKey.last_used_at} otherwise="never" />
      </td>
      <td className="whitespace-nowrap px-3 py-3 text-soft">
        <When iso={apiKey.expires_at} otherwise="never" />
      </td>
      <td className="py-3 pr-5 pl-3 text-right">
        <Revoke apiKey={apiKey} onRevoke={onRevoke} />
      </td>
    </tr>
  );
}

function Item({ apiKey, onRevoke }: RowProps) {
  return (
    <li className={classNames('flex flex-col gap-2 px-4 py-3.5 text-sm', isOver(apiKey) && 'text-faint')}>
      <div className="flex items-center gap-3">
        <p className="min-w-0 flex-1 truncate font-medium">{apiKey.name}</p>
        <Revoke apiKey={apiKey} onRevoke={onRevoke} />
      </div>
      <Masked apiKey={apiKey} />
      <May apiKey={apiKey} />
      <p className="text-faint text-xs">
        created <When iso={apiKey.created_at} otherwise="" />, last used{' '}
        <When iso={apiKey.last_used_at} otherwise="never" />
        {apiKey.expires_at === null ? null : (
          <>
            , expires <When iso={apiKey.expires_at} otherwise="" />
          </>
        )}
      </p>
    </li>
  );
}

function Masked({ apiKey }: { apiKey: Key }) {
  return (
    <code className="font-mono text-xs">
      {apiKey.prefix}…{apiKey.last_four}
    </code>
  );
}

function May({ apiKey }: { apiKey: Key }) {
  return (
    <span className="flex flex-wrap gap-1.5">
      <Badge tone={apiKey.mode === 'live' ? 'accent' : 'neutral'}>{apiKey.mode}</Badge>
      {apiKey.kind === 'ingest' ? <Badge>send traces</Badge> : null}
      {apiKey.kind === 'gateway' ? (
        <span title={apiKey.permissions.join(', ')}>
          <Badge>
            {apiKey.permissions.length === 1 ? '1 permission' : `${apiKey.permissions.length} permissions`}
          </Badge>
        </span>
      ) : null}
    </span>
  );
}

function When({ iso, otherwise }: { iso: string | null; otherwise: string }) {
  if (iso === null) return <>{otherwise}</>;
  return (
    <time dateTime={iso} title={new Date(iso).toLocaleString('en-GB')}>
      {formatRelative(iso)}
    </time>
  );
}

function Revoke({ apiKey, onRevoke }: RowProps) {
  if (apiKey.revoked_at !== null) return <Badge tone="bad">revoked</Badge>;
  if (isOver(apiKey)) return <Badge tone="warn">expired</Badge>;
  return (
    <Button look="danger" onClick={() => onRevoke(apiKey)} aria-label={`Revoke ${apiKey.name}`}>
      Revoke
    </Button>
  );
}

const isOver = (key: Key): boolean =>
  key.revoked_at !== null || (key.expires_at !== null && Date.parse(key.expires_at) <= Date.now());
