import type { KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { AuditFault } from '@app/contract';
import { type Anchor, digestOfLine, isSignedBy, NO_PREVIOUS, parseAnchor } from './anchor-record.ts';
import type { KnownLink } from './verify-chain.ts';

export type ReadAnchors = {
  /** Of the chain that was asked for, in the order of their numbers. */
  links: KnownLink[];
  lastAtMs: number | undefined;
  /** What is wrong with the file itself. */
  faults: AuditFault[];
};

export type AnchorTail = {
  /** The last line that is one. */
  last: { number: number; digest: string } | undefined;
  /** The newest link of each chain that the file has. */
  newest: Map<string, number>;
};

type Wanted = { path: string; publicKey: KeyObject; organizationId: string };

/** The signed copies of one chain out of a file, which may be long. A file that is not there has none. */
export async function readAnchors({ path, publicKey, organizationId }: Wanted): Promise<ReadAnchors> {
  const byNumber = new Map<number, Buffer>();
  const faults: AuditFault[] = [];
  let lastAtMs: number | undefined;
  let before: { number: number; digest: string } | undefined;
  for await (const { line, anchor } of linesOf(path)) {
    const { number, sequence, previous } = anchor;
    const isOwn = anchor.organization_id === organizationId;
    if (!isSignedBy(anchor, publicKey)) {
      faults.push(
        missing(
          isOwn ? sequence : null,
          `Line ${number} of the signed copies does not bear this installation's signature.`,
        ),
      );
      continue;
    }
    if (number !== (before?.number ?? 0) + 1 || previous !== (before?.digest ?? NO_PREVIOUS)) {
      faults.push(missing(null, `Before line ${number} of the signed copies something is gone.`));
    }
    before = { number, digest: digestOfLine(line) };
    if (!isOwn) continue;
    byNumber.set(sequence, Buffer.from(anchor.mac, 'hex'));
    lastAtMs = Date.parse(anchor.at);
  }
  const links = [...byNumber].map(([sequence, mac]) => ({ sequence, mac }));
  return {
    links: links.sort((left, right) => left.sequence - right.sequence),
    lastAtMs,
    faults: faults.slice(0, 100),
  };
}

/** Where a file goes on. */
export async function readAnchorTail(path: string): Promise<AnchorTail> {
  const newest = new Map<string, number>();
  let last: AnchorTail['last'];
  for await (const { line, anchor } of linesOf(path)) {
    last = { number: anchor.number, digest: digestOfLine(line) };
    newest.set(anchor.organization_id, anchor.sequence);
  }
  return { last, newest };
}

/** Lines that are anchors; a last one that was cut off is none, and its number comes again. */
async function* linesOf(path: string): AsyncGenerator<{ line: string; anchor: Anchor }> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    const lines = createInterface({ input: file.createReadStream({ encoding: 'utf8', autoClose: false }) });
    for await (const line of lines) {
      const anchor = parseAnchor(line);
      if (anchor !== undefined) yield { line, anchor };
    }
  } finally {
    await file.close();
  }
}

function missing(sequence: number | null, message: string): AuditFault {
  return { kind: 'anchor_missing', sequence, message };
}
