/**
 * Attributes that say what happened and not what was said. What is on no list goes where content is not kept: any name may
 * hold content, so names are listed that do not.
 */
const WHOLE = new Set([
  ...['user.id', 'enduser.id', 'session.id', 'tag.tags', 'model', 'error.type', 'exception.type'],
  ...['openinference.span.kind', 'llm.model_name', 'llm.provider', 'llm.system', 'llm.response.model'],
  ...['llm.is_streaming', 'llm.request.type', 'llm.response.finish_reason', 'llm.response.stop_reason'],
  ...['embedding.model_name', 'reranker.model_name', 'tool.name', 'agent.name', 'graph.node.id'],
  ...['traceloop.span.kind', 'traceloop.workflow.name', 'traceloop.entity.name', 'traceloop.prompt.key'],
  ...['traceloop.prompt.version', 'traceloop.association.properties.user_id'],
  ...['traceloop.association.properties.session_id', 'gen_ai.system', 'gen_ai.operation.name'],
  ...['gen_ai.provider.name', 'gen_ai.prompt.name', 'gen_ai.prompt.version', 'gen_ai.conversation.id'],
  ...['gen_ai.workflow.name', 'gen_ai.output.type', 'gen_ai.token.type', 'gen_ai.is_streaming'],
  ...['gen_ai.tool.name', 'gen_ai.tool.type', 'gen_ai.tool.call.id', 'gen_ai.model.provider'],
  ...['gen_ai.agent.id', 'gen_ai.agent.name', 'gen_ai.agent.version'],
  ...['ai.operationId', 'operation.name', 'resource.name', 'ai.model.id', 'ai.model.provider'],
  ...['ai.telemetry.functionId', 'ai.telemetry.metadata.userId', 'ai.telemetry.metadata.sessionId'],
  ...['ai.response.id', 'ai.response.model', 'ai.response.finishReason', 'ai.response.timestamp'],
  ...['ai.response.msToFirstChunk', 'ai.response.msToFinish', 'ai.response.avgCompletionTokensPerSecond'],
  ...['ai.response.avgOutputTokensPerSecond', 'ai.toolCall.name', 'ai.toolCall.id'],
  ...['langfuse.trace.name', 'langfuse.trace.tags', 'langfuse.user.id', 'langfuse.session.id'],
  ...['langfuse.environment', 'langfuse.release', 'langfuse.version', 'langfuse.observation.type'],
  ...['langfuse.observation.model.name', 'langfuse.observation.usage_details', 'langfuse.observation.level'],
  ...['langfuse.observation.cost_details', 'langfuse.observation.completion_start_time'],
  ...['langfuse.observation.prompt.name', 'langfuse.observation.prompt.version', 'langfuse.trace.public'],
  ...['langfuse.internal.as_root', 'mlflow.spanType', 'mlflow.traceRequestId', 'lmnr.span.type'],
  ...['http.status_code', 'http.response.status_code', 'http.request.method', 'http.method'],
  ...['server.address', 'server.port', 'network.protocol.version', 'x-tokenrouter-request-id'],
  ...['tokenrouter.request_id', 'span.kind', 'logfire.span_type', 'logfire.level_num'],
  ...['service.name', 'service.version', 'service.namespace', 'service.instance.id'],
  ...['deployment.environment', 'deployment.environment.name', 'process.runtime.name'],
  ...['process.runtime.version', 'openinference.project.name'],
]);

const BEGINNINGS = [
  ...['gen_ai.request.', 'gen_ai.usage.', 'gen_ai.response.', 'gen_ai.evaluation.score.', 'llm.usage.'],
  ...['llm.token_count.', 'llm.cost.', 'ai.usage.', 'telemetry.sdk.', 'tokenrouter.redactions.'],
];

/** Of those that begin so: they may quote what was said. */
const CONTENT = /stop_sequences|\.(?:text|content|headers?\..*|messages?|choices)$/;

export function isMetadataKey(key: string): boolean {
  return WHOLE.has(key) || (BEGINNINGS.some((beginning) => key.startsWith(beginning)) && !CONTENT.test(key));
}
