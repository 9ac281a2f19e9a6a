import type { Trace } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { traceQuery } from '../../api/traces.ts';
import { Badge } from '../../ui/badge.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { formatDuration, formatTime } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { TabList } from '../../ui/tab-list.tsx';
import { Cost } from './cost.tsx';
import { Facts } from './facts.tsx';
import { ReplyView } from './reply-view.tsx';
import { RequestView } from './request-view.tsx';
import { Status } from './status.tsx';
import { Timing } from './timing.tsx';

type Props = { project: string; traceId: string | undefined; onClose: () => void };

/** One trace: what was asked, what came, how long each part took. */
export function TraceDrawer({ project, traceId, onClose }: Props) {
  return (
    <Drawer
      isOpen={traceId !== undefined}
      title={<h2 className="font-semibold text-base">Trace</h2>}
      label="the trace"
      onClose={onClose}
    >
      {traceId === undefined ? null : <Loaded key={traceId} project={project} traceId={traceId} />}
    </Drawer>
  );
}

function Loaded({ project, traceId }: { project: string; traceId: string }) {
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
  return <TraceView trace={trace.data} />;
}

function TraceView({ trace }: { trace: Trace }) {
  const { summary } = trace;
  const failure = trace.spans.find((span) => span.kind === 'call')?.error_message;
  const tabs = [
    {
      value: 'request',
      label: 'Request',
      content: <RequestView request={trace.request} capture={trace.capture} />,
    },
    {
      value: 'response',
      label: 'Response',
      content: <ReplyView reply={trace.reply} capture={trace.capture} />,
    },
    { value: 'timing', label: 'Timing', content: <Timing trace={trace} /> },
    { value: 'details', label: 'Details', content: <Facts trace={trace} /> },
  ];
  return (
    <>
      <div className="flex flex-col gap-3 bg-surface px-5 py-4">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <Status status={summary.status} />
          <span className="font-semibold">{summary.model ?? summary.model_asked ?? 'no model'}</span>
          {summary.provider === null ? null : (
            <span className="text-soft text-sm">by {summary.provider}</span>
          )}
          {summary.stream ? <Badge>stream</Badge> : null}
          {summary.mode === 'test' ? <Badge>test</Badge> : null}
        </p>
        <dl className="grid grid-cols-2 gap-x-6 gap-y-2 text-sm sm:grid-cols-4">
          <Fact name="Started">{formatTime(summary.started_at)}</Fact>
          <Fact name="Duration">{formatDuration(summary.duration_ms)}</Fact>
          <Fact name="Tokens in / out">{`${summary.input_tokens} / ${summary.output_tokens}`}</Fact>
          <Fact name="Cost">
            <Cost cost={summary.cost} label={summary.cost_label} />
          </Fact>
        </dl>
        {failure ? <Notice tone="bad">{failure}</Notice> : null}
      </div>
      <TabList label="Views of the trace" tabs={tabs} />
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-faint text-xs">{name}</dt>
      <dd className="tabular-nums">{children}</dd>
    </div>
  );
}
