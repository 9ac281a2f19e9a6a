import { isObject, stringOf, type Unknown } from './content/json.ts';
import { plainName } from './content/plain-name.ts';

const ENDINGS = new Map([
  ['end', 'The model had said all it wanted to.'],
  ['length', 'The reply was cut off: it reached the limit of tokens.'],
  ['tool-calls', 'The model waits for the results of its tools.'],
  ['stop-sequence', 'The reply reached a stop sequence'],
  ['refusal', 'The model refused, or a filter stopped the reply.'],
  ['pause', 'The model paused its turn and wants to go on.'],
  ['other', 'The reply ended without saying why.'],
]);

/** Why the reply ended, as a sentence, with the provider's own word. */
export function readEnding(reply: Unknown): string | undefined {
  if (!isObject(reply)) return undefined;
  const why = ENDINGS.get(String(reply.stop));
  if (why === undefined) return undefined;
  const sequence = stringOf(reply.stopSequence);
  const said =
    sequence === undefined ? why.replace(/(\w)$/, '$1.') : `${why}: ${plainName(JSON.stringify(sequence))}.`;
  const raw = stringOf(reply.rawStop);
  return raw === undefined ? said : `${said} The provider’s word for it is “${plainName(raw)}”.`;
}
