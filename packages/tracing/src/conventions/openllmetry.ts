import type { AttributedSpan } from '../received/received-span.ts';
import { chatContent, plainContent } from './content/chat-content.ts';
import { unflattenLists } from './content/unflatten.ts';
import type { Convention, SpanKind } from './convention.ts';
import { findJson, findText } from './find-attribute.ts';
import type { MappedContent } from './mapped-span.ts';
import { GENAI_TOKENS, genaiContent, kindOfOperation, otelGenai, ruleOfMaker } from './otel-genai.ts';
import { withShared } from './shared-names.ts';

const KINDS = new Map<string, SpanKind>(
  Object.entries({
    workflow: { type: 'chain', isCall: false },
    task: { type: 'chain', isCall: false },
    agent: { type: 'agent', isCall: false },
    tool: { type: 'tool', isCall: false },
    session: { type: 'chain', isCall: false },
  } satisfies { [kind: string]: SpanKind }),
);

const REQUESTS = new Map<string, SpanKind>(
  Object.entries({
    chat: { type: 'generation', isCall: true },
    completion: { type: 'generation', isCall: true },
    embedding: { type: 'embedding', isCall: true },
    rerank: { type: 'rerank', isCall: true },
  } satisfies { [request: string]: SpanKind }),
);

/** Traceloop's OpenLLMetry. Source: github.com/traceloop/openllmetry, the package of its semantic conventions. */
export const openllmetry: Convention = {
  ...otelGenai,
  id: 'openllmetry',
  texts: withShared({
    modelAsked: ['gen_ai.request.model', 'llm.request.model'],
    model: ['gen_ai.response.model', 'llm.response.model'],
    finishReason: [
      'gen_ai.completion.0.finish_reason',
      'llm.completions.0.finish_reason',
      'gen_ai.response.finish_reasons',
    ],
    traceName: ['traceloop.workflow.name'],
  }),
  tokens: {
    ...GENAI_TOKENS,
    cacheRead: ['gen_ai.usage.cache_read_input_tokens', ...(GENAI_TOKENS.cacheRead ?? [])],
  },
  streams: ['gen_ai.is_streaming', 'llm.is_streaming', 'gen_ai.request.stream'],
  kindOf,
  ruleOf: ruleOfMaker,
  more: ({ attributes }, mapped) => {
    const name = findText(attributes, ['traceloop.entity.name']);
    if (mapped.type === 'tool' && name !== undefined) mapped.toolName ??= name.slice(0, 200);
  },
  contentOf,
};

function kindOf(span: AttributedSpan): SpanKind {
  const { attributes } = span;
  const kind = KINDS.get((findText(attributes, ['traceloop.span.kind']) ?? '').toLowerCase());
  if (kind !== undefined) return kind;
  const request = REQUESTS.get((findText(attributes, ['llm.request.type']) ?? '').toLowerCase());
  return request ?? kindOfOperation(span);
}

const LISTS = [
  'gen_ai.prompt.',
  'gen_ai.completion.',
  'llm.request.functions.',
  'llm.prompts.',
  'llm.completions.',
];

function contentOf(span: AttributedSpan, kind: SpanKind): MappedContent {
  const { attributes } = span;
  const input = findJson(attributes, ['traceloop.entity.input']);
  const output = findJson(attributes, ['traceloop.entity.output']);
  if (!kind.isCall && (input !== undefined || output !== undefined)) return plainContent(input, output);
  const [asked, answered, functions, prompts, completions] = unflattenLists(attributes, LISTS);
  const [given, said] = [asked ?? prompts, answered ?? completions];
  if (given === undefined && said === undefined) return genaiContent(span, kind);
  return chatContent({
    attributes,
    input: given,
    output: said,
    tools: functions ?? findJson(attributes, ['gen_ai.tool.definitions']),
    finishReason: findText(attributes, openllmetry.texts.finishReason ?? []),
  });
}
