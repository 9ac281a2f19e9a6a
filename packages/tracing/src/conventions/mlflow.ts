import { isObject, type Json, type JsonObject } from '@app/protocol';
import type { AttributedSpan } from '../received/received-span.ts';
import { chatContent, plainContent } from './content/chat-content.ts';
import type { Convention, SpanKind } from './convention.ts';
import type { Counts } from './disjoint-usage.ts';
import { findJson, findText, numberOf, unpack } from './find-attribute.ts';
import type { MappedContent, MappedSpan } from './mapped-span.ts';
import { GENAI_TOKENS, ruleOfMaker } from './otel-genai.ts';
import { withShared } from './shared-names.ts';

const KINDS = new Map<string, SpanKind>(
  Object.entries({
    LLM: { type: 'generation', isCall: true },
    CHAT_MODEL: { type: 'generation', isCall: true },
    EMBEDDING: { type: 'embedding', isCall: true },
    RERANKER: { type: 'rerank', isCall: true },
    CHAIN: { type: 'chain', isCall: false },
    AGENT: { type: 'agent', isCall: false },
    TOOL: { type: 'tool', isCall: false },
    RETRIEVER: { type: 'retriever', isCall: false },
    PARSER: { type: 'chain', isCall: false },
    WORKFLOW: { type: 'chain', isCall: false },
    TASK: { type: 'chain', isCall: false },
    GUARDRAIL: { type: 'guardrail', isCall: false },
    EVALUATOR: { type: 'evaluator', isCall: false },
  } satisfies { [type: string]: SpanKind }),
);

/** Each attribute of MLflow's is a text of JSON, names of models and all. Source: mlflow.org/docs/latest/genai/tracing. */
export const mlflow: Convention = {
  id: 'mlflow',
  texts: withShared({}),
  tokens: GENAI_TOKENS,
  kindOf: ({ attributes }) =>
    KINDS.get(wordAt(attributes, 'mlflow.spanType').toUpperCase()) ?? { type: 'span', isCall: false },
  ruleOf: ruleOfMaker,
  countsOf,
  more,
  contentOf,
};

function countsOf({ attributes }: AttributedSpan): Counts {
  const usage = findJson(attributes, ['mlflow.chat.tokenUsage']);
  if (!isObject(usage)) return {};
  const counts: Counts = {};
  for (const [count, names] of COUNTS) {
    const value = names.map((name) => numberOf(usage[name])).find((number) => number !== undefined);
    if (value !== undefined) counts[count] = value;
  }
  return counts;
}

const COUNTS: readonly [count: keyof Counts, names: readonly string[]][] = [
  ['input', ['input_tokens']],
  ['output', ['output_tokens']],
  ['total', ['total_tokens']],
  ['cacheRead', ['cache_read_input_tokens']],
  ['cacheWrite', ['cache_creation_input_tokens']],
];

function more({ attributes }: AttributedSpan, mapped: MappedSpan): void {
  const model =
    wordAt(attributes, 'mlflow.llm.model') || modelIn(unpack(attributes['mlflow.spanInputs'] ?? null));
  if (model !== '') mapped.modelAsked ??= model.slice(0, 200);
  const answered = modelIn(unpack(attributes['mlflow.spanOutputs'] ?? null));
  if (mapped.isCall && answered !== '') mapped.model ??= answered.slice(0, 200);
  const cost = findJson(attributes, ['mlflow.llm.cost']);
  const usd = isObject(cost) ? numberOf(cost.total_cost) : undefined;
  if (mapped.isCall && usd !== undefined && usd >= 0) mapped.givenUsd = usd;
  const name = wordAt(attributes, 'mlflow.spanFunctionName');
  if (mapped.type === 'tool' && name !== '') mapped.toolName ??= name.slice(0, 200);
}

/** A text of JSON that is one word, with or without its quotes. */
function wordAt(attributes: JsonObject, name: string): string {
  const text = findText(attributes, [name]);
  const word = text === undefined ? '' : unpack(text);
  return typeof word === 'string' ? word : '';
}

function modelIn(value: Json): string {
  return isObject(value) && typeof value.model === 'string' ? value.model : '';
}

function contentOf({ attributes }: AttributedSpan, { type }: SpanKind): MappedContent {
  const input = findJson(attributes, ['mlflow.spanInputs']);
  const output = findJson(attributes, ['mlflow.spanOutputs']);
  if (type !== 'generation') return plainContent(input, output);
  const { messages: _messages, model: _model, tools: _tools, ...params } = isObject(input) ? input : {};
  return chatContent({
    attributes,
    input,
    output,
    tools: findJson(attributes, ['mlflow.chat.tools']) ?? (isObject(input) ? input.tools : undefined),
    params,
  });
}
