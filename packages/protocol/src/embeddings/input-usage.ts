import type { Json } from '../json.ts';
import { readTokens, type Usage } from '../usage.ts';

/** The tokens that a provider says it read; nothing where that is no count. */
export function inputUsage(stated: Json | undefined): Usage {
  const inputFresh = readTokens(stated);
  return inputFresh === undefined ? {} : { inputFresh };
}
