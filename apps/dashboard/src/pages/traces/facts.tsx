import type { Trace } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { keyNamesQuery } from '../../api/keys.ts';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { isObject, stringOf } from './content/json.ts';
import { plainName } from './content/plain-name.ts';
import { Losses } from './losses.tsx';
import { dialectName, routeFacts } from './route-facts.ts';

const classes: [keyof Trace['spans'][number]['usage'], string][] = [
  ['input_fresh', 'Input'],
  ['input_cache_read', 'Input read from cache'],
  ['input_cache_read_audio', 'Input audio read from cache'],
  ['input_cache_read_image', 'Input images read from cache'],
  ['input_cache_write', 'Input written to cache'],
  ['input_cache_write_1h', 'Input written to 1 h cache'],
  ['input_audio', 'Input audio'],
  ['input_image', 'Input image'],
  ['output_text', 'Output'],
  ['output_thinking', 'Output thinking'],
  ['output_audio', 'Output audio'],
  ['output_image', 'Output images'],
];

type Props = { project: string; trace: Trace };

const labels = {
  exact: 'exact',
  estimated: 'estimated',
  unknown: 'unknown',
  sandbox: 'free, answered by the sandbox',
} as const;

/** Ids, tokens by class, how the cost was made, and what could not be translated. */
export function Facts({ project, trace }: Props) {
  return (
    <div className="flex flex-col gap-6">
      {trace.losses.length === 0 ? null : <Losses losses={trace.losses} />}
      <CallFacts project={project} trace={trace} />
      <ReplyFacts reply={trace.reply} />
      <UsageFacts trace={trace} />
    </div>
  );
}

function UsageFacts({ trace: { spans, summary, reply } }: { trace: Trace }) {
  const call = spans.find((span) => span.kind === 'call');
  const tokens = classes.filter(([name]) => call?.usage[name] !== undefined);
  const isDoubtful = isObject(reply) && reply.usageEstimated === true;
  return (
    <FactList title="Tokens and cost">
      {tokens.length === 0 ? <Fact name="Tokens">none were reported</Fact> : null}
      {tokens.map(([name, label]) => (
        <Fact key={name} name={label}>
          {(call?.usage[name] ?? 0).toLocaleString('en-US')}
        </Fact>
      ))}
      {isDoubtful ? (
        <Fact name="Figures">the provider’s contradict each other; these are the best reading of them</Fact>
      ) : null}
      <Fact name="Cost">
        {summary.cost_label === 'unknown'
          ? 'unknown: the model has no price'
          : `$${summary.cost.usd} (${labels[summary.cost_label]})`}
      </Fact>
      <Fact name="Priced by">{call?.price_version || 'no price'}</Fact>
    </FactList>
  );
}

/** What the provider said about its reply; nothing where it said nothing. */
function ReplyFacts({ reply }: { reply: Trace['reply'] }) {
  if (!isObject(reply)) return null;
  const facts = [
    ['Reply', stringOf(reply.id)],
    ['Model that answered', stringOf(reply.model)],
    ['Service tier', stringOf(reply.serviceTier)],
    ['Ended by', stringOf(reply.rawStop) ?? stringOf(reply.stop)],
  ].filter((fact): fact is [string, string] => fact[1] !== undefined);
  if (facts.length === 0) return null;
  return (
    <FactList title="Reply">
      {facts.map(([name, value]) => (
        <Fact key={name} name={name}>
          <bdi>{plainName(value)}</bdi>
        </Fact>
      ))}
    </FactList>
  );
}

function CallFacts({ project, trace }: Props) {
  const { summary } = trace;
  const names = useQuery(keyNamesQuery(project));
  const name = names.data?.get(summary.key_id);
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
        <Filtering search={{ key_id: summary.key_id }}>{name ?? summary.key_id}</Filtering>
      </Fact>
      <Fact name="User">
        {summary.user_id === null ? (
          'none'
        ) : (
          <Filtering search={{ user_id: summary.user_id }}>{summary.user_id}</Filtering>
        )}
      </Fact>
    </FactList>
  );
}

/** Leads to all traces that share this. */
function Filtering({
  search,
  children,
}: {
  search: { key_id?: string; user_id?: string };
  children: string;
}) {
  return (
    <Link
      to="/traces"
      search={search}
      title="Show all traces of it"
      className="text-accent-strong underline decoration-line-strong underline-offset-4 hover:decoration-accent"
    >
      {children}
    </Link>
  );
}
