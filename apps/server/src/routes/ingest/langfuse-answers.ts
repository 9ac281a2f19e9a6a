import { type AnswerFormat, asJson, refusedAsOurs } from './answer.ts';

/**
 * As Langfuse's `POST /api/public/ingestion` answers: 207 with the fate of each event. Its SDKs repeat a batch of which one
 * event failed with anything but 4xx, so what can never be taken says 400.
 */
export const langfuseAnswers: AnswerFormat = {
  taken: ({ eventIds, rejected }) => {
    const refused = new Map(rejected.map(({ index, reason }) => [index, reason]));
    const successes: { id: string; status: number }[] = [];
    const errors: { id: string; status: number; message: string; error: string }[] = [];
    eventIds.forEach((id, index) => {
      const reason = refused.get(index);
      if (reason === undefined) successes.push({ id, status: 201 });
      else errors.push({ id, status: 400, message: 'Invalid request data', error: reason });
    });
    return asJson(207, { successes, errors });
  },
  refused: refusedAsOurs,
};

/** As its `POST /api/public/scores` answers. */
export const langfuseScoreAnswers: AnswerFormat = {
  taken: ({ eventIds: [id = ''], rejected: [refused] }) =>
    refused === undefined
      ? asJson(200, { id })
      : asJson(400, { message: refused.reason, error: 'InvalidRequestError' }),
  refused: refusedAsOurs,
};
