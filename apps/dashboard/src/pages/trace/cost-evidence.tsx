import type { SpanDetails } from '@app/contract';
import { formatMoney } from '../../api/format-money.ts';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Cost } from '../traces/cost.tsx';

const labels = {
  exact: 'exact: counted by the provider, at a known price',
  estimated: 'estimated',
  unknown: 'unknown: the model has no price here, or nobody said what it used',
  sandbox: 'free: answered by the sandbox',
} as const;

/** How the cost came about, so that it can be added up again by hand. */
export function CostEvidence({ span }: { span: SpanDetails }) {
  const { evidence } = span;
  return (
    <div className="flex flex-col gap-5">
      {evidence.note === null ? null : <Notice tone="info">{evidence.note}</Notice>}
      {evidence.lines.length === 0 ? null : <Lines span={span} />}
      <FactList title="What it rests on">
        <Fact name="Certainty">{labels[evidence.label]}</Fact>
        <Fact name="Priced by">{evidence.price_version === '' ? 'no price' : evidence.price_version}</Fact>
        {evidence.given === null ? null : <Fact name="Told by its sender">${evidence.given.usd}</Fact>}
      </FactList>
    </div>
  );
}

function Lines({ span: { evidence, cost, cost_label: label } }: { span: SpanDetails }) {
  return (
    <div className="overflow-x-auto rounded-xl border border-line bg-surface">
      <table className="w-full text-sm tabular-nums">
        <thead>
          <tr className="border-line border-b text-left text-faint text-xs">
            <th scope="col" className="px-4 py-2.5 font-medium">
              What
            </th>
            <th scope="col" className="px-4 py-2.5 text-right font-medium">
              Count
            </th>
            <th scope="col" className="px-4 py-2.5 text-right font-medium">
              Rate
            </th>
            <th scope="col" className="px-4 py-2.5 text-right font-medium">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {evidence.lines.map((line) => (
            <tr key={line.what} className="border-line border-t first:border-0">
              <td className="px-4 py-2">{line.what}</td>
              <td className="px-4 py-2 text-right">{line.count.toLocaleString('en-US')}</td>
              <td className="px-4 py-2 text-right text-soft">{line.rate}</td>
              <td className="px-4 py-2 text-right" title={`$${line.cost.usd}`}>
                {formatMoney(line.cost)}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-line border-t font-medium">
            <td className="px-4 py-2.5" colSpan={3}>
              Together
            </td>
            <td className="px-4 py-2.5 text-right">
              <Cost cost={cost} label={label} />
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
