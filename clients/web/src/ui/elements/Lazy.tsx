// Parts that most visits do not need come when they are needed.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n/language';

/** Makes a component out of a part that is loaded at its first use. A failed load can be tried again. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function LazyPart(props: P) {
    const [part, setPart] = useState<{ component?: ComponentType<P>; failed?: boolean }>(
      loaded ? { component: loaded } : {},
    );
    const fetch = () => {
      load().then(
        (component) => {
          loaded = component;
          setPart({ component });
        },
        () => setPart({ failed: true }),
      );
    };
    useEffect(() => {
      if (!part.component) fetch();
    }, []);
    const Part = part.component;
    if (Part) return <Part {...props} />;
    if (!part.failed)
      return (
        <p class="lazy" role="status">
          {t().loading}
        </p>
      );
    return (
      <div class="lazy" role="alert">
        <p>{t().loadFailed}</p>
        <button
          type="button"
          class="button"
          onClick={() => {
            setPart({});
            fetch();
          }}
        >
          {t().again}
        </button>
      </div>
    );
  };
}
