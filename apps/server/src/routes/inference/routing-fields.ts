import type { KeyModeAsked } from '@app/gateway';
import { GatewayError, type Json, type JsonObject } from '@app/protocol';
import { readKeyMode } from '../../inline-keys/read-key-mode.ts';

/** How targets are to be chosen, in our own words for it. */
export type Mode = 'balance' | 'latency' | 'cost' | 'quality';

/** What a body says to us and not to a model. */
export type RoutingFields = {
  mode: Mode | undefined;
  modelPreferences: readonly string[];
  /** Whose provider keys the call may use. */
  keyMode: KeyModeAsked | undefined;
};

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
 * Takes `mode`, `cost_priority` (its older name), `model_preferences` and `key_mode` out of a body, because no provider
 * knows them.
 * A mode at the end of the model's name (`auto:cost`) counts when the body has none. Throws `GatewayError`.
 */
export function takeRoutingFields(body: JsonObject): RoutingFields {
  const asked = takeMode(body, 'mode');
  const priority = takeMode(body, 'cost_priority');
  return {
    mode: asked ?? priority ?? modeOfModel(body.model),
    modelPreferences: takePreferences(body),
    keyMode: takeKeyMode(body),
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

/** Whose provider keys the body says may be used. Throws `GatewayError` for a word that is none. */
export function takeKeyMode(body: JsonObject): KeyModeAsked | undefined {
  const { key_mode: value } = body;
  if (value === undefined) return undefined;
  delete body.key_mode;
  const read = readKeyMode(value);
  if (!read.ok) throw read.error;
  return read.value;
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
