import { type AuditTarget, type Destination, endpoints } from '@app/contract';
import type { Destinations } from '../../../destinations/create-destinations.ts';
import { type Operation, organizationOperation } from '../operation.ts';

/** Where an organization's messages go, for the people who belong to it. */
export function destinationOperations(destinations: Destinations): Operation[] {
  const before = ({ organization, params }: Named) => destinations.find(organization.id, params.id);
  const target = ({ params }: Named, found: Pick<Destination, 'name'> | undefined) =>
    targetOf({ id: params.id, name: found?.name ?? null });
  return [
    organizationOperation({
      endpoint: endpoints.listDestinations,
      permission: 'analytics:read',
      run: ({ organization }) => destinations.list(organization.id),
    }),
    organizationOperation({
      endpoint: endpoints.createDestination,
      permission: 'settings:write',
      audit: {
        action: 'destination.create',
        target: (_input, made) => made && targetOf(made),
        after: ({ secret: _secret, ...made }) => made,
      },
      run: ({ organization, body, actor }) => destinations.create(organization.id, body, actor.id),
    }),
    organizationOperation({
      endpoint: endpoints.updateDestination,
      permission: 'settings:write',
      audit: { action: 'destination.change', target, before },
      run: ({ organization, params, body }) =>
        destinations.change(organization.id, { id: params.id, change: body }),
    }),
    organizationOperation({
      endpoint: endpoints.deleteDestination,
      permission: 'settings:write',
      audit: { action: 'destination.delete', target, before, after: () => undefined },
      run: ({ organization, params }) => destinations.delete(organization.id, params.id),
    }),
    organizationOperation({
      endpoint: endpoints.testDestination,
      permission: 'settings:write',
      audit: { action: 'destination.test', target: ({ params }) => targetOf({ id: params.id, name: null }) },
      run: ({ organization, params }) => destinations.test(organization.id, params.id),
    }),
  ];
}

type Named = { organization: { id: string }; params: { id: string } };

const targetOf = ({ id, name }: { id: string; name: string | null }): AuditTarget => ({
  kind: 'destination',
  id,
  name,
});
