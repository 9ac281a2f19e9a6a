import type { Json } from '../json.ts';
import type { Usage } from '../usage.ts';

/** The tokens that a provider says it read; nothing where that is no count. */
export function inputUsage(stated: Json | undefined): Usage {
  const isCount = typeof stated === 'number' && Number.isSafeInteger(stated) && stated >= 0;
  return isCount ? { inputFresh: stated } : {};
}
