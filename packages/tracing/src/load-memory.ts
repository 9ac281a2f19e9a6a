import type { Line } from './load-lines.ts';

/** Room for the rows of one load, as `buildSegmentLoads` writes them. */
export type LoadMemory = {
  /** So many bytes, in the place of those of the load before. */
  take(bytes: number): Buffer;
  /** Somebody may still read what was written last: it is left alone, and the next load gets other memory. */
  leave(): void;
};

/**
 * Memory that threads share and that is used again for each load. Memory that is given away from thread to thread counts, as it
 * comes, among what V8 has to collect: the thread that serves calls would look through its whole heap after each few loads.
 */
export function createLoadMemory(): LoadMemory {
  let memory = new SharedArrayBuffer(0);
  return {
    take(bytes) {
      if (memory.byteLength < bytes)
        memory = new SharedArrayBuffer(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES);
      return Buffer.from(memory, 0, bytes);
    },
    leave() {
      memory = new SharedArrayBuffer(0);
    },
  };
}

const STEP_BYTES = 4 * 2 ** 20;

export type TableRooms = {
  /** Adds a line of a table. Throws when it is longer than it said that it would be. */
  put(table: Line['table'], text: string): void;
  /** What was put, which is nothing for a table without lines. */
  read(table: Line['table']): Buffer;
};

/** Divides memory among the tables of these lines: to each what its lines say that they take. */
export function divideMemory(memory: LoadMemory, lines: readonly Line[]): TableRooms {
  const sizes = new Map<Line['table'], number>();
  let bytes = 0;
  for (const line of lines) {
    sizes.set(line.table, (sizes.get(line.table) ?? 0) + line.bytes);
    bytes += line.bytes;
  }
  const whole = memory.take(bytes);
  const rooms = new Map<Line['table'], { room: Buffer; length: number }>();
  let from = 0;
  for (const [table, size] of sizes) {
    rooms.set(table, { room: whole.subarray(from, from + size), length: 0 });
    from += size;
  }
  return {
    put(table, text) {
      const at = rooms.get(table);
      if (at === undefined) return;
      const written = at.room.write(text, at.length);
      at.length += written;
      // What does not fit would be cut, and half a line would cost all rows that are stored with it.
      if (written === 0 || at.room[at.length - 1] !== LINE_FEED)
        throw new Error('A line is longer than it said.');
    },
    read(table) {
      const { room, length } = rooms.get(table) ?? { room: whole, length: 0 };
      return room.subarray(0, length);
    },
  };
}

const LINE_FEED = 10;
