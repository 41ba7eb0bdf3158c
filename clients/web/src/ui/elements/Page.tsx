import type { ComponentChildren } from 'preact';
import { t } from '../../i18n/language';
import { back } from '../shell/route';
import '../../styles/people.css';
import { IconButton } from './IconButton';

/** A page beside the list (or over it, on a phone): a heading, and one column to read. */
export function Page(props: { title: string; children: ComponentChildren; tools?: ComponentChildren }) {
  return (
    <div class="page">
      <header class="page-head">
        <IconButton class="page-back" icon="back" label={t().back} onClick={back} />
        <h1 tabIndex={-1}>{props.title}</h1>
        {props.tools}
      </header>
      <div class="page-body" tabIndex={-1}>
        <div class="page-column">{props.children}</div>
      </div>
    </div>
  );
}
