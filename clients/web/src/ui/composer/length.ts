// The limit of a message is in bytes of UTF-8; people see what is left only when it is near.

const encoder = new TextEncoder();

export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

export interface Room {
  left: number; // bytes; negative: over the limit
  near: boolean; // to be shown
}

/** `near` from a sixteenth of the limit on (1 KiB of 16). */
export function roomFor(text: string, bytesMax: number): Room {
  // Three bytes are the most that UTF-8 takes for a unit: most texts are answered without encoding them.
  if (text.length * 3 < bytesMax - bytesMax / 16) return { left: bytesMax - text.length, near: false };
  const left = bytesMax - bytesOf(text);
  return { left, near: left < bytesMax / 16 };
}
