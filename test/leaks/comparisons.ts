/**
 * Finds where source text compares something whose name says that it is secret: an operator, a `switch`, a method that
 * compares or looks up, all of which stop at the first difference or may. Comparisons with what stands in the source
 * (`=== undefined`, `=== ''`, `.length > 0`) tell nothing of a secret's bytes and are left out.
 */
import ts from 'typescript';

export interface Comparison {
  /** The text of it, its white space as one space. */
  readonly text: string;
  readonly line: number;
}

/** Names of values that are secret, or that a caller must not be helped to guess. */
const SECRET_NAME =
  /secret|signature|password|passphrase|private_?key|api_?key|hmac|digest|token$|^(?:jwt|mac|pem|keys|keyText|authorization|cookie|bearer)$/i;
/** Names that only sound so: where a secret lies, of what kind or how long it is, what is told about one. */
const NO_SECRET_NAME =
  /(?:Arn|Field|Id|Ids|Bytes|Seconds|Length|Size|Place|Types?|Names?|File|Source|Problems?|Count|Hash|Kind|Required|Limit)$|^(?:is|has|may|needs|can)[A-Z]/;

const EQUALITY = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);
const COMPARING =
  /^(?:equals|compare|localeCompare|includes|indexOf|lastIndexOf|startsWith|endsWith|is|search|match|deepEqual|isDeepStrictEqual)$/;
/** What is looked up by a name, among others; those say nothing of it. */
const LOOKING_UP = /^(?:get|has|delete)$/;

export function comparisonsIn(source: string, fileName = 'source.ts'): Comparison[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.ES2023, true);
  const aliases = aliasesIn(file);
  const isSecret = (node: ts.Node): boolean => mentionsSecret(node, aliases);
  const found: Comparison[] = [];
  const add = (node: ts.Node) =>
    found.push({
      text: node.getText(file).replaceAll(/\s+/g, ' '),
      line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1,
    });
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && EQUALITY.has(node.operatorToken.kind)) {
      const sides = [node.left, node.right];
      if (!sides.some(isKnown) && sides.some(isSecret)) add(node);
    }
    if (ts.isSwitchStatement(node) && isSecret(node.expression)) add(node.expression);
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      const isLookUp = LOOKING_UP.test(name.text);
      const sides = isLookUp ? node.arguments : [expression, ...node.arguments];
      // Of what stands in the source, `indexOf('.')` as much as `LIST.includes(x)` says nothing of the rest.
      const isTold = node.arguments.length > 0 && node.arguments.every(isKnown);
      if ((isLookUp || COMPARING.test(name.text)) && !isTold && sides.some(isSecret)) add(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** What stands in the source, or is not a text. */
function isKnown(node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node)) return isKnown(node.expression);
  if (ts.isIdentifier(node)) return node.text === 'undefined' || /^[A-Z][A-Z0-9_]*$/.test(node.text);
  if (ts.isPropertyAccessExpression(node))
    return /^(?:length|size|kind|type|byteLength)$/.test(node.name.text);
  return (
    ts.isLiteralExpression(node) ||
    ts.isTypeOfExpression(node) ||
    ts.isRegularExpressionLiteral(node) ||
    [ts.SyntaxKind.NullKeyword, ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword].includes(node.kind)
  );
}

/** Whether a secret's value is in it: not where only its length, its kind or a member of another name is. */
function mentionsSecret(node: ts.Node, aliases: ReadonlySet<string>): boolean {
  if (ts.isIdentifier(node)) return aliases.has(node.text) || isSecretName(node.text);
  if (ts.isPropertyAccessExpression(node)) return isSecretName(node.name.text);
  if (ts.isElementAccessExpression(node))
    return ts.isStringLiteralLike(node.argumentExpression)
      ? isSecretName(node.argumentExpression.text)
      : mentionsSecret(node.expression, aliases);
  if (ts.isTypeOfExpression(node) || ts.isFunctionLike(node)) return false;
  if (ts.isCallExpression(node))
    return [...node.arguments, ...receiverOf(node)].some((part) => mentionsSecret(part, aliases));
  return node.getChildren().some((child) => mentionsSecret(child, aliases));
}

/** `secret.slice(2)` is of a secret; `secrets.find(…)` and `keyOf(…)` are what they return. */
const receiverOf = ({ expression }: ts.CallExpression): ts.Node[] =>
  ts.isPropertyAccessExpression(expression) ? [expression.expression] : [];

const isSecretName = (name: string): boolean => SECRET_NAME.test(name) && !NO_SECRET_NAME.test(name);

/** Variables that are made of secrets under another name: `const given = credential.keySecret`, `{ keySecret: given }`. */
function aliasesIn(file: ts.SourceFile): ReadonlySet<string> {
  const aliases = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined) {
      const { initializer } = node;
      const isValue = !ts.isFunctionLike(initializer) && !ts.isNewExpression(initializer);
      if (isValue && isMadeOfSecret(initializer, aliases)) aliases.add(node.name.text);
    }
    if (ts.isBindingElement(node) && node.propertyName !== undefined && ts.isIdentifier(node.name)) {
      if (ts.isIdentifier(node.propertyName) && isSecretName(node.propertyName.text))
        aliases.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return aliases;
}

/** The secret itself, a part of it or what it is encoded as; not what a call makes of it. */
function isMadeOfSecret(node: ts.Expression, aliases: ReadonlySet<string>): boolean {
  if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))
    return mentionsSecret(node, aliases);
  if (ts.isTemplateExpression(node))
    return node.templateSpans.some(({ expression }) => isMadeOfSecret(expression, aliases));
  if (ts.isBinaryExpression(node))
    return isMadeOfSecret(node.left, aliases) || isMadeOfSecret(node.right, aliases);
  if (ts.isConditionalExpression(node))
    return isMadeOfSecret(node.whenTrue, aliases) || isMadeOfSecret(node.whenFalse, aliases);
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { name, expression } = node.expression;
    if (/^(?:slice|toString|trim|subarray|digest|export|replace|toLowerCase)$/.test(name.text))
      return name.text === 'digest' || isMadeOfSecret(expression, aliases);
    if (name.text === 'from' && expression.getText() === 'Buffer')
      return node.arguments.some((part) => isMadeOfSecret(part, aliases));
  }
  return false;
}
