import type { ProjectRedactors } from '@app/tracing';

/** What a score says in words, whoever gave it and however it came. */
export type Judgement = {
  name: string;
  value: number | string | boolean;
  comment: string;
  sessionId: string;
};

/** The judgement without private values; a session or a name that is one has the same name as in spans. */
export function redactJudgement(judgement: Judgement, redactors: ProjectRedactors): Judgement {
  const content = redactors.content.begin();
  const names = redactors.names.begin();
  const { name, value, comment, sessionId } = judgement;
  return {
    name: names.text(name),
    value: typeof value === 'string' ? content.text(value) : value,
    comment: content.text(comment),
    sessionId: names.text(sessionId),
  };
}
