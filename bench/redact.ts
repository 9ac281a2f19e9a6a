/**
 * `npx node bench/redact.ts`: what redacting costs, in processor time of this process, so that a busy machine changes
 * little: 2 KB of prose with nothing in it, the same with ten values planted, and a megabyte of each hostile text.
 */
import { createRedactor } from '../packages/redact/src/index.ts';
import { HOSTILE } from '../packages/redact/test/hostile-texts.ts';
import { createSeeded } from '../packages/redact/test/seeded.ts';

const CHARS = 1_000_000;
const ROUNDS = 3000;
const SENTENCE =
  'The committee met on Thursday, and after some hours of talk - nobody had expected less - it agreed that the report would be written again. ';
const PLANTED =
  ' Write to anna.smith@example.com or call +1 541-714-1388; card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00, ' +
  'SSN 123-45-6789, host 203.0.113.9, key sk-proj-abcDEF1234567890abcDEF1234567890, password=hunter2, ' +
  'https://bob:secret7@db.example.com/x, phone 0490 39 07 81.';

const redactor = createRedactor();
const prose = flat(SENTENCE.repeat(20).slice(0, 2048));
const planted = flat(SENTENCE.repeat(20).slice(0, 2048 - PLANTED.length) + PLANTED);

report('2 KB of prose', microsOf(prose));
report('2 KB with 10 values', microsOf(planted));
const slowest = HOSTILE.map((unit) => ({ unit, ms: millisOf(unit.repeat(Math.ceil(CHARS / unit.length))) }));
for (const { unit, ms } of slowest.sort((a, b) => b.ms - a.ms).slice(0, 8)) {
  process.stdout.write(`1 MB of ${JSON.stringify(unit.slice(0, 24))}: ${ms.toFixed(0)} ms\n`);
}
const base64 = createSeeded(9).chars(
  CHARS,
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
);
process.stdout.write(`1 MB of base64 in text: ${millisOf(base64).toFixed(0)} ms\n`);
process.stdout.write(
  `1 MB of base64 in a value: ${least(() => redactor.begin().value({ image: base64 })).toFixed(1)} ms\n`,
);

function microsOf(text: string): number {
  for (let round = 0; round < 3000; round += 1) redactor.begin().text(text);
  return Math.min(
    ...Array.from({ length: 7 }, () => {
      const began = process.cpuUsage();
      for (let round = 0; round < ROUNDS; round += 1) redactor.begin().text(text);
      return process.cpuUsage(began).user / ROUNDS;
    }),
  );
}

function millisOf(text: string): number {
  const whole = flat(text);
  return least(() => redactor.begin().text(whole));
}

function least(run: () => unknown): number {
  return Math.min(
    ...Array.from({ length: 2 }, () => {
      const began = process.cpuUsage();
      run();
      return process.cpuUsage(began).user / 1000;
    }),
  );
}

function report(name: string, micros: number): void {
  process.stdout.write(`${name}: ${micros.toFixed(1)} us\n`);
}

/** As text arrives: in one piece, and no slice of another. */
function flat(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}
