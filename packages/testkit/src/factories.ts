import type { Limit, Principal, Target } from '@app/gateway';
import type { Call } from '@app/protocol';
import type { Price, Provider } from '@app/providers';

/** A live gateway key without limits that may call models. */
export function aPrincipal(changes: Partial<Principal> = {}): Principal {
  return {
    keyId: 'key_1',
    organizationId: 'org_1',
    projectId: 'proj_1',
    kind: 'gateway',
    mode: 'live',
    environment: 'production',
    permissions: new Set(['inference:call', 'models:read']),
    expiresAtMs: undefined,
    requestsPerMinuteMax: Number.POSITIVE_INFINITY,
    concurrencyMax: Number.POSITIVE_INFINITY,
    capture: 'full',
    ...changes,
  };
}

export function aProvider(changes: Partial<Provider> = {}): Provider {
  return {
    id: 'openai',
    dialect: 'openai-chat',
    baseUrl: 'https://api.openai.test/v1',
    auth: { kind: 'none' },
    headers: {},
    ...changes,
  };
}

/** A dollar per million input tokens, two per million output tokens. */
export function aPrice(changes: Partial<Price> = {}): Price {
  return {
    version: 'table-2026-01-31',
    rates: { inputFresh: 1_000_000, outputText: 2_000_000 },
    tiers: [],
    ...changes,
  };
}

export function aTarget(changes: Partial<Target> = {}): Target {
  return { provider: aProvider(), model: 'model-1', price: aPrice(), ...changes };
}

export function anAnthropicTarget(changes: Partial<Target> = {}): Target {
  const provider = aProvider({
    id: 'anthropic',
    dialect: 'anthropic-messages',
    baseUrl: 'https://api.anthropic.test/v1',
    headers: { 'anthropic-version': '2023-06-01' },
  });
  return aTarget({ provider, model: 'claude-1', ...changes });
}

/** A thousand requests a minute of the project of `aPrincipal`. */
export function aLimit(changes: Partial<Limit> = {}): Limit {
  return {
    id: 'lim_1',
    name: 'Team',
    organizationId: 'org_1',
    projectId: 'proj_1',
    scope: { kind: 'project', id: 'proj_1' },
    measure: 'requests',
    period: 'minute',
    max: 1_000,
    enforcement: 'enforce',
    zone: 'UTC',
    ...changes,
  };
}

/** Ten dollars a month, and no more. */
export function aBudget(changes: Partial<Limit> = {}): Limit {
  const budget = { action: { kind: 'block' }, warnPercents: [], isStrict: false } as const;
  const money = { measure: 'cost', period: 'month', max: 10_000_000_000 } as const;
  return aLimit({ id: 'bud_1', name: 'Monthly', ...money, budget, ...changes });
}

/** One user message. */
export function aCall(changes: Partial<Call> = {}): Call {
  return {
    model: 'model-1',
    system: [],
    messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Hello' }] }],
    tools: [],
    sampling: {},
    stop: [],
    stream: false,
    streamUsage: false,
    extra: { dialect: 'openai-chat', fields: {} },
    ...changes,
  };
}
