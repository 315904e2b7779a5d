/**
 * The properties of the custom resource that is an attachment: all text, since CloudFormation makes text of numbers and
 * booleans.
 */
export interface AttachmentProperties {
  /** Also in the wish; here it can be compared. */
  readonly RestApiId: string;
  /** A `Wish` without its owner, as JSON. */
  readonly Wish: string;
}
