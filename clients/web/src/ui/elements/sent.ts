// How far a message of mine has come: a mark for the eye, a word for everybody.
import type { SentState } from '../../app/client';
import { t } from '../../i18n/language';
import type { IconName } from './Icon';

export function sentIcon(state: SentState): { icon: IconName; label: string } {
  const words = t().chat;
  switch (state) {
    case 'queued':
      return { icon: 'clock', label: words.queued };
    case 'sent':
      return { icon: 'sent', label: words.sent };
    case 'committed':
      return { icon: 'check', label: words.committed };
    case 'delivered':
      return { icon: 'delivered', label: words.delivered };
    case 'read':
      return { icon: 'read', label: words.read };
    case 'rejected':
      return { icon: 'warning', label: words.rejected.replace(/[:：]$/, '') };
  }
}
