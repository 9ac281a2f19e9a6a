import { ChevronRight } from 'lucide-react';
import { classNames } from '../../ui/class-names.ts';
import { formatCount, formatDuration, formatUsd } from '../../ui/format.ts';
import type { TreeRow } from './build-tree.ts';
import { SpanBar } from './span-bar.tsx';
import { SpanIcon } from './span-icon.tsx';

type Props = {
  row: TreeRow;
  /** Of the whole trace. */
  wholeUs: number;
  view: 'tree' | 'timeline';
  /** Undefined for a span without anything below it, or in a list of what was found. */
  isOpen: boolean | undefined;
  isChosen: boolean;
  onChoose: () => void;
  onToggle: () => void;
};

/** Past this depth nothing moves further to the right: its number is told instead. */
const INDENTS_MAX = 12;
const INDENT_PX = 16;

export function SpanRow({ row, wholeUs, view, isOpen, isChosen, onChoose, onToggle }: Props) {
  const { span, depth } = row;
  return (
    <div
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={isChosen}
      aria-expanded={isOpen}
      tabIndex={-1}
      id={`span-${span.span_id}`}
      onClick={onChoose}
      onKeyDown={undefined}
      className={classNames(
        'flex h-11 cursor-pointer items-center gap-2 border-line border-b pr-3 text-sm',
        isChosen ? 'bg-accent-soft' : 'hover:bg-sunken',
      )}
      style={{ paddingLeft: 8 + Math.min(depth, INDENTS_MAX) * INDENT_PX }}
    >
      <Toggle isOpen={isOpen} name={span.name} onToggle={onToggle} />
      <SpanIcon type={span.type} isFailed={span.outcome === 'failed'} />
      {depth > INDENTS_MAX ? <span className="text-faint text-xs tabular-nums">{depth}</span> : null}
      <span className={classNames('min-w-0 truncate', view === 'timeline' ? 'w-2/5 shrink-0' : 'flex-1')}>
        <bdi>{span.name}</bdi>
        {span.model === null || span.name.includes(span.model) ? null : (
          <bdi className="ml-2 text-faint text-xs">{span.model}</bdi>
        )}
      </span>
      {view === 'timeline' ? <SpanBar span={span} wholeUs={wholeUs} /> : <Sums row={row} />}
      <span className="w-16 shrink-0 text-right text-faint text-xs tabular-nums">
        {formatDuration(span.duration_us / 1_000)}
      </span>
    </div>
  );
}

function Toggle({
  isOpen,
  name,
  onToggle,
}: {
  isOpen: boolean | undefined;
  name: string;
  onToggle: () => void;
}) {
  if (isOpen === undefined) return <span className="w-5 shrink-0" />;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={isOpen ? `Close ${name}` : `Open ${name}`}
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
      className="grid size-5 shrink-0 place-items-center rounded text-soft hover:bg-chip"
    >
      <ChevronRight
        aria-hidden="true"
        className={classNames(
          'size-4 transition-transform motion-reduce:transition-none',
          isOpen && 'rotate-90',
        )}
      />
    </button>
  );
}

/** What the span and everything below it used. */
function Sums({ row: { inputTokens, outputTokens, costNanos, hasFailure, span } }: { row: TreeRow }) {
  return (
    <span className="hidden shrink-0 gap-3 text-faint text-xs tabular-nums sm:flex">
      {hasFailure && span.outcome !== 'failed' ? <span className="text-bad">failed below</span> : null}
      {inputTokens + outputTokens === 0 ? null : (
        <span title="Tokens in and out, with everything below">
          {formatCount(inputTokens)} / {formatCount(outputTokens)}
        </span>
      )}
      {costNanos === 0 ? null : <span>{formatUsd(costNanos / 1e9)}</span>}
    </span>
  );
}
