import type { Call } from '../call.ts';
import type { Json, JsonObject } from '../json.ts';
import { missing, objectAt, optionalBoolean, optionalString } from '../read-field.ts';
import { createUnread, extraFields } from '../unread.ts';
import { readConfig } from './read-config.ts';
import { readContents, readSystem } from './read-message.ts';
import { readToolConfig, readTools } from './read-tools.ts';
import { readTier } from './usage.ts';
import { CALL_FIELDS, camelled, ID, refuseTwice } from './wire.ts';

/**
 * Reads a request to generate content. Its path says the model and whether to stream; whoever reads the path sets both
 * in the body as `model` and `stream`. Throws `GatewayError` naming the field at fault.
 */
export function readCall(body: JsonObject): Call {
  const unread = createUnread();
  refuseTwice(body, '');
  const wire = camelled(body);
  if (wire.contents === undefined || wire.contents === null) throw missing('contents');
  const call: Call = {
    model: optionalString(wire, 'model', ''),
    system: readSystem(wire.systemInstruction, unread),
    messages: readContents(wire.contents, unread),
    tools: readTools(wire.tools, unread),
    sampling: {},
    stop: [],
    stream: optionalBoolean(wire, 'stream', '') ?? false,
    streamUsage: false,
    extra: { dialect: ID, fields: extraFields(wire, CALL_FIELDS) },
    wire: { dialect: ID, body },
  };
  readConfig(call, wire.generationConfig, unread);
  readToolConfig(call, wire.toolConfig, unread);
  const tier = readTier(wire.serviceTier);
  if (tier !== undefined) call.serviceTier = tier;
  readLabels(call, wire.labels);
  const paths = unread.paths();
  if (paths.length > 0) call.unread = paths;
  return call;
}

function readLabels(call: Call, value: Json | undefined): void {
  if (value === undefined || value === null) return;
  const labels = objectAt(value, 'labels');
  call.metadata = Object.fromEntries(
    Object.keys(labels).map((key) => [key, optionalString(labels, key, 'labels') ?? '']),
  );
}
