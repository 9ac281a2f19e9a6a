import type { Limit, LimitCount } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { BurnBar } from '../../ui/burn-bar.tsx';
import { formatRelative, formatShare } from '../../ui/format.ts';
import { RowMenu } from '../../ui/row-menu.tsx';
import { subjectText } from './budget-text.ts';
import { amountText, limitText } from './limit-text.ts';
import { scopeText } from './scope-text.ts';

type Props = {
  limit: Limit;
  keyNames: ReadonlyMap<string, string> | undefined;
  mayWrite: boolean;
  onEdit: () => void;
  onDelete: () => void;
};

/** One limit and how full its counts are; only the fullest where everybody has one. */
export function LimitRow({ limit, keyNames, mayWrite, onEdit, onDelete }: Props) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_2.25rem] gap-x-4 gap-y-3 px-4 py-4 lg:grid-cols-[minmax(0,1fr)_24rem_2.25rem] lg:gap-x-8 lg:px-5">
      <div className="flex min-w-0 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <h2 className="min-w-0 truncate font-semibold text-sm" title={limit.name}>
            {limit.name}
          </h2>
          {limit.enforcement === 'shadow' ? <Badge tone="accent">only counts</Badge> : null}
          {limit.source === 'file' ? <Badge>configuration file</Badge> : null}
        </div>
        <p className="text-soft text-sm wrap-anywhere">
          {limitText(limit)} for {scopeText(limit.scope, keyNames)}
        </p>
      </div>
      <div className="-my-1.5 lg:order-3">
        {mayWrite && limit.source === 'api' ? (
          <RowMenu
            label={`Actions for ${limit.name}`}
            actions={[
              { label: 'Edit', run: onEdit },
              { label: 'Delete', isDanger: true, run: onDelete },
            ]}
          />
        ) : null}
      </div>
      <div className="col-span-2 min-w-0 lg:order-2 lg:col-span-1">
        <Counts limit={limit} keyNames={keyNames} />
      </div>
    </li>
  );
}

const SHOWN_MAX = 3;

function Counts({ limit, keyNames }: Pick<Props, 'limit' | 'keyNames'>) {
  if (limit.counts.length === 0) return <p className="text-faint text-sm">Not used now.</p>;
  return (
    <ul className="flex flex-col gap-3">
      {limit.counts.slice(0, SHOWN_MAX).map((count) => (
        <CountBar
          key={count.subject}
          limit={limit}
          count={count}
          whose={subjectText(count.subject, keyNames)}
        />
      ))}
    </ul>
  );
}

function CountBar({ limit, count, whose }: { limit: Limit; count: LimitCount; whose: string }) {
  const share = count.used / Math.max(1, count.max);
  // Minutes and hours drain evenly, so that only days and months have a moment at which they begin anew.
  const isWhole = limit.period === 'day' || limit.period === 'month';
  return (
    <li className="flex min-w-0 flex-col gap-1.5">
      <p className="flex items-baseline gap-x-3 text-sm tabular-nums">
        {whose === '' ? null : (
          <span className="min-w-0 truncate font-medium" title={count.subject}>
            {whose}
          </span>
        )}
        <span className="min-w-0 flex-1 truncate text-soft">{amountText(limit.measure, count.used)}</span>
        {isWhole && count.resets_at !== null ? (
          <span className="whitespace-nowrap text-faint text-xs">anew {formatRelative(count.resets_at)}</span>
        ) : null}
        <span className="text-faint text-xs">{formatShare(share)}</span>
      </p>
      <BurnBar
        used={share}
        held={0}
        label={`${whose === '' ? limit.name : whose}: ${formatShare(share)} used`}
      />
    </li>
  );
}
