import { crc32 } from 'node:zlib';
import type { KeyKind, KeyMode } from '@app/contract';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_BYTES = 32;
const RANDOM_CHARS = 43;
const CHECKSUM_CHARS = 6;
const ISSUED = /^(?:tr|tt)_(?:live|test)_[0-9A-Za-z]{49}$/;
const PREFIX_CHARS = 'tr_live_'.length;

/**
 * A new key: its prefix, 256 random bits as 43 base62 characters, and 6 characters of CRC-32 over all of that,
 * by which a scanner can tell a key of ours without asking anyone.
 */
export function newKeySecret(
  kind: KeyKind,
  mode: KeyMode,
  randomBytes: (size: number) => Uint8Array,
): string {
  const prefix = `${kind === 'gateway' ? 'tr' : 'tt'}_${mode}_`;
  // 62^43 exceeds 2^256 by little: written as one number, all 256 bits count and none is biased.
  const number = BigInt(`0x${Buffer.from(randomBytes(RANDOM_BYTES)).toString('hex')}`);
  const body = `${prefix}${base62(number, RANDOM_CHARS)}`;
  return `${body}${checksumOf(body)}`;
}

/** Whether a text has the form and the checksum of a key that we issued. Says nothing about whether it exists. */
export function hasValidChecksum(text: string): boolean {
  if (!ISSUED.test(text)) return false;
  const body = text.slice(0, -CHECKSUM_CHARS);
  return checksumOf(body) === text.slice(-CHECKSUM_CHARS);
}

/** What may be shown of a key, so that its owner recognises it. */
export function shownOf(secret: string): { prefix: string; lastFour: string } {
  return { prefix: secret.slice(0, PREFIX_CHARS), lastFour: secret.slice(-4) };
}

function checksumOf(body: string): string {
  return base62(BigInt(crc32(body)), CHECKSUM_CHARS);
}

function base62(number: bigint, chars: number): string {
  let rest = number;
  let text = '';
  for (let index = 0; index < chars; index += 1) {
    text = ALPHABET.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}
