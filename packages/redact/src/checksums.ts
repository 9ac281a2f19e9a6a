/** Luhn's sum, as cards and many national numbers carry it. `digits` holds digits only. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, isDouble = false; at >= 0; at -= 1, isDouble = !isDouble) {
    const digit = digits.charCodeAt(at) - 48;
    sum += isDouble ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

/** The rest of a number written in digits and letters (A is 10), as ISO 7064 counts it. Spaces and hyphens count nothing. */
export function restOf(text: string, divisor: number): number {
  let rest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 45) continue;
    rest = code <= 57 ? (rest * 10 + code - 48) % divisor : (rest * 100 + (code | 32) - 87) % divisor;
  }
  return rest;
}

/** The sum of the digits, each times its weight. */
export function weigh(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * (digits.charCodeAt(at) - 48), 0);
}

/** ISO 7064 MOD 11,10 (German tax numbers, Croatian OIB). The last digit is the check. */
export function isMod1110(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at += 1) {
    const sum = (digits.charCodeAt(at) - 48 + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === digits.charCodeAt(digits.length - 1) - 48;
}

/** Verhoeff's check in the dihedral group of ten, as Aadhaar uses it. */
export function isVerhoeff(digits: string): boolean {
  let check = 0;
  for (let at = 0; at < digits.length; at += 1) {
    let digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    for (let turn = at % 8; turn > 0; turn -= 1) digit = '1576283094'.charCodeAt(digit) - 48;
    check = timesOf(check, digit);
  }
  return check === 0;
}

/** CRC-32 of ASCII text, as zlib counts it. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at += 1) {
    crc ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The product of two elements of the dihedral group of order ten. */
function timesOf(left: number, right: number): number {
  if (left < 5) return right < 5 ? (left + right) % 5 : ((left + right - 5) % 5) + 5;
  return right < 5 ? ((left - 5 - right + 5) % 5) + 5 : (left - right + 5) % 5;
}
