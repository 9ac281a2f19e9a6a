import type { Money, TraceSummary } from '@app/contract';
import { formatMoney } from '../../api/format-money.ts';

/** A cost and how sure it is. */
export function Cost({ cost, label }: { cost: Money; label: TraceSummary['cost_label'] }) {
  if (label === 'unknown')
    return (
      <span title="The price of this model is not known" className="text-soft">
        unknown
      </span>
    );
  if (label === 'sandbox')
    return (
      <span title="Answered by the sandbox" className="text-soft">
        free
      </span>
    );
  const exact = `$${cost.usd}`;
  if (label === 'estimated') return <span title={`${exact}, estimated`}>≈ {formatMoney(cost)}</span>;
  return <span title={exact}>{formatMoney(cost)}</span>;
}
