/** Which methods of an API: `GET /orders/*`, `ANY /admin/{proxy+}`, `!GET /health`. */
export interface Selector {
  /** `!`: these are left alone. */
  readonly excludes: boolean;
  /** A verb, or `ANY` for all but OPTIONS. */
  readonly httpMethod: string;
  /** A template of `lambda/config/route-template.ts`, in its one spelling. */
  readonly path: string;
}
