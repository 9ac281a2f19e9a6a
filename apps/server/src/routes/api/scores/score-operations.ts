import { endpoints, type NewScore, type Score } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Store } from '@app/store';
import type { ProjectRedactors } from '@app/tracing';
import { type IdSource, newId } from '../../../ids.ts';
import { type Judgement, redactJudgement } from '../../../traces/redact-judgement.ts';
import { type Operation, projectOperation } from '../operation.ts';

export type ScoreOperationDeps = {
  traces: Pick<Store['traces'], 'listScores' | 'findScore' | 'insertScore' | 'deleteScore'>;
  ids: IdSource;
  /** What takes private values out of what is said in a project. */
  redactorsOf: (projectId: string) => ProjectRedactors;
};

/** The operations on judgements about traces, spans and sessions. */
export function scoreOperations({ traces, ...deps }: ScoreOperationDeps): Operation[] {
  return [
    projectOperation({
      endpoint: endpoints.listScores,
      permission: 'traces:read',
      run: ({ project, query }) => traces.listScores(project.id, query),
    }),
    createScore({ traces, ...deps }),
    deleteScore(traces),
  ];
}

const createScore = ({ traces, ids, redactorsOf }: ScoreOperationDeps) =>
  projectOperation({
    endpoint: endpoints.createScore,
    permission: 'traces:write',
    audit: {
      action: 'score.create',
      target: (_, score) => score && targetOf(score),
      after: writtenOf,
    },
    run: async ({ project, body, actor }): Promise<Score> => {
      const nowMs = ids.nowMs();
      const { name, value, comment, sessionId } = keptOf(body, project.capture, () =>
        redactorsOf(project.id),
      );
      const score: Score = {
        id: newId('score_', ids),
        trace_id: body.trace_id ?? null,
        span_id: body.span_id ?? null,
        session_id: sessionId === '' ? null : sessionId,
        name,
        value,
        comment: comment === '' ? null : comment,
        source: body.source ?? (actor.kind === 'user' ? 'annotation' : 'api'),
        author: actor.label ?? actor.id,
        at: new Date(nowMs).toISOString(),
      };
      await traces.insertScore(project.id, score, nowMs);
      return score;
    },
  });

/** As much as of a score that is sent with spans. */
function keptOf(
  { name, value, comment = '', session_id = '' }: NewScore,
  capture: 'full' | 'redacted' | 'metadata',
  redactors: () => ProjectRedactors,
): Judgement {
  // Half a surrogate pair is no text for a column.
  const said = {
    name: name.toWellFormed(),
    value: typeof value === 'string' ? value.toWellFormed() : value,
    comment: capture === 'metadata' ? '' : comment.toWellFormed(),
    sessionId: session_id.toWellFormed(),
  };
  return capture === 'redacted' ? redactJudgement(said, redactors()) : said;
}

const deleteScore = (traces: Pick<Store['traces'], 'findScore' | 'deleteScore'>) =>
  projectOperation({
    endpoint: endpoints.deleteScore,
    permission: 'traces:write',
    audit: {
      action: 'score.delete',
      target: (_, score) => score && targetOf(score),
      before: async ({ project, params }) => {
        const score = await traces.findScore(project.id, params.id);
        return score && writtenOf(score);
      },
      after: () => undefined,
    },
    run: async ({ project, params }): Promise<Score> => {
      const score = await traces.findScore(project.id, params.id);
      if (score === undefined) {
        throw new GatewayError('not_found', 'There is no such score in this project.', { retryable: false });
      }
      await traces.deleteScore(project.id, params.id);
      return score;
    },
  });

/** What somebody said in their own words stays out of the audit. */
const writtenOf = ({ comment: _, ...score }: Score) => score;

const targetOf = (score: Score) => ({ kind: 'score', id: score.id, name: score.name });
