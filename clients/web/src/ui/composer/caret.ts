// The wire counts carets in code points, a text field in UTF-16 units.

export function pointsBefore(text: string, units: number): number {
  let points = 0;
  for (let i = 0; i < units && i < text.length; points++) i += text.codePointAt(i)! > 0xffff ? 2 : 1;
  return points;
}

export function unitsBefore(text: string, points: number): number {
  let units = 0;
  for (let i = 0; i < points && units < text.length; i++) units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  return units;
}
