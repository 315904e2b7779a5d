/** A key could not be reached, or what was reached is no usable key: ours, never the caller's fault. */
export class KeyUnavailable extends Error {
  override readonly name = 'KeyUnavailable';
}
