import type { TraceSummary } from '@app/contract';
import { Card } from '../../ui/card.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import { TRACE_COLUMNS } from './trace-columns.tsx';
import { TraceItem } from './trace-item.tsx';
import { TraceRow } from './trace-row.tsx';
import type { ColumnName } from './use-columns.ts';
import { keyOfTrace } from './use-trace-list.ts';

type Props = {
  rows: readonly TraceSummary[];
  columns: readonly ColumnName[];
  openId: string | undefined;
  onModel: (model: string) => void;
};

const WIDE = '(min-width: 64rem)';
const ROW_PX = 41;
const ITEM_PX = 112;

/** A table on a wide screen, a list of cards on a phone; the same facts in the same order. */
export function TraceTable(props: Props) {
  const isWide = useMedia(WIDE);
  return <Card className="overflow-hidden">{isWide ? <Table {...props} /> : <List {...props} />}</Card>;
}

function Table({ rows, columns: chosen, openId, onModel }: Props) {
  const columns = TRACE_COLUMNS.filter(({ name }) => chosen.includes(name));
  const { place, items, beforePx, afterPx } = useVirtualRows<HTMLTableSectionElement>(
    rows.length,
    ROW_PX,
    (at) => keyAt(rows, at),
  );
  return (
    <table aria-rowcount={rows.length + 1} className="w-full table-fixed text-sm">
      <thead>
        <tr aria-rowindex={1} className="border-line border-b text-left text-faint text-xs">
          {columns.map(({ name, width, isNumber }) => (
            <th
              key={name}
              scope="col"
              className={`px-3 py-2.5 font-medium first:pl-5 last:pr-5 ${width} ${isNumber ? 'text-right' : ''}`}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={place}>
        <Gap px={beforePx} columnCount={columns.length} />
        {items.map(({ index, key }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <TraceRow
              key={key}
              row={row}
              columns={columns}
              at={index}
              isOpen={row.trace_id === openId}
              onModel={onModel}
            />
          );
        })}
        <Gap px={afterPx} columnCount={columns.length} />
      </tbody>
    </table>
  );
}

/** Stands for the rows that are not drawn. */
function Gap({ px, columnCount }: { px: number; columnCount: number }) {
  if (px <= 0) return null;
  return (
    <tr>
      <td colSpan={columnCount} style={{ height: px }} className="p-0" />
    </tr>
  );
}

function List({ rows }: Props) {
  const { place, items, beforePx, afterPx, measure } = useVirtualRows<HTMLUListElement>(
    rows.length,
    ITEM_PX,
    (at) => keyAt(rows, at),
  );
  return (
    <ul ref={place} style={{ paddingTop: beforePx, paddingBottom: afterPx }}>
      {items.map(({ index, key }) => {
        const row = rows[index];
        return row === undefined ? null : (
          <li key={key} ref={measure} data-index={index} className="border-line not-first:border-t">
            <TraceItem row={row} />
          </li>
        );
      })}
    </ul>
  );
}

function keyAt(rows: readonly TraceSummary[], at: number): string {
  const row = rows[at];
  return row === undefined ? String(at) : keyOfTrace(row);
}
