/**
 * `npm run bench:refusals`: how well a reservation fits what a call then uses, on real prompts, and how many calls a
 * budget refuses that it could have paid.
 *
 * Reads public prompts from `$EVAL_DATA` (or `../shared/data`): folders `routing` (prompts, some with a reply of GPT-4) and
 * `pii` (documents). Says so and ends where they are absent.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { boundTextInput } from '../packages/gateway/src/limits/worst/bound-input.ts';
import { parseCsv } from './parse-csv.ts';
import { type Replay, type ReplayCall, type Replayed, replayCalls } from './replay-calls.ts';

const DATA = process.env.EVAL_DATA ?? resolve(import.meta.dirname, '../../shared/data');
const REPLIES = 'gsm8k_half.csv';

if (existsSync(join(DATA, 'routing'))) {
  const calls = readCalls();
  process.stdout.write(inputReport([...calls.map(({ prompt }) => prompt), ...readOtherPrompts()]));
  process.stdout.write(replayReport(calls));
} else {
  process.stdout.write(`refusals: no prompts under ${DATA}; skipped. Set EVAL_DATA to name their folder.\n`);
}

/** Prompts with the reply that GPT-4 gave. */
function readCalls(): ReplayCall[] {
  const [head = [], ...rows] = parseCsv(readFileSync(join(DATA, 'routing', REPLIES), 'utf8'));
  const replyAt = head.findIndex((name) => name.startsWith('gpt-4') && name.endsWith('_response'));
  return rows.map((row) => {
    const [prompt = ''] = row;
    return { prompt, inputTokens: tokensOf(prompt) + 8, outputTokens: tokensOf(row[replyAt] ?? '') };
  });
}

function readOtherPrompts(): string[] {
  const folder = join(DATA, 'routing', 'mmlu');
  const questions = readdirSync(folder).flatMap((file) =>
    parseCsv(readFileSync(join(folder, file), 'utf8'))
      .slice(1)
      .map(([prompt = '']) => prompt),
  );
  const documents: unknown = JSON.parse(readFileSync(join(DATA, 'pii/synth_dataset_v2.json'), 'utf8'));
  const texts = Array.isArray(documents)
    ? documents.map((each: { full_text?: string }) => each.full_text)
    : [];
  return [...questions, ...texts.filter((text) => text !== undefined)];
}

function tokensOf(text: string): number {
  return countTokens(text, { disallowedSpecial: new Set() });
}

function inputReport(prompts: readonly string[]): string {
  const real = prompts.map((prompt) => Math.max(1, tokensOf(prompt)));
  const lines = [false, true].map((isStrict) => {
    const ratios = prompts.map((prompt, at) => {
      const bound = boundTextInput(Buffer.byteLength(prompt), isStrict).tokens;
      return bound / (real[at] ?? 1);
    });
    const short = ratios.filter((ratio) => ratio < 1).length;
    ratios.sort((a, b) => a - b);
    const at = (share: number) => (ratios[Math.floor(share * (ratios.length - 1))] ?? 0).toFixed(2);
    const name = isStrict ? 'strict' : 'normal';
    return `  ${name}: bound / tokens p1 ${at(0.01)}  p50 ${at(0.5)}  p99 ${at(0.99)}; too low for ${short}\n`;
  });
  return `input of ${prompts.length} prompts, against a real tokenizer\n${lines.join('')}`;
}

/** One dollar's worth of calls against small budgets: with plenty left over, and with exactly enough. */
function replayReport(calls: readonly ReplayCall[]): string {
  const lines: string[] = [];
  for (const budgetShare of [10, 1]) {
    for (const capTokens of [undefined, 1_024]) {
      for (const callers of [1, 8, 64]) {
        for (const heldWaitMs of [0, 5_000]) {
          const replayed = replayCalls(calls, { callers, capTokens, budgetShare, heldWaitMs });
          lines.push(line({ callers, capTokens, budgetShare, heldWaitMs, ...replayed }));
        }
      }
    }
  }
  const head = `${calls.length} calls with real prompts and replies, through the whole journey; all that is refused could have been paid\n`;
  return `${head}${lines.join('')}`;
}

function line(row: Replay & Replayed): string {
  const budget = row.budgetShare === 1 ? 'budget = their cost' : `budget = ${row.budgetShare} x their cost`;
  const cap = row.capTokens === undefined ? 'no cap  ' : `cap ${row.capTokens}`;
  const wait = row.heldWaitMs === 0 ? 'no wait ' : `wait ${row.heldWaitMs / 1_000} s`;
  const share = ((100 * row.refused) / (row.paid + row.refused)).toFixed(2);
  const spent = (100 * row.spentShare).toFixed(2);
  return `  ${budget}, ${cap}, ${wait}, ${row.callers} callers: refused ${row.refused} (${share} %), cut short ${row.cut}, spent ${spent} %\n`;
}
