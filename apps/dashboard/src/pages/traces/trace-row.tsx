import type { TraceSummary } from '@app/contract';
import { classNames } from '../../ui/class-names.ts';
import type { TraceColumn } from './trace-columns.tsx';

type Props = {
  row: TraceSummary;
  columns: readonly TraceColumn[];
  at: number;
  isOpen: boolean;
  onModel: (model: string) => void;
};

/** The whole row opens its trace. */
export function TraceRow({ row, columns, at, isOpen, onModel }: Props) {
  return (
    <tr
      // The heading is the first row.
      aria-rowindex={at + 2}
      className={classNames(
        'relative h-[41px] border-line border-t first:border-0 hover:bg-sunken',
        isOpen && 'bg-accent-soft',
      )}
    >
      {columns.map(({ name, isNumber, cell }) => (
        <td
          key={name}
          className={classNames(
            'truncate px-3 first:pl-5 last:pr-5',
            isNumber && 'whitespace-nowrap text-right tabular-nums',
          )}
        >
          {cell(row, onModel)}
        </td>
      ))}
    </tr>
  );
}
