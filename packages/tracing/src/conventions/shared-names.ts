import type { TextField, TextNames } from './convention.ts';

/** What any sender may set beside its own convention: Langfuse's and the AI SDK's settings travel with others' spans. */
const SHARED: TextNames = {
  traceName: [
    'langfuse.trace.name',
    'ai.telemetry.functionId',
    'traceloop.workflow.name',
    'gen_ai.workflow.name',
  ],
  modelAsked: ['gen_ai.request.model', 'model'],
  model: ['gen_ai.response.model', 'llm.response.model'],
  provider: [
    'gen_ai.provider.name',
    'gen_ai.system',
    'gen_ai.model.provider',
    'llm.provider',
    'llm.system',
    'llm.vendor',
  ],
  responseId: ['gen_ai.response.id'],
  gatewayRequestId: [
    'tokenrouter.request_id',
    'http.response.header.x-tokenrouter-request-id',
    'http.response.header.x_tokenrouter_request_id',
  ],
  finishReason: ['gen_ai.response.finish_reasons', 'gen_ai.response.finish_reason'],
  toolName: ['gen_ai.tool.name'],
  sessionId: [
    'langfuse.session.id',
    'session.id',
    'gen_ai.conversation.id',
    'ai.telemetry.metadata.sessionId',
    'ai.telemetry.metadata.session_id',
    'traceloop.association.properties.session_id',
    'traceloop.association.properties.sessionId',
    'traceloop.association.properties.langfuse_session_id',
    'lmnr.association.properties.session_id',
    'langfuse.trace.metadata.langfuse_session_id',
    'mlflow.trace.session',
    'thread.id',
  ],
  userId: [
    'langfuse.user.id',
    'user.id',
    'enduser.id',
    'ai.telemetry.metadata.userId',
    'ai.telemetry.metadata.user_id',
    'traceloop.association.properties.user_id',
    'traceloop.association.properties.userId',
    'traceloop.association.properties.langfuse_user_id',
    'lmnr.association.properties.user_id',
    'mlflow.trace.user',
    'gen_ai.user',
    'llm.user',
  ],
  environment: ['langfuse.environment', 'deployment.environment.name', 'deployment.environment'],
  release: ['langfuse.release', 'service.version'],
  promptName: [
    'langfuse.observation.prompt.name',
    'langfuse.prompt.name',
    'gen_ai.prompt.name',
    'traceloop.prompt.key',
    'llm.prompt_template.name',
    'prompt.name',
    'prompt.id',
  ],
  promptVersion: [
    'langfuse.observation.prompt.version',
    'langfuse.prompt.version',
    'gen_ai.prompt.version',
    'traceloop.prompt.version',
    'llm.prompt_template.version',
    'prompt.version',
  ],
  errorCode: ['error.type', 'exception.type'],
  errorMessage: ['error.message', 'exception.message'],
  serviceTier: [
    'gen_ai.openai.response.service_tier',
    'openai.response.service_tier',
    'gen_ai.response.service_tier',
    'gen_ai.aws.bedrock.service_tier',
  ],
};

export const SHARED_TAGS: readonly string[] = [
  'langfuse.trace.tags',
  'tag.tags',
  'ai.telemetry.metadata.tags',
];

export const SHARED_COSTS: readonly string[] = ['gen_ai.usage.cost', 'operation.cost', 'llm.cost.total'];

/** A convention's own names first, then those that everyone may set. */
export function withShared(own: TextNames): TextNames {
  const merged = (Object.keys(own) as TextField[]).map((field) => {
    const names = [...new Set([...(own[field] ?? []), ...(SHARED[field] ?? [])])];
    return [field, names] as const;
  });
  return { ...SHARED, ...Object.fromEntries(merged) };
}
