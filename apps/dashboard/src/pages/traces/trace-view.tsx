import type { Trace } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { formatDuration, formatMoment } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { TabList } from '../../ui/tab-list.tsx';
import { Cost } from './cost.tsx';
import { Facts } from './facts.tsx';
import { ReplyView } from './reply-view.tsx';
import { RequestView } from './request-view.tsx';
import { Status } from './status.tsx';
import { Timing } from './timing.tsx';

export type TraceTab = 'request' | 'response' | 'timing' | 'details';

type Props = { project: string; trace: Trace; tab: TraceTab; onTab: (tab: TraceTab) => void };

/** What was asked, what came, how long each part took. */
export function TraceView({ project, trace, tab, onTab }: Props) {
  const { request, reply, capture } = trace;
  const tabs = [
    { value: 'request', label: 'Request', content: <RequestView request={request} capture={capture} /> },
    { value: 'response', label: 'Response', content: <ReplyView reply={reply} capture={capture} /> },
    { value: 'timing', label: 'Timing', content: <Timing trace={trace} /> },
    { value: 'details', label: 'Details', content: <Facts project={project} trace={trace} /> },
  ] as const;
  return (
    <>
      <Head trace={trace} />
      <TabList label="Views of the trace" tabs={tabs} value={tab} onChange={onTab} />
    </>
  );
}

function Head({ trace: { summary, spans } }: { trace: Trace }) {
  const failure = spans.find((span) => span.kind === 'call')?.error_message;
  return (
    <div className="flex flex-col gap-3 bg-surface px-5 py-4">
      <h3 className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <Status status={summary.status} isFailed={summary.error_code !== null} />
        <span className="min-w-0 font-semibold wrap-anywhere">
          {summary.model ?? summary.model_asked ?? 'no model'}
        </span>
        {summary.provider === null ? null : <span className="text-soft text-sm">by {summary.provider}</span>}
        {summary.stream ? <Badge>stream</Badge> : null}
        {summary.mode === 'test' ? <Badge>test</Badge> : null}
      </h3>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 text-sm sm:grid-cols-[1.7fr_1fr_1fr_1fr]">
        <Fact name="Started">{formatMoment(summary.started_at)}</Fact>
        <Fact name="Duration">{formatDuration(summary.duration_ms)}</Fact>
        <Fact name="Tokens in / out">
          {`${summary.input_tokens.toLocaleString('en-US')} / ${summary.output_tokens.toLocaleString('en-US')}`}
        </Fact>
        <Fact name="Cost">
          <Cost cost={summary.cost} label={summary.cost_label} />
        </Fact>
      </dl>
      {failure ? (
        <Notice tone="bad">
          <span className="wrap-anywhere">{failure}</span>
        </Notice>
      ) : null}
    </div>
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
