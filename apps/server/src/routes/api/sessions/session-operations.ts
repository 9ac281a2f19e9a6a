import { endpoints } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Store } from '@app/store';
import { type Operation, projectOperation } from '../operation.ts';

export type SessionOperationDeps = {
  traces: Pick<Store['traces'], 'listSessions' | 'listUsers' | 'listPrompts' | 'findPrompt' | 'analyzeCalls'>;
  nowMs: () => number;
};

/** What spans add up to: by session, user and prompt, and by whatever else they have. */
export function sessionOperations({ traces, nowMs }: SessionOperationDeps): Operation[] {
  return [
    projectOperation({
      endpoint: endpoints.listSessions,
      permission: 'traces:read',
      run: ({ project, query }) => traces.listSessions(project.id, { ...query, nowMs: nowMs() }),
    }),
    projectOperation({
      endpoint: endpoints.listUsers,
      permission: 'traces:read',
      run: ({ project, query }) => traces.listUsers(project.id, { ...query, nowMs: nowMs() }),
    }),
    projectOperation({
      endpoint: endpoints.listPrompts,
      permission: 'traces:read',
      run: ({ project, query }) => traces.listPrompts(project.id, { ...query, nowMs: nowMs() }),
    }),
    getPrompt(traces, nowMs),
    projectOperation({
      endpoint: endpoints.analyze,
      permission: 'traces:read',
      run: ({ project, query }) => traces.analyzeCalls(project.id, { ...query, nowMs: nowMs() }),
    }),
  ];
}

/** One prompt with its versions. */
const getPrompt = (traces: Pick<Store['traces'], 'findPrompt'>, nowMs: () => number) =>
  projectOperation({
    endpoint: endpoints.getPrompt,
    permission: 'traces:read',
    run: async ({ project, params, query }) => {
      const found = await traces.findPrompt(project.id, params.id, { ...query, nowMs: nowMs() });
      if (found !== undefined) return found;
      throw new GatewayError('not_found', 'There is no call with such a prompt in this stretch of time.', {
        retryable: false,
      });
    },
  });
