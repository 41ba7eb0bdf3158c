// Tokens to vnodes. What others wrote never becomes markup: it is text of elements that are made here.
import { Fragment, type ComponentChildren } from 'preact';
import { t } from '../../i18n/language';
import { loneEmoji } from './emoji';
import { signOf, tokenize, type Block, type Inline, type Mentions } from './tokens';

const kept = new Map<string, Block[]>();
const keptMax = 400;

// The same message is drawn again and again while one scrolls. Keyed by text and mentions; the oldest gives way.
function blocksOf(text: string, mentions: Mentions): Block[] {
  const key = `${mentions.all ? 1 : 0}${[...mentions.handles].join()}\n${text}`;
  let blocks = kept.get(key);
  if (!blocks) {
    blocks = tokenize(text, mentions);
    kept.set(key, blocks);
    if (kept.size > keptMax) kept.delete(kept.keys().next().value!);
  }
  return blocks;
}

export function RichText(props: { text: string; mentions: Mentions; me?: string }) {
  const lone = loneEmoji(props.text);
  if (lone > 0)
    return (
      <div class={`said said-emoji said-emoji-${lone}`} dir="auto">
        {props.text.trim()}
      </div>
    );
  return (
    <div class="said">
      {blocksOf(props.text, props.mentions).map((block) =>
        block.kind === 'code' ? (
          <pre class="said-code" tabIndex={0}>
            <code dir="ltr">{block.text}</code>
          </pre>
        ) : (
          block.lines.map((line) => (
            <p dir="auto">{line.length === 0 ? <br /> : line.map((token) => inlineNode(token, props.me))}</p>
          ))
        ),
      )}
    </div>
  );
}

function inlineNode(token: Inline, me: string | undefined): ComponentChildren {
  switch (token.kind) {
    case 'text':
      return token.text;
    case 'code':
      return <code dir="ltr">{token.text}</code>;
    case 'strong':
      return <strong>{token.children.map((child) => inlineNode(child, me))}</strong>;
    case 'em':
      return <em>{token.children.map((child) => inlineNode(child, me))}</em>;
    case 'strike':
      return <s>{token.children.map((child) => inlineNode(child, me))}</s>;
    case 'mention':
      return (
        <span class={token.handle === me || token.handle === 'all' ? 'mention mention-me' : 'mention'}>
          {token.text}
        </span>
      );
    case 'control':
      return <Control code={token.code} />;
    case 'link':
      return (
        <Fragment>
          <a href={token.href} target="_blank" rel="noopener noreferrer" dir="ltr">
            {token.text}
          </a>
          {token.host && <span class="true-host">{t().trueHost(token.host)}</span>}
        </Fragment>
      );
  }
}

function Control(props: { code: number }) {
  const sign = signOf(props.code);
  return (
    <span class="control" title={t().controlCharacter(sign)}>
      {sign}
    </span>
  );
}
