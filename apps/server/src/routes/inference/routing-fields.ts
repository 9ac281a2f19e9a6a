import { GatewayError, type Json, type JsonObject } from '@app/protocol';

/** How targets are to be chosen, in our own words for it. */
export type Mode = 'balance' | 'latency' | 'cost' | 'quality';

/** What a body says to us and not to a model. */
export type RoutingFields = { mode: Mode | undefined; modelPreferences: readonly string[] };

const MODES: ReadonlyMap<string, Mode> = new Map([
  ['balance', 'balance'],
  ['balanced', 'balance'],
  ['latency', 'latency'],
  ['speed', 'latency'],
  ['fast', 'latency'],
  ['cost', 'cost'],
  ['quality', 'quality'],
]);

const PREFERENCES_MAX = 32;

/**
 * Takes `mode`, `cost_priority` (its older name) and `model_preferences` out of a body, because no provider knows them.
 * A mode at the end of the model's name (`auto:cost`) counts when the body has none. Throws `GatewayError`.
 */
export function takeRoutingFields(body: JsonObject): RoutingFields {
  const asked = takeMode(body, 'mode');
  const priority = takeMode(body, 'cost_priority');
  return {
    mode: asked ?? priority ?? modeOfModel(body.model),
    modelPreferences: takePreferences(body),
  };
}

function takeMode(body: JsonObject, field: string): Mode | undefined {
  const value = body[field];
  if (value === undefined) return undefined;
  delete body[field];
  if (value === null) return undefined;
  const mode = typeof value === 'string' ? MODES.get(value) : undefined;
  if (!mode) throw invalid(field, `must be one of ${[...MODES.keys()].join(', ')}`);
  return mode;
}

function modeOfModel(model: Json | undefined): Mode | undefined {
  return typeof model === 'string' && model.includes(':')
    ? MODES.get(model.slice(model.lastIndexOf(':') + 1))
    : undefined;
}

function takePreferences(body: JsonObject): readonly string[] {
  const value = body.model_preferences;
  if (value === undefined) return [];
  delete body.model_preferences;
  if (value === null) return [];
  const names = Array.isArray(value) ? value.filter((name) => typeof name === 'string' && name !== '') : [];
  if (!Array.isArray(value) || names.length !== value.length || names.length > PREFERENCES_MAX) {
    throw invalid('model_preferences', `must be an array of at most ${PREFERENCES_MAX} model names`);
  }
  return names.map(String);
}

/** A field with a value that we cannot take. */
export function invalid(param: string, fault: string): GatewayError {
  return new GatewayError('invalid_parameter', `\`${param}\` ${fault}.`, { param, retryable: false });
}
