import type { Trace, TraceLimits } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { formatDuration, formatMoment } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { TabList } from '../../ui/tab-list.tsx';
import { Cost } from './cost.tsx';
import { Facts } from './facts.tsx';
import { ReplyView } from './reply-view.tsx';
import { RequestView } from './request-view.tsx';
import { routeFacts } from './route-facts.ts';
import { Status } from './status.tsx';
import { Timing } from './timing.tsx';

export type TraceTab = 'request' | 'response' | 'timing' | 'details';

type Props = { project: string; trace: Trace; tab: TraceTab; onTab: (tab: TraceTab) => void };

/** What was asked, what came, how long each part took. */
export function TraceView({ project, trace, tab, onTab }: Props) {
  const tabs = [
    { value: 'request', label: 'Request', content: <RequestView trace={trace} /> },
    { value: 'response', label: 'Response', content: <ReplyView trace={trace} /> },
    { value: 'timing', label: 'Timing', content: <Timing project={project} trace={trace} /> },
    { value: 'details', label: 'Details', content: <Facts project={project} trace={trace} /> },
  ] as const;
  return (
    <>
      <Head trace={trace} onTab={onTab} />
      <TabList label="Views of the trace" tabs={tabs} value={tab} onChange={onTab} />
    </>
  );
}

type HeadProps = Pick<Props, 'trace' | 'onTab'>;

function Head({ trace, onTab }: HeadProps) {
  const { summary, spans } = trace;
  const failure = spans.find((span) => span.kind === 'call')?.error_message;
  return (
    <div className="flex flex-col gap-3 bg-surface px-5 py-4">
      <h3 className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <Status status={summary.status} isFailed={summary.error_code !== null} />
        <span className="min-w-0 font-semibold wrap-anywhere">
          {summary.model ?? summary.model_asked ?? 'no model'}
        </span>
        {summary.provider === null ? null : <span className="text-soft text-sm">by {summary.provider}</span>}
      </h3>
      <Marks trace={trace} onTab={onTab} />
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
      <OtherCalls spans={spans} />
    </div>
  );
}

/** What kind of call it was, and what else about it deserves a look. */
function Marks({ trace: { route, summary, spans, losses }, onTab }: HeadProps) {
  const { name, isConversation } = routeFacts(route);
  const attempts = spans.filter((span) => span.kind === 'attempt').length;
  const calls = spans.filter((span) => span.kind === 'call').length;
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <Badge>{name}</Badge>
      {isConversation ? <Badge>{summary.stream ? 'stream' : 'whole'}</Badge> : null}
      {summary.mode === 'test' ? <Badge>test</Badge> : null}
      {attempts > 1 && calls === 1 ? (
        <MarkButton onClick={() => onTab('timing')}>{attempts} attempts</MarkButton>
      ) : null}
      {limitMarks(summary.limits).map((mark) => (
        <MarkButton key={mark} onClick={() => onTab('details')}>
          {mark}
        </MarkButton>
      ))}
      {losses.length === 0 ? null : (
        <MarkButton onClick={() => onTab('details')}>
          {losses.length === 1 ? '1 loss' : `${losses.length} losses`} in translation
        </MarkButton>
      )}
    </div>
  );
}

/** What limits did; which ones did it is among the details. */
function limitMarks(limits: TraceLimits | null): string[] {
  if (limits === null) return [];
  const marks: string[] = [];
  if (limits.refused_by !== null) marks.push('refused by a limit');
  if (limits.routed_by !== null) marks.push('sent here by a budget');
  if (limits.output_tokens_max !== null) marks.push('output capped');
  return marks;
}

function MarkButton({ onClick, children }: { onClick: () => void; children: React.ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="inline-flex rounded-md decoration-1 underline-offset-2 hover:underline"
    >
      <Badge tone="warn">{children}</Badge>
    </button>
  );
}

/** A session, or a caller with a trace of its own, puts many calls into one trace. */
function OtherCalls({ spans }: { spans: Trace['spans'] }) {
  const calls = spans.filter((span) => span.kind === 'call').length;
  if (calls < 2) return null;
  return (
    <Notice tone="info">
      This trace holds {calls.toLocaleString('en-US')} calls. The request and the response are those of the
      first; Timing shows all.
    </Notice>
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
