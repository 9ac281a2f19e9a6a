import type { Asked, Journey, OwnObjects, Running } from '@app/gateway';
import { GatewayError } from '@app/protocol';

/**
 * The same journey for calls that may name what providers keep: only what is their project's own, and only the provider
 * that keeps it. It stands before the journey itself, so that no way to a provider is without it.
 */
export function withOwnFiles(journey: Journey, own: OwnObjects): Journey {
  return {
    ...journey,
    start(asked, caller) {
      const { body, principal } = asked;
      // The sandbox, which answers test keys, keeps nothing.
      const named =
        body.ok && principal.mode !== 'test' ? own.find(body.value, asked.ownContainers) : undefined;
      if (named === undefined) return journey.start(asked, caller);
      let running: Running | undefined;
      let hasLeft = false;
      // It never rejects: whatever is wrong is the call's error, which the journey tells and records.
      void checked(asked, () => own.check(principal.projectId, named)).then((whole) => {
        running = journey.start(whole, caller);
        if (hasLeft) running.cancel();
      });
      return {
        cancel: () => {
          hasLeft = true;
          running?.cancel();
        },
      };
    },
  };
}

async function checked(asked: Asked, check: () => Promise<string[]>): Promise<Asked> {
  try {
    const keepers = await check();
    return keepers.length === 0 ? asked : { ...asked, providerIds: keepers };
  } catch (cause) {
    const unforeseen = new GatewayError('internal_error', 'The call could not be completed.', { cause });
    return { ...asked, body: { ok: false, error: cause instanceof GatewayError ? cause : unforeseen } };
  }
}
