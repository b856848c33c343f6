/** A UTC hour as `yyyymmddhh`, a UTC day as `yyyymmdd`: they sort as text. */
export type Hour = string;
export type Day = string;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

const digits = (ms: number): string => new Date(ms).toISOString().replace(/\D/g, '');

export const hourOf = (ms: number): Hour => digits(ms).slice(0, 10);
export const dayOf = (ms: number): Day => digits(ms).slice(0, 8);

/** Milliseconds since the epoch at which an hour or a day begins. */
export const startOf = (key: string): number =>
  Date.UTC(
    Number(key.slice(0, 4)),
    Number(key.slice(4, 6)) - 1,
    Number(key.slice(6, 8)),
    Number(key.slice(8, 10) || '0'),
  );

export const floorTo = (step: number, ms: number): number => Math.floor(ms / step) * step;
export const ceilTo = (step: number, ms: number): number => Math.ceil(ms / step) * step;
