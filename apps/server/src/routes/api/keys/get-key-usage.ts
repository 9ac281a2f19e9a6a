import { endpoints } from '@app/contract';
import { projectOperation } from '../operation.ts';
import type { KeyOperationDeps } from './key-operations.ts';

/** What a key's calls add up to, and when and from where it was last used. */
export const getKeyUsage = ({ keys, traces, nowMs }: KeyOperationDeps) =>
  projectOperation({
    endpoint: endpoints.getKeyUsage,
    permission: 'keys:read',
    run: async ({ project, params, query }) => {
      const { last_used_at, last_used_ip } = await keys.get(project.id, params.id);
      const { data, ...range } = await traces.readKeyUsage(project.id, {
        keyIds: [params.id],
        range: query.range,
        nowMs: nowMs(),
      });
      const [usage] = data;
      if (usage === undefined) throw new Error('The trace store told nothing of the key it was asked for.');
      return { ...range, usage, last_used_at, last_used_ip };
    },
  });
