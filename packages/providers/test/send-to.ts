import type { CallerDialectId, JsonObject, Loss } from '@app/protocol';
import { findWay } from '../src/find-way.ts';
import type { Provider } from '../src/provider.ts';
import { providerRow } from '../src/provider-row.ts';
import { applyQuirks } from '../src/quirks.ts';

export type Sent = { body: JsonObject; losses: Loss[] };

/** What a known provider gets of a body that is already written in the dialect of the way to it. */
export function sendTo(id: string, body: JsonObject, facts: Facts = {}): Sent {
  const { model = 'a-model', caller = 'openai-chat', provider = providerRow({ id }) } = facts;
  const way = findWay(provider, { dialect: caller, model });
  const isOwn = way.dialect === caller;
  return way.quirks === undefined ? { body, losses: [] } : applyQuirks(body, way.quirks, { model, isOwn });
}

type Facts = { model?: string; caller?: CallerDialectId; provider?: Provider };

export const lost = (...paths: string[]): Loss[] => paths.map((path) => ({ path, why: 'unsupported' }));
export const changed = (...paths: string[]): Loss[] => paths.map((path) => ({ path, why: 'changed' }));
