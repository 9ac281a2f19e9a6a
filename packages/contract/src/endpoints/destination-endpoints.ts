import {
  CreatedDestination,
  Destination,
  DestinationChange,
  DestinationList,
  DestinationTest,
  NewDestination,
} from '../destinations.ts';
import { type Endpoint, inOrganization, noBody, nothing, oneInOrganization } from '../endpoint.ts';

/** Where an organization's messages go. */
export const destinationEndpoints = {
  listDestinations: {
    method: 'GET',
    path: '/api/v1/organizations/{organization}/destinations',
    params: inOrganization,
    query: nothing,
    body: noBody,
    status: 200,
    output: DestinationList,
  },
  createDestination: {
    method: 'POST',
    path: '/api/v1/organizations/{organization}/destinations',
    params: inOrganization,
    query: nothing,
    body: NewDestination,
    status: 201,
    output: CreatedDestination,
  },
  updateDestination: {
    method: 'PATCH',
    path: '/api/v1/organizations/{organization}/destinations/{id}',
    params: oneInOrganization,
    query: nothing,
    body: DestinationChange,
    status: 200,
    output: Destination,
  },
  deleteDestination: {
    method: 'DELETE',
    path: '/api/v1/organizations/{organization}/destinations/{id}',
    params: oneInOrganization,
    query: nothing,
    body: noBody,
    status: 200,
    output: Destination,
  },
  testDestination: {
    method: 'POST',
    path: '/api/v1/organizations/{organization}/destinations/{id}/test',
    params: oneInOrganization,
    query: nothing,
    body: noBody,
    status: 200,
    output: DestinationTest,
  },
} as const satisfies { [name: string]: Endpoint };
