// What a key means in the composer. The one thing that must never happen: the Enter that ends a kana conversion sends
// half a sentence.

export type KeyMeaning = 'send' | 'break' | 'editLast' | 'complete' | 'next' | 'previous' | 'leave' | 'nothing';

export interface Key {
  key: string;
  keyCode: number;
  isComposing: boolean;
  timeStamp: number;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

export interface ComposerState {
  enterSends: boolean;
  composing: boolean; // between our own compositionstart and compositionend
  compositionEndedAt: number; // timeStamp of the last compositionend; -Infinity: never
  empty: boolean;
  completing: boolean; // the list of names is open
}

// Safari ends the composition before it tells of the key that ended it, in the same turn; a hand needs longer.
const afterCompositionMs = 40;

/** Whether a key belongs to the input method and not to us. 229 is what browsers report for keys that it took. */
export function belongsToInputMethod(key: Key, state: ComposerState): boolean {
  if (key.isComposing || state.composing || key.keyCode === 229) return true;
  return key.timeStamp - state.compositionEndedAt < afterCompositionMs;
}

export function meaningOf(key: Key, state: ComposerState): KeyMeaning {
  if (belongsToInputMethod(key, state)) return 'nothing';
  if (state.completing) {
    const meaning = completionMeaning(key);
    if (meaning !== 'nothing') return meaning;
  }
  if (key.key === 'Enter') return enterMeaning(key, state.enterSends);
  if (key.key === 'ArrowUp' && state.empty && !key.shiftKey && !key.altKey && !key.ctrlKey && !key.metaKey)
    return 'editLast';
  if (key.key === 'Escape') return 'leave';
  return 'nothing';
}

function completionMeaning(key: Key): KeyMeaning {
  if (key.shiftKey || key.ctrlKey || key.metaKey || key.altKey) return 'nothing';
  switch (key.key) {
    case 'Tab':
    case 'Enter':
      return 'complete';
    case 'ArrowDown':
      return 'next';
    case 'ArrowUp':
      return 'previous';
    case 'Escape':
      return 'leave';
    default:
      return 'nothing';
  }
}

// Ctrl or Cmd with Enter sends either way: a hand that learnt it elsewhere is not punished.
function enterMeaning(key: Key, enterSends: boolean): KeyMeaning {
  if (key.ctrlKey || key.metaKey) return 'send';
  if (key.altKey) return 'break';
  return key.shiftKey === enterSends ? 'break' : 'send';
}
