/**
 * Whether a text is one of those that an IAM pattern stands for: `*` is any number of characters (`/` and
 * `:` included), `?` is exactly one, all else is itself.
 *
 * Patterns come from the function under test and texts from clients, so this must not take exponential time
 * as a regular expression may: only the last `*` is ever tried again, which makes it O(pattern × text).
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resumeAt = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resumeAt = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
