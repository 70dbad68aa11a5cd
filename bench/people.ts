/** Synthetic employees: ID numbers outside every real region, with the right check character (GB 11643). */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

export function idNumber(index: number): string {
  const year = 1960 + (index % 40);
  const front = `990000${year}${String(1 + (Math.floor(index / 40) % 12)).padStart(2, '0')}${String(1 + (Math.floor(index / 480) % 28)).padStart(2, '0')}${String(Math.floor(index / 13_440) % 1000).padStart(3, '0')}`;
  const sum = [...front].reduce((total, digit, place) => total + Number(digit) * (WEIGHTS[place] ?? 0), 0);
  return front + '10X98765432'[sum % 11];
}
