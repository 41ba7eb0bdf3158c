import { t } from '../../i18n/language';
import { client } from '../shell/session';

/** Why the page cannot work here, and what helps. */
export function Unusable(props: { why: 'not_secure' | 'no_store' | 'too_old' }) {
  const words = t().door;
  switch (props.why) {
    case 'no_store':
      return <Trouble title={words.noStoreTitle} why={words.noStoreWhy} />;
    case 'too_old':
      return <Trouble title={words.tooOldTitle} why={words.tooOldWhy} />;
    case 'not_secure':
      return (
        <>
          <Trouble title={words.notSecureTitle} why={words.notSecureWhy(location.origin)} />
          <h2 class="door-sub">{words.notSecureDo}</h2>
          <ul class="door-how">
            <li>
              {words.notSecureHttps}{' '}
              <a href={`https://${location.hostname}${location.hash}`}>{`https://${location.hostname}`}</a>
            </li>
            <li>{words.notSecureRun}</li>
            <li>{words.notSecureLocal}</li>
          </ul>
        </>
      );
  }
}

function Trouble(props: { title: string; why: string }) {
  return (
    <>
      <h1 class="door-title" tabIndex={-1}>
        {props.title}
      </h1>
      <p>{props.why}</p>
    </>
  );
}

export function Revoked() {
  const words = t().door;
  return (
    <>
      <Trouble title={words.revokedTitle} why={words.revokedWhy} />
      <button type="button" class="button" onClick={() => client().toDoor()}>
        {words.toDoor}
      </button>
    </>
  );
}
