import type { TraceSummary } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronDown, ChevronUp, Link2, Maximize2 } from 'lucide-react';
import { useState } from 'react';
import { traceQuery } from '../../api/traces.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { useShortcut } from '../../ui/use-shortcut.ts';
import { SpanPanel } from '../trace/span-panel.tsx';
import { idOfTraceLink } from './trace-link.tsx';
import { type TraceTab, TraceView } from './trace-view.tsx';

type Props = {
  project: string;
  /** The list that the trace was opened from: its neighbours are a key away. */
  rows: readonly TraceSummary[];
  traceId: string | undefined;
  /** Where the row is not the gateway's own call: the span that is looked at. */
  spanId: string | undefined;
  onOpen: (traceId: string | undefined) => void;
};

/** One trace over the list; the view that was chosen stays from trace to trace. */
export function TraceDrawer({ project, rows, traceId, spanId, onOpen }: Props) {
  const [tab, setTab] = useState<TraceTab>('request');
  const [lastId, setLastId] = useState(traceId);
  if (traceId !== undefined && traceId !== lastId) setLastId(traceId);
  return (
    <Drawer
      isOpen={traceId !== undefined}
      title="Trace"
      actions={traceId === undefined ? null : <Actions rows={rows} traceId={traceId} onOpen={onOpen} />}
      returnTo={lastId === undefined ? undefined : idOfTraceLink(lastId)}
      onClose={() => onOpen(undefined)}
    >
      {traceId === undefined ? null : spanId !== undefined ? (
        <SpanPanel key={spanId} project={project} traceId={traceId} spanId={spanId} />
      ) : (
        <Loaded key={traceId} project={project} traceId={traceId} tab={tab} onTab={setTab} />
      )}
    </Drawer>
  );
}

type ActionsProps = { rows: readonly TraceSummary[]; traceId: string; onOpen: (traceId: string) => void };

function Actions({ rows, traceId, onOpen }: ActionsProps) {
  // A trace of several calls has several rows, and is one step all the same.
  const ids = [...new Set(rows.map((row) => row.trace_id))];
  const at = ids.indexOf(traceId);
  const newer = at > 0 ? ids[at - 1] : undefined;
  const older = at < 0 ? undefined : ids[at + 1];
  return (
    <>
      <Step label="Newer trace" shortcut="k" icon={ChevronUp} to={newer} onOpen={onOpen} />
      <Step label="Older trace" shortcut="j" icon={ChevronDown} to={older} onOpen={onOpen} />
      <Link
        to="/traces/$traceId"
        params={{ traceId }}
        title="Open the whole trace"
        aria-label="Open the whole trace"
        className="grid size-9 place-items-center rounded-lg text-soft hover:bg-sunken hover:text-text"
      >
        <Maximize2 aria-hidden="true" className="size-4" />
      </Link>
      <CopyButton
        look="quiet"
        label="Copy link"
        text={`${location.origin}/traces?trace=${traceId}`}
        icon={<Link2 aria-hidden="true" className="size-4" />}
      />
    </>
  );
}

type StepProps = {
  label: string;
  shortcut: string;
  icon: typeof ChevronUp;
  /** The trace that it opens. */
  to: string | undefined;
  onOpen: (traceId: string) => void;
};

function Step({ label, shortcut, icon: Icon, to, onOpen }: StepProps) {
  const open = to === undefined ? undefined : () => onOpen(to);
  useShortcut(shortcut, open);
  return (
    <Button
      look="quiet"
      aria-label={label}
      title={`${label} (${shortcut})`}
      aria-keyshortcuts={shortcut}
      // Stays focusable at the ends of the list, so that the focus is not lost there.
      aria-disabled={open === undefined}
      onClick={open}
      isSquare
      className="aria-disabled:cursor-not-allowed aria-disabled:opacity-40"
    >
      <Icon aria-hidden="true" className="size-5" />
    </Button>
  );
}

type LoadedProps = { project: string; traceId: string; tab: TraceTab; onTab: (tab: TraceTab) => void };

function Loaded({ project, traceId, tab, onTab }: LoadedProps) {
  const trace = useQuery(traceQuery(project, traceId));
  if (trace.isError) return <Failed message={trace.error.message} onRetry={() => trace.refetch()} />;
  if (trace.isPending) {
    return (
      <div className="flex flex-col gap-4 p-5">
        <Skeleton className="h-24" />
        <Skeleton className="h-64" />
      </div>
    );
  }
  return <TraceView project={project} trace={trace.data} tab={tab} onTab={onTab} />;
}
