// Pure: ID numbers of nobody. Region 999900 is none; its last two digits before the check digit are 00, which names no scenario.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Check digit of GB 11643 (ISO 7064 MOD 11-2). */
export const checkDigit = (digits) =>
  '10X98765432'[WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0) % 11];

/** @param n chooses the day of birth and the digit after it */
export function madeUpNumber(n) {
  const year = 1960 + (n % 40);
  const month = 1 + (Math.floor(n / 40) % 12);
  const day = 1 + (Math.floor(n / 480) % 28);
  const digits = `999900${year}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}${Math.floor(n / 13440) % 10}00`;
  return digits + checkDigit(digits);
}
