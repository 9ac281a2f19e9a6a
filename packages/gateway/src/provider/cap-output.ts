import { type Call, callerPath, isObject, type JsonObject, type Loss } from '@app/protocol';

/** The call with this cap on its output, in the body as it came too; and that this is not what was asked for. */
export function capOutput(call: Call, outputTokensMax: number): { call: Call; loss: Loss } {
  const path = callerPath('max_completion_tokens', 'openai-chat', call.extra.dialect);
  const capped: Call = { ...call, outputTokensMax };
  if (call.wire !== undefined)
    capped.wire = { ...call.wire, body: capBody(call.wire.dialect, call.wire.body, outputTokensMax) };
  return { call: capped, loss: { path, why: 'lowered' } };
}

/** Every field in which a dialect takes its cap: a provider that knows both spellings must find no other. */
function capBody(
  dialect: NonNullable<Call['wire']>['dialect'],
  body: JsonObject,
  outputTokensMax: number,
): JsonObject {
  switch (dialect) {
    case 'openai-chat':
      return body.max_tokens === undefined || body.max_tokens === null
        ? { ...body, max_completion_tokens: outputTokensMax }
        : cappedOld(body, outputTokensMax);
    case 'openai-responses':
      return { ...body, max_output_tokens: outputTokensMax };
    case 'gemini':
      return cappedGemini(body, outputTokensMax);
    default:
      return { ...body, max_tokens: outputTokensMax };
  }
}

/** Whoever says it in the old word may have a provider that knows no other. */
function cappedOld(body: JsonObject, outputTokensMax: number): JsonObject {
  const capped: JsonObject = { ...body, max_tokens: outputTokensMax };
  if (body.max_completion_tokens !== undefined) capped.max_completion_tokens = outputTokensMax;
  return capped;
}

/** Google takes its fields in camel and in snake case: wherever a cap may stand, this one does. */
function cappedGemini(body: JsonObject, outputTokensMax: number): JsonObject {
  const capped: JsonObject = { ...body };
  const names = ['generationConfig', 'generation_config'].filter((name) => isObject(body[name]));
  for (const name of names.length === 0 ? ['generationConfig'] : names) {
    const { max_output_tokens: _, ...config } = isObject(body[name]) ? body[name] : {};
    capped[name] = { ...config, maxOutputTokens: outputTokensMax };
  }
  return capped;
}
