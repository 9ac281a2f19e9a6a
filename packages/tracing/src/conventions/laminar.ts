import type { AttributedSpan } from '../received/received-span.ts';
import { chatContent, plainContent } from './content/chat-content.ts';
import type { Convention, SpanKind } from './convention.ts';
import { findJson, findText } from './find-attribute.ts';
import type { MappedContent } from './mapped-span.ts';
import { GENAI_TOKENS, genaiContent, kindOfOperation, otelGenai } from './otel-genai.ts';
import { withShared } from './shared-names.ts';

const KINDS = new Map<string, SpanKind>(
  Object.entries({
    LLM: { type: 'generation', isCall: true },
    TOOL: { type: 'tool', isCall: false },
    EXECUTOR: { type: 'chain', isCall: false },
    EVALUATOR: { type: 'evaluator', isCall: false },
    HUMAN_EVALUATOR: { type: 'evaluator', isCall: false },
    EVALUATION: { type: 'chain', isCall: false },
    DEFAULT: { type: 'span', isCall: false },
  } satisfies { [type: string]: SpanKind }),
);

/** Source: github.com/lmnr-ai/lmnr-ts, the attributes of its package. */
export const laminar: Convention = {
  ...otelGenai,
  id: 'laminar',
  texts: withShared({
    sessionId: ['lmnr.association.properties.session_id'],
    userId: ['lmnr.association.properties.user_id'],
  }),
  tokens: {
    ...GENAI_TOKENS,
    cacheWrite1h: ['gen_ai.usage.cache_creation_1h_input_tokens', ...(GENAI_TOKENS.cacheWrite1h ?? [])],
  },
  tags: ['lmnr.association.properties.tags'],
  costs: ['gen_ai.usage.cost'],
  kindOf: (span) => KINDS.get(findText(span.attributes, ['lmnr.span.type']) ?? '') ?? kindOfOperation(span),
  contentOf,
};

function contentOf(span: AttributedSpan, kind: SpanKind): MappedContent {
  const { attributes } = span;
  const input = findJson(attributes, ['lmnr.span.input']);
  const output = findJson(attributes, ['lmnr.span.output']);
  if (kind.type !== 'generation') return plainContent(input, output);
  const told = genaiContent(span, kind);
  return told.request === null && told.reply === null ? chatContent({ attributes, input, output }) : told;
}
