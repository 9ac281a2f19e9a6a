import {
  Alert,
  type AlertChange,
  AlertEventList,
  AlertList,
  Anomaly,
  AnomalyList,
  type NewAlert,
} from '@app/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { ask, queryOf } from './client.ts';

const REFRESH_MS = 15_000;

/** Alerts belong to a project or to a whole organization, and are asked for alike. */
export type AlertPlace = { kind: 'projects' | 'organizations'; id: string };

const base = ({ kind, id }: AlertPlace) => `/api/v1/${kind}/${encodeURIComponent(id)}`;
const one = (place: AlertPlace, id: string) => `${base(place)}/alerts/${encodeURIComponent(id)}`;

export const alertsQuery = (place: AlertPlace) =>
  queryOptions({
    queryKey: ['alerts', place.kind, place.id],
    queryFn: ({ signal }) => ask(`${base(place)}/alerts`, AlertList, { signal }),
    refetchInterval: REFRESH_MS,
  });

export const alertEventsQuery = (place: AlertPlace) =>
  infiniteQueryOptions({
    queryKey: ['alert-events', place.kind, place.id],
    queryFn: ({ signal, pageParam }) =>
      ask(`${base(place)}/alert-events${queryOf({ cursor: pageParam })}`, AlertEventList, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: REFRESH_MS,
  });

export const createAlert = (place: AlertPlace, alert: NewAlert) =>
  ask(`${base(place)}/alerts`, Alert, { method: 'POST', body: alert });

export const updateAlert = (place: AlertPlace, id: string, change: AlertChange) =>
  ask(one(place, id), Alert, { method: 'PATCH', body: change });

export const deleteAlert = (place: AlertPlace, id: string) =>
  ask(one(place, id), z.unknown(), { method: 'DELETE' });

export type AnomalyState = Anomaly['state'];

export const anomaliesQuery = (project: string, state: AnomalyState | undefined) =>
  infiniteQueryOptions({
    queryKey: ['anomalies', project, state],
    queryFn: ({ signal, pageParam }) =>
      ask(
        `/api/v1/projects/${encodeURIComponent(project)}/anomalies${queryOf({ state, cursor: pageParam })}`,
        AnomalyList,
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: REFRESH_MS,
  });

export const acknowledgeAnomaly = (project: string, id: string) =>
  ask(
    `/api/v1/projects/${encodeURIComponent(project)}/anomalies/${encodeURIComponent(id)}/acknowledge`,
    Anomaly,
    { method: 'POST' },
  );
