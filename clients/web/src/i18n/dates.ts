// Dates as people say them, in the language of the face and the time zone of the device.
import { language } from './language';

const formats = new Map<string, Intl.DateTimeFormat>();

// Making a formatter costs more than a hundred uses of it.
function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language.value} ${name}`;
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(language.value, options)));
  return found;
}

/** A number that is the same within one calendar day of this device, and grows from day to day. */
export function dayOf(ms: number): number {
  const date = new Date(ms);
  return date.getFullYear() * 10_000 + (date.getMonth() + 1) * 100 + date.getDate();
}

/** Whole calendar days from `ms` to `now`; 0 on the same day. Summer time does not matter: noon is compared. */
export function daysAgo(ms: number, now: number): number {
  const noon = (at: number) => {
    const date = new Date(at);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate(), 12);
  };
  return Math.round((noon(now) - noon(ms)) / 86_400_000);
}

// Stands alone, so it begins like a sentence.
function relativeDay(days: number): string {
  const words = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' }).format(-days, 'day');
  return words.charAt(0).toLocaleUpperCase(language.value) + words.slice(1);
}

export function clock(ms: number): string {
  return format('clock', { hour: 'numeric', minute: '2-digit' }).format(ms);
}

/** For separators: today, yesterday, Tuesday 3 March, with the year when it is another one. */
export function dayLabel(ms: number, now: number): string {
  const days = daysAgo(ms, now);
  if (days === 0 || days === 1) return relativeDay(days);
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return sameYear
    ? format('day', { weekday: 'long', month: 'long', day: 'numeric' }).format(ms)
    : format('dayYear', { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }).format(ms);
}

/** For the list: the shortest that is still clear. */
export function shortTime(ms: number, now: number): string {
  const days = daysAgo(ms, now);
  if (days <= 0) return clock(ms);
  if (days === 1) return relativeDay(1);
  if (days < 7) return format('weekday', { weekday: 'short' }).format(ms);
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return sameYear
    ? format('short', { month: 'numeric', day: 'numeric' }).format(ms)
    : format('shortYear', { year: 'numeric', month: 'numeric', day: 'numeric' }).format(ms);
}

/** Day and time, for titles, details and screen readers. */
export function moment(ms: number): string {
  return format('moment', { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
}

/** A date in as few characters as the language has for it. */
export function plainDate(ms: number): string {
  return format('plain', { dateStyle: 'medium' }).format(ms);
}

export function fullDate(ms: number): string {
  return format('date', { dateStyle: 'long' }).format(ms);
}

/** "5 minutes ago", "in 3 days": in the largest unit that fits. */
export function relative(ms: number, now: number): string {
  const seconds = Math.round((ms - now) / 1000);
  const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 31_536_000],
    ['month', 2_592_000],
    ['week', 604_800],
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ];
  const words = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' });
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return words.format(0, 'second');
}

/** Numbers with the separators of the language. */
export function number(value: number): string {
  return new Intl.NumberFormat(language.value).format(value);
}

/** Milliseconds until the next day begins here: separators say "today" no longer. */
export function untilMidnight(now: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime() - now;
}

/** Names in a row: "A, B and C". */
export function listOf(names: readonly string[]): string {
  return new Intl.ListFormat(language.value, { style: 'long', type: 'conjunction' }).format(names);
}
