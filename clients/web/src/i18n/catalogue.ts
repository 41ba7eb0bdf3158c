// The shape of a catalogue: that of the English one, with the texts left open. A language that lacks a key, or has one
// too many, does not compile.
import type { en } from './en';

type Words<T> = {
  [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => string
      ? (...args: A) => string
      : Words<T[K]>;
};

export type Catalogue = Words<typeof en>;
