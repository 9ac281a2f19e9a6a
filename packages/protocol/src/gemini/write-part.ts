import type { AssistantPart } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Signature } from '../signature.ts';
import { writeMade } from './media.ts';
import { writeSeal } from './seals.ts';
import { ID, isInvented, writeInput } from './wire.ts';

/** A part of a reply as a caller gets it. What only another dialect understands is left out. */
export function writePart(part: AssistantPart): JsonObject[] {
  switch (part.kind) {
    case 'text':
      return part.text === '' && part.signature === undefined
        ? []
        : [sealed({ text: part.text }, part.signature)];
    case 'thinking':
      return part.text === '' && part.signature === undefined
        ? []
        : [sealed({ text: part.text, thought: true }, part.signature)];
    case 'refusal':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'tool-call': {
      const call: JsonObject = { name: part.name, args: writeInput(part.input) };
      return [
        sealed({ functionCall: isInvented(part.id) ? call : { id: part.id, ...call } }, part.signature),
      ];
    }
    case 'media':
      return [sealed(writeMade(part), part.signature)];
    case 'opaque':
      return part.dialect === ID && isObject(part.value) ? [part.value] : [];
  }
}

function sealed(wire: JsonObject, signature: Signature | undefined): JsonObject {
  return signature === undefined ? wire : { ...wire, thoughtSignature: writeSeal(signature) };
}

/** What a refusal says, where the wire explains a stop. */
export function withMessage(wire: JsonObject, field: string, message: string): JsonObject {
  return message === '' ? wire : { ...wire, [field]: message };
}
