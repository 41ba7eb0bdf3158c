// A name to begin with for this device, from what the browser says of itself. Only a proposal: the person may change it.

export function deviceNameFor(userAgent: string, touchPoints: number): string {
  if (/iPhone/.test(userAgent)) return 'iPhone';
  // iPads say that they are Macs; no Mac has a touch screen.
  if (/iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1)) return 'iPad';
  if (/Android/.test(userAgent)) return /Mobile/.test(userAgent) ? 'Android' : 'Android tablet';
  const browser = /Firefox\//.test(userAgent)
    ? 'Firefox'
    : /Edg\//.test(userAgent)
      ? 'Edge'
      : /Chrome\//.test(userAgent)
        ? 'Chrome'
        : 'Safari';
  const system = /Windows/.test(userAgent)
    ? 'Windows'
    : /Macintosh/.test(userAgent)
      ? 'Mac'
      : /CrOS/.test(userAgent)
        ? 'Chromebook'
        : 'Linux';
  return `${browser} (${system})`;
}

export function deviceNameHere(): string {
  return deviceNameFor(navigator.userAgent, navigator.maxTouchPoints);
}
