/** Numbers as people read them, in the page's language. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

export interface Formatter {
  bytes: (value: number) => string;
  count: (value: number) => string;
  percent: (fraction: number) => string;
  /** A length of time, to the second below an hour and to the minute above. */
  duration: (seconds: number) => string;
  rate: (bytesPerSecond: number) => string;
  /** A day, of a time in milliseconds since 1970. */
  date: (time: number) => string;
}

/** Numbers with up to so many digits after the point. Making one costs more than a row of the tree may. */
function numbersIn(language: string): readonly Intl.NumberFormat[] {
  return [0, 1, 2].map((digits) => {
    return new Intl.NumberFormat(language, { minimumFractionDigits: 0, maximumFractionDigits: digits });
  });
}

function bytesIn(numbers: readonly Intl.NumberFormat[], value: number): string {
  let unit = 0;
  let scaled = Math.abs(value);
  // Above 999.5 the next unit reads better than four digits.
  while (scaled >= 999.5 && unit < UNITS.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
  const number = numbers[digits]?.format(Math.sign(value) * scaled) ?? '';
  return `${number} ${UNITS[unit] ?? 'B'}`;
}

function durationIn(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const pad = (n: number) => String(n).padStart(2, '0');
  if (whole < 3600) {
    return `${Math.floor(whole / 60)}:${pad(whole % 60)}`;
  }
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

export function createFormatter(language: string): Formatter {
  const numbers = numbersIn(language);
  const counts = new Intl.NumberFormat(language);
  const dates = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const percents = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  return {
    bytes: (value) => bytesIn(numbers, value),
    count: (value) => counts.format(value),
    percent: (fraction) => percents.format(fraction),
    duration: durationIn,
    date: (value) => dates.format(value),
    rate: (value) => `${bytesIn(numbers, value)}/s`,
  };
}
