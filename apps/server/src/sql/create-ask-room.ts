import { GatewayError } from '@app/protocol';

/**
 * Questions that run at once. More of them of one project only make each other slow; those of all leave room at the store for
 * everything else, however long they take.
 */
const AT_ONCE_MAX = { ofProject: 2, ofAll: 3 };

/** Lets a few questions of each project run, and refuses the others at once instead of letting them wait. */
export function createAskRoom(): <T>(projectId: string, run: () => Promise<T>) => Promise<T> {
  const running = new Map<string, number>();
  let all = 0;
  return async (projectId, run) => {
    const count = running.get(projectId) ?? 0;
    if (count >= AT_ONCE_MAX.ofProject) {
      const message = `This project has ${count} questions running already. Ask again when one has ended.`;
      throw new GatewayError('concurrency_limit_exceeded', message, { retryAfterS: 1 });
    }
    if (all >= AT_ONCE_MAX.ofAll) {
      const message = 'As many questions run on this server as may at once. Ask again when one has ended.';
      throw new GatewayError('overloaded', message, { retryAfterS: 2 });
    }
    running.set(projectId, count + 1);
    all += 1;
    try {
      return await run();
    } finally {
      all -= 1;
      const left = (running.get(projectId) ?? 1) - 1;
      if (left === 0) running.delete(projectId);
      else running.set(projectId, left);
    }
  };
}
