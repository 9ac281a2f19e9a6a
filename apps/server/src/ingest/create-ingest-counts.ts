import type { Batch } from '@app/tracing';

/** What arrived, by project, since this server started. */
export type IngestCounts = {
  note(projectId: string, batch: { spans: number; rejected: number; dropped: Batch['dropped'] }): void;
  read(projectId: string): ProjectCounts;
};

type ProjectCounts = {
  receivedSpans: number;
  rejectedSpans: number;
  /** What senders say they lost before. */
  dropped: { reason: string; spans: number }[];
};

type Held = { receivedSpans: number; rejectedSpans: number; dropped: Map<string, number> };

/** Projects are made by people who may do so, and there are few of them: nothing is ever forgotten. */
export function createIngestCounts(): IngestCounts {
  const byProject = new Map<string, Held>();
  return {
    note: (projectId, { spans, rejected, dropped }) => {
      const held = byProject.get(projectId) ?? { receivedSpans: 0, rejectedSpans: 0, dropped: new Map() };
      held.receivedSpans += spans + rejected;
      held.rejectedSpans += rejected;
      for (const [reason, count = 0] of Object.entries(dropped))
        held.dropped.set(reason, (held.dropped.get(reason) ?? 0) + count);
      byProject.set(projectId, held);
    },
    read: (projectId) => {
      const held = byProject.get(projectId);
      return {
        receivedSpans: held?.receivedSpans ?? 0,
        rejectedSpans: held?.rejectedSpans ?? 0,
        dropped: [...(held?.dropped ?? [])].map(([reason, spans]) => ({ reason, spans })),
      };
    },
  };
}
