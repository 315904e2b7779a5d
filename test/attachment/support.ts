import type { ControlPlane } from '../../lambda/attachment/control-plane.ts';
import { openControlPlane } from '../../lambda/attachment/open-control-plane.ts';
import type { Scene } from '../support/control-plane/scene.ts';

/** The engine's client of the scene's API; time passes when it waits. */
export const openPlane = ({ client, clock }: Pick<Scene, 'client' | 'clock'>): ControlPlane =>
  openControlPlane({ client, now: clock.now, sleep: async (ms) => clock.pass(ms), random: () => 1 });
