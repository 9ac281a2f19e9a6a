import { endpoints } from '@app/contract';
import type { Follow, LiveEvent } from '../../../live-tail/create-live-tail.ts';
import { type Operation, projectOperation } from '../operation.ts';

export type FollowDeps = { follow: (follow: Follow) => AsyncIterable<LiveEvent> };

/** The calls of a project as they end, as server-sent events. */
export function followTraces({ follow }: FollowDeps): Operation {
  return projectOperation({
    endpoint: endpoints.followTraces,
    permission: 'traces:read',
    run: async ({ project, query, stillMay }) => follow({ projectId: project.id, search: query, stillMay }),
  });
}
