import { signal } from '@preact/signals';
import type { Id } from '../../app/client';

/** A baton brought a caret: the field of that conversation takes it once it is drawn. In code points. */
export const caretWanted = signal<{ readonly chat: Id; readonly points: number } | undefined>(undefined);
