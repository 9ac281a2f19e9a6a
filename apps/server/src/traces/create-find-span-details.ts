import type { ScoreList, ScoreSearch, SpanDetails } from '@app/contract';
import type { FoundSpan } from '@app/store';
import type { FindPrice } from '../prices/reprice-call.ts';
import { explainSpanCost } from './explain-span-cost.ts';
import { readReceivedContent } from './read-received-content.ts';

export type GetSpanDeps = {
  traces: {
    findSpan: (projectId: string, traceId: string, spanId: string) => Promise<FoundSpan | undefined>;
    listScores: (projectId: string, search: ScoreSearch) => Promise<ScoreList>;
  };
  findPrice: FindPrice;
};

export type FindSpanDetails = (
  projectId: string,
  traceId: string,
  spanId: string,
) => Promise<SpanDetails | undefined>;

const SCORES_MAX = 200;

/** One span with its content, the evidence of its cost and its scores; undefined when there is none. */
export function createFindSpanDetails({ traces, findPrice }: GetSpanDeps): FindSpanDetails {
  return async (projectId, traceId, spanId) => {
    const [found, scores] = await Promise.all([
      traces.findSpan(projectId, traceId, spanId),
      traces.listScores(projectId, { trace_id: traceId, limit: SCORES_MAX }),
    ]);
    if (found === undefined) return undefined;
    const { span, attributes } = found;
    const content = readReceivedContent(found);
    return {
      ...span,
      dialect: content.dialect,
      evidence: explainSpanCost(found, findPrice),
      scores: scores.data.filter((score) => score.span_id === null || score.span_id === spanId),
      request: content.request,
      reply: content.reply,
      attributes,
    };
  };
}
