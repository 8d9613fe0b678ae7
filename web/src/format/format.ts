/** Numbers as people read them, in the page's language. */

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

export interface Formatter {
  bytes: (value: number) => string;
  count: (value: number) => string;
  percent: (fraction: number) => string;
  /** A length of time, to the second below an hour and to the minute above. */
  duration: (seconds: number) => string;
  /** A time since a beginning, to the tenth of a second: 0:07.3, 12:34.0, 1:02:03.4. */
  clock: (seconds: number) => string;
  rate: (bytesPerSecond: number) => string;
  /** A day, of a time in milliseconds since 1970. */
  date: (time: number) => string;
  dateAndTime: (time: number) => string;
}

/** The part of this kind of a number or date, as a language writes it. */
function part(parts: readonly { type: string; value: string }[], type: string): string {
  return parts.find((each) => each.type === type)?.value ?? '';
}

/** Writes numbers of bytes, or of bytes per second. */
function bytesIn(locale: string, per: '' | '-per-second'): (value: number) => string {
  const made = new Map<string, Intl.NumberFormat>();
  /** Making a format costs more than a row of the tree may. */
  const formatOf = (unit: string, digits: number): Intl.NumberFormat => {
    const key = `${unit}${digits}`;
    const known = made.get(key);
    if (known !== undefined) {
      return known;
    }
    const options = { style: 'unit', unit: `${unit}${per}`, maximumFractionDigits: digits } as const;
    const format = new Intl.NumberFormat(locale, { ...options, unitDisplay: 'short' });
    made.set(key, format);
    return format;
  };
  // Some languages write “byte” out even where it is short; all have a sign for it.
  const narrow = { style: 'unit', unit: `byte${per}`, unitDisplay: 'narrow' } as const;
  const sign = part(new Intl.NumberFormat(locale, narrow).formatToParts(0), 'unit');
  return (value) => {
    let unit = 0;
    let scaled = Math.abs(value);
    // Above 999.5 the next unit reads better than four digits.
    while (scaled >= 999.5 && unit < UNITS.length - 1) {
      scaled /= 1000;
      unit += 1;
    }
    const signed = Math.sign(value) * scaled;
    if (unit === 0) {
      const parts = formatOf('kilobyte', 0).formatToParts(signed);
      return parts.map((each) => (each.type === 'unit' ? sign : each.value)).join('');
    }
    const digits = scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
    return formatOf(UNITS[unit] ?? 'petabyte', digits).format(signed);
  };
}

/** Writes hours, minutes and seconds, these with so many digits behind the point; hours where there are any. */
function clockIn(locale: string, digits: number): (seconds: number) => string {
  const plain = new Intl.NumberFormat(locale);
  const padded = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 });
  const options = { minimumIntegerDigits: 2, minimumFractionDigits: digits, maximumFractionDigits: digits };
  const last = new Intl.NumberFormat(locale, options);
  const clock = new Intl.DateTimeFormat(locale, { minute: '2-digit', second: '2-digit' });
  const colon = part(clock.formatToParts(0), 'literal');
  const parts = 10 ** digits;
  return (time) => {
    // What has not passed yet is not shown: 59.96 is no 60.0.
    const whole = Math.floor(Math.max(0, time) * parts);
    const [hours, minutes] = [Math.floor(whole / parts / 3600), Math.floor(whole / parts / 60) % 60];
    const start = hours > 0 ? [plain.format(hours), padded.format(minutes)] : [plain.format(minutes)];
    return [...start, last.format((whole % (60 * parts)) / parts)].join(colon);
  };
}

/** Writes lengths of time. Not with `Intl.DurationFormat`, which browsers of today may lack. */
function durationIn(locale: string): (seconds: number) => string {
  const unit = (name: string) => new Intl.NumberFormat(locale, { style: 'unit', unit: name });
  const [hours, minutes] = [unit('hour'), unit('minute')];
  const list = new Intl.ListFormat(locale, { type: 'unit', style: 'narrow' });
  const clock = clockIn(locale, 0);
  return (seconds) => {
    const whole = Math.max(0, Math.round(seconds));
    if (whole < 3600) {
      return clock(whole);
    }
    const all = Math.round(whole / 60);
    return list.format([hours.format(Math.floor(all / 60)), minutes.format(all % 60)]);
  };
}

/** What is made at its first use. Formats of a language take longer to make than anything else the page starts with. */
export function once<Made extends object>(make: () => Made): () => Made {
  let made: Made | null = null;
  return () => (made ??= make());
}

export function createFormatter(locale: string): Formatter {
  const counts = once(() => new Intl.NumberFormat(locale));
  const dates = once(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }));
  const moments = once(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }));
  const percents = once(() => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }));
  const bytes = once(() => bytesIn(locale, ''));
  const rate = once(() => bytesIn(locale, '-per-second'));
  const duration = once(() => durationIn(locale));
  const clock = once(() => clockIn(locale, 1));
  return {
    bytes: (value) => bytes()(value),
    count: (value) => counts().format(value),
    percent: (fraction) => percents().format(fraction),
    duration: (seconds) => duration()(seconds),
    clock: (seconds) => clock()(seconds),
    rate: (bytesPerSecond) => rate()(bytesPerSecond),
    date: (time) => dates().format(time),
    dateAndTime: (time) => moments().format(time),
  };
}
