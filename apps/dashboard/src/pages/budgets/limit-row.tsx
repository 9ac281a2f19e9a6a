import type { Limit, LimitCount } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { BurnBar } from '../../ui/burn-bar.tsx';
import { Button } from '../../ui/button.tsx';
import { formatShare } from '../../ui/format.ts';
import { amountText, limitText } from './limit-text.ts';
import { scopeText } from './scope-text.ts';

type Props = {
  limit: Limit;
  keyNames: ReadonlyMap<string, string> | undefined;
  onEdit: () => void;
  onDelete: () => void;
};

/** One limit and how full its counts are; only the fullest where everybody has one. */
export function LimitRow({ limit, keyNames, onEdit, onDelete }: Props) {
  return (
    <li className="grid gap-x-6 gap-y-3 px-4 py-4 lg:grid-cols-[minmax(0,1fr)_20rem_auto] lg:px-5">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="truncate font-medium text-sm" title={limit.name}>
            {limit.name}
          </h2>
          {limit.enforcement === 'shadow' ? <Badge tone="warn">shadow: never blocks</Badge> : null}
          {limit.source === 'file' ? <Badge>from the configuration file</Badge> : null}
        </div>
        <p className="text-soft text-sm wrap-anywhere">
          {limitText(limit)} for {scopeText(limit.scope, keyNames)}
        </p>
      </div>
      <Counts limit={limit} />
      <div className="flex items-start gap-1">
        {limit.source === 'api' ? (
          <>
            <Button look="quiet" onClick={onEdit} aria-label={`Edit ${limit.name}`}>
              Edit
            </Button>
            <Button look="quiet" onClick={onDelete} aria-label={`Delete ${limit.name}`}>
              Delete
            </Button>
          </>
        ) : null}
      </div>
    </li>
  );
}

const SHOWN_MAX = 3;

function Counts({ limit }: { limit: Limit }) {
  if (limit.counts.length === 0) return <p className="text-faint text-xs">not used now</p>;
  return (
    <ul className="flex flex-col gap-2">
      {limit.counts.slice(0, SHOWN_MAX).map((count) => (
        <CountBar key={count.subject} limit={limit} count={count} />
      ))}
    </ul>
  );
}

function CountBar({ limit, count }: { limit: Limit; count: LimitCount }) {
  const share = count.used / Math.max(1, count.max);
  return (
    <li className="flex flex-col gap-1">
      <p className="flex justify-between gap-3 text-xs tabular-nums">
        <span className="truncate text-soft">
          {count.subject === '' ? amountText(limit.measure, count.used) : count.subject}
        </span>
        <span className="text-faint">{formatShare(share)}</span>
      </p>
      <BurnBar used={share} held={0} label={`${limit.name} ${count.subject}: ${formatShare(share)} used`} />
    </li>
  );
}
