import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Me } from '../../app/client';
import { t } from '../../i18n/language';
import { Field } from '../elements/Field';
import { Seal } from '../elements/Seal';
import { say, tell } from '../elements/say';
import { client } from '../shell/session';
import { smallPicture } from './picture';

export function Profile() {
  const me = client().me.value;
  return me ? <ProfileForm me={me} /> : null;
}

function ProfileForm(props: { me: Me }) {
  const { me } = props;
  const name = useSignal(me.name);
  const hue = useSignal(me.hue);
  // Changed on another device meanwhile.
  useEffect(() => {
    name.value = me.name;
    hue.value = me.hue;
  }, [me.name, me.hue]);
  const words = t().settings;
  const changed = (name.value.trim() !== me.name && name.value.trim() !== '') || hue.value !== me.hue;
  const save = async () => {
    const outcome = await tell(client().setProfile(name.value.trim() || me.name, hue.value));
    if (outcome.ok) say(words.saved);
  };
  return (
    <>
      <div class="profile-head">
        <Seal person={{ ...me, name: name.value || me.name, hue: hue.value }} size="xl" />
        <Picture me={me} />
      </div>
      <p class="hint">
        @{me.handle} · {me.deviceName}
      </p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (changed) void save();
        }}
      >
        <Field
          label={words.name}
          value={name.value}
          onValue={(value) => {
            name.value = value;
          }}
          input={{ maxLength: 64, autocomplete: 'name' }}
        />
        <Colour
          hue={hue.value}
          onHue={(value) => {
            hue.value = value;
          }}
        />
        <button type="submit" class="button" disabled={!changed}>
          {t().save}
        </button>
      </form>
    </>
  );
}

// Twelve hues, thirty degrees apart: enough to tell friends from one another.
const hues = Array.from({ length: 12 }, (_, i) => i * 30 + 15);

function Colour(props: { hue: number; onHue: (hue: number) => void }) {
  const words = t().settings;
  return (
    <fieldset class="colours">
      <legend>{words.colour}</legend>
      <label class="choice">
        <input type="radio" name="hue" checked={props.hue === 0} onChange={() => props.onHue(0)} />
        {words.colourOwn}
      </label>
      <div class="colour-row">
        {hues.map((hue) => (
          <label class="colour" style={{ '--hue': hue }}>
            <input
              type="radio"
              name="hue"
              checked={props.hue === hue}
              aria-label={`${words.colour} ${hue}°`}
              onChange={() => props.onHue(hue)}
            />
            <span aria-hidden="true" />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Picture(props: { me: Me }) {
  const chooser = useRef<HTMLInputElement>(null);
  const words = t().settings;
  const choose = async (file: File | undefined) => {
    if (!file) return;
    const picture = await smallPicture(file);
    if (!picture) {
      say(words.pictureBad, { fault: true });
      return;
    }
    const outcome = await tell(client().setPicture(picture));
    if (outcome.ok) say(words.saved);
  };
  return (
    <div class="profile-picture">
      <input
        ref={chooser}
        type="file"
        accept="image/*"
        class="unseen"
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          void choose(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
      <div class="codes-ways">
        <button type="button" class="button" onClick={() => chooser.current!.click()}>
          {words.pictureChoose}
        </button>
        {props.me.pictureId !== '' && (
          <button type="button" class="link-button" onClick={() => void tell(client().setPicture(undefined))}>
            {words.pictureRemove}
          </button>
        )}
      </div>
      <p class="hint">{words.pictureExplain}</p>
    </div>
  );
}
