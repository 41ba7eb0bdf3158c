// A picture made small on this device: drawn anew on a canvas, so that nothing of the camera or of the file is left in it.

export const pictureSide = 128;
export const pictureBytesMax = 24_576;

/** The largest square in the middle of a picture. */
export function squareOf(width: number, height: number): { x: number; y: number; side: number } {
  const side = Math.min(width, height);
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), side };
}

// WebP where the browser can write it (Safari writes PNG when asked for it, which is checked), else JPEG; each a little
// coarser until it fits.
const tries = [
  ['image/webp', 0.85],
  ['image/webp', 0.6],
  ['image/jpeg', 0.85],
  ['image/jpeg', 0.6],
  ['image/jpeg', 0.35],
] as const;

/** Undefined: no picture that the browser can read. */
export async function smallPicture(file: Blob): Promise<Blob | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = pictureSide;
  const pen = canvas.getContext('2d');
  if (!pen) return undefined;
  const { x, y, side } = squareOf(bitmap.width, bitmap.height);
  pen.fillStyle = '#ffffff'; // JPEG knows no transparency
  pen.fillRect(0, 0, pictureSide, pictureSide);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(bitmap, x, y, side, side, 0, 0, pictureSide, pictureSide);
  bitmap.close();
  for (const [type, quality] of tries) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
    if (blob && blob.type === type && blob.size <= pictureBytesMax) return blob;
  }
  return undefined;
}
