import { isObject, type JsonObject } from '@app/protocol';

/**
 * A reply of which nothing is known yet but what was asked, as OpenAI answers a call that runs without its caller.
 * `createdS` is epoch seconds.
 */
export function draftResponse(body: JsonObject, createdS: number): JsonObject {
  const text = isObject(body.text) ? body.text : {};
  return {
    object: 'response',
    created_at: createdS,
    status: 'queued',
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    model: typeof body.model === 'string' ? body.model : 'auto',
    output: [],
    parallel_tool_calls: body.parallel_tool_calls !== false,
    reasoning: isObject(body.reasoning) ? body.reasoning : { effort: null, summary: null },
    service_tier: body.service_tier ?? 'auto',
    temperature: body.temperature ?? 1,
    text: { ...text, format: text.format ?? { type: 'text' } },
    tool_choice: body.tool_choice ?? 'auto',
    tools: Array.isArray(body.tools) ? body.tools : [],
    top_logprobs: body.top_logprobs ?? 0,
    top_p: body.top_p ?? 1,
    truncation: body.truncation ?? 'disabled',
    ...(typeof body.user === 'string' ? { user: body.user } : {}),
  };
}
