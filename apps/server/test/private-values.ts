/** So many values that are private by themselves, of every kind, all different. `from` numbers them. */
export function privateValues(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, n) => privateValue(from + n));
}

const KINDS: readonly ((n: number) => string)[] = [
  (n) => `person.${n}@mail${n}.example.com`,
  cardOf,
  ibanOf,
  (n) => `+1 (212) 555-${String(n).padStart(4, '0')}`,
  (n) => `ghp_${`Zk${n}`.padEnd(36, 'q7Rt2Wx9')}`,
  (n) => `${200 + (n % 500)}-${10 + (n % 80)}-${String(1_000 + n).padStart(4, '0')}`,
  (n) => `81.2.${n >> 8}.${n & 255}`,
];

function privateValue(n: number): string {
  return (KINDS[n % KINDS.length] ?? cardOf)(n);
}

function cardOf(n: number): string {
  const body = `4111${String(n).padStart(11, '0')}`;
  const check = [...'0123456789'].find((digit) => isLuhn(body + digit)) ?? '0';
  return `${body}${check}`.replace(/(.{4})(?=.)/g, '$1 ');
}

function isLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((all, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 1 ? 2 : 1);
    return all + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

/** `DE` as digits is 1314. */
function ibanOf(n: number): string {
  const account = `37040044${String(n).padStart(10, '0')}`;
  return `DE${String(98n - (BigInt(`${account}131400`) % 97n)).padStart(2, '0')}${account}`;
}
