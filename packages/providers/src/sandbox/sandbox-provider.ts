import type { CallerDialectId } from '@app/protocol';
import type { Provider } from '../provider.ts';

/** The provider that answers test keys. Its address is no address: nothing can connect to it. */
export function sandboxProvider(dialect: CallerDialectId): Provider {
  return { id: 'sandbox', dialect, baseUrl: 'sandbox:', auth: { kind: 'none' }, headers: {} };
}

/** The same, answering every caller in the caller's own dialect. */
export function everySandbox(): Provider {
  const also = OTHERS.map((dialect) => ({ provider: sandboxProvider(dialect) }));
  return { ...sandboxProvider('openai-chat'), also };
}

const OTHERS: readonly CallerDialectId[] = [
  'openai-responses',
  'openai-completions',
  'anthropic-messages',
  'gemini',
];
