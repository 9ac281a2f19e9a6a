import { getOAuthState } from 'better-auth/api';

/** The name under which a flow remembers where it was begun. */
export const FLOW_PROVIDER = 'provider';

/**
 * Throws unless the flow under way was begun for this provider. The state alone does not say so: a code of one provider
 * at the callback of another is a mix-up, whoever arranged it.
 */
export async function checkFlowProvider(id: string): Promise<void> {
  const state = await getOAuthState();
  if (state?.serverContext?.[FLOW_PROVIDER] !== id) {
    throw new Error('The code came back to another provider than the one that was asked.');
  }
}
