import { isObject, type Json, type JsonObject } from '@app/protocol';
import type { AttributedSpan } from '../received/received-span.ts';
import { chatContent, plainContent } from './content/chat-content.ts';
import type { Convention, SpanKind } from './convention.ts';
import type { Counts } from './disjoint-usage.ts';
import { findJson, findNumber, findText, numberOf } from './find-attribute.ts';
import type { MappedContent, MappedSpan } from './mapped-span.ts';
import { GENAI_TOKENS, kindOfOperation, otelGenai } from './otel-genai.ts';
import { withShared } from './shared-names.ts';

const KINDS = new Map<string, SpanKind>(
  Object.entries({
    model: { type: 'generation', isCall: true },
    embedder: { type: 'embedding', isCall: true },
    reranker: { type: 'rerank', isCall: true },
    tool: { type: 'tool', isCall: false },
    'tool.v2': { type: 'tool', isCall: false },
    retriever: { type: 'retriever', isCall: false },
    evaluator: { type: 'evaluator', isCall: false },
    flow: { type: 'chain', isCall: false },
    prompt: { type: 'chain', isCall: false },
    agent: { type: 'agent', isCall: false },
  } satisfies { [subtype: string]: SpanKind }),
);

/** Google's Genkit, and its Agent Development Kit, which keeps whole requests. Sources: genkit.dev, google.github.io/adk-docs. */
export const genkit: Convention = {
  ...otelGenai,
  id: 'genkit',
  texts: withShared({
    toolName: ['gen_ai.tool.name'],
    sessionId: ['gcp.vertex.agent.session_id', 'genkit:sessionId'],
  }),
  kindOf,
  countsOf,
  more,
  contentOf,
};

const LLM_REQUEST = 'gcp.vertex.agent.llm_request';

function kindOf(span: AttributedSpan): SpanKind {
  const { attributes } = span;
  const subtype =
    findText(attributes, ['genkit:metadata:subtype']) ?? findText(attributes, ['genkit:type']) ?? '';
  const kind = KINDS.get(subtype.toLowerCase());
  if (kind !== undefined) return kind;
  if (isTold(attributes[LLM_REQUEST])) return { type: 'generation', isCall: true };
  if (isTold(attributes['gcp.vertex.agent.tool_call_args'])) return { type: 'tool', isCall: false };
  return attributes['genkit:type'] === undefined ? kindOfOperation(span) : { type: 'span', isCall: false };
}

/** Where content is not wanted, the kit says an empty object. */
const isTold = (value: Json | undefined): boolean => value !== undefined && value !== '{}' && value !== '';

/** Thoughts stand beside what was said, in both. */
function countsOf({ attributes }: AttributedSpan): Counts {
  const output = findJson(attributes, ['genkit:output', 'gcp.vertex.agent.llm_response']);
  const usage = isObject(output) ? (output.usage ?? output.usage_metadata) : undefined;
  const told = isObject(usage) ? usage : {};
  const counts: Counts = {};
  for (const [count, names] of COUNTS) {
    const value =
      names.map((name) => numberOf(told[name])).find((number) => number !== undefined) ??
      findNumber(attributes, GENAI_TOKENS[count] ?? []);
    if (value !== undefined) counts[count] = value;
  }
  return counts;
}

const COUNTS: readonly [count: keyof Counts, names: readonly string[]][] = [
  ['input', ['inputTokens', 'prompt_token_count']],
  ['output', ['outputTokens', 'candidates_token_count']],
  ['total', ['totalTokens', 'total_token_count']],
  ['thinking', ['thoughtsTokens', 'thoughts_token_count']],
  ['cacheRead', ['cachedContentTokens', 'cached_content_token_count']],
];

/** A model of Genkit's is `googleai/gemini-2.5-flash`: who serves it, and its name. */
function more({ attributes }: AttributedSpan, mapped: MappedSpan): void {
  const name = findText(attributes, ['genkit:name']);
  const request = findJson(attributes, [LLM_REQUEST]);
  if (mapped.type === 'tool' && name !== undefined) mapped.toolName ??= name.slice(0, 200);
  if (!mapped.isCall) return;
  if (isObject(request) && typeof request.model === 'string')
    mapped.modelAsked ??= request.model.slice(0, 200);
  if (name === undefined) return;
  const [plugin, model] = splitOnce(name.slice(0, 200));
  mapped.modelAsked ??= model ?? plugin;
  if (model !== undefined) mapped.provider ??= PLUGINS.get(plugin) ?? plugin;
}

const PLUGINS = new Map([
  ['googleai', 'google'],
  ['vertexai', 'vertex'],
]);

function splitOnce(name: string): [string, string | undefined] {
  const at = name.indexOf('/');
  return at === -1 ? [name, undefined] : [name.slice(0, at), name.slice(at + 1)];
}

function contentOf({ attributes }: AttributedSpan, { type }: SpanKind): MappedContent {
  const input = findJson(attributes, ['genkit:input', LLM_REQUEST, 'gcp.vertex.agent.tool_call_args']);
  const output = findJson(attributes, [
    'genkit:output',
    'gcp.vertex.agent.llm_response',
    'gcp.vertex.agent.tool_response',
  ]);
  if (type !== 'generation') return plainContent(input, output);
  const fields: JsonObject = isObject(input) ? input : {};
  return chatContent({
    attributes,
    input,
    output,
    tools: fields.tools,
    params: isObject(fields.config) ? fields.config : undefined,
  });
}
