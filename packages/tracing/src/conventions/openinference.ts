import { isObject, type Json, type JsonObject } from '@app/protocol';
import type { AttributedSpan } from '../received/received-span.ts';
import { chatContent, plainContent } from './content/chat-content.ts';
import { unflattenLists } from './content/unflatten.ts';
import type { Convention, SpanKind } from './convention.ts';
import { findJson, findText } from './find-attribute.ts';
import type { MappedContent } from './mapped-span.ts';
import { ruleOfMaker } from './otel-genai.ts';
import { withShared } from './shared-names.ts';

const KINDS = new Map<string, SpanKind>(
  Object.entries({
    LLM: { type: 'generation', isCall: true },
    EMBEDDING: { type: 'embedding', isCall: true },
    RERANKER: { type: 'rerank', isCall: true },
    CHAIN: { type: 'chain', isCall: false },
    RETRIEVER: { type: 'retriever', isCall: false },
    TOOL: { type: 'tool', isCall: false },
    AGENT: { type: 'agent', isCall: false },
    GUARDRAIL: { type: 'guardrail', isCall: false },
    EVALUATOR: { type: 'evaluator', isCall: false },
    PROMPT: { type: 'chain', isCall: false },
  } satisfies { [kind: string]: SpanKind }),
);

/** Source: github.com/Arize-ai/openinference, spec/semantic_conventions.md. */
export const openinference: Convention = {
  id: 'openinference',
  texts: withShared({
    modelAsked: ['llm.model_name', 'embedding.model_name', 'reranker.model_name'],
    provider: ['llm.provider', 'llm.system'],
    finishReason: ['llm.finish_reason'],
    toolName: ['tool.name'],
  }),
  tokens: {
    input: ['llm.token_count.prompt'],
    output: ['llm.token_count.completion'],
    total: ['llm.token_count.total'],
    cacheRead: ['llm.token_count.prompt_details.cache_read', 'llm.token_count.prompt_details.cache_input'],
    cacheWrite: ['llm.token_count.prompt_details.cache_write'],
    thinking: ['llm.token_count.completion_details.reasoning'],
    inputAudio: ['llm.token_count.prompt_details.audio'],
    outputAudio: ['llm.token_count.completion_details.audio'],
  },
  ttftEvent: 'First Token Stream Event',
  kindOf: ({ attributes }) => {
    const kind = findText(attributes, ['openinference.span.kind']);
    return KINDS.get((kind ?? '').toUpperCase()) ?? { type: 'span', isCall: false };
  },
  ruleOf: ruleOfMaker,
  more: ({ attributes }, mapped) => {
    const told = findJson(attributes, PARAMS);
    if (isObject(told) && typeof told.stream === 'boolean') mapped.stream ??= told.stream;
    // The settings name the model that was asked for, where the answer's own name stands in the place of it.
    const asked = isObject(told) ? modelIn(told) : undefined;
    if (asked === undefined || asked === mapped.modelAsked) return;
    if (mapped.modelAsked !== undefined) mapped.model ??= mapped.modelAsked;
    mapped.modelAsked = asked;
  },
  contentOf,
};

const LISTS = [
  'llm.input_messages.',
  'llm.output_messages.',
  'llm.tools.',
  'retrieval.documents.',
  'embedding.embeddings.',
  'reranker.input_documents.',
  'reranker.output_documents.',
  'llm.prompts.',
  'llm.choices.',
];

const PARAMS = ['llm.invocation_parameters'];

const modelIn = ({ model }: JsonObject): string | undefined =>
  typeof model === 'string' && model !== '' ? model.slice(0, 200) : undefined;

/** What is hidden at the sender says so in this word. */
const HIDDEN = '__REDACTED__';

function contentOf({ attributes }: AttributedSpan, { type, isCall }: SpanKind): MappedContent {
  const [asked, answered, tools, found, embeddings, offered, ranked, prompts, choices] = unflattenLists(
    attributes,
    LISTS,
  );
  const input = hidden(findJson(attributes, ['input.value']));
  const output = hidden(findJson(attributes, ['output.value']));
  const params = findJson(attributes, PARAMS);
  if (type === 'retriever') return plainContent(input, found ?? output);
  if (type === 'rerank') {
    return plainContent(
      { query: findText(attributes, ['reranker.query']) ?? null, documents: offered ?? [] },
      ranked ?? output,
    );
  }
  if (type === 'embedding')
    return plainContent(embeddedTexts(embeddings) ?? input, vectorless(embeddings, output));
  if (!isCall)
    return plainContent(hidden(findJson(attributes, ['tool.parameters', 'input.value'])) ?? input, output);
  return chatContent({
    attributes,
    input: asked ?? prompts?.map(textOfPrompt) ?? input,
    output: answered ?? choices?.map(textOfPrompt) ?? output,
    tools: tools?.map(schemaOf),
    params,
    model: isObject(params) ? modelIn(params) : undefined,
    finishReason: findText(attributes, ['llm.finish_reason']),
  });
}

function hidden(value: Json | undefined): Json | undefined {
  return value === HIDDEN ? undefined : value;
}

/** `llm.tools.N.tool.json_schema` is the tool as it was offered. */
function schemaOf(entry: Json): Json {
  if (!isObject(entry)) return entry;
  return (isObject(entry.tool) ? entry.tool.json_schema : entry['tool.json_schema']) ?? entry;
}

function textOfPrompt(entry: Json): Json {
  if (!isObject(entry)) return entry;
  const inner = entry.prompt ?? entry.completion ?? entry;
  return isObject(inner) ? (inner.text ?? inner) : inner;
}

function embeddedTexts(embeddings: Json[] | undefined): Json | undefined {
  const texts = embeddings?.flatMap((entry) =>
    isObject(entry) && isObject(entry.embedding) && entry.embedding.text !== undefined
      ? [entry.embedding.text]
      : [],
  );
  return texts === undefined || texts.length === 0 ? undefined : texts;
}

/** Vectors say nothing to a person: only how many there are, and of how many numbers. */
function vectorless(embeddings: Json[] | undefined, output: Json | undefined): Json | undefined {
  if (embeddings === undefined) return output;
  return embeddings.map((entry) => {
    const vector = isObject(entry) && isObject(entry.embedding) ? entry.embedding.vector : undefined;
    return { dimensions: Array.isArray(vector) ? vector.length : 0 };
  });
}
