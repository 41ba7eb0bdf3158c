import { describe, expect, it } from 'vitest';
import { firstGrapheme, isReaction, loneEmoji } from '../../src/ui/text/emoji';
import { oneLine } from '../../src/ui/text/preview';
import { shownControls, tokenize, type Block, type Inline } from '../../src/ui/text/tokens';

const line = (text: string, handles: string[] = [], all = false): Inline[] => {
  const blocks = tokenize(text, { handles: new Set(handles), all });
  return blocks.flatMap((block) => (block.kind === 'lines' ? block.lines.flat() : []));
};
const kinds = (text: string) => line(text).map((token) => token.kind);
const links = (text: string) => line(text).flatMap((token) => (token.kind === 'link' ? [token.text] : []));

/** All characters that would be shown, controls as themselves: nothing may be lost or made up but the marks. */
function plain(blocks: readonly (Block | Inline)[]): string {
  return blocks
    .map((token): string => {
      switch (token.kind) {
        case 'lines':
          return token.lines.map(plain).join('\n');
        case 'control':
          return String.fromCharCode(token.code);
        case 'strong':
        case 'em':
        case 'strike':
          return plain(token.children);
        default:
          return token.text;
      }
    })
    .join('');
}

describe('links', () => {
  it('are http and https only', () => {
    expect(links('see https://example.org/a?b=c#d and http://x.test')).toEqual([
      'https://example.org/a?b=c#d',
      'http://x.test',
    ]);
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'ftp://x.test',
      'vbscript:x',
      'JaVaScRiPt:1',
    ])
      expect(kinds(text)).toEqual(['text']);
  });
  it('end before what is said about them', () => {
    expect(links('https://example.org.')).toEqual(['https://example.org']);
    expect(links('(https://example.org/a_(b))')).toEqual(['https://example.org/a_(b)']);
    expect(links('「https://example.org/道」です')).toEqual(['https://example.org/道']);
    expect(links('https://example.orgを見て')).toEqual(['https://example.org']);
    expect(links('https://example.org/aを見て')).toEqual(['https://example.org/a']);
    expect(links('https://ja.wikipedia.org/wiki/鎌倉駅、ここ')).toEqual(['https://ja.wikipedia.org/wiki/鎌倉駅']);
  });
  it('with a name before the host are text: the eye would read the wrong host', () => {
    expect(kinds('https://bank.example@evil.test/')).toEqual(['text']);
  });
  it('tell the true host where the text shows another', () => {
    const token = line('https://例え.テスト/')[0]!;
    expect(token).toMatchObject({ kind: 'link', host: 'xn--r8jz45g.xn--zckzah' });
    expect(line('https://EXAMPLE.org/')[0]).not.toHaveProperty('host');
  });
});

describe('emphasis', () => {
  it('is simple and nests', () => {
    expect(kinds('a **b** c')).toEqual(['text', 'strong', 'text']);
    expect(kinds('これは**大事**です')).toEqual(['text', 'strong', 'text']);
    expect(line('*a **b** c*')[0]).toMatchObject({ kind: 'em' });
    expect(kinds('~~x~~')).toEqual(['strike']);
    expect(kinds('_x_')).toEqual(['em']);
  });
  it('leaves names, sums and faces alone', () => {
    for (const text of [
      'snake_case_name',
      '2*3*4',
      '(*^_^*)',
      'm(_ _)m',
      '(*´∀`*)',
      '¯\\_(ツ)_/¯',
      '* not a list *',
      'a ** b ** c',
      '***',
      '(>_<)',
      '^_^;',
    ])
      expect(line(text)).toEqual([{ kind: 'text', text }]);
  });
  it('does not cross lines', () => {
    expect(plain(tokenize('*a\nb*'))).toBe('*a\nb*');
  });
});

describe('code', () => {
  it('is inline or fenced, and nothing in it is anything else', () => {
    expect(line('`**x** @ren https://x.test`', ['ren'])).toEqual([{ kind: 'code', text: '**x** @ren https://x.test' }]);
    expect(tokenize('a\n```ts\nlet *a* = 1;\n```\nb')).toEqual([
      { kind: 'lines', lines: [[{ kind: 'text', text: 'a' }]] },
      { kind: 'code', text: 'let *a* = 1;' },
      { kind: 'lines', lines: [[{ kind: 'text', text: 'b' }]] },
    ]);
  });
  it('a fence without an end is text', () => {
    expect(tokenize('```\nx')[0]).toMatchObject({ kind: 'lines' });
  });
});

describe('mentions', () => {
  it('are those that the message carries, by the rule of the other clients', () => {
    expect(line('@ren hi', ['ren'])[0]).toEqual({ kind: 'mention', text: '@ren', handle: 'ren' });
    expect(line('@Ren!', ['ren'])[0]).toMatchObject({ kind: 'mention', handle: 'ren' });
    expect(kinds('@ren')).toEqual(['text']);
    for (const text of ['a@ren', '@@ren', 'x_@ren'])
      expect(line(text, ['ren']).some((token) => token.kind === 'mention')).toBe(false);
    expect(line('@all', [], true)[0]).toMatchObject({ kind: 'mention', handle: 'all' });
    expect(line('@here', [], true)[0]).toMatchObject({ kind: 'mention', handle: 'all' });
  });
});

describe('hostile texts', () => {
  it('markup stays text', () => {
    const text = '<img src=x onerror=alert(1)><script>alert(1)</script>&lt;b&gt;';
    expect(line(text)).toEqual([{ kind: 'text', text }]);
  });
  it('what acts unseen is shown', () => {
    for (const code of [0x202e, 0x202a, 0x2066, 0x2069, 0x200b, 0x0000, 0x001b, 0x0085, 0xfeff, 0x2028])
      expect(line(`a${String.fromCharCode(code)}b`)).toEqual([
        { kind: 'text', text: 'a' },
        { kind: 'control', code },
        { kind: 'text', text: 'b' },
      ]);
    expect(shownControls('file\u202etxt.exe')).toBe('file⟨U+202E⟩txt.exe');
  });
  it('joiners of emoji and plain direction marks stay', () => {
    expect(kinds('👨‍👩‍👧 \u200fשלום')).toEqual(['text']);
  });
  it('no character is lost', () => {
    let seed = 7;
    const random = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
    const pieces = [
      'a',
      '縁',
      '*',
      '**',
      '_',
      '~~',
      '`',
      '@ren',
      ' ',
      '\n',
      'https://x.test/',
      '\u202e',
      '(',
      ')',
      '👍',
      '"',
      '\u0301',
      'http://',
    ];
    for (let i = 0; i < 3000; i++) {
      const text = Array.from({ length: 1 + random(14) }, () => pieces[random(pieces.length)]).join('');
      const without = (s: string) => shownControls(s.replace(/[*_~`\n]/g, ''));
      expect(without(plain(tokenize(text, { handles: new Set(['ren']), all: false })))).toBe(without(text));
    }
  });
  it('16 KiB of anything takes no time', () => {
    const kib16 = (piece: string) => piece.repeat(Math.floor(16_384 / new TextEncoder().encode(piece).length));
    for (const piece of [
      '😀',
      '*',
      '**',
      '_a',
      '*a ',
      '`',
      'h',
      'http://',
      'https://a@',
      '@',
      '@a',
      ')',
      '\u202e',
      '\u0301',
      '~~',
      '*a_',
      '```\n',
      '\n',
      'https://x.test/)))) ',
      '「',
    ]) {
      const text = kib16(piece);
      const begun = performance.now();
      tokenize(text, { handles: new Set(['a']), all: true });
      loneEmoji(text);
      oneLine(text);
      expect(performance.now() - begun, JSON.stringify(piece)).toBeLessThan(250);
    }
    const link = `https://x.test/${')'.repeat(16_000)}`;
    const begun = performance.now();
    tokenize(link);
    expect(performance.now() - begun).toBeLessThan(250);
  });
});

describe('emoji', () => {
  it('alone, one to three, are told', () => {
    expect([loneEmoji('👍'), loneEmoji('👍 👍'), loneEmoji('🎉🎉🎉'), loneEmoji('🎉🎉🎉🎉')]).toEqual([1, 2, 3, 0]);
    expect([loneEmoji('👨‍👩‍👧‍👦'), loneEmoji('👍🏽'), loneEmoji('🇯🇵'), loneEmoji('❤️'), loneEmoji('1️⃣')]).toEqual([
      1, 1, 1, 1, 1,
    ]);
    expect([
      loneEmoji(''),
      loneEmoji('a'),
      loneEmoji('1'),
      loneEmoji('👍a'),
      loneEmoji('縁'),
      loneEmoji('\u200d'),
    ]).toEqual([0, 0, 0, 0, 0, 0]);
  });
  it('reactions fit into 32 bytes', () => {
    expect([isReaction('👍'), isReaction('ok'), isReaction('👍👍'), isReaction('👨‍👩‍👧‍👦')]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
  it('seals take a whole character', () => {
    expect([firstGrapheme('縁'), firstGrapheme('👨‍👩‍👧x'), firstGrapheme('é'), firstGrapheme('')]).toEqual([
      '縁',
      '👨‍👩‍👧',
      'é',
      '',
    ]);
  });
});

describe('previews', () => {
  it('are one line, with controls shown', () => {
    expect(oneLine('a\n\n  b\u202ec')).toBe('a b⟨U+202E⟩c');
    expect(oneLine('```ts\nx\n```')).toBe('x');
    const long = oneLine(`${'a'.repeat(239)}😀😀`);
    expect(long.endsWith('…')).toBe(true);
    expect(long.isWellFormed()).toBe(true);
  });
});
