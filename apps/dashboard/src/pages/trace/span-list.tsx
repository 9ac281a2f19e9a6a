import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { TreeRow } from './build-tree.ts';
import { SpanRow } from './span-row.tsx';

type Props = {
  rows: readonly TreeRow[];
  closed: ReadonlySet<string>;
  /** What was found stands as a list, without anything to open. */
  isFlat: boolean;
  wholeUs: number;
  view: 'tree' | 'timeline';
  chosenId: string | undefined;
  onChoose: (spanId: string) => void;
  onToggle: (spanId: string) => void;
};

const ROW_PX = 44;

/** The spans of a trace; only those in view are drawn. Arrows move, open and close as in any tree. */
export function SpanList(props: Props) {
  const { rows, closed, isFlat, chosenId, onChoose, onToggle } = props;
  const place = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: () => ROW_PX,
    getItemKey: (at) => rows[at]?.span.span_id ?? at,
    overscan: 16,
  });
  const chosenAt = rows.findIndex(({ span }) => span.span_id === chosenId);
  const scrollTo = list.scrollToIndex;
  useEffect(() => {
    if (chosenAt >= 0) scrollTo(chosenAt, { align: 'auto' });
  }, [chosenAt, scrollTo]);
  const isOpenAt = (row: TreeRow) => (isFlat || row.below === 0 ? undefined : !closed.has(row.span.span_id));
  const steer = (event: KeyboardEvent) => {
    const step = steps[event.key];
    const target = step === undefined ? undefined : step({ rows, at: Math.max(0, chosenAt), isOpenAt });
    if (target === undefined) return;
    event.preventDefault();
    if (target.toggle !== undefined) onToggle(target.toggle);
    if (target.choose !== undefined) onChoose(target.choose);
  };
  return (
    <div
      ref={place}
      role="tree"
      aria-label="Spans of the trace"
      aria-activedescendant={chosenId === undefined ? undefined : `span-${chosenId}`}
      tabIndex={0}
      onKeyDown={steer}
      className="h-full overflow-y-auto -outline-offset-2"
    >
      <div className="relative" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const { span_id: id } = row.span;
          return (
            <div
              key={key}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              <SpanRow
                row={isFlat ? { ...row, depth: 0 } : row}
                wholeUs={props.wholeUs}
                view={props.view}
                isOpen={isOpenAt(row)}
                isChosen={id === chosenId}
                onChoose={() => onChoose(id)}
                onToggle={() => onToggle(id)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

type Position = {
  rows: readonly TreeRow[];
  at: number;
  isOpenAt: (row: TreeRow) => boolean | undefined;
};
type Target = { choose?: string | undefined; toggle?: string };
const PAGE = 10;

const move =
  (by: number) =>
  ({ rows, at }: Position): Target => ({
    choose: rows[Math.min(Math.max(at + by, 0), rows.length - 1)]?.span.span_id,
  });

const steps: { [key: string]: (position: Position) => Target | undefined } = {
  ArrowDown: move(1),
  ArrowUp: move(-1),
  PageDown: move(PAGE),
  PageUp: move(-PAGE),
  Home: ({ rows }) => ({ choose: rows[0]?.span.span_id }),
  End: ({ rows }) => ({ choose: rows.at(-1)?.span.span_id }),
  ArrowRight: (position) => {
    const row = position.rows[position.at];
    if (row === undefined) return undefined;
    return position.isOpenAt(row) === false ? { toggle: row.span.span_id } : move(1)(position);
  },
  ArrowLeft: (position) => {
    const row = position.rows[position.at];
    if (row === undefined) return undefined;
    if (position.isOpenAt(row) === true) return { toggle: row.span.span_id };
    return { choose: row.span.parent_span_id ?? undefined };
  },
};
