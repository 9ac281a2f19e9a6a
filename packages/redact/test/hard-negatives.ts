import type { Seeded } from './seeded.ts';

type Kind = { name: string; write: (chance: Seeded) => string };

/** What looks private to a careless pattern and is not: of each kind every document must stay as it is. */
export const HARD_NEGATIVES: readonly Kind[] = [
  { name: 'UUID', write: (c) => `The job ${uuid(c)} was queued after ${uuid(c)} had ended.` },
  {
    name: 'trace and span ids',
    write: (c) => JSON.stringify({ trace_id: c.hex(32), span_id: c.hex(16), flags: 1 }),
  },
  {
    name: 'millisecond epoch',
    write: (c) => `{"event":"click","at":17${c.digits(11)},"took":${c.below(900)}}`,
  },
  {
    name: 'epoch and dated model',
    write: (c) => `created=17${c.digits(8)} model=gpt-4o-2024-0${1 + c.below(9)}-1${c.below(10)}`,
  },
  {
    name: 'scores',
    write: (c) => `cosine 0.${c.digits(16)}, bleu 0.${c.digits(15)}, loss ${c.below(9)}.${c.digits(12)}`,
  },
  {
    name: 'nanosecond epoch',
    write: (c) => `start_time_unix_nano: 17${c.digits(17)}, end 17${c.digits(17)}`,
  },
  {
    name: 'stamp, version and build',
    write: (c) =>
      `Migration 2024${month(c)}${day(c)}${c.digits(6)} ran on version ${1 + c.below(19)}.${c.below(20)}.${c.below(20)}.${c.below(9)}, build ${c.digits(7)}.`,
  },
  {
    name: 'digest, bytes and ports',
    write: (c) => `sha256:${c.hex(64)} ${c.digits(8)} bytes, ports 8080, 8443, ${3000 + c.below(6000)}`,
  },
  {
    name: 'order numbers',
    write: (c) =>
      `Your order ${c.digits(9)} and invoice no. ${c.digits(10)} (ref ${c.digits(3)}-${c.digits(7)}-${c.digits(7)}).`,
  },
  {
    name: 'dates',
    write: (c) =>
      `From 2023-${month(c)}-${day(c)} 10:${day(c)}:${day(c)} to ${day(c)}.${month(c)}.2024 and ${month(c)}/${day(c)}/2025.`,
  },
  {
    name: 'coordinates',
    write: (c) =>
      `Position ${c.below(89)}.${c.digits(6)}, -${c.below(179)}.${c.digits(6)} at ${c.below(4000)} m.`,
  },
  {
    name: 'ISBN',
    write: (c) =>
      `ISBN 978-0-${c.digits(2)}-${c.digits(6)}-${c.below(10)}, ISSN ${c.digits(4)}-${c.digits(4)}, doi:10.${c.digits(4)}/j.${c.digits(7)}`,
  },
  {
    name: 'log line',
    write: (c) =>
      `2024-${month(c)}-${day(c)}T11:02:${day(c)}.${c.digits(6)}Z INFO worker[${c.digits(5)}] took=${c.digits(4)}ms rows=${c.digits(8)} req=${c.hex(12)}`,
  },
  {
    name: 'code',
    write: (c) =>
      `const MAX = ${c.digits(10)}; for (let i = 0; i < ${c.digits(7)}; i += 1) sum += table[i] * 0x${c.hex(8)} + std::max(a::b, ${c.digits(3)}.${c.digits(2)});`,
  },
  {
    name: 'packages',
    write: (c) =>
      `pip install torch==2.${c.below(9)}.${c.below(9)}.${c.below(9)} && npm i @scope/pkg@${c.below(20)}.${c.below(20)}.${c.below(9)} && docker pull img:1.${c.below(30)}.${c.below(9)}`,
  },
  {
    name: 'user agent',
    write: (c) =>
      `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/${100 + c.below(30)}.0.${c.digits(4)}.${c.below(200)} Safari/537.36`,
  },
  {
    name: 'money and counts',
    write: (c) =>
      `Revenue was $${c.digits(3)},${c.digits(3)},${c.digits(3)} in 2023 and 1 ${c.digits(3)} ${c.digits(3)} units; ${c.digits(7)} tokens, cost 0.${c.digits(9)} USD.`,
  },
  {
    name: 'table',
    write: (c) =>
      `| step | loss | lr |\n| ${c.digits(5)} | 1.${c.digits(5)} | 0.000${c.digits(2)} |\n| ${c.digits(5)} | 0.${c.digits(5)} | 3e-05 |`,
  },
  {
    name: 'ids in addresses',
    write: (c) =>
      `https://example.com/status/1${c.digits(18)} and /items/${c.digits(10)}?page=${c.below(90)}#L${c.below(900)}`,
  },
  {
    name: 'code of secrets',
    write: (c) =>
      `password = os.environ["DB_PASSWORD"]; api_key: str = None; max_tokens=${c.digits(4)}; token_count: ${c.digits(6)}`,
  },
  {
    name: 'times and ratios',
    write: (c) =>
      `At 12:${day(c)}:${day(c)} the ratio was 3:2:1, range 10-20, score 3-2, pages ${c.digits(3)}-${c.digits(3)}, figure 1.2.3.${c.below(9)}.`,
  },
  {
    name: 'tool calls',
    write: (c) =>
      `call_${c.chars(24)} called get_weather({"city_id": ${c.digits(7)}}) and returned in ${c.digits(3)}.${c.digits(2)} ms; message msg_${c.hex(20)}`,
  },
];

function uuid(c: Seeded): string {
  return `${c.hex(8)}-${c.hex(4)}-4${c.hex(3)}-a${c.hex(3)}-${c.hex(12)}`;
}

function month(c: Seeded): string {
  return String(1 + c.below(12)).padStart(2, '0');
}

function day(c: Seeded): string {
  return String(1 + c.below(28)).padStart(2, '0');
}
