import type { JsonObject } from '@app/protocol';
import type { AttributedSpan } from '../received/received-span.ts';
import { aiSdk, aiSdkGenai } from './ai-sdk.ts';
import { plainContent } from './content/chat-content.ts';
import type { Convention } from './convention.ts';
import { findJson } from './find-attribute.ts';
import { genkit } from './genkit.ts';
import { laminar } from './laminar.ts';
import { langfuse } from './langfuse.ts';
import { livekit } from './livekit.ts';
import { logfire } from './logfire.ts';
import { mlflow } from './mlflow.ts';
import { openinference } from './openinference.ts';
import { openllmetry } from './openllmetry.ts';
import { otelGenai } from './otel-genai.ts';
import { withShared } from './shared-names.ts';

/**
 * The convention that a span was written by: by an attribute that only it has, then by the name of the library. A span of
 * something that knows no models is read by no convention, but for what everyone may set.
 */
export function findConvention({ attributes, scope }: AttributedSpan): Convention {
  for (const [marks, convention] of MARKS) {
    for (const mark of marks) if (attributes[mark] !== undefined) return convention;
  }
  if (scope.name !== '') {
    for (const [scopes, convention] of SCOPES) if (scopes.test(scope.name)) return convention;
  }
  if (!isGenai(attributes)) return none;
  return scope.name === AI_SDK_SCOPE ? aiSdkGenai : otelGenai;
}

/** The tracer that version 7 of the AI SDK takes where it is handed none. */
const AI_SDK_SCOPE = 'gen_ai';

/** In this order: who wraps another convention comes before it. */
const MARKS: readonly [marks: readonly string[], convention: Convention][] = [
  [['openinference.span.kind'], openinference],
  [
    [
      'langfuse.observation.type',
      'langfuse.observation.usage_details',
      'langfuse.observation.input',
      'langfuse.observation.output',
      'langfuse.observation.model.name',
    ],
    langfuse,
  ],
  [['ai.operationId', 'ai.toolCall.name', 'ai.model.id'], aiSdk],
  [['lmnr.span.type', 'lmnr.span.input', 'lmnr.span.output'], laminar],
  [['mlflow.spanType', 'mlflow.spanInputs'], mlflow],
  [
    [
      'pydantic_ai.all_messages',
      'all_messages_events',
      'logfire.json_schema',
      'logfire.msg',
      'logfire.span_type',
    ],
    logfire,
  ],
  [
    [
      'traceloop.span.kind',
      'llm.request.type',
      'traceloop.entity.input',
      'gen_ai.prompt.0.role',
      'gen_ai.prompt.0.content',
      'gen_ai.completion.0.content',
      'gen_ai.completion.0.role',
      'gen_ai.completion.0.finish_reason',
    ],
    openllmetry,
  ],
  [['genkit:type', 'genkit:path', 'gcp.vertex.agent.llm_request', 'gcp.vertex.agent.tool_call_args'], genkit],
  [
    [
      'lk.chat_ctx',
      'lk.response.text',
      'lk.function_tool.name',
      'lk.input_text',
      'lk.llm_metrics',
      'lk.user_input',
    ],
    livekit,
  ],
];

const SCOPES: readonly [scopes: RegExp, convention: Convention][] = [
  [/^(@arizeai\/)?openinference/, openinference],
  [/^langfuse/, langfuse],
  [/^@traceloop\//, openllmetry],
  [/^(pydantic-ai|logfire)/, logfire],
  [/^(livekit|livekit-agents)/, livekit],
];

const GENAI_MARKS = [
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.system',
  'gen_ai.request.model',
  'gen_ai.tool.name',
  'gen_ai.agent.name',
  'gen_ai.usage.input_tokens',
];

const isGenai = (attributes: JsonObject): boolean =>
  GENAI_MARKS.some((mark) => attributes[mark] !== undefined);

const none: Convention = {
  id: 'none',
  texts: { ...withShared({}), modelAsked: [], model: [] },
  tokens: {},
  kindOf: () => ({ type: 'span', isCall: false }),
  contentOf: ({ attributes }) =>
    plainContent(
      findJson(attributes, ['input.value', 'input']),
      findJson(attributes, ['output.value', 'output']),
    ),
};
