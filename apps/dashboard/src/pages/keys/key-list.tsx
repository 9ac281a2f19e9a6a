import type { Key } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { keyUsageQuery } from '../../api/keys.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { classNames } from '../../ui/class-names.ts';
import { formatRelative } from '../../ui/format.ts';
import { RowMenu } from '../../ui/row-menu.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { KeyUse, type UsageByKey } from './key-use.tsx';

const columns = ['Name', 'Key', 'May do', 'Last 7 days', 'Last used', 'Expires'];

export type KeyAction = 'rotate' | 'edit' | 'revoke';
type Props = { project: string; rows: readonly Key[]; onAct: (action: KeyAction, key: Key) => void };
type RowsProps = Omit<Props, 'project'> & { usage: UsageByKey | undefined };

/** A table on a wide screen, a list on a phone. */
export function KeyList({ project, rows, onAct }: Props) {
  const isWide = useMedia('(min-width: 64rem)');
  const ids = rows.slice(0, USAGE_KEYS_MAX).map(({ id }) => id);
  const { data: usage } = useQuery(keyUsageQuery(project, ids));
  const Rows = isWide ? Table : List;
  return (
    <Card className="overflow-hidden">
      <Rows rows={rows} usage={usage} onAct={onAct} />
    </Card>
  );
}

/** As many as the server answers for at once. */
const USAGE_KEYS_MAX = 200;

function Table({ rows, usage, onAct }: RowsProps) {
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
          <Row key={key.id} apiKey={key} usage={usage} onAct={onAct} />
        ))}
      </tbody>
    </table>
  );
}

function List({ rows, usage, onAct }: RowsProps) {
  return (
    <ul className="divide-y divide-line">
      {rows.map((key) => (
        <Item key={key.id} apiKey={key} usage={usage} onAct={onAct} />
      ))}
    </ul>
  );
}

type RowProps = { apiKey: Key } & Omit<RowsProps, 'rows'>;

function Row({ apiKey, usage, onAct }: RowProps) {
  return (
    <tr className={classNames('border-line border-b last:border-0', isOver(apiKey) && 'text-faint')}>
      <td className="max-w-56 py-3 pr-3 pl-5">
        <p className="truncate font-medium" title={apiKey.name}>
          {apiKey.name}
        </p>
        <Belongs apiKey={apiKey} />
      </td>
      <td className="whitespace-nowrap px-3 py-3">
        <Masked apiKey={apiKey} />
      </td>
      <td className="max-w-52 px-3 py-3">
        <May apiKey={apiKey} />
      </td>
      <td className="whitespace-nowrap px-3 py-3">
        <KeyUse usage={usage} keyId={apiKey.id} />
      </td>
      <td className="whitespace-nowrap px-3 py-3 text-soft" title={apiKey.last_used_ip ?? undefined}>
        <When iso={apiKey.last_used_at} otherwise="never" />
      </td>
      <td className="whitespace-nowrap px-3 py-3 text-soft">
        <When iso={apiKey.expires_at} otherwise="never" />
        {apiKey.replaced_by === null ? null : <p className="text-faint text-xs">replaced</p>}
      </td>
      <td className="py-3 pr-3 pl-1 text-right">
        <Actions apiKey={apiKey} onAct={onAct} />
      </td>
    </tr>
  );
}

function Item({ apiKey, usage, onAct }: RowProps) {
  return (
    <li className={classNames('flex flex-col gap-2 px-4 py-3.5 text-sm', isOver(apiKey) && 'text-faint')}>
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{apiKey.name}</p>
          <Belongs apiKey={apiKey} />
        </div>
        <Actions apiKey={apiKey} onAct={onAct} />
      </div>
      <Masked apiKey={apiKey} />
      <May apiKey={apiKey} />
      <KeyUse usage={usage} keyId={apiKey.id} />
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

function Belongs({ apiKey }: { apiKey: Key }) {
  const words = [apiKey.environment, apiKey.owner, ...apiKey.tags.map((tag) => `#${tag}`)];
  const text = words.filter((word) => word !== null && word !== '').join(' · ');
  return (
    <p className="truncate text-faint text-xs" title={text}>
      {text}
    </p>
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
  const { models, providers, ip_ranges: ranges, permissions } = apiKey;
  const bounds = [
    models === null ? undefined : { one: 'model', many: 'models', list: models },
    providers === null ? undefined : { one: 'provider', many: 'providers', list: providers },
    ranges === null ? undefined : { one: 'address range', many: 'address ranges', list: ranges },
  ].filter((bound) => bound !== undefined);
  return (
    <span className="flex flex-wrap gap-1.5">
      <Badge tone={apiKey.mode === 'live' ? 'accent' : 'neutral'}>{apiKey.mode}</Badge>
      {apiKey.kind === 'ingest' ? (
        <Badge>send traces</Badge>
      ) : (
        <span title={permissions.join(', ')}>
          <Badge>{permissions.length === 1 ? '1 permission' : `${permissions.length} permissions`}</Badge>
        </span>
      )}
      {bounds.map(({ one, many, list }) => (
        <span key={one} title={list.join(', ')}>
          <Badge>
            {list.length} {list.length === 1 ? one : many} only
          </Badge>
        </span>
      ))}
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

function Actions({ apiKey, onAct }: Omit<RowProps, 'usage'>) {
  if (apiKey.revoked_at !== null) return <Badge tone="bad">revoked</Badge>;
  if (isOver(apiKey)) return <Badge tone="warn">expired</Badge>;
  const rotate = { label: 'Rotate', run: () => onAct('rotate', apiKey) };
  return (
    <RowMenu
      label={`Actions for ${apiKey.name}`}
      actions={[
        ...(apiKey.replaced_by === null ? [rotate] : []),
        { label: 'Edit', run: () => onAct('edit', apiKey) },
        { label: 'Revoke', isDanger: true, run: () => onAct('revoke', apiKey) },
      ]}
    />
  );
}

const isOver = (key: Key): boolean =>
  key.revoked_at !== null || (key.expires_at !== null && Date.parse(key.expires_at) <= Date.now());
