/** Sizes of files as people compare them. Pure. */

const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** 1,536 -> "1.5 KB". Units of 1,024, as file managers count. */
export function bytesInWords(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = value >= 100 || unit === 0 ? 0 : 1;
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })} ${units[unit] ?? ''}`;
}
