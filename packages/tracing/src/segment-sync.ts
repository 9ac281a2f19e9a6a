import { closeSync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { createGroupCommit } from './group-commit.ts';
import type { SegmentWriter } from './segment-writer.ts';

const syncFile = promisify(fsync);

/** Brings written segments to the disk, many records with one fsync, and closes the files that are done. */
export type SegmentSync = {
  /** Something was appended. */
  touch(writer: SegmentWriter): void;
  /** Nothing more will be appended: the file closes once it is on the disk. */
  release(writer: SegmentWriter): void;
  /** Resolves when all that was touched before the call is on the disk; rejects when the disk refused. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

export function openSegmentSync(dir: string): SegmentSync {
  const dirFd = openSync(dir, 'r');
  const dirty = new Set<SegmentWriter>();
  const released = new Set<SegmentWriter>();
  const known = new WeakSet<SegmentWriter>();
  let syncing: SegmentWriter[] = [];

  function closeDone(): void {
    for (const writer of released) {
      if (dirty.has(writer) || syncing.includes(writer)) continue;
      released.delete(writer);
      writer.close();
    }
  }

  async function commit(): Promise<void> {
    syncing = [...dirty];
    dirty.clear();
    try {
      await Promise.all(syncing.map((writer) => writer.sync()));
      // A new file survives a loss of power only when its folder's entry does.
      if (syncing.some((writer) => !known.has(writer))) await syncFile(dirFd);
      for (const writer of syncing) known.add(writer);
    } finally {
      // Not tried again after a failure: the kernel reports lost pages once, and a second success would be a lie.
      syncing = [];
      closeDone();
    }
  }

  const flush = createGroupCommit(commit);
  return {
    touch: (writer) => void dirty.add(writer),
    release(writer) {
      released.add(writer);
      closeDone();
    },
    flush: () => (dirty.size === 0 && syncing.length === 0 ? Promise.resolve() : flush()),
    async close() {
      try {
        await flush();
      } finally {
        closeSync(dirFd);
      }
    },
  };
}
