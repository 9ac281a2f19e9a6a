import type { Store } from '@app/store';
import type { DataRounds } from './open-data-rounds.ts';
import { RoundFailure } from './round-failure.ts';

export type SweepContentsDeps = {
  traces: Pick<
    Store['traces'],
    'readClock' | 'stageOrphans' | 'eraseContents' | 'countStagedLeft' | 'endErasure'
  >;
  rounds: Pick<DataRounds, 'run'>;
};

export type SweptContents = { contents: number; bytes: number; left: number };

/**
 * Deletes the contents of projects that no span refers to. They are marked by the time at which they were stored: what is
 * loaded after the round that follows stores its contents again, with a later time, and so they stay.
 */
export async function sweepContents(
  { traces, rounds }: SweepContentsDeps,
  projectIds: readonly string[],
): Promise<Map<string, SweptContents>> {
  const storedBeforeMs = await traces.readClock();
  if (!(await rounds.run())) throw new RoundFailure();
  const swept = new Map<string, SweptContents>();
  for (const projectId of projectIds) {
    const jobId = `sweep_${projectId}`;
    const found = await traces.stageOrphans(projectId, { jobId, storedBeforeMs });
    const gone =
      found === 0
        ? { contents: 0, bytes: 0 }
        : await traces.eraseContents(projectId, { jobId, storedBeforeMs });
    const { contents: left } = await traces.countStagedLeft(projectId, { jobId, storedBeforeMs });
    await traces.endErasure(jobId);
    swept.set(projectId, { ...gone, left });
  }
  return swept;
}
