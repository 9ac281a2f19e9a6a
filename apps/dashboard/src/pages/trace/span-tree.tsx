import type { TraceTree } from '@app/contract';
import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { buildTree, findRows, openRows, type TreeRow } from './build-tree.ts';
import { SpanList } from './span-list.tsx';

type View = 'tree' | 'timeline';
type Props = {
  tree: TraceTree;
  view: View;
  chosenId: string | undefined;
  onView: (view: View) => void;
  onChoose: (spanId: string) => void;
};

const views = [
  { value: 'tree', label: 'Tree' },
  { value: 'timeline', label: 'Timeline' },
] as const;
const shows = [
  { value: 'all', label: 'All' },
  { value: 'calls', label: 'Calls' },
  { value: 'failed', label: 'Failed' },
] as const;
type Show = (typeof shows)[number]['value'];

/** The spans of a trace, to be looked through: opened and closed, searched, or only the calls or what failed. */
export function SpanTree({ tree, view, chosenId, onView, onChoose }: Props) {
  const rows = useMemo(() => buildTree(tree.spans), [tree]);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [text, setText] = useState('');
  const [show, setShow] = useState<Show>('all');
  const isFlat = text !== '' || show !== 'all';
  const seen = useMemo(
    () => (isFlat ? findRows(rows.filter(tests[show]), text) : openRows(rows, closed)),
    [rows, closed, text, show, isFlat],
  );
  const parents = useMemo(() => rows.filter((row) => row.below > 0 && row.depth > 0), [rows]);
  const toggle = (id: string) =>
    setClosed((kept) => new Set(kept.has(id) ? [...kept].filter((each) => each !== id) : [...kept, id]));
  const isAllOpen = closed.size === 0;
  return (
    <Card className="flex h-[70vh] min-h-96 min-w-0 flex-col overflow-hidden xl:sticky xl:top-4 xl:h-[calc(100dvh-2rem)]">
      <div className="flex flex-wrap items-center gap-2 border-line border-b p-3">
        <SearchField
          label="Search the spans"
          placeholder="Search names and models"
          value={text}
          shortcut="/"
          onChange={setText}
        />
        <Segmented label="View" value={view} options={views} onChange={onView} />
        <Segmented label="Show" value={show} options={shows} onChange={setShow} />
        {parents.length === 0 || isFlat ? null : (
          <Button
            look="quiet"
            isSquare
            aria-label={isAllOpen ? 'Close all' : 'Open all'}
            title={isAllOpen ? 'Close all' : 'Open all'}
            onClick={() => setClosed(new Set(isAllOpen ? parents.map(({ span }) => span.span_id) : []))}
          >
            {isAllOpen ? <ChevronsDownUp className="size-4" /> : <ChevronsUpDown className="size-4" />}
          </Button>
        )}
      </div>
      <div className="min-h-0 flex-1">
        {seen.length === 0 ? (
          <p className="px-4 py-12 text-center text-soft text-sm">No span like this.</p>
        ) : (
          <SpanList
            rows={seen}
            closed={closed}
            isFlat={isFlat}
            wholeUs={tree.duration_us}
            view={view}
            chosenId={chosenId}
            onChoose={onChoose}
            onToggle={toggle}
          />
        )}
      </div>
      {isFlat ? (
        <p role="status" className="border-line border-t px-3 py-1.5 text-faint text-xs tabular-nums">
          {seen.length.toLocaleString('en-US')} of {rows.length.toLocaleString('en-US')} spans
        </p>
      ) : null}
    </Card>
  );
}

const tests: { [show in Show]: (row: TreeRow) => boolean } = {
  all: () => true,
  calls: ({ span }) => span.kind === 'call' || span.kind === 'seen',
  failed: ({ span }) => span.outcome === 'failed',
};
