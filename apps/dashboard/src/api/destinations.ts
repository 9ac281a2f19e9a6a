import {
  CreatedDestination,
  Destination,
  type DestinationChange,
  DestinationList,
  DestinationTest,
  type NewDestination,
} from '@app/contract';
import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { ask } from './client.ts';

const base = (organization: string) =>
  `/api/v1/organizations/${encodeURIComponent(organization)}/destinations`;
const one = (organization: string, id: string) => `${base(organization)}/${encodeURIComponent(id)}`;

export const destinationsQuery = (organization: string) =>
  queryOptions({
    queryKey: ['destinations', organization],
    queryFn: ({ signal }) => ask(base(organization), DestinationList, { signal }),
  });

/** The answer is the only one that ever holds the secret that a webhook's messages are signed with. */
export const createDestination = (organization: string, destination: NewDestination) =>
  ask(base(organization), CreatedDestination, { method: 'POST', body: destination });

export const updateDestination = (organization: string, id: string, change: DestinationChange) =>
  ask(one(organization, id), Destination, { method: 'PATCH', body: change });

export const deleteDestination = (organization: string, id: string) =>
  ask(one(organization, id), z.unknown(), { method: 'DELETE' });

export const testDestination = (organization: string, id: string) =>
  ask(`${one(organization, id)}/test`, DestinationTest, { method: 'POST' });
