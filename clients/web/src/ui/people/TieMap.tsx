import { hueOf, type Tie } from '../../app/client';
import { fullDate } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { nameOf } from '../elements/names';
import { Page } from '../elements/Page';
import { go } from '../shell/route';
import { client } from '../shell/session';
import { firstGrapheme } from '../text/emoji';
import { frameOf, spotsFor, threadTo, type Spot } from './map_layout';

/** A calm drawing of my own ties. Nobody else's are in it: I do not know them, and this page cannot ask. */
export function TieMap() {
  const words = t().people;
  const ties = client().ties.value.filter((tie) => tie.tie !== undefined && !tie.blocked);
  return (
    <Page title={words.map}>
      <p class="hint">{ties.length === 0 ? words.mapEmpty : words.mapExplain}</p>
      {ties.length > 0 && <Drawing ties={inOrder(ties)} />}
    </Page>
  );
}

function inOrder(ties: readonly Tie[]): readonly Tie[] {
  return [...ties].sort((a, b) => Number(b.isInviter) - Number(a.isInviter) || a.sinceMs - b.sinceMs);
}

const half = 21; // of a seal

function Drawing(props: { ties: readonly Tie[] }) {
  const { ties } = props;
  const me = client().me.value;
  const spots = spotsFor(ties.length);
  const { x, y, width, height } = frameOf(spots);
  // What the drawing says is said by the list below it, which can be read out and walked through.
  return (
    <>
      <svg class="map" viewBox={`${x} ${y} ${width} ${height}`} aria-hidden="true" focusable="false">
        {ties.map((tie, i) => (
          <path class={`map-thread map-${tie.tie} ${tie.isInviter ? 'map-inviter' : ''}`} d={threadTo(spots[i]!)} />
        ))}
        {ties.map((tie, i) => (
          <Node key={tie.handle} tie={tie} spot={spots[i]!} />
        ))}
        {me && (
          <g class="map-node map-me" style={{ '--hue': hueOf(me) }}>
            <rect x={-half - 4} y={-half - 4} width={half * 2 + 8} height={half * 2 + 8} rx="3" />
            <text class="map-letter" y="7">
              {t().people.mapMe}
            </text>
          </g>
        )}
      </svg>
      <ul class="map-list">
        {ties.map((tie) => (
          <li key={tie.handle}>
            <span class={`map-key map-key-${tie.isInviter ? 'inviter' : tie.tie}`} />
            <button type="button" onClick={() => open(tie)}>
              <bdi>{wordsFor(tie, nameOf(tie))}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function open(tie: Tie): void {
  if (tie.chat) go({ kind: 'chat', chat: tie.chat });
  else go({ kind: 'people' });
}

function Node(props: { tie: Tie; spot: Spot }) {
  const { tie, spot } = props;
  const name = nameOf(tie);
  const online = client().presence.value.get(tie.handle)?.state === 'active';
  return (
    <g
      class={`map-node map-node-${tie.tie} ${online ? 'map-online' : ''}`}
      transform={`translate(${spot.x} ${spot.y})`}
      style={{ '--hue': hueOf(tie) }}
      onClick={() => open(tie)}
    >
      <rect x={-half} y={-half} width={half * 2} height={half * 2} rx="3" />
      <text class="map-letter" y="7">
        {firstGrapheme(name.replace(/^@/, '')).toLocaleUpperCase()}
      </text>
      <text class="map-name" y={spot.y < 0 ? -half - 8 : half + 18}>
        {short(name)}
      </text>
    </g>
  );
}

function wordsFor(tie: Tie, name: string): string {
  const words = t().people;
  if (tie.isInviter && tie.tie === 'mutual') return words.mapInviter(name);
  switch (tie.tie) {
    case 'mutual':
      return words.mapTied(name, fullDate(tie.sinceMs));
    case 'ended':
      return words.mapEnded(name);
    default:
      return words.mapAsked(name);
  }
}

function short(name: string): string {
  const letters = Array.from(name);
  return letters.length > 12 ? `${letters.slice(0, 11).join('')}…` : name;
}
