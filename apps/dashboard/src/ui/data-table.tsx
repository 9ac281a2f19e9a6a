import type { ReactNode } from 'react';
import { Card } from './card.tsx';
import { classNames } from './class-names.ts';
import { useMedia } from './use-media.ts';

export type Column<Row> = {
  name: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right. */
  isNumber?: boolean;
  /** The width, where the browser should not choose it. */
  width?: string;
  /** Sorts by it; absent where there is nothing to sort. */
  onSort?: () => void;
  isSorted?: boolean;
};

type Props<Row> = {
  label: string;
  /** The first names the row; on a phone it is the heading of its card. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
};

const WIDE = '(min-width: 64rem)';

/** A table on a wide screen, a card for each row on a phone; the same facts in the same order. */
export function DataTable<Row>(props: Props<Row>) {
  const isWide = useMedia(WIDE);
  return <Card className="overflow-hidden">{isWide ? <Wide {...props} /> : <Narrow {...props} />}</Card>;
}

const sideOf = (isNumber: boolean | undefined) => (isNumber ? 'text-right tabular-nums' : 'text-left');

function Wide<Row>({ label, columns, rows, keyOf }: Props<Row>) {
  return (
    <table aria-label={label} className="w-full table-fixed text-sm">
      <thead>
        <tr className="border-line border-b text-faint text-xs">
          {columns.map((column) => (
            <th
              key={column.name}
              scope="col"
              aria-sort={column.isSorted ? 'descending' : undefined}
              className={classNames(
                'px-3 py-2.5 font-medium first:pl-5 last:pr-5',
                sideOf(column.isNumber),
                column.width,
              )}
            >
              <Heading column={column} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} className="relative border-line border-t first:border-0 hover:bg-sunken">
            {columns.map((column) => (
              <td
                key={column.name}
                className={classNames(
                  'truncate px-3 py-2.5 first:pl-5 last:pr-5',
                  sideOf(column.isNumber),
                  column.isNumber && 'text-soft',
                )}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Heading<Row>({ column: { name, onSort, isSorted } }: { column: Column<Row> }) {
  if (onSort === undefined) return name;
  return (
    <button
      type="button"
      onClick={onSort}
      title={`Sort by ${name.toLowerCase()}`}
      className={classNames('rounded hover:text-text', isSorted && 'text-text underline underline-offset-4')}
    >
      {name}
    </button>
  );
}

function Narrow<Row>({ label, columns, rows, keyOf }: Props<Row>) {
  const [heading, ...others] = columns;
  return (
    <ul aria-label={label}>
      {rows.map((row) => (
        <li key={keyOf(row)} className="relative border-line not-first:border-t px-4 py-3 text-sm">
          <div className="font-medium wrap-anywhere">{heading?.cell(row)}</div>
          <dl className="mt-1.5 grid grid-cols-2 gap-x-4 gap-y-1 sm:grid-cols-3">
            {others.map((column) => (
              <div key={column.name} className="min-w-0">
                <dt className="text-faint text-xs">{column.name}</dt>
                <dd className="truncate text-soft tabular-nums">{column.cell(row)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
