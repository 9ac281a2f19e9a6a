import { endpoints } from '@app/contract';
import type { Repricings } from '../../../prices/create-repricings.ts';
import { projectOperation } from '../operation.ts';

/** Where a re-price stands, and its report so far. */
export const getRepricing = (repricings: Repricings) =>
  projectOperation({
    endpoint: endpoints.getRepricing,
    permission: 'analytics:read',
    run: ({ project, params }) => repricings.get(project.id, params.id),
  });
