import { type SecretBox } from '@kinora/service';
import { type Sealed } from '../../domain/sealed';

/** Sealed with the service's own key: any replica opens what another has sealed. */
export function createSealed<T>(
  box: SecretBox,
  purpose: string,
  lifeSeconds: number,
  now = () => Date.now(),
): Sealed<T> {
  return {
    lifeSeconds,
    seal: (value) => box.seal(JSON.stringify({ value, until: now() + lifeSeconds * 1_000 }), purpose),
    open(text) {
      try {
        const { value, until } = JSON.parse(box.open(text, purpose)) as { value: T; until: number };
        return until > now() ? value : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
