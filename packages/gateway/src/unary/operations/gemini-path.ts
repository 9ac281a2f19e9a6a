import { providerDialects } from '@app/protocol';
import type { Target } from '../../ports.ts';

/** The address of another action of a Gemini model, beside the one where it generates. */
export function geminiPath({ provider, model }: Target, action: string): string {
  const { whole } = provider.paths ?? providerDialects.gemini.outbound.paths;
  const path = whole.replace('{model}', () => encodeURIComponent(model));
  return path.replace(/:generateContent$/, `:${action}`);
}
