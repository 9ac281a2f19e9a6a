import { formatMoney } from '../../api/format-money.ts';
import { formatCount } from '../../ui/format.ts';
import { Skeleton } from '../../ui/page-status.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import type { KeyRow } from './use-key-rows.ts';

/** Requests over the last seven days as a line, with their number, cost and failures. */
export function KeyUse({ usage }: Pick<KeyRow, 'usage'>) {
  if (usage === undefined) return <Skeleton className="h-6 w-40" />;
  if (usage === null) return <span className="text-faint text-xs">not known now</span>;
  if (usage.requests === 0) return <span className="text-faint text-xs">no calls</span>;
  return (
    <div className="flex items-center gap-3">
      <Sparkline
        values={usage.series.requests}
        label={`${usage.requests} requests in seven days, ${usage.errors} failed`}
      />
      <p className="text-xs tabular-nums">
        {formatCount(usage.requests)} {usage.requests === 1 ? 'call' : 'calls'}, {formatMoney(usage.cost)}
        {usage.errors === 0 ? null : (
          <span className="block text-warn">{formatCount(usage.errors)} failed</span>
        )}
      </p>
    </div>
  );
}
