import type { Span, Trace } from '@app/contract';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { isObject, stringOf } from './content/json.ts';
import { plainName } from './content/plain-name.ts';

const classes: [keyof Span['usage'], string][] = [
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

const tools: [keyof Span['tool_uses'], one: string, many: string][] = [
  ['web_search', 'web search', 'web searches'],
  ['web_fetch', 'page fetched', 'pages fetched'],
  ['file_search', 'file search', 'file searches'],
  ['code_execution', 'run of code', 'runs of code'],
  ['map_search', 'question to a map', 'questions to a map'],
  ['social_search', 'search of X', 'searches of X'],
  ['image_generation', 'image made', 'images made'],
];

const labels = {
  exact: 'exact',
  estimated: 'estimated',
  unknown: 'unknown',
  sandbox: 'free, answered by the sandbox',
} as const;

/** Tokens by class, and all else that the cost was made from. */
export function UsageFacts({ trace: { spans, summary, reply } }: { trace: Trace }) {
  const call = spans.find((span) => span.kind === 'call');
  const tokens = classes.filter(([name]) => call?.usage[name] !== undefined);
  const isDoubtful = isObject(reply) && reply.usageEstimated === true;
  // A call that was recorded before the queue had its own place has it in its reply.
  const tier = call?.service_tier ?? (isObject(reply) ? stringOf(reply.serviceTier) : undefined);
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
      {tier === undefined ? null : (
        <Fact name="Service tier">
          <bdi>{plainName(tier)}</bdi>
        </Fact>
      )}
      {call?.geo == null ? null : (
        <Fact name="Answered in">
          <bdi>{plainName(call.geo)}</bdi>
        </Fact>
      )}
      {call === undefined ? null : <ToolFacts uses={call.tool_uses} />}
      <Fact name="Cost">
        {summary.cost_label === 'unknown'
          ? 'unknown: the model has no price, or nobody said what it used'
          : `$${summary.cost.usd} (${labels[summary.cost_label]})`}
      </Fact>
      <Fact name="Priced by">{call?.price_version || 'no price'}</Fact>
    </FactList>
  );
}

/** What the provider ran for the reply, which it may bill by the use. */
function ToolFacts({ uses }: { uses: Span['tool_uses'] }) {
  const told = tools.flatMap(([name, one, many]) => {
    const count = uses[name];
    return count === undefined ? [] : [`${count.toLocaleString('en-US')} ${count === 1 ? one : many}`];
  });
  return told.length === 0 ? null : <Fact name="Tools at the provider">{told.join(', ')}</Fact>;
}
