/**
 * A seal that a model's maker puts on what the model thought, and that its models want back with it. It means nothing
 * to other makers. `isRedacted`: the seal holds the thinking itself, encrypted. `id` is the maker's name for the part.
 */
export type Signature = { maker: Maker; value: string; id?: string; isRedacted?: true };

/** Whose models can read a signature, wherever they run. */
export type Maker = 'anthropic' | 'openai' | 'google';

const MAKERS: readonly string[] = ['anthropic', 'openai', 'google'] satisfies Maker[];
const CARRIED = /^tr1\.([a-z]+)\.(r?)\.([^.]*)\.(.*)$/s;

/**
 * A signature as one text for a field where the dialect of `own` keeps its own signatures, so that a caller who sends
 * its conversation back brings the signatures of other makers back too.
 */
export function carrySignature(signature: Signature, own: Maker): string {
  const { maker, value, id = '', isRedacted } = signature;
  if (maker === own) return value;
  // Half a character in a name cannot be encoded.
  const name = encodeURIComponent(id.toWellFormed()).replaceAll('.', '%2E');
  return `tr1.${maker}.${isRedacted ? 'r' : ''}.${name}.${value}`;
}

/** The signature behind a text: what `carrySignature` wrote, or one of `own`. */
export function readSignature(text: string, own: Maker): Signature {
  const [, maker, redacted, id, value] = CARRIED.exec(text) ?? [];
  if (!isMaker(maker) || value === undefined || id === undefined) return { maker: own, value: text };
  const signature: Signature = { maker, value };
  const name = decoded(id);
  if (name !== '') signature.id = name;
  if (redacted === 'r') signature.isRedacted = true;
  return signature;
}

function isMaker(text: string | undefined): text is Maker {
  return text !== undefined && MAKERS.includes(text);
}

/** A text that nobody encoded is no name. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
