import type { SpanDetails } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { spanQuery } from '../../api/trace-trees.ts';
import { Badge } from '../../ui/badge.tsx';
import { formatDuration, formatMoment } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { TabList } from '../../ui/tab-list.tsx';
import { Cost } from '../traces/cost.tsx';
import { CostEvidence } from './cost-evidence.tsx';
import { RawSpan } from './raw-span.tsx';
import { Scores } from './scores.tsx';
import { SpanContent } from './span-content.tsx';
import { SpanFacts } from './span-facts.tsx';
import { SpanIcon } from './span-icon.tsx';
import { SpanTiming } from './span-timing.tsx';
import { tokensOf } from './tokens-of.ts';

type Props = { project: string; traceId: string; spanId: string };
type Tab = 'request' | 'response' | 'timing' | 'cost' | 'raw' | 'details';

/** One span with everything that is known of it. */
export function SpanPanel({ project, traceId, spanId }: Props) {
  const span = useQuery(spanQuery(project, { traceId, spanId }));
  if (span.isError) return <Failed message={span.error.message} onRetry={() => span.refetch()} />;
  if (span.isPending) {
    return (
      <div className="flex flex-col gap-4 p-5">
        <Skeleton className="h-24" />
        <Skeleton className="h-64" />
      </div>
    );
  }
  return <Loaded project={project} span={span.data} />;
}

function Loaded({ project, span }: { project: string; span: SpanDetails }) {
  const [tab, setTab] = useState<Tab>('request');
  const isCall = span.kind !== 'step';
  const tabs = [
    {
      value: 'request',
      label: isCall ? 'Request' : 'Input',
      content: <SpanContent span={span} side="request" />,
    },
    {
      value: 'response',
      label: isCall ? 'Response' : 'Output',
      content: <SpanContent span={span} side="reply" />,
    },
    { value: 'timing', label: 'Timing', content: <SpanTiming span={span} /> },
    { value: 'cost', label: 'Cost', content: <CostEvidence span={span} /> },
    { value: 'raw', label: 'Raw', content: <RawSpan span={span} /> },
    { value: 'details', label: 'Details', content: <SpanFacts project={project} span={span} /> },
  ] as const;
  return (
    <>
      <Head span={span} />
      <TabList label="Views of the span" tabs={tabs} value={tab} onChange={setTab} />
    </>
  );
}

const outcomes = { ok: 'good', failed: 'bad', cancelled: 'warn' } as const;
const words = { ok: 'ok', failed: 'failed', cancelled: 'left' } as const;

function Head({ span }: { span: SpanDetails }) {
  const { input, output } = tokensOf(span);
  return (
    <div className="flex flex-col gap-3 px-5 py-4">
      <h2 className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <SpanIcon type={span.type ?? 'span'} isFailed={span.outcome === 'failed'} />
        <span className="min-w-0 font-semibold wrap-anywhere">
          <bdi>{span.name}</bdi>
        </span>
        {span.model === null ? null : <bdi className="text-soft text-sm">{span.model}</bdi>}
        {span.provider === null ? null : <span className="text-soft text-sm">by {span.provider}</span>}
      </h2>
      <div className="flex flex-wrap items-center gap-1.5">
        <Badge tone={outcomes[span.outcome]}>{span.error_code ?? words[span.outcome]}</Badge>
        <Badge>{span.type ?? 'span'}</Badge>
        {span.kind === 'attempt' ? <Badge>attempt</Badge> : null}
        {span.kind === 'seen' ? <Badge>counted at the gateway</Badge> : null}
        {span.stream ? <Badge>stream</Badge> : null}
        {span.prompt === null ? null : (
          <Badge tone="accent">
            {span.prompt.name}
            {span.prompt.version === null ? '' : ` v${span.prompt.version}`}
          </Badge>
        )}
        <RedactionBadge redactions={span.redactions} />
        <Scores scores={span.scores} />
      </div>
      <dl className="flex flex-wrap gap-x-8 gap-y-2 text-sm tabular-nums">
        <Fact name="Started">{formatMoment(span.started_at)}</Fact>
        <Fact name="Duration">{formatDuration(span.duration_ms)}</Fact>
        {span.ttft_ms === null ? null : <Fact name="First token">{formatDuration(span.ttft_ms)}</Fact>}
        {input + output === 0 ? null : (
          <Fact name="Tokens in / out">
            {`${input.toLocaleString('en-US')} / ${output.toLocaleString('en-US')}`}
          </Fact>
        )}
        {span.kind === 'step' ? null : (
          <Fact name="Cost">
            <Cost cost={span.cost} label={span.cost_label} />
          </Fact>
        )}
      </dl>
      {span.error_message === null ? null : (
        <Notice tone="bad">
          <span className="wrap-anywhere">{span.error_message}</span>
        </Notice>
      )}
    </div>
  );
}

function RedactionBadge({ redactions }: { redactions: SpanDetails['redactions'] }) {
  const types = Object.entries(redactions);
  const count = types.reduce((sum, [, each]) => sum + each, 0);
  if (count === 0) return null;
  return (
    <span title={types.map(([type, each]) => `${each} × ${type}`).join(', ')}>
      <Badge tone="warn">{count.toLocaleString('en-US')} redacted</Badge>
    </span>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-faint text-xs">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
