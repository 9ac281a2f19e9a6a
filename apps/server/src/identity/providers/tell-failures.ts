import { APIError } from 'better-auth/api';
import type { OAuthProvider } from 'better-auth/oauth2';
import type { JsonObject } from './ask-json.ts';

/** A provider whose failures the operator hears of, and whose users meet an answer they can do something with. */
export function tellFailures(
  provider: OAuthProvider<JsonObject>,
  onWarning: (message: string) => void,
): OAuthProvider<JsonObject> {
  const tell = (error: unknown) =>
    onWarning(
      `Signing in by ${provider.id} failed: ${error instanceof Error ? error.message : 'no reason given'}`,
    );
  return {
    ...provider,
    createAuthorizationURL: async (flow) => {
      try {
        return await provider.createAuthorizationURL(flow);
      } catch (error) {
        tell(error);
        throw new APIError('SERVICE_UNAVAILABLE', {
          code: 'PROVIDER_UNAVAILABLE',
          message: 'It cannot be reached.',
        });
      }
    },
    validateAuthorizationCode: async (flow) => {
      try {
        return await provider.validateAuthorizationCode(flow);
      } catch (error) {
        tell(error);
        return null;
      }
    },
    getUserInfo: async (tokens) => {
      try {
        const found = await provider.getUserInfo(tokens);
        if (found === null) tell(new Error('what it says about the person could not be verified'));
        return found;
      } catch (error) {
        tell(error);
        return null;
      }
    },
  };
}
