import type { Call } from '../call.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Loss } from '../loss.ts';
import { addForeignLosses, createLosses, type Losses, wordsOf } from '../losses.ts';
import { patchCall } from './patch-call.ts';
import { writeTier } from './usage.ts';
import { ID } from './wire.ts';
import { writeConfig } from './write-config.ts';
import { writeContents, writeSystem } from './write-message.ts';
import { writeTools } from './write-tools.ts';

/**
 * Writes a request to generate content; the model and the wish to stream are in its path and not in the body. A call
 * that came in this dialect goes on as it came.
 */
export function writeCall(call: Call, model: string): { body: JsonObject; losses: Loss[] } {
  const losses = createLosses();
  if (call.wire?.dialect === ID) {
    const body = patchCall(call.wire.body, { model, losses });
    return { body, losses: losses.list() };
  }
  const body: JsonObject = {};
  const config: JsonObject = {};
  if (call.extra.dialect === ID) writeOwn(call.extra.fields, body, config);
  addForeignLosses(call, ID, losses);
  if (call.system.length > 0) body.systemInstruction = writeSystem(call.system);
  for (const { cache } of call.system)
    if (cache !== undefined) losses.add(wordsOf(call).cache, 'unsupported');
  body.contents = writeContents(call, losses, model);
  writeTools(body, call, losses);
  writeConfig({ config, call, losses }, model);
  if (Object.keys(config).length > 0) body.generationConfig = config;
  writeAccount(body, call, losses);
  return { body, losses: losses.list() };
}

/** Fields under their path go back to where they were. */
function writeOwn(fields: JsonObject, body: JsonObject, config: JsonObject): void {
  for (const path of Object.keys(fields)) {
    const value = fields[path];
    const [outer = '', inner, innermost] = path.split('.');
    if (inner === undefined) body[outer] = value;
    else if (outer === 'generationConfig') config[inner] = value;
    else
      body.toolConfig = placed(
        body.toolConfig,
        innermost === undefined ? { [inner]: value } : { [inner]: { [innermost]: value } },
      );
  }
}

function placed(config: Json | undefined, more: JsonObject): JsonObject {
  return typeof config === 'object' && config !== null && !Array.isArray(config)
    ? { ...config, ...more }
    : more;
}

/** Google refuses a label that does not look like one. Source: Google Cloud's page on labels, "Requirements". */
const LABEL_KEY = /^[a-z][a-z0-9_-]{0,62}$/;
const LABEL_VALUE = /^[a-z0-9_-]{0,63}$/;
const TIERS = new Set(['default', 'flex', 'priority']);

function writeAccount(body: JsonObject, call: Call, losses: Losses): void {
  const words = wordsOf(call);
  const isOwn = call.extra.dialect === ID;
  const { metadata, serviceTier } = call;
  const areLabels = Object.entries(metadata ?? {}).every(
    ([key, value]) => LABEL_KEY.test(key) && LABEL_VALUE.test(value),
  );
  if (metadata !== undefined && (areLabels || isOwn)) body.labels = metadata;
  else if (metadata !== undefined) losses.add(words.metadata, 'unsupported');
  if (serviceTier !== undefined && (isOwn || TIERS.has(serviceTier)))
    body.serviceTier = writeTier(serviceTier);
  else if (serviceTier !== undefined && serviceTier !== 'auto') losses.add(words.serviceTier, 'unsupported');
  for (const name of ['user', 'promptCacheKey', 'safetyIdentifier', 'verbosity'] as const)
    if (call[name] !== undefined) losses.add(words[name], 'unsupported');
}
