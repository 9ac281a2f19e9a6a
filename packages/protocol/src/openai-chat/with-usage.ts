import type { Call } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';

/** Usage is asked for in every stream: without it nothing could be priced. */
export function withUsage(body: JsonObject, call: Call): JsonObject {
  if (!call.stream) return body;
  const options = isObject(body.stream_options) ? body.stream_options : {};
  return { ...body, stream_options: { ...options, include_usage: true } };
}
