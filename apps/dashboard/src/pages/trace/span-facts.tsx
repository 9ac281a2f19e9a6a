import type { SpanDetails } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { keyNamesQuery } from '../../api/keys.ts';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { Losses } from '../traces/losses.tsx';
import { dialectName } from '../traces/route-facts.ts';
import { TraceFilterLink } from '../traces/trace-filter-link.tsx';

const sources = {
  gateway: 'this gateway',
  sdk: 'our SDK',
  otlp: 'OpenTelemetry',
  langfuse: 'a Langfuse SDK',
  events: 'a tokentrace SDK of version 1',
} as const;

/** Ids, where it came from, and what leads to others like it. */
const KEPT = { full: 'as it was', redacted: 'without private values', metadata: 'none' } as const;

export function SpanFacts({ project, span }: { project: string; span: SpanDetails }) {
  const names = useQuery(keyNamesQuery(project));
  return (
    <div className="flex flex-col gap-6">
      {span.losses.length === 0 ? null : <Losses losses={span.losses} />}
      <FactList title="Span">
        <Fact name="Span" copies={span.span_id}>
          {span.span_id}
        </Fact>
        <Fact name="Trace" copies={span.trace_id}>
          {span.trace_id}
        </Fact>
        <Told name="Request" value={span.request_id} copies />
        <Told name="Gateway request" value={span.gateway_request_id} copies />
        <Fact name="Told by">{sources[span.source ?? 'gateway']}</Fact>
        <Fact name="Key">
          <TraceFilterLink search={{ key_id: span.key_id }}>
            {names.data?.get(span.key_id) ?? span.key_id}
          </TraceFilterLink>
        </Fact>
        <Told name="Model asked for" value={span.model_asked} />
        <Told name="Tool" value={span.tool_name} />
        <Told name="Ended by" value={span.finish_reason} />
        <Told name="Format" value={span.dialect === '' ? null : dialectName(span.dialect)} />
      </FactList>
      <FactList title="Where and for whom">
        <Told name="Environment" value={span.environment} />
        <Told name="Service" value={span.service} />
        <Told name="Release" value={span.release} />
        <Links span={span} />
        <Fact name="Content kept">{KEPT[span.capture]}</Fact>
        {Object.entries(span.redactions).map(([type, count]) => (
          <Fact key={type} name={`Redacted ${type}`}>
            {count.toLocaleString('en-US')}
          </Fact>
        ))}
      </FactList>
    </div>
  );
}

function Told({ name, value, copies = false }: { name: string; value: string | null; copies?: boolean }) {
  if (value === null || value === '') return null;
  return (
    <Fact name={name} {...(copies && { copies: value })}>
      <bdi>{value}</bdi>
    </Fact>
  );
}

function Links({ span: { user_id: user, session_id: session, tags } }: { span: SpanDetails }) {
  return (
    <>
      {user === null ? null : (
        <Fact name="User">
          <TraceFilterLink search={{ user_id: user }}>{user}</TraceFilterLink>
        </Fact>
      )}
      {session === null ? null : (
        <Fact name="Session">
          <TraceFilterLink search={{ session }}>{session}</TraceFilterLink>
        </Fact>
      )}
      {tags.length === 0 ? null : (
        <Fact name="Tags">
          <span className="flex flex-wrap gap-x-3 gap-y-1.5">
            {tags.map((tag) => (
              <TraceFilterLink key={tag} search={{ tag }}>
                {tag}
              </TraceFilterLink>
            ))}
          </span>
        </Fact>
      )}
    </>
  );
}
