import type { KeyUsage } from '@app/contract';
import { formatMoney } from '../../api/format-money.ts';
import { formatCount } from '../../ui/format.ts';
import { Skeleton } from '../../ui/page-status.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';

export type UsageByKey = ReadonlyMap<string, KeyUsage>;

/** Requests over the last seven days as a line, with their number, cost and failures. */
export function KeyUse({ usage, keyId }: { usage: UsageByKey | undefined; keyId: string }) {
  if (usage === undefined) return <Skeleton className="h-6 w-40" />;
  const use = usage.get(keyId);
  if (use === undefined || use.requests === 0) return <span className="text-faint text-xs">no calls</span>;
  return (
    <div className="flex items-center gap-3">
      <Sparkline
        values={use.series.requests}
        label={`${use.requests} requests in seven days, ${use.errors} failed`}
      />
      <p className="text-xs tabular-nums">
        {formatCount(use.requests)} calls, {formatMoney(use.cost)}
        {use.errors === 0 ? null : <span className="block text-warn">{formatCount(use.errors)} failed</span>}
      </p>
    </div>
  );
}
