import { signal } from '@preact/signals';
import type { PassedBaton } from '../../app/client';

/** A baton that came: the conversation opens at its line once it is on the screen. */
export const batonHere = signal<PassedBaton | undefined>(undefined);
