import { GatewayError } from '@app/protocol';

/** Questions of one project that run at once; more of them only make each other slow. */
const AT_ONCE_MAX = 2;

/** Lets a few questions of each project run, and refuses the others at once instead of letting them wait. */
export function createAskRoom(): <T>(projectId: string, run: () => Promise<T>) => Promise<T> {
  const running = new Map<string, number>();
  return async (projectId, run) => {
    const count = running.get(projectId) ?? 0;
    if (count >= AT_ONCE_MAX) {
      const message = `This project has ${AT_ONCE_MAX} questions running already. Ask again when one has ended.`;
      throw new GatewayError('concurrency_limit_exceeded', message, { retryAfterS: 1 });
    }
    running.set(projectId, count + 1);
    try {
      return await run();
    } finally {
      const left = (running.get(projectId) ?? 1) - 1;
      if (left === 0) running.delete(projectId);
      else running.set(projectId, left);
    }
  };
}
