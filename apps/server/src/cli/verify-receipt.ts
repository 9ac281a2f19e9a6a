import { readFileSync } from 'node:fs';
import { Deletion, DeletionReceipt } from '@app/contract';
import { z } from 'zod';
import { isGenuineReceipt } from '../retention/receipt-key.ts';
import type { World } from './world.ts';

const PublicKeys = z.object({ keys: z.array(z.object({ kid: z.string(), public_key_pem: z.string() })) });

/**
 * Checks a receipt with the public key, without asking anybody. Either may be as the API gives it: a deletion with its
 * receipt in it, and the answer of `/.well-known/tr-receipt-key`, or the key alone as PEM. Gives the exit status.
 */
export function verifyReceipt(files: { receipt: string; key: string }, world: World): number {
  const value: unknown = JSON.parse(readFileSync(files.receipt, 'utf8'));
  const receipt = Deletion.safeParse(value).data?.receipt ?? DeletionReceipt.safeParse(value).data;
  if (receipt === undefined) {
    world.warn(`${files.receipt} holds no receipt.\n`);
    return 1;
  }
  const pem = findKey(readFileSync(files.key, 'utf8'), receipt.key_id);
  if (pem === undefined) {
    world.warn(`${files.key} holds no key ${receipt.key_id}.\n`);
    return 1;
  }
  if (!isGenuineReceipt(receipt, pem)) {
    world.warn('The receipt is NOT genuine: something in it was changed, or another key signed it.\n');
    return 1;
  }
  const { traces, spans, contents, responses, alerts = 0 } = receipt.deleted;
  world.print(
    `The receipt is genuine: ${receipt.deletion_id} deleted ${traces} traces (${spans} spans), ${contents} contents, ${responses} responses and ${alerts} entries of alerts until ${receipt.finished_at}.\n`,
  );
  return 0;
}

function findKey(text: string, kid: string): string | undefined {
  if (text.trimStart().startsWith('-----BEGIN')) return text;
  return PublicKeys.safeParse(JSON.parse(text)).data?.keys.find((key) => key.kid === kid)?.public_key_pem;
}
