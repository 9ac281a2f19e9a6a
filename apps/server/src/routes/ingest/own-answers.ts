import type { IngestReceipt } from '@app/contract';
import { type AnswerFormat, asJson, refusedAsOurs } from './answer.ts';

/** A receipt for each batch, and our own errors. */
export const ownAnswers: AnswerFormat = {
  taken: ({ spans, scores, rejected }) => {
    const receipt: IngestReceipt = {
      accepted: spans + scores,
      rejected: rejected.map(({ index, id, reason }) => ({ index, id: id ?? null, reason })),
    };
    return asJson(200, receipt);
  },
  refused: refusedAsOurs,
};
