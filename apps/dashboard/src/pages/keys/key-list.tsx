import type { Key } from '@app/contract';
import { Card } from '../../ui/card.tsx';
import { classNames } from '../../ui/class-names.ts';
import { useMedia } from '../../ui/use-media.ts';
import { When } from '../../ui/when.tsx';
import { type KeyAction, KeyActions } from './key-actions.tsx';
import { KeyLink } from './key-link.tsx';
import { KeyMay } from './key-may.tsx';
import { isOver } from './key-state.ts';
import { KeyStatus } from './key-status.tsx';
import { KeyUse } from './key-use.tsx';
import { type KeyRow, useKeyRows } from './use-key-rows.ts';

const columns = ['Name', 'Key', 'May do', 'Last 7 days', 'Last used', 'Status'];

type Act = (action: KeyAction, key: Key) => void;
type Props = { project: string; pages: readonly (readonly Key[])[]; onAct: Act };
type RowsProps = { rows: readonly KeyRow[]; onAct: Act };

/** A table on a wide screen, a list on a phone. */
export function KeyList({ project, pages, onAct }: Props) {
  const isWide = useMedia('(min-width: 64rem)');
  const rows = useKeyRows(project, pages);
  const Rows = isWide ? Table : List;
  return (
    <Card className="overflow-hidden">
      <Rows rows={rows} onAct={onAct} />
    </Card>
  );
}

function Table({ rows, onAct }: RowsProps) {
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="border-line border-b text-left text-faint text-xs">
          {columns.map((name) => (
            <th key={name} scope="col" className="whitespace-nowrap px-3 py-2.5 font-medium first:pl-5">
              {name}
            </th>
          ))}
          <th scope="col" className="py-2.5 pr-5 pl-3">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.key.id} row={row} onAct={onAct} />
        ))}
      </tbody>
    </table>
  );
}

function List({ rows, onAct }: RowsProps) {
  return (
    <ul className="divide-y divide-line">
      {rows.map((row) => (
        <Item key={row.key.id} row={row} onAct={onAct} />
      ))}
    </ul>
  );
}

type RowProps = { row: KeyRow; onAct: Act };

function Row({ row: { key, usage }, onAct }: RowProps) {
  return (
    <tr className={classNames('border-line border-b last:border-0', isOver(key) && 'text-faint')}>
      <td className="max-w-56 py-3 pr-3 pl-5">
        <KeyLink id={key.id} className="block truncate font-medium">
          <span title={key.name}>{key.name}</span>
        </KeyLink>
        <Belongs apiKey={key} />
      </td>
      <td className="whitespace-nowrap px-3 py-3">
        <Masked apiKey={key} />
      </td>
      <td className="max-w-52 px-3 py-3">
        <KeyMay apiKey={key} />
      </td>
      <td className="whitespace-nowrap px-3 py-3">
        <KeyUse usage={usage} />
      </td>
      <td className="whitespace-nowrap px-3 py-3 text-soft">
        {key.last_used_at === null ? 'never' : <When iso={key.last_used_at} />}
        <span className="block text-faint text-xs">{key.last_used_ip}</span>
      </td>
      <td className="w-28 px-3 py-3">
        <KeyStatus apiKey={key} />
      </td>
      <td className="py-3 pr-3 pl-1 text-right">
        <KeyActions apiKey={key} onAct={onAct} />
      </td>
    </tr>
  );
}

function Item({ row: { key, usage }, onAct }: RowProps) {
  return (
    <li className={classNames('flex flex-col gap-2.5 px-4 py-3.5 text-sm', isOver(key) && 'text-faint')}>
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <KeyLink id={key.id} className="block truncate font-medium">
            {key.name}
          </KeyLink>
          <Belongs apiKey={key} />
        </div>
        <div className="-my-1.5">
          <KeyActions apiKey={key} onAct={onAct} />
        </div>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <Masked apiKey={key} />
        <KeyStatus apiKey={key} />
      </div>
      <KeyMay apiKey={key} />
      <KeyUse usage={usage} />
      <p className="text-faint text-xs">
        created <When iso={key.created_at} />,{' '}
        {key.last_used_at === null ? (
          'never used'
        ) : (
          <>
            last used <When iso={key.last_used_at} />
          </>
        )}
      </p>
    </li>
  );
}

/** The environment goes without saying where it is the one of its mode. */
function Belongs({ apiKey: { environment, mode, owner, tags } }: { apiKey: Key }) {
  const isUsual = environment === (mode === 'live' ? 'production' : 'development');
  const words = [isUsual ? null : environment, owner, ...tags.map((tag) => `#${tag}`)];
  const text = words.filter((word) => word !== null && word !== '').join(' · ');
  if (text === '') return null;
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
