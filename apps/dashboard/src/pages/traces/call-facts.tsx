import type { Trace } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { keyNamesQuery } from '../../api/keys.ts';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { CredentialName } from './credential-name.tsx';
import { dialectName, routeFacts } from './route-facts.ts';
import { TraceFilterLink } from './trace-filter-link.tsx';

type Props = { project: string; trace: Trace };

/** Ids, and what leads to the calls that share something with this one. */
export function CallFacts({ project, trace }: Props) {
  const { summary, spans } = trace;
  const names = useQuery(keyNamesQuery(project));
  const credential = spans.find((span) => span.kind === 'call')?.credential ?? null;
  return (
    <FactList title="Call">
      <Fact name="Trace" copies={trace.trace_id}>
        {trace.trace_id}
      </Fact>
      <Fact name="Request" copies={summary.request_id}>
        {summary.request_id}
      </Fact>
      <Fact name="Route">{trace.route}</Fact>
      <Fact name="Dialect">{dialectName(trace.dialect)}</Fact>
      {routeFacts(trace.route).isConversation ? (
        <Fact name="Sent as">{summary.stream ? 'a stream' : 'one whole answer'}</Fact>
      ) : null}
      <Fact name="Model asked for">{summary.model_asked ?? 'none'}</Fact>
      <Fact name="Environment">{summary.environment}</Fact>
      <Fact name="Key">
        <TraceFilterLink search={{ key_id: summary.key_id }}>
          {names.data?.get(summary.key_id) ?? summary.key_id}
        </TraceFilterLink>
      </Fact>
      <Fact name="User">
        {summary.user_id === null ? (
          'none'
        ) : (
          <TraceFilterLink search={{ user_id: summary.user_id }}>{summary.user_id}</TraceFilterLink>
        )}
      </Fact>
      {summary.tags.length === 0 ? null : (
        <Fact name={summary.tags.length === 1 ? 'Tag' : 'Tags'}>
          <Tags tags={summary.tags} />
        </Fact>
      )}
      {credential === null ? null : (
        <Fact name="Provider’s key">
          <CredentialName project={project} id={credential} />
        </Fact>
      )}
    </FactList>
  );
}

function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-1.5">
      {tags.map((tag) => (
        <TraceFilterLink key={tag} search={{ tag }}>
          {tag}
        </TraceFilterLink>
      ))}
    </span>
  );
}
