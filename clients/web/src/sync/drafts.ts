// The composer's field against the draft that all devices share: compare-and-set, and nothing that was typed is dropped.
// Pure: `field` in, field out; what is to be asked of the daemon is `putOf`.

/** The draft as the daemon has it (register DRAFT), a removed one with an empty text. */
export interface ServerDraft {
  readonly rev: number;
  readonly text: string;
  readonly caret: number;
  readonly replyTo: number;
  readonly device: string;
  readonly at: number;
}

export interface Put {
  readonly baseRev: number;
  readonly text: string;
  readonly caret: number;
  readonly replyTo: number;
  readonly keepReplaced: boolean;
}

export interface Field {
  readonly text: string;
  readonly caret: number;
  readonly replyTo: number;
  /** What the field was written on. */
  readonly baseRev: number;
  readonly baseText: string;
  readonly baseReplyTo: number;
  /** Grows when the text was replaced from outside. */
  readonly version: number;
  readonly byDevice: string;
  readonly focused: boolean;
  readonly composing: boolean;
  /** It lost against the present draft and stands beside it: what it replaces then is to be kept. */
  readonly beside: boolean;
  /** A text of this field that the daemon keeps already, beside the draft. */
  readonly kept?: string;
  /** It was sent, and the draft of `baseRev` goes with the sending: it is not shown again. */
  readonly clearing?: boolean;
  /** Newest draft known of. */
  readonly server?: ServerDraft;
  /** On its way to the daemon. */
  readonly putting?: Put;
}

export const emptyField: Field = {
  text: '',
  caret: 0,
  replyTo: 0,
  baseRev: 0,
  baseText: '',
  baseReplyTo: 0,
  version: 0,
  byDevice: '',
  focused: false,
  composing: false,
  beside: false,
};

export const isChanged = (field: Field): boolean =>
  field.text !== field.baseText || field.replyTo !== field.baseReplyTo;

const isNewer = (field: Field): field is Field & { server: ServerDraft } =>
  field.server !== undefined && field.server.rev > field.baseRev;

export const typed = (field: Field, text: string, caret: number): Field => ({ ...field, text, caret, byDevice: '' });
export const replying = (field: Field, replyTo: number): Field => ({ ...field, replyTo });

/** The focus left, or a composition ended: what was held back may show now. */
export function settled(field: Field, part: { focused?: boolean; composing?: boolean }): Field {
  const next = { ...field, ...part };
  const left = !next.focused && !next.composing && !next.putting;
  // Nobody is at it any more, and its text is kept over there: the draft shows.
  if (left && next.beside && next.kept === next.text && next.server) return replacedBy(next, next.server);
  return adopted(next);
}

/** Another draft is there. A changed field stays as it is: its put will lose, and be kept. */
export function heard(field: Field, server: ServerDraft): Field {
  if (field.server && server.rev <= field.server.rev) return field;
  if (server.rev === field.baseRev && server.text !== field.baseText) return learned({ ...field, server }, server);
  const { clearing: _clearing, ...kept } = field;
  const next: Field = { ...(server.rev > field.baseRev ? kept : field), server };
  // Our own words came back (a repeat, or another tab): the field stands on them.
  if (server.text === next.text && server.replyTo === next.replyTo) return onServer(next);
  const { putting } = next;
  if (putting && server.text === putting.text && server.replyTo === putting.replyTo) return onServer(next);
  const shown = adopted(next);
  // What is typed here goes on from it (from nothing, where it was cleared): nothing is lost by standing on it.
  return shown === next && !putting && next.text.startsWith(server.text) ? onServer(next) : shown;
}

/** Which text the field stands beside was not known until now. */
function learned(field: Field, server: ServerDraft): Field {
  if (field.clearing) return field;
  if (!isChanged(field) && !field.composing && !field.putting) return replacedBy(field, server);
  return { ...field, baseText: server.text, baseReplyTo: server.replyTo };
}

/** The present draft is what the field is written on. Its text stays. */
function onServer(field: Field): Field {
  const { server } = field;
  if (!server || server.rev < field.baseRev) return field;
  return { ...field, baseRev: server.rev, baseText: server.text, baseReplyTo: server.replyTo, beside: false };
}

/** Takes the newer draft where nothing is lost by it. */
function adopted(field: Field): Field {
  if (!isNewer(field) || field.composing || field.putting || isChanged(field)) return field;
  return replacedBy(field, field.server);
}

function replacedBy(field: Field, server: ServerDraft): Field {
  return {
    ...field,
    text: server.text,
    caret: server.caret,
    replyTo: server.replyTo,
    baseRev: server.rev,
    baseText: server.text,
    baseReplyTo: server.replyTo,
    version: field.version + 1,
    byDevice: server.device,
    beside: false,
  };
}

/** What is to be saved now; undefined: nothing, or one is on its way. */
export function putOf(field: Field): Put | undefined {
  if (field.putting || !isChanged(field)) return undefined;
  const { baseRev, text, caret, replyTo } = field;
  return { baseRev, text, caret, replyTo, keepReplaced: field.beside };
}

export const putting = (field: Field, put: Put): Field => ({ ...field, putting: put });

/** No answer came: it is asked again, later. */
export const putLost = (field: Field): Field => {
  const { putting: _putting, ...rest } = field;
  return adopted(rest);
};

/** The answer. `won`: what was put is the draft of revision `rev`. Otherwise the daemon keeps it beside revision `rev`. */
export function putAnswered(field: Field, rev: number, won: boolean): Field {
  const { putting: put, clearing, ...kept } = field;
  if (!put) return field;
  const rest: Field = rev === field.baseRev && clearing ? { ...kept, clearing } : kept;
  // Something newer was heard before the answer.
  if (rev < rest.baseRev) return adopted(rest);
  if (won) {
    const saved = { ...rest, baseRev: rev, baseText: put.text, baseReplyTo: put.replyTo, beside: false };
    return adopted(saved);
  }
  // Nobody is at the field and nothing was typed since: the text is kept over there, and the draft may show.
  const idle = !rest.focused && !rest.composing && rest.text === put.text && rest.replyTo === put.replyTo;
  if (idle && rest.server && rest.server.rev >= rev) return replacedBy(rest, rest.server);
  if (idle) return { ...rest, baseText: put.text, baseReplyTo: put.replyTo };
  // Its text is kept as it was put; what is typed from here on stands beside the present draft.
  const server = rest.server && rest.server.rev >= rev ? rest.server : undefined;
  return {
    ...rest,
    baseRev: rev,
    baseText: server?.text ?? '',
    baseReplyTo: server?.replyTo ?? 0,
    beside: true,
    kept: put.text,
  };
}

/** Send.draft_rev: the draft that the text was written on, which goes with the sending; 0: it is another device's. The
 *  revision that an unanswered put will have is not guessed: it may lose, and that number be another device's draft, which
 *  would go. What a put saved that won is cleared by hand after its answer (putAnswered: an empty field is changed then). */
export const writtenOn = (field: Field): number => (field.beside ? 0 : field.baseRev);

/** It was sent: the field is empty. */
export function sent(field: Field, body: string): Field {
  // It stood beside another draft, which is there now as before.
  const stays = field.beside && !field.putting && field.server && !body.startsWith(field.server.text);
  if (stays && field.server) return replacedBy(field, field.server);
  return {
    ...field,
    text: '',
    caret: 0,
    replyTo: 0,
    baseText: '',
    baseReplyTo: 0,
    ...(field.beside ? {} : { clearing: true }),
    version: field.version + 1,
    beside: false,
  };
}

/** The daemon was put back, or everything is asked for anew: the field stands on nothing. */
export function estranged(field: Field): Field {
  const { server: _server, putting: _putting, clearing: _clearing, kept: _kept, ...rest } = field;
  return { ...rest, baseRev: 0, baseText: '', baseReplyTo: 0, beside: false };
}

/** Another text is put into the field on purpose. What was in it is the caller's to keep. */
export function filled(field: Field, text: string, replyTo: number): Field {
  return {
    ...field,
    text,
    caret: [...text].length,
    replyTo,
    version: field.version + 1,
    byDevice: '',
    beside: true,
  };
}

/** Takes the other device's draft. What was in the field is the caller's to keep. */
export const took = (field: Field): Field => {
  const { putting: _putting, ...rest } = field;
  return rest.server ? replacedBy(rest, rest.server) : field;
};

/** The draft of another device that a changed field does not show. */
export function otherOf(field: Field): ServerDraft | undefined {
  const { server } = field;
  if (!server || server.text === '' || !isChanged(field)) return undefined;
  const standsOnIt = server.rev <= field.baseRev && !field.beside;
  return standsOnIt || field.text.startsWith(server.text) ? undefined : server;
}
